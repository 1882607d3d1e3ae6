"""The fixtures that applications get, used as an application uses them."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

CONFTEST = 'pytest_plugins = ["pagespace_db.testing"]\n'

PYPROJECT = "[tool.pagespace_db]\nschema = 'schema.sql'\n"

MIGRATION = """
-- migrate:up
CREATE TABLE notes (id integer PRIMARY KEY, body text NOT NULL);
-- migrate:down
DROP TABLE notes;
"""

TESTS = """
import asyncio
import psycopg
import pytest
from pagespace_db import AsyncDatabase, Database, Transaction, select, sql

COUNT = select(sql[int]("count(*)::int FROM notes"))

@pytest.mark.parametrize("turn", range(3))
def test_each_test_has_an_empty_database(database: Database, database_url: str, turn: int) -> None:
    assert database.one(COUNT) == 0
    with psycopg.connect(database_url) as connection:
        connection.execute("INSERT INTO notes VALUES (1, 'x')")
    assert database.one(COUNT) == 1

@pytest.mark.parametrize("turn", range(3))
def test_each_test_has_a_transaction_that_is_undone(transaction: Transaction, turn: int) -> None:
    assert transaction.one(COUNT) == 0
    with transaction.transaction() as inner:
        inner.one(select(sql[str]("set_config('app.turn', {}, true)", str(turn))))
        inner.copy_in(NOTES, [{"id": 1, "body": "x"}])
    assert transaction.one(COUNT) == 1

@pytest.mark.parametrize("turn", range(2))
async def test_each_asynchronous_test_has_an_empty_database(async_database: AsyncDatabase, turn: int) -> None:
    async with async_database.transaction() as transaction:
        assert await transaction.copy_in(NOTES, [{"id": 1, "body": "x"}]) == 1
    rows = await asyncio.gather(*[async_database.one(COUNT) for _ in range(5)])
    assert rows == [1] * 5

def test_an_asynchronous_database_need_not_be_used(async_database: AsyncDatabase) -> None:
    assert async_database.stats() is None
"""

TABLE = """
from typing import TypedDict
from dataclasses import dataclass
from pagespace_db import Column, Row, Table

@dataclass(slots=True)
class Note(Row):
    id: int
    body: str

class NotesTable(Table[Note, dict, dict], schema="public", name="notes", row=Note, primary_key=("id",)):
    id: Column[int] = Column("id", "integer")
    body: Column[str] = Column("body", "text")

NOTES = NotesTable()
"""


SEEDED = """
import pytest
from pagespace_db import Database, select, sql
from pagespace_db.connect import with_database
from test_application import NOTES

pytest_plugins = ["pagespace_db.testing"]

@pytest.fixture(scope="session")
def database_template(database_server: str, database_template: str) -> str:
    with Database(with_database(database_server, database_template)) as db:
        db.copy_in(NOTES, [{"id": 7, "body": "seed"}])
    return database_template
"""

SEEDED_TESTS = """
from pagespace_db import Database, Transaction, select

def test_a_copy_has_the_rows_of_the_template(database: Database) -> None:
    assert database.all(select(NOTES.body).from_(NOTES)) == ["seed"]

def test_a_transaction_sees_them_too(transaction: Transaction) -> None:
    assert transaction.all(select(NOTES.body).from_(NOTES)) == ["seed"]
"""


def project_of(pytester: pytest.Pytester, conftest: str, tests: str) -> None:
    """Make a project with one migration, and tests with a table object of it."""
    pytester.makeconftest(conftest)
    pytester.makepyprojecttoml(PYPROJECT)
    folder = pytester.mkdir("migrations")
    (folder / "20260101000000_notes.sql").write_text(MIGRATION, encoding="utf-8")
    pytester.makepyfile(test_application=TABLE + tests)


def test_an_application_gets_fresh_databases_and_transactions(pytester: pytest.Pytester) -> None:
    project_of(pytester, CONFTEST, TESTS)
    options = ["asyncio_mode=auto", "asyncio_default_fixture_loop_scope=function", "filterwarnings=error"]
    arguments = [argument for option in options for argument in ("-o", option)]
    result = pytester.runpytest_subprocess("-p", "asyncio", "-p", "no:cacheprovider", *arguments)
    result.assert_outcomes(passed=9)


def test_rows_in_the_template_are_in_every_copy(pytester: pytest.Pytester) -> None:
    project_of(pytester, SEEDED, SEEDED_TESTS)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=2)
