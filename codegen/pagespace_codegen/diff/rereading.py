"""Expressions that mean the same and read differently: two inventories are compared after equal numbers of readings.

Some expressions change when what the server printed is given to it again (`IN` over varchar is one). What a second
reading makes of them is asked of the server, which has a price: so only where nothing but such text differs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from pagespace_codegen.diff.inventory.model import Inventory, Key, Object
from pagespace_codegen.diff.rules import RULES
from pagespace_codegen.diff.scratch.session import Session
from pagespace_codegen.diff.sides import settle

MakeSession = Callable[[], AbstractContextManager[Session]]

# Facts that are expressions as the server deparses them, or hold some.
_EXPRESSIONS: Final = (
    "bound", "check", "core", "default", "definition", "expression", "expressions", "generated", "partition_key",
    "query", "suffix", "using",
)  # fmt: skip
# A second reading moves casts and parentheses, and the sign of a number into quotes; it leaves these alone.
_MENTIONED: Final = frozenset({"column", "function", "materialized view", "sequence", "table", "view"})
_MORE_READINGS: Final = 3
_CONSTANT: Final = re.compile(r"'((?:[^']|'')*)'|(?<![\w$\"])([\d.]+)")


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A side as it was read, and as the server reads it back after it was written out once."""

    inventory: Inventory
    make_session: MakeSession

    @cached_property
    def reread(self) -> Inventory:
        """The inventory of a database that was made from this one by our own statements."""
        with self.make_session() as session:
            return settle(session, self.inventory).state

    @cached_property
    def settled(self) -> Inventory:
        """What further readings lead to: comparisons of rows inside of rows are taken apart one level at a time."""
        state = self.reread
        for _ in range(_MORE_READINGS):
            with self.make_session() as session:
                following = settle(session, state).state
            if all(is_same(key, state, following) for key in state.by_key):
                break
            state = following
        return state


def reconcile(old: Reference, new: Reference) -> Inventory:
    """Return the new inventory, in which objects that mean the same as in the old one read the same too."""
    same = {
        key: replace(new.inventory.by_key[key], facts=old.inventory.by_key[key].facts)
        for key in old.inventory.by_key.keys() & new.inventory.by_key.keys()
        if not is_same(key, old.inventory, new.inventory) and means_the_same(key, old, new)
    }
    return new.inventory.replacing(same) if same else new.inventory


def means_the_same(key: Key, one: Reference, other: Reference) -> bool:
    """Tell whether some readings of an object on both sides are equal; no more of them are made than it takes."""
    if not _may_read_alike(key, one.inventory, other.inventory):
        return False
    return any(is_same(key, *pair) for pair in _readings(key, one, other))


def _readings(key: Key, one: Reference, other: Reference) -> Iterator[tuple[Inventory, Inventory]]:
    yield one.inventory, other.inventory
    yield one.inventory, other.reread
    yield one.reread, other.reread
    yield one.reread, other.inventory
    if not all(is_same(key, side.inventory, side.reread) for side in (one, other)):
        yield one.settled, other.settled


def is_same(key: Key, one: Inventory, other: Inventory) -> bool:
    """Tell whether an object is on both sides, and equal."""
    first, second = one.by_key.get(key), other.by_key.get(key)
    return first is not None and second is not None and RULES[key.kind].is_same(first, second)


def _may_read_alike(key: Key, one: Inventory, other: Inventory) -> bool:
    """Tell whether two forms of an object differ in expressions alone, which speak of the same things and constants."""
    first, second = one.by_key.get(key), other.by_key.get(key)
    if first is None or second is None:
        return False
    texts = {name: second.facts[name] for name in _EXPRESSIONS if name in second.facts}
    with_same_text = replace(first, facts=first.facts.but(**texts))
    return RULES[key.kind].is_same(with_same_text, second) and _speaks_of(first, one) == _speaks_of(second, other)


def _speaks_of(item: Object, inventory: Inventory) -> tuple[frozenset[Key], frozenset[str]]:
    """Return the things and the constants that the expressions of an object name."""
    texts = (str(item.facts[name]) for name in _EXPRESSIONS if name in item.facts)
    constants = (constant for text in texts for match in _CONSTANT.finditer(text) for constant in match.groups(""))
    return (
        frozenset(need for need in inventory.needs.get(item.key, ()) if need.kind in _MENTIONED),
        frozenset(constant.lstrip("-+ ") for constant in constants),
    )
