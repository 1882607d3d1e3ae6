"""Every condition as SQL, parameters and rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest

from pagespace_db import (
    Cond,
    StatementError,
    Transaction,
    and_,
    array_contained,
    array_contains,
    array_has,
    array_overlaps,
    between,
    contains,
    ends_with,
    eq,
    eq_or_null,
    exists,
    gt,
    gte,
    ilike,
    in_array,
    in_rows,
    is_distinct_from,
    is_not_distinct_from,
    is_not_null,
    is_not_true,
    is_null,
    is_true,
    json_contained,
    json_contains,
    json_has_all,
    json_has_any,
    json_has_key,
    json_matches,
    like,
    lt,
    lte,
    matches,
    matches_regex,
    ne,
    not_,
    not_between,
    not_exists,
    not_ilike,
    not_in_array,
    not_like,
    or_,
    select,
    sql,
    starts_with,
    to_tsvector,
)
from pagespace_db.builder.expressions import Operand
from pagespace_db.builder.functions.search import Syntax
from tests.builder.statements import sql_of, values_of
from tests.builder.tables import drives, pages, users

NOON = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Case:
    condition: Operand[bool] | None
    sql: str
    values: list[object]
    ids: str


CASES = {
    "eq": Case(eq(users.name, "Ada"), '"users"."name" = $1', ["Ada"], "u1"),
    "eq of two columns": Case(eq(users.name, users.bio), '"users"."name" = "users"."bio"', [], ""),
    "eq of an enum": Case(eq(users.role, "admin"), '"users"."role" = $1', ["admin"], "u1"),
    "eq of an array": Case(eq(users.tags, ["b"]), '"users"."tags" = $1::text[]', [["b"]], "u2"),
    "eq of an empty array": Case(eq(users.tags, []), '"users"."tags" = $1::text[]', [[]], "u3"),
    "ne": Case(ne(users.name, "Ada"), '"users"."name" <> $1', ["Ada"], "u2 u3"),
    "ne skips NULL": Case(ne(users.bio, "first"), '"users"."bio" <> $1', ["first"], "u3"),
    "gt": Case(gt(users.token_version, 1), '"users"."token_version" > $1', [1], "u1"),
    "gte": Case(gte(users.created_at, NOON), '"users"."created_at" >= $1', [NOON], "u2 u3"),
    "lt": Case(lt(users.created_at, NOON), '"users"."created_at" < $1', [NOON], "u1"),
    "lte": Case(lte(users.token_version, 1), '"users"."token_version" <= $1', [1], "u2 u3"),
    "between": Case(
        between(users.token_version, 2, users.token_version),
        '"users"."token_version" BETWEEN $1 AND "users"."token_version"',
        [2],
        "u1",
    ),
    "is_null": Case(is_null(users.bio), '"users"."bio" IS NULL', [], "u2"),
    "is_not_null": Case(is_not_null(users.bio), '"users"."bio" IS NOT NULL', [], "u1 u3"),
    "is_distinct_from": Case(
        is_distinct_from(users.bio, "first"), '"users"."bio" IS DISTINCT FROM $1::text', ["first"], "u2 u3"
    ),
    "is_distinct_from None": Case(
        is_distinct_from(users.bio, None), '"users"."bio" IS DISTINCT FROM $1::text', [None], "u1 u3"
    ),
    "is_not_distinct_from None": Case(
        is_not_distinct_from(users.bio, None), '"users"."bio" IS NOT DISTINCT FROM $1::text', [None], "u2"
    ),
    "eq_or_null": Case(eq_or_null(users.bio, "third"), '"users"."bio" = $1', ["third"], "u3"),
    "eq_or_null None": Case(eq_or_null(users.bio, None), '"users"."bio" IS NULL', [], "u2"),
    "in_array": Case(in_array(users.id, ["u1", "u3"]), '"users"."id" = ANY($1::text[])', [["u1", "u3"]], "u1 u3"),
    "in_array of nothing": Case(in_array(users.id, []), '"users"."id" = ANY($1::text[])', [[]], ""),
    "in_array of a set": Case(in_array(users.id, {"u2"}), '"users"."id" = ANY($1::text[])', [["u2"]], "u2"),
    "in_array of an enum": Case(
        in_array(users.role, ("admin",)), '"users"."role" = ANY($1::public.user_role[])', [["admin"]], "u1"
    ),
    "in_array of a query": Case(
        in_array(users.id, select(drives.owner_id).from_(drives).where(eq(drives.id, "d3"))),
        '"users"."id" IN (SELECT "drives"."owner_id" FROM "public"."drives" WHERE "drives"."id" = $1)',
        ["d3"],
        "u2",
    ),
    "not_in_array": Case(not_in_array(users.id, ["u1"]), '"users"."id" <> ALL($1::text[])', [["u1"]], "u2 u3"),
    "not_in_array of nothing": Case(not_in_array(users.bio, []), '"users"."bio" <> ALL($1::text[])', [[]], "u1 u2 u3"),
    "not_in_array of a query": Case(
        not_in_array(users.id, select(drives.owner_id).from_(drives)),
        '"users"."id" NOT IN (SELECT "drives"."owner_id" FROM "public"."drives")',
        [],
        "u3",
    ),
    "like": Case(like(users.email, "%b%x"), '"users"."email" LIKE $1', ["%b%x"], "u2"),
    "ilike": Case(ilike(users.name, "AD_"), '"users"."name" ILIKE $1', ["AD_"], "u1"),
    "contains": Case(contains(users.email, "d@"), '"users"."email" LIKE $1', ["%d@%"], "u3"),
    "contains takes wildcards as text": Case(
        contains(users.email, "%_\\"), '"users"."email" LIKE $1', ["%\\%\\_\\\\%"], ""
    ),
    "starts_with": Case(starts_with(users.email, "bob"), '"users"."email" LIKE $1', ["bob%"], "u2"),
    "ends_with": Case(ends_with(users.email, "d@x"), '"users"."email" LIKE $1', ["%d@x"], "u3"),
    "array_contains": Case(array_contains(users.tags, ["b"]), '"users"."tags" @> $1::text[]', [["b"]], "u1 u2"),
    "array_contained": Case(array_contained(users.tags, {"b"}), '"users"."tags" <@ $1::text[]', [["b"]], "u2 u3"),
    "array_overlaps": Case(array_overlaps(users.tags, ["a", "z"]), '"users"."tags" && $1::text[]', [["a", "z"]], "u1"),
    "array_has": Case(array_has(users.tags, "a"), '$1 = ANY("users"."tags")', ["a"], "u1"),
    "not_between": Case(
        not_between(users.token_version, 2, 9), 'NOT "users"."token_version" BETWEEN $1 AND $2', [2, 9], "u2 u3"
    ),
    "not_like": Case(not_like(users.name, "A%"), '"users"."name" NOT LIKE $1', ["A%"], "u2 u3"),
    "not_ilike": Case(not_ilike(users.name, "a%"), '"users"."name" NOT ILIKE $1', ["a%"], "u2 u3"),
    "contains without case": Case(
        contains(users.name, "AD", ignore_case=True), '"users"."name" ILIKE $1', ["%AD%"], "u1"
    ),
    "matches_regex": Case(matches_regex(users.name, "^[AB]"), '"users"."name" ~ $1', ["^[AB]"], "u1 u2"),
    "matches_regex without case": Case(
        matches_regex(users.name, "^a", ignore_case=True), '"users"."name" ~* $1', ["^a"], "u1"
    ),
    "is_true": Case(is_true(eq(users.bio, "first")), '("users"."bio" = $1) IS TRUE', ["first"], "u1"),
    "is_not_true": Case(is_not_true(eq(users.bio, "first")), '("users"."bio" = $1) IS NOT TRUE', ["first"], "u2 u3"),
    "json_has_key": Case(json_has_key(users.settings, "theme"), '"users"."settings" ? $1::text', ["theme"], "u1 u2"),
    "json_has_any": Case(
        json_has_any(users.settings, "n", "x"), '"users"."settings" ?| $1::text[]', [["n", "x"]], "u1"
    ),
    "json_has_all": Case(
        json_has_all(users.settings, "theme", "x"), '"users"."settings" ?& $1::text[]', [["theme", "x"]], ""
    ),
    "json_matches": Case(
        json_matches(users.settings, "$.n.deep[*] ? (@ == 2)"),
        '"users"."settings" @? $1::jsonpath',
        ["$.n.deep[*] ? (@ == 2)"],
        "u1",
    ),
    "not_exists": Case(
        not_exists(select(drives.id).from_(drives).where(eq(drives.owner_id, users.id))),
        'NOT EXISTS (SELECT "drives"."id" FROM "public"."drives" WHERE "drives"."owner_id" = "users"."id")',
        [],
        "u3",
    ),
    "exists, correlated": Case(
        exists(select(drives.id).from_(drives).where(eq(drives.owner_id, users.id), drives.is_trashed)),
        'EXISTS (SELECT "drives"."id" FROM "public"."drives"'
        ' WHERE "drives"."owner_id" = "users"."id" AND "drives"."is_trashed")',
        [],
        "u1",
    ),
    "not_ exists": Case(
        not_(exists(select(drives.id).from_(drives).where(eq(drives.owner_id, users.id)))),
        'NOT EXISTS (SELECT "drives"."id" FROM "public"."drives" WHERE "drives"."owner_id" = "users"."id")',
        [],
        "u3",
    ),
    "and_": Case(
        and_(eq(users.role, "user"), None, is_null(users.bio)),
        '"users"."role" = $1 AND "users"."bio" IS NULL',
        ["user"],
        "u2",
    ),
    "and_ of one": Case(and_(None, eq(users.id, "u1")), '"users"."id" = $1', ["u1"], "u1"),
    "and_ of nothing is no condition": Case(and_(None, None), "", [], "u1 u2 u3"),
    "or_ inside and_": Case(
        and_(or_(eq(users.id, "u1"), eq(users.id, "u2")), is_null(users.bio)),
        '("users"."id" = $1 OR "users"."id" = $2) AND "users"."bio" IS NULL',
        ["u1", "u2"],
        "u2",
    ),
    "and_ inside or_": Case(
        or_(and_(eq(users.id, "u1"), eq(users.id, "u2")), eq(users.id, "u3")),
        '("users"."id" = $1 AND "users"."id" = $2) OR "users"."id" = $3',
        ["u1", "u2", "u3"],
        "u3",
    ),
    "not_ of or_": Case(
        not_(or_(eq(users.id, "u1"), eq(users.id, "u2"))),
        'NOT ("users"."id" = $1 OR "users"."id" = $2)',
        ["u1", "u2"],
        "u3",
    ),
    "a fragment keeps its own precedence": Case(
        and_(eq(users.id, "u1"), sql[bool]("{} = 'Bob' OR {} = {}", users.name, users.name, "Cyd")),
        '"users"."id" = $1 AND ("users"."name" = \'Bob\' OR "users"."name" = $2::text)',
        ["u1", "Cyd"],
        "",
    ),
    "NOT of a fragment": Case(
        not_(sql[bool]("{} = 'Bob' OR {} = 'Cyd'", users.name, users.name)),
        'NOT ("users"."name" = \'Bob\' OR "users"."name" = \'Cyd\')',
        [],
        "u1",
    ),
    "a percent sign in a fragment": Case(
        sql[bool]("{} LIKE '%d%' AND 5 % 2 = 1", users.name), '"users"."name" LIKE \'%d%\' AND 5 % 2 = 1', [], "u1 u3"
    ),
    "braces in a fragment": Case(
        sql[bool]("{} = '{{b}}'::text[]", users.tags), '"users"."tags" = \'{b}\'::text[]', [], "u2"
    ),
    "a table in a fragment": Case(sql[bool]("({}).id = {}", users, "u3"), '("users").id = $1::text', ["u3"], "u3"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_condition_gives_its_sql_its_parameters_and_its_rows(db: Transaction, case: Case) -> None:
    statement = select(users.id).from_(users).where(case.condition).order_by(users.id)
    where = f" WHERE {case.sql}" if case.sql else ""
    assert sql_of(statement) == f'SELECT "users"."id" FROM "public"."users"{where} ORDER BY "users"."id"'
    assert values_of(statement) == case.values
    assert db.all(statement) == case.ids.split()


@pytest.mark.parametrize(
    ("typed", "ids"),
    [("child page", ["p2"]), ("root or grandchild", ["p1", "p3"]), ("page -child", ["p1"]), ('"page child"', [])],
)
def test_matches_searches_what_a_person_typed(db: Transaction, typed: str, ids: list[str]) -> None:
    statement = select(pages.id).from_(pages).where(matches(pages.words, typed)).order_by(pages.id)
    assert '"pages"."words" @@ websearch_to_tsquery($1::regconfig,$2)' in sql_of(statement)
    assert values_of(statement) == ["simple", typed]
    assert db.all(statement) == ids


@pytest.mark.parametrize(
    ("condition", "text", "ids"),
    [
        (json_contains(users.settings, {"n": {"deep": [2]}}), '"users"."settings" @> $1::jsonb', ["u1"]),
        (json_contained(users.settings, {"theme": None, "x": 1}), '"users"."settings" <@ $1::jsonb', ["u2", "u3"]),
        (eq(users.settings, {}), '"users"."settings" = $1', ["u3"]),
    ],
)
def test_json_documents_are_compared_as_json(db: Transaction, condition: Cond, text: str, ids: list[str]) -> None:
    statement = select(users.id).from_(users).where(condition).order_by(users.id)
    assert f" WHERE {text} ORDER" in sql_of(statement)
    assert db.all(statement) == ids


@pytest.mark.parametrize(
    ("syntax", "typed", "ids"),
    [("plain", "page root", ["p1"]), ("phrase", "page root", []), ("tsquery", "root | child", ["p1", "p2"])],
)
def test_matches_reads_other_syntaxes(db: Transaction, syntax: Syntax, typed: str, ids: list[str]) -> None:
    found = select(pages.id).from_(pages).where(matches(pages.words, typed, syntax=syntax)).order_by(pages.id)
    assert db.all(found) == ids
    assert db.all(select(pages.id).from_(pages).where(matches(to_tsvector(pages.title), typed, syntax=syntax))) == ids


def test_a_shape_does_not_depend_on_its_values() -> None:
    first = select(users).from_(users).where(eq(users.id, "a"), in_array(users.name, ["b"]))
    second = select(users).from_(users).where(eq(users.id, "c"), in_array(users.name, ["d", "e"]))
    assert first._compiled is second._compiled


def test_conditions_refuse_what_is_no_condition() -> None:
    with pytest.raises(StatementError, match="must be an expression, not str"):
        select(users).from_(users).where("1 = 1")  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(StatementError, match="must be an expression, not bool"):
        and_(True)  # type: ignore[call-overload]  # the mistake under test
    with pytest.raises(StatementError, match="no truth value"):
        bool(eq(users.id, "a"))


def test_a_comparison_with_none_is_refused() -> None:
    with pytest.raises(StatementError, match="is never true"):
        eq(users.bio, None)  # type: ignore[arg-type]  # the mistake under test


def test_a_single_text_is_not_a_list_of_values() -> None:
    with pytest.raises(StatementError, match="a list of values is needed here, not str"):
        in_array(users.id, "abc")  # type: ignore[call-overload]  # the mistake under test


@pytest.mark.parametrize("template", ["$1 = {}", "{", "{}, {}", "a } b", "{name}"])
def test_a_fragment_refuses_a_template_that_does_not_fit(template: str) -> None:
    with pytest.raises(StatementError):
        sql[bool](template, users.id)  # pyright: ignore[reportArgumentType]  # pyright sees that it is no literal


def test_rows_of_columns_are_found_in_a_list_or_a_query(db: Transaction) -> None:
    def ids(condition: Cond) -> list[str]:
        return db.all(select(drives.id).from_(drives).where(condition).order_by(drives.id))

    pairs = [("u1", "Work"), ("u2", "Home"), ("u2", "Work")]
    listed = in_rows((drives.owner_id, drives.name), pairs)
    assert ids(listed) == ["d1", "d3"]
    sql, parameters = select(drives.id).from_(drives).where(listed).to_sql()
    assert sql.endswith(
        'WHERE ("drives"."owner_id", "drives"."name") IN (SELECT * FROM unnest($1::text[], $2::text[]))'
    )
    assert parameters == [["u1", "u2", "u2"], ["Work", "Home", "Work"]]
    none: list[tuple[str, str]] = []
    assert ids(in_rows((drives.owner_id, drives.name), none)) == []
    owned = select(drives.id, users.id).from_(drives, users).where(ne(users.id, "u2"))
    assert ids(in_rows((drives.id, drives.owner_id), owned)) == ["d1", "d2"]
    broken: list[Any] = [("a",)]
    with pytest.raises(StatementError, match="2 columns have as many values each"):
        in_rows((drives.id, drives.name), broken)
    broken = [("a", None)]
    with pytest.raises(StatementError, match="has None in it"):
        in_rows((drives.id, drives.name), broken)
