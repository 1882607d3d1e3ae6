"""What there is to do with one file, and how it can end. How it is done is in `execute` and `journal`."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

from pagespace_db.migrate.file import MigrationFile
from pagespace_db.migrate.parse import Direction
from pagespace_db.migrate.state import Connection, VersionTable
from pagespace_db.sqltext import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A file to apply or to undo, and where.

    Attributes:
        connection: In autocommit mode; the file's settings are left in it.
        wait_s: Seconds to wait for a server process that an earlier run has left behind.
    """

    connection: Connection
    table: VersionTable
    file: MigrationFile
    direction: Direction
    wait_s: float


class AlreadyDone(Exception):
    """Somebody else recorded the same change of the same version meanwhile."""


class Refused(Exception):
    """The server refused a statement; the runner makes a report of it.

    Attributes:
        cause: What the server said.
        statement: Which one; a text says what we did ourselves (`COMMIT`).
        outcome: What is left of the file.
        is_clean: Whether nothing of this attempt is left, so that it may be tried again.
    """

    def __init__(self, cause: psycopg.Error, statement: Statement | str, outcome: str, *, is_clean: bool) -> None:
        super().__init__(outcome)
        self.cause, self.statement, self.outcome, self.is_clean = cause, statement, outcome, is_clean
