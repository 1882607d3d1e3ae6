"""Partitions and INHERITS: the place of a table below another one."""

from __future__ import annotations

from collections.abc import Sequence

from pagespace_codegen.diff.inventory.model import Object
from pagespace_codegen.diff.rules.base import Rule, Scene, Statement, statements


class AttachmentRule(Rule):
    """ATTACH and DETACH, INHERIT and NO INHERIT. Other bounds are another attachment."""

    folds_into = ("table",)

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return ATTACH PARTITION or INHERIT."""
        table, of, bound = str(item.parent and item.parent.name), item.facts.text("of"), item.facts.optional("bound")
        if bound is None:
            return statements(f"ALTER TABLE {table} INHERIT {of}")
        return statements(f"ALTER TABLE {of} ATTACH PARTITION {table} {bound}")

    def drop(self, item: Object, scene: Scene) -> tuple[Statement, ...]:
        """Return DETACH PARTITION or NO INHERIT."""
        table, of = str(item.parent and item.parent.name), item.facts.text("of")
        if item.facts.optional("bound") is None:
            return statements(f"ALTER TABLE {table} NO INHERIT {of}")
        return statements(f"ALTER TABLE {of} DETACH PARTITION {table}")

    def claims(self, item: Object) -> frozenset[str]:
        """Return a place among the partitions of the table: what is detached goes before what is attached."""
        return frozenset({f"partition of {item.facts.text('of')}"} if item.facts.optional("bound") else ())
