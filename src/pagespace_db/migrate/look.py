"""Looking at a database without changing it: how its migrations stand, and what is odd about them."""

from __future__ import annotations

from dataclasses import dataclass

from pagespace_db.errors import Finding
from pagespace_db.migrate.file import Folder
from pagespace_db.migrate.plan import Status, compare
from pagespace_db.migrate.session import open_session, version_schema
from pagespace_db.migrate.state import DEFAULT_TABLE, Connection, VersionTable, find_tables, read_state
from pagespace_db.migrate.verify import check_indexes, check_status


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The database to act on, and how patient to be with it.

    Attributes:
        url: A connection string; dbmate's `search_path` and `socket` parameters are understood.
        table: The version table, `table` or `schema.table`.
        lock_wait_s: Seconds to wait for other runners.
        lock_timeout_ms: Milliseconds that a statement may wait for a lock; 0 is for ever.
        lock_retries: How often a file that met a lock or a deadlock is tried again.
    """

    url: str
    table: str = DEFAULT_TABLE
    lock_wait_s: float = 300.0
    lock_timeout_ms: int = 5_000
    lock_retries: int = 10


def read_status(target: Target, folder: Folder) -> Status:
    """Return how every migration stands; changes nothing."""
    with open_session(target.url) as connection:
        return look(connection, target, folder)


def verify(target: Target, folder: Folder) -> tuple[Finding, ...]:
    """Return everything that is odd about the folder and the database; changes nothing."""
    with open_session(target.url) as connection:
        return (*check_status(look(connection, target, folder)), *check_indexes(connection))


def locate_tables(connection: Connection, target: Target) -> VersionTable:
    """Return where the version table of `target` is, or would be."""
    return find_tables(connection, target.table, schema=version_schema(target.url))


def look(connection: Connection, target: Target, folder: Folder) -> Status:
    """Return how every migration stands, as `connection` sees it."""
    return compare(folder, read_state(connection, locate_tables(connection, target)))
