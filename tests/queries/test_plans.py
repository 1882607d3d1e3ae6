"""`pagespace-db queries explain`: plans, what reads a large table from end to end, and golden files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pagespace_codegen.queries_command import queries
from pagespace_db.cli.context import CommandContext

SCHEMA = """
CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE posts (
  id bigint PRIMARY KEY, author_id bigint NOT NULL REFERENCES users, editor_id bigint, title text NOT NULL,
  is_hidden boolean NOT NULL
);
CREATE INDEX ON posts (author_id);
CREATE INDEX ON posts (id) WHERE is_hidden;
CREATE TABLE events (day date NOT NULL, what text NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE INDEX ON events (day);
"""
PROJECT = '[tool.pagespace_db]\nlarge = ["posts", "ev*s"]\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "schema.sql").write_text(SCHEMA, encoding="utf-8")
    (tmp_path / "queries").mkdir()
    return tmp_path


def explain(folder: Path, server_url: str, text: str, *options: str) -> Result:
    (folder / "queries" / "q.sql").write_text(text, encoding="utf-8")
    return CliRunner().invoke(queries, ["explain", "--server", server_url, *options], obj=CommandContext(start=folder))


READING = {
    "by_key": "SELECT title FROM posts WHERE id = :id",
    "by_index": "SELECT p.title FROM posts p JOIN users u ON u.id = p.author_id WHERE u.name = :name",
    "by_title": "SELECT id FROM posts WHERE title = :title",
    "by_editor": "SELECT p.id FROM users u JOIN posts p ON p.editor_id = u.id WHERE u.id = :id",
    "counted": "SELECT count(*) FROM posts",
    "hidden": "SELECT id FROM posts WHERE is_hidden",
    "newest": "SELECT id FROM posts ORDER BY id DESC LIMIT :limit",
    "sorted": "SELECT id FROM posts ORDER BY id",
    "small": "SELECT id FROM users WHERE name = :name",
    "of_day": "SELECT what FROM events WHERE day = :day",
    "of_kind": "SELECT day FROM events WHERE what = :what",
    "changed": "UPDATE posts SET title = '' WHERE title = :title RETURNING id",
    "accepted": "-- allow: reads-all\nSELECT id FROM posts WHERE title = :title",
}


def test_what_no_index_serves_is_found_on_large_tables(folder: Path, server_url: str) -> None:
    text = "".join(f"-- name: {name} :many\n{sql};\n" for name, sql in READING.items())
    result = explain(folder, server_url, text, "--json")
    assert result.exit_code == 0, result.output
    read = {query["name"]: query["reads_all"] for query in json.loads(result.stdout)["queries"]}
    posts = ["public.posts"]
    assert {name: tables for name, tables in read.items() if tables} == {
        "by_index": ["public.users"],
        "by_title": posts,
        "by_editor": posts,
        "counted": posts,
        "sorted": posts,
        "small": ["public.users"],
        "of_kind": ["public.events", "public.events_2026"],
        "changed": posts,
        "accepted": posts,
    }
    warned = [line.split("`")[1] for line in result.stderr.splitlines() if "warning[reads-all]" in line]
    assert warned == ["by_title", "by_editor", "counted", "sorted", "of_kind", "changed"]


def test_the_text_is_the_plan_of_each_variant(folder: Path, server_url: str) -> None:
    sql = "SELECT id FROM users WHERE id > :id\n AND name = :name --? name\n"
    result = explain(folder, server_url, f"-- name: found :many\n{sql};\n-- name: nothing :exec\nRESET ALL;\n")
    assert result.exit_code == 0, result.output
    headings = [line for line in result.stdout.splitlines() if line and not line.startswith(" ")]
    assert headings == ["q.found (with name)", "q.found (without name)"]
    assert "(id > $1)" in result.stdout
    assert "cost=" not in result.stdout


def test_plans_are_pinned_by_a_file(folder: Path, server_url: str) -> None:
    text = "-- name: by_key :opt\nSELECT name FROM users WHERE id = :id;\n"
    golden = folder / "queries.plan"
    missing = explain(folder, server_url, text, "--check", str(golden))
    assert missing.exit_code != 0
    golden.write_text(explain(folder, server_url, text).stdout, encoding="utf-8")
    assert "users_pkey" in golden.read_text(encoding="utf-8")
    same = explain(folder, server_url, text, "--check", str(golden))
    assert (same.exit_code, same.stdout) == (0, "")
    other = explain(folder, server_url, text.replace("id = :id", "id + 0 = :id"), "--check", str(golden))
    assert other.exit_code == 1
    assert any(line.startswith("-") and "Index Cond: (id = $1)" in line for line in other.stdout.splitlines())
