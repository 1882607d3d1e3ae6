"""Writes that are ready to be executed, and what they return."""

from __future__ import annotations

from typing import Any, Generic, Self, TypeVar, overload

from pagespace_db.builder.clauses import Chain
from pagespace_db.builder.columns import Table
from pagespace_db.builder.expressions import Key, Node, Selectable, Values_, item_of
from pagespace_db.builder.select import selected_node
from pagespace_db.builder.sources import Cte
from pagespace_db.builder.statement import Command, Statement

R = TypeVar("R")
S = TypeVar("S")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")


class Returning(Statement[R], Generic[R]):
    """A write that returns rows of type R."""

    __slots__ = ()


class TableChain(Chain, Generic[R]):
    """A chain that writes to a table whose row class is R."""

    __slots__ = ("_table",)

    def __init__(self, key: Key, values: Values_, table: Table[R, Any, Any]) -> None:
        super().__init__(key, values)
        self._table = table

    def _grown(self, key: Key, values: Values_) -> Self:
        return type(self)(key, values, self._table)


class Write(TableChain[R], Command, Generic[R]):
    """A write that is ready to be executed; R is the row class of its table."""

    __slots__ = ()

    def with_(self, *ctes: Cte[Any]) -> Self:
        """Return the statement in which `ctes` can be used as sources; one may use those before it."""
        return self._with("with", tuple([cte._definition for cte in ctes]))

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
        return Returning(("returning", self._key, *[item_of(node) for node in nodes]), values)
