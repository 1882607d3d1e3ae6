"""Domains: default, NOT NULL and checks are changed in place, another base type makes another domain."""

from __future__ import annotations

from collections.abc import Sequence

from pagespace_codegen.diff.inventory.model import Object
from pagespace_codegen.diff.rules.base import Alteration, Rule, Scene, Statement, statements
from pagespace_codegen.diff.rules.names import relation_and_type


class DomainRule(Rule):
    """CREATE DOMAIN, together with its checks."""

    can_be_put_aside = True

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return CREATE DOMAIN."""
        facts = item.facts
        lines = [f"CREATE {item.target} AS {facts.text('type')}"]
        if facts.optional("collation"):
            lines.append(f"COLLATE {facts.text('collation')}")
        if facts.optional("default"):
            lines.append(f"DEFAULT {facts.text('default')}")
        if facts.flag("is_not_null"):
            lines.append("NOT NULL")
        lines += [
            f"CONSTRAINT {part.facts.text('name')} {part.facts.text('definition')}"
            for part in parts
            if part.kind == "constraint"
        ]
        return statements("\n  ".join(lines))

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return ALTER DOMAIN for default and NOT NULL."""
        if any(old.facts[name] != new.facts[name] for name in ("type", "collation")):
            return None
        default = new.facts.optional("default")
        changes = [
            (old.facts["default"] != default, f"SET DEFAULT {default}" if default else "DROP DEFAULT"),
            (
                old.facts["is_not_null"] != new.facts["is_not_null"],
                "SET NOT NULL" if new.facts.flag("is_not_null") else "DROP NOT NULL",
            ),
        ]
        return Alteration(
            statements=statements(*(f"ALTER {new.target} {change}" for is_due, change in changes if is_due))
        )

    def claims(self, item: Object) -> frozenset[str]:
        """Return its name among types."""
        return frozenset(claim for claim in relation_and_type(item.facts) if claim.startswith("type"))
