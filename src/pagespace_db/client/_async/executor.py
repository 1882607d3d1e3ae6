"""What runs statements: a database, which takes a connection for each, or a transaction, which has its own."""

from __future__ import annotations

import functools
import itertools
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, TypeVar, overload

from psycopg import errors

from pagespace_db.builder.columns import Source, Table
from pagespace_db.builder.flaws import encoded
from pagespace_db.builder.statement import Command, Fetchable, Statement
from pagespace_db.client._async.connection import AsyncPooledConnection
from pagespace_db.client._async.copier import async_copy_in, async_copy_out, async_copy_rows
from pagespace_db.client._async.replay import async_wait_for_replay
from pagespace_db.client._async.scope import AsyncScope
from pagespace_db.client.adapt import AsyncOutcome, AsyncReturned, AsyncYields, async_sleep
from pagespace_db.client.channels import Channel, payload_of
from pagespace_db.client.copying import RowCopier, Rows
from pagespace_db.client.options import Isolation, TransactionOptions, pause_s
from pagespace_db.client.protocol import text_command
from pagespace_db.errors import NoRow, StatementError, TooManyRows

P = ParamSpec("P")
R = TypeVar("R")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
T = TypeVar("T")
I = TypeVar("I")  # noqa: E741  # the insert type of a table


class AsyncExecutor:
    """What runs statements; base of databases and transactions."""

    # Where a connection comes from and goes back to: attributes, so that a database can hold its pool's own methods.
    _checkout: Callable[[], AsyncReturned[AsyncPooledConnection]]
    _release: Callable[[AsyncPooledConnection], AsyncReturned[None]]

    # --- Statements ---------------------------------------------------------------------------------------------------

    async def all(self, statement: Fetchable[R]) -> list[R]:
        """Return every row, in the order of the statement."""
        if not isinstance(statement, Statement):
            return await self._read(statement)
        compiled = statement._compiled
        connection = await self._checkout()
        try:
            return await connection.rows(compiled, statement._values)
        finally:
            await self._release(connection)

    async def one(self, statement: Fetchable[R]) -> R:
        """Return the only row.

        Errors: NoRow when there is none, TooManyRows when there are more.
        """
        rows = await self.all(statement)
        if len(rows) == 1:
            return rows[0]
        if not rows:
            raise NoRow("one row was asked for, and none was found", help="use one_or_none() where that may happen")
        raise _too_many(rows)

    async def one_or_none(self, statement: Fetchable[R]) -> R | None:
        """Return the only row, or None when there is none.

        Errors: TooManyRows when there are more.
        """
        rows = await self.all(statement)
        if len(rows) > 1:
            raise _too_many(rows)
        return rows[0] if rows else None

    async def first(self, statement: Fetchable[R]) -> R | None:
        """Return the first row, or None when there is none; the rest is not turned into objects."""
        if not isinstance(statement, Statement):
            rows = await self._read(statement)
            return rows[0] if rows else None
        compiled = statement._compiled
        connection = await self._checkout()
        try:
            rows = await connection.rows(compiled, statement._values, 1)
        finally:
            await self._release(connection)
        return rows[0] if rows else None

    async def execute(self, command: Command) -> int:
        """Run an insert, update or delete and return the number of rows that it wrote."""
        compiled = command._compiled
        connection = await self._checkout()
        try:
            return await connection.count(compiled, command._values)
        finally:
            await self._release(connection)

    async def stream(self, statement: Statement[R], *, rows_per_fetch: int = 1_000) -> AsyncIterator[R]:
        """Yield the rows one by one from a cursor of the server, which sends `rows_per_fetch` at a time.

        The connection, and a transaction on it, are held until the iteration ends.
        """
        if rows_per_fetch < 1:
            raise StatementError(
                f"a stream cannot fetch {rows_per_fetch} rows at a time", help="give a positive number"
            )
        compiled = statement._compiled
        async with self._same_transaction() as transaction:
            connection = await transaction._checkout()
            rows = connection.stream(compiled, statement._values, rows_per_fetch)
            try:
                async for row in rows:
                    yield row
            finally:
                await rows.aclose()

    @overload
    async def batch(self, statements: Iterable[Statement[R]], /) -> list[list[R]]: ...
    @overload
    async def batch(self, statements: Iterable[Command], /) -> list[int]: ...
    @overload
    async def batch(self, a: Statement[A], b: Statement[B], /) -> tuple[list[A], list[B]]: ...
    @overload
    async def batch(self, a: Statement[A], b: Statement[B], c: Statement[C], /) -> tuple[list[A], list[B], list[C]]: ...
    @overload
    async def batch(
        self, a: Statement[A], b: Statement[B], c: Statement[C], d: Statement[D], /
    ) -> tuple[list[A], list[B], list[C], list[D]]: ...
    async def batch(self, *statements: Any) -> Any:
        """Run statements in one round trip: any number in a list, or two to four whose rows differ.

        Returns the rows of each, or the number of rows that each command wrote. All are done, or none: outside a
        transaction they are one of their own.
        """
        first, *others = statements
        return tuple(await self._batch(statements)) if others else await self._batch(first)

    async def _batch(self, statements: Iterable[Any]) -> list[Any]:
        requests = [(statement._compiled, statement._values) for statement in statements]
        if not requests:
            return []
        connection = await self._checkout()
        try:
            return await connection.batch(requests)
        finally:
            await self._release(connection)

    # --- COPY and NOTIFY ----------------------------------------------------------------------------------------------

    async def copy_in(self, table: Table[Any, I, Any], rows: Rows[I]) -> int:
        """Write any number of rows through COPY, the fastest way in, and return how many there were.

        All are written, or none. Only one row is held at a time, so `rows` may be a generator. Every row must have the
        keys of the first, and plain values; defaults of the application are filled in.
        """
        connection = await self._checkout()
        try:
            return await async_copy_in(connection, table, rows)
        finally:
            await self._release(connection)

    async def _copy_rows(self, copier: RowCopier, rows: Iterable[Any]) -> int:
        """Write rows through a copier that is made for them, as generated functions do."""
        connection = await self._checkout()
        try:
            return await async_copy_rows(connection, copier, rows)
        finally:
            await self._release(connection)

    async def copy_out(self, source: Source[R]) -> AsyncYields[R]:
        """Yield every row of a table or view through COPY, in no order; the connection is held until the end."""
        connection = await self._checkout()
        try:
            await connection.flush()
            rows = async_copy_out(connection, source)
            try:
                async for row in rows:
                    yield row
            finally:
                await rows.aclose()
        finally:
            await self._release(connection)

    async def notify(self, channel: Channel[T], payload: T) -> None:
        """Send `payload` to all who listen to `channel`; inside a transaction, when that commits."""
        parameters = [encoded(channel.name, "the name of a channel"), payload_of(channel, payload)]
        connection = await self._checkout()
        try:
            await connection.run(text_command(b"SELECT pg_catalog.pg_notify($1, $2)", parameters))
        finally:
            await self._release(connection)

    # --- Transactions -------------------------------------------------------------------------------------------------

    def transaction(
        self,
        *,
        isolation: Isolation | None = None,
        read_only: bool = False,
        deferrable: bool = False,
        retry: int = 0,
        statement_timeout_ms: int | None = None,
        after: str | None = None,
    ) -> AsyncTransactionScope:
        """Open a transaction: committed when the block ends, rolled back when it raises.

        Inside a transaction it opens a savepoint, for which only the time limit has a meaning.

        Errors: ReplicaBehind when `after` is not reached in time.

        Args:
            isolation: The isolation level; None is the server's default, read committed.
            read_only: Refuse writes (SQLSTATE 25006).
            deferrable: With serializable and read only: wait for a snapshot that cannot fail.
            retry: As the decorator of a function: how often to run it again after a serialization failure (40001)
                or a deadlock (40P01).
            statement_timeout_ms: The limit for each statement, in place of the pool's; 0 is none.
            after: What Database.position() returned: a standby must have come so far before the transaction begins.
        """
        options = TransactionOptions(
            isolation=isolation,
            read_only=read_only,
            deferrable=deferrable,
            retry=retry,
            statement_timeout_ms=statement_timeout_ms,
            after=after,
        )
        return AsyncTransactionScope(self, options)

    def session(self, settings: Mapping[str, str], *, role: str | None = None) -> AsyncTransactionScope:
        """Open a transaction in which run-time parameters hold, for policies of row security to read.

        Args:
            settings: Values by name, such as `{"app.user_id": "u1"}`, which SQL reads by current_setting().
            role: The role to act as.
        """
        if "statement_timeout" in settings:
            raise StatementError(
                "session() does not set statement_timeout, which the client has to know of",
                help="use transaction(statement_timeout_ms=...)",
            )
        return AsyncTransactionScope(
            self, TransactionOptions(settings={**settings} if role is None else {**settings, "role": role})
        )

    @asynccontextmanager
    async def _rolled_back(self) -> AsyncYields[AsyncTransaction]:
        """Open a transaction that is rolled back when the block ends; for tests."""
        connection = await self._checkout()
        try:
            scope = AsyncScope(connection, TransactionOptions())
            try:
                yield AsyncTransaction(connection, scope)
            finally:
                await scope.fail()
        finally:
            await self._release(connection)

    def _same_transaction(self) -> AbstractAsyncContextManager[AsyncTransaction]:
        """Return the scope of the open transaction, or of a new one when none is."""
        return AsyncTransactionScope(self, TransactionOptions())

    async def _read(self, statement: Fetchable[R]) -> list[R]:
        """Run the steps of a read that takes more than one statement."""
        connection = await self._checkout()
        try:
            plan = statement._plan()
            requests = next(plan)
            while True:
                is_alone = len(requests) == 1
                results = [await connection.rows(*requests[0])] if is_alone else await connection.batch(requests)
                try:
                    requests = plan.send(results)
                except StopIteration as done:
                    rows: list[R] = done.value
                    return rows
        finally:
            await self._release(connection)


class AsyncTransaction(AsyncExecutor):
    """An open transaction; made by `transaction()`.

    Tasks or threads that share it run their statements one after another, and cannot nest transactions at a time.
    """

    def __init__(self, connection: AsyncPooledConnection, scope: AsyncScope) -> None:
        self._connection = connection
        self._scope = scope
        self._checkout = self._use
        self._release = self._leave

    async def rollback(self) -> None:
        """Undo everything that was done in this transaction, or in this savepoint and those inside of it.

        The block goes on, and ends without an error, but no statement can follow in it.
        """
        await self._use()
        await self._scope.fail()

    async def _use(self) -> AsyncPooledConnection:
        if self._scope.is_over:
            raise StatementError(
                "this transaction has ended, or was rolled back, so it runs no more statements",
                help="use it inside of its block only, and before rollback()",
            )
        if self._connection.is_copying:
            await self._connection.wait_for_copy()
        return self._connection

    async def _leave(self, connection: AsyncPooledConnection) -> None:
        pass

    @asynccontextmanager
    async def _same_transaction(self) -> AsyncYields[AsyncTransaction]:
        yield self


class AsyncTransactionScope:
    """What `transaction()` returns: a context manager, or a decorator that gives a function its transaction.

    As a context manager it commits when the block ends, and rolls back when it raises. A decorated function gets the
    transaction as its first argument, is committed when it returns, and with `retry` is run again, whole and in a new
    transaction, after a serialization failure or a deadlock:

        @db.transaction(isolation="serializable", retry=3)
        async def move(transaction: AsyncTransaction, page_id: str) -> None: ...

        await move("p1")
    """

    def __init__(self, executor: AsyncExecutor, options: TransactionOptions) -> None:
        self._executor = executor
        self._options = options
        self._connection: AsyncPooledConnection | None = None
        self._scope: AsyncScope | None = None

    async def __aenter__(self) -> AsyncTransaction:
        if self._connection is not None:
            raise StatementError("this transaction is open already", help="call transaction() for each block")
        if self._options.retry:
            raise StatementError(
                "a block cannot be run again", help="use transaction(retry=...) as the decorator of a function"
            )
        connection = await self._executor._checkout()
        try:
            after = self._options.after
            if after is not None and not connection.is_in_transaction:
                await async_wait_for_replay(connection, after, connection.home.settings.replica_timeout_s)
            scope = AsyncScope(connection, self._options)
        except BaseException:
            await self._executor._release(connection)
            raise
        self._scope, self._connection = scope, connection
        return AsyncTransaction(connection, scope)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        scope, connection = self._scope, self._connection
        assert scope is not None and connection is not None  # noqa: PT018, S101  # entered before
        self._scope = self._connection = None
        try:
            await (scope.succeed() if error is None else scope.fail())
        finally:
            await self._executor._release(connection)

    def __call__(
        self, function: Callable[Concatenate[AsyncTransaction, P], AsyncOutcome[R]]
    ) -> Callable[P, AsyncReturned[R]]:
        """Return the function that runs `function` in a transaction of its own each time it is called."""
        attempts = self._options.retry + 1
        once = replace(self._options, retry=0)

        @functools.wraps(function)
        async def run(*args: P.args, **kwargs: P.kwargs) -> R:
            for attempt in itertools.count(1):
                try:
                    async with AsyncTransactionScope(self._executor, once) as transaction:
                        return await function(transaction, *args, **kwargs)
                except (errors.SerializationFailure, errors.DeadlockDetected):
                    if attempt == attempts:
                        raise
                await async_sleep(pause_s(attempt))
            raise AssertionError("unreachable")

        return run


def _too_many(rows: list[Any]) -> TooManyRows:
    return TooManyRows(
        f"one row was asked for, and {len(rows)} were found",
        help="narrow the condition to a unique key, or use first()",
    )
