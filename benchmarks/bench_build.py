"""What building and binding a statement costs when its shape has been compiled before.

The reference is pypika, which renders the same statement anew; on a busy machine the ratio to it says more than the
microseconds.

    python -m benchmarks.bench_build [--json]
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Callable, Sequence
from typing import Any

from pypika import Order, PostgreSQLQuery
from pypika import Table as PypikaTable

from benchmarks.harness import Result, compare
from pagespace_db import asc, eq, gt, in_array, insert, is_null, select, update
from pagespace_db.builder.statement import Command, Statement
from pagespace_db.generated import drives, pages, users


def bound(statement: Statement[Any] | Command) -> Sequence[object]:
    """Return the parameters of a statement, as the client takes them."""
    return statement._compiled.bind(statement._values)


KEPT = select(users).from_(users).where(eq(users.id, "u1"))
PYPIKA_USERS, PYPIKA_DRIVES, PYPIKA_PAGES = PypikaTable("users"), PypikaTable("drives"), PypikaTable("pages")


def kept() -> Sequence[object]:
    """Bind a statement that was built before."""
    return bound(KEPT)


def lookup() -> Sequence[object]:
    """Build a look-up in one table, with every column."""
    return bound(select(users).from_(users).where(eq(users.id, "u1")))


def columns() -> Sequence[object]:
    """Build a look-up of three columns."""
    return bound(select(users.id, users.name, users.email).from_(users).where(eq(users.id, "u1")))


def join() -> Sequence[object]:
    """Build a join of two tables with three conditions, an order and a limit."""
    return bound(
        select(pages.id, pages.title, drives.name)
        .from_(pages)
        .join(drives, eq(drives.id, pages.drive_id))
        .where(eq(drives.owner_id, "u1"), is_null(pages.trashed_at), gt(pages.position, 3))
        .order_by(asc(pages.position))
        .limit(20)
    )


def array() -> Sequence[object]:
    """Build a look-up of ten rows by an array of keys."""
    return bound(select(users).from_(users).where(in_array(users.id, ["u1"] * 10)))


def insertion() -> Sequence[object]:
    """Build an insert of one row that is returned."""
    return bound(insert(users).values({"id": "u1", "name": "Ada", "email": "ada@x"}).returning())


def change() -> Sequence[object]:
    """Build an update of one row."""
    return bound(update(users).set({"name": "Ada"}).where(eq(users.id, "u1")))


def pypika_columns() -> str:
    """Build and render what columns() builds, by pypika."""
    u = PYPIKA_USERS
    return str(PostgreSQLQuery.from_(u).select(u.id, u.name, u.email).where(u.id == "u1").get_sql())


def pypika_join() -> str:
    """Build and render what join() builds, by pypika."""
    p, d = PYPIKA_PAGES, PYPIKA_DRIVES
    query = PostgreSQLQuery.from_(p).join(d).on(d.id == p.drive_id).select(p.id, p.title, d.name)
    query = query.where(d.owner_id == "u1").where(p.trashed_at.isnull()).where(p.position > 3)
    return str(query.orderby(p.position, order=Order.asc).limit(20).get_sql())


CONTENDERS: dict[str, Callable[[], object]] = {
    "pypika: one table, 3 columns": pypika_columns,
    "pypika: join": pypika_join,
    "bind a kept statement": kept,
    "one table, whole row, 1 condition": lookup,
    "one table, 3 columns, 1 condition": columns,
    "join, 3 conditions, order, limit": join,
    "one table, array of 10 keys": array,
    "insert 1 row returning": insertion,
    "update 1 row": change,
}


def render_table(results: Sequence[Result]) -> str:
    """Return the figures as a table."""
    lines = [f"{'build and bind':36}{'us (CPU)':>10}{'ratio':>10}"]
    lines += [f"{result.name:36}{result.cpu_us:10.2f}{result.cpu_ratio:10.3f}" for result in results]
    return "\n".join(lines)


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--rounds", type=int, default=21)
    arguments = parser.parse_args()
    results = compare(CONTENDERS, calls=500, rounds=arguments.rounds)
    if arguments.json:
        print(json.dumps([dataclasses.asdict(result) for result in results], indent=2))
    else:
        print(render_table(results))


if __name__ == "__main__":
    main()
