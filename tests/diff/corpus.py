"""Pairs of schemas: `cases/*.sql`, each with what both sides share, what only the old and what only the new one has.

`then` in place of `new` is what is done to the old schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pagespace_codegen.catalog.source import SchemaFile, SourceStatement
from pagespace_codegen.diff.sides import SchemaSide
from pagespace_db.sqltext import split_statements

FOLDER: Final = Path(__file__).parent / "cases"
_SECTION: Final = re.compile(r"^-- (case: .*|both|old|new|then)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A pair of schemas."""

    name: str
    old: str
    new: str

    def sides(self) -> tuple[SchemaSide, SchemaSide]:
        """Return both schemas, ready to be loaded."""
        return schema_side(self.old, f"{self.name}: old"), schema_side(self.new, f"{self.name}: new")


def schema_side(text: str, name: str = "schema.sql") -> SchemaSide:
    """Return a schema that is no file."""
    file = SchemaFile(path=Path(name), shown_path=Path(name), text=text)
    return SchemaSide(
        statements=tuple(
            SourceStatement(text=statement.text, start=statement.start, file=file)
            for statement in split_statements(text, Path(name))
        )
    )


def cross_cases() -> Iterator[Case]:
    """Yield pairs of schemas that have nothing to do with each other, but for the names that they share."""
    cases = list(load_cases())
    for place, case in enumerate(cases):
        other = cases[(place * 37 + 11) % len(cases)]
        yield Case(name=f"{case.name}, then {other.name}", old=case.new, new=other.new)


def load_cases() -> Iterator[Case]:
    """Yield every case of every file."""
    for path in sorted(FOLDER.glob("*.sql")):
        parts = _SECTION.split(path.read_text(encoding="utf-8"))
        name, texts = "", dict[str, str]()
        for head, text in zip([*parts[1::2], "case: "], [*parts[2::2], ""], strict=True):
            if head.startswith("case: "):
                if name:
                    both = texts.get("both", "")
                    old = both + texts.get("old", "")
                    yield Case(
                        name=name, old=old, new=old + texts["then"] if "then" in texts else both + texts.get("new", "")
                    )
                name, texts = f"{path.stem}: {head.removeprefix('case: ')}", {}
            else:
                texts[head] = text
