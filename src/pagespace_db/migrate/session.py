"""The connections of a runner: how they are opened, and how one file's settings are kept from the next file."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import psycopg

from pagespace_db.connect import connect, parse_conninfo, render_url
from pagespace_db.migrate.state import Connection

APPLICATION_NAME: Final = "pagespace-db migrate"

# A migration takes as long as it takes, whatever limits the role or the database have. As options of the connection
# these are also what DISCARD ALL goes back to.
_OPTIONS: Final = (
    "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0 -c idle_session_timeout=0"
    " -c standard_conforming_strings=on"  # statements are split by its rules
)
_HAS_TRANSACTION_TIMEOUT: Final = 17_00_00
_PARAMETERS: Final = {
    "client_encoding": "UTF8",
    "keepalives_idle": "30",  # the connection that holds the lock is silent for as long as a migration runs
    "keepalives_interval": "10",
}


@contextmanager
def open_session(url: str, *, lock_timeout_ms: int = 0) -> Generator[Connection]:
    """Yield a connection in autocommit mode, without limits of time except for waits for locks (0 is no limit).

    Errors: ConfigError and DatabaseUnavailable, as `connect` has them.
    """
    parameters = _PARAMETERS | parse_conninfo(from_dbmate_url(url))
    options = (parameters.get("options"), _OPTIONS, f"-c lock_timeout={lock_timeout_ms}")
    parameters["options"] = " ".join(option for option in options if option)
    connection = connect(render_url(parameters), autocommit=True, application_name=APPLICATION_NAME)
    connection.prepare_threshold = None  # DISCARD ALL would drop prepared statements behind psycopg's back
    try:
        _lift_transaction_timeout(connection)
        yield connection
    finally:
        connection.close()


def reset_session(connection: Connection) -> None:
    """Undo every setting, role, temporary table and cursor that a file has left behind."""
    with connection.pipeline():  # one round trip
        connection.execute("DISCARD ALL")
        _lift_transaction_timeout(connection)


def _lift_transaction_timeout(connection: Connection) -> None:
    """Lift the one limit of time which cannot be an option of the connection: older servers would refuse that."""
    if connection.info.server_version >= _HAS_TRANSACTION_TIMEOUT:
        connection.execute("SET transaction_timeout = 0")


def from_dbmate_url(url: str) -> str:
    """Return `url` with dbmate's own parameters, `search_path` and `socket`, as libpq has them."""
    if not _has_scheme(url):
        return url
    parts = urlsplit(url)
    parameters: list[tuple[str, str]] = []
    for key, value in parse_qsl(parts.query, keep_blank_values=True):
        if key == "search_path":
            parameters.append(("options", f"-c search_path={_escape_option(value)}"))
        else:
            parameters.append(("host" if key == "socket" else key, value))
    return urlunsplit(parts._replace(query=urlencode(parameters, quote_via=quote))) if parameters else url


def version_schema(url: str) -> str | None:
    """Return the schema in which dbmate keeps its table because the URL's `search_path` begins with it; or None."""
    if not _has_scheme(url):
        return None
    search_path = dict(parse_qsl(urlsplit(url).query)).get("search_path", "")
    return search_path.partition(",")[0].strip() or None


def _has_scheme(url: str) -> bool:
    return url.startswith(("postgres://", "postgresql://"))


def _escape_option(value: str) -> str:
    """Return `value` as one word of libpq's `options`."""
    return re.sub(r"([\\\s])", r"\\\1", value)


@contextmanager
def notices_to(connection: Connection, report: Callable[[str, str], None]) -> Generator[None]:
    """Call `report` with the severity and the text of each notice that the server sends meanwhile."""

    def handler(diagnostic: psycopg.errors.Diagnostic) -> None:
        report(diagnostic.severity_nonlocalized or "NOTICE", diagnostic.message_primary or "")

    connection.add_notice_handler(handler)
    try:
        yield
    finally:
        connection.remove_notice_handler(handler)
