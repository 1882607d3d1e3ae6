"""Range types; none of their options can be altered."""

from __future__ import annotations

from collections.abc import Sequence

from pagespace_codegen.diff.inventory.model import Object
from pagespace_codegen.diff.rules.base import Rule, Scene, Statement, statements
from pagespace_codegen.diff.rules.names import relation_and_type


class RangeRule(Rule):
    """CREATE TYPE ... AS RANGE."""

    can_be_put_aside = True

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return CREATE TYPE."""
        return statements(f"CREATE {item.target} AS RANGE ({', '.join(item.facts.texts('options'))})")

    def claims(self, item: Object) -> frozenset[str]:
        """Return its name among types."""
        return frozenset(claim for claim in relation_and_type(item.facts) if claim.startswith("type"))
