"""`python -m benchmarks.bench_queries [--json]`: generated functions, beside the builder and a bare psycopg cursor.

A function of an annotated query and a statement of the builder that is already compiled do the same work: bind, run a
prepared statement, make rows. A variant of a query adds the choice among its statements.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import json
from collections.abc import Callable, Mapping
from typing import Final

import psycopg

from benchmarks.bench_lookup import render_table
from benchmarks.database import COLUMNS, users_database
from benchmarks.harness import compare
from pagespace_db import Database, asc, eq, is_null, select
from pagespace_db.client.queries import AnnotatedQuery, objects_of
from pagespace_db.client.query_variants import Variants
from pagespace_db.generated import User, users
from pagespace_db.generated.queries.system import user_by_email

USERS: Final = 1_000
BY_EMAIL: Final = f"SELECT {COLUMNS} FROM users WHERE email = $1 AND suspended_at IS NULL"
LISTED: Final = f"SELECT {COLUMNS} FROM users ORDER BY id LIMIT $1"

Contenders = Mapping[str, Callable[[], object]]


def lookups(connection: psycopg.Connection, db: Database) -> Contenders:
    """Return the ways to read one user by the e-mail address, all 14 columns."""
    addresses = itertools.cycle(
        [email for (email,) in connection.execute("SELECT email FROM users ORDER BY id LIMIT 997")]
    )
    cursor = psycopg.RawCursor(connection)
    either: Variants[User] = Variants(
        {(True,): (BY_EMAIL, (0,)), (False,): (LISTED, (1,))},
        types=("text", "bigint"),
        make_row=objects_of(User),
        source="either",
    )
    return {
        "psycopg: one raw cursor": lambda: cursor.execute(BY_EMAIL, (next(addresses),)).fetchone(),
        "the builder": lambda: db.one_or_none(
            select(users).from_(users).where(eq(users.email, next(addresses)), is_null(users.suspended_at))
        ),
        "the generated function": lambda: user_by_email(db, email=next(addresses)),
        "a variant of a query": lambda: either.of(True).opt(db, next(addresses), None),
    }


def lists(connection: psycopg.Connection, db: Database) -> Contenders:
    """Return the ways to read a hundred users."""
    cursor = psycopg.RawCursor(connection)
    listed: AnnotatedQuery[User] = AnnotatedQuery(LISTED, types=("bigint",), make_row=objects_of(User), source="listed")
    return {
        "psycopg: one raw cursor": lambda: cursor.execute(LISTED, (100,)).fetchall(),
        "the builder": lambda: db.all(select(users).from_(users).order_by(asc(users.id)).limit(100)),
        "the annotated query": lambda: listed.many(db, 100),
    }


def main() -> None:
    """Measure, and print the figures; each kind of work is compared with its first line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--rounds", type=int, default=31)
    arguments = parser.parse_args()
    figures: dict[str, list[dict[str, object]]] = {}
    with users_database(USERS) as url, psycopg.connect(url, autocommit=True) as connection, Database(url) as db:
        works: list[tuple[str, Contenders, int]] = [
            ("one user by e-mail", lookups(connection, db), 200),
            ("100 users", lists(connection, db), 20),
        ]
        for title, contenders, calls in works:
            results = compare(contenders, calls=calls, rounds=arguments.rounds)
            figures[title] = [dataclasses.asdict(result) for result in results]
            if not arguments.json:
                print(render_table(title, results), end="\n\n", flush=True)
    if arguments.json:
        print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
