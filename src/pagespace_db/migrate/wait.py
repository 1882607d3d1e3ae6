"""Waiting until a server answers: the first step of a container that starts together with its database."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from psycopg.pq import PGconn, Ping

from pagespace_db.connect import connect, parse_conninfo, render_url
from pagespace_db.migrate.session import from_dbmate_url

POLL_S: Final = 0.2


def wait_for_server(url: str, *, timeout_s: float, on_wait: Callable[[], None] = lambda: None) -> None:
    """Return when the server of `url` takes connections; whether it lets this login in is another question.

    `on_wait` is called once if it does not at first.

    Errors: ConfigError for a URL that cannot be read; DatabaseUnavailable, with the reason, after `timeout_s` seconds.
    """
    deadline = time.monotonic() + timeout_s
    conninfo = render_url({"connect_timeout": "2"} | parse_conninfo(from_dbmate_url(url)))
    has_told = False
    while PGconn.ping(conninfo.encode()) != Ping.OK:  # an int in the C implementation
        if time.monotonic() >= deadline:
            connect(conninfo).close()  # tells why not, or else it is there after all
            return
        if not has_told:
            on_wait()
            has_told = True
        time.sleep(POLL_S)
