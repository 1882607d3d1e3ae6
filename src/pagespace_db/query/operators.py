"""Conditions and ordering: eq, and_, in_array and their kin.

Each builds a key and nothing else; how it is written in SQL is the business of `render`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal, Never, TypeVar, overload

from pagespace_db.query.expressions import (
    Cond,
    Expr,
    Node,
    Operand,
    Order,
    Value,
    Values,
    Values_,
    check_condition,
    lift,
)
from pagespace_db.query.params import array_param, cast_param, param
from pagespace_db.query.select import Select

T = TypeVar("T")
R = TypeVar("R")
ArrayT = TypeVar("ArrayT", bound=list[Any])

Nulls = Literal["first", "last"]

_TEXT: Final = param("text")


def _compare(operator: str, a: Operand[Any], b: object) -> Cond:
    if isinstance(b, Node):
        return Cond(("op", operator, a._key, b._key), a._values + b._values)
    key, values = lift(b, a._param)
    return Cond(("op", operator, a._key, key), a._values + values)


def eq(a: Operand[T], b: Value[T]) -> Cond:
    """Return `a = b`."""
    return _compare("=", a, b)


def ne(a: Operand[T], b: Value[T]) -> Cond:
    """Return `a <> b`; rows where `a` is NULL are not found (see is_distinct_from)."""
    return _compare("<>", a, b)


def gt(a: Operand[T], b: Value[T]) -> Cond:
    """Return `a > b`."""
    return _compare(">", a, b)


def gte(a: Operand[T], b: Value[T]) -> Cond:
    """Return `a >= b`."""
    return _compare(">=", a, b)


def lt(a: Operand[T], b: Value[T]) -> Cond:
    """Return `a < b`."""
    return _compare("<", a, b)


def lte(a: Operand[T], b: Value[T]) -> Cond:
    """Return `a <= b`."""
    return _compare("<=", a, b)


def between(a: Operand[T], low: Value[T], high: Value[T]) -> Cond:
    """Return `a BETWEEN low AND high`, both ends included."""
    low_key, low_values = lift(low, a._param)
    high_key, high_values = lift(high, a._param)
    return Cond(("between", a._key, low_key, high_key), a._values + low_values + high_values)


def is_null(a: Operand[Any]) -> Cond:
    """Return `a IS NULL`."""
    return Cond(("is", "NULL", a._key), a._values)


def is_not_null(a: Operand[Any]) -> Cond:
    """Return `a IS NOT NULL`."""
    return Cond(("is", "NOT NULL", a._key), a._values)


def is_distinct_from(a: Operand[T], b: Value[T] | None) -> Cond:
    """Return `a IS DISTINCT FROM b`: unequal, where NULL is a value like any other. Takes None."""
    return _distinct("IS DISTINCT FROM", a, b)


def is_not_distinct_from(a: Operand[T], b: Value[T] | None) -> Cond:
    """Return `a IS NOT DISTINCT FROM b`: equal, where NULL equals NULL. Takes None."""
    return _distinct("IS NOT DISTINCT FROM", a, b)


def _distinct(operator: str, a: Operand[Any], b: object) -> Cond:
    # None stays a parameter, so that the shape does not depend on the value.
    if b is None:
        place = cast_param(a._param.pg_type) if a._param.pg_type else a._param
        return Cond(("op", operator, a._key, place), (*a._values, None))
    return _compare(operator, a, b)


def eq_or_null(a: Operand[T], b: T | None) -> Cond:
    """Return `a = b`, or `a IS NULL` when `b` is None."""
    return is_null(a) if b is None else _compare("=", a, b)


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
    place = array_param(a._param.pg_type)
    return Cond(("any", negated, a._key, place), (*a._values, place.lift(values)))


def like(a: Operand[str], pattern: Value[str]) -> Cond:
    """Return `a LIKE pattern`: `%` and `_` in the pattern are wildcards (see contains for plain text)."""
    return _compare("LIKE", a, pattern)


def ilike(a: Operand[str], pattern: Value[str]) -> Cond:
    """Return `a ILIKE pattern`: like(), without regard to case."""
    return _compare("ILIKE", a, pattern)


def contains(a: Operand[str], text: str) -> Cond:
    """Tell whether `text` occurs in `a`; every character stands for itself."""
    return _compare("LIKE", a, f"%{_escape_like(text)}%")


def starts_with(a: Operand[str], text: str) -> Cond:
    """Tell whether `a` begins with `text`; every character stands for itself."""
    return _compare("LIKE", a, f"{_escape_like(text)}%")


def ends_with(a: Operand[str], text: str) -> Cond:
    """Tell whether `a` ends with `text`; every character stands for itself."""
    return _compare("LIKE", a, f"%{_escape_like(text)}")


def _escape_like(text: str) -> str:
    # The backslash is LIKE's escape unless an ESCAPE clause says otherwise (manual, 9.7.1).
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def matches(a: Operand[Any], web_query: str, *, config: str = "simple") -> Cond:
    """Tell whether the tsvector `a` matches what a person typed (`websearch_to_tsquery`: words, "phrases", or, -not).

    `config` is the text search configuration that `a` was made with.
    """
    values = (config, web_query)
    key = ("func", "websearch_to_tsquery", cast_param("regconfig"), _TEXT)
    return Cond(("op", "@@", a._key, key), a._values + values)


def array_contains(a: Operand[list[T]], values: Values[T]) -> Cond:
    """Return `a @> values`: every one of `values` is an element of the array `a`."""
    return _array("@>", a, values)


def array_contained(a: Operand[list[T]], values: Values[T]) -> Cond:
    """Return `a <@ values`: every element of the array `a` is one of `values`."""
    return _array("<@", a, values)


def array_overlaps(a: Operand[list[T]], values: Values[T]) -> Cond:
    """Return `a && values`: the array `a` and `values` have an element in common."""
    return _array("&&", a, values)


def _array(operator: str, a: Operand[Any], values: object) -> Cond:
    return Cond(("op", operator, a._key, a._param), (*a._values, a._param.lift(values)))


def exists(query: Select[Any]) -> Cond:
    """Return `EXISTS (query)`."""
    return Cond(("exists", query._key), query._values)


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
    return Cond(("not", condition._key), condition._values)


def _join(connective: str, conditions: tuple[Operand[bool] | None, ...]) -> Cond | None:
    present = [check_condition(condition) for condition in conditions if condition is not None]
    if not present:
        return None
    values: Values_ = ()
    for condition in present:
        values += condition._values
    if len(present) == 1:
        return Cond(present[0]._key, values)
    return Cond((connective, *[condition._key for condition in present]), values)


def asc(a: Expr[T, R], *, nulls: Nulls | None = None) -> Order:
    """Return `a ASC`; NULLs come last unless `nulls` says otherwise."""
    return Order(("order", a._key, "ASC", nulls), a._values)


def desc(a: Expr[T, R], *, nulls: Nulls | None = None) -> Order:
    """Return `a DESC`; NULLs come first unless `nulls` says otherwise."""
    return Order(("order", a._key, "DESC", nulls), a._values)
