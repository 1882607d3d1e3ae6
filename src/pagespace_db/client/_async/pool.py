"""The connections of a database: a stack of those used last in front of psycopg's pool.

Psycopg's pool hands out the connection that has rested longest, which spreads a small load over many connections, each
with few statements prepared. The stack hands out the one used last, without a lock or a queue. Whoever finds the stack
empty waits at psycopg's pool, which opens, replaces and closes connections.
"""

from __future__ import annotations

import time
from collections import deque
from typing import Final
from weakref import WeakSet

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from pagespace_db.client._async.connection import AsyncPooledConnection
from pagespace_db.client.config import CONNECTION_LIFETIME_S, SESSION_SETTINGS, answer_limit_s, session_parameters
from pagespace_db.connect import check_server_version, explain_failure
from pagespace_db.errors import PoolExhausted
from pagespace_db.settings import PoolSettings

_TRUSTED_FOR_S: Final = 1.0
"""A connection that rested for longer than this may have been ended by the server, and is looked at before use."""


class AsyncPool:
    """An open pool; made by open_pool().

    Attributes:
        settings: How it was sized.
    """

    def __init__(self, conninfo: str, settings: PoolSettings) -> None:
        self.settings = settings
        self._conninfo = conninfo
        self._pool = AsyncConnectionPool(
            conninfo,
            connection_class=AsyncPooledConnection,
            kwargs={"autocommit": True},
            min_size=settings.min_size,
            max_size=settings.max_size,
            max_lifetime=CONNECTION_LIFETIME_S,
            timeout=settings.acquire_timeout_s,
            configure=self._configure,
            open=False,
        )
        self._stack: deque[AsyncPooledConnection] = deque()
        self._stack_max = max(1, settings.min_size)
        # A counter that threads change atomically: one item for each of those who wait.
        self._waiting: deque[None] = deque()
        self._is_closed = False
        self._known: WeakSet[AsyncPooledConnection] = WeakSet()

    async def open(self) -> None:
        """Connect.

        Errors: DatabaseUnavailable when the server cannot be reached or is too old.
        """
        await self._probe()
        await self._pool.open()

    async def close(self) -> None:
        """Close the connections that are not in use, and the others when they are given back."""
        self._is_closed = True
        await self._empty_stack()
        await self._pool.close()

    def abandon(self) -> None:
        """Close every connection without a word to whoever uses it."""
        for connection in list(self._known):
            connection.pgconn.finish()

    async def checkout(self) -> AsyncPooledConnection:
        """Return a connection for the caller alone, to be given back by release()."""
        try:
            connection = self._stack.pop()
        except IndexError:
            connection = await self._wait_for_connection()
        while connection.idle_since + _TRUSTED_FOR_S < time.monotonic() and connection.has_been_ended():
            # The pool sees that it is broken, and opens another one.
            await connection.close()
            await self._pool.putconn(connection)
            connection = await self._wait_for_connection()
        return connection

    async def release(self, connection: AsyncPooledConnection) -> None:
        """Take a connection back."""
        connection.idle_since = now = time.monotonic()
        if len(self._stack) >= self._stack_max or not connection.is_reusable(now):
            await self._pool.putconn(connection)
            return
        self._stack.append(connection)
        if self._waiting or self._is_closed:
            await self._empty_stack()

    async def _wait_for_connection(self) -> AsyncPooledConnection:
        # Said before the second look, so that whoever releases a connection after that look hands it to the pool.
        self._waiting.append(None)
        try:
            try:
                return self._stack.pop()
            except IndexError:
                return await self._pool.getconn()
        except PoolTimeout as error:
            await self._probe()
            raise PoolExhausted(
                f"all {self._pool.max_size} connections of the pool were in use for {self._pool.timeout:g} s",
                help="close transactions and streams sooner, or raise max_size in [tool.pagespace_db.pool]",
            ) from error
        finally:
            self._waiting.pop()

    async def _empty_stack(self) -> None:
        """Hand the connections of the stack to the pool, and so to those who wait there."""
        while True:
            try:
                connection = self._stack.pop()
            except IndexError:
                return
            await self._pool.putconn(connection)

    async def _configure(self, connection: AsyncPooledConnection) -> None:
        now = time.monotonic()
        connection.home = self
        self._known.add(connection)
        connection.idle_since, connection.expires_at = now, now + CONNECTION_LIFETIME_S
        connection.answer_limit_s = answer_limit_s(self.settings.statement_timeout_ms)
        if self.settings.pooler:
            # What a session sets stays with the server's connection, and would meet other clients.
            connection.prepares = False
        else:
            await connection.execute(SESSION_SETTINGS, session_parameters(self.settings))
        await connection.learn_types()

    async def _probe(self) -> None:
        """Raise the error that explains why no connection can be had, if so."""
        try:
            async with await psycopg.AsyncConnection.connect(self._conninfo) as connection:
                check_server_version(connection.info.server_version, self._conninfo)
        except psycopg.OperationalError as error:
            raise explain_failure(self._conninfo, error) from error
