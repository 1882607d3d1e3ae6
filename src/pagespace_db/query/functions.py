"""Functions and calculations: aggregates, text, case, coalesce, arithmetic.

An aggregate over no rows is NULL, so sum_, avg, min_ and max_ read as Optional; count does not.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final, Generic, TypeVar, overload

from pagespace_db.query.columns import ColumnBase
from pagespace_db.query.expressions import Expr, Key, NonNull, Operand, Value, Values_, check_condition, lift
from pagespace_db.query.params import Param, cast_param, param

T = TypeVar("T")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

_BIGINT: Final = param("bigint")
_TEXT: Final = param("text")

# sum(bigint) is numeric to PostgreSQL; the static type of a sum of ints is int, so it is cast back.
_INTEGERS: Final = frozenset({"smallint", "integer", "bigint"})


def count(e: Operand[Any] | None = None) -> Expr[int, int]:
    """Return the number of rows, or of those where `e` is not NULL."""
    if e is None:
        return Expr(("count",), (), _BIGINT)
    return Expr(("agg", "count", e._key), e._values, _BIGINT)


def count_distinct(e: Operand[Any]) -> Expr[int, int]:
    """Return the number of different values of `e` that are not NULL."""
    return Expr(("agg", "count", ("distinct", e._key)), e._values, _BIGINT)


def sum_(e: Expr[T, R]) -> Expr[T, R | None]:
    """Return the sum; None over no rows. A sum of integers is a bigint, and an error beyond its range."""
    key: Key = ("agg", "sum", e._key)
    if e._param.pg_type in _INTEGERS:
        return Expr(("cast", key, "bigint"), e._values, _BIGINT)
    return Expr(key, e._values, e._param)


def avg(e: Expr[T, R]) -> Expr[Decimal, Decimal | None]:
    """Return the mean as numeric; None over no rows."""
    return Expr(("cast", ("agg", "avg", e._key), "numeric"), e._values, param("numeric"))


def min_(e: Expr[T, R]) -> Expr[T, R | None]:
    """Return the least value; None over no rows."""
    return Expr(("agg", "min", e._key), e._values, e._param)


def max_(e: Expr[T, R]) -> Expr[T, R | None]:
    """Return the greatest value; None over no rows."""
    return Expr(("agg", "max", e._key), e._values, e._param)


def lower(e: Expr[str, R]) -> Expr[str, R]:
    """Return the text in lower case."""
    return Expr(("func", "lower", e._key), e._values, _TEXT)


def upper(e: Expr[str, R]) -> Expr[str, R]:
    """Return the text in upper case."""
    return Expr(("func", "upper", e._key), e._values, _TEXT)


def length(e: Expr[str, R]) -> Expr[int, int | None]:
    """Return the number of characters; None of NULL."""
    return Expr(("func", "length", e._key), e._values, param("integer"))


def add(a: Expr[T, R], b: Value[T]) -> Expr[T, R]:
    """Return `a + b`."""
    return _calculate("+", a, b)


def subtract(a: Expr[T, R], b: Value[T]) -> Expr[T, R]:
    """Return `a - b`."""
    return _calculate("-", a, b)


def multiply(a: Expr[T, R], b: Value[T]) -> Expr[T, R]:
    """Return `a * b`."""
    return _calculate("*", a, b)


def _calculate(operator: str, a: Expr[T, R], b: object) -> Expr[T, R]:
    key, values = lift(b, a._param)
    return Expr(("op", operator, a._key, key), a._values + values, a._own_param)


def coalesce(e: Operand[T], default: NonNull[T]) -> Expr[T, T]:
    """Return `e`, or `default` where `e` is NULL."""
    key, values = lift(default, _standing_alone(e._param))
    return Expr(("coalesce", e._key, key), e._values + values, e._param)


def json_text(e: Operand[Any], *path: str | int) -> Expr[str, str | None]:
    """Return the text found at `path` of a json or jsonb value; None when there is nothing, or JSON null."""
    return Expr(("op", "#>>", e._key, param("text[]")), (*e._values, [str(step) for step in path]), _TEXT)


def cast(e: Expr[Any, R], column: ColumnBase[T, Any]) -> Expr[T, T | None]:
    """Return `e` cast to the type of `column`."""
    return Expr(("cast", e._key, column._pg_type), e._values, column._param)


@overload
def case(condition: Operand[bool], value: Expr[T, R]) -> CaseWhen[T, R]: ...
@overload
def case(condition: Operand[bool], value: T) -> CaseWhen[T, T]: ...
def case(condition: Operand[bool], value: object) -> CaseWhen[Any, Any]:
    """Begin `CASE WHEN condition THEN value`; go on with .when(), end with .else_() or .end()."""
    return CaseWhen[Any, Any]((), (), _param_beside(value)).when(condition, value)


class CaseWhen(Generic[T, R_co]):
    """A CASE of Ts that waits for more branches, or its end; R is what its branches so far read as."""

    __slots__ = ("_beside", "_branches", "_values")

    def __init__(self, branches: tuple[Key, ...], values: Values_, beside: Param) -> None:
        self._branches = branches
        self._values = values
        self._beside = beside

    @overload
    def when(self, condition: Operand[bool], value: NonNull[T]) -> CaseWhen[T, R_co]: ...
    @overload
    def when(self, condition: Operand[bool], value: Operand[T]) -> CaseWhen[T, R_co | None]: ...
    def when(self, condition: Operand[bool], value: object) -> CaseWhen[T, Any]:
        """Add a branch; the first whose condition is true decides."""
        key, values = lift(value, _standing_alone(self._beside))
        branch = (check_condition(condition)._key, key)
        return CaseWhen((*self._branches, branch), self._values + condition._values + values, self._beside)

    @overload
    def else_(self, value: NonNull[T]) -> Expr[T, R_co]: ...
    @overload
    def else_(self, value: Operand[T]) -> Expr[T, R_co | None]: ...
    def else_(self, value: object) -> Expr[T, Any]:
        """Return the whole expression, which is `value` when no branch applies."""
        key, values = lift(value, _standing_alone(self._beside))
        return Expr(("case", self._branches, key), self._values + values, self._beside)

    def end(self) -> Expr[T, R_co | None]:
        """Return the whole expression, which is NULL when no branch applies."""
        return Expr(("case", self._branches, None), self._values, self._beside)


def _param_beside(value: object) -> Param:
    return value._param if isinstance(value, Operand) else param(None)


def _standing_alone(beside: Param) -> Param:
    """Return the param with a cast: as a result of CASE, a value is all that tells the server its type."""
    return cast_param(beside.pg_type) if beside.pg_type else beside


def excluded(column: ColumnBase[T, R]) -> Expr[T, R]:
    """Return, in the update of an upsert, the value that the insert proposed for `column`."""
    return Expr(("excluded", column), (), column._param)
