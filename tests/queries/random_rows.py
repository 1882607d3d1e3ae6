"""Random rows for the sample schema: few distinct values, so that joins find partners, and NULL wherever it may be."""

from __future__ import annotations

from random import Random
from typing import Any

from psycopg import Connection

_TEXTS = ("", "a", "b", "x", "ab,c", "1")


def fill_tables(connection: Connection[Any], seed: int, *, count: int) -> None:
    """Empty the tables, and fill each with up to `count` rows."""
    random = Random(seed)  # noqa: S311 - repeatable on purpose

    def maybe(*values: object) -> object:
        return None if random.random() < 0.45 else random.choice(values)

    def some(*values: object) -> object:
        return random.choice(values)

    connection.execute("TRUNCATE users, posts, comments, kv, mails, checked, gen, events")
    times = ("2020-01-01", "infinity", "-infinity", "2021-03-01")
    for number in range(1, count + 1):
        connection.execute(
            "INSERT INTO users (id, name, nick, age, prev_mood, boss_id, tags, scores, prefs, extra, addr, home, level,"
            " period, created_at, deleted_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                *(number, some(*_TEXTS), maybe(*_TEXTS), maybe(0, 1, 2, 3)),
                *(maybe("sad", "ok"), maybe(*range(1, number)) if number > 1 else None),
                *(some("{}", "{a,NULL}", "{x,b}"), maybe("{}", "{1,NULL}", "{2}")),
                *(some("{}", '{"a": 1}', '{"a": null}', "null", "[1]"), maybe("{}", '{"a": "b"}', "null")),
                *(maybe("(s,)", "(,)"), some("(,)", "(a,b)"), maybe(1, 2)),
                *(some("empty", "[,]", "[2020-01-01,2021-01-01)"), some(*times), maybe(*times)),
            ],
        )
    for number in range(1, count + 1):
        connection.execute(
            "INSERT INTO posts VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                *(number, some(*range(1, count + 1)), maybe(*range(1, count + 1)), some(*_TEXTS), maybe(*_TEXTS)),
                *(maybe(0, 1.5, "NaN"), some(0, 1, 2), some(True, False), maybe(True, False)),
            ],
        )
    for number in range(1, count + 1):
        values = [number, some(*range(1, count + 1)), maybe(*range(1, count + 1)), some(*_TEXTS), maybe(0, 1, 2)]
        connection.execute("INSERT INTO comments VALUES (%s, %s, %s, %s, %s)", values)
        connection.execute("INSERT INTO checked VALUES (%s, %s, %s)", [number, some(0, 1, 2), maybe(1, 2)])
        connection.execute("INSERT INTO gen (id, a, b) VALUES (%s, %s, %s)", [number, some(*_TEXTS), maybe(*_TEXTS)])
        connection.execute("INSERT INTO events VALUES (%s, %s, %s)", [number, some("a", "b"), maybe(*_TEXTS)])
        connection.execute("INSERT INTO mails VALUES (%s, %s)", [number, some("a@b", "c@d")])
    for text in random.sample(_TEXTS, min(count, len(_TEXTS))):
        connection.execute("INSERT INTO kv VALUES (%s, %s)", [text, maybe(*_TEXTS)])
    connection.execute("REFRESH MATERIALIZED VIEW m_titles")


def fill_tables_of_cases(connection: Connection[Any], seed: int, *, count: int) -> None:
    """Empty the tables that the case files add, and fill each with up to `count` rows."""
    random = Random(seed)  # noqa: S311 - repeatable on purpose

    def maybe(*values: object) -> object:
        return None if random.random() < 0.45 else random.choice(values)

    def some(*values: object) -> object:
        return random.choice(values)

    connection.execute("TRUNCATE parent, child, half_checked")
    for number in range(1, count + 1):
        connection.execute("INSERT INTO parent VALUES (%s, %s, %s)", [number, maybe(0, 1, 2), some(0, 1, 2)])
        connection.execute("INSERT INTO child VALUES (%s, %s, %s, %s)", [number, maybe(0, 1), some(0, 1), some(0, 1)])
        c = maybe(0, 1)
        values = [some(0, 1), some(1, 2), c, some(0, 1) if c is None else maybe(0, 1)]
        connection.execute("INSERT INTO half_checked VALUES (%s, %s, %s, %s)", values)
