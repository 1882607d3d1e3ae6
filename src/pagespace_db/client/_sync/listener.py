"""Generated from listener.py by tools/unasync.py: do not edit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql

from pagespace_db.client.adapt import Yields, sleep
from pagespace_db.client.channels import Channel, Gap, Notification
from pagespace_db.client.options import pause_s

_LOOK_EVERY_S = 30.0
"""A connection that was silent for so long is asked whether it is still there."""


def listen(conninfo: str, channels: Mapping[str, Channel[Any]]) -> Yields[Notification[Any] | Gap]:
    """Yield what is sent over `channels`, and a Gap each time listening begins anew."""
    failures = 0
    while True:
        try:
            with psycopg.Connection.connect(conninfo, autocommit=True) as connection:
                for name in channels:
                    connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(name)))
                failures = 0
                yield Gap()
                while True:
                    for notice in connection.notifies(timeout=_LOOK_EVERY_S):
                        payload = channels[notice.channel].decode(notice.payload)
                        yield Notification(channel=notice.channel, payload=payload, sender_pid=notice.pid)
                    connection.execute("")
        except psycopg.OperationalError:
            failures = min(failures + 1, 10)
            sleep(pause_s(failures))
