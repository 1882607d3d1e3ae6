"""The values of a write, by column: names are checked, defaults of the application filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final, TypeAlias

from pagespace_db.builder.columns import ColumnBase, Table
from pagespace_db.builder.expressions import Key, Node, Values_, lift
from pagespace_db.builder.params import Param
from pagespace_db.builder.writing.packed import Packed
from pagespace_db.errors import StatementError, nearest

AnyColumn: TypeAlias = ColumnBase[Any, Any]
AnyTable: TypeAlias = Table[Any, Any, Any]
Assignments: TypeAlias = tuple[tuple[AnyColumn, Key], ...]


def insertable(table: AnyTable, row: object, *, overrides_system: bool = False) -> dict[AnyColumn, object]:
    """Return the values of a row by column, with the application's defaults filled in.

    Errors: StatementError for a name that is no column, or a column that only the server writes.
    """
    given = by_column(table, row, overrides_system=overrides_system)
    for column in table._with_default:
        if column not in given:
            given[column] = made(column._default)
    return given


def assignments_of(table: AnyTable, values: object) -> tuple[Assignments, Values_]:
    """Return what an update sets, with what changes at every update filled in.

    Errors: StatementError when it sets nothing, for a name that is no column, or a column that only the server writes.
    """
    given = by_column(table, values)
    if not given:
        raise StatementError(f"an update of {table!r} needs at least one column")
    fill_in_updates(table, given)
    assignments: list[tuple[AnyColumn, Key]] = []
    bound: Values_ = ()
    for column, value in given.items():
        key, column_values = written(column, value)
        assignments.append((column, key))
        bound += column_values
    return tuple(assignments), bound


def fill_in_updates(table: AnyTable, given: dict[AnyColumn, object]) -> None:
    """Add the values that change at every update, unless they are given."""
    for column in table._with_on_update:
        if column not in given:
            given[column] = made(column._on_update)


def made(default: Any) -> object:
    """Return the value of a default of the application."""
    return default()


def written(column: AnyColumn, value: object) -> tuple[Key, Values_]:
    """Return the key and values of `value` written to `column`; None is NULL."""
    return (column._param, (None,)) if value is None else lift(value, column._param)


def by_column(table: AnyTable, row: object, *, overrides_system: bool = False) -> dict[AnyColumn, object]:
    """Return the values of a row, given by the Python names of its columns, by column.

    Errors: StatementError for a name that is no column, or a column that only the server writes.
    """
    if not isinstance(row, Mapping):
        raise StatementError(
            f"a row of {table!r} is given as a dict, not as {type(row).__name__}",
            help="spread a list of rows: .values(*rows), or use .rows(rows)" if isinstance(row, list | tuple) else None,
        )
    known = table._by_attribute
    given: dict[AnyColumn, object] = {}
    for name, value in row.items():  # pyright: ignore[reportUnknownVariableType]  # its type is checked statically
        column = known.get(name)  # pyright: ignore[reportUnknownArgumentType]
        if column is None:
            guess = nearest(str(name), known)  # pyright: ignore[reportUnknownArgumentType]
            raise StatementError(
                f"{table!r} has no column {name!r}",
                help=f"did you mean {guess!r}?" if guess else f"columns: {', '.join(known)}",
            )
        if column._generated and not overrides_system:
            raise StatementError(f"the server alone writes {column!r}", help=f"leave {name!r} out")
        given[column] = value
    return given


def columns_given(table: AnyTable, rows: Sequence[Mapping[AnyColumn, object]]) -> tuple[AnyColumn, ...]:
    """Return the columns that at least one of `rows` gives, in the order of the table."""
    given = rows[0] if len(rows) == 1 else set[AnyColumn]().union(*rows)
    return tuple([column for column in table._columns if column in given])


# ---- many rows, column by column

Columnar: TypeAlias = dict[AnyColumn, list[object]]
"""The values of many rows, by column; without rows, the columns alone."""


def columnar(table: AnyTable, rows: Iterable[object], *, with_defaults: bool = False) -> Columnar:
    """Return the values of rows that have the same keys, in the order of the table; no rows are rows of every column.

    Errors: StatementError that names the first row and key that differ, a name that is no column, or an expression.
    """
    all_rows: list[Any] = list(rows)
    if not all_rows:
        return {column: [] for column in table._columns if not column._generated}
    given = by_column(table, all_rows[0])
    columns = _by_column(given, all_rows)
    if columns is None:
        for number, row in enumerate(all_rows, start=1):
            _check_keys(table, number, row, given)
        columns = {column: [row[column._attribute] for row in all_rows] for column in given}
    for column, values in columns.items():
        if any(issubclass(kind, Node) for kind in set(map(type, values))):
            number = next(number for number, value in enumerate(values, start=1) if isinstance(value, Node))
            raise StatementError(
                f"row {number} gives an expression for {column._attribute!r}", help="use .values() for expressions"
            )
    if with_defaults:
        for column in table._with_default:
            if column not in columns:
                columns[column] = [made(column._default) for _ in all_rows]
    if not columns:
        raise StatementError(f"rows of {table!r} need at least one column", help="use .values({}) for defaults alone")
    return {column: columns[column] for column in table._columns if column in columns}


def _by_column(given: Iterable[AnyColumn], rows: Sequence[Any]) -> Columnar | None:
    # Without a line of Python for each row: where many rows go, this is most of the client's work.
    names = {column: column._attribute for column in given}
    if set(map(type, rows)) != {dict} or set(map(len, rows)) != {len(names)}:
        return None
    try:
        return {column: list(map(itemgetter(name), rows)) for column, name in names.items()}
    except KeyError:
        return None


def _check_keys(table: AnyTable, number: int, row: object, expected: Mapping[AnyColumn, object]) -> None:
    given = by_column(table, row)
    for column in expected:
        if column not in given:
            raise StatementError(f"row {number} has no {column._attribute!r}, which the first row has", help=_ALIKE)
    for column in given:
        if column not in expected:
            raise StatementError(f"row {number} has {column._attribute!r}, which the first row has not", help=_ALIKE)


_ALIKE: Final = "give every row the same keys, or use .values(), which fills in defaults"


def bulk(columns: Columnar) -> tuple[Key, Values_]:
    """Return rows as a source: one array for each column, so that the number of parameters is that of the columns."""
    if not any(columns.values()):
        return ("no_rows", tuple([column._pg_type for column in columns])), ()
    keys: list[Key] = []
    lists: list[object] = []
    for column, values in columns.items():
        if _holds_arrays(column, values):
            place = column._param.alone()
            keys.append(("packed", _TEXTS, place.cast))
            lists.append(Packed([place.lift(value) for value in values]))
        else:
            place = column._param.array()
            keys.append(place)
            lists.append(place.lift(values))
    return ("unnest", tuple(keys)), tuple(lists)


def _holds_arrays(column: AnyColumn, values: list[object]) -> bool:
    """Tell whether a column is one of arrays; that of a domain shows in its values alone."""
    place = column._param
    if place.codec is not None:
        return place.codec.element is not None
    return column._pg_type.endswith("[]") or (place.is_named and any(isinstance(value, list) for value in values))


_TEXTS: Final = Param("text[]", "text[]", None)
