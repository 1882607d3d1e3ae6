"""Piccolo, which runs on asyncpg. It has no loading of rows that refer to a row, so no relational load."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

from piccolo.columns import JSONB, Integer, Text, Timestamptz
from piccolo.engine.postgres import PostgresEngine
from piccolo.table import Table

from benchmarks.peers.looped import timed_on
from benchmarks.peers.work import USERS, tag_ids, tag_rows, user_ids
from pagespace_db.connect import parse_conninfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.harness import Timed


def _tables(engine: PostgresEngine) -> tuple[type[Table], type[Table]]:
    class Users(Table, tablename="users", db=engine):
        id = Text(primary_key=True)
        name = Text()
        email = Text()
        email_verified_at = Timestamptz(null=True)
        password_hash = Text(null=True)
        role = Text()
        bio = Text(null=True)
        avatar_url = Text(null=True)
        time_zone = Text()
        settings = JSONB()
        token_version = Integer()
        suspended_at = Timestamptz(null=True)
        created_at = Timestamptz()
        updated_at = Timestamptz()

    class Tags(Table, tablename="tags", db=engine):
        id = Text(primary_key=True)
        drive_id = Text()
        name = Text()
        color = Text(default="#6b7280")
        created_at = Timestamptz()

    return Users, Tags


@contextmanager
def contenders(url: str) -> Iterator[Mapping[str, Mapping[str, Timed]]]:
    """Yield what Piccolo does, by work and by name."""
    parts = parse_conninfo(url)
    engine = PostgresEngine(
        {
            "host": parts.get("host"),
            "port": int(parts.get("port", 5432)),
            "user": parts.get("user"),
            "database": parts.get("dbname"),
        },
        log_queries=False,
    )
    users, tags = _tables(engine)
    loop = asyncio.new_event_loop()
    loop.run_until_complete(engine.start_connection_pool(min_size=1, max_size=1))
    ids, new_tags = user_ids(), tag_ids("piccolo")
    rows = tag_rows()

    async def lookup() -> object:
        return await users.objects().output(load_json=True).where(users.id == next(ids)).first()

    async def insert() -> object:
        return await tags.insert(tags(id=(tag := next(new_tags)), drive_id="d1-1", name=tag)).returning(
            *tags.all_columns()
        )

    async def bulk() -> None:
        await tags.delete(force=True)
        made = [tags(**row) for row in rows]
        for start in range(0, len(made), 1_000):  # 32,767 parameters is its limit
            await tags.insert(*made[start : start + 1_000])

    def many(count: int) -> Timed:
        return timed_on(loop, lambda: users.objects().output(load_json=True).order_by(users.id).limit(count).run())

    try:
        yield {
            "point lookup": {"Piccolo": timed_on(loop, lookup)},
            "100 rows": {"Piccolo": many(100)},
            "10,000 rows": {"Piccolo": many(USERS)},
            "insert one, returning": {"Piccolo": timed_on(loop, insert)},
            "insert 10,000": {"Piccolo": timed_on(loop, bulk)},
        }
    finally:
        loop.run_until_complete(engine.close_connection_pool())
        loop.close()
