"""INSERT, UPDATE and DELETE: values come as the generated TypedDicts, and rows can be returned.

An update or delete is not executable before .where() or .all_rows(): it is another class, so the type checker says so.
"""

# Keys are nested tuples of anything hashable, and a pattern over them cannot tell pyright what a class was generic in.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownLambdaType=false

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar, overload

from pagespace_db.errors import StatementError, nearest
from pagespace_db.query.columns import ColumnBase, Table
from pagespace_db.query.expressions import Key, Node, Operand, Selectable, Values_, check_condition, lift
from pagespace_db.query.params import array_param
from pagespace_db.query.select import selected_node
from pagespace_db.query.statement import Command, Statement

R = TypeVar("R")
I = TypeVar("I")  # noqa: E741  # the insert type, beside R and U
U = TypeVar("U")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")

AnyColumn = ColumnBase[Any, Any]


class Returning(Statement[R], Generic[R]):
    """A write that returns rows of type R."""

    __slots__ = ()


class Write(Command, Generic[R]):
    """A write that is ready to be executed; R is the row class of its table."""

    __slots__ = ("_table",)

    def __init__(self, key: Key, values: Values_, table: Table[R, Any, Any]) -> None:
        super().__init__(key, values)
        self._table = table

    @overload
    def returning(self) -> Returning[R]: ...
    @overload
    def returning(self, a: Selectable[A], /) -> Returning[A]: ...
    @overload
    def returning(self, a: Selectable[A], b: Selectable[B], /) -> Returning[tuple[A, B]]: ...
    @overload
    def returning(self, a: Selectable[A], b: Selectable[B], c: Selectable[C], /) -> Returning[tuple[A, B, C]]: ...
    @overload
    def returning(
        self, a: Selectable[A], b: Selectable[B], c: Selectable[C], d: Selectable[D], /
    ) -> Returning[tuple[A, B, C, D]]: ...
    def returning(self, *items: Selectable[Any]) -> Returning[Any]:
        """Return the statement that yields the written rows, or `items` of them."""
        nodes: list[Node] = [selected_node(item) for item in items] or [self._table]
        values = self._values
        for node in nodes:
            values += node._values
        return Returning(("returning", self._key, *[node._key for node in nodes]), values)


class Insert(Write[R], Generic[R, U]):
    """An INSERT with its rows."""

    __slots__ = ()

    def on_conflict_do_nothing(self, *columns: AnyColumn) -> Insert[R, U]:
        """Return the statement that skips rows which exist already.

        `columns` name the unique key; without them any unique or exclusion constraint counts. A skipped row is not
        returned by .returning().
        """
        return Insert(("on_conflict", self._key, columns, None), self._values, self._table)

    def on_conflict_do_update(self, columns: Sequence[AnyColumn], set: U) -> Insert[R, U]:
        """Return the statement that updates the row which exists already; `columns` name the unique key.

        The values of `set` may refer to the proposed row by excluded(column).
        """
        if not columns:
            raise StatementError("on_conflict_do_update() needs the columns of a unique key")
        assignments, values = _assignments(self._table, set)
        return Insert(("on_conflict", self._key, tuple(columns), assignments), self._values + values, self._table)


class InsertInto(Generic[R, I, U]):
    """An INSERT that waits for its rows."""

    __slots__ = ("_table",)

    def __init__(self, table: Table[R, I, U]) -> None:
        self._table = table

    def values(self, row: I, *rows: I) -> Insert[R, U]:
        """Return the INSERT of one or a few rows; values may be expressions.

        Rows may have different keys: what one leaves out is filled by its default. For many rows use .rows().
        """
        given = [_insertable(self._table, each) for each in (row, *rows)]
        columns = _columns_of(self._table, given)
        keys: list[tuple[Key, ...]] = []
        values: Values_ = ()
        for each in given:
            row_keys: list[Key] = []
            for column in columns:
                if column in each:
                    key, row_values = _written(column, each[column])
                    row_keys.append(key)
                    values += row_values
                else:
                    row_keys.append(None)
            keys.append(tuple(row_keys))
        return Insert(("insert", self._table, columns, tuple(keys)), values, self._table)

    def rows(self, rows: Iterable[I]) -> Insert[R, U]:
        """Return the INSERT of any number of rows, also none, sent as one array per column.

        Every row must have the same keys, and plain values (no expressions).

        Errors: StatementError that names the first row and key that differ.
        """
        given = [_insertable(self._table, each) for each in rows]
        columns = _columns_of(self._table, given[:1]) if given else _writable(self._table)
        for number, each in enumerate(given, start=1):
            _check_plain_row(number, each, columns)
        if any(column._pg_type.endswith("[]") for column in columns) and given:
            return self._values_of(given, columns)
        places = tuple([array_param(column._pg_type) for column in columns])
        arrays = tuple([place.lift([each[c] for each in given]) for c, place in zip(columns, places, strict=True)])
        return Insert(("insert_arrays", self._table, columns, places), arrays, self._table)

    def _values_of(self, given: list[dict[AnyColumn, object]], columns: tuple[AnyColumn, ...]) -> Insert[R, U]:
        # unnest() flattens arrays of arrays, so a table with array columns takes a VALUES list.
        places = tuple([column._param for column in columns])
        values = tuple([place.lift(each[c]) for each in given for c, place in zip(columns, places, strict=True)])
        return Insert(("insert", self._table, columns, (places,) * len(given)), values, self._table)


class Unfiltered(Generic[R]):
    """An UPDATE or DELETE that does not say yet which rows it is for."""

    __slots__ = ("_key", "_table", "_values")

    def __init__(self, key: Key, values: Values_, table: Table[R, Any, Any]) -> None:
        self._key = key
        self._values = values
        self._table = table

    def where(self, *conditions: Operand[bool] | None) -> Write[R]:
        """Return the statement for the rows where all of `conditions` hold.

        Errors: StatementError when there is none left after leaving out None: that would be every row.
        """
        present = [check_condition(condition) for condition in conditions if condition is not None]
        if not present:
            raise StatementError(
                f"no condition is left, so every row of {self._table!r} would be written",
                help="say .all_rows() when that is meant",
            )
        values = self._values
        for condition in present:
            values += condition._values
        key = ("where", self._key, *[condition._key for condition in present])
        return Write(key, values, self._table)

    def all_rows(self) -> Write[R]:
        """Return the statement for every row of the table."""
        return Write(("all_rows", self._key), self._values, self._table)


class Update(Generic[R, U]):
    """An UPDATE that waits for its values."""

    __slots__ = ("_table",)

    def __init__(self, table: Table[R, Any, U]) -> None:
        self._table = table

    def set(self, values: U) -> Unfiltered[R]:
        """Return the UPDATE that sets `values`; go on with .where() or .all_rows()."""
        assignments, bound = _assignments(self._table, values)
        return Unfiltered(("update", self._table, assignments), bound, self._table)


def insert(table: Table[R, I, U]) -> InsertInto[R, I, U]:
    """Begin an INSERT into `table`; go on with .values() or .rows()."""
    return InsertInto(table)


def update(table: Table[R, Any, U]) -> Update[R, U]:
    """Begin an UPDATE of `table`; go on with .set()."""
    return Update(table)


def delete(table: Table[R, Any, Any]) -> Unfiltered[R]:
    """Begin a DELETE from `table`; go on with .where() or .all_rows()."""
    return Unfiltered(("delete", table), (), table)


def _insertable(table: Table[Any, Any, Any], row: object) -> dict[AnyColumn, object]:
    """Return the values of a row by column, with the application's defaults filled in."""
    given = _by_column(table, row)
    for column in table._columns:
        if column._default is not None and column not in given:
            given[column] = column._default()
    return given


def _assignments(table: Table[Any, Any, Any], values: object) -> tuple[tuple[tuple[AnyColumn, Key], ...], Values_]:
    given = _by_column(table, values)
    if not given:
        raise StatementError(f"an update of {table!r} needs at least one column")
    for column in table._columns:
        if column._on_update is not None and column not in given:
            given[column] = column._on_update()
    assignments: list[tuple[AnyColumn, Key]] = []
    bound: Values_ = ()
    for column, value in given.items():
        key, column_values = _written(column, value)
        assignments.append((column, key))
        bound += column_values
    return tuple(assignments), bound


def _written(column: AnyColumn, value: object) -> tuple[Key, Values_]:
    if value is None:
        return column._param, (None,)
    return lift(value, column._param)


def _by_column(table: Table[Any, Any, Any], row: object) -> dict[AnyColumn, object]:
    if not isinstance(row, Mapping):
        raise StatementError(f"a row of {table!r} is given as a dict, not as {type(row).__name__}")
    known = {column._attribute: column for column in table._columns}
    given: dict[AnyColumn, object] = {}
    for name, value in row.items():
        column = known.get(name)
        if column is None:
            guess = nearest(str(name), known)
            raise StatementError(
                f"{table!r} has no column {name!r}",
                help=f"did you mean {guess!r}?" if guess else f"columns: {', '.join(known)}",
            )
        if column._generated:
            raise StatementError(f"the server alone writes {column!r}", help=f"leave {name!r} out")
        given[column] = value
    return given


def _columns_of(table: Table[Any, Any, Any], rows: Sequence[Mapping[AnyColumn, object]]) -> tuple[AnyColumn, ...]:
    """Return the columns that at least one of `rows` gives, in the order of the table."""
    return tuple([column for column in table._columns if any(column in row for row in rows)])


def _writable(table: Table[Any, Any, Any]) -> tuple[AnyColumn, ...]:
    return tuple([column for column in table._columns if not column._generated])


def _check_plain_row(number: int, row: Mapping[AnyColumn, object], columns: Sequence[AnyColumn]) -> None:
    for column in columns:
        if column not in row:
            raise StatementError(
                f"row {number} has no {column._attribute!r}, which the first row has",
                help="give every row the same keys, or use .values(), which fills in defaults",
            )
        if isinstance(row[column], Node):
            raise StatementError(
                f"row {number} gives an expression for {column._attribute!r}", help="use .values() for expressions"
            )
    if len(row) > len(columns):
        extra = next(column for column in row if column not in columns)
        raise StatementError(
            f"row {number} has {extra._attribute!r}, which the first row has not",
            help="give every row the same keys, or use .values(), which fills in defaults",
        )
