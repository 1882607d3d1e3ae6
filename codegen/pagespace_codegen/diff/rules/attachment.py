"""Partitions and INHERITS: the place of a table below another one."""

from __future__ import annotations

from collections.abc import Sequence

from pagespace_codegen.diff.inventory.model import Key, Object
from pagespace_codegen.diff.rules.base import Rule, Scene, Statement, statements
from pagespace_codegen.diff.rules.inherited import (
    checks_of_parents,
    inheritable_checks,
    is_same_check,
    keys_of_wholes,
    new_partition_hazards,
)


class AttachmentRule(Rule):
    """ATTACH and DETACH, INHERIT and NO INHERIT. Other bounds are another attachment."""

    folds_into = ("table",)

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return ATTACH PARTITION or INHERIT."""
        table, of, bound = str(item.parent and item.parent.name), item.facts.text("of"), item.facts.optional("bound")
        wanted = (
            f"ALTER TABLE {table} ADD CONSTRAINT {check.facts.text('name')} {check.facts.text('definition')}"
            for check in inheritable_checks(Key("table", of), scene.new)
            if not self._has(table, check, scene)
        )
        if bound is None:
            return statements(*wanted, f"ALTER TABLE {table} INHERIT {of}")
        attach = Statement(
            sql=f"ALTER TABLE {of} ATTACH PARTITION {table} {bound}", hazards=new_partition_hazards(of, scene)
        )
        return (*statements(*wanted), attach)

    def _has(self, table: str, check: Object, scene: Scene) -> bool:
        """Tell whether a table has a check already that its parent is going to ask for, be it from another parent."""
        key = Key("table", table)
        if key in scene.dropped or key not in scene.old.by_key:
            return False
        own = [part for part in scene.old.parts(key, "constraint") if part.facts.text("type") == "c"]
        inherited = checks_of_parents(key, scene.old)
        return any(is_same_check(check, have) for have in (*own, *inherited))

    def drop(self, item: Object, scene: Scene) -> tuple[Statement, ...]:
        """Return DETACH PARTITION or NO INHERIT; foreign keys stay, and may have the name of another that comes."""
        table, of = str(item.parent and item.parent.name), item.facts.text("of")
        if item.facts.optional("bound") is None:
            return statements(f"ALTER TABLE {table} NO INHERIT {of}")
        wanted = {
            key.facts["name"]: key.facts["definition"] for key in scene.new.parts(Key("table", table), "foreign key")
        }
        in_the_way = (
            f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {key.facts.text('name')}"
            for key in keys_of_wholes(Key("table", table), scene.old)
            if wanted.get(key.facts["name"], key.facts["definition"]) != key.facts["definition"]
        )
        return statements(f"ALTER TABLE {of} DETACH PARTITION {table}", *in_the_way)

    def claims(self, item: Object) -> frozenset[str]:
        """Return a place among the partitions of the table: what is detached goes before what is attached."""
        return frozenset({f"partition of {item.facts.text('of')}"} if item.facts.optional("bound") else ())
