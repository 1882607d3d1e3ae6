"""Pytest fixtures for applications: a migrated database for each test, on a real PostgreSQL.

Take them into a conftest.py by `pytest_plugins = ["pagespace_db.testing"]`; docs/testing.md shows how they are used.

    database_server    session   URL of a server: DATABASE_URL, else the embedded scratch server
    database_template  session   name of a database with every migration of the project, made once for each process
    database_url       function  URL of a copy of the template, dropped afterwards
    database           function  a Database on such a copy
    async_database     function  an AsyncDatabase on such a copy
    transaction        function  a Transaction that is rolled back, on a copy that the whole session shares
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator

import pytest

from pagespace_db.client import AsyncDatabase, Database, Transaction
from pagespace_db.connect import parse_conninfo
from pagespace_db.embedded import scratch_server
from pagespace_db.embedded.databases import fresh_database
from pagespace_db.errors import Finding
from pagespace_db.migrate.file import MigrationFile, load_folder
from pagespace_db.migrate.lock import Holder
from pagespace_db.migrate.look import Target
from pagespace_db.migrate.parse import Direction
from pagespace_db.migrate.plan import plan_up
from pagespace_db.migrate.runner import run
from pagespace_db.settings import PoolSettings, load_project
from pagespace_db.settings import database_url as given_url

__all__ = ["async_database", "database", "database_server", "database_template", "database_url", "transaction"]


@pytest.fixture(scope="session")
def database_server() -> Generator[str]:
    """The URL of a server on which the tests may create databases."""
    url = given_url()
    if url is not None:
        yield url
        return
    with scratch_server() as server:
        yield server.url()


@pytest.fixture(scope="session")
def database_template(database_server: str, pytestconfig: pytest.Config) -> Generator[str]:
    """The name of a database with every migration applied; override it to add rows that all tests start from.

    Each process of pytest-xdist has one of its own. Nobody may stay connected to it, or it cannot be copied.
    """
    project = load_project(pytestconfig.rootpath)
    with fresh_database(database_server) as url:
        run(Target(url=url), load_folder([project.migrations]), plan_up, _Silence())
        yield parse_conninfo(url)["dbname"]


@pytest.fixture
def database_url(database_server: str, database_template: str) -> Generator[str]:
    """The URL of a fresh, migrated database."""
    with fresh_database(database_server, template=database_template) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Generator[Database]:
    """A fresh, migrated database, with a pool of its own; for tests that commit."""
    with Database(database_url, pool=PoolSettings()) as fresh:
        yield fresh


@pytest.fixture
def async_database(database_url: str) -> Generator[AsyncDatabase]:
    """A fresh, migrated database for asynchronous tests, whichever plugin runs them.

    It connects in the event loop of the test, and is closed after that has ended.
    """
    fresh = AsyncDatabase(database_url, pool=PoolSettings())
    yield fresh
    asyncio.run(fresh.close())


@pytest.fixture(scope="session")
def _shared_database(database_server: str, database_template: str) -> Generator[Database]:
    with (
        fresh_database(database_server, template=database_template) as url,
        Database(url, pool=PoolSettings()) as shared,
    ):
        yield shared


@pytest.fixture
def transaction(_shared_database: Database) -> Generator[Transaction]:
    """A transaction on a migrated database that is rolled back after the test: faster than a copy for each test.

    What the test commits by `with transaction.transaction()` is a savepoint, and goes too. Sequences do not go back,
    and constraints that are deferred to the commit are not checked.
    """
    with _shared_database._rolled_back() as open_transaction:
        yield open_transaction


class _Silence:
    """The reporter of migrations that nobody waits for."""

    def warning(self, finding: Finding) -> None:
        pass

    def waiting(self, holder: Holder | None) -> None:
        pass

    def begins(self, file: MigrationFile, direction: Direction) -> None:
        pass

    def ends(self, file: MigrationFile, direction: Direction, seconds: float) -> None:
        pass

    def overtaken(self, file: MigrationFile) -> None:
        pass

    def retries(self, file: MigrationFile, reason: str, pause_s: float) -> None:
        pass

    def notice(self, severity: str, text: str) -> None:
        pass
