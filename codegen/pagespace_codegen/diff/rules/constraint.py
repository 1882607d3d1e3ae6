"""Constraints of tables and domains."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from pagespace_codegen.diff.hazards import Hazard, HazardKind
from pagespace_codegen.diff.inventory.model import Inventory, Key, Object
from pagespace_codegen.diff.rules.base import Alteration, Rule, Scene, Statement, statements
from pagespace_codegen.diff.rules.containers import is_in_containers
from pagespace_codegen.diff.rules.inherited import checks_of_parents, is_key_of_wholes, is_same_check
from pagespace_codegen.diff.rules.names import relation_claim
from pagespace_codegen.diff.rules.options import storage_changes, with_options
from pagespace_codegen.diff.rules.partition_index import partitions_with_key

_WITH_INDEX: Final = frozenset({"p", "u", "x"})


class ConstraintRule(Rule):
    """ADD CONSTRAINT, and what can be altered of one: whether it is checked, and when."""

    folds_into = ("table", "domain")

    def folds(self, item: Object) -> bool:
        """Tell whether CREATE TABLE can make it: there it would be valid at once."""
        return all(item.facts.flag(name) for name in ("is_validated", "is_enforced", "is_valid"))

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return ADD CONSTRAINT."""
        facts = item.facts
        kind = HazardKind.BLOCKS_WRITES if facts.text("type") in _WITH_INDEX else HazardKind.SCANS_TABLE
        hazards = (Hazard(kind, str(item.parent and item.parent.name), facts.text("name")),)
        owner = facts.text("owner")
        if not facts.flag("is_valid"):  # some partition has no such index
            owner = owner.replace("TABLE ", "TABLE ONLY ", 1)
        add = f"ALTER {owner} ADD CONSTRAINT {facts.text('name')} {constraint_definition(item)}"
        made = Statement(sql=add, hazards=hazards if facts.flag("is_validated") else ())
        return (made, *statements(*constraint_settings(item)))

    def drop(self, item: Object, scene: Scene) -> tuple[Statement, ...]:
        """Return DROP CONSTRAINT."""
        return statements(f"ALTER {item.facts.text('owner')} DROP CONSTRAINT {item.facts.text('name')}")

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return VALIDATE, ALTER CONSTRAINT and the settings of the index."""
        before, after = old.facts, new.facts
        if _core(old) != _core(new) or any(before[name] != after[name] for name in ("type", "is_valid")):
            return None
        if before.flag("is_validated") and not after.flag("is_validated") and after.flag("is_enforced"):
            return None
        head, name = f"ALTER {after.text('owner')}", after.text("name")
        made: list[str] = []
        if before["is_enforced"] != after["is_enforced"]:
            if after.text("type") != "f":
                return None
            made.append(f"{head} ALTER CONSTRAINT {name} {'' if after.flag('is_enforced') else 'NOT '}ENFORCED")
        elif not before.flag("is_validated") and after.flag("is_validated"):
            if self.remakes(new, scene):
                return None
            made.append(f"{head} VALIDATE CONSTRAINT {name}")
        if (before["is_deferrable"], before["is_deferred"]) != (after["is_deferrable"], after["is_deferred"]):
            if after.text("type") != "f":
                return None
            made.append(f"{head} ALTER CONSTRAINT {name}{_deferral(new) or ' NOT DEFERRABLE'}")
        index = f"{after.text('schema')}.{name}"
        made += [
            f"ALTER INDEX {index} {change}"
            for change in storage_changes(before.texts("index_options"), after.texts("index_options"))
        ]
        if before["tablespace"] != after["tablespace"]:
            made.append(f"ALTER INDEX {index} SET TABLESPACE {after.optional('tablespace') or 'pg_default'}")
        made += index_role_changes(old, new, scene)
        return Alteration(statements=statements(*made))

    def holders(self, item: Object, inventory: Inventory) -> Collection[Key]:
        """Return the partition when its key is part of an index of its table."""
        return partitions_with_key(item, inventory)

    def remakes(self, item: Object, scene: Scene) -> Collection[Key]:
        """Return the domain when the values that it has cannot be checked."""
        if item.parent is None or item.parent.kind != "domain" or not item.facts.flag("is_validated"):
            return ()
        return (item.parent,) if is_in_containers(item.parent, scene.old) else ()

    def is_implied(self, item: Object, own: Inventory, other: Inventory) -> bool:
        """Tell whether the table gets the check or the foreign key from above there; it stays when that goes.

        A foreign key is only taken for that of the table when it is attached: one beside it is one too many.
        """
        if item.facts.text("type") == "f":
            return is_key_of_wholes(item, other) and not is_key_of_wholes(item, own)
        if item.facts.text("type") != "c" or item.parent is None:
            return False
        return any(is_same_check(item, check) for check in checks_of_parents(item.parent, other))

    def claims(self, item: Object) -> frozenset[str]:
        """Return the name of its index, and its place as the primary key."""
        claims: set[str] = set()
        if item.facts.text("type") in _WITH_INDEX:
            claims.add(relation_claim(item.facts.text("schema"), item.facts.text("name")))
        if item.facts.text("type") == "p":
            claims.add(f"primary key of {item.facts.text('owner')}")
        return frozenset(claims)


def constraint_definition(item: Object) -> str:
    """Return the constraint as it stands behind its name, with the options of its index."""
    facts = item.facts
    space = f" USING INDEX TABLESPACE {facts.text('tablespace')}" if facts.optional("tablespace") else ""
    inserted = with_options(facts.texts("index_options")) + space
    if not inserted:
        return facts.text("definition")
    core = _core(item)
    return core + inserted + facts.text("definition").removeprefix(core)


def constraint_settings(item: Object) -> list[str]:
    """Return the statements that give the index of a new constraint its roles."""
    return index_roles(item) if item.facts.text("type") in _WITH_INDEX else []


def index_roles(item: Object) -> list[str]:
    """Return CLUSTER ON and REPLICA IDENTITY for an index that has these roles."""
    name, table = item.facts.text("name"), str(item.parent and item.parent.name)
    roles = [f"ALTER TABLE {table} CLUSTER ON {name}"] if item.facts.flag("is_clustered") else []
    if item.facts.flag("is_replica_identity"):
        roles.append(f"ALTER TABLE {table} REPLICA IDENTITY USING INDEX {name}")
    return roles


def index_role_changes(old: Object, new: Object, scene: Scene) -> list[str]:
    """Return what gives and takes the roles of an index; a role that another index gets leaves by itself."""
    if new.parent is None:
        return []
    table, name = f"ALTER TABLE {new.parent.name}", new.facts.text("name")
    siblings = scene.new.children.get(new.parent, ())
    identity = scene.new.by_key[new.parent].facts.get("replica_identity")
    made: list[str] = []
    for flag, given, taken, is_elsewhere in (
        ("is_clustered", f"CLUSTER ON {name}", "SET WITHOUT CLUSTER", False),
        (
            "is_replica_identity",
            f"REPLICA IDENTITY USING INDEX {name}",
            "REPLICA IDENTITY DEFAULT",
            identity is not None,
        ),
    ):
        has, had = new.facts.flag(flag), old.facts.flag(flag)
        if has and not had:
            made.append(f"{table} {given}")
        is_passed_on = is_elsewhere or any(part.facts.get(flag) is True for part in siblings)
        if had and not has and not is_passed_on:
            made.append(f"{table} {taken}")
    return made


def _deferral(item: Object) -> str:
    if not item.facts.flag("is_deferrable"):
        return ""
    return " DEFERRABLE INITIALLY DEFERRED" if item.facts.flag("is_deferred") else " DEFERRABLE"


def _core(item: Object) -> str:
    """Return the definition without what is said about time and validity; the server writes that last."""
    core = item.facts.text("definition").removesuffix(" NOT VALID").removesuffix(" NOT ENFORCED")
    return core.removesuffix(" INITIALLY DEFERRED").removesuffix(" DEFERRABLE")
