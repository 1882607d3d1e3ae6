"""Files of annotated queries: names, commands, docstrings, directives and parameters."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagespace_codegen.queries.source.annotations import AnnotatedQuery, Command, parse_query_file

PATH = Path("queries/pages.sql")


def one(text: str) -> AnnotatedQuery:
    file = parse_query_file(text, PATH)
    assert file.findings == ()
    (query,) = file.queries
    return query


def codes(text: str) -> list[tuple[str | None, str]]:
    return [(finding.code, str(finding.location)) for finding in parse_query_file(text, PATH).findings]


def test_a_query_has_a_name_a_command_and_a_docstring() -> None:
    query = one("-- About this file.\n\n-- name: pages :many\n-- Live pages.\n--\n-- Parents first.\nSELECT 1;\n")
    assert (query.name, query.command, query.source) == ("pages", Command.MANY, "SELECT 1")
    assert query.doc == "Live pages.\n\nParents first."


def test_a_block_comment_is_a_docstring_too() -> None:
    assert one("-- name: a :one\n/* Live pages.\n * Parents first. */\nSELECT 1").doc == "Live pages.\nParents first."


@pytest.mark.parametrize("command", list(Command))
def test_every_command_is_known(command: Command) -> None:
    assert one(f"-- name: a :{command}\nSELECT 1").command is command


def test_named_parameters_are_numbered_in_order_and_repeated() -> None:
    query = one("-- name: a :many\nSELECT :x, :y::text, :x, a[1:2], ':z', \":z\" -- :z\nFROM t WHERE b = $$ :z $$")
    assert query.parameters == ("x", "y")
    assert query.statement == "SELECT $1, $2::text, $1, a[1:2], ':z', \":z\" -- :z\nFROM t WHERE b = $$ :z $$"


def test_positional_parameters_have_names_by_number() -> None:
    assert one("-- name: a :many\nSELECT $2, $1").parameters == ("p1", "p2")


def test_named_and_positional_parameters_do_not_mix() -> None:
    assert codes("-- name: a :many\nSELECT :x, $1") == [("parameters", "queries/pages.sql:2:12")]


def test_a_variable_of_psql_is_refused() -> None:
    assert codes("-- name: a :many\nSELECT :'x'") == [("parameters", "queries/pages.sql:2:8")]


def test_a_declared_type_becomes_a_cast() -> None:
    query = one("-- name: a :many\n-- param: since timestamp with time zone\nSELECT :since")
    assert query.statement == "SELECT CAST($1 AS timestamp with time zone)"
    assert query.doc == ""


def test_directives_are_read() -> None:
    query = one(
        "-- name: a :many\n-- nullable: b, c\n-- notnull: d\n-- type: e shop.models:E\n-- row: Brief\n"
        "-- allow: many-rows narrow-parameter\nSELECT 1"
    )
    assert set(query.nullable) == {"b", "c"}
    assert set(query.not_null) == {"d"}
    assert query.types == {"e": "shop.models:E"}
    assert query.row == "Brief"
    assert query.allowed == {"many-rows", "narrow-parameter"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT 1;", [("no-name", "queries/pages.sql:1:1")]),
        ("-- name: a :many\nSELECT 1; SELECT 2", [("no-name", "queries/pages.sql:2:11")]),
        ("-- name: a :many\n", [("no-statement", "queries/pages.sql:1:10")]),
        ("-- name: a :many\n-- name: b :many\nSELECT 1", [("no-statement", "queries/pages.sql:1:10")]),
        ("-- name: a\nSELECT 1", [("annotation", "queries/pages.sql:1:10")]),
        ("-- name: a :mnay\nSELECT 1", [("annotation", "queries/pages.sql:1:13")]),
        ("-- name: a-b :many\nSELECT 1", [("annotation", "queries/pages.sql:1:10")]),
        ("-- name: a :one\nSELECT 1;\n-- name: a :one\nSELECT 2", [("duplicate-name", "queries/pages.sql:3:10")]),
        ("-- name: a :one\n-- param: y int\nSELECT :x", [("unused-parameter", "queries/pages.sql:2:11")]),
        ("\\i other.sql\n", [("psql-command", "queries/pages.sql:1:1")]),
        ("-- name: a :one\nSELECT 'x", [("unterminated", "queries/pages.sql:2:8")]),
    ],
)
def test_a_mistake_is_found_at_its_place(text: str, expected: list[tuple[str, str]]) -> None:
    assert codes(text) == expected


def test_the_nearest_command_is_named() -> None:
    (finding,) = parse_query_file("-- name: a :mnay\nSELECT 1", PATH).findings
    assert finding.help is not None
    assert "did you mean `:many`?" in finding.help


def test_a_wrong_annotation_does_not_hide_the_other_queries() -> None:
    file = parse_query_file("-- name: a :x\nSELECT 1;\n-- name: b :one\nSELECT 2;", PATH)
    assert [query.name for query in file.queries] == ["b"]


@given(st.lists(st.sampled_from(["SELECT ", ":a", ":bcd", " ", "\n", "x", "'s'", "::text", ","]), max_size=30))
def test_a_place_in_the_statement_is_a_place_in_the_file(parts: list[str]) -> None:
    text = "-- name: q :many\nSELECT " + " ".join(parts)
    query = one(text)
    for position, character in enumerate(query.statement):
        inside = any(p.statement_start <= position < p.statement_end for p in query.placeholders)
        assert text[query.source_offset(position)] == (":" if inside else character)


@pytest.mark.parametrize(
    "directive",
    [
        "-- type: a decimal",
        "-- type: a",
        "-- type: a b:C d",
        "-- type: a 1:2",
        "-- row:",
        "-- row: 1st",
        "-- row: class",
    ],
)
def test_a_directive_that_would_make_wrong_code_is_found(directive: str) -> None:
    (finding,) = parse_query_file(f"-- name: q :many\n{directive}\nSELECT 1 AS a;", Path("q.sql")).findings
    assert finding.location is not None
    assert (finding.code, finding.location.line) == ("annotation", 2)
