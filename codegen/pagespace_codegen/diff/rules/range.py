"""Range types; none of their options can be altered."""

from __future__ import annotations

from collections.abc import Sequence

from pagespace_codegen.diff.inventory.model import Object
from pagespace_codegen.diff.rules.base import Rule, Scene, Statement, aside, statements
from pagespace_codegen.diff.rules.names import relation_and_type


class RangeRule(Rule):
    """CREATE TYPE ... AS RANGE."""

    can_be_put_aside = True

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return CREATE TYPE."""
        return statements(f"CREATE {item.target} AS RANGE ({', '.join(item.facts.texts('options'))})")

    def put_aside(self, old: Object) -> tuple[Statement, ...]:
        """Return what gives the range, its multirange and their constructors other names."""
        multirange = f"ALTER TYPE {old.facts.text('multirange')} RENAME TO {aside(old.facts.text('multirange_name'))}"
        constructors = sorted(old.facts.table("constructors").items())
        return statements(
            *(f"ALTER FUNCTION {function} RENAME TO {aside(name)}" for function, name in constructors),
            *(statement.sql for statement in super().put_aside(old)),
            multirange,
        )

    def claims(self, item: Object) -> frozenset[str]:
        """Return its name among types."""
        return frozenset(claim for claim in relation_and_type(item.facts) if claim.startswith("type"))
