"""A database with the tables of `tables`, and a few rows that each test finds as they were."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Final, LiteralString

import psycopg
import pytest

from pagespace_db import Database, Transaction
from pagespace_db.embedded.databases import fresh_database
from tests.builder.tables import SCHEMA

ROWS: Final[LiteralString] = """
INSERT INTO users VALUES
  ('u1', 'Ada', 'ada@x', 'first', 'admin', 3, '{a,b}', '{"theme": "dark", "n": {"deep": [1, 2]}}', '2026-01-01Z'),
  ('u2', 'Bob', 'bob@x', NULL, 'user', 1, '{b}', '{"theme": null}', '2026-01-02Z'),
  ('u3', 'Cyd', 'cyd@x', 'third', 'user', 1, '{}', '{}', '2026-01-03Z');
INSERT INTO drives VALUES
  ('d1', 'Work', 'u1', false, 10.5), ('d2', NULL, 'u1', true, NULL), ('d3', 'Home', 'u2', false, 2);
INSERT INTO pages VALUES
  ('p1', 'Root page', 'd1', NULL, 1), ('p2', 'Child page', 'd1', 'p1', 2), ('p3', 'Grandchild', 'd1', 'p2', 3);
INSERT INTO counters (label, n) VALUES ('a', 1), ('a', 2), ('b', NULL);
INSERT INTO other.users VALUES ('u1', 'addie');
"""


@pytest.fixture(scope="module")
def database(server_url: str) -> Iterator[Database]:
    with fresh_database(server_url) as conninfo:
        with psycopg.connect(conninfo) as connection:
            connection.execute(SCHEMA)
            connection.execute(ROWS)
        with Database(conninfo) as database:
            yield database


class _Undone(Exception):
    """Ends a transaction that is not to be kept."""


@pytest.fixture
def db(database: Database) -> Iterator[Transaction]:
    """A transaction that is rolled back, so that no test sees the writes of another."""
    with suppress(_Undone), database.transaction() as transaction:
        yield transaction
        raise _Undone
