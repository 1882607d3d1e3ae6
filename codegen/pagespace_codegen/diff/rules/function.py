"""Functions and procedures."""

from __future__ import annotations

from collections.abc import Sequence

from pagespace_codegen.diff.inventory.model import Object
from pagespace_codegen.diff.rules.base import Alteration, Rule, Scene, Statement, statements


class FunctionRule(Rule):
    """CREATE FUNCTION, and CREATE OR REPLACE FUNCTION for as long as callers need not care."""

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return CREATE FUNCTION."""
        definition = item.facts.text("definition").removeprefix("CREATE OR REPLACE ")
        return statements(f"CREATE {definition}")

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return CREATE OR REPLACE FUNCTION, or None when the server would refuse it."""
        if old.target != new.target or any(
            old.facts[name] != new.facts[name] for name in ("kind", "result", "parameters")
        ):
            return None
        if (new.facts.number("defaults") or 0) < (old.facts.number("defaults") or 0):
            return None
        return Alteration(statements=statements(new.facts.text("definition")))

    def has_rival(self, item: Object, scene: Scene) -> bool:
        """Tell whether another function of that name comes: calls could mean either of them."""
        name = (item.facts["schema"], item.facts["name"])
        return any(
            other.kind == item.kind
            and other.key not in scene.old.by_key
            and (other.facts["schema"], other.facts["name"]) == name
            for other in scene.new.objects
        )

    def claims(self, item: Object) -> frozenset[str]:
        """Return its signature among routines."""
        return frozenset({f"routine {item.name}"})
