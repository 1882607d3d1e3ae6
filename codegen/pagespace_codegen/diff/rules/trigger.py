"""Triggers, rewrite rules and event triggers: made again when they differ, as nothing hangs on them but a comment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pagespace_codegen.diff.inventory.model import Object
from pagespace_codegen.diff.rules.base import Alteration, Rule, Scene, Statement, statements

_ENABLING: Final = {"O": "ENABLE", "D": "DISABLE", "R": "ENABLE REPLICA", "A": "ENABLE ALWAYS"}


class TriggerRule(Rule):
    """CREATE TRIGGER, and ALTER TABLE ... ENABLE."""

    word = "TRIGGER"

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return CREATE TRIGGER, and how it is enabled when that is out of the ordinary."""
        enabled = None if item.facts.text("enabled") == "O" else self._enable(item)
        return statements(item.facts.text("definition"), enabled)

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return ENABLE or DISABLE."""
        if old.facts["definition"] != new.facts["definition"]:
            return None
        return Alteration(statements=statements(self._enable(new)))

    def _enable(self, item: Object) -> str:
        how = _ENABLING[item.facts.text("enabled")]
        return f"ALTER TABLE {item.facts.text('table')} {how} {self.word} {item.facts.text('name')}"


class PartitionTriggerRule(TriggerRule):
    """ENABLE and DISABLE of what a partition has from its table; it comes and goes with the table's."""

    is_passive = True

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return nothing: the trigger of the table makes it."""
        return ()

    def drop(self, item: Object, scene: Scene) -> tuple[Statement, ...]:
        """Return nothing: it goes with the trigger of the table."""
        return ()

    def is_same(self, old: Object, new: Object) -> bool:
        """Tell whether both are enabled alike."""
        return old.facts["enabled"] == new.facts["enabled"]

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return ENABLE or DISABLE."""
        return Alteration(statements=statements(self._enable(new)))


class RewriteRule(TriggerRule):
    """CREATE RULE, and ALTER TABLE ... ENABLE."""

    word = "RULE"


class EventTriggerRule(Rule):
    """CREATE EVENT TRIGGER."""

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return CREATE EVENT TRIGGER, and how it is enabled."""
        enabled = None if item.facts.text("enabled") == "O" else self._enable(item)
        return statements(f"CREATE {item.target} {item.facts.text('definition')}", enabled)

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return ENABLE or DISABLE."""
        if old.facts["definition"] != new.facts["definition"]:
            return None
        return Alteration(statements=statements(self._enable(new)))

    def _enable(self, item: Object) -> str:
        return f"ALTER {item.target} {_ENABLING[item.facts.text('enabled')]}"
