"""SELECT: frozen statements that grow a clause at a time.

A statement is a chain: each method makes a new node whose key holds the key before it, so nothing is copied and a
prefix can be shared. `render` unrolls the chain.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, Literal, TypeVar, TypeVarTuple, overload

from typing_extensions import TypeIs

from pagespace_db.builder.clauses import Clauses
from pagespace_db.builder.columns import ColumnBase
from pagespace_db.builder.expressions import Expr, FromItem, Key, Node, Selectable, Values_, item_of, parts_of
from pagespace_db.builder.params import Param, param
from pagespace_db.builder.reading import type_of
from pagespace_db.builder.rows import columns_of
from pagespace_db.builder.shapes import Shape, shape_node
from pagespace_db.builder.sources import Cte, Subquery, selected_items
from pagespace_db.builder.statement import Statement
from pagespace_db.errors import StatementError

R = TypeVar("R")
S = TypeVar("S")
ShapeT = TypeVar("ShapeT", bound=Shape[Any])
Ts = TypeVarTuple("Ts")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")
F = TypeVar("F")
G = TypeVar("G")
H = TypeVar("H")

Strength = Literal["UPDATE", "NO KEY UPDATE", "SHARE", "KEY SHARE"]


class Select(Clauses, Statement[R], Generic[R]):
    """A SELECT whose rows are R."""

    __slots__ = ()

    def with_(self, *ctes: Cte[Any]) -> Select[R]:
        """Return the statement in which `ctes` can be used as sources; one may use those before it."""
        return self._with("with", tuple([cte._definition for cte in ctes]))

    def for_update(self, *, of: Sequence[FromItem] = (), skip_locked: bool = False, nowait: bool = False) -> Select[R]:
        """Return the statement that locks its rows until the transaction ends.

        Args:
            of: The sources whose rows are locked; all of them when left out.
            skip_locked: Leave out rows that others have locked.
            nowait: Fail at once (SQLSTATE 55P03) when a row is locked.
        """
        return self._locked("UPDATE", of, skip_locked=skip_locked, nowait=nowait)

    def for_no_key_update(
        self, *, of: Sequence[FromItem] = (), skip_locked: bool = False, nowait: bool = False
    ) -> Select[R]:
        """Return the statement that locks its rows like for_update(), but lets others refer to them."""
        return self._locked("NO KEY UPDATE", of, skip_locked=skip_locked, nowait=nowait)

    def for_share(self, *, of: Sequence[FromItem] = (), skip_locked: bool = False, nowait: bool = False) -> Select[R]:
        """Return the statement that keeps others from changing its rows until the transaction ends."""
        return self._locked("SHARE", of, skip_locked=skip_locked, nowait=nowait)

    def for_key_share(
        self, *, of: Sequence[FromItem] = (), skip_locked: bool = False, nowait: bool = False
    ) -> Select[R]:
        """Return the statement that keeps others from deleting its rows, or changing their keys."""
        return self._locked("KEY SHARE", of, skip_locked=skip_locked, nowait=nowait)

    def _locked(self, strength: Strength, of: Sequence[FromItem], *, skip_locked: bool, nowait: bool) -> Select[R]:
        if skip_locked and nowait:
            raise StatementError("skip_locked and nowait exclude each other")
        waiting = "SKIP LOCKED" if skip_locked else "NOWAIT" if nowait else None
        sources = tuple([source._key for source in of])
        return self._grown(("for", self._key, strength, waiting, sources), self._values)

    def union(self, other: Select[R]) -> Select[R]:
        """Return the rows of either statement, each once."""
        return self._combined("UNION", other)

    def union_all(self, other: Select[R]) -> Select[R]:
        """Return the rows of both statements."""
        return self._combined("UNION ALL", other)

    def intersect(self, other: Select[R]) -> Select[R]:
        """Return the rows that both statements have, each once."""
        return self._combined("INTERSECT", other)

    def intersect_all(self, other: Select[R]) -> Select[R]:
        """Return the rows that both statements have, as often as both have them."""
        return self._combined("INTERSECT ALL", other)

    def except_(self, other: Select[R]) -> Select[R]:
        """Return the rows that only this statement has, each once."""
        return self._combined("EXCEPT", other)

    def except_all(self, other: Select[R]) -> Select[R]:
        """Return the rows of this statement, less one for each that the other has."""
        return self._combined("EXCEPT ALL", other)

    def as_(self, alias: str) -> Subquery[R]:
        """Return the statement as a source named `alias`; its columns are found by the expressions it selects."""
        return Subquery(alias, self)

    def lateral(self, alias: str) -> Subquery[R]:
        """Return the statement as a source named `alias`, which may refer to the sources before it."""
        return Subquery(alias, self, is_lateral=True)

    @overload
    def scalar(self: Select[S | None]) -> Expr[S, S | None]: ...
    @overload
    def scalar(self) -> Expr[R, R | None]: ...
    def scalar(self) -> Expr[Any, Any]:
        """Return the statement as a value: that of its one row, or None when it has no row."""
        return Expr(("scalar", self._key), self._values, self._item_param())

    def array(self) -> Expr[list[R], list[R]]:
        """Return the values of all rows as an array, which is empty when there is none."""
        return Expr(("array_of", self._key), self._values, self._item_param().array())

    def _item_param(self) -> Param:
        """Return how a value beside the one item of the statement is bound."""
        items = [key for key, _ in selected_items(self)]
        if len(items) != 1 or len(columns_of(items[0])) != 1:
            raise StatementError("a query that stands for a value selects one column, and this one selects others")
        item = items[0]
        if parts_of(item)[:1] == ("decoded",):
            _, _, codec, pg_type = parts_of(item)
            return param(pg_type, codec)
        return item._param if isinstance(item, ColumnBase) else param(type_of(item))

    def _combined(self, operator: str, other: Select[R]) -> Select[R]:
        return Select(("set", operator, self._key, other._key), self._values + other._values)


class SelectN(Select[tuple[*Ts]], Generic[*Ts]):
    """A SELECT of several columns, which can still grow one."""

    __slots__ = ()

    def add(self, item: Selectable[S]) -> SelectN[*Ts, S]:
        """Return the statement with one more column; this goes on past the eight that select() takes."""
        return SelectN(("add", self._key, item_of(item)), self._values + item._values)


@overload
def select(a: type[ShapeT], /) -> Select[ShapeT]: ...
@overload
def select(a: Selectable[A], /) -> Select[A]: ...
@overload
def select(a: Selectable[A], b: Selectable[B], /) -> SelectN[A, B]: ...
@overload
def select(a: Selectable[A], b: Selectable[B], c: Selectable[C], /) -> SelectN[A, B, C]: ...
@overload
def select(a: Selectable[A], b: Selectable[B], c: Selectable[C], d: Selectable[D], /) -> SelectN[A, B, C, D]: ...
@overload
def select(
    a: Selectable[A], b: Selectable[B], c: Selectable[C], d: Selectable[D], e: Selectable[E], /
) -> SelectN[A, B, C, D, E]: ...
@overload
def select(
    a: Selectable[A], b: Selectable[B], c: Selectable[C], d: Selectable[D], e: Selectable[E], f: Selectable[F], /
) -> SelectN[A, B, C, D, E, F]: ...
@overload
def select(
    a: Selectable[A],
    b: Selectable[B],
    c: Selectable[C],
    d: Selectable[D],
    e: Selectable[E],
    f: Selectable[F],
    g: Selectable[G],
    /,
) -> SelectN[A, B, C, D, E, F, G]: ...
@overload
def select(
    a: Selectable[A],
    b: Selectable[B],
    c: Selectable[C],
    d: Selectable[D],
    e: Selectable[E],
    f: Selectable[F],
    g: Selectable[G],
    h: Selectable[H],
    /,
) -> SelectN[A, B, C, D, E, F, G, H]: ...
def select(*items: Selectable[Any] | type[Shape[Any]]) -> Select[Any]:
    """Begin a SELECT of columns, expressions, whole tables or one Shape.

    One item yields its value, several yield tuples; more than eight are added with .add().
    """
    if not items:
        raise StatementError("select() needs at least one column, expression or table")
    keys: list[Key] = []
    values: Values_ = ()
    for item in items:
        node = item if isinstance(item, Selectable) else selected_node(item)
        keys.append(item_of(node))
        values += node._values
    key = ("select", *keys)
    return Select(key, values) if len(keys) == 1 else SelectN[Any](key, values)


def is_shape(item: object) -> TypeIs[type[Shape[Any]]]:
    """Tell whether `item` is a subclass of Shape."""
    return isinstance(item, type) and issubclass(item, Shape)  # pyright: ignore[reportUnknownArgumentType]  # any class


def selected_node(item: object) -> Node:
    """Return the node of something to be selected or returned.

    Errors: StatementError when it is none.
    """
    if isinstance(item, Selectable):
        return item  # pyright: ignore[reportUnknownVariableType]  # the overloads hold its type
    if is_shape(item):
        return shape_node(item)
    raise StatementError(
        f"cannot select a {type(item).__name__}", help='select columns, tables and expressions, or sql[T]("...")'
    )
