"""`python -m benchmarks.bench_migrate [FILES]`: applying small migrations, and having nothing to do, beside dbmate.

Both are measured from outside, as processes, in turns; each round starts with a fresh database on the scratch server.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from pagespace_db.connect import parse_conninfo, render_url
from pagespace_db.embedded import scratch_server
from pagespace_db.embedded.databases import fresh_database

ROUNDS: Final = 7
_BIN: Final = Path(sys.executable).parent


def main() -> None:
    """Print the medians, and how they compare."""
    files = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    with tempfile.TemporaryDirectory() as folder, scratch_server() as server:
        _write_migrations(Path(folder), files)
        seconds: dict[tuple[str, str], list[float]] = {}
        for _ in range(ROUNDS):
            for tool in ("dbmate", "pagespace-db"):
                with fresh_database(server.url()) as url:
                    for work, command in (("up", "up"), ("no-op up", "up"), ("status", "status")):
                        took = _run(_command(tool, url, folder, command))
                        seconds.setdefault((work, tool), []).append(took)
    print(f"{files} files, medians of {ROUNDS} rounds, in seconds")
    for work in ("up", "no-op up", "status"):
        theirs, ours = (statistics.median(seconds[work, tool]) for tool in ("dbmate", "pagespace-db"))
        ratios = [a / b for a, b in zip(seconds[work, "pagespace-db"], seconds[work, "dbmate"], strict=True)]
        print(f"{work:10} dbmate {theirs:6.3f}   pagespace-db {ours:6.3f}   ratio {statistics.median(ratios):5.2f}")


def _write_migrations(folder: Path, count: int) -> None:
    for number in range(1, count + 1):
        (folder / f"{number:04}_table.sql").write_text(
            f"-- migrate:up\nCREATE TABLE table_{number} (id bigint PRIMARY KEY, name text NOT NULL);\n"
            f"CREATE INDEX ON table_{number} (name);\n\n-- migrate:down\nDROP TABLE table_{number};\n",
            encoding="utf-8",
        )


def _command(tool: str, url: str, folder: str, command: str) -> list[str]:
    if tool == "dbmate":
        theirs = render_url({"sslmode": "disable", **parse_conninfo(url)})
        return [str(_BIN / "dbmate"), "--url", theirs, "-d", folder, "--no-dump-schema", command]
    return [str(_BIN / "pagespace-db"), "migrate", command, "--url", url, "-d", folder]


def _run(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
