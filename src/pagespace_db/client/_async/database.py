"""A database: its pool, opened at the first use."""

from __future__ import annotations

from typing import Self

from pagespace_db.client._async.connection import AsyncPooledConnection
from pagespace_db.client._async.executor import AsyncExecutor
from pagespace_db.client._async.pool import AsyncPool
from pagespace_db.client.adapt import AsyncMutex
from pagespace_db.client.config import default_pool_settings, pooled_conninfo, require_database_url
from pagespace_db.client.forks import forget_on_fork, keep_for_ever
from pagespace_db.settings import PoolSettings


class AsyncDatabase(AsyncExecutor):
    """A pool of connections to one database, opened at the first use.

    Args:
        url: A URL or conninfo string; DATABASE_URL when left out, read at the first use.
        pool: Sizes and time limits; `[tool.pagespace_db.pool]` or the defaults when left out.
    """

    def __init__(self, url: str | None = None, *, pool: PoolSettings | None = None) -> None:
        self._url = url
        self._settings = pool
        self._opening = AsyncMutex()
        self._forget()
        forget_on_fork(self)

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Open the pool; the first statement does so too.

        Errors: ConfigError without a URL, DatabaseUnavailable when the server cannot be reached or is too old.
        """
        await self._open()

    async def close(self) -> None:
        """Close every connection; the next statement opens the pool anew."""
        pool = self._pool
        self._forget()
        if pool is not None:
            await pool.close()

    def _forget(self) -> None:
        self._pool: AsyncPool | None = None
        self._checkout = self._open_and_checkout
        self._release = self._give_back

    def _after_fork(self) -> None:
        """Leave the connections to the process that this one was forked from."""
        keep_for_ever(self._pool)
        self._opening = AsyncMutex()
        self._forget()

    async def _open(self) -> AsyncPool:
        async with self._opening:
            if self._pool is None:
                url = self._url or require_database_url()
                settings = self._settings or default_pool_settings()
                pool = AsyncPool(pooled_conninfo(url, settings), settings)
                await pool.open()
                self._pool, self._checkout, self._release = pool, pool.checkout, pool.release
            return self._pool

    async def _open_and_checkout(self) -> AsyncPooledConnection:
        return await (await self._open()).checkout()

    async def _give_back(self, connection: AsyncPooledConnection) -> None:
        await connection.home.release(connection)
