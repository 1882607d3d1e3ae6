"""Generated from listener.py by tools/unasync.py: do not edit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import psycopg
from psycopg import sql

from pagespace_db.client._sync.connection import PooledConnection
from pagespace_db.client.adapt import Yields, sleep
from pagespace_db.client.channels import Channel, Gap, Notification
from pagespace_db.client.options import pause_s

_LOOK_EVERY_S: Final = 30.0
"""A connection that was silent for so long is asked whether it is still there."""

_ANSWER_LIMIT_S: Final = 10.0
"""If it does not answer for so long, it is not."""


def listen(conninfo: str, channels: Mapping[str, Channel[Any]]) -> Yields[Notification[Any] | Gap]:
    """Yield what is sent over `channels`, and a Gap each time listening begins anew."""
    failures = 0
    while True:
        try:
            with PooledConnection.connect(conninfo, autocommit=True) as connection:
                connection.answer_limit_s = _ANSWER_LIMIT_S
                for name in channels:
                    connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(name)))
                failures = 0
                yield Gap()
                while True:
                    for notice in connection.notifies(timeout=_LOOK_EVERY_S):
                        payload = channels[notice.channel].decode(notice.payload)
                        yield Notification(channel=notice.channel, payload=payload, sender_pid=notice.pid)
                    connection.execute("")  # ends with an error when the server is lost
        except psycopg.OperationalError:
            failures = min(failures + 1, 10)
            sleep(pause_s(failures))
