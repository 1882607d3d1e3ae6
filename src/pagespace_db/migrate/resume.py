"""Statements that run outside of a transaction, and what a crash or a failure of theirs leaves in the catalog.

CREATE INDEX CONCURRENTLY that fails leaves an invalid index, which takes the name and is maintained by every write,
but serves no query. It is dropped before the statement is sent again.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from psycopg import sql

from pagespace_db.errors import LockTimeout, MigrationRefused
from pagespace_db.migrate.state import Connection
from pagespace_db.sqltext import TokenKind, leading_words, tokens

POLL_S: Final = 0.2
_BLANK: Final = frozenset({TokenKind.SPACE, TokenKind.COMMENT})
# Doing these again does no harm.
_REPEATABLE: Final = frozenset({("VACUUM",), ("ANALYZE",), ("REINDEX",), ("CLUSTER",), ("CHECKPOINT",)})


class Verdict(StrEnum):
    """What became of a statement whose end nobody saw."""

    DONE = "done"
    REPEAT = "repeat"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexStatement:
    """CREATE or DROP INDEX CONCURRENTLY, as far as we must read it; names are SQL text, as written.

    Attributes:
        name: None when the server is to choose one.
        table: None for DROP.
    """

    is_create: bool
    name: str | None
    table: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Index:
    schema: str
    name: str
    is_valid: bool
    builder: int | None


def backend_name(connection: Connection) -> str:
    """Return a name of the connection's server process that no later process will have."""
    row = connection.execute(
        "SELECT pid || ' since ' || backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()"
    ).fetchone()
    return str(connection.info.backend_pid) if row is None else str(row[0])


def await_backend(connection: Connection, backend: str, *, wait_s: float) -> None:
    """Return when a server process is gone: one whose client died works on until its statement ends.

    Errors: LockTimeout after `wait_s` seconds.
    """
    deadline = time.monotonic() + wait_s
    query = "SELECT pid FROM pg_stat_activity WHERE pid || ' since ' || backend_start = %s"
    while (row := connection.execute(query, [backend]).fetchone()) is not None:
        if time.monotonic() >= deadline:
            raise LockTimeout(
                f"process {row[0]} of the server still runs a statement of an earlier run",
                help=f"let it finish, or end it: SELECT pg_terminate_backend({row[0]})",
            )
        time.sleep(POLL_S)


def drop_invalid_index(connection: Connection, statement: str) -> None:
    """Drop the invalid index that an earlier attempt of CREATE INDEX CONCURRENTLY left under the same name.

    Errors: MigrationRefused while another session is still building it.
    """
    index = parse_index_statement(statement)
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
    if words[:1] in _REPEATABLE or words == ("ALTER", "SYSTEM"):
        return Verdict.REPEAT
    index = parse_index_statement(statement)
    if index is None or index.name is None:
        return Verdict.UNKNOWN
    found = _find_index(connection, index)
    is_done = (found is not None and found.is_valid) if index.is_create else found is None
    return Verdict.DONE if is_done else Verdict.REPEAT


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


def _find_index(connection: Connection, index: IndexStatement) -> _Index | None:
    query = _FIND_INDEX + (_OF_TABLE if index.is_create else _BY_NAME)
    row = connection.execute(query, {"name": index.name, "table": index.table}).fetchone()
    return None if row is None else _Index(schema=row[0], name=row[1], is_valid=row[2], builder=row[3])


def parse_index_statement(statement: str) -> IndexStatement | None:
    """Read `CREATE [UNIQUE] INDEX CONCURRENTLY [[IF NOT EXISTS] name] ON [ONLY] table`, or DROP INDEX CONCURRENTLY.

    Anything else gives None.
    """
    words = _Words(statement)
    if words.take("DROP", "INDEX", "CONCURRENTLY"):
        words.take("IF", "EXISTS")
        return IndexStatement(is_create=False, name=words.take_name(), table=None)
    if not (words.take("CREATE", "INDEX", "CONCURRENTLY") or words.take("CREATE", "UNIQUE", "INDEX", "CONCURRENTLY")):
        return None
    words.take("IF", "NOT", "EXISTS")
    if words.take("ON"):
        name = None
    else:
        name = words.take_name()
        words.take("ON")
    words.take("ONLY")
    return IndexStatement(is_create=True, name=name, table=words.take_name())


class _Words:
    """The tokens of a statement, taken from the left."""

    def __init__(self, statement: str) -> None:
        self._words = [statement[t.start : t.end] for t in tokens(statement) if t.kind not in _BLANK]

    def take(self, *expected: str) -> bool:
        """Take these keywords if they come next, and return whether they did."""
        is_next = tuple(word.upper() for word in self._words[: len(expected)]) == expected
        if is_next:
            del self._words[: len(expected)]
        return is_next

    def take_name(self) -> str:
        """Take a name, `schema.name` or `"Quoted"`."""
        length = 1
        while self._words[length : length + 1] == ["."]:
            length += 2
        name = "".join(self._words[:length])
        del self._words[:length]
        return name
