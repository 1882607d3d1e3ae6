"""Rows for COPY: from the dicts of an insert to text, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any, Final, Never, TypeAlias, TypeVar

import psycopg
from psycopg import sql
from psycopg.abc import AdaptContext
from psycopg.adapt import Transformer

from pagespace_db.builder.columns import ColumnBase, Source, Table
from pagespace_db.builder.expressions import Node
from pagespace_db.client.protocol import format_row_text
from pagespace_db.errors import StatementError, nearest

I = TypeVar("I")  # noqa: E741  # the insert type of a table

AnyColumn = ColumnBase[Any, Any]

_CHUNK_BYTES: Final = 65_536

# The never-met Callable makes mypy infer I from the table, and so check a display of dicts against it.
Rows: TypeAlias = Iterable[I] | Callable[[Never], I]


def rows_of(rows: Rows[Any]) -> Iterator[object]:
    """Return an iterator over the rows that a caller gave.

    Errors: StatementError for what cannot be iterated over.
    """
    if isinstance(rows, Iterable):
        return iter(rows)  # pyright: ignore[reportUnknownArgumentType]  # each row is looked at as it comes
    raise StatementError(f"copy_in() takes rows, not a {type(rows).__name__}")


class RowCopier:
    """Turns rows of one table into the text of COPY; the first row decides which columns are written.

    Attributes:
        columns: The columns, in the order of the text.
    """

    def __init__(self, table: Table[Any, Any, Any], first: object) -> None:
        self._table = table
        given = self._mapping(first, 1)
        known = {column._attribute: column for column in table._columns}
        for name in given:
            if name not in known:
                guess = nearest(name, known)
                raise StatementError(
                    f"{table!r} has no column {name!r}",
                    help=f"did you mean {guess!r}?" if guess else f"columns: {', '.join(known)}",
                )
            if known[name]._generated:
                raise StatementError(f"the server alone writes {known[name]!r}", help=f"leave {name!r} out")
        self._given = [known[name] for name in given]
        made = [column for column in table._columns if column._default and column._attribute not in given]
        self.columns: tuple[AnyColumn, ...] = (*self._given, *made)
        self._makers = [column._default for column in made if column._default is not None]

    def chunks(self, rows: Iterable[Any], connection: AdaptContext) -> Iterator[bytearray]:
        """Yield the text of `rows`, the first included, in pieces of some 64 kB.

        Errors: StatementError for a row with other keys than the first, an expression, or a text that PostgreSQL cannot
            hold.
        """
        names = [column._attribute for column in self._given]
        values_of: Callable[[Any], tuple[object, ...]] = itemgetter(*names)
        if len(names) == 1:
            values_of = lambda row: (row[names[0]],)  # noqa: E731  # itemgetter gives no tuple for one name
        needs_more = bool(self._makers) or any(column._param.adapt for column in self._given)
        width = len(names)
        transformer = Transformer(connection)
        chunk = bytearray()
        for number, row in enumerate(rows, start=1):
            try:
                values = values_of(row)
                if len(row) != width:
                    raise self._other_keys(row, number)
                format_row_text(self._completed(values) if needs_more else values, transformer, chunk)
            except (KeyError, TypeError, ValueError, psycopg.Error) as error:
                raise self._explained(error, row, number) from None
            if len(chunk) > _CHUNK_BYTES:
                yield chunk
                chunk = bytearray()
        yield chunk

    def _completed(self, values: tuple[object, ...]) -> list[object]:
        lifted = [column._param.lift(value) for column, value in zip(self._given, values, strict=True)]
        return [*lifted, *[make() for make in self._makers]]

    def _explained(self, error: Exception, row: object, number: int) -> Exception:
        given = self._mapping(row, number)
        if isinstance(error, KeyError):
            return self._other_keys(given, number)
        for column in self._given:
            value = given[column._attribute]
            if isinstance(value, Node):
                return StatementError(f"row {number} gives an expression for {column!r}, which COPY cannot take")
            if isinstance(value, str) and "\0" in value:
                return StatementError(f"row {number}: PostgreSQL cannot hold the NUL character given for {column!r}")
        if isinstance(error, UnicodeEncodeError):
            return StatementError(f"row {number} has a text with a lone surrogate, which UTF-8 cannot hold")
        return error

    def command(self) -> sql.Composed:
        """Return the COPY command."""
        return sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(self._table._schema, self._table._name),
            sql.SQL(", ").join([sql.Identifier(column._name) for column in self.columns]),
        )

    def _mapping(self, row: object, number: int) -> Mapping[str, object]:
        if not isinstance(row, Mapping):
            raise StatementError(f"row {number} of {self._table!r} must be a dict, not a {type(row).__name__}")
        return row  # pyright: ignore[reportUnknownVariableType]  # its keys are looked up, its values checked by the server

    def _other_keys(self, row: object, number: int) -> StatementError:
        names = {column._attribute for column in self._given}
        differing = ", ".join(sorted(names ^ set(self._mapping(row, number))))
        return StatementError(
            f"row {number} has other keys than the first row: {differing}", help="give every row the same keys"
        )


def copy_out_command(source: Source[Any]) -> sql.Composed:
    """Return the COPY command that sends every row of a table or view, its columns in order."""
    columns = sql.SQL(", ").join([sql.Identifier(column._name) for column in source._columns])
    return sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(columns, sql.Identifier(source._schema, source._name))
