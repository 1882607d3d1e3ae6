"""INSERT: rows come as the generated TypedDicts, as many rows at once, or from a SELECT by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Generic, Self, TypeAlias, TypeVar

from pagespace_db.builder.clauses import Clauses
from pagespace_db.builder.columns import Table
from pagespace_db.builder.constraints import Constraint, ExclusionConstraint, UniqueConstraint, check_constraint_table
from pagespace_db.builder.expressions import Expr, Key, Operand, Values_, check_condition, lift_alone, parts_of
from pagespace_db.builder.writing.assigning import (
    AnyColumn,
    Assignments,
    assignments_of,
    bulk,
    columnar,
    columns_given,
    fill_in_updates,
    insertable,
    written,
)
from pagespace_db.builder.writing.write import Write
from pagespace_db.errors import StatementError

R = TypeVar("R")
I = TypeVar("I")  # noqa: E741  # the insert type, beside R and U
T = TypeVar("T")
U = TypeVar("U")

Unique: TypeAlias = Sequence[Expr[Any, Any]] | UniqueConstraint | str
"""A unique key: its columns or the expressions of its index, or its constraint, generated or by name."""


class Insert(Write[R], Generic[R, U]):
    """An INSERT with its rows."""

    __slots__ = ()

    def on_conflict_do_nothing(
        self,
        *columns: Expr[Any, Any],
        where: Operand[bool] | None = None,
        constraint: UniqueConstraint | ExclusionConstraint | str | None = None,
    ) -> Self:
        """Return the statement that skips rows which exist already; a skipped row is not returned by .returning().

        Args:
            columns: The unique key, columns or the expressions of its index; without them any constraint counts.
            where: The predicate of a partial unique index, written as the index has it, without values.
            constraint: A unique index or constraint, or an exclusion constraint, instead of columns.
        """
        unique: Unique | ExclusionConstraint | None = constraint if constraint is not None else columns or None
        return self._on_conflict(unique, where, None, ())

    def on_conflict_do_update(
        self,
        columns: Unique,
        set: U,
        *,
        where: Operand[bool] | None = None,
        index_where: Operand[bool] | None = None,
    ) -> Self:
        """Return the statement that updates the row which exists already.

        Args:
            columns: The unique key: columns, the expressions of its index, or its constraint
                (`users.constraints.email_key`, or its name).
            set: The new values; they may refer to the proposed row by excluded(column).
            where: Update only if this holds of the row; one that is left alone is not returned by .returning().
            index_where: The predicate of a partial unique index, written as the index has it, without values.
        """
        assignments, values = assignments_of(self._table, set)
        return self._on_conflict(columns, index_where, assignments, values, where)

    def on_conflict_overwrite(self, columns: Unique, *, keep: Sequence[AnyColumn] = ()) -> Self:
        """Return the statement that gives the row which exists already every value of the proposed one.

        Columns of the unique key, those in `keep` and those that the insert leaves out stay as they are.
        """
        spared = [*keep, *(() if isinstance(columns, str | Constraint) else columns)]
        given_columns: tuple[AnyColumn, ...] = parts_of(self._key)[2]
        proposed = [column for column in given_columns if column not in spared]
        given: dict[AnyColumn, object] = {column: excluded(column) for column in proposed}
        fill_in_updates(self._table, given)
        if not given:
            raise StatementError(f"nothing of {self._table!r} is left to overwrite")
        bound = [(column, written(column, value)) for column, value in given.items()]
        assignments = tuple([(column, key) for column, (key, _) in bound])
        return self._on_conflict(columns, None, assignments, tuple([v for _, (_, values) in bound for v in values]))

    def _on_conflict(
        self,
        unique: Unique | ExclusionConstraint | None,
        index_where: Operand[bool] | None,
        assignments: Assignments | None,
        values: Values_,
        where: Operand[bool] | None = None,
    ) -> Self:
        if assignments is not None and not unique:
            raise StatementError("an upsert needs the columns of a unique key, or the name of its constraint")
        bound = self._values
        target: Key = None
        if isinstance(unique, Constraint):
            check_constraint_table(unique, self._table._schema, self._table._name)
        if isinstance(unique, str | Constraint):
            if index_where is not None:
                raise StatementError("a constraint brings its own predicate", help="leave the predicate out")
            target = ("constraint", unique)
        elif unique:
            target = ("unique", tuple([e._key for e in unique]), None if index_where is None else index_where._key)
            bound += tuple([value for e in unique for value in e._values])
            bound += () if index_where is None else index_where._values
        bound += values
        if where is not None:
            bound += check_condition(where)._values
        action = (assignments, None if where is None else where._key)
        return self._grown(("on_conflict", self._key, target, action), bound)


class InsertSelect(Clauses, Insert[R, U], Generic[R, U]):
    """An INSERT of what a SELECT finds: grow it like one, by from_, join, where and so on."""

    __slots__ = ()

    def _grown(self, key: Key, values: Values_) -> Self:
        """Grow the SELECT inside, unless the step is one of the INSERT around it."""
        tag, _, *rest = parts_of(key)
        if tag in ("on_conflict", "with"):
            return super()._grown(key, values)
        match parts_of(self._key):
            case ("insert_select", table, columns, select):
                return super()._grown(("insert_select", table, columns, (tag, select, *rest)), values)
            case _:
                raise StatementError(f"{tag} must come before what follows the SELECT of an insert")


class InsertInto(Generic[R, I, U]):
    """An INSERT that waits for its rows."""

    __slots__ = ("_table",)

    def __init__(self, table: Table[R, I, U]) -> None:
        self._table = table

    def values(self, row: I, *rows: I) -> Insert[R, U]:
        """Return the INSERT of one or a few rows; values may be expressions.

        Rows may have different keys: what one leaves out is filled by its default. For many rows use .rows().
        """
        return _insert_values(self._table, [insertable(self._table, each) for each in (row, *rows)])

    def rows(self, rows: Iterable[I]) -> Insert[R, U]:
        """Return the INSERT of any number of rows, also none, sent as one array per column.

        Every row must have the same keys, and plain values (no expressions).

        Errors: StatementError that names the first row and key that differ.
        """
        columns = columnar(self._table, rows, with_defaults=True)
        source, values = bulk(columns)
        return Insert(("insert_bulk", self._table, tuple(columns), source), values, self._table)

    def select(self, values: I) -> InsertSelect[R, U]:
        """Return the INSERT of what a SELECT of `values` finds: go on with .from_(), .join(), .where().

        The values go to the columns by name. Defaults of the application that are not given are made once, not for
        each row: give the primary key.
        """
        given = insertable(self._table, values)
        columns = columns_given(self._table, [given])
        bound = [_selected(column, given[column]) for column in columns]
        select = ("select", *[key for key, _ in bound])
        flat = tuple([value for _, values in bound for value in values])
        return InsertSelect(("insert_select", self._table, columns, select), flat, self._table)

    def overriding_system_value(self, row: Mapping[str, object], *rows: Mapping[str, object]) -> Insert[R, U]:
        """Return the INSERT of rows that give identity columns which the server alone writes otherwise.

        It is for restoring rows: the types of the values are not checked, and the sequence does not move along.
        """
        given = [insertable(self._table, each, overrides_system=True) for each in (row, *rows)]
        plain = _insert_values(self._table, given)
        return Insert(("overriding", plain._key), plain._values, self._table)


def _selected(column: AnyColumn, value: object) -> tuple[Key, Values_]:
    return (column._param.alone(), (None,)) if value is None else lift_alone(value, column._param)


def _insert_values(table: Table[R, Any, U], given: list[dict[AnyColumn, object]]) -> Insert[R, U]:
    columns = columns_given(table, given)
    keys: list[tuple[Key, ...]] = []
    values: list[object] = []
    for each in given:
        row: list[Key] = []
        for column in columns:
            if column in each:
                key, bound = written(column, each[column])
                row.append(key)
                values += bound
            else:
                row.append(None)
        keys.append(tuple(row))
    return Insert(("insert", table, columns, tuple(keys)), tuple(values), table)


def insert(table: Table[R, I, U]) -> InsertInto[R, I, U]:
    """Begin an INSERT into `table`; go on with .values(), .rows() or .select()."""
    return InsertInto(table)


def excluded(column: Expr[T, R]) -> Expr[T, R]:
    """Return, in the update of an upsert, the value that the insert proposed for `column`."""
    return Expr(("excluded", column._key), (), column._param)
