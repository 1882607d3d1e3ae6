"""Where statements begin and end; the server is asked too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pagespace_db.errors import SourceError
from pagespace_db.sqltext import split_statements

BODY = """create function f(a int) returns int begin atomic
  select case when a > 1 then case a when 2 then 1 end else 0 end;
  select 1 as end, t.end from (select 2 as end) t;
  update t set case_count = 1 returning x;
end"""


def texts(sql: str) -> list[str]:
    return [statement.text for statement in split_statements(sql)]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("", []),
        (" ; ;; -- nothing\n /* ; */ ;", []),
        ("select 1", ["select 1"]),
        ("select 1; -- done\nselect 2 ;", ["select 1", "select 2"]),
        ("-- a;b\nselect ';', $$;$$, \";\" /* ; */ ; select 2", ["select ';', $$;$$, \";\"", "select 2"]),
        (f"{BODY};select 2", [BODY, "select 2"]),
        (
            "create or replace procedure p() begin atomic insert into t values (1); end; select 1",
            ["create or replace procedure p() begin atomic insert into t values (1); end", "select 1"],
        ),
        ("create function begin() returns int return 1; select 2",
         ["create function begin() returns int return 1", "select 2"]),
        ("begin; select 1; end; select 2", ["begin", "select 1", "end", "select 2"]),
        ("create rule r as on insert to t do (select 1; select 2); select 3",
         ["create rule r as on insert to t do (select 1; select 2)", "select 3"]),
        ("select 1)); select 2", ["select 1))", "select 2"]),
    ],
)  # fmt: skip
def test_a_text_has_these_statements(sql: str, expected: list[str]) -> None:
    assert texts(sql) == expected


def test_a_statement_knows_where_it_is() -> None:
    sql = "-- first\n select 1 -- x\n ;\nselect 2"
    first, second = split_statements(sql)
    assert sql[first.start : first.end] == "select 1 -- x\n ;"
    assert sql[second.start : second.end] == second.text == "select 2"


def test_commands_of_psql_stand_alone() -> None:
    found = split_statements("\\restrict abc\nselect 1\n\\g\n")
    assert [(s.text, s.is_meta_command) for s in found] == [
        ("\\restrict abc", True),
        ("select 1", False),
        ("\\g", True),
    ]


@pytest.mark.parametrize(
    ("sql", "where", "message"),
    [
        ("select 1;\nselect 'abc;", "a.sql:2:8", "this string does not end"),
        ('select "abc', "a.sql:1:8", "this quoted name does not end"),
        ("select 1; /* x /* */", "a.sql:1:11", "this comment does not end"),
        ("create function f()\n as $body$ $bod$", "a.sql:2:5", "this dollar-quoted string $body$ does not end"),
    ],
)
def test_quotes_that_do_not_end_are_located(sql: str, where: str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        split_statements(sql, Path("a.sql"))
    (finding,) = caught.value.findings
    assert str(finding.location) == where
    assert finding.message == message


_FRAGMENTS = st.sampled_from([
    "1", "'a;b'", "'it''s;'", r"'back\slash'", r"E'\';'", r"e'\\'", "U&'\\0061;'", "b'01'::text", "X'1f'::text",
    "N'n;'", "'two' \n 'parts;'", "E'a'\n'\\';'", "'a' -- ;\n 'b;'", "$$;$$", "$x$ ; $$ $y$ $x$", "$é$;$é$", "1--;\n",
    "1/* ; */", "1 /* /* ; */ ; */", "2*/* ; */3", "3-/*;*/-4", "4 - -5", "(array[1,2,3])[1:2]", "(select 1)",
    "case when true then ';' end", '1 as ";"', '1 as "a"";b"', '1 as U&"d\\0061t;"', "1 as x$y", "1 as é", "1.5e-3",
    "'{\"a\":1}'::jsonb->>'a'", "1 + +1", "@ -1", "'1'::int", "1=-1", "2<>-1", "current_setting('x;y', true)",
])  # fmt: skip
_BLANKS = st.sampled_from(["", " ", "\n", "-- ;\n", "/* ; */", "\t-- '\n", "/* ' */", '/* " */'])
_STATEMENT = st.tuples(_BLANKS, _FRAGMENTS, _BLANKS).map(lambda parts: f"{parts[0]} select {parts[1]} {parts[2]}")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(_STATEMENT, min_size=1, max_size=6), separator=st.sampled_from([";", ";;", " ; \n"]))
def test_the_server_sees_the_same_statements(server: psycopg.Connection, parts: list[str], separator: str) -> None:
    sql = separator.join(parts)
    cursor = server.cursor()
    cursor.execute(sql.encode())
    together = [cursor.fetchall()]
    while cursor.nextset():
        together.append(cursor.fetchall())
    found = split_statements(sql)
    assert [server.execute(statement.text.encode()).fetchall() for statement in found] == together


def test_the_server_accepts_every_statement_of_a_text_with_bodies(server: psycopg.Connection) -> None:
    with server.transaction(force_rollback=True):
        for statement in split_statements("create table t (case_count int, x int);\n" + BODY + ";\nselect f(2);"):
            server.execute(statement.text.encode())


@pytest.fixture(scope="module")
def server(server_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(server_url, autocommit=True) as connection:
        yield connection
