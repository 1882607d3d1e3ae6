"""Aggregates: made again when anything differs."""

from __future__ import annotations

from pagespace_codegen.diff.inventory.model import Object
from pagespace_codegen.diff.rules.base import Rule


class AggregateRule(Rule):
    """CREATE AGGREGATE."""

    def claims(self, item: Object) -> frozenset[str]:
        """Return its signature among routines."""
        return frozenset({f"routine {item.facts.text('signature')}"})
