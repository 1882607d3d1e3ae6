"""psycopg alone: cursors that return tuples, and what people write by hand."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg

from benchmarks.harness import Timed, timed
from benchmarks.peers.work import (
    FAMILIES,
    OF_DRIVES,
    OF_PAGES,
    OF_TAGS,
    OF_TOKENS,
    OF_USERS,
    USERS,
    tag_ids,
    tag_rows,
    user_ids,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TREE = """
SELECT to_jsonb(u) || jsonb_build_object(
  'refresh_tokens', (SELECT coalesce(jsonb_agg(t), '[]') FROM refresh_tokens t WHERE t.user_id = u.id),
  'drives', (
    SELECT coalesce(jsonb_agg(to_jsonb(d) || jsonb_build_object(
      'pages', (SELECT coalesce(jsonb_agg(p), '[]') FROM pages p WHERE p.drive_id = d.id)
    )), '[]')
    FROM drives d WHERE d.owner_id = u.id
  )
)
FROM users u WHERE u.id = ANY(%s)
"""


@contextmanager
def contenders(url: str) -> Iterator[Mapping[str, Mapping[str, Timed]]]:
    """Yield what psycopg does, by work and by name."""
    with psycopg.connect(url, autocommit=True) as connection:
        ids, new_tags = user_ids(), tag_ids("bare")
        rows = [tuple(row.values()) for row in tag_rows()]

        def many(count: int) -> Timed:
            query = f"SELECT {OF_USERS} FROM users ORDER BY id LIMIT %s"
            return timed(lambda: connection.cursor().execute(query, (count,)).fetchall())

        def lookup() -> object:
            return connection.cursor().execute(f"SELECT {OF_USERS} FROM users WHERE id = %s", (next(ids),)).fetchone()

        def relational() -> object:
            cursor = connection.cursor()
            users = cursor.execute(f"SELECT {OF_USERS} FROM users WHERE id = ANY(%s)", (FAMILIES,)).fetchall()
            keys = ([row[0] for row in users],)
            tokens = cursor.execute(f"SELECT {OF_TOKENS} FROM refresh_tokens WHERE user_id = ANY(%s)", keys).fetchall()
            drives = cursor.execute(f"SELECT {OF_DRIVES} FROM drives WHERE owner_id = ANY(%s)", keys).fetchall()
            in_drives = ([row[0] for row in drives],)
            pages = cursor.execute(f"SELECT {OF_PAGES} FROM pages WHERE drive_id = ANY(%s)", in_drives).fetchall()
            return users, tokens, drives, pages

        def insert() -> object:
            return (
                connection.cursor()
                .execute(
                    f"INSERT INTO tags (id, drive_id, name) VALUES (%s, %s, %s) RETURNING {OF_TAGS}",
                    (tag := next(new_tags), "d1-1", tag),
                )
                .fetchone()
            )

        def bulk() -> None:
            connection.execute("DELETE FROM tags")
            with connection.cursor().copy(f"COPY tags ({OF_TAGS}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)

        def unnest() -> None:
            connection.execute("DELETE FROM tags")
            connection.execute(
                f"INSERT INTO tags ({OF_TAGS}) SELECT * FROM unnest(%b::text[], %b::text[], %b::text[], %b::text[],"
                " %b::timestamptz[])",
                [list(column) for column in zip(*rows, strict=True)],
            )

        yield {
            "point lookup": {"psycopg, tuples": timed(lookup)},
            "100 rows": {"psycopg, tuples": many(100)},
            "10,000 rows": {"psycopg, tuples": many(USERS)},
            "relational load": {
                "psycopg, four queries, tuples": timed(relational),
                "psycopg, jsonb_agg by hand, dicts": timed(lambda: connection.execute(_TREE, (FAMILIES,)).fetchall()),
            },
            "insert one, returning": {"psycopg, tuples": timed(insert)},
            "insert 10,000": {"psycopg, unnest": timed(unnest), "psycopg, COPY": timed(bulk)},
        }
