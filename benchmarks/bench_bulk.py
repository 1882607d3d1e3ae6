"""`python -m benchmarks.bench_bulk [--json]`: many rows, in by COPY and out by a stream, beside bare psycopg."""

from __future__ import annotations

import argparse
import dataclasses
import json
import resource
import time
from collections.abc import Iterator
from typing import Final

import psycopg

from benchmarks.database import users_database
from benchmarks.harness import compare
from pagespace_db import Database, insert, select, sql
from pagespace_db.generated import TagInsert, tags

ROWS: Final = 10_000
STREAMED: Final = 500_000


def tag_rows() -> Iterator[TagInsert]:
    """Yield the rows that are written."""
    for number in range(ROWS):
        yield {"id": f"t{number}", "drive_id": "d", "name": f"tag {number}", "color": "#aabbcc"}


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    with users_database(1) as url, psycopg.connect(url, autocommit=True) as connection, Database(url) as db:
        connection.execute("INSERT INTO drives (id, owner_id, name, slug) VALUES ('d', 'u1', 'Lab', 'lab')")
        tuples = [tuple(row.values()) for row in tag_rows()]
        rows = list(tag_rows())

        def empty() -> None:
            connection.execute("TRUNCATE tags CASCADE")

        def bare_copy() -> None:
            empty()
            with connection.cursor().copy("COPY tags (id, drive_id, name, color) FROM STDIN") as copy:
                for row in tuples:
                    copy.write_row(row)

        def copy_in() -> None:
            empty()
            db.copy_in(tags, rows)

        def insert_rows() -> None:
            empty()
            db.execute(insert(tags).rows(rows))

        results = compare(
            {"psycopg: COPY": bare_copy, "db.copy_in()": copy_in, "insert().rows()": insert_rows}, calls=1
        )
        peak_before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.process_time()
        numbers = select(sql[int]("generate_series(1, {})", STREAMED), sql[str]("repeat('x', 100)"))
        count = sum(1 for _ in db.stream(numbers))
        stream = {
            "rows": count,
            "cpu_us_a_row": (time.process_time() - start) / count * 1e6,
            "peak_growth_mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak_before) / 1024,
        }
    if arguments.json:
        print(json.dumps({"rows in": [dataclasses.asdict(result) for result in results], "stream": stream}, indent=2))
        return
    print(f"{ROWS:,} rows in{'':24}{'CPU ms':>10}{'CPU':>8}{'wall':>8}")
    for result in results:
        print(f"  {result.name:34}{result.cpu_us / 1e3:10.1f}{result.cpu_ratio:8.2f}{result.wall_ratio:8.2f}")
    print(
        f"stream of {count:,} rows: {stream['cpu_us_a_row']:.2f} us of CPU a row,"
        f" peak memory {stream['peak_growth_mb']:.1f} MB above the start"
    )


if __name__ == "__main__":
    main()
