"""Listening for notifications, on a connection of its own that is made anew when it breaks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import psycopg
from psycopg import sql

from pagespace_db.client._async.connection import AsyncPooledConnection
from pagespace_db.client.adapt import AsyncYields, async_sleep
from pagespace_db.client.channels import Channel, Gap, Notification
from pagespace_db.client.options import pause_s

_LOOK_EVERY_S: Final = 30.0
"""A connection that was silent for so long is asked whether it is still there."""

_ANSWER_LIMIT_S: Final = 10.0
"""If it does not answer for so long, it is not."""


async def async_listen(conninfo: str, channels: Mapping[str, Channel[Any]]) -> AsyncYields[Notification[Any] | Gap]:
    """Yield what is sent over `channels`, and a Gap each time listening begins anew."""
    failures = 0
    while True:
        try:
            async with await AsyncPooledConnection.connect(conninfo, autocommit=True) as connection:
                connection.answer_limit_s = _ANSWER_LIMIT_S
                for name in channels:
                    await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(name)))
                failures = 0
                yield Gap()
                while True:
                    async for notice in connection.notifies(timeout=_LOOK_EVERY_S):
                        payload = channels[notice.channel].decode(notice.payload)
                        yield Notification(channel=notice.channel, payload=payload, sender_pid=notice.pid)
                    await connection.execute("")  # ends with an error when the server is lost
        except psycopg.OperationalError:
            failures = min(failures + 1, 10)
            await async_sleep(pause_s(failures))
