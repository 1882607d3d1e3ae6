"""One file, applied or undone statement by statement, with a journal: files with `transaction:false`.

Each statement still gets a transaction of its own, in which its progress is saved with it, so that a crash leaves no
doubt. Only a statement which the server refuses to run like that (CREATE INDEX CONCURRENTLY, VACUUM, the CALL of a
procedure that commits) is sent bare, between two entries of the journal; `resume` judges what a crash in between left.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg.pq import TransactionStatus

from pagespace_db.errors import MigrationRefused
from pagespace_db.migrate.concurrent import parse_index_statement
from pagespace_db.migrate.parse import Section, joint_checksum, statement_checksum
from pagespace_db.migrate.resume import Verdict, await_backend, backend_name, clear_way, judge_interrupted, send
from pagespace_db.migrate.state import (
    Connection,
    Progress,
    delete_progress,
    delete_version,
    insert_version,
    return_to_own_role,
    save_progress,
    set_duration,
)
from pagespace_db.migrate.work import Refused, Work
from pagespace_db.sqltext import Statement, TokenKind, leading_words, tokens


@dataclass(frozen=True, slots=True)
class _Step:
    """Statements of a file that belong into one transaction, or one that is tried in one first."""

    statements: tuple[Statement, ...]
    is_transactional: bool


class JournalledRun:
    """A file of which some statements run outside of a transaction: each step is recorded as it is done."""

    def __init__(self, work: Work) -> None:
        self._work, self._connection = work, work.connection
        self._statements = work.file.parsed.statements(work.direction)

    def run(self, progress: Progress | None) -> None:
        """Run the statements that are not done yet."""
        steps = tuple(_steps(self._work.file.parsed.sections(self._work.direction)))
        start = time.monotonic()
        if progress is None:
            done = 0
            self._save(0)
        else:
            done = self._resume(progress)
        position = 0
        for step in steps:
            position += len(step.statements)
            if position <= done:
                continue
            if step.is_transactional:
                self._run_step(step.statements, position)
            else:
                self._run_alone(step.statements[0], position)
        self._finish(time.monotonic() - start)

    def _resume(self, progress: Progress) -> int:
        """Return how many statements are done, after looking at the one whose end nobody saw."""
        if progress.backend is not None:
            await_backend(self._connection, progress.backend, wait_s=self._work.wait_s)
        for statement in filter(_is_setting, self._statements[: progress.done]):
            self._connection.execute(statement.text.encode())
        if progress.running is None or progress.done == len(self._statements):
            return progress.done
        statement = self._statements[progress.done]
        if statement_checksum(statement.text) != progress.running:
            return progress.done  # another statement stands there now: the user has dealt with it
        match judge_interrupted(self._connection, statement.text):
            case Verdict.DONE:
                self._save(progress.done + 1)
                return progress.done + 1
            case Verdict.REPEAT:
                return progress.done
            case Verdict.UNKNOWN:
                version = self._work.file.version
                raise MigrationRefused(
                    f"{self._work.file.locate(statement.start)}: the connection broke while this statement ran, "
                    f"and nobody can tell whether it is done:\n    {_first_line(statement)}",
                    help=f"look at the database; then `pagespace-db migrate repair --done {version}` if it is done, "
                    f"or `--not-done {version}` to have it run again",
                )

    def _run_step(self, statements: Sequence[Statement], position: int) -> None:
        """Run the statements of a transactional section in one transaction, together with their progress."""
        statement: Statement | str = "BEGIN"
        try:
            self._connection.execute(b"BEGIN")
            for statement in statements:
                self._connection.execute(statement.text.encode())
            statement = "COMMIT"
            self._save(position)
            self._connection.execute(b"COMMIT")
        except psycopg.Error as error:
            raise self._refused(error, statement, position - len(statements)) from error

    def _run_alone(self, statement: Statement, position: int) -> None:
        """Run a statement of a `transaction:false` section: in its own transaction if the server lets us."""
        try:
            self._connection.execute(b"BEGIN")
            self._connection.execute(statement.text.encode())
            self._save(position)
            self._connection.execute(b"COMMIT")
        except psycopg.Error as error:
            if not _needs_no_transaction(error, statement) or self._connection.closed:
                raise self._refused(error, statement, position - 1) from error
            self._connection.execute(b"ROLLBACK")
            self._run_bare(statement, position)

    def _run_bare(self, statement: Statement, position: int) -> None:
        """Run a statement that must not be in a transaction, and journal that it began and that it ended."""
        connection = self._connection
        try:
            clear_way(connection, statement.text)
            self._save(position - 1, running=statement)
            with _patient(connection):
                send(connection, statement.text)
            self._save(position)
        except psycopg.Error as error:
            if not connection.closed:
                self._save(position - 1)
            raise self._refused(error, statement, position - 1) from error

    def _finish(self, seconds: float) -> None:
        """Record the version; should another tool have done so meanwhile, then only forget the journal."""
        connection, table, file = self._connection, self._work.table, self._work.file
        with connection.transaction():
            return_to_own_role(connection)
            delete_progress(connection, table, file.version)
            if self._work.direction == "down":
                delete_version(connection, table, file.version)
                return
            try:
                with connection.transaction():
                    insert_version(connection, table, file, "pagespace-db")
                    set_duration(connection, table, file.version, seconds)
            except psycopg.errors.UniqueViolation:
                return

    def _save(self, done: int, *, running: Statement | None = None) -> None:
        progress = Progress(
            version=self._work.file.version,
            direction=self._work.direction,
            done=done,
            done_checksum=joint_checksum(self._statements[:done]),
            running=None if running is None else statement_checksum(running.text),
            backend=None if running is None else backend_name(self._connection),
        )
        with self._connection.transaction():
            return_to_own_role(self._connection)
            save_progress(self._connection, self._work.table, progress)

    def _refused(self, error: psycopg.Error, statement: Statement | str, done: int) -> Refused:
        total = len(self._statements)
        is_lost = self._connection.closed
        if not is_lost and self._connection.info.transaction_status is not TransactionStatus.IDLE:
            self._connection.execute(b"ROLLBACK")
        outcome = (
            f"{'the connection broke; ' if is_lost else ''}{done} of its {total} statements are done and stay; "
            f"the next `{self._work.direction}` goes on after them"
        )
        index = None if isinstance(statement, str) else parse_index_statement(statement.text)
        if index is not None and index.is_create and index.name is not None:
            outcome += f", and drops the index {index.name} first if this attempt left it invalid"
        return Refused(error, statement, outcome, is_clean=not is_lost)


def _steps(sections: Iterable[Section]) -> Iterable[_Step]:
    for section in sections:
        if section.is_transactional:
            yield _Step(section.statements, is_transactional=True)
        else:
            yield from (_Step((statement,), is_transactional=False) for statement in section.statements)


def _needs_no_transaction(error: psycopg.Error, statement: Statement) -> bool:
    """Return whether the server refused a statement only because it was sent inside of a transaction."""
    if isinstance(error, psycopg.errors.ActiveSqlTransaction):
        return True
    # A procedure that commits says so when it gets there; the transaction around it undoes what it did before.
    commits = isinstance(error, psycopg.errors.InvalidTransactionTermination)
    return commits and leading_words(statement.text, 1) in {("CALL",), ("DO",)}


@contextmanager
def _patient(connection: Connection) -> Generator[None]:
    """Lift our limit on waits for locks, unless the file has set one of its own.

    While CONCURRENTLY waits nobody queues up behind it, and if it gave up it would leave an invalid index.
    """
    row = connection.execute("SELECT source FROM pg_settings WHERE name = 'lock_timeout'").fetchone()
    if row is not None and row[0] == "session":
        yield
        return
    connection.execute(b"SET lock_timeout = 0")
    yield
    connection.execute(b"RESET lock_timeout")


def _is_setting(statement: Statement) -> bool:
    """Return whether a statement only changes the session: a run that goes on after it has to send it again."""
    words = [
        statement.text[token.start : token.end].lower()
        for token in tokens(statement.text)
        if token.kind is TokenKind.IDENTIFIER
    ]
    return words[:1] in (["set"], ["reset"]) or words in (
        ["select", "set_config"],
        ["select", "pg_catalog", "set_config"],
    )


def _first_line(statement: Statement) -> str:
    return statement.text.partition("\n")[0].rstrip()
