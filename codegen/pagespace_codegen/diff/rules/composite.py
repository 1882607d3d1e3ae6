"""Composite types: attributes are dropped and added at the end in place; anything else makes another type."""

from __future__ import annotations

from collections.abc import Sequence

from pagespace_codegen.diff.inventory.model import Object
from pagespace_codegen.diff.rules.base import Alteration, Rule, Scene, Statement, statements
from pagespace_codegen.diff.rules.names import relation_and_type

_BROKEN = frozenset({"view", "materialized view", "function", "rule", "policy", "index", "constraint", "default"})


class CompositeRule(Rule):
    """CREATE TYPE ... AS (...)."""

    can_be_put_aside = True

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return CREATE TYPE."""
        return statements(f"CREATE {item.target} AS ({', '.join(_attributes(item))})")

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return DROP ATTRIBUTE and ADD ATTRIBUTE, or None when the order or a type is another one."""
        before, after = _attributes(old), _attributes(new)
        kept = [attribute for attribute in before if attribute in after]
        if kept != after[: len(kept)]:
            return None
        names = dict(zip(before, old.facts.texts("attributes"), strict=True))
        if {names[attribute] for attribute in before if attribute not in kept} & set(new.facts.texts("attributes")):
            return None
        changes = [f"DROP ATTRIBUTE {names[attribute]}" for attribute in before if attribute not in kept]
        breaks = _BROKEN if changes else frozenset[str]()
        changes += [f"ADD ATTRIBUTE {attribute}" for attribute in after[len(kept) :]]
        is_of_tables = any(
            item.kind == "table" and item.facts["of_type"] == old.name and item.key in scene.new.by_key
            for item in scene.old.objects
        )
        cascade = " CASCADE" if is_of_tables else ""  # to the columns of these tables
        return Alteration(
            statements=statements(*(f"ALTER {new.target} {change}{cascade}" for change in changes)), breaks=breaks
        )

    def claims(self, item: Object) -> frozenset[str]:
        """Return its name among types and relations."""
        return relation_and_type(item.facts)


def _attributes(item: Object) -> list[str]:
    return [
        f"{name} {type_}" for name, type_ in zip(item.facts.texts("attributes"), item.facts.texts("types"), strict=True)
    ]
