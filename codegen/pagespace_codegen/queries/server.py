"""The conversation with the server: it prepares every query, and gives its own analysis of it. Nothing is executed.

A query is prepared first: the protocol takes one statement only, so that no text can escape from the function body that
it is put into next, for the sake of its tree (manual, CREATE FUNCTION, `sql_body`). All of that is rolled back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import Connection, pq

_BATCH: Final = 64
_IN_A_ROUND_TRIP: Final = 32_768
_TREES: Final = """
SELECT proname, prosqlbody::text FROM pg_catalog.pg_proc
WHERE pronamespace = pg_catalog.pg_my_temp_schema() AND proname = ANY (%s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerColumn:
    """A column of a result, as the server describes it.

    Attributes:
        name: Its name.
        type_oid: Its type; of a domain the type below it.
        relation_oid: The table or view that it comes from, or 0.
        attribute: Its number there.
    """

    name: str
    type_oid: int
    relation_oid: int
    attribute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What the server says of a statement that it has prepared: the types of its parameters, and its columns."""

    parameter_oids: tuple[int, ...]
    columns: tuple[ServerColumn, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerError:
    """What the server says of a statement that it refuses.

    Attributes:
        sqlstate: The code of the error.
        message: The message, in the language of the server.
        detail: The detail, or None.
        hint: The hint, or None.
        position: The character of the statement that is to blame, from 1; None when there is none.
    """

    sqlstate: str
    message: str
    detail: str | None = None
    hint: str | None = None
    position: int | None = None


def prepare(connection: Connection[Any], statements: Sequence[str]) -> list[Prepared | ServerError]:
    """Return what the server says of each statement. The connection has to be idle."""
    found: list[Prepared | ServerError] = []
    for batch in _batches(statements):
        found += _prepare_batch(connection, batch)
    return found


def type_names(connection: Connection[Any], oids: set[int]) -> dict[int, str]:
    """Return the types as the server spells them under the search path of the session."""
    rows = connection.execute(
        "SELECT oid, pg_catalog.format_type(oid, NULL) FROM pg_catalog.unnest(%s::oid[]) AS oid", [sorted(oids)]
    )
    return dict(rows.fetchall())


def load_trees(
    connection: Connection[Any], statements: Sequence[tuple[str, Prepared]], names: dict[int, str]
) -> list[str | None]:
    """Return the query tree of each prepared statement, as text; None for one that has none, such as SHOW."""
    creations = {
        f"pagespace_{number}": _creation(f"pagespace_{number}", statement, prepared, names)
        for number, (statement, prepared) in enumerate(statements)
    }
    try:
        found = _create_all(connection, creations)
    except psycopg.Error:
        found = _create_one_by_one(connection, creations)
    return [found.get(name) for name in creations]


def _batches(statements: Sequence[str]) -> Iterator[list[str]]:
    """Yield the statements in parts that fit the buffers of a socket, so that neither side waits for the other."""
    batch: list[str] = []
    size = 0
    for statement in statements:
        if batch and (len(batch) == _BATCH or size + len(statement) > _IN_A_ROUND_TRIP):
            yield batch
            batch, size = [], 0
        batch.append(statement)
        size += len(statement)
    if batch:
        yield batch


def _prepare_batch(connection: Connection[Any], statements: Sequence[str]) -> list[Prepared | ServerError]:
    """Psycopg has no call that describes a statement without executing it; libpq has."""
    pgconn, encoding = connection.pgconn, connection.info.encoding
    pgconn.enter_pipeline_mode()
    try:
        for statement in statements:
            pgconn.send_prepare(b"", statement.encode(encoding))
            pgconn.send_describe_prepared(b"")
            pgconn.pipeline_sync()
        return [_prepared(list(_until_sync(pgconn)), encoding) for _ in statements]
    finally:
        pgconn.exit_pipeline_mode()


def _until_sync(pgconn: pq.abc.PGconn) -> Iterator[pq.abc.PGresult]:
    """Yield the results of one statement; there is a None after each, and a sync at the end."""
    while True:
        result = pgconn.get_result()
        if result is None:
            continue
        if result.status == pq.ExecStatus.PIPELINE_SYNC:
            return
        yield result


def _prepared(results: Sequence[pq.abc.PGresult], encoding: str) -> Prepared | ServerError:
    for result in results:
        if result.status == pq.ExecStatus.FATAL_ERROR:
            return _error(result, encoding)
    described = results[-1]
    return Prepared(
        parameter_oids=tuple(described.param_type(number) for number in range(described.nparams)),
        columns=tuple(
            ServerColumn(
                name=(described.fname(number) or b"").decode(encoding),
                type_oid=described.ftype(number),
                relation_oid=described.ftable(number),
                attribute=described.ftablecol(number),
            )
            for number in range(described.nfields)
        ),
    )


def _error(result: pq.abc.PGresult, encoding: str) -> ServerError:
    def text(field: pq.DiagnosticField) -> str | None:
        value = result.error_field(field)
        return None if value is None else value.decode(encoding, "replace")

    position = text(pq.DiagnosticField.STATEMENT_POSITION)
    return ServerError(
        sqlstate=text(pq.DiagnosticField.SQLSTATE) or "XX000",
        message=text(pq.DiagnosticField.MESSAGE_PRIMARY) or "the server gave no message",
        detail=text(pq.DiagnosticField.MESSAGE_DETAIL),
        hint=text(pq.DiagnosticField.MESSAGE_HINT),
        position=int(position) if position else None,
    )


def _creation(name: str, statement: str, prepared: Prepared, names: dict[int, str]) -> bytes:
    """Return the statement that makes a function of a query. The names of types come quoted from `format_type`."""
    types = ", ".join(names[oid] for oid in prepared.parameter_oids)
    head = f"CREATE FUNCTION pg_temp.{name}({types}) RETURNS void LANGUAGE sql BEGIN ATOMIC\n"
    return f"{head}{statement}\n; END".encode()


def _create_all(connection: Connection[Any], creations: dict[str, bytes]) -> dict[str, str]:
    with connection.transaction(force_rollback=True), connection.cursor() as cursor:
        with connection.pipeline():
            cursor.execute("SET LOCAL check_function_bodies = off")
            for creation in creations.values():
                cursor.execute(creation, prepare=False)
        return dict(cursor.execute(_TREES, [list(creations)]).fetchall())


def _create_one_by_one(connection: Connection[Any], creations: dict[str, bytes]) -> dict[str, str]:
    with connection.transaction(force_rollback=True), connection.cursor() as cursor:
        cursor.execute("SET LOCAL check_function_bodies = off")
        for creation in creations.values():
            try:
                with connection.transaction():
                    cursor.execute(creation, prepare=False)
            except psycopg.Error:
                continue  # a statement without a tree: its columns are nullable
        return dict(cursor.execute(_TREES, [list(creations)]).fetchall())
