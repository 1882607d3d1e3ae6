"""Generated from _async.py by tools/unasync.py: do not edit."""

from __future__ import annotations

import itertools
import math
import time
from collections import deque
from collections.abc import Sequence
from contextlib import contextmanager, nullcontext
from typing import Any, Literal, LiteralString, Self, TypeVar

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.pq.abc import PGconn
from psycopg.rows import TupleRow, tuple_row
from psycopg_pool import ConnectionPool, PoolTimeout

from pagespace_db.client.adapt import Yields
from pagespace_db.client.config import (
    CONNECTION_LIFETIME_S,
    PREPARED_STATEMENTS,
    SESSION_SETTINGS,
    default_pool_settings,
    pooled_conninfo,
    require_database_url,
    session_parameters,
)
from pagespace_db.client.prepared import Prepared, close_cursor_gen, deallocate_gen
from pagespace_db.connect import check_server_version, explain_failure
from pagespace_db.errors import NoRow, PoolExhausted, StatementError, TooManyRows
from pagespace_db.query.compile import Compiled
from pagespace_db.query.statement import Command, Fetchable, Statement
from pagespace_db.settings import PoolSettings

R = TypeVar("R")

Isolation = Literal["read committed", "repeatable read", "serializable"]


class PooledConnection(psycopg.Connection[TupleRow]):
    """A connection that keeps a prepared statement for each shape it has run."""

    def __init__(self, pgconn: PGconn) -> None:
        super().__init__(pgconn, tuple_row)
        # Psycopg would prepare by types of values, and drop what it prepared, ours with it, at every ROLLBACK.
        self.prepare_threshold = None
        self._kept: dict[Compiled[Any], Prepared[Any]] = {}
        self._cursors = itertools.count()
        self.expires_at = math.inf

    def rows(self, compiled: Compiled[R], values: Sequence[object], at_most: int | None = None) -> list[R]:
        """Run a compiled statement and return its rows, or the first `at_most` of them."""
        with self.lock:
            prepared: Prepared[R] = self._kept.get(compiled) or self._keep(compiled)
            try:
                return self.wait(prepared.rows_gen(self.pgconn, values, at_most))
            except psycopg.Error as error:
                if not self._can_repeat(prepared, error):
                    raise
                return self.wait(prepared.rows_gen(self.pgconn, values, at_most))

    def count(self, compiled: Compiled[Any], values: Sequence[object]) -> int:
        """Run a compiled command and return the number of rows that it wrote."""
        with self.lock:
            prepared = self._kept.get(compiled) or self._keep(compiled)
            try:
                return self.wait(prepared.count_gen(self.pgconn, values))
            except psycopg.Error as error:
                if not self._can_repeat(prepared, error):
                    raise
                return self.wait(prepared.count_gen(self.pgconn, values))

    def stream(self, compiled: Compiled[R], values: Sequence[object], rows_per_fetch: int) -> Yields[R]:
        """Yield the rows of a compiled statement from a cursor of the server, in the open transaction."""
        prepared = Prepared(compiled, self, is_named=False)
        name = b"pagespace_cursor_%d" % next(self._cursors)
        with self.lock:
            self.wait(prepared.declare_gen(self.pgconn, name, values))
        try:
            while True:
                with self.lock:
                    rows = self.wait(prepared.fetch_gen(self.pgconn, name, rows_per_fetch))
                for row in rows:
                    yield row
                if len(rows) < rows_per_fetch:
                    return
        finally:
            if self.pgconn.transaction_status == TransactionStatus.INTRANS:
                with self.lock:
                    self.wait(close_cursor_gen(self.pgconn, name, self.info.encoding))

    def is_reusable(self) -> bool:
        """Tell whether the connection can serve the next caller as it is: idle, sound and not too old."""
        return self.pgconn.transaction_status == TransactionStatus.IDLE and time.monotonic() < self.expires_at

    def _keep(self, compiled: Compiled[R]) -> Prepared[R]:
        if len(self._kept) >= PREPARED_STATEMENTS and self.pgconn.transaction_status != TransactionStatus.INERROR:
            oldest = self._kept.pop(next(iter(self._kept)))
            self.wait(deallocate_gen(self.pgconn, oldest.name, self.info.encoding))
        prepared = self._kept[compiled] = Prepared(compiled, self)
        return prepared

    def _can_repeat(self, prepared: Prepared[Any], error: psycopg.Error) -> bool:
        """Tell whether preparing the statement anew mends `error`; in a transaction it is too late for that."""
        return prepared.is_renewed_after(error) and self.pgconn.transaction_status == TransactionStatus.IDLE


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
                return connection.rows(statement._compiled, statement._values)
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
                rows = connection.rows(statement._compiled, statement._values, 1)
            else:
                rows = _read(connection, statement)
            return rows[0] if rows else None
        finally:
            self._release(connection)

    def execute(self, command: Command) -> int:
        """Run an insert, update or delete and return the number of rows that it wrote."""
        connection = self._checkout()
        try:
            return connection.count(command._compiled, command._values)
        finally:
            self._release(connection)

    def stream(self, statement: Statement[R], *, rows_per_fetch: int = 1_000) -> Yields[R]:
        """Yield the rows one by one from a cursor of the server, which sends `rows_per_fetch` at a time.

        The connection, and a transaction on it, are held until the iteration ends.
        """
        connection = self._checkout()
        try:
            is_own = connection.pgconn.transaction_status == TransactionStatus.IDLE
            with connection.transaction() if is_own else nullcontext():
                for row in connection.stream(statement._compiled, statement._values, rows_per_fetch):
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
            mode = _transaction_mode(isolation, read_only=read_only, deferrable=deferrable)
            if mode and connection.pgconn.transaction_status != TransactionStatus.IDLE:
                raise StatementError(
                    "a savepoint has no isolation level or access mode of its own",
                    help="give the options to the outermost transaction()",
                )
            with connection.transaction():
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
        self._conninfo = ""
        # Connections kept in front of the pool, the one used last on top: it has the most statements prepared.
        self._ready: deque[PooledConnection] = deque()
        self._ready_max = 0
        self._waiting = 0

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
            connection.expires_at = time.monotonic() + CONNECTION_LIFETIME_S
            connection.execute(SESSION_SETTINGS, session_parameters(settings))

        pool = ConnectionPool(
            conninfo,
            connection_class=PooledConnection,
            kwargs={"autocommit": True},
            min_size=settings.min_size,
            max_size=settings.max_size,
            max_lifetime=CONNECTION_LIFETIME_S,
            timeout=settings.acquire_timeout_s,
            configure=configure,
            open=False,
        )
        pool.open()
        self._pool, self._conninfo, self._ready_max = pool, conninfo, max(1, settings.min_size)

    def close(self) -> None:
        """Close every connection; the next statement opens the pool anew."""
        if self._pool is not None:
            pool, self._pool = self._pool, None
            while self._ready:
                pool.putconn(self._ready.pop())
            pool.close()

    def _checkout(self) -> PooledConnection:
        try:
            return self._ready.pop()
        except IndexError:
            return self._wait_for_connection()

    def _wait_for_connection(self) -> PooledConnection:
        if self._pool is None:
            self.open()
        assert self._pool is not None  # noqa: S101  # open() sets it or raises
        # Said before the second look, so that whoever releases a connection after that look hands it to the pool.
        self._waiting += 1
        try:
            try:
                return self._ready.pop()
            except IndexError:
                return self._pool.getconn()
        except PoolTimeout as error:
            _probe(self._conninfo)
            raise PoolExhausted(
                f"all {self._pool.max_size} connections of the pool were in use for {self._pool.timeout:g} s",
                help="close transactions and streams sooner, or raise max_size in [tool.pagespace_db.pool]",
            ) from error
        finally:
            self._waiting -= 1

    def _release(self, connection: PooledConnection) -> None:
        if self._pool is None:
            connection.close()
        elif len(self._ready) >= self._ready_max or not connection.is_reusable():
            self._pool.putconn(connection)
        else:
            self._ready.append(connection)
            if self._waiting:
                self._serve_waiting(self._pool)

    def _serve_waiting(self, pool: ConnectionPool[PooledConnection]) -> None:
        """Hand a connection kept in front of the pool to those who wait at it, unless somebody has taken it."""
        try:
            connection = self._ready.pop()
        except IndexError:
            return
        pool.putconn(connection)


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
            results.append(connection.rows(compiled, values))
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
