"""Indexes that no constraint made."""

from __future__ import annotations

from collections.abc import Sequence

from pagespace_codegen.diff.hazards import Hazard, HazardKind
from pagespace_codegen.diff.inventory.model import Object
from pagespace_codegen.diff.rules.base import Alteration, Rule, Scene, Statement, statements, unordered
from pagespace_codegen.diff.rules.constraint import index_role_changes, index_roles
from pagespace_codegen.diff.rules.names import relation_claim
from pagespace_codegen.diff.rules.options import storage_changes


class IndexRule(Rule):
    """CREATE INDEX; another definition is another index."""

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return CREATE INDEX."""
        facts = item.facts
        unique = "UNIQUE " if facts.flag("is_unique") else ""
        space = f" TABLESPACE {facts.text('tablespace')}" if facts.optional("tablespace") else ""
        definition = facts.text("definition")
        if space and " WHERE " in definition:  # the predicate comes last
            head, _, predicate = definition.rpartition(" WHERE ")
            definition, space = f"{head}{space} WHERE {predicate}", ""
        hazards = (Hazard(HazardKind.BLOCKS_WRITES, facts.text("table"), facts.text("name")),)
        only = "" if facts.flag("is_valid") or not facts.flag("is_partitioned") else "ONLY "
        create = f"CREATE {unique}INDEX {facts.text('name')} ON {only}{facts.text('table')} {definition}{space}"
        return (
            Statement(sql=create, hazards=hazards),
            *statements(*_statistics(item, {}), *index_roles(item)),
        )

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return what can be changed without building the index again."""
        if any(old.facts[name] != new.facts[name] for name in ("core", "is_unique", "table", "is_partitioned")):
            return None
        is_partitioned = new.facts.flag("is_partitioned")
        if old.facts["is_valid"] != new.facts["is_valid"] and (is_partitioned or new.facts.flag("is_valid")):
            return None
        changes = storage_changes(old.facts.texts("options"), new.facts.texts("options"))
        if changes and is_partitioned:
            return None  # the server knows no way
        space = new.facts.optional("tablespace") or "pg_default"
        is_moved = old.facts["tablespace"] != new.facts["tablespace"]
        return Alteration(
            statements=statements(
                *(f"ALTER {new.target} {change}" for change in changes),
                f"ALTER {new.target} SET TABLESPACE {space}" if is_moved else None,
                *_statistics(new, old.facts.table("statistics")),
                *index_role_changes(old, new, scene),
            )
        )

    def is_same(self, old: Object, new: Object) -> bool:
        """Tell whether they are equal; the definition repeats the storage parameters."""
        return unordered(old.facts.without("definition")) == unordered(new.facts.without("definition"))

    def claims(self, item: Object) -> frozenset[str]:
        """Return its name among relations."""
        return frozenset({relation_claim(item.facts.text("schema"), item.facts.text("name"))})


def _statistics(item: Object, old: dict[str, str]) -> list[str]:
    new = item.facts.table("statistics")
    return [
        f"ALTER {item.target} ALTER COLUMN {place} SET STATISTICS {new.get(place, '-1')}"
        for place in sorted(old.keys() | new.keys())
        if old.get(place) != new.get(place)
    ]
