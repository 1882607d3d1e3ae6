"""The clauses that select what is read: FROM, the joins, WHERE, GROUP BY, HAVING, and how a chain of them grows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from pagespace_db.builder.expressions import (
    Expr,
    FromItem,
    Key,
    Node,
    Operand,
    Order,
    Values_,
    check_condition,
    expression_in,
    parts_of,
)
from pagespace_db.builder.functions.grouping import GroupingSets
from pagespace_db.builder.params import cast_param
from pagespace_db.builder.rows import columns_of
from pagespace_db.builder.sharing import shared
from pagespace_db.builder.sources import selected_items
from pagespace_db.errors import StatementError

_BIGINT = cast_param("bigint")


class Chain(Node):
    """A statement that grows a clause at a time: each step holds the key of the one before, so nothing is copied."""

    __slots__ = ()

    def _grown(self, key: Key, values: Values_) -> Self:
        """Return the statement with another key and other values."""
        return type(self)(key, values)

    def _with(self, tag: str, nodes: tuple[Node, ...]) -> Self:
        values = self._values
        keys: list[Key] = []
        for node in nodes:
            keys.append(node._key)
            values += node._values
        return self._grown((tag, self._key, *keys), values)


class Joins(Chain):
    """The joins of the sources that a statement reads from."""

    __slots__ = ()

    def _from(self, sources: tuple[FromItem, ...]) -> Self:
        values = self._values
        keys: list[Key] = []
        for source in sources:
            keys.append(check_source(source)._key)
            values += source._values
        return self._grown(("from", self._key, *keys), values)

    def join(self, source: FromItem, on: Operand[bool]) -> Self:
        """Return the statement with an inner join."""
        return self._joined("join", source, on)

    def left_join(self, source: FromItem, on: Operand[bool]) -> Self:
        """Return the statement with a left join: what is read from `source` must be wrapped in opt()."""
        return self._joined("left_join", source, on)

    def right_join(self, source: FromItem, on: Operand[bool]) -> Self:
        """Return the statement with a right join: what is read from the sources before must be wrapped in opt()."""
        return self._joined("right_join", source, on)

    def full_join(self, source: FromItem, on: Operand[bool]) -> Self:
        """Return the statement with a full join: what is read from either side must be wrapped in opt()."""
        return self._joined("full_join", source, on)

    def cross_join(self, source: FromItem) -> Self:
        """Return the statement where each row meets each row of `source`."""
        return self._with("cross_join", (check_source(source),))

    def _joined(self, tag: str, source: FromItem, on: Operand[bool]) -> Self:
        return self._with(tag, (check_source(source), check_condition(on)))

    def _conditioned(self, tag: str, conditions: tuple[Operand[bool] | None, ...]) -> Self:
        values = self._values
        keys: list[Key] = []
        for condition in conditions:
            if condition is not None:
                keys.append(check_condition(condition)._key)
                values += condition._values
        if not keys:
            return self
        last, *before = parts_of(self._key)
        # Conditions that come one at a time are one clause, so that a chain of many is no deeper than one of few.
        return self._grown((tag, *before, *keys) if last == tag else (tag, self._key, *keys), values)


class Clauses(Joins):
    """The clauses of a SELECT up to its limit."""

    __slots__ = ()

    def from_(self, *sources: FromItem) -> Self:
        """Return the statement over `sources`; several are joined without a condition."""
        return self._from(sources)

    def where(self, *conditions: Operand[bool] | None) -> Self:
        """Return the statement with `conditions` added, all of which must hold; None is left out."""
        return self._conditioned("where", conditions)

    def group_by(self, *expressions: Expr[Any, Any] | GroupingSets) -> Self:
        """Return the statement grouped by `expressions`, and by what rollup(), cube() and grouping_sets() make."""
        return self._with("group_by", self._sharing(self._listed(expressions)))

    def having(self, *conditions: Operand[bool] | None) -> Self:
        """Return the statement with conditions on its groups; None is left out."""
        present = [check_condition(condition) for condition in conditions if condition is not None]
        return self._with("having", self._sharing(present)) if present else self

    def distinct(self) -> Self:
        """Return the statement without duplicate rows."""
        return self._with("distinct", ())

    def distinct_on(self, *expressions: Expr[Any, Any]) -> Self:
        """Return the statement with the first row alone of those that agree in `expressions`, which begin its order."""
        if not expressions:
            raise StatementError("distinct_on() needs at least one expression", help="use .distinct() for whole rows")
        return self._with("distinct_on", self._sharing(self._listed(expressions)))

    def order_by(self, *terms: Order[Any] | Expr[Any, Any]) -> Self:
        """Return the statement with `terms` added to its order."""
        return self._with("order_by", self._sharing(self._listed(terms)))

    def limit(self, count: int, *, with_ties: bool = False) -> Self:
        """Return the statement that yields at most `count` rows; with ties, also those of the last one's place.

        Errors: StatementError when `count` is negative.
        """
        return self._bounded("limit_with_ties" if with_ties else "limit", count)

    def offset(self, count: int) -> Self:
        """Return the statement that leaves out its first `count` rows.

        Errors: StatementError when `count` is negative.
        """
        return self._bounded("offset", count)

    def _sharing(self, nodes: Sequence[Node]) -> tuple[Node, ...]:
        """Return what stands for `nodes` where the server compares expressions with those of other clauses."""
        values = self._values
        made: list[Node] = []
        for node in nodes:
            known = Node(*shared(node._key, node._values, self._key, values)) if node._values else node
            values += known._values
            made.append(known)
        return tuple(made)

    def _listed(self, nodes: Sequence[Node]) -> list[Node]:
        """Return what stands for `nodes` in a list that may name what is selected by its place."""
        return [self._listed_once(node) if check_term(node)._values else node for node in nodes]

    def _listed_once(self, node: Node) -> Node:
        key: Key = node._key
        order: list[Key] = []
        if parts_of(key)[:1] == ("order",):
            _, key, *order = parts_of(key)
        start = 1
        for selected, values in selected_items(self):
            if expression_in(selected) == key and values == node._values:
                return Node(("order", ("ordinal", start), *order) if order else ("ordinal", start))
            start += len(columns_of(selected))
        return node

    def _bounded(self, tag: str, count: int) -> Self:
        check_bound(tag, count)
        return self._grown((tag, self._key, _BIGINT), (*self._values, count))


def check_bound(clause: str, count: int) -> None:
    """Refuse a limit or an offset that is negative, or no number.

    Errors: StatementError.
    """
    if not is_whole(count) or count < 0:
        raise StatementError(f"{clause}() takes a whole number that is not negative, not {count!r}")


def is_whole(count: object) -> bool:
    """Tell whether `count` is an int, which the type checker of a caller may not have been asked."""
    return isinstance(count, int) and not isinstance(count, bool)


def check_term(term: Node) -> Node:
    """Return `term`.

    Errors: StatementError unless it can be grouped or ordered by.
    """
    if isinstance(term, Node):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may not be checked
        return term
    raise StatementError(f"rows are grouped and ordered by columns and expressions, not by a {type(term).__name__}")


def check_source(source: FromItem) -> FromItem:
    """Return `source`.

    Errors: StatementError unless it can stand in FROM.
    """
    if isinstance(source, FromItem):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may not be checked
        return source
    raise StatementError(f"a table, view or subquery is needed here, not {type(source).__name__}")
