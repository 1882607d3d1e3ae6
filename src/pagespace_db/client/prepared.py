"""Statements prepared on one connection, executed below psycopg's cursors.

A cursor decides anew at each execution what a prepared statement has decided already: how the query is parsed, which
types its parameters have, which loaders its columns need. Here that is decided once for each shape and connection,
which leaves a third of the client's time. Parameters go as text of unknown type, so the server gives them the types
that the statement implies, and one shape is one prepared statement whatever its values.

This is the one module that uses names of psycopg which its manual does not promise (`psycopg.generators`); a test
holds them against the installed version. The functions are psycopg's kind of generators: no I/O, so that sync and
async connections drive the same code.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Generic, TypeVar

from psycopg import errors, generators
from psycopg.abc import AdaptContext, PQGen
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn, PGresult

from pagespace_db.query.compile import Compiled

R = TypeVar("R")

STALE: Final = frozenset({"26000", "0A000"})
"""SQLSTATEs of a prepared statement that is gone (invalid_sql_statement_name), or whose result type has changed
(feature_not_supported): preparing it again mends both."""


class Prepared(Generic[R]):
    """One shape on one connection.

    Attributes:
        name: The name of the prepared statement on the server; empty when nothing is to be prepared.
    """

    __slots__ = ("_compiled", "_formats", "_has_loaders", "_is_prepared", "_transformer", "name")

    def __init__(self, compiled: Compiled[R], connection: AdaptContext, name: bytes) -> None:
        self.name = name
        self._compiled = compiled
        self._transformer = Transformer(connection)
        self._formats = [PyFormat.TEXT] * compiled.parameter_count
        self._has_loaders = False
        self._is_prepared = False

    def rows_gen(self, pgconn: PGconn, values: Sequence[object], at_most: int | None = None) -> PQGen[list[R]]:
        """Execute with `values`; return the rows, or the first `at_most` of them."""
        result = yield from self._execute_gen(pgconn, values)
        transformer = self._transformer
        transformer.set_pgresult(result, set_loaders=not self._has_loaders)
        self._has_loaders = True
        count = result.ntuples
        rows = transformer.load_rows(0, count if at_most is None else min(count, at_most), self._compiled.make_row)
        transformer.set_pgresult(None, set_loaders=False)
        return rows

    def count_gen(self, pgconn: PGconn, values: Sequence[object]) -> PQGen[int]:
        """Execute with `values`; return the number of rows that the server reports."""
        result = yield from self._execute_gen(pgconn, values)
        return result.command_tuples or 0

    def _execute_gen(self, pgconn: PGconn, values: Sequence[object]) -> PQGen[PGresult]:
        parameters = self._transformer.dump_sequence(self._compiled.bind(values), self._formats)
        if not self.name:
            pgconn.send_query_params(self._compiled.sql, parameters)
        else:
            if not self._is_prepared:
                pgconn.send_prepare(self.name, self._compiled.sql)
                yield from _result_gen(pgconn, self._transformer.encoding)
                self._is_prepared = True
            pgconn.send_query_prepared(self.name, parameters)
        return (yield from _result_gen(pgconn, self._transformer.encoding))


def deallocate_gen(pgconn: PGconn, name: bytes, encoding: str) -> PQGen[None]:
    """Drop a prepared statement from the server."""
    pgconn.send_query_params(b"DEALLOCATE " + name, None)
    yield from _result_gen(pgconn, encoding)


def _result_gen(pgconn: PGconn, encoding: str) -> PQGen[PGresult]:
    results = yield from generators.execute(pgconn)
    result: PGresult = results[-1]
    if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        raise errors.error_from_result(result, encoding=encoding)
    return result
