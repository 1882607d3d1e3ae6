"""`python -m benchmarks.bench_lookup [--json]`: typed rows, beside a bare psycopg cursor that returns tuples.

What is counted is the client's CPU time, building the statement included; all contenders take turns in one process.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import psycopg

from benchmarks.database import COLUMNS, users_database
from benchmarks.harness import Result, compare
from pagespace_db import Database, asc, eq, select
from pagespace_db.generated import users

USERS: Final = 10_000
BATCH: Final = 100

BY_ID: Final = f"SELECT {COLUMNS} FROM users WHERE id = %s"
THREE_BY_ID: Final = "SELECT id, name, email FROM users WHERE id = %s"
BY_NUMBER: Final = f"SELECT {COLUMNS} FROM users ORDER BY id LIMIT %s"
THREE_BY_NUMBER: Final = "SELECT id, name, email FROM users ORDER BY id LIMIT %s"

Contenders = Mapping[str, Callable[[], object]]


def lookups(connection: psycopg.Connection, db: Database) -> Contenders:
    """Return the ways to read one user by id; the ids change from call to call."""
    ids = itertools.cycle([f"u{number * 37 % USERS + 1}" for number in range(1, USERS)])
    reused = connection.cursor()
    kept = select(users).from_(users).where(eq(users.id, "u77"))
    return {
        "psycopg: cursor().execute().fetchone()": lambda: connection.cursor().execute(BY_ID, (next(ids),)).fetchone(),
        "psycopg: one cursor for all": lambda: reused.execute(BY_ID, (next(ids),)).fetchone(),
        "db.one(select(users)...)": lambda: db.one(select(users).from_(users).where(eq(users.id, next(ids)))),
        "db.one(a kept statement)": lambda: db.one(kept),
    }


def narrow_lookups(connection: psycopg.Connection, db: Database) -> Contenders:
    """Return the ways to read three columns of one user by id."""
    ids = itertools.cycle([f"u{number * 37 % USERS + 1}" for number in range(1, USERS)])
    columns = users.id, users.name, users.email
    return {
        "psycopg: cursor().execute().fetchone()": lambda: (
            connection.cursor().execute(THREE_BY_ID, (next(ids),)).fetchone()
        ),
        "db.one(select(a, b, c)...)": lambda: db.one(select(*columns).from_(users).where(eq(users.id, next(ids)))),
    }


def lists(connection: psycopg.Connection, db: Database, count: int) -> Contenders:
    """Return the ways to read `count` whole rows, and three columns of them."""
    columns = users.id, users.name, users.email
    return {
        "psycopg: fetchall()": lambda: connection.cursor().execute(BY_NUMBER, (count,)).fetchall(),
        "db.all(select(users)...)": lambda: db.all(select(users).from_(users).order_by(asc(users.id)).limit(count)),
        "psycopg: three columns": lambda: connection.cursor().execute(THREE_BY_NUMBER, (count,)).fetchall(),
        "db.all(select(a, b, c)...)": lambda: db.all(
            select(*columns).from_(users).order_by(asc(users.id)).limit(count)
        ),
    }


def batches(connection: psycopg.Connection, db: Database) -> Contenders:
    """Return the ways to look a hundred users up."""
    ids = [f"u{number * 37 % USERS + 1}" for number in range(BATCH)]
    statements = [select(users).from_(users).where(eq(users.id, id_)) for id_ in ids]
    return {
        "psycopg: 100 single lookups": lambda: [connection.cursor().execute(BY_ID, (id_,)).fetchone() for id_ in ids],
        "100 single lookups": lambda: [db.one(statement) for statement in statements],
        "db.batch(100 lookups)": lambda: db.batch(statements),
    }


def render_table(title: str, results: Sequence[Result]) -> str:
    """Return the figures of one kind of work as a table."""
    lines = [f"{title:44}{'CPU us':>10}{'wall us':>10}{'CPU':>8}{'wall':>8}"]
    lines += [
        f"  {result.name:42}{result.cpu_us:10.1f}{result.wall_us:10.1f}{result.cpu_ratio:8.2f}{result.wall_ratio:8.2f}"
        for result in results
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, and print the figures; each kind of work is compared with its first line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--rounds", type=int, default=41)
    arguments = parser.parse_args()
    rounds: int = arguments.rounds
    figures: dict[str, list[dict[str, object]]] = {}
    with users_database(USERS) as url, psycopg.connect(url, autocommit=True) as connection, Database(url) as db:
        works: list[tuple[str, Contenders, int, int]] = [
            ("point lookup, 14 columns to an object", lookups(connection, db), 200, rounds),
            ("point lookup, 3 columns", narrow_lookups(connection, db), 200, rounds),
            ("100 rows", lists(connection, db, 100), 20, rounds),
            ("10,000 rows", lists(connection, db, USERS), 1, max(5, rounds // 4)),
            ("100 lookups together", batches(connection, db), 4, max(5, rounds // 2)),
        ]
        for title, contenders, calls, work_rounds in works:
            results = compare(contenders, calls=calls, rounds=work_rounds)
            figures[title] = [dataclasses.asdict(result) for result in results]
            if not arguments.json:
                print(render_table(title, results), end="\n\n", flush=True)
    if arguments.json:
        print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
