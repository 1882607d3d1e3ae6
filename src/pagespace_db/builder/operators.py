"""Conditions and ordering: eq, and_, in_array and their kin.

Each builds a key and nothing else; how it is written in SQL is the business of `render`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, Literal, Never, TypeVar, overload

from pagespace_db.builder.expressions import (
    Cond,
    Expr,
    Key,
    Operand,
    Order,
    Value,
    Values,
    check_condition,
    lift,
    parts_of,
)
from pagespace_db.builder.select import Select
from pagespace_db.errors import StatementError

T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
R = TypeVar("R")

Nulls = Literal["first", "last"]


def compare(operator: str, a: Operand[Any], b: object) -> Cond:
    """Return the condition `a operator b`, where a plain value `b` is bound as `a` is."""
    key, values = lift(b, a._param)
    return Cond(("op", operator, a._key, key), a._values + values)


def eq(a: Operand[T], b: Value[T]) -> Cond:
    """Return `a = b`."""
    return compare("=", a, b)


def ne(a: Operand[T], b: Value[T]) -> Cond:
    """Return `a <> b`; rows where `a` is NULL are not found (see is_distinct_from)."""
    return compare("<>", a, b)


def gt(a: Operand[T], b: Value[T]) -> Cond:
    """Return `a > b`."""
    return compare(">", a, b)


def gte(a: Operand[T], b: Value[T]) -> Cond:
    """Return `a >= b`."""
    return compare(">=", a, b)


def lt(a: Operand[T], b: Value[T]) -> Cond:
    """Return `a < b`."""
    return compare("<", a, b)


def lte(a: Operand[T], b: Value[T]) -> Cond:
    """Return `a <= b`."""
    return compare("<=", a, b)


def between(a: Operand[T], low: Value[T], high: Value[T]) -> Cond:
    """Return `a BETWEEN low AND high`, both ends included."""
    return _between(False, a, low, high)


def not_between(a: Operand[T], low: Value[T], high: Value[T]) -> Cond:
    """Return `a NOT BETWEEN low AND high`."""
    return _between(True, a, low, high)


def _between(negated: bool, a: Operand[Any], low: object, high: object) -> Cond:
    low_key, low_values = lift(low, a._param)
    high_key, high_values = lift(high, a._param)
    return Cond(("between", negated, a._key, low_key, high_key), a._values + low_values + high_values)


def is_null(a: Operand[Any]) -> Cond:
    """Return `a IS NULL`."""
    return Cond(("is", "NULL", a._key), a._values)


def is_not_null(a: Operand[Any]) -> Cond:
    """Return `a IS NOT NULL`."""
    return Cond(("is", "NOT NULL", a._key), a._values)


def is_true(a: Operand[bool]) -> Cond:
    """Return `a IS TRUE`: never NULL itself."""
    return Cond(("is", "TRUE", a._key), a._values)


def is_not_true(a: Operand[bool]) -> Cond:
    """Return `a IS NOT TRUE`: true also where `a` is NULL."""
    return Cond(("is", "NOT TRUE", a._key), a._values)


def is_distinct_from(a: Operand[T], b: Value[T] | None) -> Cond:
    """Return `a IS DISTINCT FROM b`: unequal, where NULL is a value like any other. Takes None."""
    return _distinct("IS DISTINCT FROM", a, b)


def is_not_distinct_from(a: Operand[T], b: Value[T] | None) -> Cond:
    """Return `a IS NOT DISTINCT FROM b`: equal, where NULL equals NULL. Takes None."""
    return _distinct("IS NOT DISTINCT FROM", a, b)


def _distinct(operator: str, a: Operand[Any], b: object) -> Cond:
    # None stays a parameter, so that the shape does not depend on the value.
    key, values = (a._param.alone(), (None,)) if b is None else lift(b, a._param.alone())
    return Cond(("op", operator, a._key, key), a._values + values)


def eq_or_null(a: Operand[T], b: T | None) -> Cond:
    """Return `a = b`, or `a IS NULL` when `b` is None."""
    return is_null(a) if b is None else compare("=", a, b)


@overload
def in_array(a: Operand[T], values: tuple[T, ...]) -> Cond: ...
@overload
def in_array(a: Operand[T], values: Values[T] | Select[T] | Callable[[Never], T]) -> Cond: ...
def in_array(a: Operand[Any], values: Values[Any] | Select[Any] | Callable[[Never], Any]) -> Cond:
    """Return `a = ANY(values)`: a list of any length is one array parameter; an empty one matches nothing."""
    return _any(a, values, negated=False)


@overload
def not_in_array(a: Operand[T], values: tuple[T, ...]) -> Cond: ...
@overload
def not_in_array(a: Operand[T], values: Values[T] | Select[T] | Callable[[Never], T]) -> Cond: ...
def not_in_array(a: Operand[Any], values: Values[Any] | Select[Any] | Callable[[Never], Any]) -> Cond:
    """Return `a <> ALL(values)`: an empty list matches every row; rows where `a` is NULL match no other list."""
    return _any(a, values, negated=True)


def _any(a: Operand[Any], values: object, *, negated: bool) -> Cond:
    if isinstance(values, Select):
        return Cond(("in", negated, a._key, values._key), a._values + values._values)
    place = a._param.array()
    listed: Any = place.lift(values)
    return Cond(("any", negated, a._key, place), (*a._values, _without_none(listed)))


@overload
def in_rows(columns: tuple[Operand[A], Operand[B]], rows: Collection[tuple[A, B]]) -> Cond: ...
@overload
def in_rows(columns: tuple[Operand[A], Operand[B], Operand[C]], rows: Collection[tuple[A, B, C]]) -> Cond: ...
@overload
def in_rows(columns: tuple[Operand[A], Operand[B]], rows: Select[tuple[A, B]]) -> Cond: ...
@overload
def in_rows(columns: tuple[Operand[A], Operand[B], Operand[C]], rows: Select[tuple[A, B, C]]) -> Cond: ...
def in_rows(columns: tuple[Operand[Any], ...], rows: Collection[tuple[Any, ...]] | Select[Any]) -> Cond:
    """Return `(a, b) IN (rows)`: a list of any length is one array for each column; an empty one matches nothing."""
    keys = tuple([column._key for column in columns])
    values = tuple([value for column in columns for value in column._values])
    if isinstance(rows, Select):
        return Cond(("in", False, ("row", *keys), rows._key), values + rows._values)
    if any(len(row) != len(columns) for row in rows):
        raise StatementError(f"rows to compare with {len(columns)} columns have as many values each")
    places = tuple([column._param.array() for column in columns])
    lists = zip(*rows, strict=True) if rows else [()] * len(columns)
    arrays = tuple([place.lift(_without_none(each)) for place, each in zip(places, lists, strict=True)])
    return Cond(("in_arrays", keys, places), values + arrays)


def _without_none(values: Sequence[object]) -> Sequence[object]:
    if None in values:
        raise StatementError(
            "a list to compare with has None in it, which equals nothing", help="leave None out, and add is_null(x)"
        )
    return values


def exists(query: Select[Any]) -> Cond:
    """Return `EXISTS (query)`."""
    return Cond(("exists", query._key), query._values)


def not_exists(query: Select[Any]) -> Cond:
    """Return `NOT EXISTS (query)`."""
    return Cond(("not", ("exists", query._key)), query._values)


@overload
def and_(first: Operand[bool], /, *rest: Operand[bool] | None) -> Cond: ...
@overload
def and_(*conditions: Operand[bool] | None) -> Cond | None: ...
def and_(*conditions: Operand[bool] | None) -> Cond | None:
    """Return all of `conditions` together; None among them is left out, and None alone is no condition at all."""
    return _join("and", conditions)


@overload
def or_(first: Operand[bool], /, *rest: Operand[bool] | None) -> Cond: ...
@overload
def or_(*conditions: Operand[bool] | None) -> Cond | None: ...
def or_(*conditions: Operand[bool] | None) -> Cond | None:
    """Return any of `conditions`; None among them is left out, and None alone is no condition at all."""
    return _join("or", conditions)


def not_(condition: Operand[bool]) -> Cond:
    """Return `NOT condition`; NULL stays NULL."""
    return Cond(("not", check_condition(condition)._key), condition._values)


def _join(connective: str, conditions: tuple[Operand[bool] | None, ...]) -> Cond | None:
    present = [check_condition(condition) for condition in conditions if condition is not None]
    if not present:
        return None
    keys: list[Key] = [condition._key for condition in present]
    values = tuple([value for condition in present for value in condition._values])
    if len(keys) == 1:
        return Cond(keys[0], values)
    # What is joined one at a time becomes one list, so that many conditions are no deeper than a few.
    flat: list[Key] = []
    for key in keys:
        tag, *parts = parts_of(key) or (None,)
        flat += parts if tag == connective else [key]
    return Cond((connective, *flat), values)


def asc(a: Expr[T, R], *, nulls: Nulls | None = None) -> Order[R]:
    """Return `a ASC`; NULLs come last unless `nulls` says otherwise."""
    return Order(("order", a._key, "ASC", nulls), a._values, a._param)


def desc(a: Expr[T, R], *, nulls: Nulls | None = None) -> Order[R]:
    """Return `a DESC`; NULLs come first unless `nulls` says otherwise."""
    return Order(("order", a._key, "DESC", nulls), a._values, a._param)
