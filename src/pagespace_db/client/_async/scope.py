"""How a transaction or savepoint begins and ends on a connection.

Nothing is sent before the first statement: BEGIN, SAVEPOINT and settings go with it, in one flush, and RELEASE goes
with what comes next. So a transaction of one statement costs two round trips, and one that does nothing costs none.
"""

from __future__ import annotations

import itertools
import logging
from contextlib import suppress

import psycopg

from pagespace_db.client._async.connection import AsyncPooledConnection
from pagespace_db.client.config import answer_limit_s
from pagespace_db.client.options import TransactionOptions
from pagespace_db.client.protocol import text_command
from pagespace_db.errors import CommitUnknown, StatementError, TransactionFailed

_log = logging.getLogger("pagespace_db")
_numbers = itertools.count(1)


class AsyncScope:
    """A transaction, or a savepoint when one is open already, on one connection.

    Attributes:
        is_over: Nothing more can be done in it.
    """

    def __init__(self, connection: AsyncPooledConnection, options: TransactionOptions) -> None:
        self.is_over = False
        self._connection = connection
        self._options = options
        self._is_lost = False
        self._limit_before_s = connection.answer_limit_s
        self._savepoint: bytes | None = None
        if connection.is_in_transaction:
            options.check_savepoint()
            self._savepoint = b"pagespace_%d" % next(_numbers)
            self._begin = options.savepoint_commands(self._savepoint, len(connection.open_scopes))
        else:
            self._begin = options.begin_commands()
        if options.statement_timeout_ms is not None:
            connection.answer_limit_s = answer_limit_s(options.statement_timeout_ms)
        connection.enqueue(*self._begin)
        connection.open_scopes.append(self)

    async def succeed(self) -> None:
        """Keep what was done, unless it was rolled back already.

        Errors: TransactionFailed when a statement had failed or scopes ended out of order, CommitUnknown when the
        connection broke while committing, and psycopg's own for a constraint or a serialization that fails at the end.
        """
        connection = self._connection
        if self._is_lost:
            raise _out_of_order()
        if self.is_over:
            return
        if connection.open_scopes[-1] is not self:
            await self.fail(loses_inner=True)
            raise _out_of_order()
        self.end()
        if connection.dequeue(self._begin):
            return
        if connection.is_copying:
            await self._wait_for_copy()
        if connection.has_failed:
            await self._undo()
            raise _failed()
        if self._savepoint is not None:
            connection.enqueue(*self._options.release_commands(self._savepoint, len(connection.open_scopes)))
            return
        try:
            result = await connection.run(text_command(b"COMMIT"))
        except psycopg.OperationalError as error:
            if not connection.closed:
                raise
            raise CommitUnknown(
                "the connection broke while the transaction was being committed: it may or may not have been",
                help="look at what it wrote before doing it again",
            ) from error
        if result.command_status == b"ROLLBACK":
            # A statement that another task or thread ran in it failed in the last moment.
            raise _failed()

    async def fail(self, *, loses_inner: bool = False) -> None:
        """Undo what was done; whatever goes wrong here must not hide the error that led to it.

        Savepoints that are open inside are over as well; with `loses_inner` they say so when they end.
        """
        if self.is_over:
            return
        self.end(loses_inner=loses_inner)
        if self._connection.dequeue(self._begin):
            return
        if self._connection.is_copying:
            # The server undoes the transaction of a connection that is closed.
            with suppress(StatementError):
                await self._wait_for_copy()
        try:
            await self._undo()
        except psycopg.Error as error:
            _log.warning("a rollback failed: %s", type(error).__name__)

    def end(self, *, loses_inner: bool = False) -> None:
        """Count as over from now on, with all that is open inside."""
        scopes = self._connection.open_scopes
        place = scopes.index(self)
        for inner in scopes[place:]:
            inner.is_over = True
            if isinstance(inner, AsyncScope) and inner is not self:
                inner._is_lost = loses_inner
        del scopes[place:]
        self._connection.answer_limit_s = self._limit_before_s

    async def _wait_for_copy(self) -> None:
        """Wait for the end of a COPY, or close the connection that it holds."""
        try:
            await self._connection.wait_for_copy()
        except StatementError:
            self._connection.pgconn.finish()
            raise

    async def _undo(self) -> None:
        connection = self._connection
        connection.forget_queue()
        if connection.closed or not connection.is_in_transaction:
            return
        if self._savepoint is None:
            await connection.run(text_command(b"ROLLBACK"))
        else:
            name = self._savepoint
            await connection.run(text_command(b"ROLLBACK TO " + name), text_command(b"RELEASE " + name))


def _out_of_order() -> TransactionFailed:
    return TransactionFailed(
        "nested transactions of one transaction ended out of order, so that what they did is not kept",
        help="do not open them in tasks or threads that run at the same time: give each a transaction of its own",
    )


def _failed() -> TransactionFailed:
    return TransactionFailed(
        "a statement failed and its error was caught, so nothing of this transaction is kept",
        help="let the error leave the block, or run what may fail in a nested transaction()",
    )
