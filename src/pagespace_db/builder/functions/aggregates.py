"""Aggregates: one value of many rows, with FILTER, DISTINCT and ORDER BY, also over a window.

An aggregate over no rows is NULL, so all of them read as Optional; only count does not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final, Generic, TypeVar

from pagespace_db.builder.expressions import Expr, Key, Operand, Order, Values_, check_condition
from pagespace_db.builder.functions.windows import Windowed
from pagespace_db.builder.params import Param, cast_param, param

T = TypeVar("T")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

_BIGINT: Final = param("bigint")
_BOOLEAN: Final = param("boolean")
_DOUBLE: Final = cast_param("double precision")
_JSONB: Final = param("jsonb")
_NUMERIC: Final = param("numeric")
_TEXT: Final = param("text")

# sum(bigint) is numeric to PostgreSQL; the static type of a sum of ints is int, so it is cast back.
_INTEGERS: Final = frozenset({"smallint", "integer", "bigint"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """The parts of an aggregate call.

    Attributes:
        function: The name of the function.
        arguments: Their keys; no argument is `*`.
        values: The values of the arguments.
        is_distinct: Equal arguments count once.
        order_by: The order in which the arguments are taken.
        filters: Conditions on the rows that count.
        cast: The type that the result is cast to, or None.
        is_total: The result is not NULL, even over no rows.
    """

    function: str
    arguments: tuple[Key, ...]
    values: Values_ = ()
    is_distinct: bool = False
    order_by: tuple[Order[Any] | Expr[Any, Any], ...] = ()
    filters: tuple[Operand[bool], ...] = ()
    cast: str | None = None
    is_total: bool = False


class Aggregate(Expr[T, R_co], Windowed[T, R_co], Generic[T, R_co]):
    """A value made of many rows."""

    __slots__ = ("_parts",)

    def __init__(self, parts: Call, beside: Param) -> None:
        order_by = tuple([term._key for term in parts.order_by])
        filters = tuple([condition._key for condition in parts.filters])
        key: Key = ("agg", parts.function, parts.arguments, parts.is_distinct, order_by, filters)
        values = parts.values
        for node in (*parts.order_by, *parts.filters):
            values += node._values
        if not parts.is_total:
            key = ("opt", key if parts.cast is None else ("cast", key, parts.cast))
        super().__init__(key, values, beside)
        self._parts = parts

    def distinct(self) -> Aggregate[T, R_co]:
        """Return the aggregate over the different values alone."""
        return Aggregate(replace(self._parts, is_distinct=True), self._param)

    def order_by(self, *terms: Order[Any] | Expr[Any, Any]) -> Aggregate[T, R_co]:
        """Return the aggregate that takes the values in the order of `terms`."""
        return Aggregate(replace(self._parts, order_by=self._parts.order_by + terms), self._param)

    def filter(self, *conditions: Operand[bool] | None) -> Aggregate[T, R_co]:
        """Return the aggregate over those rows alone where all of `conditions` hold; None is left out."""
        present = tuple([check_condition(condition) for condition in conditions if condition is not None])
        return Aggregate(replace(self._parts, filters=self._parts.filters + present), self._param)

    def _call(self) -> tuple[Key, Values_, Param]:
        return self._key, self._values, self._param


def _aggregate(
    function: str, e: Operand[Any], beside: Param, *, cast: str | None = None, is_total: bool = False
) -> Aggregate[Any, Any]:
    parts = Call(function=function, arguments=(e._key,), values=e._values, cast=cast, is_total=is_total)
    return Aggregate(parts, beside)


_COUNT_ALL: Final[Aggregate[int, int]] = Aggregate(Call(function="count", arguments=(), is_total=True), _BIGINT)


def count(e: Operand[Any] | None = None) -> Aggregate[int, int]:
    """Return the number of rows, or of those where `e` is not NULL."""
    return _COUNT_ALL if e is None else _aggregate("count", e, _BIGINT, is_total=True)


def count_distinct(e: Operand[Any]) -> Aggregate[int, int]:
    """Return the number of different values of `e` that are not NULL."""
    return count(e).distinct()


def sum_(e: Expr[T, R]) -> Aggregate[T, R | None]:
    """Return the sum; None over no rows. A sum of integers is a bigint, and an error beyond its range."""
    if e._param.pg_type in _INTEGERS:
        return _aggregate("sum", e, _BIGINT, cast="bigint")
    return _aggregate("sum", e, e._param)


def avg(e: Expr[T, R]) -> Aggregate[Decimal, Decimal | None]:
    """Return the mean as numeric; None over no rows."""
    return _aggregate("avg", e, _NUMERIC, cast="numeric")


def stddev(e: Expr[T, R]) -> Aggregate[Decimal, Decimal | None]:
    """Return the standard deviation of a sample as numeric; None of fewer than two rows."""
    return _aggregate("stddev", e, _NUMERIC, cast="numeric")


def variance(e: Expr[T, R]) -> Aggregate[Decimal, Decimal | None]:
    """Return the variance of a sample as numeric; None of fewer than two rows."""
    return _aggregate("variance", e, _NUMERIC, cast="numeric")


def min_(e: Expr[T, R]) -> Aggregate[T, R | None]:
    """Return the least value; None over no rows."""
    return _aggregate("min", e, e._param)


def max_(e: Expr[T, R]) -> Aggregate[T, R | None]:
    """Return the greatest value; None over no rows."""
    return _aggregate("max", e, e._param)


def bool_and(e: Operand[bool]) -> Aggregate[bool, bool | None]:
    """Tell whether `e` is true in all rows; None over no rows."""
    return _aggregate("bool_and", e, _BOOLEAN)


def bool_or(e: Operand[bool]) -> Aggregate[bool, bool | None]:
    """Tell whether `e` is true in any row; None over no rows."""
    return _aggregate("bool_or", e, _BOOLEAN)


def array_agg(e: Expr[T, R]) -> Aggregate[list[T], list[R] | None]:
    """Return the values as an array, those that are NULL among them; None over no rows."""
    return _aggregate("array_agg", e, e._param.array())


def string_agg(e: Expr[str, R], separator: str) -> Aggregate[str, str | None]:
    """Return the texts that are not NULL, with `separator` between them; None over no rows."""
    call = Call(function="string_agg", arguments=(e._key, _TEXT), values=(*e._values, separator))
    return Aggregate(call, _TEXT)


def json_agg(e: Operand[Any]) -> Aggregate[list[object], list[object] | None]:
    """Return the values as a jsonb array; None over no rows."""
    return _aggregate("jsonb_agg", e, _JSONB)


def percentile(e: Expr[T, R], fraction: float) -> Expr[float, float | None]:
    """Return the value below which `fraction` of the values lie, between two of them if need be; None over no rows."""
    key = ("within", "percentile_cont", _DOUBLE, e._key)
    return Expr(("opt", ("cast", key, "double precision")), (fraction, *e._values), param("double precision"))


def grouping(*expressions: Expr[Any, Any]) -> Expr[int, int]:
    """Return a number whose bits say which of `expressions` the row's grouping set leaves out (manual, 9.21)."""
    values = tuple([value for expression in expressions for value in expression._values])
    return Expr(("grouping", *[expression._key for expression in expressions]), values, param("integer"))
