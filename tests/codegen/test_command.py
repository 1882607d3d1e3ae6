"""`pagespace-db codegen` from a shell: texts, JSON and exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.projects import write_project

SCHEMA = "CREATE TABLE users (id text PRIMARY KEY);\n"


def run(root: Path, server_url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pagespace_db", "--project", str(root), "codegen", "--server", server_url]
    return subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_project(tmp_path, {"schema.sql": SCHEMA}).root


def test_it_says_what_it_wrote(root: Path, server_url: str) -> None:
    first, second = run(root, server_url), run(root, server_url)
    assert first.stdout.startswith("wrote 5 files, 0 unchanged in ")
    assert second.stdout.startswith("wrote 0 files, 4 unchanged in ")
    assert (first.returncode, second.returncode) == (0, 0)


def test_check_exits_1_with_a_diff_and_0_when_nothing_would_change(root: Path, server_url: str) -> None:
    stale = run(root, server_url, "--check")
    assert stale.returncode == 1
    assert "+users: UsersTable = UsersTable()\n" in stale.stdout
    assert stale.stderr == "5 files out of date: run `pagespace-db codegen`\n"
    run(root, server_url)
    fresh = run(root, server_url, "--check")
    assert (fresh.returncode, fresh.stdout, fresh.stderr) == (0, "", "")


def test_json_names_the_files(root: Path, server_url: str) -> None:
    result = json.loads(run(root, server_url, "--json").stdout)
    assert result["ok"] is True
    assert result["changed"]["db/tables.py"] == "written"


def test_a_mistake_in_the_schema_exits_4_and_is_shown_at_its_place(root: Path, server_url: str) -> None:
    (root / "schema.sql").write_text("CREATE TABLE users (\n  id txet\n);\n", encoding="utf-8")
    done = run(root, server_url)
    assert done.returncode == 4
    assert done.stderr.startswith('schema.sql:2:6: error[42704]: type "txet" does not exist\n')
    finding = json.loads(run(root, server_url, "--json").stdout)["error"]["findings"][0]
    assert (finding["path"], finding["line"], finding["column"], finding["code"]) == ("schema.sql", 2, 6, "42704")


def test_a_server_that_is_not_there_exits_3(root: Path) -> None:
    done = run(root, "postgresql://nobody@127.0.0.1:1/none")
    assert done.returncode == 3
    assert "no PostgreSQL answers at 127.0.0.1, port 1" in done.stderr


@pytest.mark.parametrize("place", ["before", "after", "joined"])
def test_the_project_may_be_named_before_or_after_the_command(root: Path, server_url: str, place: str) -> None:
    option = {"before": [], "after": ["--project", str(root)], "joined": [f"--project={root}"]}[place]
    first = ["--project", str(root)] if place == "before" else []
    command = [sys.executable, "-m", "pagespace_db", *first, "codegen", "--check", "--server", server_url, *option]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root.parent)
    assert (done.returncode, done.stderr) == (1, "5 files out of date: run `pagespace-db codegen`\n")
