"""Statements that run outside of a transaction, and what a crash or a failure of theirs leaves in the catalog.

CREATE INDEX CONCURRENTLY that fails leaves an invalid index, which takes the name and is maintained by every write,
but serves no query. It is dropped before the statement is sent again.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from psycopg import sql

from pagespace_db.errors import MigrationRefused
from pagespace_db.migrate.state import Connection
from pagespace_db.sqltext import TokenKind, leading_words, tokens

_BLANK: Final = frozenset({TokenKind.SPACE, TokenKind.COMMENT})


class Verdict(StrEnum):
    """What became of a statement whose end nobody saw."""

    DONE = "done"
    REPEAT = "repeat"
    """It is not done, or doing it again does no harm."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class _IndexStatement:
    """CREATE or DROP INDEX CONCURRENTLY, as far as we must read it; `name` is SQL text, not yet looked up."""

    is_create: bool
    name: str | None
    table: str | None


def prepare_bare(connection: Connection, statement: str) -> None:
    """Drop the invalid index that an earlier attempt of CREATE INDEX CONCURRENTLY left under the same name.

    Errors: MigrationRefused while another session is still building it.
    """
    index = _parse_index_statement(statement)
    if index is None or not index.is_create or index.name is None:
        return
    found = _find_index(connection, index)
    if found is None or found.is_valid:
        return
    if found.builder is not None:
        raise MigrationRefused(
            f"index {found.name} is being built by process {found.builder}",
            help="let it finish, or end that process; then run the command again",
        )
    connection.execute(sql.SQL("DROP INDEX CONCURRENTLY {}").format(sql.Identifier(found.schema, found.name)))


def judge_interrupted(connection: Connection, statement: str) -> Verdict:
    """Return what became of `statement`, by what the catalog shows."""
    words = leading_words(statement, 2)
    if words[:1] in {("VACUUM",), ("ANALYZE",), ("REINDEX",), ("CLUSTER",), ("CHECKPOINT",)}:
        return Verdict.REPEAT
    if words == ("ALTER", "SYSTEM"):
        return Verdict.REPEAT
    index = _parse_index_statement(statement)
    if index is None or index.name is None:
        return Verdict.UNKNOWN
    found = _find_index(connection, index)
    if index.is_create:
        return Verdict.DONE if found is not None and found.is_valid else Verdict.REPEAT
    return Verdict.DONE if found is None else Verdict.REPEAT


@dataclass(frozen=True, slots=True, kw_only=True)
class _Index:
    schema: str
    name: str
    is_valid: bool
    builder: int | None


_FIND_INDEX: Final = """
SELECT n.nspname, c.relname, i.indisvalid, p.pid
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_index i ON i.indexrelid = c.oid
LEFT JOIN pg_stat_progress_create_index p ON p.index_relid = c.oid
"""
# A new index is made in the schema of its table, whatever the search path.
_OF_TABLE: Final = """
WHERE c.relname = (parse_ident(%(name)s))[1]
  AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass(%(table)s))
"""
_BY_NAME: Final = "WHERE c.oid = to_regclass(%(name)s)"


def _find_index(connection: Connection, index: _IndexStatement) -> _Index | None:
    query = _FIND_INDEX + (_OF_TABLE if index.is_create else _BY_NAME)
    row = connection.execute(query, {"name": index.name, "table": index.table}).fetchone()
    return None if row is None else _Index(schema=row[0], name=row[1], is_valid=row[2], builder=row[3])


def _parse_index_statement(statement: str) -> _IndexStatement | None:
    """Read `CREATE [UNIQUE] INDEX CONCURRENTLY [[IF NOT EXISTS] name] ON [ONLY] table` or DROP INDEX CONCURRENTLY."""
    words = [statement[t.start : t.end] for t in tokens(statement) if t.kind not in _BLANK]
    upper = [word.upper() for word in words]

    def skip(*expected: str) -> bool:
        if tuple(upper[: len(expected)]) != expected:
            return False
        del words[: len(expected)], upper[: len(expected)]
        return True

    def take_name() -> str | None:
        parts: list[str] = []
        while words:
            parts.append(words.pop(0))
            upper.pop(0)
            if upper[:1] != ["."]:
                break
            parts.append(words.pop(0))
            upper.pop(0)
        return "".join(parts) or None

    if skip("DROP", "INDEX", "CONCURRENTLY"):
        skip("IF", "EXISTS")
        name = take_name()
        return None if upper[:1] == [","] else _IndexStatement(is_create=False, name=name, table=None)
    is_create = skip("CREATE", "INDEX", "CONCURRENTLY") or skip("CREATE", "UNIQUE", "INDEX", "CONCURRENTLY")
    if not is_create:
        return None
    skip("IF", "NOT", "EXISTS")
    name = None if upper[:1] == ["ON"] else take_name()
    if not skip("ON"):
        return None
    skip("ONLY")
    return _IndexStatement(is_create=True, name=name, table=take_name())
