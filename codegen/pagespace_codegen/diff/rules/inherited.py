"""What is above and below a table, and what it has from there: the inventory lists that where it comes from alone."""

from __future__ import annotations

from collections.abc import Iterator

from pagespace_codegen.diff.hazards import Hazard, HazardKind
from pagespace_codegen.diff.inventory.model import Inventory, Key, Object
from pagespace_codegen.diff.rules.base import Scene


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


def keys_of_wholes(table: Key, inventory: Inventory) -> Iterator[Object]:
    """Yield the foreign keys that a partition has from its table, and from the table of that."""
    for attachment in inventory.parts(table, "attachment"):
        if attachment.facts.optional("bound") is not None:
            whole = Key("table", attachment.facts.text("of"))
            yield from inventory.parts(whole, "foreign key")
            yield from keys_of_wholes(whole, inventory)


def is_key_of_wholes(key: Object, inventory: Inventory) -> bool:
    """Tell whether the table of a foreign key has one like it from above there, whatever its name is."""
    above = () if key.parent is None else keys_of_wholes(key.parent, inventory)
    return any(key.facts["definition"] == other.facts["definition"] for other in above)


def is_same_check(one: Object, other: Object) -> bool:
    """Tell whether two checks are equal, wherever they are."""
    return all(one.facts[name] == other.facts[name] for name in ("name", "definition"))


def new_partition_hazards(table: str, scene: Scene) -> tuple[Hazard, ...]:
    """Return what a new partition of `table` costs: its default partition is searched for rows that belong there."""
    return tuple(
        Hazard(HazardKind.SCANS_TABLE, str(item.parent and item.parent.name), "its rows may belong in a new partition")
        for item in scene.old.objects
        if item.kind == "attachment" and item.facts.optional("bound") == "DEFAULT" and item.facts["of"] == table
        if item.key not in scene.dropped
    )
