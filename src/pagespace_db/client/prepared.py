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

import hashlib
from collections.abc import Sequence
from typing import Final, Generic, TypeVar

import psycopg
from psycopg import capabilities, errors, generators
from psycopg.abc import AdaptContext, PQGen
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

from pagespace_db.query.compile import Compiled

R = TypeVar("R")

GONE: Final = "26000"
"""invalid_sql_statement_name: somebody ran DISCARD ALL, or a pooler gave us another server connection."""

OUTDATED: Final = "0A000"
"""feature_not_supported: `cached plan must not change result type`, after DDL."""

EXISTS: Final = "42P05"
"""duplicate_prepared_statement: names are made of the text, so that what exists is what we would prepare."""


class Prepared(Generic[R]):
    """One shape on one connection.

    Attributes:
        name: The name of the prepared statement on the server; empty when nothing is to be prepared.
    """

    __slots__ = ("_compiled", "_formats", "_has_loaders", "_is_outdated", "_is_prepared", "_transformer", "name")

    def __init__(self, compiled: Compiled[R], connection: AdaptContext, *, is_named: bool = True) -> None:
        self.name = _name_of(compiled.sql) if is_named else b""
        self._compiled = compiled
        self._transformer = Transformer(connection)
        self._formats = [PyFormat.TEXT] * compiled.parameter_count
        self._has_loaders = False
        self._is_outdated = False
        self._is_prepared = False

    def rows_gen(self, pgconn: PGconn, values: Sequence[object], at_most: int | None = None) -> PQGen[list[R]]:
        """Execute with `values`; return the rows, or the first `at_most` of them."""
        result = yield from self._execute_gen(pgconn, values)
        return self._rows(result, at_most)

    def count_gen(self, pgconn: PGconn, values: Sequence[object]) -> PQGen[int]:
        """Execute with `values`; return the number of rows that the server reports."""
        result = yield from self._execute_gen(pgconn, values)
        return result.command_tuples or 0

    def declare_gen(self, pgconn: PGconn, cursor: bytes, values: Sequence[object]) -> PQGen[None]:
        """Open a cursor of the server over the statement, for fetch_gen; it lives as long as the transaction."""
        try:
            parameters = self._transformer.dump_sequence(self._compiled.bind(values), self._formats)
        except (psycopg.DataError, UnicodeEncodeError) as error:
            raise self._compiled.refused_text(values) or error from None
        pgconn.send_query_params(b"DECLARE " + cursor + b" NO SCROLL CURSOR FOR " + self._compiled.sql, parameters)
        yield from _result_gen(pgconn, self._transformer.encoding)

    def fetch_gen(self, pgconn: PGconn, cursor: bytes, count: int) -> PQGen[list[R]]:
        """Return the next `count` rows of a cursor, or what is left."""
        pgconn.send_query_params(b"FETCH %d FROM " % count + cursor, None)
        return self._rows((yield from _result_gen(pgconn, self._transformer.encoding)), None)

    def is_renewed_after(self, error: psycopg.Error) -> bool:
        """Tell whether `error` means that the statement must be prepared again, which the next execution does."""
        if not self._is_prepared or error.sqlstate not in (GONE, OUTDATED):
            return False
        self._is_prepared = self._has_loaders = False
        self._is_outdated = error.sqlstate == OUTDATED
        return True

    def _rows(self, result: PGresult, at_most: int | None) -> list[R]:
        transformer = self._transformer
        transformer.set_pgresult(result, set_loaders=not self._has_loaders)
        # Without a prepared statement nobody promises that the next result has the same types.
        self._has_loaders = self._is_prepared
        count = result.ntuples
        rows = transformer.load_rows(0, count if at_most is None else min(count, at_most), self._compiled.make_row)
        transformer.set_pgresult(None, set_loaders=False)
        return rows

    def _execute_gen(self, pgconn: PGconn, values: Sequence[object]) -> PQGen[PGresult]:
        try:
            parameters = self._transformer.dump_sequence(self._compiled.bind(values), self._formats)
        except (psycopg.DataError, UnicodeEncodeError) as error:
            raise self._compiled.refused_text(values) or error from None
        encoding = self._transformer.encoding
        if not self.name:
            pgconn.send_query_params(self._compiled.sql, parameters)
        else:
            if not self._is_prepared:
                yield from self._prepare_gen(pgconn, encoding)
            pgconn.send_query_prepared(self.name, parameters)
        return (yield from _result_gen(pgconn, encoding))

    def _prepare_gen(self, pgconn: PGconn, encoding: str) -> PQGen[None]:
        if self._is_outdated:
            yield from deallocate_gen(pgconn, self.name, encoding)
            self._is_outdated = False
        pgconn.send_prepare(self.name, self._compiled.sql)
        try:
            yield from _result_gen(pgconn, encoding)
        except errors.DuplicatePreparedStatement:
            self._is_prepared = True
            if pgconn.transaction_status == TransactionStatus.INERROR:
                raise
        self._is_prepared = True


def close_cursor_gen(pgconn: PGconn, cursor: bytes, encoding: str) -> PQGen[None]:
    """Close a cursor of the server."""
    pgconn.send_query_params(b"CLOSE " + cursor, None)
    yield from _result_gen(pgconn, encoding)


def deallocate_gen(pgconn: PGconn, name: bytes, encoding: str) -> PQGen[None]:
    """Drop a prepared statement from the server, if it is there."""
    if capabilities.has_send_close_prepared():
        pgconn.send_close_prepared(name)
    else:
        pgconn.send_query_params(b"DEALLOCATE " + name, None)
    yield from _result_gen(pgconn, encoding)


def _name_of(sql: bytes) -> bytes:
    # Behind a pooler another client may have prepared under any name: the same name must mean the same statement.
    return b"pagespace_" + hashlib.blake2b(sql, digest_size=12).hexdigest().encode()


def _result_gen(pgconn: PGconn, encoding: str) -> PQGen[PGresult]:
    results = yield from generators.execute(pgconn)
    result: PGresult = results[-1]
    if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        raise errors.error_from_result(result, encoding=encoding)
    return result
