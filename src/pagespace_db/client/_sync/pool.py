"""Generated from pool.py by tools/unasync.py: do not edit."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from typing import Final
from weakref import WeakSet

import psycopg
from psycopg import errors
from psycopg_pool import ConnectionPool, PoolTimeout

from pagespace_db.client._sync.connection import PooledConnection
from pagespace_db.client._sync.observed import ObservedConnection
from pagespace_db.client.adapt import Cancelled, is_running, keep_cancelling, loop
from pagespace_db.client.config import CONNECTION_LIFETIME_S, SESSION_SETTINGS, answer_limit_s, session_parameters
from pagespace_db.client.dumpers import register_dumpers
from pagespace_db.client.forks import keep_for_ever
from pagespace_db.client.holders import Holders
from pagespace_db.client.hooks import Hook, PoolStats
from pagespace_db.client.loaders import register_loaders
from pagespace_db.connect import check_server_version, explain_failure, redact
from pagespace_db.errors import DatabaseUnavailable, PoolExhausted, StatementError
from pagespace_db.settings import PoolSettings

_TRUSTED_FOR_S: Final = 1.0
"""A connection that rested for longer than this may have been ended by the server, and is looked at before use."""


class Pool:
    """An open pool; made by open_pool().

    Attributes:
        conninfo: Where it connects to.
        settings: How it was sized.
        hooks: Are told of each statement.
        is_behind_pooler: A pooler gives each statement or transaction another connection of the server.
        last_failure: Why the last connection could not be made, if so.
    """

    def __init__(self, conninfo: str, settings: PoolSettings, hooks: Sequence[Hook] = ()) -> None:
        self.settings = settings
        self.hooks = hooks
        self.conninfo = conninfo
        self.is_behind_pooler = bool(settings.pooler)
        self.last_failure: psycopg.Error | None = None
        self._holders = Holders() if settings.debug else None
        self._stack: deque[PooledConnection] = deque()
        self._stack_max = max(1, settings.min_size)
        # A counter that threads change atomically: one item for each of those who wait.
        self._waiting: deque[None] = deque()
        self._is_closed = False
        self._broken_at = 0.0
        self._known: WeakSet[PooledConnection] = WeakSet()
        self._pool = self._new_pool()

    def _new_pool(self) -> ConnectionPool[PooledConnection]:
        settings = self.settings
        self._loop: object = loop()
        return ConnectionPool(
            self.conninfo,
            connection_class=ObservedConnection if self.hooks else PooledConnection,
            kwargs={"autocommit": True, "home": self},
            min_size=settings.min_size,
            max_size=settings.max_size,
            max_lifetime=CONNECTION_LIFETIME_S,
            timeout=settings.acquire_timeout_s,
            configure=self._configure,
            open=False,
        )

    def open(self) -> None:
        """Connect.

        Errors: DatabaseUnavailable when the server cannot be reached or is too old.
        """
        self._probe()
        self._open_pool()

    def close(self) -> None:
        """Close the connections that are not in use, and the others when they are given back."""
        self._is_closed = True
        if self._loop is not loop():
            self._abandon()
            return
        self._empty_stack()
        self._pool.close()

    def stats(self) -> PoolStats:
        """Return how the connections are used at this moment."""
        inner = self._pool.get_stats()
        size, idle = inner["pool_size"], inner["pool_available"] + len(self._stack)
        return PoolStats(
            max_size=self.settings.max_size,
            size=size,
            idle=min(idle, size),
            in_use=max(0, size - idle),
            waiting=inner.get("requests_waiting", 0),
        )

    def checkout(self) -> PooledConnection:
        """Return a connection for the caller alone, to be given back by release()."""
        if self._loop is not loop():
            self._move_to_this_loop()
        try:
            connection = self._stack.pop()
        except IndexError:
            connection = self._wait_for_connection()
        while (
            connection.idle_since < max(self._broken_at, time.monotonic() - _TRUSTED_FOR_S)
            and connection.has_been_ended()
        ):
            # The pool sees that it is broken, and opens another one.
            connection.close()
            self._put(connection)
            connection = self._wait_for_connection()
        return connection

    def checkout_noted(self) -> PooledConnection:
        """Return a connection as checkout() does, and note who takes it."""
        connection = self.checkout()
        if self._holders is not None:
            self._holders.add(connection)
        return connection

    def release_noted(self, connection: PooledConnection) -> None:
        """Take a connection back, and forget who had it."""
        if self._holders is not None:
            self._holders.discard(connection)
        self.release(connection)

    def release(self, connection: PooledConnection) -> None:
        """Take a connection back."""
        if connection.home is not self:
            connection.home.release(connection)
            return
        connection.idle_since = now = time.monotonic()
        if len(self._stack) >= self._stack_max or now > connection.expires_at or not connection.is_idle:
            if connection.closed:
                # What ended this connection may have ended those that rest, too.
                self._broken_at = now
            self._put(connection)
            return
        self._stack.append(connection)
        if self._waiting or self._is_closed:
            self._empty_stack()

    def _wait_for_connection(self) -> PooledConnection:
        # Said before the second look, so that whoever releases a connection after that look hands it to the pool.
        self._waiting.append(None)
        try:
            try:
                return self._stack.pop()
            except IndexError:
                return self._pool.getconn()
        except PoolTimeout as error:
            raise self._explained_timeout() from error
        finally:
            self._waiting.pop()

    def _explained_timeout(self) -> PoolExhausted | DatabaseUnavailable:
        """Return why no connection came in time, without waiting any longer."""
        failure, timeout_s = self.last_failure, self.settings.acquire_timeout_s
        connected = sum(not connection.closed for connection in list(self._known))
        if connected >= self.settings.max_size:
            holders = f", held by:\n{self._holders}" if self._holders else ""
            more = "" if self._holders else "; debug = true there names those who hold them"
            return PoolExhausted(
                f"all {self.settings.max_size} connections of the pool were in use for {timeout_s:g} s{holders}",
                help=f"close transactions and streams sooner, or raise max_size in [tool.pagespace_db.pool]{more}",
            )
        if failure is None:
            failure = errors.ConnectionTimeout()
        return explain_failure(self.conninfo, failure)

    def _empty_stack(self) -> None:
        """Hand the connections of the stack to the pool, and so to those who wait there."""
        while True:
            try:
                connection = self._stack.pop()
            except IndexError:
                return
            self._put(connection)

    def _put(self, connection: PooledConnection) -> None:
        if self._loop is not loop():
            connection.close()
        else:
            self._pool.putconn(connection)

    def _move_to_this_loop(self) -> None:
        """Begin anew when the event loop that the connections belong to has ended."""
        if is_running(self._loop):
            raise StatementError(
                "this database belongs to another event loop, which is still running",
                help="make one database for each event loop",
            )
        self._abandon()
        self._pool = self._new_pool()
        self._open_pool()

    def _open_pool(self) -> None:
        # A pool that is still connecting when its event loop ends keeps asyncio.run() from returning, so we wait here.
        try:
            self._pool.open(wait=True, timeout=self.settings.acquire_timeout_s)
        except PoolTimeout as error:
            self._pool.close()
            self._probe()
            raise DatabaseUnavailable(
                f"{self.settings.min_size} connections to {redact(self.conninfo)} could not be opened"
                f" in {self.settings.acquire_timeout_s:g} s",
                help="lower min_size in [tool.pagespace_db.pool], or raise max_connections of the server",
            ) from error

    def _abandon(self) -> None:
        """Close the connections of an event loop that has ended; its tasks cannot do so any more."""
        self._stack.clear()
        self._waiting.clear()
        for connection in list(self._known):
            connection.pgconn.finish()
        keep_for_ever(self._pool)

    def _configure(self, connection: PooledConnection) -> None:
        try:
            self._set_up(connection)
        except Cancelled:
            keep_cancelling()
            raise

    def _set_up(self, connection: PooledConnection) -> None:
        now = time.monotonic()
        self.last_failure = None
        connection.home = self
        self._known.add(connection)
        connection.idle_since, connection.expires_at = now, now + CONNECTION_LIFETIME_S
        connection.answer_limit_s = answer_limit_s(self.settings.statement_timeout_ms)
        # Behind a pooler, what a session sets or prepares stays with the server's connection, and meets other clients.
        if not self.is_behind_pooler:
            parameters = session_parameters(self.settings, connection.pgconn.backend_pid)
            cursor = connection.execute(SESSION_SETTINGS, parameters)
            self.is_behind_pooler = cursor.rowcount == 0
        connection.prepares = not self.is_behind_pooler
        register_loaders(connection)
        register_dumpers(connection)
        connection.learn_types()

    def _probe(self) -> None:
        """Raise the error that explains why no connection can be had, if so."""
        try:
            with psycopg.Connection.connect(self.conninfo) as connection:
                check_server_version(connection.info.server_version, self.conninfo)
        except psycopg.OperationalError as error:
            raise explain_failure(self.conninfo, error) from error
