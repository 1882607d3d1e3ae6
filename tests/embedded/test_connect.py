"""Connection strings, and what a user is told when there is no connection."""

from __future__ import annotations

import socket
import struct
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import sql

from pagespace_db.connect import connect, parse_conninfo, redact, render_url, with_database
from pagespace_db.embedded import scratch_cluster
from pagespace_db.errors import ConfigError, DatabaseUnavailable

SECRET = "hush-hush/1"
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=20)


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, str]]:
    """The parameters of a server that wants passwords: of its superuser, whose password is SECRET."""
    with (
        tempfile.TemporaryDirectory(prefix="pagespace-test-") as folder,
        socket.create_server(("127.0.0.1", 0)) as free,
    ):
        Path(folder).chmod(0o711)
        port = int(free.getsockname()[1])
        free.close()
        with scratch_cluster(base=Path(folder).resolve(), idle_timeout_s=0.3).attach(port=port) as attached:
            with psycopg.connect(attached.url(), autocommit=True) as connection:
                connection.execute(sql.SQL("ALTER ROLE postgres PASSWORD {}").format(sql.Literal(SECRET)))
                connection.execute("CREATE DATABASE shop")
                connection.execute("CREATE ROLE guest LOGIN PASSWORD 'visiting'")
                connection.execute("REVOKE CONNECT ON DATABASE shop FROM PUBLIC")
            yield {"host": "127.0.0.1", "port": str(port), "user": "postgres", "password": SECRET, "dbname": "shop"}
            attached.stop()


def refusal(parameters: dict[str, str], **changes: str) -> DatabaseUnavailable:
    """Return the error of connecting with changed parameters, having seen that no password is in it."""
    changed = {name: value for name, value in (parameters | changes).items() if value}
    with pytest.raises(DatabaseUnavailable) as raised:
        connect(render_url(changed), timeout_s=2)
    error = raised.value
    assert error.exit_code == 3
    for name in ("password", "sslpassword"):
        assert changed.get(name, "\0") not in f"{error}{error!r}"
    return error


def test_a_login_that_is_right_gives_a_connection(server: dict[str, str]) -> None:
    with connect(render_url(server), autocommit=True, application_name="test of connect") as connection:
        assert connection.autocommit
        assert connection.execute("SHOW application_name").fetchone() == ("test of connect",)


def test_a_wrong_password_is_named_and_not_shown(server: dict[str, str]) -> None:
    error = refusal(server, password="wrong-p@ss")
    assert error.message == (
        f"the server refused the password of user `postgres` at "
        f"postgresql://postgres:***@127.0.0.1:{server['port']}/shop"
    )


def test_a_missing_password_is_named(server: dict[str, str]) -> None:
    error = refusal(server, password="")
    assert error.message.startswith(
        "the server wants a password of user `postgres`, and there is none in postgresql://"
    )


def test_a_missing_database_has_a_nearest_name_and_a_remedy(server: dict[str, str]) -> None:
    error = refusal(server, dbname='shop"s')
    assert error.message.endswith('has no database `shop"s`')
    assert error.help is not None
    assert error.help.startswith("did you mean `shop`? or create it: psql 'postgresql://postgres:***@127.0.0.1:")
    assert error.help.endswith("""-c 'CREATE DATABASE "shop""s"'""")


def test_a_database_that_is_closed_to_the_role_is_not_called_missing(server: dict[str, str]) -> None:
    error = refusal(server, user="guest", password="visiting")
    assert error.message.startswith("the server refused the login at postgresql://guest:***@")
    assert 'permission denied for database "shop"' in error.message


def test_nothing_listening_is_said_with_host_and_port(server: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    assert refusal(server, port=port).message == f"no PostgreSQL answers at 127.0.0.1, port {port}: Connection refused"


def test_an_unknown_host_is_said(server: dict[str, str]) -> None:
    assert refusal(server, host="no-such-host.invalid").message == "the host `no-such-host.invalid` is not known"


def test_a_missing_socket_is_said(server: dict[str, str]) -> None:
    error = refusal(server, host="/no/such/folder", port="")
    assert error.message == "no PostgreSQL answers at /no/such/folder, port 5432: No such file or directory"


def test_a_server_that_never_answers_is_given_up_in_time(server: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        error = refusal(server, port=str(silent.getsockname()[1]))
        assert time.monotonic() - began < 2 * 1.1 + 0.2
    assert error.message.startswith("no answer from postgresql://postgres:***@127.0.0.1:")


def answer_as_version(listener: socket.socket, version: str) -> None:
    """Let one client in, as a server of `version` that wants no password does (protocol 3.0)."""
    client, _ = listener.accept()
    with client:
        while True:
            (length,) = struct.unpack("!i", client.recv(4))
            (code,) = struct.unpack("!i", client.recv(length - 4)[:4])
            if code == 196_608:  # the start-up message of protocol 3.0; before it come requests for encryption
                break
            client.send(b"N")
        status = b"".join(
            name.encode() + b"\0" + value.encode() + b"\0" for name, value in (("server_version", version),)
        )
        client.send(b"R" + struct.pack("!ii", 8, 0))
        client.send(b"S" + struct.pack("!i", 4 + len(status)) + status)
        client.send(b"Z" + struct.pack("!i", 5) + b"I")
        client.recv(64)


@pytest.mark.parametrize(("version", "shown"), [("13.18", "13"), ("9.6.24", "9.6")])
def test_a_server_older_than_14_is_refused(server: dict[str, str], version: str, shown: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer_as_version, args=(listener, version))
        thread.start()
        error = refusal(server, port=str(listener.getsockname()[1]))
        thread.join()
    assert error.message.startswith(f"PostgreSQL {shown} at postgresql://postgres:***@127.0.0.1:")
    assert error.message.endswith("is too old; 14 or newer is needed")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:hush%zz@localhost/app",  # a broken escape
        "postgresql://me:hush/1@localhost/app",  # cut at the slash
        "postgresql://me:123/hush@localhost/app",
        "hush",
    ],
)
def test_a_url_that_cannot_be_read_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ConfigError) as raised:
        connect(url)
    assert "hush" not in str(raised.value)
    assert "percent-encode" in str(raised.value.help)
    assert "hush" not in redact(url)


def test_a_password_with_an_unescaped_at_sign_is_refused_and_not_repeated() -> None:
    url = "postgresql://me:se@hush@localhost/app"
    with pytest.raises(ConfigError) as raised:
        connect(url)
    assert "hush" not in str(raised.value)
    assert "hush" not in redact(url)


@pytest.mark.parametrize(
    ("conninfo", "shown"),
    [
        ("postgresql://me:hush@db.example:5433/app", "postgresql://me:***@db.example:5433/app"),
        ("postgres://me@[::1]/app?sslmode=require", "postgresql://me@[::1]/app?sslmode=require"),
        ("host=/run/pg user=me password=hush dbname=app", "postgresql://me:***@/app?host=%2Frun%2Fpg"),
        ("postgresql://me@/app?host=a,b&port=1,2&password=hush", "postgresql://me:***@/app?host=a%2Cb&port=1%2C2"),
        ("password=hush", "postgresql:///?password=%2A%2A%2A"),
        ("postgresql://a:b@c/d?sslpassword=hush", "postgresql://a:***@c/d?sslpassword=%2A%2A%2A"),
    ],
)
def test_a_url_is_shown_without_its_secrets(conninfo: str, shown: str) -> None:
    assert redact(conninfo) == shown


def test_another_database_keeps_address_and_login() -> None:
    url = "postgresql://me:hush@db.example:5433/app?sslmode=require"
    assert with_database(url, "a b") == "postgresql://me:hush@db.example:5433/a%20b?sslmode=require"
    assert with_database(url, "x", user="you") == "postgresql://you@db.example:5433/x?sslmode=require"


@given(
    user=TEXT,
    password=TEXT,
    dbname=TEXT,
    host=st.sampled_from(["localhost", "::1", "/run/pg", "a,b", "127.0.0.1"]),
    options=TEXT,
)
def test_a_rendered_url_is_read_back_as_the_same_parameters(**parameters: str) -> None:
    assert parse_conninfo(render_url(parameters)) == parameters
    assert redact(render_url(parameters | {"password": SECRET})).count(SECRET) == 0
