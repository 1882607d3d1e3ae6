"""A database with the sample schema, and what the sample says of its queries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from pagespace_db.embedded.databases import fresh_database

SAMPLE = json.loads((Path(__file__).parent / "nullability_cases.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def sample(server_url: str) -> Iterator[Connection[Any]]:
    """A connection to a database of its own with the sample schema, in autocommit."""
    with fresh_database(server_url) as conninfo, psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(SAMPLE["schema"])
        yield connection


@pytest.fixture(scope="session")
def schema_text() -> bytes:
    """PageSpace's own schema."""
    return (Path(__file__).parents[2] / "schema.sql").read_bytes()
