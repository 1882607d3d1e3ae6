"""A statement that the server refused: where it is in its file, what the server said, and what that leaves behind.

Values of rows never enter a message: a server puts them into DETAIL, and into the text of some data errors.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Final

import psycopg

from pagespace_db.errors import Finding, MigrationError, SourceError
from pagespace_db.location import Location
from pagespace_db.migrate.file import MigrationFile
from pagespace_db.migrate.parse import Direction
from pagespace_db.sqltext import Statement

MASK: Final = "***"

_HELP_BY_SQLSTATE: Final = {
    "25001": "a statement that cannot run in a transaction needs a file whose directive says "
    "`-- migrate:up transaction:false`",
    "55P04": "a new enum value can be used only after the transaction that adds it: "
    "move ALTER TYPE ... ADD VALUE into a file of its own, before this one",
    "25006": "the server is a standby, or default_transaction_read_only is on for this login or database: name the "
    "primary, or turn that off",
    "55P03": "others held the lock for too long; run it again when they are done, or raise --lock-timeout",
}
_KEY_VALUES: Final = re.compile(r"=\(.*\)", re.DOTALL)
_ROW_VALUES: Final = re.compile(r"\(.*\)", re.DOTALL)
_QUOTED: Final = re.compile(r"\"[^\"]*\"", re.DOTALL)


class StatementRefused(SourceError):
    """The server refused a statement of a migration.

    Attributes:
        applied: The names of the files that this run applied, or undid, before.
        failed: The name of the file with the statement.
        pending: The names of the files that were not tried any more.
        outcome: What is left of the failed file.
    """

    def __init__(
        self,
        finding: Finding,
        *,
        direction: Direction,
        failed: str,
        applied: Sequence[str],
        pending: Sequence[str],
        outcome: str,
    ) -> None:
        super().__init__([finding], exit_code=4)
        self.failed, self.applied, self.pending = failed, tuple(applied), tuple(pending)
        self.outcome = outcome
        verb = "applied" if direction == "up" else "rolled back"
        lines = [
            self.message,
            f"{verb}: {', '.join(applied) or 'nothing'}",
            f"not {verb}: {', '.join([failed, *pending])}",
            f"{failed}: {outcome}",
        ]
        self.message = "\n".join(lines)

    def __str__(self) -> str:
        return self.message

    def facts(self) -> dict[str, object]:
        """Return what every `--json` prints of the error, with the files that are done and those that are not."""
        return super().facts() | {
            "applied": list(self.applied),
            "failed": self.failed,
            "pending": list(self.pending),
            "outcome": self.outcome,
        }


@contextmanager
def recording(table: str) -> Generator[None]:
    """Say what to do when the server does not let us change our tables.

    Errors: MigrationError.
    """
    try:
        yield
    except psycopg.errors.ReadOnlySqlTransaction as error:
        raise MigrationError(
            f"nothing can be recorded in the table {table}: {error.diag.message_primary}",
            help=_HELP_BY_SQLSTATE["25006"],
        ) from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise MigrationError(
            f"this login may not write the table {table}, or make it: {error.diag.message_primary}",
            help="let the owner of the tables run the migrations, or GRANT CREATE ON SCHEMA; "
            "--migrations-table SCHEMA.TABLE names another place",
        ) from error


def describe_failure(error: psycopg.Error, file: MigrationFile, statement: Statement | str) -> Finding:
    """Return what the server said of `statement`, at its place in `file`; a text is a step of our own, like COMMIT."""
    diagnostic = error.diag
    text = "" if isinstance(statement, str) else statement.text
    message = _mask_message(diagnostic.message_primary or str(error), error.sqlstate, text)
    if isinstance(statement, str):
        message = f"at {statement}: {message}"
    notes = [
        f"detail: {_mask_detail(diagnostic.message_detail, error.sqlstate)}" if diagnostic.message_detail else "",
        f"hint: {diagnostic.message_hint}" if diagnostic.message_hint else "",
        f"context: {_mask_message(diagnostic.context, error.sqlstate, text)}" if diagnostic.context else "",
    ]
    return Finding(
        message=message,
        location=_locate(diagnostic, file, statement),
        code=error.sqlstate,
        help=_help(error, statement),
        notes=tuple(note for note in notes if note),
    )


def _help(error: psycopg.Error, statement: Statement | str) -> str | None:
    if isinstance(statement, str) and isinstance(error, psycopg.errors.UndefinedTable):
        return "a migration must not drop the tables of the runner, nor the schema that they are in"
    return _HELP_BY_SQLSTATE.get(error.sqlstate or "")


def _locate(diagnostic: psycopg.errors.Diagnostic, file: MigrationFile, statement: Statement | str) -> Location:
    if isinstance(statement, str):
        return file.locate(0)
    position = diagnostic.statement_position
    if position is None:
        first_line = statement.text.partition("\n")[0].rstrip()
        return file.locate(statement.start, length=len(first_line))
    offset = int(position) - 1
    word = re.match(r"\w+|\"[^\"]*\"", statement.text[offset:])
    return file.locate(statement.start + offset, length=len(word[0]) if word else 1)


def _mask_detail(detail: str, sqlstate: str | None) -> str:
    """Return a DETAIL without values of rows, such as `Key (email)=(***) already exists`.

    The wording is the server's, in its language; only its parentheses are relied on.
    """
    if _KEY_VALUES.search(detail):
        return _KEY_VALUES.sub(f"=({MASK})", detail)
    if (sqlstate or "").startswith(("22", "23")):
        return _ROW_VALUES.sub(f"({MASK})", detail)
    return detail


def _mask_message(message: str, sqlstate: str | None, statement: str) -> str:
    """Return a message in which a data error's quoted value is masked, unless the file itself says it."""
    if not (sqlstate or "").startswith("22"):
        return message
    return _QUOTED.sub(lambda match: match[0] if match[0].strip('"') in statement else f'"{MASK}"', message)
