"""What foreign keys ask of the order, beyond what the server records of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pagespace_codegen.diff.inventory.model import Inventory, Key, Object
from pagespace_codegen.diff.ordering.delta import Delta
from pagespace_codegen.diff.ordering.nodes import Action, Node
from pagespace_codegen.diff.rules.inherited import keys_of_wholes, partitions

_INDEXING: Final = frozenset({"constraint", "index"})


def reference_edges(delta: Delta) -> Iterator[tuple[Node, Node]]:
    """Yield what comes before what because of a foreign key.

    It goes before any partition of the table that it refers to does; and a table that is logged never refers to one
    that is not, even for a moment.
    """
    old, new = delta.scene.old, delta.scene.new
    for foreign_key, table in _references(old):
        for partition in partitions(table, old):
            yield Node(Action.DROP, foreign_key.key), Node(Action.DROP, partition)
    for foreign_key, table in _references(new):
        if foreign_key.parent is not None and all(_changes_logging(key, delta) for key in (foreign_key.parent, table)):
            referring, referred = Node(Action.ALTER, foreign_key.parent), Node(Action.ALTER, table)
            yield (referring, referred) if new.by_key[table].facts.flag("is_unlogged") else (referred, referring)


def attachment_edges(delta: Delta) -> Iterator[tuple[Node, Node]]:
    """Yield that partitions leave with the foreign keys of their table, before these go and keys of their own come.

    Keys of their own that the table has not go before they are attached.
    """
    old, new = delta.scene.old, delta.scene.new
    for attachment, table in _attachments(old):
        detached = Node(Action.DROP, attachment)
        for foreign_key in keys_of_wholes(table, old):
            yield detached, Node(Action.DROP, foreign_key.key)
        for foreign_key in new.parts(table, "foreign key"):
            yield detached, Node(Action.CREATE, foreign_key.key)
    for attachment, table in _attachments(new):
        for foreign_key in old.parts(table, "foreign key"):
            yield Node(Action.DROP, foreign_key.key), Node(Action.CREATE, attachment)


def key_edges(delta: Delta) -> Iterator[tuple[Node, Node]]:
    """Yield that keys go before a foreign key comes, which the server would let depend on any that fits."""
    old = delta.scene.old
    for foreign_key, table in _references(delta.scene.new):
        if foreign_key.key in delta.created:
            for part in old.children.get(table, ()):
                if part.kind in _INDEXING:
                    yield Node(Action.DROP, part.key), Node(Action.CREATE, foreign_key.key)


def detached_partitions(delta: Delta) -> frozenset[Node]:
    """Return the attachments that end before their table is dropped.

    A foreign key that stays refers to each partition of the table, and the server refuses to drop one of them.
    """
    old, dropped = delta.scene.old, delta.scene.dropped
    return frozenset(
        Node(Action.DROP, attachment.key)
        for foreign_key, table in _references(old)
        if foreign_key.key not in dropped
        for partition in partitions(table, old)
        if partition in dropped
        for attachment in old.parts(partition, "attachment")
    )


def _changes_logging(table: Key, delta: Delta) -> bool:
    """Tell whether a table that stays becomes logged or unlogged: no other change of it has to wait."""
    before, after = delta.scene.old.by_key.get(table), delta.scene.new.by_key[table]
    return before is not None and before.facts["is_unlogged"] != after.facts["is_unlogged"]


def _attachments(inventory: Inventory) -> Iterator[tuple[Key, Key]]:
    """Yield attachments with the table that is attached."""
    for item in inventory.objects:
        if item.kind == "attachment" and item.parent is not None:
            yield item.key, item.parent


def _references(inventory: Inventory) -> Iterator[tuple[Object, Key]]:
    """Yield foreign keys with the table that they refer to: the one whose index they depend on."""
    for item in inventory.objects:
        if item.kind == "foreign key":
            indexes = (key for key in inventory.needs.get(item.key, ()) if key.kind in _INDEXING)
            yield from ((item, table) for key in indexes if (table := inventory.by_key[key].parent) is not None)
