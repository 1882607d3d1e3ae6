"""SELECT: frozen statements that grow a clause at a time.

A statement is a chain: each method makes a new node whose key holds the key before it, so nothing is copied and a
prefix can be shared. `render` unrolls the chain.
"""

# Keys are nested tuples of anything hashable, and a pattern over them cannot tell pyright what a class was generic in.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownLambdaType=false

from __future__ import annotations

from typing import Any, Generic, TypeVar, TypeVarTuple, overload

from pagespace_db.errors import StatementError
from pagespace_db.query.columns import Source
from pagespace_db.query.expressions import (
    Expr,
    Key,
    Node,
    Operand,
    Order,
    Selectable,
    Values_,
    check_condition,
    check_name,
    lift,
)
from pagespace_db.query.params import cast_param
from pagespace_db.query.shapes import Shape, shape_node
from pagespace_db.query.statement import Statement

T = TypeVar("T")
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

_BIGINT = cast_param("bigint")


class Select(Statement[R], Generic[R]):
    """A SELECT whose rows are R."""

    __slots__ = ()

    def _with(self, tag: str, *nodes: Node) -> Select[R]:
        values = self._values
        for node in nodes:
            values += node._values
        return Select((tag, self._key, *[node._key for node in nodes]), values)

    def from_(self, source: Source[Any] | Subquery[Any]) -> Select[R]:
        """Return the statement over `source`; several sources are joined without a condition."""
        return self._with("from", _source(source))

    def join(self, source: Source[Any] | Subquery[Any], on: Operand[bool]) -> Select[R]:
        """Return the statement with an inner join."""
        return self._with("join", _source(source), on)

    def left_join(self, source: Source[Any] | Subquery[Any], on: Operand[bool]) -> Select[R]:
        """Return the statement with a left join: what is read from `source` must be wrapped in opt()."""
        return self._with("left_join", _source(source), on)

    def where(self, *conditions: Operand[bool] | None) -> Select[R]:
        """Return the statement with `conditions` added, all of which must hold; None is left out."""
        present = [check_condition(condition) for condition in conditions if condition is not None]
        return self._with("where", *present) if present else self

    def group_by(self, *expressions: Expr[Any, Any]) -> Select[R]:
        """Return the statement grouped by `expressions`."""
        return self._with("group_by", *expressions)

    def having(self, *conditions: Operand[bool] | None) -> Select[R]:
        """Return the statement with conditions on its groups; None is left out."""
        present = [check_condition(condition) for condition in conditions if condition is not None]
        return self._with("having", *present) if present else self

    def order_by(self, *terms: Order | Expr[Any, Any]) -> Select[R]:
        """Return the statement with `terms` added to its order."""
        return self._with("order_by", *terms)

    def limit(self, count: int) -> Select[R]:
        """Return the statement that yields at most `count` rows.

        Errors: StatementError when `count` is negative.
        """
        return self._bounded("limit", count)

    def offset(self, count: int) -> Select[R]:
        """Return the statement that leaves out its first `count` rows.

        Errors: StatementError when `count` is negative.
        """
        return self._bounded("offset", count)

    def distinct(self) -> Select[R]:
        """Return the statement without duplicate rows."""
        return self._with("distinct")

    def for_update(self, *, skip_locked: bool = False, nowait: bool = False) -> Select[R]:
        """Return the statement that locks its rows until the transaction ends.

        Args:
            skip_locked: Leave out rows that others have locked.
            nowait: Fail at once (SQLSTATE 55P03) when a row is locked.
        """
        if skip_locked and nowait:
            raise StatementError("skip_locked and nowait exclude each other")
        waiting = "SKIP LOCKED" if skip_locked else "NOWAIT" if nowait else None
        return Select(("for", self._key, "UPDATE", waiting), self._values)

    def union_all(self, other: Select[R]) -> Select[R]:
        """Return the rows of both statements."""
        return self._combined("UNION ALL", other)

    def union(self, other: Select[R]) -> Select[R]:
        """Return the rows of either statement, each once."""
        return self._combined("UNION", other)

    def intersect(self, other: Select[R]) -> Select[R]:
        """Return the rows that both statements have, each once."""
        return self._combined("INTERSECT", other)

    def except_(self, other: Select[R]) -> Select[R]:
        """Return the rows that only this statement has, each once."""
        return self._combined("EXCEPT", other)

    def as_(self, alias: str) -> Subquery[R]:
        """Return the statement as a source named `alias`; its columns are found by the expressions it selects."""
        return Subquery(check_name(alias), self)

    def scalar(self) -> Expr[R, R | None]:
        """Return the statement as a value: that of its one row, or None when it has no row."""
        return Expr(("scalar", self._key), self._values)

    def _bounded(self, tag: str, count: int) -> Select[R]:
        if count < 0:
            raise StatementError(f"{tag}() takes a number that is not negative, not {count!r}")
        key, values = lift(count, _BIGINT)
        return Select((tag, self._key, key), self._values + values)

    def _combined(self, operator: str, other: Select[R]) -> Select[R]:
        return Select(("set", operator, self._key, other._key), self._values + other._values)


class SelectN(Select[tuple[*Ts]], Generic[*Ts]):
    """A SELECT of several columns, which can still grow one."""

    __slots__ = ()

    def add(self, item: Selectable[S]) -> SelectN[*Ts, S]:
        """Return the statement with one more column; this goes on past the eight that select() takes."""
        return SelectN(("add", self._key, item._key), self._values + item._values)


class Subquery(Node, Generic[R]):
    """A SELECT used as a source: `sub[expression]` is the column that it selected as that expression."""

    __slots__ = ("_alias", "_select")

    def __init__(self, alias: str, select: Select[R]) -> None:
        super().__init__(("subquery", alias, select._key), select._values)
        self._alias = alias
        self._select = select

    def __getitem__(self, expression: Expr[T, S]) -> Expr[T, S]:
        """Return the column of the subquery that was selected as `expression`.

        Errors: StatementError when the subquery does not select it.
        """
        items = _selected_keys(self._select._key)
        if expression._key not in items:
            raise StatementError(f"the subquery {self._alias!r} does not select this expression")
        return Expr(("subcolumn", self._alias, items.index(expression._key)), (), expression._own_param)


def _selected_keys(key: Key) -> tuple[Key, ...]:
    """Return the keys of the items that the statement of `key` selects."""
    match key:
        case ("select", *items):
            return tuple(item for item in items)
        case ("add", before, item):
            return (*_selected_keys(before), item)
        case ("set", _, left, _):
            return _selected_keys(left)
        case (_, before, *_):
            return _selected_keys(before)
        case _:
            raise AssertionError(key)


def _source(source: object) -> Source[Any] | Subquery[Any]:
    if isinstance(source, Source | Subquery):
        return source  # pyright: ignore[reportUnknownVariableType]  # isinstance cannot tell the row type
    raise StatementError(f"a table, view or subquery is needed here, not {type(source).__name__}")


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
    nodes = [selected_node(item) for item in items]
    values: Values_ = ()
    for node in nodes:
        values += node._values
    key = ("select", *[node._key for node in nodes])
    return Select(key, values) if len(nodes) == 1 else SelectN(key, values)


def selected_node(item: object) -> Node:
    """Return the node of something to be selected or returned.

    Errors: StatementError when it is none.
    """
    if isinstance(item, Selectable):
        return item  # pyright: ignore[reportUnknownVariableType]  # the overloads hold its type
    if isinstance(item, type) and issubclass(item, Shape):
        return shape_node(item)
    raise StatementError(
        f"cannot select a {type(item).__name__}", help='select columns, tables and expressions, or sql[T]("...")'
    )
