"""`*` and whole rows become explicit columns, with the same values."""

from __future__ import annotations

from typing import Any, Final

import pytest
from psycopg import Connection

from pagespace_codegen.queries.analysis import Description, Question, describe
from pagespace_codegen.queries.expand import CannotExpand, Expansion, ResultRow, expand
from tests.queries.random_rows import fill_tables

KV: Final = '"kv"."k", "kv"."v"'


def expanded(connection: Connection[Any], sql: str) -> Expansion:
    found = describe(connection, [Question(sql=sql)])
    (answer,) = found.answers
    assert isinstance(answer, Description), answer
    return expand(sql, answer, found.references)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT * FROM kv", 'SELECT "kv"."k", "kv"."v" FROM kv'),
        ("SELECT DISTINCT ON (k) * FROM kv", 'SELECT DISTINCT ON (k) "kv"."k", "kv"."v" FROM kv'),
        ("SELECT 1 AS one, x.* FROM kv x", 'SELECT 1 AS one, x."k", x."v" FROM kv x'),
        ("SELECT x.*, y.id, y.* FROM kv x, mails y", 'SELECT x."k", x."v", y.id, y."id", y."addr" FROM kv x, mails y'),
        ("SELECT * FROM (SELECT * FROM kv) s(a, b)", 'SELECT "s"."a", "s"."b" FROM (SELECT * FROM kv) s(a, b)'),
        (
            "SELECT * FROM kv x JOIN (SELECT k, 1 AS n FROM kv) y USING (k)",
            'SELECT "x"."k", "x"."v", "y"."n" FROM kv x JOIN (SELECT k, 1 AS n FROM kv) y USING (k)',
        ),
        ("WITH w AS (SELECT * FROM kv) SELECT * FROM w", 'WITH w AS (SELECT * FROM kv) SELECT "w"."k", "w"."v" FROM w'),
        ("DELETE FROM kv RETURNING *, k AS again", 'DELETE FROM kv RETURNING "kv"."k", "kv"."v", k AS again'),
        ("SELECT count(*), 2 * 3 AS n FROM kv", "SELECT count(*), 2 * 3 AS n FROM kv"),
        (
            "SELECT k IS DISTINCT FROM v AS differs, x.* FROM kv x",
            'SELECT k IS DISTINCT FROM v AS differs, x."k", x."v" FROM kv x',
        ),
        ("SELECT x FROM kv x", 'SELECT x."k", x."v" FROM kv x'),
        ('SELECT 1 AS "from", x.* FROM kv x -- *', 'SELECT 1 AS "from", x."k", x."v" FROM kv x -- *'),
        (
            "SELECT * FROM kv UNION SELECT x.* FROM kv x ORDER BY k",
            'SELECT "kv"."k", "kv"."v" FROM kv UNION SELECT x."k", x."v" FROM kv x ORDER BY k',
        ),
        (
            "(SELECT * FROM kv LIMIT 1) EXCEPT ALL ((TABLE kv) INTERSECT SELECT v AS union, k FROM kv)",
            f"(SELECT {KV} FROM kv LIMIT 1) EXCEPT ALL ((SELECT {KV} FROM kv) INTERSECT SELECT v AS union, k FROM kv)",
        ),
        (
            "WITH kv AS (TABLE kv) (SELECT * FROM kv) UNION ALL (WITH z AS (TABLE kv) SELECT z.* FROM z)",
            f'WITH kv AS (TABLE kv) (SELECT {KV} FROM kv) UNION ALL (WITH z AS (TABLE kv) SELECT z."k", z."v" FROM z)',
        ),
        ("VALUES ('a', 'b') UNION SELECT * FROM kv", 'VALUES (\'a\', \'b\') UNION SELECT "kv"."k", "kv"."v" FROM kv'),
        ("TABLE kv", 'SELECT "kv"."k", "kv"."v" FROM kv'),
        ("((SELECT x FROM kv x))", '((SELECT x."k", x."v" FROM kv x))'),
        ("VALUES (1, '*')", "VALUES (1, '*')"),
    ],
)
def test_a_star_is_spelled_out(sample: Connection[Any], sql: str, expected: str) -> None:
    assert expanded(sample, sql).sql == expected


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM users u JOIN posts p ON p.author_id = u.id",
        "SELECT u.*, p.id AS pid, p.* FROM users u LEFT JOIN posts p ON p.author_id = u.id",
        "SELECT * FROM users NATURAL JOIN (SELECT id, 1 AS one FROM posts) p",
        "SELECT * FROM users FULL JOIN posts USING (id)",
        "SELECT * FROM (users u JOIN posts p ON p.id = u.id) AS j(a, b, c)",
        "SELECT * FROM generate_series(1, 3) WITH ORDINALITY AS g(n, place)",
        "SELECT v.*, s.* FROM v_posts v CROSS JOIN LATERAL (SELECT v.id + 1 AS next) s",
        "SELECT author_id, count(*) AS n FROM posts GROUP BY author_id",
    ],
)
def test_the_expanded_statement_gives_the_same_rows(sample: Connection[Any], sql: str) -> None:
    fill_tables(sample, 1, count=4)
    # Python has no infinite time, and no NaN equals another.
    sample.execute("UPDATE users SET created_at = '2020-01-01', deleted_at = NULL; UPDATE posts SET score = 1")
    assert sample.execute(expanded(sample, sql).sql.encode()).fetchall() == sample.execute(sql.encode()).fetchall()


def test_a_nested_row_knows_where_its_columns_are(sample: Connection[Any]) -> None:
    found = expanded(sample, "SELECT u.id, p AS post, c FROM users u LEFT JOIN posts p ON true LEFT JOIN kv c ON true")
    _, post, pair = found.items
    assert isinstance(post, ResultRow)
    assert isinstance(pair, ResultRow)
    assert (post.start, post.presence, post.is_nullable, post.relation.name) == (1, 1, True, "posts")
    assert (pair.start, pair.presence) == (10, 10)


def test_a_table_without_a_certain_column_gets_a_flag(sample: Connection[Any]) -> None:
    sample.execute("CREATE TABLE loose (a integer, b integer); INSERT INTO loose VALUES (NULL, NULL)")
    sql = "SELECT l FROM (VALUES (1), (2)) v(n) LEFT JOIN loose l ON v.n = 1 ORDER BY v.n"
    found = expanded(sample, sql)
    (row,) = found.items
    assert isinstance(row, ResultRow)
    assert row.presence_is_flag
    assert [values[row.presence] for values in sample.execute(found.sql.encode())] == [False, True]


@pytest.mark.parametrize("sql", ["SELECT (f_one_user(1)).*", "SELECT *, s.* FROM kv, unnest(ARRAY[1]) s"])
def test_what_cannot_be_told_apart_is_refused(sample: Connection[Any], sql: str) -> None:
    with pytest.raises(CannotExpand, match="list"):
        expanded(sample, sql)
