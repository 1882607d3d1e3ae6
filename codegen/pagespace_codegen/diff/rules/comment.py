"""Comments."""

from __future__ import annotations

from collections.abc import Sequence

from pagespace_codegen.diff.inventory.model import Object
from pagespace_codegen.diff.rules.base import Alteration, Rule, Scene, Statement, statements


class CommentRule(Rule):
    """COMMENT ON."""

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return COMMENT ON ... IS."""
        return statements(f"COMMENT ON {item.target} IS {item.facts.text('text')}")

    def drop(self, item: Object, scene: Scene) -> tuple[Statement, ...]:
        """Return COMMENT ON ... IS NULL, or what an extension says of itself."""
        owner = None if item.parent is None else scene.old.by_key.get(item.parent)
        text = owner.facts.optional("default_comment") if owner is not None and owner.kind == "extension" else None
        return statements(f"COMMENT ON {item.target} IS {text or 'NULL'}")

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return COMMENT ON ... IS the other text."""
        return Alteration(statements=self.create(new, (), scene))
