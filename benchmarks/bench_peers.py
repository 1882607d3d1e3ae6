"""`python -m benchmarks peers [--json]`: this library beside SQLAlchemy, asyncpg, Piccolo and Drizzle.

All take turns in one run, on one database; the reference is psycopg with cursors that return tuples, and what is
compared is the client's CPU time, with statements built anew at each call. A library that is not installed is named.

    pip install -e '.[bench]'; npm install --prefix benchmarks/peers/drizzle
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import json
import sys
from contextlib import ExitStack
from typing import Final

import psycopg

from benchmarks.database import users_database
from benchmarks.harness import Result, Timed, compare_timed
from benchmarks.peers.work import SEED, USERS

PEERS: Final = ("bare", "ours", "sqlalchemy_peer", "asyncpg_peer", "piccolo_peer", "drizzle_peer")
WORKS: Final = {  # calls a round, rounds
    "point lookup": (100, 21),
    "100 rows": (10, 21),
    "10,000 rows": (1, 9),
    "relational load": (1, 15),
    "insert one, returning": (50, 21),
    "insert 10,000": (1, 7),
}


def render_table(work: str, results: list[Result]) -> str:
    """Return the figures of one kind of work as a table."""
    lines = [f"{work:40}{'CPU ms':>10}{'wall ms':>10}{'CPU':>8}{'wall':>8}"]
    lines += [
        f"  {result.name:38}{result.cpu_us / 1e3:10.3f}{result.wall_us / 1e3:10.3f}{result.cpu_ratio:8.2f}"
        f"{result.wall_ratio:8.2f}"
        for result in results
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, and print the figures; each kind of work is compared with its first line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--work", action="append", choices=list(WORKS), help="only this (may be repeated)")
    arguments = parser.parse_args()
    figures: dict[str, list[dict[str, object]]] = {}
    with users_database(USERS) as url, ExitStack() as opened:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(SEED.encode())
        works: dict[str, dict[str, Timed]] = {}
        for peer in PEERS:
            try:
                module = importlib.import_module(f"benchmarks.peers.{peer}")
            except ImportError as missing:
                print(f"left out: {missing}", file=sys.stderr)
                continue
            for work, contenders in opened.enter_context(module.contenders(url)).items():
                works.setdefault(work, {}).update(contenders)
        for work in arguments.work or WORKS:
            calls, rounds = WORKS[work]
            results = compare_timed(works[work], calls=calls, rounds=rounds)
            figures[work] = [dataclasses.asdict(result) for result in results]
            if not arguments.json:
                print(render_table(work, results), end="\n\n", flush=True)
    if arguments.json:
        print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
