"""Publications and what they publish."""

from __future__ import annotations

from collections.abc import Sequence

from pagespace_codegen.diff.inventory.model import Object
from pagespace_codegen.diff.rules.base import Alteration, Rule, Scene, Statement, statements
from pagespace_codegen.diff.rules.options import with_options


class PublicationRule(Rule):
    """CREATE PUBLICATION and its options."""

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return CREATE PUBLICATION."""
        all_tables = " FOR ALL TABLES" if item.facts.flag("is_for_all_tables") else ""
        return statements(f"CREATE {item.target}{all_tables}{with_options(item.facts.texts('options'))}")

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return SET of the options."""
        if old.facts["is_for_all_tables"] != new.facts["is_for_all_tables"]:
            return None
        return Alteration(statements=statements(f"ALTER {new.target} SET ({', '.join(new.facts.texts('options'))})"))


class PublicationMemberRule(Rule):
    """ALTER PUBLICATION ... ADD and DROP."""

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return ADD."""
        return statements(f"ALTER {item.target} ADD {item.facts.text('member')}{item.facts.text('suffix')}")

    def drop(self, item: Object, scene: Scene) -> tuple[Statement, ...]:
        """Return DROP."""
        return statements(f"ALTER {item.target} DROP {item.facts.text('member')}")
