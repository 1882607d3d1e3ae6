"""Runs the statements of a schema in a scratch database, and says what is wrong with them.

Statements go one by one. One that names something that does not exist yet is tried again when the others have run, for
as long as that gets any further; so the order of a schema is free, as in the tools that pg_dump's users know.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from threading import Timer
from typing import Any, Final

import psycopg
from psycopg import Connection
from psycopg.pq import TransactionStatus

from pagespace_codegen.catalog.mistakes import Failure, explain_failures
from pagespace_codegen.catalog.privileged import AsOwner, AsPlainRole, Refused, Skipped, treatment
from pagespace_codegen.catalog.source import SourceStatement
from pagespace_db.errors import Finding, SourceError

TIME_LIMIT_S: Final = 30.0
EXIT_SERVER_REFUSED: Final = 4

# SQLSTATEs of a statement that may succeed once others have run.
_MAY_COME_LATER: Final = frozenset(
    {
        "3F000",  # invalid_schema_name
        "42703",  # undefined_column
        "42704",  # undefined_object
        "42830",  # invalid_foreign_key: the unique constraint may be added later
        "42883",  # undefined_function
        "42P01",  # undefined_table
    }
)


def load(
    statements: Sequence[SourceStatement],
    connection: Connection[Any],
    owner: Connection[Any],
    *,
    time_limit_s: float = TIME_LIMIT_S,
) -> None:
    """Run `statements` on `connection`, a plain role's; on `owner` goes what only an owner may do.

    Errors: SourceError with every statement that failed for a reason of its own.
    """
    with _time_limit(connection, time_limit_s):
        waiting: list[Failure] = []
        for statement in statements:
            failure = _run(statement, connection, owner)
            if failure is None:
                continue
            waiting.append(failure)
            if connection.info.transaction_status is TransactionStatus.INERROR:
                break  # inside of the schema's own BEGIN nothing more can run
        while waiting:
            still = [
                failure
                for failure in waiting
                if failure.error.sqlstate not in _MAY_COME_LATER or _run(failure.statement, connection, owner)
            ]
            if len(still) == len(waiting):
                raise SourceError(explain_failures(waiting, owner), exit_code=EXIT_SERVER_REFUSED)
            waiting = still


def _run(statement: SourceStatement, connection: Connection[Any], owner: Connection[Any]) -> Failure | None:
    match treatment(statement.text, connection.info.user):
        case Skipped():
            return None
        case Refused(extension):
            raise SourceError(
                [
                    Finding(
                        message=f"the extension `{extension}` is not on the list of those that a schema may create",
                        location=statement.location(length=len(statement.text)),
                        code="extension",
                        help="leave it out of the schema; only extensions that reach no file or network are allowed",
                    )
                ]
            )
        case AsOwner(queries):
            try:
                for query in queries:
                    owner.execute(query)
            except psycopg.Error as error:
                return Failure(statement, error)
        case AsPlainRole():
            try:
                connection.execute(statement.text.encode())
            except psycopg.Error as error:
                return Failure(statement, error)
    return None


@contextmanager
def _time_limit(connection: Connection[Any], seconds: float) -> Generator[None]:
    """Cancel what runs on `connection` after `seconds`, whatever the schema set `statement_timeout` to."""
    timer = Timer(seconds, connection.cancel_safe)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
