"""UPDATE and DELETE: neither is executable before .where() or .all_rows(), which the type checker says too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Generic, Never, Self, TypeVar

from pagespace_db.builder.clauses import Joins
from pagespace_db.builder.columns import Table
from pagespace_db.builder.expressions import FromItem, Operand, Values_
from pagespace_db.builder.writing.assigning import (
    AnyColumn,
    assignments_of,
    bulk,
    columnar,
    fill_in_updates,
    written,
)
from pagespace_db.builder.writing.write import TableChain, Write
from pagespace_db.errors import StatementError

R = TypeVar("R")
U = TypeVar("U")


class Unfiltered(Joins, TableChain[R], Generic[R]):
    """An UPDATE or DELETE that does not say yet which rows it is for."""

    __slots__ = ()

    @property
    def _compiled(self) -> Never:
        """Refuse to be executed, which the type checker says already.

        Errors: StatementError, always.
        """
        raise StatementError(
            f"it is not said which rows of {self._table!r} are written", help="add .where(...), or say .all_rows()"
        )

    def where(self, *conditions: Operand[bool] | None) -> Write[R]:
        """Return the statement for the rows where all of `conditions` hold; None is left out.

        Errors: StatementError when no condition is left: say .all_rows() when that is meant.
        """
        filtered = self._conditioned("where", conditions)
        if filtered is self:
            raise StatementError(
                f"no condition is left, so every row of {self._table!r} would be written",
                help="say .all_rows() when that is meant",
            )
        return Write(filtered._key, filtered._values, self._table)

    def all_rows(self) -> Write[R]:
        """Return the statement for every row of the table."""
        return Write(("all_rows", self._key), self._values, self._table)


class UnfilteredUpdate(Unfiltered[R]):
    """An UPDATE that does not say yet which rows it is for."""

    __slots__ = ()

    def from_(self, *sources: FromItem) -> Self:
        """Return the UPDATE whose values and conditions may refer to `sources`; join the rows to them in .where().

        When several rows of the sources meet one row of the table, it is not said which of them counts.
        """
        return self._from(sources)


class UnfilteredDelete(Unfiltered[R]):
    """A DELETE that does not say yet which rows it is for."""

    __slots__ = ()

    def using(self, *sources: FromItem) -> Self:
        """Return the DELETE whose conditions may refer to `sources`; join the rows to them in .where()."""
        return self._from(sources)


class Update(Generic[R, U]):
    """An UPDATE that waits for its values."""

    __slots__ = ("_table",)

    def __init__(self, table: Table[R, Any, U]) -> None:
        self._table = table

    def set(self, values: U) -> UnfilteredUpdate[R]:
        """Return the UPDATE that sets `values`; go on with .where() or .all_rows()."""
        assignments, bound = assignments_of(self._table, values)
        return UnfilteredUpdate(("update", self._table, assignments), bound, self._table)

    def rows(self, rows: Iterable[U], *, by: Sequence[AnyColumn] = ()) -> Write[R]:
        """Return the UPDATE of many rows at once, each to its own values, sent as one array per column.

        Args:
            rows: Each with the same keys, among them those of `by`, and plain values (no expressions).
            by: The columns that say which row is meant; the primary key when left out.

        Errors: StatementError that names the first row and key that differ.
        """
        table = self._table
        identifying = tuple(by) or tuple([table._by_attribute[name] for name in table._primary_key])
        if not identifying:
            raise StatementError(f"{table!r} has no primary key", help="name the columns: .rows(rows, by=[...])")
        given = columnar(table, rows)
        changed = tuple([column for column in given if column not in identifying])
        for column in identifying:
            if column not in given:
                raise StatementError(f"row 1 has no {column._attribute!r}, which says the row that is meant")
        if not changed:
            raise StatementError(f"an update of {table!r} needs at least one column")
        always: dict[AnyColumn, object] = {}
        fill_in_updates(table, always)
        constants = [(c, written(c, value)) for c, value in always.items() if c not in changed]
        source, values = bulk({column: given[column] for column in (*identifying, *changed)})
        assignments = tuple([(column, key) for column, (key, _) in constants])
        bound: Values_ = (*values, *[value for _, (_, values) in constants for value in values])
        return Write(("update_rows", table, identifying, changed, source, assignments), bound, table)


def update(table: Table[R, Any, U]) -> Update[R, U]:
    """Begin an UPDATE of `table`; go on with .set() or .rows()."""
    return Update(table)


def delete(table: Table[R, Any, Any]) -> UnfilteredDelete[R]:
    """Begin a DELETE from `table`; go on with .where() or .all_rows()."""
    return UnfilteredDelete(("delete", table), (), table)
