"""A database: its pool, opened at the first use."""

from __future__ import annotations

from typing import Self

from pagespace_db.client._async.connection import AsyncPooledConnection
from pagespace_db.client._async.executor import AsyncExecutor
from pagespace_db.client._async.pool import AsyncPool
from pagespace_db.client.adapt import AsyncMutex, async_loop
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
        self._pool: AsyncPool | None = None
        self._loop: object = None
        self._opening = AsyncMutex()
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
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close()

    def _forget(self) -> None:
        """Leave the connections to the process that this one was forked from."""
        keep_for_ever(self._pool)
        self._pool = None
        self._opening = AsyncMutex()

    async def _open(self) -> AsyncPool:
        if self._pool is not None and self._loop is not async_loop():
            # The event loop that the connections belong to has ended without closing them.
            self._pool.abandon()
            self._forget()
        async with self._opening:
            if self._pool is None:
                url = self._url or require_database_url()
                settings = self._settings or default_pool_settings()
                pool = AsyncPool(pooled_conninfo(url, settings), settings)
                await pool.open()
                self._pool, self._loop = pool, async_loop()
            return self._pool

    async def _checkout(self) -> AsyncPooledConnection:
        pool = self._pool
        if pool is None or self._loop is not async_loop():
            pool = await self._open()
        return await pool.checkout()

    async def _release(self, connection: AsyncPooledConnection) -> None:
        await connection.home.release(connection)
