"""Foreign data wrappers, servers and user mappings: options change in place."""

from __future__ import annotations

from collections.abc import Sequence

from pagespace_codegen.diff.inventory.model import Object
from pagespace_codegen.diff.rules.base import Alteration, Rule, Scene, Statement, statements
from pagespace_codegen.diff.rules.options import generic_changes, generic_options


class ForeignDataRule(Rule):
    """CREATE ... OPTIONS and ALTER ... OPTIONS."""

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return CREATE with the options."""
        definition = f" {item.facts.text('definition')}" if item.facts.text("definition") else ""
        return statements(f"CREATE {item.target}{definition}{generic_options(item.facts.table('options'))}")

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return ALTER ... OPTIONS."""
        if old.facts["definition"] != new.facts["definition"]:
            return None
        change = generic_changes(old.facts.table("options"), new.facts.table("options"))
        return Alteration(statements=statements(f"ALTER {new.target} {change}" if change else None))
