"""A scratch database for benchmarks: every migration, and as many users as are asked for."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg

from pagespace_db.embedded import scratch_server
from pagespace_db.embedded.databases import fresh_database

ROOT: Final = Path(__file__).resolve().parent.parent
COLUMNS: Final = (
    "id, name, email, email_verified_at, password_hash, role, bio, avatar_url, time_zone, settings, token_version, "
    "suspended_at, created_at, updated_at"
)


@contextmanager
def users_database(users: int) -> Generator[str]:
    """Yield the URL of a database with the users u1, u2 and so on."""
    with scratch_server() as server, fresh_database(server) as url:
        with psycopg.connect(url) as connection:
            for path in sorted((ROOT / "migrations").glob("*.sql")):
                up = path.read_text(encoding="utf-8").partition("-- migrate:up")[2].partition("-- migrate:down")[0]
                connection.execute(up.encode())
            connection.execute(
                "INSERT INTO users (id, name, email, password_hash, bio, email_verified_at)"
                " SELECT 'u' || n, 'User ' || n, 'user' || n || '@pagespace.test', md5(n::text), 'Writes about ' || n,"
                " now() - n * interval '1 min' FROM generate_series(1, %s) n",
                (users,),
            )
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE users")
        yield url
