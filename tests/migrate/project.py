"""What the tests of migrations share: a project, on which they run the real command, and a barrier."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar
from unittest import mock

import psycopg
import pytest
from psycopg import sql

from pagespace_db.cli import main
from pagespace_db.settings import process_environment

T = TypeVar("T")
DEADLINE_S: Final = 30.0
# The server tells of all its databases, and other tests work in those.
BUILDING: Final = "SELECT pid FROM pg_stat_progress_create_index WHERE datname = current_database()"
WAITING: Final = """
SELECT l.pid FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted AND a.datname = current_database()
"""


@dataclass(frozen=True)
class Result:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Project:
    """A folder of migrations and a database of their own."""

    folder: Path
    url: str

    def write(self, name: str, up: str, down: str = "", options: str = "") -> Path:
        """Write a migration; `options` go onto the `up` line."""
        path = self.folder / name
        text = f"-- migrate:up {options}".rstrip() + f"\n{up}\n\n-- migrate:down {options}".rstrip() + f"\n{down}\n"
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, *args: str) -> Result:
        """Run `pagespace-db migrate ARGS` in this process."""
        argv = ["pagespace-db", "migrate", args[0], "--url", self.url, "-d", str(self.folder), *args[1:]]
        out, err = io.StringIO(), io.StringIO()
        with (
            mock.patch.object(sys, "argv", argv),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            pytest.raises(SystemExit) as stop,
        ):
            main()
        return Result(int(stop.value.code or 0), out.getvalue(), err.getvalue())

    def ok(self, *args: str) -> Result:
        """Run a command that must succeed."""
        result = self.run(*args)
        assert result.code == 0, result
        return result

    def start(self, *args: str) -> subprocess.Popen[str]:
        """Start `python -m pagespace_db.migrate ARGS` in a process of its own."""
        command = [sys.executable, "-m", "pagespace_db.migrate", args[0], "--url", self.url, "-d", str(self.folder)]
        return subprocess.Popen(
            [*command, *args[1:]],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=process_environment(),
        )

    def query(self, query: str) -> list[Any]:
        """Return the first column of a query."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(query.encode())
            return [row[0] for row in cursor] if cursor.description else []

    def applied(self) -> list[str]:
        """Return the recorded versions."""
        return self.query("SELECT version FROM schema_migrations ORDER BY 1")

    def relations(self) -> list[str]:
        """Return the tables, indexes and so on of the schema public, except for the records."""
        return self.query(
            "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relname NOT LIKE 'schema_migrations%' ORDER BY 1"
        )

    def lock_holder(self) -> int:
        """Return the process id of the backend that holds the migration lock of this database."""
        (pid,) = self.query(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 48372615 AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return int(pid)

    def standings(self) -> dict[str, str]:
        """Return how each migration stands."""
        return {item["name"]: item["standing"] for item in self.ok("status", "--json").json["migrations"]}


class Barrier:
    """Advisory locks of a test, at which a migration stops: `SELECT pg_advisory_lock_shared(n)`."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)

    def close_at(self, number: int) -> None:
        self._connection.execute("SELECT pg_advisory_lock(%s)", [number])

    def wait_for_arrival(self) -> int:
        """Return the process id of the backend that stands at the barrier, as soon as there is one."""
        return eventually(self._find_waiting)

    def _find_waiting(self) -> int | None:
        row = self._connection.execute(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        ).fetchone()
        return None if row is None else int(row[0])

    def terminate(self, pid: int) -> None:
        self._connection.execute(sql.SQL("SELECT pg_terminate_backend({})").format(pid))

    def wait_for_end(self, pid: int) -> None:
        """Return when a backend is gone."""
        query = sql.SQL("SELECT FROM pg_stat_activity WHERE pid = {}").format(pid)
        eventually(lambda: True if self._connection.execute(query).fetchone() is None else None)

    def open(self) -> None:
        self._connection.execute("SELECT pg_advisory_unlock_all()")

    def close(self) -> None:
        self._connection.close()


def eventually(probe: Callable[[], T | None]) -> T:
    """Return what `probe` returns as soon as that is not None."""
    deadline = time.monotonic() + DEADLINE_S
    while (found := probe()) is None:
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
    return found
