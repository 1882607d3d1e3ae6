"""Runs the statements of a schema in a scratch database, and says what is wrong with them.

Statements go one by one. One that names something that does not exist yet is tried again when the others have run, for
as long as that gets any further; so the order of a schema is free, as in the tools that pg_dump's users know. One that
drops what is not there is never tried again: it was meant for what an earlier run had left.

The owner's connection runs extensions and foreign data wrappers only. Its `search_path` is `pg_catalog` at all other
times, so that no query of ours ever meets a function or an operator that the schema planted.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from itertools import groupby
from threading import Timer
from typing import Any, Final

import psycopg
from psycopg import Connection, sql
from psycopg.abc import Query
from psycopg.pq import TransactionStatus

from pagespace_codegen.catalog import absent
from pagespace_codegen.catalog.mistakes import Failure, explain_failures
from pagespace_codegen.catalog.privileged import (
    AsOwner,
    AsPlainRole,
    Refused,
    Skipped,
    extension_schema,
    is_transaction_control,
    required_extension,
    treatment,
)
from pagespace_codegen.catalog.source import SourceStatement
from pagespace_codegen.catalog.stand_ins import STAND_INS, stand_in
from pagespace_db.errors import Finding, SourceError
from pagespace_db.sqltext import TokenKind, leading_words, tokens

TIME_LIMIT_S: Final = 30.0
GRACE_S: Final = 2.0
LOCK_TIMEOUT_MS: Final = 5_000
TOGETHER: Final = 100
"""The statements of one transaction: each that fails costs its neighbours, and locks grow dearer with their number."""
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


_WRAPPING: Final = frozenset({("BEGIN",), ("START",), ("COMMIT",), ("END",)})
_UNDOING: Final = frozenset({("ABORT",), ("PREPARE",), ("RELEASE",), ("ROLLBACK",), ("SAVEPOINT",)})


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
    owner.execute("SET search_path = pg_catalog")
    owner.execute(
        sql.SQL("SET lock_timeout = {}").format(sql.Literal(LOCK_TIMEOUT_MS))
    )  # a schema may lock what its own extension waits for
    with time_limit(connection, time_limit_s, owner=owner):
        waiting = _first_round(_unwrapped(statements), connection, owner)
        while waiting:
            still = [
                failure
                for failure in waiting
                if failure.error.sqlstate not in MAY_COME_LATER or _run(failure.statement, connection, owner)
            ]
            if len(still) == len(waiting):
                raise SourceError(explain_failures(waiting, owner), exit_code=EXIT_SERVER_REFUSED)
            waiting = still
    if connection.info.transaction_status is not TransactionStatus.IDLE:
        raise SourceError([_unfinished(statements)], exit_code=EXIT_SERVER_REFUSED)


def _unfinished(statements: Sequence[SourceStatement]) -> Finding:
    begins = [statement for statement in statements if leading_words(statement.text, 1)[:1] in {("BEGIN",), ("START",)}]
    return Finding(
        message="the schema begins a transaction that it does not end, so that nothing would be left of it",
        location=begins[-1].location(length=len(begins[-1].text)) if begins else None,
        code="transaction",
        help="add COMMIT at its end, or leave BEGIN out: a schema is loaded as a whole or not at all",
    )


def _unwrapped(statements: Sequence[SourceStatement]) -> Sequence[SourceStatement]:
    """Return the statements without BEGIN and COMMIT, if that is all a schema does with transactions.

    What needs the owner, such as an extension, could not see what a transaction has not committed yet.
    """
    heads = [leading_words(statement.text, 2) for statement in statements]
    if any(head[:1] in _UNDOING or head == ("SET", "LOCAL") for head in heads):
        return statements
    return [statement for statement, head in zip(statements, heads, strict=True) if head[:1] not in _WRAPPING]


def _first_round(
    statements: Sequence[SourceStatement], connection: Connection[Any], owner: Connection[Any]
) -> list[Failure]:
    """Run every statement once, and return those that failed.

    Neighbours that a plain role runs are sent together, some at a time, which spares a round trip and a commit for
    each; when one of them fails, the server has undone those that went with it, and they are run one by one.
    """
    if any(is_transaction_control(statement.text) for statement in statements):
        return _one_by_one(statements, connection, owner)
    failures: list[Failure] = []
    for is_plain, group in groupby(statements, key=lambda s: treatment(s.text, connection.info.user) == AsPlainRole()):
        neighbours = tuple(group)
        for start in range(0, len(neighbours), TOGETHER):
            some = neighbours[start : start + TOGETHER]
            if not (is_plain and _run_together(some, connection)):
                failures += _one_by_one(some, connection, owner)
    return failures


def _run_together(statements: Sequence[SourceStatement], connection: Connection[Any]) -> bool:
    """Run statements in one transaction of the server's own; return False when all of them were undone."""
    try:
        # A line end, as a statement may end in a line comment.
        connection.execute("\n;".join(statement.text for statement in statements).encode())
    except psycopg.Error as error:
        if _is_out_of_time(error):
            raise SourceError(
                explain_failures([Failure(statements[0], error)], connection), exit_code=EXIT_SERVER_REFUSED
            ) from error
        return False
    return True


def _one_by_one(
    statements: Sequence[SourceStatement], connection: Connection[Any], owner: Connection[Any]
) -> list[Failure]:
    failures: list[Failure] = []
    for statement in statements:
        failure = _run(statement, connection, owner)
        if failure is not None and not (failure.error.sqlstate in MAY_COME_LATER and _drops(statement.text)):
            failures.append(failure)
        if failure is not None and _is_out_of_time(failure.error):
            raise SourceError(explain_failures([failure], owner), exit_code=EXIT_SERVER_REFUSED)
        if connection.info.transaction_status is TransactionStatus.INERROR:
            break  # inside of the schema's own BEGIN nothing more can run
    return failures


def _drops(statement: str) -> bool:
    """Whether a statement drops something: an object, or a column or constraint of a table."""
    words = [statement[start:end].lower() for kind, start, end in tokens(statement) if kind is TokenKind.IDENTIFIER]
    return words[:1] == ["drop"] or (words[:2] == ["alter", "table"] and "drop" in words and "add" not in words)


def _is_out_of_time(error: psycopg.Error) -> bool:
    return isinstance(error, psycopg.errors.QueryCanceled | psycopg.errors.AdminShutdown)


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
            return _run_as_owner(statement, queries, connection, owner)
        case AsPlainRole():
            return _run_plain(statement, connection)


def _run_plain(statement: SourceStatement, connection: Connection[Any]) -> Failure | None:
    """Run a statement as the plain role, if need be without what this server has not."""
    failure = _try(statement, connection, (statement.text.encode(),))
    if failure is None or failure.error.sqlstate not in absent.SQLSTATES:
        return failure
    rest = absent.without_absent(statement.text)
    if rest == absent.LEFT_OUT:
        return None
    return failure if rest is None or _try(statement, connection, (rest.encode(),)) else None


def _run_as_owner(
    statement: SourceStatement, queries: Iterable[Query], connection: Connection[Any], owner: Connection[Any]
) -> Failure | None:
    """Run `queries` in the schema that comes first for the plain role, as they would run in a session of its own."""
    row = connection.execute("SELECT current_schema()").fetchone()
    schema = "public" if row is None or row[0] is None else str(row[0])
    owner.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(schema)))
    failure = _try(statement, owner, queries)
    owner.execute("SET search_path = pg_catalog")
    extension = required_extension(statement.text)
    if (
        failure is None
        or extension not in STAND_INS
        or not isinstance(failure.error, psycopg.errors.FeatureNotSupported)
    ):
        return failure
    return _try(statement, connection, stand_in(extension, extension_schema(statement.text) or schema))


def _try(statement: SourceStatement, connection: Connection[Any], queries: Iterable[Query]) -> Failure | None:
    try:
        for query in queries:
            connection.execute(query)
    except psycopg.Error as error:
        return Failure(statement, error)
    return None


@contextmanager
def time_limit(connection: Connection[Any], seconds: float, *, owner: Connection[Any] | None = None) -> Generator[None]:
    """Cancel what runs on `connection` after `seconds`, whatever the schema set `statement_timeout` to.

    A function may catch that; so `owner`, if it is given, ends the session a little later.
    """
    timers = [Timer(seconds, connection.cancel_safe)]
    if owner is not None:
        end = "SELECT pg_catalog.pg_terminate_backend(%s)"
        timers.append(Timer(seconds + GRACE_S, owner.execute, (end, (connection.info.backend_pid,))))
    for timer in timers:
        timer.daemon = True
        timer.start()
    try:
        yield
    finally:
        for timer in timers:
            timer.cancel()
