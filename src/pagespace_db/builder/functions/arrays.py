"""Arrays: conditions and functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeVar

from pagespace_db.builder.expressions import Cond, Expr, Operand, Value, Values, lift, lift_alone
from pagespace_db.builder.params import Param, cast_param, param

T = TypeVar("T")
R = TypeVar("R")
S = TypeVar("S")

_INTEGER: Final = cast_param("integer")


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
    key, bound = lift(values, a._param)
    return Cond(("op", operator, a._key, key), a._values + bound)


def array_has(a: Operand[list[T]], value: Value[T]) -> Cond:
    """Return `value = ANY(a)`: whether `value` is an element of the array `a`."""
    key, bound = lift(value, element_param(a._param))
    # The value comes first in the text, and so in the key.
    return Cond(("any_element", key, a._key), bound + a._values)


def array_length(a: Operand[list[T]]) -> Expr[int, int | None]:
    """Return the number of elements; None of NULL."""
    return Expr(("opt", ("func", "cardinality", a._key)), a._values, param("integer"))


def array_get(a: Expr[list[T], Sequence[S] | None], number: int) -> Expr[T, S | None]:
    """Return the element with that number, from 1; None when there is none."""
    return Expr(("opt", ("element", a._key, _INTEGER)), (*a._values, number), element_param(a._param))


def array_append(a: Expr[list[T], R], value: Value[T]) -> Expr[list[T], list[T]]:
    """Return the array with `value` at its end; of NULL, that value alone."""
    key, bound = lift_alone(value, element_param(a._param))
    return Expr(("total", "array_append", a._key, key), a._values + bound, a._param)


def array_remove(a: Expr[list[T], R], value: Value[T]) -> Expr[list[T], R]:
    """Return the array without the elements that equal `value`."""
    key, bound = lift_alone(value, element_param(a._param))
    return Expr(("func", "array_remove", a._key, key), a._values + bound, a._param)


def array_concat(a: Expr[list[T], R], b: Operand[list[T]] | Values[T]) -> Expr[list[T], R]:
    """Return `a || b`: the elements of `a`, if it is not NULL, then those of `b`."""
    key, bound = lift(b, a._param)
    return Expr(("op", "||", a._key, key), a._values + bound, a._param)


def unnest(a: Operand[list[T]]) -> Expr[T, T]:
    """Return the elements of the array, a row for each."""
    return Expr(("total", "unnest", a._key), a._values, element_param(a._param))


def generate_series(start: Value[int], stop: Value[int], step: int = 1) -> Expr[int, int]:
    """Return the whole numbers from `start` to `stop`, both included, a row for each."""
    place = cast_param("bigint")
    lifted = [lift(value, place) for value in (start, stop, step)]
    values = tuple([value for _, bound in lifted for value in bound])
    return Expr(("total", "generate_series", *[key for key, _ in lifted]), values, param("bigint"))


def element_param(array: Param) -> Param:
    """Return how a value is bound beside an element of an array."""
    codec = array.codec and array.codec.element
    return param(array.pg_type.removesuffix("[]"), codec) if array.pg_type else param(None)
