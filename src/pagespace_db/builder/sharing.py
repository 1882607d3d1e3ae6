"""Expressions that a statement repeats, as GROUP BY repeats what is selected.

Repeated, the values of an expression would be other parameters, and so to the server another expression: it would not
find the expression of GROUP BY in the select list. What a statement holds already, with the same values, is therefore
named again, together with the parameters that it has there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pagespace_db.builder.expressions import Key, Values_, parts_of
from pagespace_db.builder.params import Param

_EXPRESSIONS: Final = frozenset(
    {
        "agg", "and", "any", "any_element", "between", "case", "cast", "choice", "claimed", "coalesce", "element",
        "func", "is", "not", "op", "opt", "or", "over", "sql", "total", "within",
    }
)  # fmt: skip
"""The keys that are expressions; others are parts of them, and never stand alone."""


_QUERIES: Final = frozenset({"array_of", "exists", "in", "scalar"})
"""Expressions that hold a query, which stays whole: the distances inside it count all of its values."""


def count_params(key: Key) -> int:
    """Return the number of values that a key has places for."""
    if isinstance(key, Param):
        return 1
    parts = parts_of(key)
    return 0 if parts[:1] == ("again",) else sum(count_params(part) for part in parts)


def shared(key: Key, values: Values_, held: Key, held_values: Values_) -> tuple[Key, Values_]:
    """Return the key and values of an expression that follows `held`, without what `held` binds already.

    `("again", key, distance)` is an expression whose values begin so many places before those that follow it.
    """
    return _shared(key, values, list(_valued_parts(held, 0)), held_values)


def _shared(key: Key, values: Values_, held: list[tuple[Key, int]], before: Values_) -> tuple[Key, Values_]:
    parts = parts_of(key)
    if not values or not parts or parts[0] in _QUERIES:
        return key, values
    for part, start in held if parts[0] in _EXPRESSIONS else ():
        if part == key and _are_same(before[start : start + len(values)], values):
            return ("again", key, len(before) - start), ()
    kept: list[Key] = []
    bound: Values_ = ()
    start = 0
    for part in parts:
        end = start + count_params(part)
        kept_part, part_values = _shared(part, values[start:end], held, before + bound)
        kept.append(kept_part)
        bound += part_values
        start = end
    return tuple(kept), bound


def _are_same(a: Values_, b: Values_) -> bool:
    return all(type(x) is type(y) and x == y for x, y in zip(a, b, strict=True))


def _valued_parts(key: Key, start: int) -> Iterator[tuple[Key, int]]:
    """Yield each part of a key that binds values, with the index of its first one."""
    if not count_params(key):
        return
    yield key, start
    for part in parts_of(key):
        yield from _valued_parts(part, start)
        start += count_params(part)
