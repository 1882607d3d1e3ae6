"""asyncpg, on asyncio's own loop and on uvloop; its records are its rows."""

from __future__ import annotations

import asyncio
import json
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import asyncpg
import uvloop

from benchmarks.peers.looped import timed_on
from benchmarks.peers.work import OF_TAGS, OF_USERS, USERS, tag_ids, tag_rows, user_ids
from pagespace_db.connect import parse_conninfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.harness import Timed


async def _connect(url: str) -> asyncpg.Connection:
    parts = parse_conninfo(url)
    connection = await asyncpg.connect(
        host=parts.get("host"), port=int(parts.get("port", 5432)), user=parts.get("user"), database=parts.get("dbname")
    )
    await connection.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")
    return connection


def _contenders(
    loop: asyncio.AbstractEventLoop, connection: asyncpg.Connection, name: str
) -> Mapping[str, Mapping[str, Timed]]:
    ids, new_tags = user_ids(), tag_ids(name)
    rows = [tuple(row.values()) for row in tag_rows()]
    many = f"SELECT {OF_USERS} FROM users ORDER BY id LIMIT $1"
    insert = f"INSERT INTO tags (id, drive_id, name) VALUES ($1, $2, $3) RETURNING {OF_TAGS}"

    async def bulk() -> None:
        await connection.execute("DELETE FROM tags")
        await connection.copy_records_to_table("tags", records=rows, columns=OF_TAGS.split(", "))

    return {
        "point lookup": {
            name: timed_on(loop, lambda: connection.fetchrow(f"SELECT {OF_USERS} FROM users WHERE id = $1", next(ids)))
        },
        "100 rows": {name: timed_on(loop, lambda: connection.fetch(many, 100))},
        "10,000 rows": {name: timed_on(loop, lambda: connection.fetch(many, USERS))},
        "insert one, returning": {
            name: timed_on(loop, lambda: connection.fetchrow(insert, tag := next(new_tags), "d1-1", tag))
        },
        "insert 10,000": {f"{name}, COPY": timed_on(loop, bulk)},
    }


@contextmanager
def contenders(url: str) -> Iterator[Mapping[str, Mapping[str, Timed]]]:
    """Yield what asyncpg does, by work and by name."""
    merged: dict[str, dict[str, Timed]] = {}
    with ExitStack() as opened:
        for name, loop in (("asyncpg", asyncio.new_event_loop()), ("asyncpg, uvloop", uvloop.new_event_loop())):
            opened.callback(loop.close)
            connection = loop.run_until_complete(_connect(url))
            opened.callback(lambda loop=loop, connection=connection: loop.run_until_complete(connection.close()))
            for work, found in _contenders(loop, connection, name).items():
                merged.setdefault(work, {}).update(found)
        yield merged
