"""Generated from copier.py by tools/unasync.py: do not edit."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any, TypeVar

import psycopg

from pagespace_db.builder.columns import Source, Table
from pagespace_db.builder.select import select
from pagespace_db.client._sync.connection import PooledConnection
from pagespace_db.client.adapt import Yields
from pagespace_db.client.copying import RowCopier, Rows, copy_out_command, rows_of, table_copier
from pagespace_db.client.summary import Summary, table_name
from pagespace_db.client.violations import with_constraint

R = TypeVar("R")


def copy_in(connection: PooledConnection, table: Table[Any, Any, Any], rows: Rows[Any]) -> int:
    """Write `rows`, all or none, holding one at a time; return how many there were."""
    remaining = rows_of(rows)
    first = next(remaining, None)
    if first is None:
        return 0
    return copy_rows(connection, table_copier(table, first), itertools.chain([first], remaining))


def copy_rows(connection: PooledConnection, copier: RowCopier, rows: Iterable[Any]) -> int:
    """Write `rows` by a copier that is made for them, all or none; return how many there were."""
    connection.flush()
    command = copier.command()
    with connection.observing(command.as_string(connection), Summary("COPY", table_name(*copier.relation))) as counts:
        with connection.cursor() as cursor:
            try:
                connection.is_copying = True
                with cursor.copy(command) as copy:
                    for chunk in copier.chunks(rows, connection):
                        copy.write(chunk)
            except psycopg.IntegrityError as error:
                raise with_constraint(error)  # noqa: B904  # the error itself
            finally:
                connection.is_copying = False
            counts.append(cursor.rowcount)
            return cursor.rowcount


def copy_out(connection: PooledConnection, source: Source[R]) -> Yields[R]:
    """Yield every row of a table or view."""
    everything = select(source).from_(source)
    make_row = everything._compiled.make_row
    # COPY does not say the types of its columns; a result without rows does.
    types = connection.result_types((everything.limit(0)._compiled, everything.limit(0)._values))
    command = copy_out_command(source)
    summary = Summary("COPY", table_name(source._schema, source._name))
    with connection.observing(command.as_string(connection), summary) as counts:
        try:
            connection.is_copying = True
            with connection.cursor() as cursor, cursor.copy(command) as copy:
                count = 0
                copy.set_types(types)
                for values in copy.rows():
                    count += 1
                    yield make_row(values)
                counts.append(count)
        finally:
            connection.is_copying = False
