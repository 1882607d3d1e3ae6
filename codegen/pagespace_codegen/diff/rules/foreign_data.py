"""Foreign data wrappers, servers and user mappings: options change in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pagespace_codegen.diff.inventory.model import Object
from pagespace_codegen.diff.rules.base import Alteration, Rule, Scene, Statement, statements
from pagespace_codegen.diff.rules.options import generic_changes, generic_options


class WrapperRule(Rule):
    """CREATE and ALTER FOREIGN DATA WRAPPER, with the functions that it calls."""

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return CREATE FOREIGN DATA WRAPPER."""
        return statements(f"CREATE {item.target}{_code_changes({}, item.facts.table('code'))}{_options(item)}")

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return ALTER FOREIGN DATA WRAPPER."""
        return _alteration(old, new, _code_changes(old.facts.table("code"), new.facts.table("code")))


class ServerRule(Rule):
    """CREATE and ALTER SERVER. Its type and its wrapper stay as they are."""

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return CREATE SERVER."""
        facts = item.facts
        words = [f" {name.upper()} {facts.text(name)}" for name in ("type", "version") if facts.optional(name)]
        wrapper = f" FOREIGN DATA WRAPPER {facts.text('wrapper')}"
        return statements(f"CREATE {item.target}{''.join(words)}{wrapper}{_options(item)}")

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return ALTER SERVER, or None for a server of another kind."""
        if any(old.facts[name] != new.facts[name] for name in ("type", "wrapper")):
            return None
        version = "" if old.facts["version"] == new.facts["version"] else f" VERSION {new.facts['version'] or 'NULL'}"
        return _alteration(old, new, version)


class UserMappingRule(Rule):
    """CREATE and ALTER USER MAPPING."""

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return CREATE USER MAPPING."""
        return statements(f"CREATE {item.target}{_options(item)}")

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return ALTER USER MAPPING."""
        return _alteration(old, new, "")


def _options(item: Object) -> str:
    return generic_options(item.facts.table("options"))


def _alteration(old: Object, new: Object, changes: str) -> Alteration:
    options = generic_changes(old.facts.table("options"), new.facts.table("options"))
    if options:
        changes += f" {options}"
    return Alteration(statements=statements(f"ALTER {new.target}{changes}" if changes else None))


def _code_changes(old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """Return HANDLER and VALIDATOR, which name functions without their arguments."""
    return "".join(
        f" {role} {new[role].rpartition('(')[0]}" if role in new else f" NO {role}"
        for role in ("HANDLER", "VALIDATOR")
        if old.get(role) != new.get(role)
    )
