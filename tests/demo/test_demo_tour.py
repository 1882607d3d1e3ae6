"""The demo as a newcomer sees it, on a database with nothing but the migrations."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg

from examples.demo.workspace import make_workspace
from pagespace_db.settings import process_environment

ROOT = Path(__file__).resolve().parents[2]


def take_tour(url: str) -> str:
    environment = process_environment() | {"DATABASE_URL": url}
    command = [sys.executable, "-m", "examples.demo.tour"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_tour_can_be_taken_twice(workspace_database: str) -> None:
    expected = {table.table: len(table.rows) for table in make_workspace()}

    first = take_tour(workspace_database)
    assert f"Seeded {sum(expected.values()):,} rows" in first
    assert "Ada Lovelace" in first
    assert "chat_messages             50,000 rows" in first
    second = take_tour(workspace_database)
    assert "The workspace is there already." in second
    assert second.count("┏") == first.count("┏") == 11

    with psycopg.connect(workspace_database) as connection:
        for table, count in expected.items():
            found = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
            assert (table, found) == (table, (count,))
        assert connection.execute("SELECT count(*) FROM activity_log_default").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM pages WHERE is_trashed").fetchone() == (0,)
        in_trees = connection.execute(
            "WITH RECURSIVE tree AS (SELECT id FROM pages WHERE parent_id IS NULL"
            " UNION ALL SELECT p.id FROM pages p JOIN tree t ON p.parent_id = t.id) SELECT count(*) FROM tree"
        )
        assert in_trees.fetchone() == (expected["pages"],)


def test_the_tour_says_which_setting_is_missing() -> None:
    environment = {name: value for name, value in process_environment().items() if name != "DATABASE_URL"}
    command = [sys.executable, "-m", "examples.demo.tour"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("error: DATABASE_URL is not set")
