"""`up --dry-run=apply`: what is pending is run on the database itself, in one transaction that is rolled back.

So the server says, on the rows that are there, whether it works, how long each statement takes and which locks it
holds. What holds locks holds them for the whole rehearsal: `lock_timeout` is for waiting, not for holding.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import psycopg

from pagespace_db.migrate.failure import StatementRefused, describe_failure
from pagespace_db.migrate.file import Folder, MigrationFile
from pagespace_db.migrate.look import Target, look
from pagespace_db.migrate.plan import Plan, Status
from pagespace_db.migrate.session import open_session
from pagespace_db.migrate.state import Connection
from pagespace_db.sqltext import Statement

# Manual, 13.3.1: these stop writing; the last one stops reading too. Weaker ones are nothing to be told about.
_MODES: Final = ("ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock")
_LOCKS: Final = """
SELECT l.relation::bigint, n.nspname || '.' || c.relname, l.mode, pg_total_relation_size(c.oid)::bigint,
       greatest(c.reltuples, 0)::bigint
  FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE l.pid = pg_backend_pid() AND l.granted AND l.mode = ANY (%s) AND c.relkind IN ('r', 'p', 'm')
   AND l.relation = ANY (%s)
"""
_TABLES: Final = """
SELECT c.oid::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
"""
_HARMLESS: Final = "nothing was changed: this was a rehearsal, in one transaction for all files"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """A lock on a table that was there before, which stops others from writing.

    Attributes:
        table: Schema and name.
        mode: As PostgreSQL calls it; `AccessExclusiveLock` stops reading too.
        size_bytes: With indexes and TOAST.
        rows: As the planner estimates them; 0 when it has never counted.
    """

    table: str
    mode: str
    size_bytes: int
    rows: int

    def __str__(self) -> str:
        stopped = "reading and writing" if self.mode == _MODES[-1] else "writing"
        return f"{self.mode} on {self.table} ({_size(self.size_bytes)}, about {self.rows:,} rows): stops {stopped}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A statement that was run.

    Attributes:
        seconds: How long the server took.
        locks: What it locked that was not locked so strongly before.
    """

    file: MigrationFile
    statement: Statement
    seconds: float
    locks: tuple[Lock, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What was tried, and the files that could not be: from the first one on that is not one transaction."""

    tried: tuple[Tried, ...]
    left_out: tuple[MigrationFile, ...]


def rehearse(target: Target, folder: Folder, make_plan: Callable[[Status], Plan]) -> Rehearsal:
    """Run what `make_plan` plans in one transaction, roll it back, and return what was seen.

    Errors: those of `make_plan`; StatementRefused for the first statement that fails, with nothing changed.
    """
    with open_session(target.url, lock_timeout_ms=target.lock_timeout_ms) as connection:
        files = make_plan(look(connection, target, folder)).files
        can_be_tried = [all(section.is_transactional for section in file.parsed.up) for file in files]
        count = can_be_tried.index(False) if False in can_be_tried else len(files)
        connection.execute("BEGIN")
        try:
            tried = tuple(_try_files(connection, files[:count]))
        finally:
            if not connection.closed:
                connection.execute("ROLLBACK")
        return Rehearsal(tried=tried, left_out=tuple(files[count:]))


def _try_files(connection: Connection, files: Iterable[MigrationFile]) -> Iterator[Tried]:
    tables = [row[0] for row in connection.execute(_TABLES)]
    known: dict[int, str] = {}
    for file in files:
        for statement in file.parsed.statements("up"):
            start = time.monotonic()
            try:
                connection.execute(statement.text.encode())
            except psycopg.Error as error:
                raise StatementRefused(
                    describe_failure(error, file, statement),
                    direction="up",
                    failed=file.name,
                    applied=(),
                    pending=(),
                    outcome=_HARMLESS,
                ) from error
            seconds = time.monotonic() - start
            yield Tried(
                file=file, statement=statement, seconds=seconds, locks=tuple(_new_locks(connection, tables, known))
            )
        connection.execute("RESET ROLE")
        connection.execute("RESET ALL")


def _new_locks(connection: Connection, tables: list[int], known: dict[int, str]) -> Iterator[Lock]:
    strongest: dict[int, Lock] = {}
    for oid, table, mode, size_bytes, rows in connection.execute(_LOCKS, (list(_MODES), tables)):
        if oid not in strongest or _MODES.index(mode) > _MODES.index(strongest[oid].mode):
            strongest[oid] = Lock(table=table, mode=mode, size_bytes=size_bytes, rows=rows)
    for oid, lock in sorted(strongest.items(), key=lambda item: item[1].table):
        if oid not in known or _MODES.index(lock.mode) > _MODES.index(known[oid]):
            known[oid] = lock.mode
            yield lock


def _size(size_bytes: int) -> str:
    size = float(size_bytes)
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1024:
            return f"{size:.0f} {unit}"
        size /= 1024
    return f"{size:.1f} TB"
