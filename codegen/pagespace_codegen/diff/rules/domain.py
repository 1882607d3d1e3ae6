"""Domains: NOT NULL, checks and the default are changed in place, another base type makes another domain."""

from __future__ import annotations

from collections.abc import Sequence

from pagespace_codegen.diff.inventory.model import Facts, Object
from pagespace_codegen.diff.rules.base import Alteration, Rule, Scene, Statement, statements
from pagespace_codegen.diff.rules.containers import is_in_containers
from pagespace_codegen.diff.rules.names import relation_and_type


class DomainRule(Rule):
    """CREATE DOMAIN, together with its default and checks."""

    can_be_put_aside = True

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return CREATE DOMAIN."""
        facts = item.facts
        lines = [f"CREATE {item.target} AS {facts.text('type')}"]
        if facts.optional("collation"):
            lines.append(f"COLLATE {facts.text('collation')}")
        lines += [f"DEFAULT {part.facts.text('expression')}" for part in parts if part.kind == "default"]
        if facts.flag("is_not_null"):
            lines.append(_not_null(facts))
        lines += [
            f"CONSTRAINT {part.facts.text('name')} {part.facts.text('definition')}"
            for part in parts
            if part.kind == "constraint"
        ]
        return statements("\n  ".join(lines))

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return ALTER DOMAIN for NOT NULL."""
        if any(old.facts[name] != new.facts[name] for name in ("type", "collation")):
            return None
        is_constrained = new.facts.flag("is_not_null") and not old.facts.flag("is_not_null")
        if is_constrained and is_in_containers(old.key, scene.old):
            return None
        old_name, name = old.facts.optional("not_null_constraint"), new.facts.optional("not_null_constraint")
        is_renamed = old_name and name and old.facts["not_null_name"] != new.facts["not_null_name"]
        set_not_null = f"ADD {_not_null(new.facts)}" if new.facts.optional("not_null_name") else "SET NOT NULL"
        changes = [
            (
                old.facts["is_not_null"] != new.facts["is_not_null"],
                set_not_null if new.facts.flag("is_not_null") else "DROP NOT NULL",
            ),
            (is_renamed, f"RENAME CONSTRAINT {old_name} TO {name}"),
        ]
        return Alteration(
            statements=statements(*(f"ALTER {new.target} {change}" for is_due, change in changes if is_due))
        )

    def is_same(self, old: Object, new: Object) -> bool:
        """Tell whether they are equal, whatever name the server chose for NOT NULL."""
        return old.target == new.target and old.facts.without("not_null_constraint") == new.facts.without(
            "not_null_constraint"
        )

    def claims(self, item: Object) -> frozenset[str]:
        """Return its name among types."""
        return frozenset(claim for claim in relation_and_type(item.facts) if claim.startswith("type"))


def _not_null(facts: Facts) -> str:
    """Return NOT NULL as CREATE DOMAIN and ALTER DOMAIN ... ADD say it."""
    name = facts.optional("not_null_name")
    return f"CONSTRAINT {name} NOT NULL" if name else "NOT NULL"
