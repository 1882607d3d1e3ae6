"""The proof of a plan: it is run on the old database, and what is there then must equal the new one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cached_property

from pagespace_codegen.diff.inventory.model import Facts, Inventory, Key
from pagespace_codegen.diff.rules import RULES
from pagespace_codegen.diff.session import Session
from pagespace_codegen.diff.sides import settle
from pagespace_db.errors import DiffError

MakeSession = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True)
class Difference:
    """An object that is not as it should be.

    Attributes:
        key: The object.
        actual: What there is; None when it is missing.
        expected: What there should be; None when it should not be.
    """

    key: Key
    actual: Facts | None
    expected: Facts | None

    def __str__(self) -> str:
        if self.actual is None or self.expected is None:
            return f"{self.key}: {'is missing' if self.actual is None else 'should not be there'}"
        names = [name for name in self.expected if self.actual.get(name) != self.expected[name]]
        return "\n".join(
            [f"{self.key}:"]
            + [f"  {name} is {self.actual.get(name)!r}, should be {self.expected[name]!r}" for name in names]
        )


def differences(actual: Inventory, expected: Inventory) -> tuple[Difference, ...]:
    """Return what is missing, left over, or different."""
    found: list[Difference] = []
    for key in dict.fromkeys((*expected.by_key, *actual.by_key)):
        have, want = actual.by_key.get(key), expected.by_key.get(key)
        if have is None or want is None or not RULES[key.kind].is_same(have, want) or have.parent != want.parent:
            found.append(Difference(key, None if have is None else have.facts, None if want is None else want.facts))
    return tuple(found)


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A side as it was read, and as the server reads it back after it was written out once.

    Some expressions change when what the server printed is given to it again (`IN` over varchar is one); so both forms
    mean the same, and two sides are only compared after equal numbers of readings.
    """

    inventory: Inventory
    make_session: MakeSession

    @cached_property
    def reread(self) -> Inventory:
        """The inventory of a database that was made from this one by our own statements."""
        with self.make_session() as session:
            settle(session, self.inventory)
            return session.inventory()


def reconcile(old: Reference, new: Reference) -> Inventory:
    """Return the new inventory, in which objects that mean the same as in the old one read the same too."""
    suspects = [
        difference.key
        for difference in differences(old.inventory, new.inventory)
        if difference.actual is not None and difference.expected is not None
    ]
    if not suspects:
        return new.inventory
    same = {
        key: replace(new.inventory.by_key[key], facts=old.inventory.by_key[key].facts)
        for key in suspects
        if _is_same(key, old.reread, new.reread)
    }
    return new.inventory.replacing(same) if same else new.inventory


def check_proof(actual: Inventory, new: Reference, *, before: Inventory, dropped: AbstractSet[Key]) -> None:
    """Refuse a plan that led from `before` to something else than `new`.

    Errors: DiffError with what is not as it should be, or for a table that lost its rows although it should stay.
    """
    residue = differences(actual, new.inventory)
    if residue:
        residue = unexplained(residue, actual, [new])
    if residue:
        raise DiffError(
            "the plan does not lead to the new schema:\n" + "\n".join(map(str, residue)),
            help="nothing was written; this is a mistake of the diff: please report the two schemas",
        )
    oids = {item.key: item.address.oid for item in actual.objects if item.kind == "table"}
    replaced = [
        item.key
        for item in before.objects
        if item.kind == "table" and item.key not in dropped and oids.get(item.key, item.address.oid) != item.address.oid
    ]
    if replaced:
        raise DiffError(f"the plan makes tables anew that should keep their rows: {', '.join(map(str, replaced))}")


def unexplained(
    residue: Iterable[Difference], actual: Inventory, references: Sequence[Reference]
) -> tuple[Difference, ...]:
    """Return the differences that are not just another reading of the same expression."""
    there = Reference(inventory=actual, make_session=references[0].make_session)

    def is_explained(key: Key) -> bool:
        return any(
            _is_same(key, actual, reference.reread) or _is_same(key, there.reread, reference.reread)
            for reference in references
        )

    return tuple(
        difference
        for difference in residue
        if difference.actual is None or difference.expected is None or not is_explained(difference.key)
    )


def _is_same(key: Key, one: Inventory, other: Inventory) -> bool:
    first, second = one.by_key.get(key), other.by_key.get(key)
    return first is not None and second is not None and RULES[key.kind].is_same(first, second)
