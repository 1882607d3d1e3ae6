"""The runner: applies and undoes migrations, one runner at a time, each file exactly once.

It reads what is to be done without a lock, so that having nothing to do is cheap, and reads it again under the lock.
It tells a Reporter what it does, and prints nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol

from pagespace_db.errors import Finding
from pagespace_db.migrate.execute import run_file
from pagespace_db.migrate.failure import StatementRefused, describe_failure, recording
from pagespace_db.migrate.file import Folder, MigrationFile
from pagespace_db.migrate.lock import Holder, MigrationLock, hold_lock
from pagespace_db.migrate.look import Target, locate_tables, look
from pagespace_db.migrate.parse import Direction
from pagespace_db.migrate.plan import Plan, Status, compare, plan_redo
from pagespace_db.migrate.records import Repair, apply_repairs, check_not_empty
from pagespace_db.migrate.session import notices_to, open_session, reset_session
from pagespace_db.migrate.state import (
    Connection,
    Progress,
    VersionTable,
    ensure_tables,
    insert_facts,
    read_progress,
    read_state,
)
from pagespace_db.migrate.work import AlreadyDone, Refused, Work

# Somebody else was in the way; nothing of the attempt is left, so that it may be made again.
_RETRIED_SQLSTATES: Final = frozenset({"55P03", "40P01", "40001"})
_LONGEST_PAUSE_S: Final = 5.0


class Reporter(Protocol):
    """What a runner tells while it works."""

    def warning(self, finding: Finding) -> None:
        """Something is odd, and the runner goes on."""

    def waiting(self, holder: Holder | None) -> None:
        """Another runner holds the lock; called once."""

    def begins(self, file: MigrationFile, direction: Direction) -> None:
        """A file is about to be applied or undone."""

    def ends(self, file: MigrationFile, direction: Direction, seconds: float) -> None:
        """A file has been applied or undone."""

    def overtaken(self, file: MigrationFile) -> None:
        """Another tool, which does not know the lock, has done the same meanwhile."""

    def retries(self, file: MigrationFile, reason: str, pause_s: float) -> None:
        """A file was rolled back because others were in the way, and will be tried again after a pause."""

    def notice(self, severity: str, text: str) -> None:
        """The server sent a notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A file that a run applied or undid, and how many seconds it took."""

    file: MigrationFile
    direction: Direction
    seconds: float


def run(target: Target, folder: Folder, make_plan: Callable[[Status], Plan], reporter: Reporter) -> tuple[Done, ...]:
    """Carry out the plan that `make_plan` makes of the status under the lock, and return what was done.

    Errors: those of `make_plan`; LockTimeout; StatementRefused, after which all earlier files of the plan stay done.
    """
    with open_session(target.url, lock_timeout_ms=target.lock_timeout_ms) as connection:
        status = look(connection, target, folder)
        if not make_plan(status).files and not status.unknown:
            return ()
        with _locked(connection, target, folder, reporter) as held:
            return held.carry_out(make_plan(held.status))


def redo(target: Target, folder: Folder, make_plan: Callable[[Status], Plan], reporter: Reporter) -> tuple[Done, ...]:
    """Undo what `make_plan` says and apply the same files again, in one hold of the lock; return both.

    Errors: as those of `run`; what is wrong in an up section is found before anything is undone.
    """
    with locked(target, folder, reporter) as held:
        down = make_plan(held.status)
        up = plan_redo(down)
        undone = held.carry_out(down)
        return undone + held.carry_out(up)


def change_records(
    target: Target,
    folder: Folder,
    make_repairs: Callable[[Status], tuple[Repair, ...]],
    reporter: Reporter,
    *,
    is_baseline: bool = False,
) -> tuple[Repair, ...]:
    """Change what the database remembers, run no migration, and return what was changed.

    Errors: those of `make_repairs`; LockTimeout; MigrationRefused for a baseline of an empty database.
    """
    with locked(target, folder, reporter) as held:
        repairs = make_repairs(held.status)
        if is_baseline:
            check_not_empty(held.connection, held.table)
        with recording(held.table.name):
            apply_repairs(held.connection, held.table, held.status, repairs)
        return repairs


@contextmanager
def locked(target: Target, folder: Folder, reporter: Reporter) -> Generator[Held]:
    """Hold the lock: the tables are there, what another tool has applied is recorded, and the status is true."""
    with (
        open_session(target.url, lock_timeout_ms=target.lock_timeout_ms) as connection,
        _locked(connection, target, folder, reporter) as held,
    ):
        yield held


@contextmanager
def _locked(connection: Connection, target: Target, folder: Folder, reporter: Reporter) -> Generator[Held]:
    with hold_lock(target.url, wait_s=target.lock_wait_s, on_wait=reporter.waiting) as lock:
        with recording(target.table):
            table = ensure_tables(connection, locate_tables(connection, target))
        status = compare(folder, read_state(connection, table))
        if status.unknown:
            with recording(target.table), connection.transaction():
                insert_facts(connection, table, status.unknown, "unknown")
            status = compare(folder, read_state(connection, table))
        yield Held(connection=connection, target=target, table=table, status=status, lock=lock, reporter=reporter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A database whose migration lock we hold.

    Attributes:
        status: How every migration stood when the lock was got.
    """

    connection: Connection
    target: Target
    table: VersionTable
    status: Status
    lock: MigrationLock
    reporter: Reporter

    def carry_out(self, plan: Plan) -> tuple[Done, ...]:
        """Apply or undo the files of `plan`, and return those that were.

        Errors: StatementRefused; all earlier files of the plan stay done.
        """
        for warning in plan.warnings:
            self.reporter.warning(warning)
        progress = read_progress(self.connection, self.table)
        done: list[Done] = []
        for index, file in enumerate(plan.files):
            self.lock.check()
            self.reporter.begins(file, plan.direction)
            try:
                seconds = self._run_file(file, plan.direction, progress.get(file.version))
            except AlreadyDone:
                self.reporter.overtaken(file)
                continue
            except Refused as refused:
                raise StatementRefused(
                    describe_failure(refused.cause, file, refused.statement),
                    direction=plan.direction,
                    failed=file.name,
                    applied=[item.file.name for item in done],
                    pending=[later.name for later in plan.files[index + 1 :]],
                    outcome=refused.outcome,
                ) from refused.cause
            self.reporter.ends(file, plan.direction, seconds)
            done.append(Done(file=file, direction=plan.direction, seconds=seconds))
        return tuple(done)

    def _run_file(self, file: MigrationFile, direction: Direction, progress: Progress | None) -> float:
        """Run one file, again if others were in the way, and leave a session without a trace of it."""
        work = Work(
            connection=self.connection,
            table=self.table,
            file=file,
            direction=direction,
            wait_s=self.target.lock_wait_s,
        )
        attempt = 0
        while True:
            try:
                with notices_to(self.connection, self.reporter.notice):
                    seconds = run_file(work, progress)
            except Refused as refused:
                sqlstate = refused.cause.sqlstate
                if not refused.is_clean or sqlstate not in _RETRIED_SQLSTATES or attempt >= self.target.lock_retries:
                    raise
                attempt += 1
                pause_s = min(0.1 * 2**attempt, _LONGEST_PAUSE_S)
                self.reporter.retries(file, refused.cause.diag.message_primary or sqlstate, pause_s)
                time.sleep(pause_s)
                reset_session(self.connection)
                progress = read_progress(self.connection, self.table).get(file.version)
            else:
                reset_session(self.connection)
                return seconds
