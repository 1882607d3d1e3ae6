"""Where the client connects to, and how each connection of its pool is set up."""

from __future__ import annotations

from pathlib import Path
from typing import Final, LiteralString

from pagespace_db.connect import parse_conninfo, render_url
from pagespace_db.errors import ConfigError
from pagespace_db.settings import PoolSettings, database_url, has_project, load_project

PREPARED_STATEMENTS: Final = 256
"""Statements that one connection keeps prepared."""

LOCK_CONNECTIONS: Final = 4
"""Connections, and so advisory locks, that one database holds at most."""

CONNECTION_LIFETIME_S: Final = 3_600.0
"""After this many seconds the pool replaces a connection that comes back to it."""

_GRACE: Final = 0.08
_SMALLEST_GRACE_S: Final = 0.1

SESSION_SETTINGS: Final[LiteralString] = """
    SELECT set_config('statement_timeout', %s, false), set_config('lock_timeout', %s, false)
    WHERE coalesce(%s::int = pg_backend_pid(), true)
"""
"""Sets the time limits, and returns a row, unless there is a pooler in between.

A pooler tells its clients another process id than the server has: it must route their cancel requests.
"""


def require_database_url() -> str:
    """Return DATABASE_URL.

    Errors: ConfigError when it is unset, with the ways to set it.
    """
    url = database_url()
    if url is None:
        raise ConfigError(
            "DATABASE_URL is not set, so there is no database to connect to",
            help="export DATABASE_URL=postgresql://user:password@host:port/database; for development, run "
            "`pagespace-db server start` and take the URL that `pagespace-db server url` prints",
        )
    return url


def default_pool_settings() -> PoolSettings:
    """Return `[tool.pagespace_db.pool]` of the project around the current folder, else the defaults."""
    here = Path.cwd()
    return load_project(here).pool if has_project(here) else PoolSettings()


def pooled_conninfo(url: str, pool: PoolSettings) -> str:
    """Return `url` with our encoding and, where it says nothing, a time limit and the primary of several hosts."""
    # libpq counts in whole seconds, and takes 1 for 2.
    timeout_s = max(2, round(pool.connect_timeout_s))
    defaults = {
        "connect_timeout": str(timeout_s),
        "fallback_application_name": "pagespace-db",
        # Waits without a limit of their own, for a notification or a lock, end when the way to the server is cut.
        "keepalives_idle": "30",
        "keepalives_interval": "10",
        "keepalives_count": "3",
    }
    given = parse_conninfo(url)
    if "," in given.get("host", ""):
        # After a failover the first host may be a standby, which refuses writes.
        defaults["target_session_attrs"] = "read-write"
    # Statements are encoded once, for every connection.
    return render_url(defaults | given | {"client_encoding": "UTF8"})


def replica_url(url: str) -> str:
    """Return the URL of the standbys among the hosts of `url`, in random order; of the primary without one."""
    return render_url(parse_conninfo(url) | {"target_session_attrs": "prefer-standby", "load_balance_hosts": "random"})


def session_parameters(pool: PoolSettings, pid: int) -> tuple[str, str, int | None]:
    """Return the parameters of SESSION_SETTINGS; `pid` is the process id that the server was said to have."""
    return f"{pool.statement_timeout_ms}ms", f"{pool.lock_timeout_ms}ms", pid if pool.pooler is None else None


def answer_limit_s(statement_timeout_ms: int) -> float | None:
    """Return how long to wait for an answer: a little longer than the server may take; None is for ever.

    The server ends a statement by itself. If nothing comes even then, the server, or the way to it, is lost.
    """
    if not statement_timeout_ms:
        return None
    timeout_s = statement_timeout_ms / 1_000
    return timeout_s + max(_SMALLEST_GRACE_S, timeout_s * _GRACE)
