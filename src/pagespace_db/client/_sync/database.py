"""Generated from database.py by tools/unasync.py: do not edit."""

from __future__ import annotations

from typing import Self

from pagespace_db.client._sync.connection import PooledConnection
from pagespace_db.client._sync.executor import Executor
from pagespace_db.client._sync.pool import Pool
from pagespace_db.client.adapt import Mutex
from pagespace_db.client.config import default_pool_settings, pooled_conninfo, require_database_url
from pagespace_db.client.forks import forget_on_fork, keep_for_ever
from pagespace_db.settings import PoolSettings


class Database(Executor):
    """A pool of connections to one database, opened at the first use.

    Args:
        url: A URL or conninfo string; DATABASE_URL when left out, read at the first use.
        pool: Sizes and time limits; `[tool.pagespace_db.pool]` or the defaults when left out.
    """

    def __init__(self, url: str | None = None, *, pool: PoolSettings | None = None) -> None:
        self._url = url
        self._settings = pool
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
        pool = self._pool
        self._forget()
        if pool is not None:
            pool.close()

    def _forget(self) -> None:
        self._pool: Pool | None = None
        self._checkout = self._open_and_checkout
        self._release = self._give_back

    def _after_fork(self) -> None:
        """Leave the connections to the process that this one was forked from."""
        keep_for_ever(self._pool)
        self._opening = Mutex()
        self._forget()

    def _open(self) -> Pool:
        with self._opening:
            if self._pool is None:
                url = self._url or require_database_url()
                settings = self._settings or default_pool_settings()
                pool = Pool(pooled_conninfo(url, settings), settings)
                pool.open()
                self._pool, self._checkout, self._release = pool, pool.checkout, pool.release
            return self._pool

    def _open_and_checkout(self) -> PooledConnection:
        return (self._open()).checkout()

    def _give_back(self, connection: PooledConnection) -> None:
        connection.home.release(connection)
