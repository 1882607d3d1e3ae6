"""Fixtures that give tests a real PostgreSQL: `DATABASE_URL` when it is set, else the embedded scratch server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from pagespace_db.embedded import scratch_server
from pagespace_db.embedded.databases import fresh_database
from pagespace_db.settings import database_url

ROOT: Final = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """The connection URL of a server on which we may create databases."""
    given = database_url()
    if given is not None:
        yield given
        return
    with scratch_server() as server:
        yield server.url()


@pytest.fixture
def empty_database(server_url: str) -> Iterator[str]:
    """The connection URL of a fresh, empty database."""
    with fresh_database(server_url) as conninfo:
        yield conninfo


@pytest.fixture(scope="session")
def workspace_template(server_url: str) -> Iterator[str]:
    """The name of a database with every migration applied, to copy from; nobody stays connected to it."""
    with fresh_database(server_url) as conninfo:
        with psycopg.connect(conninfo) as connection:
            for path in sorted((ROOT / "migrations").glob("*.sql")):
                up = path.read_text(encoding="utf-8").partition("-- migrate:up")[2].partition("-- migrate:down")[0]
                connection.execute(up.encode())
        yield str(conninfo_to_dict(conninfo)["dbname"])


@pytest.fixture(scope="module")
def workspace_database(server_url: str, workspace_template: str) -> Iterator[str]:
    """The connection URL of a database with every migration applied, shared by the tests of a module."""
    with fresh_database(server_url, template=workspace_template) as conninfo:
        yield conninfo
