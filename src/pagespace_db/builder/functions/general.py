"""What chooses and converts: coalesce, case, cast, nullif, greatest, least."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Never, TypeVar, overload

from pagespace_db.builder.columns import ColumnBase
from pagespace_db.builder.expressions import (
    Expr,
    Key,
    NonNull,
    Operand,
    Value,
    Values_,
    check_condition,
    lift,
    lift_alone,
)
from pagespace_db.builder.params import Param, param, param_of_value, type_of_class
from pagespace_db.errors import StatementError

S = TypeVar("S")
T = TypeVar("T")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


def coalesce(e: Operand[T], default: NonNull[T]) -> Expr[T, T]:
    """Return `e`, or `default` where `e` is NULL."""
    key, values = lift_alone(default, e._param)
    return Expr(("coalesce", e._key, key), e._values + values, e._param)


def not_null(e: Operand[T]) -> Expr[T, T]:
    """Return `e` as an expression that is never NULL, because its author knows so: by a where(is_not_null(e)), say.

    Nothing checks it: a NULL would be read as None after all.
    """
    return Expr(("claimed", e._key), e._values, e._param)


def nullif(e: Expr[T, R], value: Value[T]) -> Expr[T, R | None]:
    """Return `e`, or NULL where it equals `value`."""
    key, values = lift(value, e._param)
    return Expr(("opt", ("func", "nullif", e._key, key)), e._values + values, e._param)


def greatest(first: Expr[T, R], *others: Value[T]) -> Expr[T, R]:
    """Return the greatest of the values; NULL does not count, and is left only when there is nothing else."""
    return _extreme("greatest", first, others)


def least(first: Expr[T, R], *others: Value[T]) -> Expr[T, R]:
    """Return the least of the values; NULL does not count, and is left only when there is nothing else."""
    return _extreme("least", first, others)


def _extreme(function: str, first: Expr[T, R], others: tuple[object, ...]) -> Expr[T, R]:
    lifted = [lift_alone(other, first._param) for other in others]
    values = first._values + tuple([value for _, other_values in lifted for value in other_values])
    return Expr(("choice", function, first._key, *[key for key, _ in lifted]), values, first._param)


def constant(value: T) -> Expr[T, T]:
    """Return a value as an expression, bound as a parameter of the type that its class has in PostgreSQL.

    Errors: StatementError when the class has no one type there: see constant_of().
    """
    place = param_of_value(value)
    return Expr(place, (place.lift(value),), place)


def constant_of(column: ColumnBase[T, Any], value: T | Callable[[Never], T]) -> Expr[T, T]:
    """Return a value as an expression of the type of `column`, bound as a parameter."""
    place = column._param.alone()
    return Expr(place, (place.lift(value),), place)


@overload
def cast(e: Expr[S, S], target: type[T] | ColumnBase[T, Any]) -> Expr[T, T]: ...
@overload
def cast(e: Operand[Any], target: type[T] | ColumnBase[T, Any]) -> Expr[T, T | None]: ...
def cast(e: Operand[Any], target: type[Any] | ColumnBase[Any, Any]) -> Expr[Any, Any]:
    """Return `e` cast to the type of a column, or to that of a Python class: `cast(e, int)` is a bigint.

    Errors: StatementError when the class has no one type of PostgreSQL.
    """
    place = target._param if isinstance(target, ColumnBase) else param(type_of_class(target))
    if place.pg_type is None:
        raise StatementError(f"{target!r} has no PostgreSQL type of its own", help="name a column of the type")
    return Expr(("cast", e._key, place.pg_type), e._values, place)


@overload
def case(condition: Operand[bool], value: Expr[T, R]) -> CaseWhen[T, R]: ...
@overload
def case(condition: Operand[bool], value: T) -> CaseWhen[T, T]: ...
def case(condition: Operand[bool], value: object) -> CaseWhen[Any, Any]:
    """Begin `CASE WHEN condition THEN value`; go on with .when(), end with .else_() or .end()."""
    return CaseWhen[Any, Any]((), (), _param_of(value)).when(condition, value)


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
        key, values = lift_alone(value, self._beside)
        branch = (check_condition(condition)._key, key)
        return CaseWhen((*self._branches, branch), self._values + condition._values + values, self._beside)

    @overload
    def else_(self, value: NonNull[T]) -> Expr[T, R_co]: ...
    @overload
    def else_(self, value: Operand[T]) -> Expr[T, R_co | None]: ...
    def else_(self, value: object) -> Expr[T, Any]:
        """Return the whole expression, which is `value` when no branch applies."""
        key, values = lift_alone(value, self._beside)
        return Expr(("case", self._branches, key), self._values + values, self._beside)

    def end(self) -> Expr[T, R_co | None]:
        """Return the whole expression, which is NULL when no branch applies."""
        return Expr(("opt", ("case", self._branches, None)), self._values, self._beside)


def _param_of(value: object) -> Param:
    return value._param if isinstance(value, Operand) else param(param_of_value(value).pg_type)
