"""Throw-away databases, on servers of ours and on others."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from pagespace_db.connect import parse_conninfo, with_database
from pagespace_db.embedded import PLAIN_ROLE, Server, scratch_cluster, scratch_server
from pagespace_db.embedded.databases import ScratchDatabase, fresh_database, scratch_database

MAKER = """
import sys
from pagespace_db.embedded.databases import fresh_database, scratch_database
with (scratch_database if sys.argv[2] == "scratch" else fresh_database)(sys.argv[1]) as made:
    print(made if isinstance(made, str) else made.conninfo, flush=True)
    sys.stdin.read()
"""


def databases(server_url: str) -> set[str]:
    """Return the names of all databases of a server."""
    with psycopg.connect(server_url) as connection:
        return {str(row[0]) for row in connection.execute("SELECT datname FROM pg_database")}


def roles(server_url: str) -> set[str]:
    """Return the names of all roles of a server."""
    with psycopg.connect(server_url) as connection:
        return {str(row[0]) for row in connection.execute("SELECT rolname FROM pg_roles")}


@contextmanager
def maker(server_url: str, kind: str) -> Generator[tuple[subprocess.Popen[str], str]]:
    """Run a process that makes a database and waits; yield the process and the name of the database."""
    with subprocess.Popen(
        [sys.executable, "-c", MAKER, server_url, kind], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        yield process, parse_conninfo(process.stdout.readline().strip())["dbname"]
        process.kill()


def test_a_fresh_database_is_empty_and_gone_afterwards(server_url: str) -> None:
    with fresh_database(server_url) as conninfo:
        name = parse_conninfo(conninfo)["dbname"]
        with psycopg.connect(conninfo) as connection:
            tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        assert tables == (0,)
        assert name in databases(server_url)
    assert name not in databases(server_url)


def test_a_fresh_database_is_gone_after_an_error_and_beside_an_open_connection(server_url: str) -> None:
    left_open: list[psycopg.Connection[tuple[object, ...]]] = []

    def interrupted() -> None:
        with fresh_database(server_url) as conninfo:
            left_open.append(psycopg.connect(conninfo))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert left_open[0].info.dbname not in databases(server_url)
    left_open[0].close()


def test_a_fresh_database_may_copy_another_one(server_url: str) -> None:
    with fresh_database(server_url) as template:
        with psycopg.connect(template) as connection:
            connection.execute("CREATE TABLE copied AS SELECT 7 AS id")
        with (
            fresh_database(server_url, template=parse_conninfo(template)["dbname"]) as copy,
            psycopg.connect(copy) as connection,
        ):
            assert connection.execute("SELECT id FROM copied").fetchone() == (7,)


def test_what_a_killed_maker_left_is_swept_up_and_what_a_living_one_uses_is_not(server_url: str) -> None:
    with maker(server_url, "fresh") as (_, in_use), maker(server_url, "scratch") as (killed, left):
        assert {in_use, left} <= databases(server_url)
        killed.kill()
        killed.wait()
        # The server notices the end of the maker's connection in its own time.
        for _ in range(100):
            with fresh_database(server_url):
                pass
            if left not in databases(server_url):
                break
        assert left not in databases(server_url)
        assert in_use in databases(server_url)


def assert_harmless(database: ScratchDatabase, connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Assert that the owner of a scratch database can do nothing outside of it."""
    refused = [
        f"CREATE DATABASE {database.name}_more",
        "CREATE ROLE more",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "COPY (SELECT 1) TO '/tmp/pagespace-test-copy'",
        "SELECT pg_read_file('/etc/passwd')",
        "CREATE EXTENSION postgres_fdw",
        "SET SESSION AUTHORIZATION postgres",
        "SET ROLE pg_read_server_files",
        "ALTER SYSTEM SET work_mem = '1GB'",
    ]
    for statement in refused:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement.encode())


@pytest.fixture(scope="module")
def other_server() -> Iterator[Server]:
    """A server of its own, in which tests may change roles."""
    with tempfile.TemporaryDirectory(prefix="pagespace-test-") as folder:
        Path(folder).chmod(0o711)
        with scratch_cluster(base=Path(folder).resolve(), idle_timeout_s=0.3).attach() as server:
            yield server
            server.stop()


def test_sql_that_is_not_trusted_runs_as_a_plain_role() -> None:
    with scratch_server() as server, scratch_database(server, statement_timeout_ms=1234) as database:
        assert database.is_plain
        with psycopg.connect(database.conninfo, autocommit=True) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (PLAIN_ROLE,)
            assert connection.execute("SHOW statement_timeout").fetchone() == ("1234ms",)
            connection.execute("CREATE TABLE public.mine (id int); CREATE SCHEMA ours")
            assert_harmless(database, connection)
        with psycopg.connect(database.admin_conninfo, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION btree_gist")


def test_a_given_superuser_makes_a_plain_role_for_the_occasion(other_server: Server) -> None:
    url = other_server.url()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS pagespace_scratch")  # as on any server that is not ours
    before = roles(url)
    with scratch_database(url) as database:
        assert database.is_plain
        made = roles(url) - before
        with psycopg.connect(database.conninfo, autocommit=True) as connection:
            row = connection.execute("SELECT current_user").fetchone()
            assert row is not None
            assert {row[0]} == made
            assert_harmless(database, connection)
    assert roles(url) == before


def test_a_given_role_that_is_no_superuser_runs_everything_itself(other_server: Server) -> None:
    with psycopg.connect(other_server.url(), autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS pagespace_scratch")
        connection.execute("CREATE ROLE tenant LOGIN CREATEDB")
    with scratch_database(other_server.url(user="tenant")) as database:
        assert not database.is_plain
        assert (
            database.conninfo
            == database.admin_conninfo
            == with_database(other_server.url(), database.name, user="tenant")
        )
        with psycopg.connect(database.conninfo) as connection:
            assert connection.execute("SELECT current_user").fetchone() == ("tenant",)
