"""The connection of a database with hooks: it tells them of each statement. Without hooks none of this is run."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg

from pagespace_db.builder.compile import Compiled
from pagespace_db.builder.statement import Request
from pagespace_db.client._async.connection import AsyncPooledConnection
from pagespace_db.client.hooks import StatementEvent

R = TypeVar("R")


class AsyncObservedConnection(AsyncPooledConnection):
    """A connection that tells the hooks of its pool what it runs."""

    async def rows(self, compiled: Compiled[R], values: Sequence[object], at_most: int | None = None) -> list[R]:
        """Run a compiled statement and return its rows, or the first `at_most` of them."""
        with self._observing(compiled.sql) as counts:
            rows = await super().rows(compiled, values, at_most)
            counts.append(len(rows))
            return rows

    async def count(self, compiled: Compiled[Any], values: Sequence[object]) -> int:
        """Run a compiled command and return the number of rows that it wrote."""
        with self._observing(compiled.sql) as counts:
            counts.append(await super().count(compiled, values))
            return counts[0]

    async def batch(self, requests: Sequence[Request]) -> list[Any]:
        """Run compiled statements in one flush, all or none; return the rows or the count of each."""
        with self._observing(b"; ".join([compiled.sql for compiled, _ in requests])) as counts:
            results = await super().batch(requests)
            counts.extend([result if isinstance(result, int) else len(result) for result in results])
            return results

    @contextmanager
    def _observing(self, sql: bytes) -> Generator[list[int]]:
        counts: list[int] = []
        sqlstate: str | None = None
        failure: str | None = None
        start = time.perf_counter()
        try:
            yield counts
        except BaseException as error:
            failure = type(error).__name__
            sqlstate = error.sqlstate if isinstance(error, psycopg.Error) else None
            raise
        finally:
            event = StatementEvent(
                sql=sql.decode(),
                duration_s=time.perf_counter() - start,
                row_count=None if failure else sum(counts),
                sqlstate=sqlstate,
                error=failure,
            )
            for hook in self.home.hooks:
                hook(event)
