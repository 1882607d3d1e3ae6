"""Describing statements: types, parameters, refusals; and nothing is ever executed."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import Connection

from pagespace_codegen.queries.analysis import Description, Question, describe
from pagespace_codegen.queries.server import ServerError
from pagespace_codegen.queries.views import view_columns


def described(connection: Connection[Any], sql: str, **said: frozenset[Any]) -> Description:
    (answer,) = describe(connection, [Question(sql=sql, **said)]).answers
    assert isinstance(answer, Description), answer
    return answer


def test_domains_and_enums_keep_their_names(sample: Connection[Any]) -> None:
    columns = described(sample, "SELECT level, mood, level + 1 AS next, 'a@b'::email AS mail FROM users").columns
    assert [column.type for column in columns] == ["posint", "mood", "integer", "email"]


def test_a_column_knows_the_table_it_comes_from(sample: Connection[Any]) -> None:
    columns = described(sample, "SELECT u.name, lower(u.name) FROM users u").columns
    oid = sample.execute("SELECT 'users'::regclass::oid").fetchone()
    assert oid is not None
    assert [(column.relation_oid, column.attribute) for column in columns] == [(oid[0], 2), (0, 0)]


def test_a_whole_row_knows_its_table(sample: Connection[Any]) -> None:
    columns = described(sample, "SELECT u, p FROM users u LEFT JOIN posts p ON p.author_id = u.id").columns
    oids = [sample.execute(f"SELECT '{name}'::regclass::oid").fetchone() for name in ("users", "posts")]
    assert [(column.whole_row_of,) for column in columns] == oids
    assert [column.verdict.is_nullable for column in columns] == [False, True]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("INSERT INTO mails VALUES ($1, $2)", [False, False]),
        ("INSERT INTO kv SELECT * FROM (VALUES ($1::text, $2::text)) v", [False, True]),
        ("INSERT INTO kv SELECT 'a', $1 UNION ALL SELECT 'b', $2", [True, True]),
        ("WITH s AS (SELECT $1::text AS k, $2::text AS v) INSERT INTO kv SELECT k, v FROM s", [False, True]),
        ("UPDATE users SET nick = $1, name = coalesce($2, name) WHERE id = $3", [True, True, False]),
        ("INSERT INTO kv VALUES ('a', 'b') ON CONFLICT (k) DO UPDATE SET v = $1", [True]),
        ("SELECT id FROM users WHERE $1::text IS NULL OR nick = $1", [True]),
        ("SELECT id FROM users WHERE nick = $1", [False]),
        ("SELECT id FROM users LIMIT $1", [False]),
        ("INSERT INTO checked VALUES ($1, $2, $3)", [False, False, True]),
        ("SELECT coalesce(nick, $1) FROM users", [False]),
    ],
)
def test_parameters_are_nullable_where_null_means_something(
    sample: Connection[Any], sql: str, expected: list[bool]
) -> None:
    assert [parameter.is_nullable for parameter in described(sample, sql).parameters] == expected


def test_a_declared_parameter_makes_its_columns_nullable(sample: Connection[Any]) -> None:
    sql = "SELECT $1::text AS a, lower($1) AS b, coalesce($1, '') AS c"
    assert [c.verdict.is_nullable for c in described(sample, sql).columns] == [False, False, False]
    nullable = described(sample, sql, nullable=frozenset({1}))
    assert [c.verdict.is_nullable for c in nullable.columns] == [True, True, False]


def test_a_declared_column_keeps_what_was_proved(sample: Connection[Any]) -> None:
    columns = described(sample, "SELECT id, nick FROM users", not_null_columns=frozenset({"nick"})).columns
    assert [(c.verdict.is_nullable, c.proved.is_nullable) for c in columns] == [(False, False), (False, True)]


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("SELECT 1", "1"),
        ("SELECT count(*) FROM users", "1"),
        ("SELECT count(*) FROM users GROUP BY ()", "1"),
        ("SELECT 1 FROM users", "0..n"),
        ("SELECT 1 FROM users LIMIT 1", "0..1"),
        ("SELECT 1 FROM users FETCH FIRST 1 ROW WITH TIES", None),
        ("SELECT 1 FROM users WHERE id = $1", "0..1"),
        ("SELECT 1 FROM users WHERE id = id", "0..n"),
        ("SELECT 1 FROM users WHERE id = (random() * 9)::bigint", "0..n"),
        ("SELECT 1 FROM users WHERE name = $1", "0..n"),
        ("SELECT 1 FROM posts p JOIN users u ON u.id = p.author_id WHERE p.id = 1", "0..1"),
        ("SELECT 1 FROM posts p LEFT JOIN users u ON u.id = p.author_id WHERE p.id = 1", "0..1"),
        ("SELECT 1 FROM posts p LEFT JOIN comments c ON c.post_id = p.id WHERE p.id = 1", "0..n"),
        ("SELECT 1 FROM users u LEFT JOIN posts p ON true WHERE u.id = 1 AND p.id = 1", "0..n"),
        ("SELECT generate_series(1, 2)", "0..n"),
        ("WITH a AS (SELECT count(*) AS n FROM users), b AS (SELECT n FROM a) SELECT n FROM b", "1"),
        ("SELECT 1 UNION ALL SELECT 2", "0..n"),
        ("SELECT 1 INTERSECT SELECT id::int FROM users", "0..1"),
        ("INSERT INTO kv VALUES ('a', 'b') RETURNING k", "1"),
        ("INSERT INTO kv VALUES ('a', 'b') ON CONFLICT DO NOTHING RETURNING k", "0..1"),
        ("INSERT INTO kv VALUES ('a', 'b') ON CONFLICT (k) DO UPDATE SET v = 'c' RETURNING k", "1"),
        ("DELETE FROM kv WHERE k = 'a' RETURNING k", "0..1"),
        ("SELECT 1 FROM kv WHERE k = 'a' FOR UPDATE", "0..1"),
    ],
)
def test_the_number_of_rows(sample: Connection[Any], sql: str, rows: str | None) -> None:
    (answer,) = describe(sample, [Question(sql=sql)]).answers
    assert (str(answer.rows) if isinstance(answer, Description) else None) == rows


@pytest.mark.parametrize(
    ("sql", "sqlstate", "position"),
    [
        ("SELECT titel FROM posts", "42703", 8),
        ("SELECT 1; SELECT 2", "42601", None),
        ("SELECT 1; END; DROP TABLE users; --", "42601", None),
        ("SELECT $1 IS NULL", "42P18", None),
        ("SELECT 'ä', x", "42703", 13),
    ],
)
def test_a_refusal_has_its_code_and_place(
    sample: Connection[Any], sql: str, sqlstate: str, position: int | None
) -> None:
    (answer,) = describe(sample, [Question(sql=sql)]).answers
    assert isinstance(answer, ServerError)
    assert (answer.sqlstate, answer.position) == (sqlstate, position)


def test_one_refusal_does_not_spoil_the_others(sample: Connection[Any]) -> None:
    questions = [Question(sql=sql) for sql in ("SELECT 1", "SELECT x", "SHOW all", "SELECT name FROM users")]
    first, second, third, fourth = describe(sample, questions).answers
    assert isinstance(second, ServerError)
    assert isinstance(third, Description)
    assert third.tree is None
    assert isinstance(first, Description)
    assert isinstance(fourth, Description)
    assert not fourth.columns[0].verdict.is_nullable


def test_nothing_is_executed_and_nothing_is_left_behind(sample: Connection[Any]) -> None:
    sample.execute("CREATE SEQUENCE calls")
    questions = [
        Question(sql=sql)
        for sql in (
            "SELECT nextval('calls')",
            "INSERT INTO kv VALUES ('executed', NULL) RETURNING k",
            "DROP TABLE kv",
            "SELECT pg_sleep(3600)",
        )
    ]
    describe(sample, questions)
    assert sample.execute("SELECT is_called FROM calls").fetchone() == (False,)
    assert sample.execute("SELECT count(*) FROM kv WHERE k = 'executed'").fetchone() == (0,)
    left = sample.execute("SELECT count(*) FROM pg_proc WHERE proname LIKE 'pagespace%'").fetchone()
    assert left == (0,)


def test_many_statements_are_described_in_order(sample: Connection[Any]) -> None:
    questions = [Question(sql=f"SELECT {number} AS c{number}") for number in range(500)]
    answers = describe(sample, questions).answers
    names = [answer.columns[0].name for answer in answers if isinstance(answer, Description)]
    assert names == [f"c{number}" for number in range(500)]


def test_no_statements_are_described_as_nothing(sample: Connection[Any]) -> None:
    assert describe(sample, []).answers == ()


def test_views_have_verdicts_by_column(sample: Connection[Any]) -> None:
    row = sample.execute("SELECT 'v_posts'::regclass::oid, 'm_titles'::regclass::oid").fetchone()
    assert row is not None
    found = view_columns(sample, row)
    assert [found[row[0]][number].is_nullable for number in (1, 2, 3, 4)] == [False, False, False, True]
    assert [found[row[1]][number].is_nullable for number in (1, 2, 3)] == [False, False, True]
