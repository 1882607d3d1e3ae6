"""Schemas."""

from __future__ import annotations

from collections.abc import Sequence

from pagespace_codegen.diff.inventory.model import Object
from pagespace_codegen.diff.rules.base import Rule, Scene, Statement, statements


class SchemaRule(Rule):
    """CREATE SCHEMA; there is nothing to alter."""

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return CREATE SCHEMA."""
        return statements(f"CREATE {item.target}")
