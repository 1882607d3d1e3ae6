"""The lock that lets one runner work at a time: dbmate's advisory lock, polled.

It is never waited for inside of the server: a session that waits holds a snapshot, CREATE INDEX CONCURRENTLY waits for
snapshots, and the two would deadlock. So it is tried again and again, outside of any transaction, and it lives on a
connection of its own, because the runner's other connection is reset between files.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from selectors import EVENT_READ, DefaultSelector
from typing import Final

import psycopg

from pagespace_db.errors import LockTimeout, MigrationError
from pagespace_db.migrate.session import open_session
from pagespace_db.migrate.state import Connection

LOCK_KEY: Final = 48372615  # dbmate's, the same for every database and table
POLL_S: Final = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who holds the lock, as far as this login may know."""

    pid: int
    application_name: str
    address: str
    since: str

    def __str__(self) -> str:
        name = f" ({self.application_name})" if self.application_name else ""
        return f"process {self.pid}{name} at {self.address}, connected since {self.since}"


class MigrationLock:
    """The lock, held on its own connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def check(self) -> None:
        """Do nothing while the lock is held.

        A server that ends a connection says so on it: only then it is asked, so that a check costs no round trip.

        Errors: MigrationError when its connection broke, for then another runner may have begun.
        """
        try:
            with DefaultSelector() as selector:
                selector.register(self._connection.fileno(), EVENT_READ)
                if selector.select(timeout=0):
                    self._connection.execute("SELECT")
        except psycopg.OperationalError as error:
            raise MigrationError(
                "the connection that held the migration lock broke; nothing more was done",
                help="run the command again; it goes on where this one ended",
            ) from error


@contextmanager
def hold_lock(url: str, *, wait_s: float, on_wait: Callable[[Holder | None], None]) -> Generator[MigrationLock]:
    """Hold the migration lock of the database of `url`; `on_wait` is called once if somebody else has it.

    Errors: LockTimeout when it was not free within `wait_s` seconds.
    """
    deadline = time.monotonic() + wait_s
    with open_session(url) as connection:
        has_told = False
        while not _try_lock(connection):
            remaining_s = deadline - time.monotonic()
            if remaining_s <= 0:
                holder = _find_holder(connection)
                raise LockTimeout(
                    f"timed out after {wait_s:g} s waiting for the migration lock, which is held by "
                    f"{holder or 'another process'}",
                    help="let that runner finish, or wait longer with --wait; "
                    "the lock goes away with its holder's connection",
                )
            if not has_told:
                on_wait(_find_holder(connection))
                has_told = True
            time.sleep(min(POLL_S, remaining_s))
        yield MigrationLock(connection)
        # Closing the connection releases the lock, also when this process dies.


def _try_lock(connection: Connection) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", [LOCK_KEY]).fetchone()
    return row is not None and bool(row[0])


def _find_holder(connection: Connection) -> Holder | None:
    row = connection.execute(
        "SELECT l.pid, coalesce(a.application_name, ''), coalesce(host(a.client_addr), 'a local socket'),"
        " coalesce(to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS TZ'), 'an unknown time')"
        " FROM pg_locks l LEFT JOIN pg_stat_activity a USING (pid)"
        " WHERE l.locktype = 'advisory' AND l.classid = 0 AND l.objid = %s AND l.objsubid = 1 AND l.granted"
        " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        [LOCK_KEY],
    ).fetchone()
    return None if row is None else Holder(pid=row[0], application_name=row[1], address=row[2], since=row[3])
