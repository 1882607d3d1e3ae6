"""Which outer joins can null-extend which entries of a range table, and what its conditions prove of their columns.

Derived from the join tree alone, the same on every version of the server. (From PostgreSQL 16 every Var carries
`varnullingrels`; the tests hold the two against each other.)

A column that a condition proves is recorded with the meaning "not NULL wherever its row is present", so that the record
survives an outer join above; whether the row is present is kept apart, as the set of join sides that may be absent.
A proof about a column also proves that its row is present, hence that those joins found a partner.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pagespace_codegen.queries.enums import Join
from pagespace_codegen.queries.nodetree import Node
from pagespace_codegen.queries.nullability.narrowing import ColumnKey, Narrowing
from pagespace_codegen.queries.nullability.verdict import JoinSide


@dataclass(slots=True)
class JoinState:
    """What is known of the rows that a part of the join tree yields.

    Attributes:
        absent: The join sides that may be absent, for each entry of the range table below.
        proven: The columns that are not NULL wherever their row is present.
    """

    absent: dict[int, frozenset[JoinSide]] = field(default_factory=dict[int, frozenset[JoinSide]])
    proven: set[ColumnKey] = field(default_factory=set[ColumnKey])

    def include(self, other: JoinState) -> None:
        """Add the entries of another part that is joined to this one."""
        self.absent.update(other.absent)
        self.proven |= other.proven

    def prove(self, keys: Iterable[ColumnKey]) -> None:
        """Record that these columns are not NULL in any row of this part."""
        for key in keys:
            if key.entry not in self.absent:
                continue  # of another part, to the left of a lateral one
            self.proven.add(key)
            found = self.absent[key.entry]
            if found:
                self.absent = {entry: sides - found for entry, sides in self.absent.items()}

    def null_extend(self, side: JoinSide) -> None:
        """Record that an outer join may leave out this whole part."""
        self.absent = {entry: sides | {side} for entry, sides in self.absent.items()}


def join_state(query: Node, narrowing: Narrowing) -> JoinState:
    """Return what is known of the rows of a query after its FROM and WHERE."""
    tree = query.node("jointree")
    return JoinState() if tree is None else _visit(tree, narrowing)


def _visit(node: Node, narrowing: Narrowing) -> JoinState:
    state = JoinState()
    if node.kind == "RANGETBLREF":
        state.absent[node.number("rtindex")] = frozenset()
    elif node.kind == "FROMEXPR":
        for item in node.nodes("fromlist"):
            state.include(_visit(item, narrowing))
        state.prove(narrowing.if_true(node.node("quals")))
    elif node.kind == "JOINEXPR":
        _join(node, state, narrowing)
    return state


def _join(join: Node, state: JoinState, narrowing: Narrowing) -> None:
    left_node, right_node = join.node("larg"), join.node("rarg")
    left = _visit(left_node, narrowing) if left_node else JoinState()
    right = _visit(right_node, narrowing) if right_node else JoinState()
    number, kind = join.number("rtindex"), join.number("jointype")
    condition = narrowing.if_true(join.node("quals"))
    # Of an outer join the condition holds in the rows of its nullable side, wherever they are present.
    if kind == Join.LEFT:
        right.prove(condition)
    elif kind == Join.RIGHT:
        left.prove(condition)
    if kind in {Join.LEFT, Join.FULL}:
        right.null_extend(JoinSide(number, "right"))
    if kind in {Join.RIGHT, Join.FULL}:
        left.null_extend(JoinSide(number, "left"))
    state.include(left)
    state.include(right)
    state.absent[number] = frozenset()
    if kind == Join.INNER:
        state.prove(condition)
