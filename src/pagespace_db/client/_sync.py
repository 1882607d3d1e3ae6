"""The client, synchronous. Generated from `_async.py` by tools/unasync.py: do not edit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal, LiteralString, Self, TypeVar

import psycopg
from psycopg.pq.abc import PGconn
from psycopg.rows import TupleRow, tuple_row
from psycopg_pool import ConnectionPool, PoolTimeout

from pagespace_db.client.adapt import RowFactory, Yields
from pagespace_db.client.config import (
    KEPT_ROWS,
    PREPARED_STATEMENTS,
    SESSION_SETTINGS,
    default_pool_settings,
    pooled_conninfo,
    require_database_url,
    session_parameters,
)
from pagespace_db.connect import check_server_version, explain_failure
from pagespace_db.errors import NoRow, PoolExhausted, TooManyRows
from pagespace_db.query.compile import Compiled
from pagespace_db.query.statement import Command, Fetchable, Statement
from pagespace_db.settings import PoolSettings

R = TypeVar("R")

Isolation = Literal["read committed", "repeatable read", "serializable"]


class PooledConnection(psycopg.Connection[TupleRow]):
    """A connection that keeps a prepared cursor for each shape it has run."""

    def __init__(self, pgconn: PGconn) -> None:
        super().__init__(pgconn, tuple_row)
        self.kept: dict[Compiled[Any], psycopg.Cursor[Any]] = {}

    def run(self, compiled: Compiled[R], values: Sequence[object]) -> psycopg.Cursor[R]:
        """Execute a compiled statement and return its cursor, to be read before the next one runs."""
        cursor = self.kept.get(compiled) or self._keep(compiled)
        cursor.execute(compiled.sql, compiled.bind(values), prepare=True)
        if cursor.rowcount > KEPT_ROWS:
            self.kept.pop(compiled, None)
        return cursor

    def _keep(self, compiled: Compiled[R]) -> psycopg.Cursor[R]:
        if len(self.kept) >= PREPARED_STATEMENTS:
            del self.kept[next(iter(self.kept))]
        cursor = self.cursor(row_factory=RowFactory(compiled))
        self.kept[compiled] = cursor
        return cursor


class Executor:
    """What runs statements: a database, which takes a connection for each, or a transaction, which has its own."""

    def _checkout(self) -> PooledConnection:
        raise NotImplementedError

    def _release(self, connection: PooledConnection) -> None:
        raise NotImplementedError

    def all(self, statement: Fetchable[R]) -> list[R]:
        """Return every row, in the order of the statement."""
        connection = self._checkout()
        try:
            if isinstance(statement, Statement):
                cursor = connection.run(statement._compiled, statement._values)
                return cursor.fetchall()
            return _read(connection, statement)
        finally:
            self._release(connection)

    def one(self, statement: Fetchable[R]) -> R:
        """Return the only row.

        Errors: NoRow when there is none, TooManyRows when there are more.
        """
        rows = self.all(statement)
        if not rows:
            raise NoRow("one row was asked for, and none was found", help="use one_or_none() where that may happen")
        return _only(rows)

    def one_or_none(self, statement: Fetchable[R]) -> R | None:
        """Return the only row, or None when there is none.

        Errors: TooManyRows when there are more.
        """
        rows = self.all(statement)
        return _only(rows) if rows else None

    def first(self, statement: Fetchable[R]) -> R | None:
        """Return the first row, or None when there is none; the rest is not turned into objects."""
        connection = self._checkout()
        try:
            if isinstance(statement, Statement):
                cursor = connection.run(statement._compiled, statement._values)
                return cursor.fetchone()
            rows = _read(connection, statement)
            return rows[0] if rows else None
        finally:
            self._release(connection)

    def execute(self, command: Command) -> int:
        """Run an insert, update or delete and return the number of rows that it wrote."""
        connection = self._checkout()
        try:
            cursor = connection.run(command._compiled, command._values)
            return cursor.rowcount
        finally:
            self._release(connection)

    def stream(self, statement: Statement[R], *, rows_per_fetch: int = 1_000) -> Iterator[R]:
        """Yield the rows one by one from a cursor of the server, which sends `rows_per_fetch` at a time.

        The connection, and a transaction on it, are held until the iteration ends.
        """
        compiled: Compiled[R] = statement._compiled
        connection = self._checkout()
        try:
            with connection.transaction():
                with connection.cursor("pagespace_stream", row_factory=RowFactory(compiled)) as cursor:
                    cursor.itersize = rows_per_fetch
                    cursor.execute(compiled.sql, compiled.bind(statement._values))
                    for row in cursor:
                        yield row
        finally:
            self._release(connection)

    @contextmanager
    def transaction(
        self, *, isolation: Isolation | None = None, read_only: bool = False, deferrable: bool = False
    ) -> Yields[Transaction]:
        """Open a transaction: committed when the block ends, rolled back when it raises.

        Inside a transaction it opens a savepoint, for which the options have no meaning and are refused.

        Args:
            isolation: The isolation level; None is the server's default, read committed.
            read_only: Refuse writes (SQLSTATE 25006).
            deferrable: With serializable and read only: wait for a snapshot that cannot fail.
        """
        connection = self._checkout()
        try:
            with connection.transaction():
                mode = _transaction_mode(isolation, read_only=read_only, deferrable=deferrable)
                if mode:
                    connection.execute(mode)
                yield Transaction(connection)
        finally:
            self._release(connection)


class Transaction(Executor):
    """An open transaction; made by `transaction()`."""

    def __init__(self, connection: PooledConnection) -> None:
        self._connection = connection

    def _checkout(self) -> PooledConnection:
        return self._connection

    def _release(self, connection: PooledConnection) -> None:
        pass


class Database(Executor):
    """A pool of connections to one database, opened at the first use.

    Args:
        url: A URL or conninfo string; DATABASE_URL when left out, read at the first use.
        pool: Sizes and time limits; `[tool.pagespace_db.pool]` or the defaults when left out.
    """

    def __init__(self, url: str | None = None, *, pool: PoolSettings | None = None) -> None:
        self._url = url
        self._settings = pool
        self._pool: ConnectionPool[PooledConnection] | None = None

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def open(self) -> None:
        """Open the pool; the first statement does so too.

        Errors: ConfigError without a URL, DatabaseUnavailable when the server cannot be reached or is too old.
        """
        if self._pool is not None:
            return
        url = self._url or require_database_url()
        settings = self._settings or default_pool_settings()
        conninfo = pooled_conninfo(url, settings)
        _probe(conninfo)

        def configure(connection: PooledConnection) -> None:
            connection.prepared_max = PREPARED_STATEMENTS
            connection.execute(SESSION_SETTINGS, session_parameters(settings))

        pool = ConnectionPool(
            conninfo,
            connection_class=PooledConnection,
            kwargs={"autocommit": True},
            min_size=settings.min_size,
            max_size=settings.max_size,
            timeout=settings.acquire_timeout_s,
            configure=configure,
            open=False,
        )
        pool.open()
        self._pool, self._conninfo = pool, conninfo

    def close(self) -> None:
        """Close every connection; the next statement opens the pool anew."""
        if self._pool is not None:
            pool, self._pool = self._pool, None
            pool.close()

    def _checkout(self) -> PooledConnection:
        if self._pool is None:
            self.open()
        assert self._pool is not None  # noqa: S101  # open() sets it or raises
        try:
            return self._pool.getconn()
        except PoolTimeout as error:
            _probe(self._conninfo)
            raise PoolExhausted(
                f"all {self._pool.max_size} connections of the pool were in use for {self._pool.timeout:g} s",
                help="close transactions and streams sooner, or raise max_size in [tool.pagespace_db.pool]",
            ) from error

    def _release(self, connection: PooledConnection) -> None:
        if self._pool is None:
            connection.close()
        else:
            self._pool.putconn(connection)


def _probe(conninfo: str) -> None:
    """Raise the error that explains why no connection can be had, if so."""
    try:
        with psycopg.Connection.connect(conninfo) as connection:
            check_server_version(connection.info.server_version, conninfo)
    except psycopg.OperationalError as error:
        raise explain_failure(conninfo, error) from error


def _read(connection: PooledConnection, statement: Fetchable[R]) -> list[R]:
    """Run the steps of a read that takes more than one statement."""
    plan = statement._plan()
    requests = next(plan)
    while True:
        results: list[list[Any]] = []
        for compiled, values in requests:
            cursor = connection.run(compiled, values)
            results.append(cursor.fetchall())
        try:
            requests = plan.send(results)
        except StopIteration as done:
            rows: list[R] = done.value
            return rows


def _only(rows: list[R]) -> R:
    if len(rows) > 1:
        raise TooManyRows(
            f"one row was asked for, and {len(rows)} were found",
            help="narrow the condition to a unique key, or use first()",
        )
    return rows[0]


def _transaction_mode(isolation: Isolation | None, *, read_only: bool, deferrable: bool) -> LiteralString | None:
    """Return the SET TRANSACTION that the options of transaction() ask for, or None when they ask for nothing."""
    modes: list[LiteralString] = []
    match isolation:
        case "read committed":
            modes.append("ISOLATION LEVEL READ COMMITTED")
        case "repeatable read":
            modes.append("ISOLATION LEVEL REPEATABLE READ")
        case "serializable":
            modes.append("ISOLATION LEVEL SERIALIZABLE")
        case None:
            pass
    if read_only:
        modes.append("READ ONLY")
    if deferrable:
        modes.append("DEFERRABLE")
    return "SET TRANSACTION " + ", ".join(modes) if modes else None
