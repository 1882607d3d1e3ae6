"""Statements that run outside of a transaction, and what a crash or a failure of theirs leaves in the catalog.

CREATE INDEX CONCURRENTLY that fails leaves an invalid index, which takes the name and is maintained by every write,
but serves no query. It is dropped before the statement is sent again; so are those that REINDEX leaves. A partition
whose DETACH broke off is neither attached nor detached before that is finalized.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from psycopg import sql

from pagespace_db.errors import LockTimeout, MigrationRefused
from pagespace_db.migrate.concurrent import (
    IndexStatement,
    parse_detach_statement,
    parse_index_statement,
    parse_reindex_statement,
)
from pagespace_db.migrate.state import Connection
from pagespace_db.sqltext import leading_words

POLL_S: Final = 0.2
# Doing these again does no harm.
_REPEATABLE: Final = frozenset({("VACUUM",), ("ANALYZE",), ("REINDEX",), ("CLUSTER",), ("CHECKPOINT",)})


class Verdict(StrEnum):
    """What became of a statement whose end nobody saw."""

    DONE = "done"
    REPEAT = "repeat"
    UNKNOWN = "unknown"


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


def clear_way(connection: Connection, statement: str) -> None:
    """Drop the invalid indexes that an earlier attempt of the statement may have left.

    Errors: MigrationRefused while another session is still building one.
    """
    _drop_invalid_index(connection, statement)
    _drop_reindexed(connection, statement)


def send(connection: Connection, statement: str) -> None:
    """Send a statement outside of a transaction, or finish what an earlier attempt of it has begun."""
    if not _finalize_detach(connection, statement):
        connection.execute(statement.encode())


def _drop_invalid_index(connection: Connection, statement: str) -> None:
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


# Manual, REINDEX: an invalid index with one of these suffixes is what a REINDEX CONCURRENTLY that failed has left.
_REINDEXED: Final = """
SELECT n.nspname, c.relname
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' AND i.indrelid = to_regclass(%(name)s)
  AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p
                   WHERE p.relid = i.indrelid AND p.datname = current_database())
"""
_REINDEXED_OF_INDEX: Final = _REINDEXED.replace(
    "to_regclass(%(name)s)", "(SELECT indrelid FROM pg_index WHERE indexrelid = to_regclass(%(name)s))"
)


def _drop_reindexed(connection: Connection, statement: str) -> None:
    reindex = parse_reindex_statement(statement)
    if reindex is None:
        return
    query = _REINDEXED_OF_INDEX if reindex.is_index else _REINDEXED
    for schema, name in connection.execute(query, {"name": reindex.name}).fetchall():
        connection.execute(sql.SQL("DROP INDEX CONCURRENTLY {}").format(sql.Identifier(schema, name)))


_FIND_PARTITION: Final = """
SELECT pn.nspname, p.relname, cn.nspname, c.relname, i.inhdetachpending
FROM pg_inherits i
JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace cn ON cn.oid = c.relnamespace
WHERE i.inhparent = to_regclass(%(table)s) AND i.inhrelid = to_regclass(%(partition)s)
"""


def _finalize_detach(connection: Connection, statement: str) -> bool:
    """Finish the DETACH CONCURRENTLY that broke off half-way, and return whether there was any."""
    detach = parse_detach_statement(statement)
    if detach is None:
        return False
    names = {"table": detach.table, "partition": detach.partition}
    row = connection.execute(_FIND_PARTITION, names).fetchone()
    if row is None or not row[4]:
        return False
    query = sql.SQL("ALTER TABLE {} DETACH PARTITION {} FINALIZE")
    connection.execute(query.format(sql.Identifier(*row[:2]), sql.Identifier(*row[2:4])))
    return True


def judge_interrupted(connection: Connection, statement: str) -> Verdict:
    """Return what became of `statement`, by what the catalog shows."""
    words = leading_words(statement, 2)
    if words[:1] in _REPEATABLE or words == ("ALTER", "SYSTEM"):
        return Verdict.REPEAT
    detach = parse_detach_statement(statement)
    if detach is not None:
        names = {"table": detach.table, "partition": detach.partition}
        is_attached = connection.execute(_FIND_PARTITION, names).fetchone() is not None
        return Verdict.REPEAT if is_attached else Verdict.DONE
    index = parse_index_statement(statement)
    if index is None or index.name is None:
        return Verdict.UNKNOWN
    found = _find_index(connection, index)
    is_done = (found is not None and found.is_valid) if index.is_create else found is None
    return Verdict.DONE if is_done else Verdict.REPEAT


_FIND_INDEX: Final = """
SELECT n.nspname, c.relname, i.indisvalid, p.pid
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_index i ON i.indexrelid = c.oid
LEFT JOIN pg_stat_progress_create_index p ON p.index_relid = c.oid AND p.datname = current_database()
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
