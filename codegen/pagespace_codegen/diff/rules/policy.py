"""Policies of row security."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pagespace_codegen.diff.inventory.model import Json, Object
from pagespace_codegen.diff.rules.base import Alteration, Rule, Scene, Statement, statements


class PolicyRule(Rule):
    """CREATE POLICY and ALTER POLICY."""

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return CREATE POLICY."""
        facts = item.facts
        words = [f"CREATE {item.target}"]
        words += [] if facts.flag("is_permissive") else ["AS RESTRICTIVE"]
        words += [] if facts.text("command") == "ALL" else [f"FOR {facts.text('command')}"]
        words += [] if facts.texts("roles") == ("PUBLIC",) else [f"TO {', '.join(facts.texts('roles'))}"]
        return statements(" ".join([*words, *_expressions(facts)]))

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return ALTER POLICY, which cannot take an expression away."""
        before, after = old.facts, new.facts
        if any(before[name] != after[name] for name in ("command", "is_permissive")):
            return None
        if any(before[name] is not None and after[name] is None for name in ("using", "check")):
            return None
        changed = {name: after[name] for name in ("roles", "using", "check") if before[name] != after[name]}
        words = [f"TO {', '.join(after.texts('roles'))}"] if "roles" in changed else []
        return Alteration(statements=statements(" ".join([f"ALTER {new.target}", *words, *_expressions(changed)])))


def _expressions(facts: Mapping[str, Json]) -> list[str]:
    using, check = facts.get("using"), facts.get("check")
    return ([f"USING ({using})"] if using else []) + ([f"WITH CHECK ({check})"] if check else [])
