"""Generated from observed.py by tools/unasync.py: do not edit."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeVar

import psycopg
from psycopg.pq.abc import PGconn

from pagespace_db.builder.compile import Compiled
from pagespace_db.builder.statement import Request
from pagespace_db.client._sync.connection import PooledConnection
from pagespace_db.client.adapt import Yields
from pagespace_db.client.hooks import StatementEvent
from pagespace_db.client.summary import Summary, summary_of

R = TypeVar("R")


class ObservedConnection(PooledConnection):
    """A connection that tells the hooks of its pool what it runs."""

    def __init__(self, pgconn: PGconn) -> None:
        super().__init__(pgconn)
        # Asked now, as a connection that broke cannot tell any more.
        self._database, self._host = pgconn.db.decode(), pgconn.host.decode()
        self._port = int(pgconn.port or b"5432")

    def rows(self, compiled: Compiled[R], values: Sequence[object], at_most: int | None = None) -> list[R]:
        """Run a compiled statement and return its rows, or the first `at_most` of them."""
        with self._observing(compiled) as counts:
            rows = super().rows(compiled, values, at_most)
            counts.append(len(rows))
            return rows

    def count(self, compiled: Compiled[Any], values: Sequence[object]) -> int:
        """Run a compiled command and return the number of rows that it wrote."""
        with self._observing(compiled) as counts:
            counts.append(super().count(compiled, values))
            return counts[0]

    def batch(self, requests: Sequence[Request]) -> list[Any]:
        """Run compiled statements in one flush, all or none; return the rows or the count of each."""
        summaries = {summary_of(compiled.key, compiled.sql) for compiled, _ in requests}
        summary = summaries.pop() if len(summaries) == 1 else Summary("BATCH")
        text = "; ".join([compiled.sql.decode() for compiled, _ in requests])
        with self.observing(text, summary, batch_size=len(requests)) as counts:
            results = super().batch(requests)
            counts.extend([result if isinstance(result, int) else len(result) for result in results])
            return results

    def stream(self, compiled: Compiled[R], values: Sequence[object], rows_per_fetch: int) -> Yields[R]:
        """Yield the rows of a compiled statement from a cursor of the server, in the open transaction."""
        count = 0
        with self._observing(compiled) as counts:
            rows = super().stream(compiled, values, rows_per_fetch)
            try:
                for row in rows:
                    count += 1
                    yield row
            finally:
                counts.append(count)
                rows.close()

    def _observing(self, compiled: Compiled[Any]) -> AbstractContextManager[list[int]]:
        return self.observing(compiled.sql.decode(), summary_of(compiled.key, compiled.sql))

    @contextmanager
    def observing(self, sql: str, summary: Summary, *, batch_size: int | None = None) -> Generator[list[int]]:
        """Tell the hooks of what the block runs."""
        counts: list[int] = []
        failure: BaseException | None = None
        start = time.perf_counter()
        try:
            yield counts
        except GeneratorExit:
            # Whoever reads a stream wants no more of it.
            raise
        except BaseException as error:
            failure = error
            raise
        finally:
            event = StatementEvent(
                sql=sql,
                duration_s=time.perf_counter() - start,
                row_count=None if failure else sum(counts),
                sqlstate=failure.sqlstate if isinstance(failure, psycopg.Error) else None,
                error=None if failure is None else type(failure).__name__,
                command=summary.command,
                table=summary.table,
                batch_size=batch_size,
                database=self._database,
                host=self._host,
                port=self._port,
            )
            for hook in self.home.hooks:
                hook(event)
