"""Waiting until a standby has come as far as the primary was: reading what was just written."""

from __future__ import annotations

import time
from typing import Final

from pagespace_db.client._async.connection import AsyncPooledConnection
from pagespace_db.client.adapt import async_sleep
from pagespace_db.client.protocol import text_command
from pagespace_db.errors import ReplicaBehind

_FIRST_PAUSE_S: Final = 0.001
_LONGEST_PAUSE_S: Final = 0.05

_POSITION: Final = b"""
    SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
                ELSE pg_catalog.pg_current_wal_lsn() END"""
_HAS_REPLAYED: Final = b"""
    SELECT NOT pg_catalog.pg_is_in_recovery() OR pg_catalog.pg_last_wal_replay_lsn() >= $1::pg_lsn"""


async def async_position(connection: AsyncPooledConnection) -> str:
    """Return how far the server has written its log, or as a standby has read it."""
    result = await connection.run(text_command(_POSITION))
    return (result.get_value(0, 0) or b"0/0").decode()


async def async_wait_for_replay(connection: AsyncPooledConnection, position: str, timeout_s: float) -> None:
    """Wait until the server has come to `position`; the primary is always there.

    Errors: ReplicaBehind after `timeout_s`.
    """
    deadline, pause_s = time.monotonic() + timeout_s, _FIRST_PAUSE_S
    command = text_command(_HAS_REPLAYED, [position.encode()])
    while (await connection.run(command)).get_value(0, 0) != b"t":
        if time.monotonic() + pause_s > deadline:
            raise ReplicaBehind(
                f"the standby has not come to {position} in {timeout_s:g} s",
                help="read from the primary, or raise replica_timeout_s in [tool.pagespace_db.pool]",
            )
        await async_sleep(pause_s)
        pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
