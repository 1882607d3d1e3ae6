"""Nodes of the graph of operations, and its topological order. Nothing here knows what an operation does."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from pagespace_codegen.diff.inventory.model import Key


class Action(StrEnum):
    """What is done to an object."""

    PUT_ASIDE = "put aside"
    HOLLOW_OUT = "hollow out"
    STAND_IN = "stand in"
    CREATE = "create"
    ALTER = "alter"
    DROP = "drop"


class Node(NamedTuple):
    """An operation before it has a place."""

    action: Action
    key: Key


Edges: TypeAlias = "dict[Node, set[Node]]"  # node -> what comes after it


def sort(
    groups: Mapping[Node, Collection[Node]],
    edges: Mapping[Node, AbstractSet[Node]],
    wishes: Mapping[Node, tuple[int, ...]],
) -> tuple[list[Node], set[Node]]:
    """Return the groups in order, and those that wait for each other.

    `wishes` says which of several that could come next does.
    """
    root_of = {node: root for root, members in groups.items() for node in members}
    after: Edges = defaultdict(set)
    waits: dict[Node, int] = dict.fromkeys(groups, 0)
    for before, successors in edges.items():
        for successor in successors:
            pair = root_of[before], root_of[successor]
            if pair[0] != pair[1] and pair[1] not in after[pair[0]]:
                after[pair[0]].add(pair[1])
                waits[pair[1]] += 1
    ready = [(wishes[root], root) for root, count in waits.items() if not count]
    heapq.heapify(ready)
    ordered: list[Node] = []
    while ready:
        _, root = heapq.heappop(ready)
        ordered.append(root)
        for successor in after[root]:
            waits[successor] -= 1
            if not waits[successor]:
                heapq.heappush(ready, (wishes[successor], successor))
    stuck = set(groups) - set(ordered)
    return ordered, _circles(stuck, after) if stuck else set()


def _circles(stuck: AbstractSet[Node], after: Mapping[Node, AbstractSet[Node]]) -> set[Node]:
    """Return the members of circles, leaving out what only waits behind one."""
    return {node for component in _components(stuck, lambda node: after.get(node, set()) & stuck) for node in component}


def _components(nodes: Iterable[Node], successors: Callable[[Node], AbstractSet[Node]]) -> Iterator[list[Node]]:
    """Yield the strongly connected components of more than one node (Tarjan, without recursion)."""
    index: dict[Node, int] = {}
    low: dict[Node, int] = {}
    stack: list[Node] = []
    on_stack: set[Node] = set()
    for start in nodes:
        if start in index:
            continue
        work: list[tuple[Node, Iterator[Node]]] = []

        def visit(node: Node) -> None:
            index[node] = low[node] = len(index)
            stack.append(node)
            on_stack.add(node)
            work.append((node, iter(successors(node))))  # noqa: B023  # called in this very turn of the loop

        visit(start)
        while work:
            node, pending = work[-1]
            following = next(pending, None)
            if following is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    place = stack.index(node)
                    component, stack[place:] = stack[place:], []
                    on_stack.difference_update(component)
                    if len(component) > 1:
                        yield component
            elif following not in index:
                visit(following)
            elif following in on_stack:
                low[node] = min(low[node], index[following])
