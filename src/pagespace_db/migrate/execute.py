"""One file, applied or undone: in one transaction together with its version row.

A file whose sections are all transactional leaves all of itself or nothing; other files are the business of `journal`.
"""

from __future__ import annotations

import time

import psycopg

from pagespace_db.errors import MigrationError
from pagespace_db.migrate.journal import JournalledRun
from pagespace_db.migrate.state import Progress, delete_version, insert_version, set_duration
from pagespace_db.migrate.work import AlreadyDone, Refused, Work
from pagespace_db.sqltext import Statement


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
    """Run everything in one transaction, the version row first.

    Another runner that does not know the lock waits at that row, and then finds the work done.
    """
    connection = work.connection
    start = time.monotonic()
    statement: Statement | str = "recording the version"
    try:
        connection.execute(b"BEGIN")
        _record(work)
        for statement in work.file.parsed.statements(work.direction):
            connection.execute(statement.text.encode())
        statement = "COMMIT"
        seconds = time.monotonic() - start
        if work.direction == "up" and not set_duration(connection, work.table, work.file.version, seconds):
            raise MigrationError(
                f"{work.file.path} deletes its own version, so that it would be applied again and again",
                help=f"leave the table {work.table.name} to the runner",
            )
        connection.execute(b"COMMIT")
    except psycopg.Error as error:
        if not connection.closed:
            connection.execute(b"ROLLBACK")
            outcome = "all of it was rolled back"
        elif statement == "COMMIT":
            outcome = "the connection broke at COMMIT; `pagespace-db migrate status` shows what became of it"
        else:
            outcome = "the connection broke, and the server rolled all of it back"
        raise Refused(error, statement, outcome, is_clean=not connection.closed) from error


def _record(work: Work) -> None:
    """Record the version as applied, or as not applied."""
    if work.direction == "up":
        try:
            insert_version(work.connection, work.table, work.file, "pagespace-db")
        except psycopg.errors.UniqueViolation:
            work.connection.execute(b"ROLLBACK")
            raise AlreadyDone from None
    elif not delete_version(work.connection, work.table, work.file.version):
        work.connection.execute(b"ROLLBACK")
        raise AlreadyDone
