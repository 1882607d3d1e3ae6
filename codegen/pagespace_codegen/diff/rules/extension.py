"""Extensions: their members are theirs, and never compared."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pagespace_codegen.diff.hazards import Hazard, HazardKind
from pagespace_codegen.diff.inventory.model import Object
from pagespace_codegen.diff.rules.base import Alteration, Rule, Scene, Statement, statements


class ExtensionRule(Rule):
    """CREATE EXTENSION, with a version only where it is not the default one."""

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return CREATE EXTENSION."""
        version = "" if item.facts.flag("is_default_version") else f" VERSION '{item.facts.text('version')}'"
        return statements(f"CREATE {item.target} WITH SCHEMA {item.facts.text('schema')}{version}")

    def drop(self, item: Object, scene: Scene) -> tuple[Statement, ...]:
        """Return DROP EXTENSION."""
        return (Statement(sql=f"DROP {item.target}", hazards=(Hazard(HazardKind.DROPS_EXTENSION, item.name),)),)

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return SET SCHEMA and UPDATE TO; no script of an extension leads back to an older version."""
        is_moved = old.facts.text("schema") != new.facts.text("schema")
        is_updated = old.facts.text("version") != new.facts.text("version")
        if (is_moved and not old.facts.flag("is_relocatable")) or _version(new) < _version(old):
            return None
        return Alteration(
            statements=statements(
                f"ALTER {new.target} SET SCHEMA {new.facts.text('schema')}" if is_moved else None,
                f"ALTER {new.target} UPDATE TO '{new.facts.text('version')}'" if is_updated else None,
            )
        )


def _version(item: Object) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", item.facts.text("version"))]
