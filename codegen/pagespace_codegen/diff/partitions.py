"""What keys that a partition has of its own ask of the order, where an index of the table takes them for its own."""

from __future__ import annotations

from collections.abc import Iterator

from pagespace_codegen.diff.delta import Delta
from pagespace_codegen.diff.inventory.model import Inventory, Key
from pagespace_codegen.diff.nodes import Action, Node


def own_key_edges(delta: Delta) -> Iterator[tuple[Node, Node]]:
    """Yield that a partition has its key before the index of the table comes, and until that has gone."""
    for key, partition, whole in _own_keys(delta.scene.old):
        if partition not in delta.scene.dropped:  # else they go together
            yield Node(Action.DROP, whole), Node(Action.DROP, key)
    for key, _, whole in _own_keys(delta.scene.new):
        yield Node(Action.CREATE, key), Node(Action.CREATE, whole)


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


def _own_keys(inventory: Inventory) -> Iterator[tuple[Key, Key, Key]]:
    """Yield keys of partitions, with the partition and the index above."""
    for item in inventory.objects:
        if item.kind == "partition index" and item.facts.flag("is_own_key") and item.parent is not None:
            key = Key("constraint", f"{item.facts.text('name')} ON {item.parent.name}")
            yield key, item.parent, Key(*item.facts.texts("of"))
