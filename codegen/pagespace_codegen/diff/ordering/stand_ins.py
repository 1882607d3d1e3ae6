"""Views that refer to each other: one of them stands there without its query while the others come or go.

Only CREATE OR REPLACE VIEW can close such a circle, and only it can open one. pg_dump does the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from pagespace_codegen.diff.ordering.nodes import Action, Edges, Node
from pagespace_codegen.diff.rules import RULES


def add_stand_in(circle: AbstractSet[Node], edges: Edges, keys: Mapping[Node, tuple[int, ...]]) -> Node | None:
    """Return the operation that opens a circle, and change `edges` so; None when nothing in it can stand in."""
    for node in sorted(circle, key=keys.__getitem__):
        if RULES[node.key.kind].can_stand_in and node.action in {Action.CREATE, Action.ALTER, Action.DROP}:
            stand_in = Node(Action.HOLLOW_OUT if node.action is Action.DROP else Action.STAND_IN, node.key)
            if stand_in not in keys:
                _move_edges(node, stand_in, circle, edges)
                return stand_in
    return None


def _move_edges(node: Node, stand_in: Node, circle: AbstractSet[Node], edges: Edges) -> None:
    """Let the others of the circle wait for the stand-in, which itself needs nothing of them."""
    if node.action is not Action.DROP:
        for before in [before for before, successors in edges.items() if node in successors and before not in circle]:
            edges[before].add(stand_in)
    moved = edges[node] & circle
    edges[node] -= moved
    edges[stand_in] |= moved | {node}
