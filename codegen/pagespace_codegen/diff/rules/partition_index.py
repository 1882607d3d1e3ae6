"""Indexes and constraints of partitions that their table's make: they come and go with these, and only have a name."""

from __future__ import annotations

from collections.abc import Sequence

from pagespace_codegen.diff.inventory.model import Object
from pagespace_codegen.diff.rules.base import Alteration, Rule, Scene, Statement, statements
from pagespace_codegen.diff.rules.names import relation_claim


class PartitionIndexRule(Rule):
    """RENAME, as soon as the server has made one and chosen a name."""

    is_passive = True

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return nothing: the index of the table makes it."""
        return ()

    def drop(self, item: Object, scene: Scene) -> tuple[Statement, ...]:
        """Return nothing: it goes with the index of the table, or stays with the partition that is detached."""
        return ()

    def is_same(self, old: Object, new: Object) -> bool:
        """Tell whether the names are equal."""
        return old.facts["name"] == new.facts["name"]

    def claims(self, item: Object) -> frozenset[str]:
        """Return its name among relations."""
        return frozenset({relation_claim(item.facts.text("schema"), item.facts.text("name"))})

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return RENAME."""
        before, after = old.facts.text("name"), new.facts.text("name")
        if old.facts.flag("is_constraint"):
            return Alteration(statements=statements(f"ALTER {old.target} RENAME CONSTRAINT {before} TO {after}"))
        return Alteration(statements=statements(f"ALTER INDEX {old.facts.text('schema')}.{before} RENAME TO {after}"))
