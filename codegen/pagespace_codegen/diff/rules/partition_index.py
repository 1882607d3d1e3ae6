"""Indexes and constraints of partitions that their table's make: they come and go with these, and have a name.

An index that not every partition has is made ON ONLY the table, and those of partitions are attached to it by name.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pagespace_codegen.diff.inventory.model import Inventory, Key, Object
from pagespace_codegen.diff.rules.base import Alteration, Rule, Scene, Statement, statements
from pagespace_codegen.diff.rules.names import relation_claim
from pagespace_codegen.diff.rules.options import storage_changes


def partitions_with_key(key: Object, inventory: Inventory) -> Collection[Key]:
    """Return the attachment of a table whose own key is a partition of an index above."""
    if key.parent is None or not any(
        part.facts.flag("is_own_key") and part.facts["name"] == key.facts["name"]
        for part in inventory.parts(key.parent, "partition index")
    ):
        return ()
    return [attachment.key for attachment in inventory.parts(key.parent, "attachment")]


class PartitionIndexRule(Rule):
    """RENAME and SET, as soon as the server has made one, and chosen a name and storage parameters."""

    is_passive = True

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return nothing, as the index of the table makes it: unless that is one which not every partition has."""
        facts = item.facts
        if not facts.flag("is_attached_by_name"):
            return ()
        name, table = facts.text("name"), str(item.parent and item.parent.name)
        unique = "UNIQUE " if facts.flag("is_unique") else ""
        only = "" if facts.flag("is_valid") else "ONLY "  # some partition of the partition has none
        return statements(
            f"ALTER TABLE {only}{table} ADD CONSTRAINT {name} {facts.text('definition')}"
            if facts.flag("is_constraint")
            else f"CREATE {unique}INDEX {name} ON {only}{table} {facts.text('definition')}",
            f"ALTER INDEX {facts.text('above')} ATTACH PARTITION {facts.text('schema')}.{name}",
        )

    def drop(self, item: Object, scene: Scene) -> tuple[Statement, ...]:
        """Return nothing: it goes with the index of the table, or stays with the partition that is detached."""
        return ()

    def holders(self, item: Object, inventory: Inventory) -> Collection[Key]:
        """Return the partition itself when its index is that of a key of its own: neither can be dropped alone then."""
        return partitions_with_key(item, inventory) if item.facts.flag("is_own_key") else ()

    def is_same(self, old: Object, new: Object) -> bool:
        """Tell whether names and storage parameters are equal."""
        return old.facts["name"] == new.facts["name"] and _options(old) == _options(new)

    def claims(self, item: Object) -> frozenset[str]:
        """Return its name among relations."""
        return frozenset({relation_claim(item.facts.text("schema"), item.facts.text("name"))})

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return RENAME, and what changes storage parameters."""
        before, after = old.facts.text("name"), new.facts.text("name")
        index = f"ALTER INDEX {old.facts.text('schema')}"
        rename = (
            f"ALTER {old.target} RENAME CONSTRAINT {before} TO {after}"
            if old.facts.flag("is_constraint")
            else f"{index}.{before} RENAME TO {after}"
        )
        changes = storage_changes(_options(old), _options(new))
        return Alteration(
            statements=statements(
                rename if before != after else None, *(f"{index}.{after} {change}" for change in changes)
            )
        )


def _options(item: Object) -> tuple[str, ...]:
    """Return storage parameters; what holds no rows of its own has none."""
    return item.facts.texts("options") if item.facts.get("options") else ()
