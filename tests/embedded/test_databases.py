"""Throw-away databases."""

from __future__ import annotations

import psycopg

from pagespace_db.embedded.databases import fresh_database


def _databases(server_url: str) -> set[str]:
    with psycopg.connect(server_url) as connection:
        return {str(row[0]) for row in connection.execute("SELECT datname FROM pg_database")}


def test_a_fresh_database_is_empty_and_gone_afterwards(server_url: str) -> None:
    before = _databases(server_url)
    with fresh_database(server_url) as conninfo, psycopg.connect(conninfo) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        assert tables == (0,)
        assert len(_databases(server_url) - before) == 1
    assert _databases(server_url) - before == set()
