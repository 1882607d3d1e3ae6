"""Privileges, and those that objects made later will have, as sets: what is missing is granted, the rest revoked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from pagespace_codegen.diff.inventory.model import Grant, Key, Object
from pagespace_codegen.diff.rules.base import Alteration, Rule, Scene, Statement, statements

_DEFAULT_TYPES: Final = {"r": "TABLES", "s": "SEQUENCES", "f": "FUNCTIONS", "T": "TYPES", "n": "SCHEMAS"}


class PrivilegesRule(Rule):
    """GRANT and REVOKE."""

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return what a newly made object lacks, or has too much."""
        return _change(item, _at_birth(item, scene), item.facts.grants("granted"))

    def drop(self, item: Object, scene: Scene) -> tuple[Statement, ...]:
        """Return what takes everything back that was granted."""
        return _change(item, item.facts.grants("granted"), item.facts.grants("by_default"))

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return GRANT and REVOKE for the difference."""
        return Alteration(statements=_change(new, old.facts.grants("granted"), new.facts.grants("granted")))


class DefaultPrivilegesRule(Rule):
    """ALTER DEFAULT PRIVILEGES."""

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return what differs from the built-in default."""
        return self._change(item, item.facts.grants("by_default"), item.facts.grants("granted"))

    def drop(self, item: Object, scene: Scene) -> tuple[Statement, ...]:
        """Return what restores the built-in default."""
        return self._change(item, item.facts.grants("granted"), item.facts.grants("by_default"))

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return the difference."""
        return Alteration(statements=self._change(new, old.facts.grants("granted"), new.facts.grants("granted")))

    def _change(self, item: Object, old: frozenset[Grant], new: frozenset[Grant]) -> tuple[Statement, ...]:
        on = item.facts.text("on")
        return statements(*(f"ALTER {item.target} {change}" for change in _changes(on, "", old, new)))


def _at_birth(item: Object, scene: Scene) -> frozenset[Grant]:
    """Return the privileges that an object has when it was just made under the old default privileges."""
    facts = item.facts
    if facts.text("columns"):
        return frozenset()
    kind = _DEFAULT_TYPES.get(facts.text("type"))
    everywhere = scene.old.by_key.get(Key("default privileges", str(kind)))
    granted = facts.grants("by_default") if everywhere is None else everywhere.facts.grants("granted")
    owner = scene.new.by_key[item.parent] if item.parent else None
    schema = str(owner.facts["schema"]) if owner is not None and "schema" in owner.facts else None
    within = scene.old.by_key.get(Key("default privileges", f"{kind} IN SCHEMA {schema}"))
    return granted if within is None else granted | within.facts.grants("granted")


def _change(item: Object, old: frozenset[Grant], new: frozenset[Grant]) -> tuple[Statement, ...]:
    return statements(*_changes(item.facts.text("on"), item.facts.text("columns"), old, new))


def _changes(on: str, columns: str, old: frozenset[Grant], new: frozenset[Grant]) -> Iterable[str]:
    """Yield REVOKE and GRANT, without the ALTER DEFAULT PRIVILEGES that may stand before them."""
    kept = {(grant.privilege, grant.grantee) for grant in new}
    weaker = {(grant.privilege, grant.grantee) for grant in new if not grant.is_grantable}
    gone = [grant for grant in old - new if (grant.privilege, grant.grantee) not in kept]
    options = [grant for grant in old - new if (grant.privilege, grant.grantee) in weaker and grant.is_grantable]
    optionless = {(grant.privilege, grant.grantee) for grant in options}
    added = [grant for grant in new - old if (grant.privilege, grant.grantee) not in optionless]
    for (grantee, _), privileges in _by_grantee(gone, columns):
        yield f"REVOKE {privileges} ON {on} FROM {grantee}"
    for (grantee, _), privileges in _by_grantee(options, columns):
        yield f"REVOKE GRANT OPTION FOR {privileges} ON {on} FROM {grantee}"
    for (grantee, is_grantable), privileges in _by_grantee(added, columns):
        yield f"GRANT {privileges} ON {on} TO {grantee}" + (" WITH GRANT OPTION" if is_grantable else "")


def _by_grantee(grants: Iterable[Grant], columns: str) -> list[tuple[tuple[str, bool], str]]:
    found: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for grant in sorted(grants):
        found[grant.grantee, grant.is_grantable].append(grant.privilege + columns)
    return [(key, ", ".join(privileges)) for key, privileges in found.items()]
