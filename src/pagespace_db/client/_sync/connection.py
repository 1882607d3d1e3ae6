"""Generated from connection.py by tools/unasync.py: do not edit."""

from __future__ import annotations

import itertools
import math
import select
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final, Protocol, Self, TypeVar

import psycopg
from psycopg import errors
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg.rows import TupleRow, tuple_row

from pagespace_db.builder.compile import Compiled
from pagespace_db.builder.statement import Request
from pagespace_db.client.adapt import Cancelled, Yields, keep_cancelling, sleep
from pagespace_db.client.config import PREPARED_STATEMENTS
from pagespace_db.client.hooks import Hook
from pagespace_db.client.prepared import Prepared
from pagespace_db.client.protocol import (
    COMMAND_OK,
    TUPLES_OK,
    Command,
    WaitTimeout,
    close_command,
    execute_gen,
    pipeline_gen,
    text_command,
)
from pagespace_db.client.summary import Summary
from pagespace_db.client.violations import with_constraint
from pagespace_db.errors import StatementError
from pagespace_db.settings import PoolSettings
from pagespace_db.types import RESOLVE_QUERY, TypeRegistry, installed_types, register_types

R = TypeVar("R")

_LOOK_UP_EVERY_S: Final = 0.1
"""How often a wait looks whether Ctrl-C was pressed, as in psycopg."""

_LOOKS_FOR_COPY: Final = 20
_LOOK_FOR_COPY_EVERY_S: Final = 0.01

_IDLE = TransactionStatus.IDLE
_ACTIVE = TransactionStatus.ACTIVE
_IN_TRANSACTION = TransactionStatus.INTRANS
_IN_FAILED_TRANSACTION = TransactionStatus.INERROR


class Home(Protocol):
    """Where a connection is given back, and who is told what it runs.

    Attributes:
        settings: How it was sized.
        hooks: Are told of each statement.
        last_failure: Why the last connection could not be made, if so.
    """

    settings: PoolSettings
    hooks: Sequence[Hook]
    last_failure: psycopg.Error | None

    def release(self, connection: PooledConnection) -> None:
        """Take a connection back."""


class OpenScope(Protocol):
    """A transaction or savepoint on a connection; `is_over` once nothing more can be done in it."""

    is_over: bool


class PooledConnection(psycopg.Connection[TupleRow]):
    """A connection that keeps a prepared statement for each shape it has run.

    Attributes:
        home: The pool that it belongs to; set before anybody gets it.
        expires_at: The monotonic time from which the pool replaces it.
        idle_since: The monotonic time at which it was last given back.
        prepares: False behind a pooler that cannot keep prepared statements apart.
        answer_limit_s: Seconds to wait for the answer to one command, before the server counts as lost.
        is_copying: A COPY holds the connection, which can do nothing else until it ends.
        open_scopes: The transaction and the savepoints that are open, the innermost last.
    """

    def __init__(self, pgconn: PGconn) -> None:
        super().__init__(pgconn, tuple_row)
        # Psycopg would prepare by types of values, and drop what it prepared, ours with it, at every ROLLBACK.
        self.prepare_threshold = None
        self.home: Home
        self.expires_at = math.inf
        self.idle_since = 0.0
        self.prepares = True
        self.answer_limit_s: float | None = None
        self.is_copying = False
        self.open_scopes: list[OpenScope] = []
        self._kept: dict[Compiled[Any], Prepared[Any]] = {}
        self._dropped: list[bytes] = []
        # Commands that wait for the next statement, to go with it: BEGIN, SAVEPOINT, SET LOCAL.
        self._queue: list[Command] = []
        self._cursors = itertools.count()
        self._types = TypeRegistry()

    @classmethod
    def connect(  # type: ignore[override]  # the pool passes `home` on
        cls, conninfo: str = "", *, home: Home | None = None, **kwargs: Any
    ) -> Self:
        """Return a new connection; `home` is told when there is none to be had."""
        try:
            return super().connect(conninfo, **kwargs)
        except psycopg.Error as error:
            if home is not None:
                home.last_failure = error
            raise
        except Cancelled:
            if home is not None:
                keep_cancelling()
            raise

    # --- Statements ---------------------------------------------------------------------------------------------------

    def rows(self, compiled: Compiled[R], values: Sequence[object], at_most: int | None = None) -> list[R]:
        """Run a compiled statement and return its rows, or the first `at_most` of them."""
        prepared: Prepared[R] = self._kept.get(compiled) or self._keep(compiled)
        with self.lock:
            return prepared.rows(self._result(prepared, values), at_most)

    def count(self, compiled: Compiled[Any], values: Sequence[object]) -> int:
        """Run a compiled command and return the number of rows that it wrote."""
        prepared = self._kept.get(compiled) or self._keep(compiled)
        with self.lock:
            return (self._result(prepared, values)).command_tuples or 0

    def batch(self, requests: Sequence[Request]) -> list[Any]:
        """Run compiled statements in one flush, all or none; return the rows or the count of each."""
        kept = [self._kept.get(compiled) or self._keep(compiled) for compiled, _ in requests]
        with self.lock:
            dumped = [prepared.dump(values) for prepared, (_, values) in zip(kept, requests, strict=True)]
            results = self._all_results(kept, dumped)
            return [
                prepared.rows(result) if result.status == TUPLES_OK else result.command_tuples or 0
                for prepared, result in zip(kept, results, strict=True)
            ]

    def stream(self, compiled: Compiled[R], values: Sequence[object], rows_per_fetch: int) -> Yields[R]:
        """Yield the rows of a compiled statement from a cursor of the server, in the open transaction.

        Errors: StatementError when that has ended before the stream.
        """
        scope = self.open_scopes[-1]
        prepared = Prepared(compiled, self)
        name = b"pagespace_cursor_%d" % next(self._cursors)
        with self.lock:
            declare = prepared.declare_command(name, prepared.dump(values))
            results = self._run([declare, prepared.fetch_command(name, rows_per_fetch)])
            rows = prepared.rows(results[-1])
        try:
            while True:
                for row in rows:
                    yield row
                if len(rows) < rows_per_fetch:
                    return
                if scope.is_over:
                    # The connection may be somebody else's by now.
                    raise StatementError(
                        "the transaction that this stream reads in has ended", help="read the rows inside of its block"
                    )
                with self.lock:
                    results = self._run([prepared.fetch_command(name, rows_per_fetch)])
                    rows = prepared.rows(results[-1])
        finally:
            if not scope.is_over and self.pgconn.transaction_status == _IN_TRANSACTION:
                self.enqueue(text_command(b"CLOSE " + name))

    # --- Transactions -------------------------------------------------------------------------------------------------

    @property
    def is_in_transaction(self) -> bool:
        """Whether a transaction is open, or begins with the next statement."""
        # While another task or thread runs a statement in it, the state is that there is a statement.
        return bool(self._queue) or self.pgconn.transaction_status in (_IN_TRANSACTION, _IN_FAILED_TRANSACTION, _ACTIVE)

    @property
    def has_failed(self) -> bool:
        """Whether the open transaction has failed, so that nothing but a rollback is left."""
        return self.pgconn.transaction_status == _IN_FAILED_TRANSACTION

    def enqueue(self, *commands: Command) -> None:
        """Let `commands` go with the next statement, before it."""
        self._queue.extend(commands)

    def dequeue(self, commands: Sequence[Command]) -> bool:
        """Take back `commands` if they, and so what came after them, have not been sent; tell whether that was so."""
        if not commands or commands[0] not in self._queue:
            return False
        del self._queue[self._queue.index(commands[0]) :]
        return True

    def forget_queue(self) -> None:
        """Drop what has not been sent."""
        self._queue.clear()

    def run(self, *commands: Command) -> PGresult:
        """Send what is queued and `commands` in one flush, and return the result of the last."""
        with self.lock:
            return (self._run(commands))[-1]

    def wait_for_copy(self) -> None:
        """Wait a moment for the end of a COPY: of one that was abandoned, the event loop closes the generator.

        Errors: StatementError when it goes on.
        """
        for _ in range(_LOOKS_FOR_COPY):
            if not self.is_copying:
                return
            sleep(_LOOK_FOR_COPY_EVERY_S)
        raise StatementError(
            "a COPY of this transaction is still going on, and nothing else can be done until it ends",
            help="read copy_out() to its end or close it first; what copy_in() needs, read before or elsewhere",
        )

    def flush(self) -> None:
        """Send what is queued, for those who use the connection as psycopg's."""
        with self.lock:
            if self._queue:
                self._run([])

    def result_types(self, request: Request) -> list[int]:
        """Return the type oids of the columns of a statement, by running it."""
        compiled, values = request
        prepared = self._kept.get(compiled) or self._keep(compiled)
        with self.lock:
            result = self._result(prepared, values)
        return [result.ftype(column) for column in range(result.nfields)]

    def observing(self, sql: str, summary: Summary) -> AbstractContextManager[list[int]]:
        """Tell the hooks of what the block runs, if there are any; it adds the numbers of rows to the list."""
        del sql, summary
        return nullcontext([])

    # --- State --------------------------------------------------------------------------------------------------------

    @property
    def is_idle(self) -> bool:
        """Whether the connection is sound and outside a transaction."""
        return self.pgconn.transaction_status == _IDLE and not self._queue

    def has_been_ended(self) -> bool:
        """Tell whether the server has closed the connection, without asking it."""
        if self.closed:
            return True
        poll = select.poll()
        poll.register(self.pgconn.socket, select.POLLIN)
        while poll.poll(0):
            # The first look reads what the server said last, the next one finds that nothing will follow.
            try:
                self.pgconn.consume_input()
            except psycopg.OperationalError:
                return True
        return self.closed

    def learn_types(self) -> None:
        """Register the types of all generated packages, looked up in this database."""
        registry = installed_types()
        if registry is self._types:
            return
        cursor = self.execute(RESOLVE_QUERY, registry.parameters())
        register_types(registry, cursor.fetchall(), self)
        self._types = registry

    def _keep(self, compiled: Compiled[R]) -> Prepared[R]:
        if self._types is not installed_types() and not self.has_failed:
            self.learn_types()
        if len(self._kept) >= PREPARED_STATEMENTS:
            self._dropped.append(self._kept.pop(next(iter(self._kept))).name)
        names = {prepared.name for prepared in self._kept.values()}
        prepared = self._kept[compiled] = Prepared(compiled, self, is_named=self.prepares, taken=names)
        return prepared

    # --- Under the lock -----------------------------------------------------------------------------------------------

    def _result(self, prepared: Prepared[Any], values: Sequence[object]) -> PGresult:
        """Execute one statement; the way of a point lookup, where each call costs."""
        parameters = prepared.dump(values)
        if not prepared.is_ready or self._queue:
            return (self._all_results([prepared], [parameters]))[0]
        pgconn = self.pgconn
        pgconn.send_query_prepared(prepared.name, parameters, None, prepared.result_format)
        try:
            result: PGresult = (super().wait(execute_gen(pgconn), timeout=self.answer_limit_s))[-1]
        except WaitTimeout:
            raise self._given_up() from None
        status = result.status
        if status in (TUPLES_OK, COMMAND_OK):
            return result
        error = self._error_of(result)
        if prepared.is_mended_after(error) and pgconn.transaction_status == _IDLE:
            return (self._all_results([prepared], [parameters]))[0]
        raise error

    def _all_results(self, kept: Sequence[Prepared[Any]], dumped: Sequence[Sequence[Any]]) -> list[PGresult]:
        """Execute statements in one flush with whatever must come before them, and return the result of each."""
        mended: set[Prepared[Any]] = set()
        while True:
            commands: list[Command] = [close_command(name) for name in self._dropped]
            makers: list[Prepared[Any] | None] = [None] * len(commands)
            executions: list[int] = []
            self._dropped.clear()
            for prepared, parameters in zip(kept, dumped, strict=True):
                if prepared not in makers:
                    commands.extend(prepared.preparation())
                executions.append(len(commands))
                commands.append(prepared.execution(parameters))
                makers.extend([prepared] * (len(commands) - len(makers)))
            results = self._send(commands)
            for prepared, index in zip(kept, executions, strict=True):
                if index < len(results):
                    prepared.is_ready = bool(prepared.name)
            error = self._first_error(results)
            if error is None:
                return [results[index] for index in executions]
            culprit = makers[min(len(results), len(makers)) - 1]
            if culprit is None or culprit in mended or not culprit.is_mended_after(error):
                raise error
            mended.add(culprit)
            if self.pgconn.transaction_status != _IDLE:
                raise error

    def _run(self, commands: Sequence[Command]) -> list[PGresult]:
        """Send what is queued and `commands` in one flush, and return the results of `commands`."""
        results = self._send(commands)
        error = self._first_error(results)
        if error is not None:
            raise error
        return results

    def _send(self, commands: Sequence[Command]) -> list[PGresult]:
        """Send what is queued and `commands`; return the results, up to the first error."""
        queued, self._queue = self._queue, []
        all_commands = [*queued, *commands]
        if len(all_commands) == 1:
            all_commands[0](self.pgconn)
            result: PGresult = (self.wait(execute_gen(self.pgconn)))[-1]
            return [result]
        results = self.wait(pipeline_gen(self.pgconn, all_commands))
        # An error of the queue is what the caller has to know; else its results are nobody's concern.
        return results[len(queued) :] or results[-1:]

    def _first_error(self, results: Sequence[PGresult]) -> psycopg.Error | None:
        for result in results:
            if result.status not in (TUPLES_OK, COMMAND_OK):
                return self._error_of(result)
        return None

    def _error_of(self, result: PGresult) -> psycopg.Error:
        return with_constraint(errors.error_from_result(result, encoding=self.info.encoding))

    def wait(self, gen: PQGen[R], interval: float = _LOOK_UP_EVERY_S, timeout: float | None = None) -> R:
        """Wait as psycopg does, COPY included, but for no longer than the answer may take.

        Errors: OperationalError after `answer_limit_s`, if no other `timeout` was given.
        """
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.answer_limit_s)
        except WaitTimeout:
            raise self._given_up() from None

    def _given_up(self) -> psycopg.OperationalError:
        self.pgconn.finish()
        return psycopg.OperationalError(
            f"the server gave no answer for {self.answer_limit_s:g} s, so the connection was closed"
        )
