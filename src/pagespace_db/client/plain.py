"""Connections of psycopg that are not ours: they learn the schema's types when a generated function first runs on them.

Without them an array of an enum, say, would arrive as text, and the types of the generated rows would not be true.
"""

from __future__ import annotations

from typing import Any, Final
from weakref import WeakKeyDictionary

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from pagespace_db.types import RESOLVE_QUERY, TypeRegistry, installed_types, register_types

Plain = psycopg.Connection[Any] | psycopg.AsyncConnection[Any]

_NOTHING: Final = TypeRegistry()
_learned: Final[WeakKeyDictionary[Plain, TypeRegistry]] = WeakKeyDictionary()


def learn_types(connection: psycopg.Connection[Any]) -> None:
    """Register the types of all generated packages on a connection, unless it knows them; one query, once."""
    registry = _missing(connection)
    if registry is not None:
        with psycopg.Cursor(connection, row_factory=tuple_row) as cursor:
            rows = cursor.execute(RESOLVE_QUERY, registry.parameters()).fetchall()
        register_types(registry, rows, connection)
        _learned[connection] = registry


async def async_learn_types(connection: psycopg.AsyncConnection[Any]) -> None:
    """Do the same on an asynchronous connection."""
    registry = _missing(connection)
    if registry is not None:
        async with psycopg.AsyncCursor(connection, row_factory=tuple_row) as cursor:
            await cursor.execute(RESOLVE_QUERY, registry.parameters())
            rows = await cursor.fetchall()
        register_types(registry, rows, connection)
        _learned[connection] = registry


def _missing(connection: Plain) -> TypeRegistry | None:
    """Return the types that a connection has yet to learn, or None; none can be asked for in a failed transaction."""
    registry, learned = installed_types(), _learned.get(connection, _NOTHING)
    is_known = learned is registry or learned == registry
    return None if is_known or connection.info.transaction_status == TransactionStatus.INERROR else registry
