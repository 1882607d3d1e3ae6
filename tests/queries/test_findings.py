"""What is said of queries that the server accepts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from psycopg import Connection

from pagespace_codegen.queries.report import report
from pagespace_db.errors import render_finding


def findings(connection: Connection[Any], folder: Path, text: str) -> list[str]:
    path = folder / "q.sql"
    path.write_text(text, encoding="utf-8")
    found = report(connection, [path])
    return [
        f"{finding.location.line if finding.location else 0}:{finding.location.column if finding.location else 0}"
        f" {finding.severity}[{finding.code}]"
        for finding in found.all_findings
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-- name: a :one\nSELECT id FROM users", ["1:10 warning[many-rows]"]),
        ("-- name: a :one\n-- allow: many-rows\nSELECT id FROM users", []),
        ("-- name: a :opt\nSELECT id FROM users WHERE id = :id", []),
        ("-- name: a :many\nDELETE FROM kv", ["1:10 error[no-rows]"]),
        (
            "-- name: a :one\nINSERT INTO kv VALUES ('a', 'b')\nON CONFLICT DO NOTHING RETURNING k",
            ["3:1 warning[conflict-without-row]"],
        ),
        (
            "-- name: a :one\nWITH n AS (INSERT INTO kv VALUES (:k, 'b') ON CONFLICT DO NOTHING RETURNING k) TABLE n",
            ["2:44 warning[conflict-without-row]"],
        ),
        (
            "-- name: a :many\nSELECT id FROM users WHERE id NOT IN (SELECT editor_id FROM posts)",
            ["2:31 warning[not-in-null]"],
        ),
        (
            "-- name: a :many\nSELECT id FROM users WHERE id <> ALL (SELECT editor_id FROM posts)",
            ["2:31 warning[not-in-null]"],
        ),
        ("-- name: a :many\nSELECT id FROM users WHERE id = ALL (SELECT editor_id FROM posts)", []),
        ("-- name: a :many\nSELECT id FROM users WHERE id NOT IN (SELECT author_id FROM posts)", []),
        ("-- name: a :many\nSELECT id FROM users WHERE id = 1.5", ["2:28 warning[cast-on-index]"]),
        ("-- name: a :many\nSELECT name FROM users WHERE id IN (1.5, :x)", ["2:30 warning[cast-on-index]"]),
        ("-- name: a :many\nSELECT id FROM users WHERE id = ANY (:ids::numeric[])", ["2:28 warning[cast-on-index]"]),
        ("-- name: a :many\nSELECT id FROM users WHERE id::text = :id", ["2:28 warning[cast-on-index]"]),
        ("-- name: a :many\nSELECT id::text, id + 1.5 AS more FROM users", []),
        (
            "-- name: a :many\nSELECT id FROM users WHERE id BETWEEN :a::numeric AND :b::numeric",
            ["2:28 warning[cast-on-index]"],
        ),
        ("-- name: a :many\nSELECT id FROM users WHERE age = 1.5", []),
        (
            "-- name: a :exec\nUPDATE users SET prefs = jsonb_set(prefs, '{a}', to_jsonb(nick))",
            ["2:26 warning[json-set-null]"],
        ),
        ("-- name: a :exec\nUPDATE users SET prefs = jsonb_set(prefs, '{a}', to_jsonb(name))", []),
        (
            "-- name: a :exec\nUPDATE users SET prefs = prefs || jsonb_set('{}', '{a}', to_jsonb(nick))",
            ["2:35 warning[json-set-null]"],
        ),
        ("-- name: a :exec\nUPDATE users SET prefs = coalesce(jsonb_set(prefs, '{a}', to_jsonb(nick)), '{}')", []),
        (
            "-- name: a :many\nSELECT name FROM users WHERE id > coalesce(:after, 0)",
            ["2:44 warning[narrow-parameter]"],
        ),
        ("-- name: a :many\nSELECT name FROM users WHERE id > coalesce(:after::bigint, 0)", []),
        ("-- name: a :many\nSELECT name FROM users WHERE id = ANY (:ids::int[])", ["2:40 warning[narrow-parameter]"]),
        ("-- name: a :exec\nUPDATE users SET age = :age::smallint", ["2:24 warning[narrow-parameter]"]),
        ("-- name: a :exec\nUPDATE users SET age = age + :age", []),
        ("-- name: a :many\nSELECT u.id, p.id FROM users u, posts p", ["2:16 error[duplicate-column]"]),
        ("-- name: a :many\n-- nullable: nmae\nSELECT name FROM users", ["2:14 error[unknown-name]"]),
        ("-- name: a :many\n-- nullable: name\nSELECT name FROM users", ["2:14 warning[needless-override]"]),
        ("-- name: a :many\n-- notnull: nick\nSELECT nick FROM users", []),
        (
            "-- name: a :many\n-- nullable: nick\n-- notnull: nick\nSELECT nick FROM users",
            ["3:13 error[contradiction]"],
        ),
        ("-- name: a :many\nSELECT :x IS NULL", ["2:8 error[42P18]"]),
        ("-- name: a :many\nSELECT 'ä', :x::int,\n  titel FROM posts", ["3:3 error[42703]"]),
    ],
)
def test_a_mistake_is_found_at_its_place(
    sample: Connection[Any], tmp_path: Path, text: str, expected: list[str]
) -> None:
    assert findings(sample, tmp_path, text) == expected


def test_an_unknown_column_is_explained(sample: Connection[Any], tmp_path: Path) -> None:
    path = tmp_path / "posts.sql"
    path.write_text("-- name: list_posts :many\nSELECT p.titel FROM posts p;\n", encoding="utf-8")
    (finding,) = report(sample, [path]).all_findings
    columns = "id, author_id, editor_id, title, body, score, views, published"
    assert render_finding(finding).replace(str(path), "posts.sql").splitlines() == [
        "posts.sql:2:8: error[42703]: query `list_posts`: column p.titel does not exist",
        "    2 | SELECT p.titel FROM posts p;",
        "      |        ^^^^^^^",
        f"help: did you mean `title`? columns of `posts`: {columns}, ...",
    ]


@pytest.mark.parametrize(
    ("sql", "guess"),
    [("SELECT * FROM posst", "did you mean `posts`?"), ("SELECT lowr('A')", "did you mean `lower`?")],
)
def test_the_nearest_name_is_offered(sample: Connection[Any], tmp_path: Path, sql: str, guess: str) -> None:
    path = tmp_path / "q.sql"
    path.write_text(f"-- name: a :many\n{sql};\n", encoding="utf-8")
    (finding,) = report(sample, [path]).all_findings
    assert finding.help == guess


def test_every_message_says_what_where_and_how_to_mend(sample: Connection[Any], tmp_path: Path) -> None:
    folder = Path(__file__).parent / "findings"
    path = tmp_path / "mistakes.sql"
    path.write_text((folder / "mistakes.sql").read_text(encoding="utf-8"), encoding="utf-8")
    shown = "".join(f"{render_finding(finding)}\n\n" for finding in report(sample, [path]).all_findings)
    assert shown.replace(str(path), "mistakes.sql") == (folder / "expected.txt").read_text(encoding="utf-8")
