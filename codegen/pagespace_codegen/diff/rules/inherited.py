"""What is above and below a table, and the checks that it has from there: the inventory lists these there alone."""

from __future__ import annotations

from collections.abc import Iterator

from pagespace_codegen.diff.inventory.model import Inventory, Key, Object


def partitions(table: Key, inventory: Inventory) -> Iterator[Key]:
    """Yield the partitions of a table, and those of its partitions."""
    for dependent in sorted(inventory.dependents.get(table, ())):
        attachment = inventory.by_key[dependent]
        if dependent.kind == "attachment" and attachment.parent is not None and attachment.parent != table:
            yield attachment.parent
            yield from partitions(attachment.parent, inventory)


def inheritable_checks(table: Key, inventory: Inventory) -> Iterator[Object]:
    """Yield the checks that children of a table must have: its own, and those of its parents."""
    for part in inventory.parts(table, "constraint"):
        if part.facts.text("type") == "c" and " NO INHERIT" not in part.facts.text("definition")[-25:]:
            yield part
    yield from checks_of_parents(table, inventory)


def checks_of_parents(table: Key, inventory: Inventory) -> Iterator[Object]:
    """Yield the checks that a table has from its parents."""
    for attachment in inventory.parts(table, "attachment"):
        yield from inheritable_checks(Key("table", attachment.facts.text("of")), inventory)


def is_same_check(one: Object, other: Object) -> bool:
    """Tell whether two checks are equal, wherever they are."""
    return all(one.facts[name] == other.facts[name] for name in ("name", "definition"))
