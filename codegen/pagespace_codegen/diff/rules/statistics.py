"""Statistics objects."""

from __future__ import annotations

from collections.abc import Sequence

from pagespace_codegen.diff.inventory.model import Object
from pagespace_codegen.diff.rules.base import Alteration, Rule, Scene, Statement, statements


class StatisticsRule(Rule):
    """CREATE STATISTICS."""

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return CREATE STATISTICS and its target."""
        return statements(
            item.facts.text("definition"), None if item.facts.number("target") is None else self._set_target(item)
        )

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return SET STATISTICS."""
        if old.facts["definition"] != new.facts["definition"]:
            return None
        return Alteration(statements=statements(self._set_target(new)))

    def _set_target(self, item: Object) -> str:
        target = item.facts.number("target")
        return f"ALTER {item.target} SET STATISTICS {-1 if target is None else target}"
