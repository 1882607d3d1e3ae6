"""Enums: labels are added in place; one that loses or moves labels is made anew, and columns move over to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pagespace_codegen.diff.hazards import Hazard, HazardKind
from pagespace_codegen.diff.inventory.model import Object
from pagespace_codegen.diff.rules.base import Alteration, Rule, Scene, Statement, statements
from pagespace_codegen.diff.rules.names import relation_and_type


class EnumRule(Rule):
    """CREATE TYPE ... AS ENUM, ADD VALUE."""

    can_be_put_aside = True

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return CREATE TYPE."""
        return statements(f"CREATE {item.target} AS ENUM ({', '.join(item.facts.texts('labels'))})")

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return ADD VALUE for each new label, or None when old ones are gone or in another order."""
        present, wanted = list(old.facts.texts("labels")), new.facts.texts("labels")
        if [label for label in wanted if label in present] != present:
            return None
        added: list[Statement] = []
        for place, label in enumerate(wanted):
            if label in present:
                continue
            is_last = place == len(present)
            neighbour = f" AFTER {wanted[place - 1]}" if place else f" BEFORE {(*present, '')[0]}"
            present.insert(place, label)
            added.append(
                Statement(
                    sql=f"ALTER {new.target} ADD VALUE {label}{'' if is_last else neighbour}", added_labels=(label,)
                )
            )
        return Alteration(statements=tuple(added))

    def drop_aside(self, old: Object, scene: Scene) -> tuple[Statement, ...]:
        """Return DROP TYPE, which is reached only if no row has a label that is gone."""
        new = scene.new.by_key.get(old.key)
        gone = (
            []
            if new is None
            else [label for label in old.facts.texts("labels") if label not in new.facts.texts("labels")]
        )
        hazards = tuple(Hazard(HazardKind.REMOVES_LABEL, old.name, label) for label in gone)
        return tuple(
            replace(statement, hazards=statement.hazards + hazards) for statement in super().drop_aside(old, scene)
        )

    def claims(self, item: Object) -> frozenset[str]:
        """Return its name among types."""
        return frozenset(claim for claim in relation_and_type(item.facts) if claim.startswith("type"))
