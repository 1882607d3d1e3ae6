"""Operations -> one order: a graph from both sides' dependencies, with parts folded into the wholes they belong to.

An object is made after everything it needs in the new database, and dropped before everything it needed in the old one.
A part is made by the CREATE of its whole and dropped by its DROP wherever that is possible: the two are one node of the
graph. Where this closes a circle, such as tables that refer to each other, the part becomes a node of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from pagespace_codegen.diff.inventory.model import Inventory, Key, Object
from pagespace_codegen.diff.inventory.read import grouped_by_name, mentioned_names
from pagespace_codegen.diff.ordering.delta import Delta
from pagespace_codegen.diff.ordering.nodes import Action, Edges, Node, sort
from pagespace_codegen.diff.ordering.partitions import (
    attached_partitions,
    default_edges,
    own_key_edges,
    partition_edges,
)
from pagespace_codegen.diff.ordering.references import attachment_edges, detached_partitions, key_edges, reference_edges
from pagespace_codegen.diff.ordering.stand_ins import add_stand_in
from pagespace_codegen.diff.rules import PRIORITY, RULES
from pagespace_codegen.diff.rules.inherited import partitions
from pagespace_db.errors import DiffError


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operation that has a place.

    Attributes:
        node: What is done, and to what.
        parts: The objects that are made, changed or dropped along with it, in the order of the inventory.
    """

    node: Node
    parts: tuple[Object, ...]


_INDEXING: Final = frozenset({"constraint", "index"})
_QUERIES: Final = frozenset({"function", "materialized view", "rule", "view"})
_LAST: Final = frozenset({"default privileges", "event trigger"})
_HARD_PARTS: Final = frozenset({"column", "attachment"})  # pulled out of CREATE TABLE only if nothing else helps


def order(delta: Delta) -> tuple[Operation, ...]:
    """Return the operations of a delta in an order in which each can be run.

    Errors: DiffError when the dependencies form a circle that cannot be opened.
    """
    graph = _Graph(delta)
    while True:
        groups = graph.groups()
        ordered, stuck = sort(groups, graph.edges, graph.keys)
        if not stuck:
            return tuple(graph.operation(root, groups[root]) for root in ordered)
        graph.open_circle(stuck, groups)


class _Graph:
    """The nodes, what must come before what, and which nodes are one."""

    def __init__(self, delta: Delta) -> None:
        self.delta = delta
        self.old, self.new = delta.scene.old, delta.scene.new
        dropped, rebuilt = delta.scene.dropped, delta.scene.rebuilt
        self.nodes: set[Node] = {
            *(Node(Action.DROP, key) for key in dropped),
            *(Node(Action.PUT_ASIDE, key) for key in rebuilt),
            *(Node(Action.CREATE, key) for key in delta.created),
            *(Node(Action.ALTER, key) for key in delta.altered),
        }
        self.edges: Edges = defaultdict(set)
        self.soft: set[tuple[Node, Node]] = set()
        self.unfolded = {*detached_partitions(delta), *attached_partitions(delta)}
        self._add_edges()
        self.keys = {node: self._sort_key(node) for node in self.nodes}

    # --- Edges -------------------------------------------------------------------------------------------------------

    def _add_edges(self) -> None:
        rebuilt = self.delta.scene.rebuilt
        for dependent, on in self.old.dependencies:
            drop, alter = Node(Action.DROP, dependent), Node(Action.ALTER, dependent)
            self._edge(drop, Node(Action.DROP, on))
            is_column = (dependent.kind, on.kind) == ("column", "table")
            if is_column and self._is_typed(on):
                self._edge(Node(Action.ALTER, on), drop)
            else:  # a view's columns stay when it changes; a change of a table may wait for what needs the column
                self._edge(drop, Node(Action.ALTER, on), is_soft=on.kind == "view" or is_column)
            if dependent not in rebuilt and self.old.by_key[dependent].parent != on:
                self._edge(drop, Node(Action.PUT_ASIDE, on))
            self._edge(alter, Node(Action.DROP, on))
        for dependent, on in self.new.dependencies:
            create, alter = Node(Action.CREATE, dependent), Node(Action.ALTER, dependent)
            self._edge(Node(Action.CREATE, on), create)
            self._edge(Node(Action.CREATE, on), alter)
            if (dependent.kind, on.kind) == ("column", "table") and not self._is_typed(on):
                self._edge(create, Node(Action.ALTER, on))  # options of a TOAST table need a column that has one
                continue
            self._edge(Node(Action.ALTER, on), create)
            self._edge(Node(Action.ALTER, on), alter)
        for key in self.delta.scene.dropped & self.delta.created:
            if key in rebuilt:
                self._edge(Node(Action.PUT_ASIDE, key), Node(Action.CREATE, key))
                self._edge(Node(Action.CREATE, key), Node(Action.DROP, key))
            else:
                self._edge(Node(Action.DROP, key), Node(Action.CREATE, key))
        self._add_attachments()
        for before, after in (*reference_edges(self.delta), *own_key_edges(self.delta), *default_edges(self.delta)):
            self._edge(before, after)
        self._add_holders()
        self._add_claims()
        self._add_bodies(self.new, Action.CREATE)
        self._add_bodies(self.old, Action.DROP)
        self._add_namesakes()
        self._add_whole_rows()
        for before, after in (*key_edges(self.delta), *attachment_edges(self.delta)):
            self._wish(before, after)

    def _is_typed(self, table: Key) -> bool:
        """Tell whether a table takes its columns from a type: it must lose that before one of them comes or goes."""
        return table in self.old.by_key and self.old.by_key[table].facts.optional("of_type") is not None

    def _edge(self, before: Node, after: Node, *, is_soft: bool = False) -> None:
        """Let one operation come before another; a soft one gives way in a circle."""
        if before in self.nodes and after in self.nodes and before != after:
            if is_soft and after not in self.edges[before]:
                self.soft.add((before, after))
            elif not is_soft:
                self.soft.discard((before, after))
            self.edges[before].add(after)

    def _wish(self, before: Node, after: Node) -> None:
        """Add an order that gives way where it closes a circle."""
        if before in self.nodes and after in self.nodes and before != after and after not in self.edges[before]:
            self.edges[before].add(after)
            self.soft.add((before, after))

    def _add_attachments(self) -> None:
        """A table is attached when its columns are those of its parent, and detached before either changes."""
        for node in [node for node in self.nodes if node.key.kind == "attachment"]:
            inventory = self.new if node.action is Action.CREATE else self.old
            item = inventory.by_key[node.key]
            tables = (item.parent, Key("table", item.facts.text("of")))
            columns = {part.key for table in tables if table is not None for part in self._columns(table)}
            for key in columns:
                for action in (Action.CREATE, Action.ALTER, Action.DROP):
                    if node.action is Action.CREATE:
                        self._edge(Node(action, key), node)
                    elif action is not Action.DROP or item.parent not in self.delta.scene.dropped:
                        self._edge(node, Node(action, key))
            if node.action is Action.CREATE and item.parent is not None:
                for part in self.old.children.get(item.parent, ()):
                    if part.kind in _INDEXING:
                        self._edge(Node(Action.DROP, part.key), node)
        self._add_partition_indexes()

    def _add_partition_indexes(self) -> None:
        """An index of a partition goes before its table gets one that would adopt it, and the other way round."""
        for node in [node for node in self.nodes if node.action is Action.CREATE and node.key.kind in _INDEXING]:
            item = self.new.by_key[node.key]
            for whole in self._wholes(item.parent):
                for part in self.old.children.get(whole, ()):
                    if part.kind in _INDEXING:
                        self._edge(Node(Action.DROP, part.key), node)
            for partition in partitions(item.parent, self.new) if item.parent is not None else ():
                for before, after in partition_edges(partition, item, self.new):
                    self._edge(before, after)
                for part in self.old.children.get(partition, ()):
                    if part.kind in _INDEXING:
                        self._edge(Node(Action.DROP, part.key), node)

    def _add_holders(self) -> None:
        """What holds an object goes before it does, and comes again after it has gone."""
        held = {Node(Action.ALTER, key) for key, alteration in self.delta.altered.items() if alteration.is_held}
        for node in held.union(Node(Action.DROP, key) for key in self.delta.scene.dropped):
            item = self.old.by_key[node.key]
            for holder in RULES[node.key.kind].holders(item, self.old):
                if item.parent in self.delta.scene.dropped and self.old.by_key[holder].parent == item.parent:
                    continue  # they go with their table
                self._edge(Node(Action.DROP, holder), node)
                self._edge(node, Node(Action.CREATE, holder))
        for key in self.delta.created:
            item = self.new.by_key[key]
            for holder in RULES[key.kind].remakes(item, self.delta.scene):
                if holder != item.parent:
                    self._edge(Node(Action.DROP, holder), Node(Action.CREATE, key))
                    self._edge(Node(Action.CREATE, key), Node(Action.CREATE, holder))

    def _wholes(self, table: Key | None) -> Iterator[Key]:
        """Yield the tables that a table was a partition of."""
        for attachment in () if table is None else self.old.parts(table, "attachment"):
            whole = Key("table", attachment.facts.text("of"))
            yield whole
            yield from self._wholes(whole)

    def _columns(self, table: Key) -> Iterator[Object]:
        yield from self.old.parts(table, "column")
        yield from self.new.parts(table, "column")

    def _add_claims(self) -> None:
        """What gives up a name comes before what takes it."""
        leaving: dict[str, list[Node]] = defaultdict(list)
        for key in self.delta.scene.dropped:
            node = Node(Action.PUT_ASIDE if key in self.delta.scene.rebuilt else Action.DROP, key)
            for claim in _claims(self.old, key):
                leaving[claim].append(node)
        for key in self.delta.altered:
            for claim in _claims(self.old, key) - _claims(self.new, key):
                leaving[claim].append(Node(Action.ALTER, key))
        for key in self.delta.created:
            self._take(_claims(self.new, key), leaving, Node(Action.CREATE, key))
        for key in self.delta.altered:
            self._take(_claims(self.new, key) - _claims(self.old, key), leaving, Node(Action.ALTER, key))

    def _take(self, claims: Iterable[str], leaving: Mapping[str, list[Node]], node: Node) -> None:
        for claim in claims:
            for before in leaving.get(claim, ()):
                self._edge(before, node)

    def _add_bodies(self, inventory: Inventory, action: Action) -> None:
        """Let functions come after what their bodies name: the server does not record it, so it gives way."""
        by_name = grouped_by_name(inventory.by_key[node.key] for node in self.nodes if node.action is action)
        for node in [node for node in self.nodes if node.action is action and node.key.kind == "function"]:
            for name in mentioned_names(inventory.by_key[node.key]):
                for item in by_name.get(name, ()):
                    other = Node(action, item.key)
                    self._wish(*((other, node) if action is Action.CREATE else (node, other)))

    def _add_namesakes(self) -> None:
        """Let functions and triggers go before others of their name come. It gives way, too.

        A call could mean both functions; a table and its partition cannot both have a trigger of that name.
        """
        for kind, end in (("function", "("), ("trigger", " ON ")):
            leaving: dict[str, list[Node]] = defaultdict(list)
            for dropped in [node for node in self.nodes if node.action is Action.DROP and node.key.kind == kind]:
                leaving[dropped.key.name.partition(end)[0]].append(dropped)
            for created in [node for node in self.nodes if node.action is Action.CREATE and node.key.kind == kind]:
                for dropped in leaving[created.key.name.partition(end)[0]]:
                    if dropped.key != created.key:
                        self._wish(dropped, created)

    def _add_whole_rows(self) -> None:
        """Let a table have its columns before a view of whole rows comes, which would depend on them; it gives way."""
        for created in [node for node in self.nodes if node.action is Action.CREATE and node.key.kind in _QUERIES]:
            needs = self.new.needs.get(created.key, frozenset())
            through = (self.new.needs.get(key, frozenset()) for key in needs if key.kind == "function")
            tables = {key for key in needs.union(*through) if key.kind == "table"}
            changes = (
                Node(action, column.key)
                for table in tables
                for column in self._columns(table)
                for action in (Action.DROP, Action.ALTER, Action.CREATE)
            )
            for node in changes:
                self._wish(node, created)

    # --- Folding -----------------------------------------------------------------------------------------------------

    def groups(self) -> dict[Node, list[Node]]:
        """Return the nodes that are one, by the node that stands for them."""
        found: dict[Node, list[Node]] = defaultdict(list)
        for node in self.nodes:
            found[self._root(node)].append(node)
        return found

    def _root(self, node: Node) -> Node:
        while True:
            whole = self._whole(node)
            if whole is None:
                return node
            node = whole

    def _whole(self, node: Node) -> Node | None:
        """Return the node that does the work of this one, if there is one."""
        if node in self.unfolded or node.action is Action.PUT_ASIDE:
            return None
        inventory = self.old if node.action is Action.DROP else self.new
        item = inventory.by_key[node.key]
        implying = self._implying(node, item, inventory)
        if implying is not None:
            return implying
        if item.parent is None or node.action is Action.ALTER:
            return None
        parent = Node(node.action, item.parent)
        if parent not in self.nodes:
            return None
        if node.action is Action.DROP:
            return parent
        rule = RULES[node.key.kind]
        if item.parent.kind not in rule.folds_into or not rule.folds(item):
            return None
        if self._implying(parent, inventory.by_key[item.parent], inventory) is not None:
            return None
        return parent

    def _implying(self, node: Node, item: Object, inventory: Inventory) -> Node | None:
        """Return the operation on another object that takes this one along: a parent's column, an owner's column."""
        if node.action is Action.DROP and RULES[item.kind].is_passive:
            whole = Node(Action.DROP, Key(*item.facts.texts("of")))
            return whole if whole in self.nodes and item.parent not in self.delta.scene.dropped else None
        if node.action is Action.DROP:
            owner = inventory.find("sequence owner", node.key.name) if node.key.kind == "sequence" else None
            column = None if owner is None else Node(Action.DROP, Key("column", owner.facts.text("column")))
            if column in self.nodes:
                return column
        if item.kind != "column" or item.parent is None or Node(node.action, item.parent) in self.nodes:
            return None
        of_types = {side.by_key[item.parent].facts.optional("of_type") for side in (self.old, self.new)}
        of_type = Node(Action.ALTER, Key("composite", str(*of_types)) if len(of_types) == 1 else item.key)
        if of_type in self.nodes and node.action is not Action.ALTER:
            return of_type
        if item.facts.flag("is_local") or not item.facts.flag("is_inherited"):
            return None
        for attachment in inventory.parts(item.parent, "attachment"):
            if attachment.key in self.delta.created or attachment.key in self.delta.scene.dropped:
                continue
            name = f"{attachment.facts.text('of')}.{item.facts.text('column')}"
            above = Node(node.action, Key("column", name))
            if above in self.nodes:
                return above
        return None

    def operation(self, root: Node, members: Collection[Node]) -> Operation:
        """Return a group as an operation."""
        inventory = self.new if root.action is Action.CREATE else self.old
        keys = {node.key for node in members if node != root}
        parts = tuple(item for key, item in inventory.by_key.items() if key in keys) if keys else ()
        return Operation(node=root, parts=parts)

    def open_circle(self, stuck: AbstractSet[Node], groups: Mapping[Node, Collection[Node]]) -> None:
        """Open a circle: give up an order that is only wished for, take a part out of its whole, or add a stand-in."""
        circle = {node for root in stuck for node in groups[root]}
        inside = [(a, b) for a in circle for b in self.edges[a] if b in circle and self._root(a) != self._root(b)]
        wished = [pair for pair in inside if pair in self.soft]
        if wished:
            for before, after in wished:
                self.edges[before].discard(after)
            return
        touched = {node for pair in inside for node in pair if self._root(node) != node}
        for parts in (
            {node for node in touched if node.key.kind == "foreign key"},
            {node for node in touched if node.key.kind not in _HARD_PARTS},
            touched,
        ):
            if parts:
                self.unfolded |= parts
                return
        stand_in = add_stand_in(circle, self.edges, self.keys)
        if stand_in is not None:
            self.nodes.add(stand_in)
            self.unfolded.add(stand_in)
            self.keys[stand_in] = self._sort_key(stand_in)
            return
        names = ", ".join(sorted(f"{root.action} {root.key}" for root in stuck))
        raise DiffError(
            f"no order can be found for operations that each wait for another one: {names}",
            help="change the schema in two steps, so that one of them goes first",
        )

    # --- What reads well ---------------------------------------------------------------------------------------------

    def _sort_key(self, node: Node) -> tuple[int, int, int, int, int]:
        """Return the wished place: first drops for the sake of others, then what is made, and last what goes."""
        is_drop = node.action in {Action.DROP, Action.HOLLOW_OUT}
        inventory = self.old if is_drop or node.action is Action.PUT_ASIDE else self.new
        if node.action is Action.PUT_ASIDE:
            phase = 0
        elif is_drop:
            phase = 0 if node.key in self.delta.created and node.key not in self.delta.scene.rebuilt else 2
        else:
            phase = 1
        if node.key.kind in _LAST:
            phase = -1 if is_drop else 3
        top = inventory.by_key[node.key]
        while top.parent is not None:
            top = inventory.by_key[top.parent]
        sign = -1 if is_drop else 1
        return (
            phase,
            sign * PRIORITY[top.kind],
            inventory.places[top.key],
            sign * PRIORITY[node.key.kind],
            inventory.places[node.key],
        )


def _claims(inventory: Inventory, key: Key) -> frozenset[str]:
    return RULES[key.kind].claims(inventory.by_key[key])
