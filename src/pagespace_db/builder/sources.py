"""What stands in FROM beside tables and views: subqueries, common table expressions, functions that return rows."""

# Keys are nested tuples of anything hashable, and a pattern over them cannot tell pyright what a class was generic in.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, TypeVar, overload

from pagespace_db.builder.columns import ColumnBase, Source
from pagespace_db.builder.expressions import Expr, FromItem, Key, Node, Selectable, Values_, check_name, item_of
from pagespace_db.builder.params import Param
from pagespace_db.builder.reading import reads_none
from pagespace_db.builder.rows import columns_of
from pagespace_db.builder.sharing import count_params
from pagespace_db.errors import StatementError

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
S = TypeVar("S")
T = TypeVar("T")


class Derived(FromItem, Generic[R]):
    """A source made of a statement: `derived[expression]` is the column that it selected as that expression."""

    __slots__ = ("_alias", "_statement")

    def __init__(self, key: Key, values: Values_, alias: str, statement: Node) -> None:
        super().__init__(key, values)
        self._alias = alias
        self._statement = statement

    def __repr__(self) -> str:
        return self._alias

    @overload
    def __getitem__(self, item: Expr[T, S]) -> Expr[T, S]: ...
    @overload
    def __getitem__(self, item: Selectable[S]) -> Selectable[S]: ...
    def __getitem__(self, item: Selectable[Any]) -> Selectable[Any]:
        """Return the column that was selected as `item`, or the row of a table that was selected whole, or its columns.

        Errors: StatementError when the statement does not select it.
        """
        sought = item_of(item)
        start = 0
        for key, values in selected_items(self._statement):
            if key == sought and values == item._values:
                if isinstance(item, Expr):
                    return self._column(item, start, key)
                if isinstance(item, Source):
                    return Selectable(("subrow", self._alias, start, item._key))
            if isinstance(item, ColumnBase) and isinstance(key, Source) and item._table is key:
                return self._column(item, start + key._columns.index(item), item)
            start += len(columns_of(key))
        raise StatementError(
            f"{self._alias!r} does not select {item!r}", help="name what it selects, in the same words"
        )

    def _column(self, item: Expr[Any, Any], index: int, selected: Key) -> Expr[Any, Any]:
        place = item._param
        return Expr(("subcolumn", self._alias, index, reads_none(selected), place.pg_type), (), place)


class Subquery(Derived[R]):
    """A SELECT used as a source; a lateral one may refer to the sources before it."""

    __slots__ = ()

    def __init__(self, alias: str, select: Node, *, is_lateral: bool = False) -> None:
        tag = "lateral_subquery" if is_lateral else "subquery"
        super().__init__((tag, check_name(alias), select._key), select._values, alias, select)


class Cte(Derived[R]):
    """A common table expression: a statement that is named once, by .with_(), and then used as a source.

    Attributes:
        _definition: What stands in WITH; the source itself is only a reference to it.
    """

    __slots__ = ("_definition", "_name")

    def __init__(self, name: str, statement: Node, definition: Node, alias: str | None = None) -> None:
        width = sum(len(columns_of(key)) for key, _ in selected_items(statement))
        super().__init__(("cte_reference", name, alias or name, width), (), alias or name, statement)
        self._name = name
        self._definition = definition

    def as_(self, alias: str) -> Cte[R]:
        """Return the same expression as a source under another name, for joining it with itself."""
        return Cte(self._name, self._statement, self._definition, check_name(alias))


class SetOf(FromItem, Generic[T, R_co]):
    """A function that returns rows, used as a source; its `value` is the one column."""

    __slots__ = ("_alias", "_param")

    def __init__(self, alias: str, call: Expr[T, R_co]) -> None:
        super().__init__(("set_of", check_name(alias), call._key), call._values)
        self._alias = alias
        self._param: Param = call._param

    def __repr__(self) -> str:
        return self._alias

    @property
    def value(self) -> Expr[T, R_co]:
        """The column."""
        return Expr(("subcolumn", self._alias, 0, False, self._param.pg_type), (), self._param)


def set_of(alias: str, call: Expr[T, R]) -> SetOf[T, R]:
    """Return the rows of a function such as unnest() or generate_series() as a source named `alias`."""
    return SetOf(alias, call)


def selected_items(statement: Node) -> Iterator[tuple[Key, Values_]]:
    """Yield the key and values of each item that a statement selects or returns, in order."""
    for key, start in _items(statement._key):
        yield key, statement._values[start : start + count_params(key)]


def _items(key: Key) -> list[tuple[Key, int]]:
    """Return the key of each item, with the index of its first value."""
    match key:
        case ("select", *items):
            return _counted(items, 0)
        case ("returning", before, *items):
            return _counted(items, count_params(before))
        case ("add", before, item):
            return [*_items(before), (item, count_params(before))]
        case ("set", _, left, _):
            return _items(left)
        case ("insert_select", _, _, select):
            return _items(select)
        case ("raw_rows", _, tuple() as items):
            return [(item, 0) for item in items]
        case (_, before, *_):
            return _items(before)
        case _:
            raise AssertionError(key)


def _counted(items: list[Key], start: int) -> list[tuple[Key, int]]:
    counted: list[tuple[Key, int]] = []
    for item in items:
        counted.append((item, start))
        start += count_params(item)
    return counted


def without_values(key: Key) -> Key:
    """Return a key of the same result that binds no values, for naming again what was selected elsewhere."""
    if isinstance(key, Param):
        return None
    return tuple([without_values(part) for part in key]) if isinstance(key, tuple) else key
