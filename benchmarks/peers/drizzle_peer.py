"""Drizzle on node-postgres, in a node process of its own, which measures itself.

`npm install --prefix benchmarks/peers/drizzle` brings it.
"""

from __future__ import annotations

import json
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from benchmarks.peers.work import FAMILIES, INSERTED, USERS
from pagespace_db.connect import parse_conninfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.harness import Timed

_HERE = Path(__file__).parent / "drizzle"
if not (_HERE / "node_modules").is_dir():
    raise ImportError("drizzle: npm install --prefix benchmarks/peers/drizzle")


@contextmanager
def contenders(url: str) -> Iterator[Mapping[str, Mapping[str, Timed]]]:
    """Yield what Drizzle does, by work and by name."""
    parts = parse_conninfo(url)
    connection = {"host": parts.get("host"), "user": parts.get("user"), "database": parts.get("dbname")}
    settings = {
        "connection": {**connection, "port": int(parts.get("port", 5432))},
        "families": FAMILIES,
        "users": USERS,
        "inserted": INSERTED,
    }
    command = ["node", "--expose-gc", str(_HERE / "contender.mjs"), json.dumps(settings)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        asked, answered = process.stdin, process.stdout
        if asked is None or answered is None:
            raise RuntimeError("a process without its pipes")

        def contender(work: str) -> Timed:
            return lambda calls: _measure(asked, answered, work, calls)

        yield {
            "point lookup": {
                "Drizzle": contender("point lookup/plain"),
                "Drizzle, prepared": contender("point lookup/prepared"),
            },
            "100 rows": {"Drizzle": contender("100 rows/plain")},
            "10,000 rows": {"Drizzle": contender("10,000 rows/plain")},
            "relational load": {"Drizzle, findMany": contender("relational load/findMany")},
            "insert one, returning": {"Drizzle": contender("insert one, returning/plain")},
            "insert 10,000": {"Drizzle": contender("insert 10,000/plain")},
        }


def _measure(asked: IO[str], answered: IO[str], work: str, calls: int) -> tuple[float, float]:
    asked.write(json.dumps({"work": work, "calls": calls}) + "\n")
    asked.flush()
    line = answered.readline()
    if not line:
        raise RuntimeError(f"node stopped while it did: {work}")
    seconds = json.loads(line)
    return seconds["cpu_s"], seconds["wall_s"]
