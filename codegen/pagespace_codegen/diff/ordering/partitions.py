"""What the keys and defaults that a partition has of its own ask of the order."""

from __future__ import annotations

from collections.abc import Iterator

from pagespace_codegen.diff.inventory.model import Inventory, Key, Object
from pagespace_codegen.diff.ordering.delta import Delta
from pagespace_codegen.diff.ordering.nodes import Action, Node
from pagespace_codegen.diff.rules.inherited import partitions


def own_key_edges(delta: Delta) -> Iterator[tuple[Node, Node]]:
    """Yield that a partition has its key before the index of the table comes, and until that has gone."""
    for key, partition, whole in _own_keys(delta.scene.old):
        if partition not in delta.scene.dropped:  # else they go together
            yield Node(Action.DROP, whole), Node(Action.DROP, key)
    for key, _, whole in _own_keys(delta.scene.new):
        yield Node(Action.CREATE, key), Node(Action.CREATE, whole)


def partition_edges(partition: Key, index: Object, inventory: Inventory) -> Iterator[tuple[Node, Node]]:
    """Yield whether a partition or an index of its table comes first.

    A partition that comes later gets an index of its own for each of its table's, even if that is made ON ONLY it. One
    that is there has its own indexes taken, so that it must have none which the new index should not take.
    """
    if not _has_index(index):
        return
    has_own = any(map(_has_index, inventory.children.get(partition, ())))
    is_taken = any(whole == index.key and table == partition for _, table, whole in _own_keys(inventory))
    first, second = Node(Action.CREATE, partition), Node(Action.CREATE, index.key)
    is_later = has_own and not is_taken and index.facts.flag("is_valid")
    yield (second, first) if is_later else (first, second)


def default_edges(delta: Delta) -> Iterator[tuple[Node, Node]]:
    """Yield that a partition's own default goes before its table's column gets an identity, and comes after it went."""
    new = delta.scene.new
    for key in delta.altered:
        item = new.by_key[key]
        if item.kind != "column" or item.parent is None:
            continue
        for partition in partitions(item.parent, new):
            default = Key("default", f"{partition.name}.{item.facts.text('column')}")
            yield Node(Action.DROP, default), Node(Action.ALTER, key)
            yield Node(Action.ALTER, key), Node(Action.CREATE, default)


def attached_partitions(delta: Delta) -> frozenset[Node]:
    """Return the attachments of new tables that begin when the table has its keys.

    CREATE TABLE PARTITION OF first gives the partition an index for each of its table's. Only ATTACH PARTITION takes a
    key of the partition itself for one that is there.
    """
    new, created = delta.scene.new, delta.created
    return frozenset(
        Node(Action.CREATE, attachment.key)
        for _, partition, whole in _own_keys(new)
        if partition in created and (whole not in created or whole.kind == "partition index")
        for attachment in new.parts(partition, "attachment")
    )


def _has_index(item: Object) -> bool:
    return item.kind == "index" or (item.kind == "constraint" and item.facts.text("type") in {"p", "u", "x"})


def _own_keys(inventory: Inventory) -> Iterator[tuple[Key, Key, Key]]:
    """Yield keys of partitions, with the partition and the index above."""
    for item in inventory.objects:
        if item.kind == "partition index" and item.facts.flag("is_own_key") and item.parent is not None:
            key = Key("constraint", f"{item.facts.text('name')} ON {item.parent.name}")
            yield key, item.parent, Key(*item.facts.texts("of"))
