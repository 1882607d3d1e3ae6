"""Runs the statements of a schema in a scratch database, and says what is wrong with them.

Statements go one by one. One that names something that does not exist yet is tried again when the others have run, for
as long as that gets any further; so the order of a schema is free, as in the tools that pg_dump's users know.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from itertools import groupby
from threading import Timer
from typing import Any, Final

import psycopg
from psycopg import Connection
from psycopg.abc import Query
from psycopg.pq import TransactionStatus

from pagespace_codegen.catalog.mistakes import Failure, explain_failures
from pagespace_codegen.catalog.privileged import (
    AsOwner,
    AsPlainRole,
    Refused,
    Skipped,
    is_transaction_control,
    treatment,
)
from pagespace_codegen.catalog.source import SourceStatement
from pagespace_db.errors import Finding, SourceError

TIME_LIMIT_S: Final = 30.0
EXIT_SERVER_REFUSED: Final = 4

# SQLSTATEs of a statement that may succeed once others have run.
MAY_COME_LATER: Final = frozenset(
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
    with time_limit(connection, time_limit_s):
        waiting = _first_round(statements, connection, owner)
        while waiting:
            still = [
                failure
                for failure in waiting
                if failure.error.sqlstate not in MAY_COME_LATER or _run(failure.statement, connection, owner)
            ]
            if len(still) == len(waiting):
                raise SourceError(explain_failures(waiting, owner), exit_code=EXIT_SERVER_REFUSED)
            waiting = still


def _first_round(
    statements: Sequence[SourceStatement], connection: Connection[Any], owner: Connection[Any]
) -> list[Failure]:
    """Run every statement once, and return those that failed.

    Neighbours that a plain role runs are sent together, which spares a round trip and a commit for each; when one of
    them fails, the server has undone them all, and they are run one by one.
    """
    if any(is_transaction_control(statement.text) for statement in statements):
        return _one_by_one(statements, connection, owner)
    failures: list[Failure] = []
    for is_plain, group in groupby(statements, key=lambda s: treatment(s.text, connection.info.user) == AsPlainRole()):
        neighbours = tuple(group)
        if is_plain and _run_together(neighbours, connection):
            continue
        failures += _one_by_one(neighbours, connection, owner)
    return failures


def _run_together(statements: Sequence[SourceStatement], connection: Connection[Any]) -> bool:
    """Run statements in one transaction of the server's own; return False when all of them were undone."""
    try:
        # A line end, as a statement may end in a line comment.
        connection.execute("\n;".join(statement.text for statement in statements).encode())
    except psycopg.Error as error:
        if isinstance(error, psycopg.errors.QueryCanceled):
            raise SourceError(explain_failures([Failure(statements[0], error)], connection)) from error
        return False
    return True


def _one_by_one(
    statements: Sequence[SourceStatement], connection: Connection[Any], owner: Connection[Any]
) -> list[Failure]:
    failures: list[Failure] = []
    for statement in statements:
        failure = _run(statement, connection, owner)
        if failure is not None:
            failures.append(failure)
        if connection.info.transaction_status is TransactionStatus.INERROR:
            break  # inside of the schema's own BEGIN nothing more can run
    return failures


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
            return _try(statement, owner, queries)
        case AsPlainRole():
            return _try(statement, connection, (statement.text.encode(),))


def _try(statement: SourceStatement, connection: Connection[Any], queries: Iterable[Query]) -> Failure | None:
    try:
        for query in queries:
            connection.execute(query)
    except psycopg.Error as error:
        return Failure(statement, error)
    return None


@contextmanager
def time_limit(connection: Connection[Any], seconds: float) -> Generator[None]:
    """Cancel what runs on `connection` after `seconds`, whatever the schema set `statement_timeout` to."""
    timer = Timer(seconds, connection.cancel_safe)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
