"""`pagespace-db describe`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pagespace_codegen.describe_command import describe
from pagespace_db.cli.context import CommandContext

SCHEMA = "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, nick text);"
QUERIES = """\
-- name: user_by_id :opt
-- A user.
SELECT id, name, nick FROM users WHERE id = :id;

-- name: rename :exec
UPDATE users SET name = $2, nick = $3 WHERE id = $1;
"""
BROKEN = """\
-- name: broken :many
SELECT
  nmae FROM users;

-- name: fine :many
SELECT count(*) AS n FROM users;
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "schema.sql").write_text(SCHEMA, encoding="utf-8")
    (tmp_path / "queries.sql").write_text(QUERIES, encoding="utf-8")
    (tmp_path / "broken.sql").write_text(BROKEN, encoding="utf-8")
    return tmp_path


def run(folder: Path, server_url: str, *arguments: str) -> Result:
    options = ["--schema", str(folder / "schema.sql"), "--server", server_url]
    return CliRunner().invoke(describe, [*options, *arguments], obj=CommandContext(start=folder))


def test_json_describes_every_query(folder: Path, server_url: str) -> None:
    result = run(folder, server_url, "--json", str(folder / "queries.sql"))
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == {
        "v": 1,
        "ok": True,
        "queries": [
            {
                "name": "user_by_id",
                "command": "opt",
                "sql": "SELECT id, name, nick FROM users WHERE id = $1",
                "rows": "0..1",
                "params": [{"name": "id", "type": "bigint", "nullable": False}],
                "columns": [
                    {"name": "id", "type": "bigint", "nullable": False, "why": "users.id is NOT NULL"},
                    {"name": "name", "type": "text", "nullable": False, "why": "users.name is NOT NULL"},
                    {"name": "nick", "type": "text", "nullable": True, "why": "users.nick may be NULL"},
                ],
            },
            {
                "name": "rename",
                "command": "exec",
                "sql": "UPDATE users SET name = $2, nick = $3 WHERE id = $1",
                "rows": "0..1",
                "params": [
                    {"name": "p1", "type": "bigint", "nullable": False},
                    {"name": "p2", "type": "text", "nullable": False},
                    {"name": "p3", "type": "text", "nullable": True},
                ],
                "columns": [],
            },
        ],
    }


def test_a_wrong_query_is_reported_beside_the_right_ones(folder: Path, server_url: str) -> None:
    result = run(folder, server_url, "--json", str(folder / "broken.sql"))
    assert result.exit_code == 1
    answer: dict[str, Any] = json.loads(result.stdout)
    broken, fine = answer["queries"]
    assert not answer["ok"]
    assert broken["error"] == {
        "sqlstate": "42703",
        "message": 'column "nmae" does not exist',
        "line": 3,
        "column": 3,
    }
    assert [column["name"] for column in fine["columns"]] == ["n"]


def test_text_shows_the_queries_and_the_findings(folder: Path, server_url: str) -> None:
    result = run(folder, server_url, str(folder / "queries.sql"), str(folder / "broken.sql"))
    assert result.exit_code == 1
    assert "user_by_id :opt  at most one row" in result.stdout
    assert "  nick text or NULL  -- users.nick may be NULL" in result.stdout
    assert "broken.sql:3:3: error[42703]" in result.stderr
    assert "help: did you mean `name`?" in result.stderr


def test_a_file_that_is_not_there_is_named(folder: Path, server_url: str) -> None:
    result = run(folder, server_url, str(folder / "absent.sql"))
    assert result.exit_code != 0
    assert "there is no query file" in str(result.exception)
