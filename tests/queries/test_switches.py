"""Optional parts and choices: the variants of a query, what is said of them together, and their functions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from psycopg import Connection

from pagespace_codegen.queries.report import DescribedQuery, report
from pagespace_codegen.queries.source.annotations import AnnotatedQuery, parse_query_file


def parsed(text: str) -> AnnotatedQuery:
    file = parse_query_file(f"-- name: a :many\n{text}", Path("q.sql"))
    assert not file.findings
    return file.queries[0]


def statements(text: str) -> dict[tuple[bool | str, ...], str]:
    """The statement of each variant, on one line."""
    return {v.settings: " ".join(v.query.statement.split()) for v in parsed(text).variants}


def test_a_marked_line_is_there_or_not() -> None:
    assert statements("SELECT 1 FROM t WHERE true\n  AND a = :a  --? a\n  AND b  --? flag\nLIMIT :n") == {
        (True, True): "SELECT 1 FROM t WHERE true AND a = $1 AND b LIMIT $2",
        (True, False): "SELECT 1 FROM t WHERE true AND a = $1 LIMIT $2",
        (False, True): "SELECT 1 FROM t WHERE true AND b LIMIT $1",
        (False, False): "SELECT 1 FROM t WHERE true LIMIT $1",
    }


def test_a_marked_part_may_stand_anywhere_and_take_several_lines() -> None:
    join = "/*? tag */JOIN tags g\n  ON g.t = t.id -- the tag\n/*?*/"
    text = f"SELECT 1 FROM t{join}WHERE true /*?tag*/ AND g.id = :tag\n/*?*/"
    assert statements(text) == {
        (True,): "SELECT 1 FROM t JOIN tags g ON g.t = t.id -- the tag WHERE true AND g.id = $1",
        (False,): "SELECT 1 FROM t WHERE true",
    }


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("a DESC, --? o = x\n b, --? o = y\n c", ["a DESC, c", "b, c"]),
        ("a DESC, --? o = x\n b --? o = y\n", ["a DESC", "b"]),
        ("a DESC --? o = x\n, b --? o = y\n", ["a DESC", "b"]),
        ("c,\n a DESC, --? o = x\n f(b, 1) --? o = y\n", ["c, a DESC", "c, f(b, 1)"]),
        ("c\n , a DESC --? o = x\n , b --? o = y\n", ["c , a DESC", "c , b"]),
        ("/*? o = x */ a, /*?*/ /*? o = y */ b, d /*?*/", ["a", "b, d"]),
    ],
)
def test_a_list_loses_the_commas_of_what_is_not_chosen(order: str, expected: list[str]) -> None:
    found = [s.partition("ORDER BY ")[2] for s in statements(f"SELECT 1 FROM t ORDER BY\n {order}").values()]
    assert found == expected


def test_the_mark_of_the_last_line_may_follow_the_semicolon_or_the_end() -> None:
    expected = {(True,): "SELECT 1 WHERE true AND $1 = 1", (False,): "SELECT 1 WHERE true"}
    for end in ("; --? x", " --? x", " --? x\n;", "; --? x\n-- name: b :one\nSELECT 2;"):
        assert statements(f"SELECT 1 WHERE true\n AND :x = 1{end}") == expected


def test_a_mark_inside_of_a_string_is_text() -> None:
    assert parsed("SELECT '--? a' || $$ --? b $$ -- ?c").variants == ()


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("SELECT 1\n--? a\n", "3:1", "nothing before this mark"),
        ("SELECT 1 --? a b\n", "2:10", "write `--? name`"),
        ("SELECT 1 /*? a */ + 1", "2:10", "does not end"),
        ("SELECT 1 /*?*/ + 1", "2:10", "not there"),
        ("SELECT :a,\n:a --? a\n", "2:8", "cannot be used outside"),
        ("SELECT $1\n AND $2 --? a\n", "3:13", "named parameters"),
        ("SELECT 1\n AND :a --? a, b\n", "3:13", "no parameter `b`"),
        ("SELECT 1\n AND :a --? a = b\n", "3:13", "cannot be a choice too"),
        ("SELECT 1\n AND a --? a = b\n AND c --? a\n", "4:12", "chosen in one place and given in another"),
        ("SELECT 1" + "".join(f"\n AND {c} --? {c}" for c in "abcdefg"), "9:12", "more than 64"),
    ],
)
def test_a_wrong_mark_is_shown(text: str, place: str, message: str) -> None:
    (finding,) = parse_query_file(f"-- name: a :many\n{text}", Path("q.sql")).findings
    assert finding.location is not None
    assert (f"{finding.location.line}:{finding.location.column}", finding.code) == (place, "switch")
    assert message in finding.message


def described(connection: Connection[Any], folder: Path, text: str) -> tuple[DescribedQuery, list[str]]:
    path = folder / "q.sql"
    path.write_text(f"-- name: a :many\n{text}", encoding="utf-8")
    found = report(connection, [path])
    return found.described[0], [f"{finding.severity}[{finding.code}]" for finding in found.all_findings]


def test_a_column_is_nullable_if_it_is_in_one_variant(sample: Connection[Any], tmp_path: Path) -> None:
    text = "SELECT nick, name FROM users WHERE true\n AND nick IS NOT NULL --? with_nick\n"
    entry, _ = described(sample, tmp_path, text)
    assert [v.description.columns[0].proved.is_nullable for v in entry.variants] == [True, True]
    assert [column.verdict.is_nullable for column in entry.description.columns] == [True, False]


def test_an_override_may_name_a_parameter_that_some_variants_lack(sample: Connection[Any], tmp_path: Path) -> None:
    entry, findings = described(
        sample, tmp_path, "-- nullable: nick_\nSELECT id FROM users WHERE true\n AND nick = :nick_ --? nick_\n"
    )
    assert findings == []
    assert [parameter.is_nullable for parameter in entry.description.parameters] == [True]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SELECT id\n , name --? with_name\n FROM users", "variant-columns"),
        ("SELECT\n id AS x --? o = a\n , name AS x --? o = b\n FROM users", "variant-columns"),
        ("SELECT id FROM users WHERE\n id = :x --? o = a\n name = :x --? o = b\n", "variant-parameter"),
        ("SELECT id FROM users WHERE\n id = :x --? x\n", "42601"),
    ],
)
def test_variants_have_to_agree(sample: Connection[Any], tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "q.sql"
    path.write_text(f"-- name: a :many\n{text}", encoding="utf-8")
    assert [finding.code for finding in report(sample, [path]).all_findings] == [code]


def test_a_refused_variant_is_named(sample: Connection[Any], tmp_path: Path) -> None:
    path = tmp_path / "q.sql"
    path.write_text("-- name: a :many\nSELECT id FROM users WHERE true\n AND nme = 'x' --? short\n", encoding="utf-8")
    (finding,) = report(sample, [path]).all_findings
    assert finding.message == 'query `a`: column "nme" does not exist; with short'
    assert finding.location is not None
    assert (finding.location.line, finding.location.column) == (3, 6)
