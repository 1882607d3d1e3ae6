"""What a database tells about itself and the statements that it runs: never a value, never a password."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementEvent:
    """A statement that has ended.

    Attributes:
        sql: Its text, with numbered places for its values.
        duration_s: How long it took, from the dumping of its values to the last row, in seconds.
        row_count: Rows that it returned or wrote; None when it failed.
        sqlstate: The SQLSTATE of its error; None when it succeeded, or when the connection broke.
        error: The class of its error, or None.
        command: Its command, such as SELECT or COPY; None when it is not known, as for raw SQL that begins with WITH.
        table: The table that it writes to or reads first, with its schema unless that is public; None if not known.
        batch_size: How many statements it is, for a batch; their texts are joined by semicolons. Else None.
        database: The database.
        host: The host of the server, or the folder of its socket.
        port: Its port.
    """

    sql: str
    duration_s: float
    row_count: int | None = None
    sqlstate: str | None = None
    error: str | None = None
    command: str | None = None
    table: str | None = None
    batch_size: int | None = None
    database: str = ""
    host: str = ""
    port: int = 5432


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolStats:
    """How the connections of a database are used at one moment.

    Attributes:
        max_size: How many there may be.
        size: How many there are, those included that are being opened.
        idle: How many are free.
        in_use: How many run statements or hold transactions.
        waiting: How many callers wait for one.
    """

    max_size: int
    size: int
    idle: int
    in_use: int
    waiting: int


Hook: TypeAlias = Callable[[StatementEvent], object]
"""Is called after each statement, in the thread or task that ran it: after the last row of a stream or a COPY."""

LOGGER: Final = logging.getLogger("pagespace_db.statements")


def log_statements(*, slower_than_s: float = 0.0) -> Hook:
    """Return the hook that logs statements to the logger `pagespace_db.statements`: failures as warnings."""

    def log(event: StatementEvent) -> None:
        if event.error is not None:
            LOGGER.warning("%s %s after %.1f ms: %s", event.error, event.sqlstate, event.duration_s * 1e3, event.sql)
        elif event.duration_s >= slower_than_s:
            LOGGER.info("%d rows in %.1f ms: %s", event.row_count, event.duration_s * 1e3, event.sql)

    return log
