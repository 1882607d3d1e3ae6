"""What a user is told when there is no connection, and what a broken server or a frozen one leads to."""

from __future__ import annotations

import re
import socket
import tempfile
import threading
import time
import traceback
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from pagespace_db import (
    AsyncDatabase,
    CommitUnknown,
    ConfigError,
    Database,
    DatabaseUnavailable,
    PoolSettings,
    Transaction,
    eq,
    insert,
    select,
    sql,
    text_channel,
)
from pagespace_db.connect import parse_conninfo, render_url
from pagespace_db.embedded import scratch_cluster
from tests.client.tables import SCHEMA, PersonInsert, people

ONE = select(sql[int]("1"))
SECRET = "hush-hush/1"
KEY_DATA = re.compile(rb"(K\0\0\0\x0c).{4}", re.DOTALL)
"""The server's message BackendKeyData, up to the process id."""


def test_without_a_url_the_error_says_how_to_give_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(ConfigError, match="DATABASE_URL is not set") as raised:
        Database().one(ONE)
    assert raised.value.exit_code == 2
    assert "pagespace-db server start" in str(raised.value.help)


def test_the_url_is_read_at_the_first_use(people_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database()
    monkeypatch.setenv("DATABASE_URL", people_database)
    assert database.one(ONE) == 1
    database.close()


async def test_a_server_that_does_not_answer_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"postgresql://ada:{SECRET}@127.0.0.1:{port}/x".replace("/1@", "%2F1@")
    for attempt in (lambda: Database(url).one(ONE), None):
        with pytest.raises(DatabaseUnavailable, match=f"127.0.0.1, port {port}") as raised:
            attempt() if attempt else await AsyncDatabase(url).one(ONE)
        assert raised.value.exit_code == 3
        assert SECRET not in "".join(traceback.format_exception(raised.value))


def test_a_refused_login_never_shows_the_password(people_database: str) -> None:
    url = render_url(parse_conninfo(people_database) | {"user": "nobody_of_this_name", "password": SECRET})
    with pytest.raises(DatabaseUnavailable) as raised:
        Database(url).one(ONE)
    shown = "".join(traceback.format_exception(raised.value))
    assert SECRET not in shown
    assert "hush" not in repr(raised.value)


def test_a_database_that_does_not_exist_is_named(people_database: str) -> None:
    url = render_url(parse_conninfo(people_database) | {"dbname": "no_such_place"})
    with pytest.raises(DatabaseUnavailable, match="no_such_place"):
        Database(url).one(ONE)


def fill(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(SCHEMA)


def test_a_server_that_was_restarted_is_found_again() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="pagespace-test-") as folder,
        socket.create_server(("127.0.0.1", 0)) as free,
    ):
        Path(folder).chmod(0o711)
        port = int(free.getsockname()[1])
        free.close()
        cluster = scratch_cluster(base=Path(folder).resolve(), idle_timeout_s=0.3)
        with cluster.attach(port=port) as server:
            fill(server.url())
            database = Database(server.url(), pool=PoolSettings(acquire_timeout_s=20))
            assert database.execute(insert(people).values({"id": 1, "name": "ada"})) == 1
            server.stop()
        with pytest.raises((psycopg.OperationalError, DatabaseUnavailable)):
            database.execute(insert(people).values({"id": 2, "name": "bob"}))
        with cluster.attach(port=port) as server:
            fill(server.url())  # what a scratch server holds does not outlive it
            assert database.all(select(people.name).from_(people)) == []
            assert database.execute(insert(people).values({"id": 2, "name": "bob"})) == 1
            database.close()
            server.stop()


def test_a_connection_that_ended_while_it_rested_is_replaced_before_use(people_database: str) -> None:
    with Database(people_database) as database:
        pid = database.one(select(sql[int]("pg_backend_pid()")))
        with psycopg.connect(people_database, autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        resting = database._pool
        assert resting is not None
        resting._stack[-1].idle_since -= 10
        assert database.one(select(sql[int]("pg_backend_pid()"))) != pid


def with_a_dead_host_first(url: str) -> str:
    """Return the URL of two hosts, of which the first is not there."""
    parameters = parse_conninfo(url)
    hosts = {"host": f"/nowhere,{parameters['host']}", "port": f"1,{parameters.get('port', '5432')}"}
    return render_url(parameters | hosts)


def test_of_several_hosts_the_primary_is_found_and_without_standbys_the_replicas_are_it(people_database: str) -> None:
    is_primary = select(sql[bool]("NOT pg_is_in_recovery()"))
    with Database(with_a_dead_host_first(people_database)) as database, database.replicas() as replicas:
        assert database.one(is_primary)
        assert replicas.one(is_primary)
        assert replicas.one(select(sql[int]("pg_backend_pid()"))) != database.one(select(sql[int]("pg_backend_pid()")))


class Proxy:
    """A way to the server that can be frozen, like a network that loses every packet, or cut."""

    def __init__(self, target: dict[str, str]) -> None:
        self._target = target
        self._is_open = threading.Event()
        self._is_open.set()
        self._to_cut: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.cut_after: bytes | None = None
        self.tells_other_pids = False
        threading.Thread(target=self._accept, daemon=True).start()

    def freeze(self) -> None:
        self._is_open.clear()

    def close(self) -> None:
        self._listener.close()
        self._is_open.set()
        for end in self._to_cut:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            host, port = self._target.get("host", "127.0.0.1"), self._target.get("port", "5432")
            if host.startswith("/"):
                server = socket.socket(socket.AF_UNIX)
                server.connect(f"{host}/.s.PGSQL.{port}")
            else:
                server = socket.create_connection((host, int(port)))
            self._to_cut += [client, server]
            for source, target in ((client, server), (server, client)):
                threading.Thread(target=self._pump, args=(source, target), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while chunk := source.recv(65536):
                self._is_open.wait()
                target.sendall(KEY_DATA.sub(rb"\1\0\0\0\0", chunk) if self.tells_other_pids else chunk)
                if self.cut_after is not None and self.cut_after in chunk:
                    source.close()
                    target.close()
        except OSError:
            return


@contextmanager
def proxied(url: str) -> Generator[tuple[str, Proxy]]:
    """Yield the URL of a proxy in front of the server of `url`, and the proxy."""
    parameters = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    proxy = Proxy(parameters)
    try:
        yield render_url(parameters | {"host": "127.0.0.1", "port": str(proxy.port)}), proxy
    finally:
        proxy.close()


def test_a_server_that_freezes_ends_the_statement_within_its_time_limit(people_database: str) -> None:
    with proxied(people_database) as (url, proxy):
        database = Database(url, pool=PoolSettings(statement_timeout_ms=1_000, acquire_timeout_s=1))
        assert database.one(ONE) == 1
        proxy.freeze()
        start = time.monotonic()
        with pytest.raises(psycopg.OperationalError, match=r"no answer for 1\.1 s"):
            database.one(select(people.name).from_(people).where(eq(people.id, 1)))
        assert 1.0 < time.monotonic() - start < 1.3
        proxy.close()
        database.close()


def test_copy_ends_within_the_time_limit_of_a_server_that_freezes(people_database: str) -> None:
    rows: list[PersonInsert] = [{"id": number, "name": f"p{number}" * 20} for number in range(100, 20_000)]
    with proxied(people_database) as (url, proxy):
        database = Database(url, pool=PoolSettings(statement_timeout_ms=300, acquire_timeout_s=1))
        assert database.one(ONE) == 1
        proxy.freeze()
        start = time.monotonic()
        with pytest.raises(psycopg.OperationalError, match=r"no answer for 0\.4 s"):
            database.copy_in(people, rows)
        assert time.monotonic() - start < 0.6
        proxy.close()
        database.close()


def test_whoever_waits_for_a_frozen_server_waits_no_longer_than_for_a_connection(people_database: str) -> None:
    with proxied(people_database) as (url, proxy):
        database = Database(url, pool=PoolSettings(max_size=2, acquire_timeout_s=0.5))
        with database.transaction():
            proxy.freeze()
            start = time.monotonic()
            with pytest.raises(DatabaseUnavailable, match="no answer from"):
                database.one(ONE)
            assert time.monotonic() - start < 0.6
        proxy.close()
        database.close()


def test_a_pooler_is_noticed_and_nothing_is_prepared_or_set_for_its_sessions(people_database: str) -> None:
    state = select(
        sql[str]("current_setting('statement_timeout')"), sql[int]("count(*)::int FROM pg_prepared_statements")
    )
    with proxied(people_database) as (url, proxy):
        proxy.tells_other_pids = True
        with Database(url, pool=PoolSettings()) as database:
            assert [database.one(state) for _ in range(2)] == [("0", 0), ("0", 0)]
            with pytest.raises(ConfigError, match="pooler"):
                next(database.listen(text_channel("x")))
        with Database(url, pool=PoolSettings(pooler=False)) as database:
            assert database.one(state) == ("15s", 1)


@pytest.mark.parametrize(("sizes", "message"), [((0, 0), "max_size of at least 1"), ((5, 2), "cannot keep 5")])
def test_a_pool_that_cannot_be_is_refused(sizes: tuple[int, int], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        PoolSettings(min_size=sizes[0], max_size=sizes[1])


def test_a_commit_whose_answer_is_lost_has_an_error_of_its_own_and_is_not_retried(people_database: str) -> None:
    runs: list[int] = []
    with proxied(people_database) as (url, proxy):
        database = Database(url)

        @database.transaction(retry=5)
        def add(transaction: Transaction) -> None:
            runs.append(1)
            transaction.execute(insert(people).values({"id": 50, "name": "lost"}))
            proxy.cut_after = b"COMMIT"

        with pytest.raises(CommitUnknown, match="may or may not"):
            add()
        assert runs == [1]
        database.close()
    with Database(people_database) as direct:
        assert direct.all(select(people.id).from_(people).where(eq(people.id, 50))) == [50]
