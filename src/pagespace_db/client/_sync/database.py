"""Generated from database.py by tools/unasync.py: do not edit."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Self, TypeVar

from pagespace_db.client._sync.connection import PooledConnection
from pagespace_db.client._sync.executor import Executor
from pagespace_db.client._sync.listener import listen
from pagespace_db.client._sync.locks import advisory_lock
from pagespace_db.client._sync.pool import Pool
from pagespace_db.client._sync.replay import position
from pagespace_db.client.adapt import Mutex, Yields
from pagespace_db.client.channels import Channel, Gap, Notification
from pagespace_db.client.config import (
    LOCK_CONNECTIONS,
    default_pool_settings,
    pooled_conninfo,
    replica_url,
    require_database_url,
)
from pagespace_db.client.forks import forget_on_fork, keep_for_ever
from pagespace_db.client.hooks import Hook, PoolStats
from pagespace_db.errors import ConfigError
from pagespace_db.settings import PoolSettings

T = TypeVar("T")


class Database(Executor):
    """A pool of connections to one database, opened at the first use.

    Args:
        url: A URL or conninfo string; DATABASE_URL when left out, read at the first use.
        pool: Sizes and time limits; `[tool.pagespace_db.pool]` or the defaults when left out.
        hooks: Called after each statement with its text, its time and its error, never with its values.
    """

    def __init__(self, url: str | None = None, *, pool: PoolSettings | None = None, hooks: Sequence[Hook] = ()) -> None:
        self._url = url
        self._settings = pool
        self._hooks = tuple(hooks)
        self._opening = Mutex()
        self._forget()
        forget_on_fork(self)

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def open(self) -> None:
        """Open the pool; the first statement does so too.

        Errors: ConfigError without a URL, DatabaseUnavailable when the server cannot be reached or is too old.
        """
        self._open()

    def close(self) -> None:
        """Close every connection; the next statement opens the pool anew."""
        pools = self._pool, self._lock_pool
        self._forget()
        for pool in pools:
            if pool is not None:
                pool.close()

    def replicas(self) -> Self:
        """Return the database of the standbys among the hosts of the URL, for reads that may be a moment old.

        It has a pool of its own, to be closed by the caller; without a standby it leads to the primary. A standby
        refuses writes (SQLSTATE 25006).
        """
        url = replica_url(self._url or require_database_url())
        return type(self)(url, pool=self._settings, hooks=self._hooks)

    def position(self) -> str:
        """Return how far the server's log is written: hand it to transaction(after=...) of the replicas.

        Everything that was committed before is in it, as long as synchronous_commit is on.
        """
        connection = self._checkout()
        try:
            return position(connection)
        finally:
            self._release(connection)

    def stats(self) -> PoolStats | None:
        """Return how the connections are used at this moment; None before the first use."""
        return None if self._pool is None else self._pool.stats()

    @contextmanager
    def advisory_lock(self, key: int | str, *, shared: bool = False, timeout_s: float | None = None) -> Yields[None]:
        """Hold an advisory lock of the database while the block runs, on a connection from a pool of its own.

        One database holds four at a time.

        Errors: LockNotObtained when others held it for `timeout_s`.

        Args:
            key: A number of 64 bits, or a text that is hashed to one.
            shared: Let others hold it too, if they ask for a shared one.
            timeout_s: Seconds to wait; None is without end.
        """
        with advisory_lock(self._open_lock_pool(), key, is_shared=shared, timeout_s=timeout_s):
            yield

    def listen(self, *channels: Channel[T]) -> Yields[Notification[T] | Gap]:
        """Yield what is sent over `channels`, for as long as the caller iterates, from a connection of its own.

        A Gap comes first, and again after each lost connection: what was sent until then is not known, so read what
        the notifications would have told of. Behind a pooler in transaction mode nothing would ever arrive.

        Errors: ConfigError with a pooler.
        """
        pool = self._open()
        if pool.is_behind_pooler:
            raise ConfigError(
                "LISTEN does not work behind a pooler in transaction mode",
                help="listen on a Database whose URL leads to the server itself",
            )
        events = listen(pool.conninfo, {channel.name: channel for channel in channels})
        try:
            for event in events:
                yield event
        finally:
            events.close()

    def _forget(self) -> None:
        self._pool: Pool | None = None
        self._lock_pool: Pool | None = None
        self._checkout = self._open_and_checkout
        self._release = self._give_back

    def _after_fork(self) -> None:
        """Leave the connections to the process that this one was forked from."""
        keep_for_ever((self._pool, self._lock_pool))
        self._opening = Mutex()
        self._forget()

    def _open(self) -> Pool:
        with self._opening:
            if self._pool is None:
                url = self._url or require_database_url()
                settings = self._settings or default_pool_settings()
                pool = Pool(pooled_conninfo(url, settings), settings, self._hooks)
                pool.open()
                self._pool = pool
                if settings.debug:
                    self._checkout, self._release = pool.checkout_noted, pool.release_noted
                else:
                    self._checkout, self._release = pool.checkout, pool.release
            return self._pool

    def _open_lock_pool(self) -> Pool:
        pool = self._open()
        with self._opening:
            if self._lock_pool is None:
                settings = replace(pool.settings, min_size=0, max_size=LOCK_CONNECTIONS, lock_timeout_ms=0)
                self._lock_pool = Pool(pool.conninfo, settings)
                self._lock_pool.open()
            return self._lock_pool

    def _open_and_checkout(self) -> PooledConnection:
        return (self._open()).checkout()

    def _give_back(self, connection: PooledConnection) -> None:
        connection.home.release(connection)
