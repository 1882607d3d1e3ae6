"""The proof of a plan: it is run on the old database, and what is there then must equal the new one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from pagespace_codegen.diff.inventory.model import Facts, Inventory, Key
from pagespace_codegen.diff.rereading import Reference, means_the_same
from pagespace_codegen.diff.rules import RULES
from pagespace_db.errors import DiffError


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
    return tuple(
        difference
        for difference in residue
        if not any(means_the_same(difference.key, there, reference) for reference in references)
    )
