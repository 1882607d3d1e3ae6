"""Reading the case files of `tests/queries/cases`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "cases"
SCHEMA: Final = (FOLDER / "schema.sql").read_text(encoding="utf-8")
_LINE: Final = re.compile(r"--\s*(\w+)(?::\s*(.*))?")
_FACTS: Final = frozenset({"name", "why", "rows", "setup", "args", "nullable", "since", "xml", "unseen"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A query, and what is expected of it.

    Attributes:
        name: The name, after that of its group.
        sql: The query.
        why: The tier and the reason of the columns that are not null.
        rows: How many rows there are, or None.
        setup: SQL for a state of its own, or None.
        args: The values of the parameters, as SQL, or None.
        nullable: The parameters that may be NULL.
        since: The first major version that takes the query.
        needs_xml: Whether the server has to be built with libxml.
        unseen: The nullable columns that no test can make NULL.
    """

    name: str
    sql: str
    why: str
    rows: str | None = None
    setup: str | None = None
    args: str | None = None
    nullable: frozenset[int] = field(default=frozenset())
    since: int = 14
    needs_xml: bool = False
    unseen: frozenset[str] = field(default=frozenset())


def load_cases() -> list[Case]:
    """Return the cases of all files, in the order of their names."""
    return [case for path in sorted(FOLDER.glob("*.sql")) if path.name != "schema.sql" for case in _read(path)]


def _read(path: Path) -> Iterator[Case]:
    facts: dict[str, str] = {}
    sql: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        fact = _LINE.fullmatch(line.strip()) if not sql else None
        if fact is not None and fact[1] in _FACTS and fact[1] not in facts:
            facts[fact[1]] = fact[2] or ""
        elif fact is not None:
            msg = f"{path}:{number}: `{fact[1]}` is unknown, or said twice"
            raise ValueError(msg)
        elif line.strip():
            sql.append(line)
        if sql and line.rstrip().endswith(";"):
            yield _case(path.stem, facts, "\n".join(sql).rstrip().removesuffix(";"))
            facts, sql = {}, []


def _case(group: str, facts: dict[str, str], sql: str) -> Case:
    return Case(
        name=f"{group}: {facts['name']}",
        sql=sql,
        why=facts.get("why", ""),
        rows=facts.get("rows"),
        setup=facts.get("setup"),
        args=facts.get("args"),
        nullable=frozenset(int(number) for number in facts.get("nullable", "").split(",") if number),
        since=int(facts.get("since", "14")),
        needs_xml="xml" in facts,
        unseen=frozenset(facts.get("unseen", "").split()),
    )
