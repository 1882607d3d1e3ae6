"""Connection strings, and connecting with errors that say what to do.

`connect` is psycopg's own connect with a time limit, a check of the server's age, and DatabaseUnavailable in place of
an OperationalError. The client's pool, which connects by itself, calls `explain_failure` and `check_server_version`.

No text that leaves this module holds a password.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import TupleRow

from pagespace_db.errors import ConfigError, DatabaseUnavailable, nearest

OLDEST_MAJOR: Final = 14
DEFAULT_TIMEOUT_S: Final = 5
_DEFAULT_PORT: Final = "5432"
_SECRETS: Final = frozenset({"password", "sslpassword", "oauth_client_secret"})
# What the tools add of their own accord, and nobody who reads an address wants to see.
_TECHNICAL: Final = frozenset(
    {
        "client_encoding",
        "connect_timeout",
        "fallback_application_name",
        "keepalives_count",
        "keepalives_idle",
        "keepalives_interval",
        "options",
    }
)
_ENCODING_HELP: Final = (
    "write postgresql://user:password@host:port/database, "
    "and percent-encode the characters @ : / % in user and password"
)


def connect(
    conninfo: str,
    *,
    autocommit: bool = False,
    application_name: str = "pagespace-db",
    timeout_s: int = DEFAULT_TIMEOUT_S,
) -> psycopg.Connection[TupleRow]:
    """Return a new connection; `connect_timeout` and `application_name` in `conninfo` win over the arguments.

    Errors: ConfigError when `conninfo` cannot be read, DatabaseUnavailable when there is no connection to be had or
    the server is older than PostgreSQL 14.
    """
    parameters = {"connect_timeout": str(timeout_s), "fallback_application_name": application_name}
    parameters |= parse_conninfo(conninfo)
    try:
        connection = psycopg.connect(render_url(parameters), autocommit=autocommit)
    except psycopg.OperationalError as error:
        raise explain_failure(conninfo, error) from error
    try:
        check_server_version(connection.info.server_version, conninfo)
    except DatabaseUnavailable:
        connection.close()
        raise
    return connection


def check_server_version(server_version: int, conninfo: str) -> None:
    """Raise DatabaseUnavailable when a server is too old; `server_version` is libpq's number, such as 140005."""
    if server_version < OLDEST_MAJOR * 10_000:
        major = f"{server_version // 10_000}"
        if server_version < 10_00_00:  # then a major version had two numbers
            major += f".{server_version // 100 % 100}"
        raise DatabaseUnavailable(
            f"PostgreSQL {major} at {redact(conninfo)} is too old; {OLDEST_MAJOR} or newer is needed",
            help="upgrade the server, or name another one",
        )


# --- Connection strings ----------------------------------------------------------------------------------------------


def parse_conninfo(conninfo: str) -> dict[str, str]:
    """Return the parameters of a URL or of a `key=value` string, by libpq's rules.

    Errors: ConfigError, which does not repeat the string, as the broken part may be the password.
    """
    try:
        parsed = conninfo_to_dict(conninfo)
    except psycopg.ProgrammingError:
        raise ConfigError("the database URL cannot be read", help=_ENCODING_HELP) from None
    parameters = {name: str(value) for name, value in parsed.items() if value is not None}
    # A `/` in a password ends the host: then the rest of the password is taken for a port and a database.
    is_cut = "@" in parameters.get("dbname", "") and "user" not in parameters
    if is_cut or not set(parameters.get("port", "")) <= set("0123456789,"):
        raise ConfigError("the database URL cannot be read: its port is not a number", help=_ENCODING_HELP)
    return parameters


def render_url(parameters: Mapping[str, str]) -> str:
    """Return connection parameters as a URL that libpq reads back as the same parameters."""
    rest = dict(parameters)
    host, port = rest.get("host", ""), rest.get("port", "")
    address = ""
    if host and not any(mark in host for mark in "/,@%") and "," not in port:
        address = f"[{host}]" if ":" in host else host
        address += f":{port}" if port else ""
        rest.pop("host")
        rest.pop("port", None)
    user = rest.pop("user", "")
    password = rest.pop("password", "") if user else ""
    login = quote(user, safe="") + (f":{quote(password, safe='*')}" if password else "") + ("@" if user else "")
    database = quote(rest.pop("dbname", ""), safe="")
    query = urlencode(sorted(rest.items()), quote_via=quote, safe="")
    return f"postgresql://{login}{address}/{database}" + (f"?{query}" if query else "")


def with_database(conninfo: str, database: str, *, user: str | None = None, password: str | None = None) -> str:
    """Return the URL of another database of the same server, and for another login if `user` is given."""
    parameters = parse_conninfo(conninfo) | {"dbname": database}
    if user is not None:
        parameters.pop("password", None)
        parameters |= {"user": user} | ({} if password is None else {"password": password})
    return render_url(parameters)


def redact(conninfo: str) -> str:
    """Return `conninfo` as a URL to be shown: every secret is `***`; unreadable text is not shown at all.

    Parameters that only say how to talk, such as timeouts, are left out.
    """
    try:
        parameters = parse_conninfo(conninfo)
    except ConfigError:
        return "(unreadable database URL)"
    if "@" in parameters.get("host", ""):  # the tail of a password whose own @ was not encoded
        parameters["host"] = "***"
    return render_url(
        {name: "***" if name in _SECRETS else value for name, value in parameters.items() if name not in _TECHNICAL}
    )


# --- Why there is no connection --------------------------------------------------------------------------------------


def explain_failure(conninfo: str, error: psycopg.Error) -> DatabaseUnavailable:
    """Return the error that tells a user why `conninfo` gives no connection, and how to mend it.

    libpq has no SQLSTATE for a login that failed, and the server's prose is in the server's language. So the cause is
    found by trying: whether the address answers, whether a password was asked for, whether another database lets us in.
    """
    try:
        parameters = parse_conninfo(conninfo)
    except ConfigError as unreadable:
        return DatabaseUnavailable(unreadable.message, help=unreadable.help)
    where = redact(conninfo)
    if isinstance(error, psycopg.errors.ConnectionTimeout):
        return DatabaseUnavailable(f"no answer from {where}", help="check host, port and firewall")
    return (
        _explain_address(parameters, where)
        or _explain_password(parameters, where, error)
        or _explain_database(parameters, where)
        or DatabaseUnavailable(
            f"the server refused the login at {where}: {_server_text(error, parameters)}",
            help="check user, password and database, and the server's pg_hba.conf",
        )
    )


def _explain_address(parameters: Mapping[str, str], where: str) -> DatabaseUnavailable | None:
    """Look whether anything listens at the address; None when it does, or when there is more than one."""
    host, port = parameters.get("hostaddr") or parameters.get("host", ""), parameters.get("port", _DEFAULT_PORT)
    if "@" in host:
        return DatabaseUnavailable("the database URL has an `@` in its host", help=_ENCODING_HELP)
    if not host or "," in host or not port.isdecimal():
        return None
    start = f"start the server there, or correct the URL ({where})"
    try:
        if host.startswith(("/", "@")):
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
                probe.settimeout(DEFAULT_TIMEOUT_S)
                probe.connect(f"{host}/.s.PGSQL.{port}")
        else:
            socket.create_connection((host, int(port)), timeout=DEFAULT_TIMEOUT_S).close()
    except socket.gaierror:
        return DatabaseUnavailable(f"the host `{host}` is not known", help=f"correct the URL ({where})")
    except OSError as error:
        reason = "no answer" if isinstance(error, TimeoutError) else error.strerror or str(error)
        return DatabaseUnavailable(f"no PostgreSQL answers at {host}, port {port}: {reason}", help=start)
    return None


def _explain_password(parameters: Mapping[str, str], where: str, error: psycopg.Error) -> DatabaseUnavailable | None:
    """Tell of a password that was asked for and not given; None when none was asked for, or one was given."""
    if error.pgconn is None or not error.pgconn.needs_password:
        return None
    user = parameters.get("user", "")
    return DatabaseUnavailable(
        f"the server wants a password{f' of user `{user}`' if user else ''}, and there is none in {where}",
        help="put it into the URL (postgresql://user:password@...), into PGPASSWORD or into ~/.pgpass",
    )


def _explain_database(parameters: Mapping[str, str], where: str) -> DatabaseUnavailable | None:
    """Look whether the same login gets into another database; if so, the one that was asked for is to blame."""
    wanted = parameters.get("dbname") or parameters.get("user", "")
    used_password = False
    for other in ("postgres", "template1"):
        if other == wanted:
            continue
        try:
            with psycopg.connect(
                render_url({"connect_timeout": str(DEFAULT_TIMEOUT_S), **parameters, "dbname": other})
            ) as connection:
                listed = connection.execute("SELECT datname FROM pg_database WHERE datallowconn ORDER BY 1").fetchall()
        except psycopg.OperationalError as error:
            used_password = used_password or (error.pgconn is not None and error.pgconn.used_password)
            continue
        names = [str(row[0]) for row in listed]
        if wanted in names:
            return None
        guess = nearest(wanted, names)
        meant = f"did you mean `{guess}`? or " if guess else ""
        return DatabaseUnavailable(
            f"the server of {where} has no database `{wanted}`",
            help=f"{meant}create it: psql '{redact(render_url({**parameters, 'dbname': other}))}' "
            f"-c 'CREATE DATABASE {_shown_identifier(wanted)}'",
        )
    if used_password:
        return DatabaseUnavailable(
            f"the server refused the password of user `{parameters.get('user', '')}` at {where}",
            help="correct the password in the URL, in PGPASSWORD or in ~/.pgpass",
        )
    return None


def _shown_identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _server_text(error: psycopg.Error, parameters: Mapping[str, str]) -> str:
    """Return what the server said, on one line and without a secret."""
    text = " ".join(str(error).split())
    for name in _SECRETS & parameters.keys():
        if parameters[name]:
            text = text.replace(parameters[name], "***")
    return text.rpartition("FATAL: ")[2].strip() or text
