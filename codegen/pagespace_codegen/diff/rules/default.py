"""Defaults of columns and domains."""

from __future__ import annotations

from collections.abc import Sequence

from pagespace_codegen.diff.inventory.model import Object
from pagespace_codegen.diff.rules.base import Alteration, Rule, Scene, Statement, statements


class DefaultRule(Rule):
    """SET DEFAULT and DROP DEFAULT; children of the table have defaults of their own."""

    folds_into = ("column", "domain")

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return SET DEFAULT."""
        return statements(f"ALTER {_target(item)} SET DEFAULT {item.facts.text('expression')}")

    def drop(self, item: Object, scene: Scene) -> tuple[Statement, ...]:
        """Return DROP DEFAULT."""
        return statements(f"ALTER {_target(item)} DROP DEFAULT")

    def is_same(self, old: Object, new: Object) -> bool:
        """Tell whether the expressions are equal; what they call decides whether they are volatile."""
        return old.facts.without("is_volatile") == new.facts.without("is_volatile") and old.target == new.target

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return SET DEFAULT."""
        return Alteration(statements=self.create(new, (), scene))


def _target(item: Object) -> str:
    is_view = item.parent is not None and item.parent.kind == "view"
    return f"VIEW {item.target.removeprefix('TABLE ONLY ')}" if is_view else item.target
