"""Which outer joins can null-extend which entries of a range table, and what its conditions prove of their columns.

Derived from the join tree alone, the same on every version of the server. (From PostgreSQL 16 every Var carries
`varnullingrels`; the tests hold the two against each other.)

A column that a condition proves is recorded with the meaning "not NULL wherever its row is present", so that the record
survives an outer join above; whether the row is present is kept apart, as the set of join sides that may be absent.
A proof about a column also proves that its row is present, hence that those joins found a partner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from pagespace_codegen.queries.nullability.narrowing import ColumnKey, Narrowing
from pagespace_codegen.queries.nullability.verdict import JoinSide
from pagespace_codegen.queries.tree.enums import Join
from pagespace_codegen.queries.tree.nodetree import Node


@dataclass(slots=True)
class JoinState:
    """What is known of the rows that a part of the join tree yields.

    Attributes:
        absent: The join sides that may be absent, for each entry of the range table below.
        proven: The columns that are not NULL wherever their row is present.
        elsewhere: The columns of other parts that are not NULL in any row of this one.
        implied: The columns that are not NULL wherever a join side is present.
    """

    absent: dict[int, frozenset[JoinSide]] = field(default_factory=dict[int, frozenset[JoinSide]])
    proven: set[ColumnKey] = field(default_factory=set[ColumnKey])
    elsewhere: set[ColumnKey] = field(default_factory=set[ColumnKey])
    implied: dict[JoinSide, frozenset[ColumnKey]] = field(default_factory=dict[JoinSide, frozenset[ColumnKey]])

    def include(self, other: JoinState) -> None:
        """Add the entries of another part that is joined to this one."""
        self.absent.update(other.absent)
        self.proven |= other.proven
        self.implied.update(other.implied)
        waiting = self.elsewhere | other.elsewhere
        self.elsewhere = set()
        self.prove(waiting)

    def prove(self, keys: Iterable[ColumnKey]) -> None:
        """Record that these columns are not NULL in any row of this part."""
        for key in keys:
            if key.entry not in self.absent:
                self.elsewhere.add(key)
                continue
            self.proven.add(key)
            found = self.absent[key.entry]
            if found:
                self.absent = {entry: sides - found for entry, sides in self.absent.items()}
                for side in found:
                    self.prove(self.implied.pop(side, ()))

    def null_extend(self, side: JoinSide) -> None:
        """Record that an outer join may leave out this whole part."""
        self.absent = {entry: sides | {side} for entry, sides in self.absent.items()}
        self.implied[side] = frozenset(self.elsewhere)
        self.elsewhere = set()


FindsRows: TypeAlias = Callable[[Node, Node], bool]
"""Whether an outer join, the first node, surely finds a row of one of its sides, the second."""


def never_finds_rows(join: Node, side: Node) -> bool:
    """Return that nothing is known of the rows that a join finds."""
    del join, side
    return False


def join_state(query: Node, narrowing: Narrowing, finds_rows: FindsRows = never_finds_rows) -> JoinState:
    """Return what is known of the rows of a query after its FROM and WHERE."""
    tree = query.node("jointree")
    return JoinState() if tree is None else _Visitor(narrowing, finds_rows).visit(tree)


@dataclass(frozen=True, slots=True)
class _Visitor:
    narrowing: Narrowing
    finds_rows: FindsRows

    def visit(self, node: Node) -> JoinState:
        """Return what is known of the rows of a part of FROM."""
        state = JoinState()
        if node.kind == "RANGETBLREF":
            state.absent[node.number("rtindex")] = frozenset()
            state.prove(self.narrowing.if_found(node.number("rtindex")))
        elif node.kind == "FROMEXPR":
            for item in node.nodes("fromlist"):
                state.include(self.visit(item))
            state.prove(self.narrowing.if_true(node.node("quals")))
        elif node.kind == "JOINEXPR":
            left, right = node.node("larg"), node.node("rarg")
            if left is not None and right is not None:
                self._join(node, left, right, state)
        return state

    def _join(self, join: Node, left_node: Node, right_node: Node, state: JoinState) -> None:
        left, right = self.visit(left_node), self.visit(right_node)
        number, kind = join.number("rtindex"), join.number("jointype")
        condition = self.narrowing.if_true(join.node("quals"))
        # Of an outer join the condition holds in the rows of its nullable side, wherever they are present.
        if kind == Join.LEFT:
            right.prove(condition)
        elif kind == Join.RIGHT:
            left.prove(condition)
        if kind in {Join.LEFT, Join.FULL} and not self.finds_rows(join, right_node):
            right.null_extend(JoinSide(number, "right"))
        if kind in {Join.RIGHT, Join.FULL} and not self.finds_rows(join, left_node):
            left.null_extend(JoinSide(number, "left"))
        state.include(left)
        state.include(right)
        state.absent[number] = frozenset()
        if kind == Join.INNER:
            state.prove(condition)
