"""Rows for COPY: from the dicts of an insert to tuples, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Never, TypeAlias, TypeVar

from psycopg import sql

from pagespace_db.errors import StatementError
from pagespace_db.query.columns import ColumnBase, Source, Table
from pagespace_db.query.expressions import Node

I = TypeVar("I")  # noqa: E741  # the insert type of a table

AnyColumn = ColumnBase[Any, Any]

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
    """Turns rows of one table into tuples; the first row decides which columns are written.

    Attributes:
        columns: The columns, in the order of the tuples.
    """

    def __init__(self, table: Table[Any, Any, Any], first: object) -> None:
        self._table = table
        given = self._mapping(first, 1)
        known = {column._attribute: column for column in table._columns}
        for name in given:
            if name not in known:
                raise StatementError(f"{table!r} has no column {name!r}", help=f"columns: {', '.join(known)}")
            if known[name]._generated:
                raise StatementError(f"the server alone writes {known[name]!r}", help=f"leave {name!r} out")
        self._given = [known[name] for name in given]
        self._made = [column for column in table._columns if column._default and column._attribute not in given]
        self.columns: tuple[AnyColumn, ...] = (*self._given, *self._made)
        self._count = 0

    def row(self, row: object) -> list[object]:
        """Return the values of the next row.

        Errors: StatementError when it has other keys than the first, or an expression.
        """
        self._count += 1
        given = self._mapping(row, self._count)
        if len(given) != len(self._given):
            raise self._other_keys(given)
        values: list[object] = []
        for column in self._given:
            try:
                value = given[column._attribute]
            except KeyError:
                raise self._other_keys(given) from None
            if isinstance(value, Node):
                raise StatementError(
                    f"row {self._count} gives an expression for {column._attribute!r}, which COPY cannot take"
                )
            values.append(column._param.lift(value))
        values.extend([column._default() for column in self._made if column._default is not None])
        return values

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

    def _other_keys(self, given: Mapping[str, object]) -> StatementError:
        names = {column._attribute for column in self._given}
        differing = ", ".join(sorted(names ^ set(given)))
        return StatementError(
            f"row {self._count} has other keys than the first row: {differing}", help="give every row the same keys"
        )


def copy_out_command(source: Source[Any]) -> sql.Composed:
    """Return the COPY command that sends every row of a table or view, its columns in order."""
    columns = sql.SQL(", ").join([sql.Identifier(column._name) for column in source._columns])
    return sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(columns, sql.Identifier(source._schema, source._name))
