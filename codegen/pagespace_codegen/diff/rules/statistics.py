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

    def is_same(self, old: Object, new: Object) -> bool:
        """Tell whether they are equal; the server lists columns in the order in which the table has them."""
        return old.facts.without("definition") == new.facts.without("definition")

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return SET STATISTICS."""
        if any(old.facts[name] != new.facts[name] for name in ("kinds", "columns", "expressions")):
            return None
        return Alteration(statements=statements(self._set_target(new)))

    def _set_target(self, item: Object) -> str:
        target = item.facts.number("target")
        return f"ALTER {item.target} SET STATISTICS {-1 if target is None else target}"
