"""Rows for COPY: from the dicts of an insert to text, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final, Never, TypeAlias, TypeVar

import psycopg
from psycopg import sql
from psycopg.abc import AdaptContext
from psycopg.adapt import Transformer

from pagespace_db.builder.columns import Source, Table
from pagespace_db.builder.expressions import Node
from pagespace_db.builder.flaws import flaw_in, flawed
from pagespace_db.builder.params import Param
from pagespace_db.client.protocol import format_row_text
from pagespace_db.errors import StatementError, ValueMisfit, nearest

I = TypeVar("I")  # noqa: E741  # the insert type of a table

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


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCopier:
    """Turns dicts into the text of COPY.

    Attributes:
        relation: The schema and the name of the table.
        columns: The columns of the text, in order: those of the dicts, then those that `makers` make.
        keys: The keys that every dict has, for the first columns.
        labels: What errors call these columns.
        params: How their values are bound.
        makers: What makes the values of the remaining columns.
    """

    relation: tuple[str, str]
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    labels: tuple[str, ...]
    params: tuple[Param, ...]
    makers: tuple[Callable[[], object], ...] = ()

    def chunks(self, rows: Iterable[Any], connection: AdaptContext) -> Iterator[bytearray]:
        """Yield the text of `rows` in pieces of some 64 kB.

        Errors: StatementError for a row with other keys, an expression, or a text that PostgreSQL cannot hold.
        """
        keys = list(self.keys)
        values_of: Callable[[Any], tuple[object, ...]] = itemgetter(*keys)
        if len(keys) == 1:
            values_of = lambda row: (row[keys[0]],)  # noqa: E731  # itemgetter gives no tuple for one name
        needs_more = bool(self.makers) or any(param.adapt for param in self.params)
        width = len(keys)
        transformer = Transformer(connection)
        chunk = bytearray()
        for number, row in enumerate(rows, start=1):
            try:
                values = values_of(row)
                if len(row) != width:
                    raise self._other_keys(row, number)
                format_row_text(self._completed(values) if needs_more else values, transformer, chunk)
            except ValueMisfit as misfit:
                raise ValueMisfit(f"row {number}: {misfit.message}") from None
            except (KeyError, TypeError, ValueError, psycopg.Error) as error:
                raise self._explained(error, row, number) from None
            if len(chunk) > _CHUNK_BYTES:
                yield chunk
                chunk = bytearray()
        yield chunk

    def command(self) -> sql.Composed:
        """Return the COPY command."""
        return sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(*self.relation), sql.SQL(", ").join(map(sql.Identifier, self.columns))
        )

    def _completed(self, values: tuple[object, ...]) -> list[object]:
        lifted = [param.lift(value) for param, value in zip(self.params, values, strict=True)]
        return [*lifted, *[make() for make in self.makers]]

    def _explained(self, error: Exception, row: object, number: int) -> Exception:
        given = _mapping(row, number)
        if isinstance(error, KeyError):
            return self._other_keys(given, number)
        for key, label in zip(self.keys, self.labels, strict=True):
            value = given[key]
            if isinstance(value, Node):
                return StatementError(f"row {number} gives an expression for {label}, which COPY cannot take")
            flaw = flaw_in(value)
            if flaw is not None:
                return flawed(f"row {number}: the text for {label}", flaw)
        return error

    def _other_keys(self, row: object, number: int) -> StatementError:
        differing = ", ".join(sorted({*self.keys} ^ {*_mapping(row, number)}))
        return StatementError(
            f"row {number} has other keys: {differing}", help=f"give every row these: {', '.join(self.keys)}"
        )


def table_copier(table: Table[Any, Any, Any], first: object) -> RowCopier:
    """Return what copies rows into a table; the first row decides which columns are written.

    Errors: StatementError for a row that is no dict, or has a column that is not there or that the server writes.
    """
    given = _mapping(first, 1)
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
    written = [known[name] for name in given]
    made = [column for column in table._columns if column._default and column._attribute not in given]
    return RowCopier(
        relation=(table._schema, table._name),
        columns=tuple(column._name for column in (*written, *made)),
        keys=tuple(given),
        labels=tuple(map(repr, written)),
        params=tuple(column._param for column in written),
        makers=tuple(column._default for column in made if column._default is not None),
    )


def _mapping(row: object, number: int) -> Mapping[str, object]:
    if not isinstance(row, Mapping):
        raise StatementError(f"row {number} must be a dict, not a {type(row).__name__}")
    return row  # pyright: ignore[reportUnknownVariableType]  # its keys are looked up, its values checked by the server


def copy_out_command(source: Source[Any]) -> sql.Composed:
    """Return the COPY command that sends every row of a table or view, its columns in order."""
    columns = sql.SQL(", ").join([sql.Identifier(column._name) for column in source._columns])
    return sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(columns, sql.Identifier(source._schema, source._name))
