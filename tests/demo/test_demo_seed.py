"""The demo's workspace: what is in it, and what seeding does to a database."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from examples.demo.seed import seed
from examples.demo.workspace import WORKSPACE_EDITION, TableRows, make_workspace
from examples.demo.workspace.people import make_people, user_rows
from pagespace_db.errors import ConfigError


def ignore(table: str, sent: int, total: int) -> None:
    """Report nothing."""


@pytest.fixture
def connection(workspace_database: str) -> Iterator[psycopg.Connection]:
    """A connection in a transaction that is rolled back."""
    with psycopg.connect(workspace_database) as connection, connection.transaction(force_rollback=True):
        yield connection


@pytest.fixture(scope="module")
def workspace() -> list[TableRows]:
    return make_workspace()


def test_the_workspace_is_the_same_on_every_run(workspace: list[TableRows]) -> None:
    assert make_workspace() == workspace


def test_the_workspace_has_the_promised_size(workspace: list[TableRows]) -> None:
    counts = {table.table: len(table.rows) for table in workspace}
    promised = {"users": 1_000, "drives": 200, "pages": 20_000, "chat_messages": 50_000}
    assert {table: counts[table] for table in promised} == promised


def test_every_table_of_the_schema_has_rows(connection: psycopg.Connection, workspace: list[TableRows]) -> None:
    tables = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " AND NOT relispartition AND relname NOT LIKE 'schema\\_migrations%'"
    ).fetchall()
    seeded = {table.table for table in workspace if table.rows}
    assert seeded == {name for (name,) in tables}


def test_an_older_edition_is_replaced(connection: psycopg.Connection) -> None:
    people = make_people()[:3]
    older, newer = WORKSPACE_EDITION - 1, WORKSPACE_EDITION
    assert seed(connection, ignore, lambda: [user_rows(people, {"demo_edition": older})]) == 4
    assert seed(connection, ignore, lambda: [user_rows(people[:1], {"demo_edition": newer})]) == 2
    assert seed(connection, ignore) == 0
    assert connection.execute("SELECT count(*) FROM users").fetchone() == (2,)


def test_people_of_others_are_not_replaced(connection: psycopg.Connection) -> None:
    connection.execute("INSERT INTO users (id, name, email) VALUES ('ada', 'Ada', 'ada@pagespace.test')")
    with pytest.raises(ConfigError, match="already holds users"):
        seed(connection, ignore)
    assert connection.execute("SELECT id FROM users").fetchall() == [("ada",)]
