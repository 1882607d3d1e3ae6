"""Statements prepared on one connection, executed below psycopg's cursors.

A cursor decides anew at each execution what a prepared statement has decided already: how the query is parsed, which
types its parameters have, which loaders its columns need. Here that is decided once for each shape and connection,
which leaves a third of the client's time. Parameters go as text of unknown type, so the server gives them the types
that the statement implies, and one shape is one prepared statement whatever its values.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Collection, Sequence
from typing import Any, Final, Generic, TypeVar

import psycopg
from psycopg.abc import AdaptContext
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import Format
from psycopg.pq.abc import PGresult

from pagespace_db.builder.compile import Compiled
from pagespace_db.builder.relational.collecting import MANY, collection_paused
from pagespace_db.client.loaders import prefers_binary
from pagespace_db.client.protocol import Command, close_command

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
        name: The name of the prepared statement on the server; empty when it is parsed at each execution.
        is_ready: The server has it.
        result_format: How the server is to send the values.
    """

    __slots__ = (
        "_compiled",
        "_connection",
        "_formats",
        "_has_loaders",
        "_is_outdated",
        "_make_row",
        "_order",
        "_transformer",
        "is_ready",
        "name",
        "result_format",
    )

    def __init__(
        self,
        compiled: Compiled[R],
        connection: AdaptContext,
        *,
        is_named: bool = True,
        taken: Collection[bytes] = (),
    ) -> None:
        """Prepare a shape on a connection where other statements have the names `taken`, unless it is not named."""
        self.name = _name_of(compiled.sql, taken) if is_named else b""
        self.is_ready = False
        self.result_format = Format.TEXT
        self._compiled = compiled
        self._order = compiled.order
        self._make_row = compiled.make_row
        self._connection = connection
        self._transformer = Transformer(connection)
        self._formats = [PyFormat.TEXT] * compiled.parameter_count
        self._has_loaders = False
        self._is_outdated = False

    def dump(self, values: Sequence[object]) -> Sequence[Any]:
        """Return the parameters for `values`, in the server's format.

        Errors: StatementError for a text that PostgreSQL cannot hold.
        """
        bound = values if self._order is None else [values[index] for index in self._order]
        try:
            return self._transformer.dump_sequence(bound, self._formats)
        except (psycopg.DataError, UnicodeEncodeError) as error:
            raise self._compiled.refused_text(values) or error from None

    def preparation(self) -> list[Command]:
        """Return the commands that must come before an execution; none when the server has the statement."""
        if self.is_ready or not self.name:
            return []
        prepare: Command = lambda pgconn: pgconn.send_prepare(self.name, self._compiled.sql)  # noqa: E731
        return [close_command(self.name), prepare] if self._is_outdated else [prepare]

    def execution(self, parameters: Sequence[Any]) -> Command:
        """Return the command of an execution."""
        if not self.name:
            return lambda pgconn: pgconn.send_query_params(self._compiled.sql, parameters)
        return lambda pgconn: pgconn.send_query_prepared(self.name, parameters, None, self.result_format)

    def declare_command(self, cursor: bytes, parameters: Sequence[Any]) -> Command:
        """Return the command that opens a cursor of the server over the statement."""
        sql = b"DECLARE " + cursor + b" NO SCROLL CURSOR FOR " + self._compiled.sql
        return lambda pgconn: pgconn.send_query_params(sql, parameters)

    def fetch_command(self, cursor: bytes, count: int) -> Command:
        """Return the command that fetches the next rows of a cursor."""
        sql = b"FETCH %d FROM " % count + cursor
        return lambda pgconn: pgconn.send_query_params(sql, None, result_format=self.result_format)

    def rows(self, result: PGresult, at_most: int | None = None) -> list[R]:
        """Return the rows of a result, or the first `at_most` of them."""
        transformer = self._transformer
        count = result.ntuples
        if at_most is not None and at_most < count:
            count = at_most
        if self._has_loaders and count <= MANY:
            transformer.set_pgresult(result, set_loaders=False)
            return transformer.load_rows(0, count, self._make_row)
        transformer.set_pgresult(result, set_loaders=not self._has_loaders)
        if not self._has_loaders:
            self._settle(result)
        with collection_paused(count):
            return transformer.load_rows(0, count, self._make_row)

    def is_mended_after(self, error: psycopg.Error) -> bool:
        """Tell whether the next execution, which prepares anew where that is needed, will not meet `error` again."""
        if error.sqlstate == EXISTS and not self.is_ready:
            self.is_ready = True
        elif error.sqlstate in (GONE, OUTDATED) and self.is_ready:
            self.is_ready = self._has_loaders = False
            self.result_format = Format.TEXT
            self._is_outdated = error.sqlstate == OUTDATED
        else:
            return False
        return True

    def _settle(self, result: PGresult) -> None:
        """Decide by the types of the first result how all later ones are read."""
        # Without a prepared statement nobody promises that the next result has the same types.
        if not self.name:
            return
        if self.result_format == Format.TEXT and prefers_binary(result, self._connection):
            self.result_format = Format.BINARY
        self._has_loaders = result.nfields > 0 and result.fformat(0) == self.result_format


def _name_of(sql: bytes, taken: Collection[bytes]) -> bytes:
    # Behind a pooler another client may have prepared under any name: the same name must mean the same statement.
    name = base = b"pagespace_" + hashlib.blake2b(sql, digest_size=12).hexdigest().encode()
    # Two shapes, whose rows become different objects, may have one text.
    for number in itertools.count(2):
        if name not in taken:
            break
        name = b"%s_%d" % (base, number)
    return name
