"""One file, applied or undone: in one transaction together with its version row.

A file whose sections are all transactional leaves all of itself or nothing; other files are the business of `journal`.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import psycopg
from psycopg import sql

from pagespace_db.errors import MigrationError
from pagespace_db.migrate.journal import JournalledRun
from pagespace_db.migrate.state import Progress, duration_updates, version_delete, version_inserts
from pagespace_db.migrate.work import AlreadyDone, Refused, Work
from pagespace_db.sqltext import Statement, leading_words

Cursor: TypeAlias = psycopg.Cursor[tuple[Any, ...]]
_Step: TypeAlias = Statement | sql.SQL | sql.Composed

_BEGIN: Final = sql.SQL("BEGIN")


def run_file(work: Work, progress: Progress | None) -> float:
    """Do the work, or what `progress` leaves of it, and record that; return how many seconds it took.

    Errors: Refused for a statement that failed, AlreadyDone when there was nothing to do any more, MigrationRefused
    and LockTimeout when a file that broke off cannot be gone on with.
    """
    start = time.monotonic()
    if progress is None and all(section.is_transactional for section in work.file.parsed.sections(work.direction)):
        _run_in_transaction(work)
    else:
        JournalledRun(work).run(progress)
    return time.monotonic() - start


def _run_in_transaction(work: Work) -> None:
    """Run everything in one transaction, the version row first; all but COMMIT is sent without waiting for answers.

    Another runner that does not know the lock waits at that row, and then finds the work done.
    """
    connection = work.connection
    steps = _steps(work)
    record = next(place for place, step in enumerate(steps[1:], 1) if not isinstance(step, Statement))
    cursors: list[Cursor] = []
    try:
        with connection.pipeline():
            for step in steps:
                query = step.text.encode() if isinstance(step, Statement) else step
                cursors.append(connection.execute(query))
        _check_record(work, cursors, record)
        connection.execute(b"COMMIT")
    except psycopg.Error as error:
        failed = next((place for place, cursor in enumerate(cursors) if cursor.statusmessage is None), len(steps))
        if not connection.closed:
            connection.execute(b"ROLLBACK")
            outcome = "all of it was rolled back"
        elif failed == len(steps):
            outcome = "the connection broke at COMMIT; `pagespace-db migrate status` shows what became of it"
        else:
            outcome = "the connection broke, and the server rolled all of it back"
        if _is_done_already(work, failed, cursors, record, error):
            raise AlreadyDone from None
        statement = "COMMIT" if failed == len(steps) else _shown(steps[failed])
        raise Refused(error, statement, outcome, is_clean=not connection.closed) from error


def _shown(step: _Step) -> Statement | str:
    return step if isinstance(step, Statement) else "recording the version"


def _steps(work: Work) -> list[_Step]:
    """Return what is sent before COMMIT, in order; the records of the version come as early as can be."""
    file, table = work.file, work.table
    statements = work.file.parsed.statements(work.direction)
    first = tuple(itertools.takewhile(_must_come_first, statements))
    rest = statements[len(first) :]
    if work.direction == "up":
        inserts = version_inserts(table, file, "pagespace-db")
        return [_BEGIN, *first, *inserts, *rest, *duration_updates(table, file.version)]
    return [_BEGIN, *first, version_delete(table, file.version), *rest]


def _must_come_first(statement: Statement) -> bool:
    """Return whether a statement sets the isolation of its transaction, which must not have done anything before."""
    return leading_words(statement.text, 2) == ("SET", "TRANSACTION")


def _check_record(work: Work, cursors: Sequence[Cursor], record: int) -> None:
    """Refuse to commit when the version is not recorded as it should be, and roll back.

    Errors: AlreadyDone, MigrationError.
    """
    if work.direction == "down" and cursors[record].rowcount == 0:
        work.connection.execute(b"ROLLBACK")
        raise AlreadyDone
    if work.direction == "up" and cursors[-1].rowcount == 0:
        raise MigrationError(
            f"{work.file.path} deletes its own version, so that it would be applied again and again",
            help=f"leave the table {work.table.name} to the runner",
        )


def _is_done_already(work: Work, failed: int, cursors: Sequence[Cursor], record: int, error: psycopg.Error) -> bool:
    if work.direction == "up":
        return failed == record and isinstance(error, psycopg.errors.UniqueViolation)
    return failed > record and cursors[record].rowcount == 0
