"""Databases for the client's tests: one for each module, emptied before each test, and a connection beside it."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from pagespace_db.embedded.databases import fresh_database
from tests.client.tables import SCHEMA


@pytest.fixture(scope="module")
def people_database(server_url: str) -> Iterator[str]:
    """The connection URL of a database with the tables of tests.client.tables."""
    with fresh_database(server_url) as conninfo:
        with psycopg.connect(conninfo) as connection:
            connection.execute(SCHEMA)
        yield conninfo


@pytest.fixture
def observer(people_database: str) -> Iterator[psycopg.Connection]:
    """An autocommit connection that the client does not know of; ada (36) and bob (no age) are all there is."""
    with psycopg.connect(people_database, autocommit=True) as connection:
        connection.execute("TRUNCATE people, notes RESTART IDENTITY CASCADE")
        connection.execute("INSERT INTO people (id, name, age) VALUES (1, 'ada', 36), (2, 'bob', NULL)")
        yield connection
