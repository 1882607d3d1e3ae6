"""Every function and calculation as SQL, parameters, type and value."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, assert_type

import pytest

from pagespace_db import (
    Expr,
    StatementError,
    Transaction,
    abs_,
    add,
    array_agg,
    array_append,
    array_concat,
    array_get,
    array_length,
    array_remove,
    at_time_zone,
    avg,
    bool_and,
    bool_or,
    case,
    cast,
    ceil,
    clock_timestamp,
    coalesce,
    concat,
    constant,
    constant_of,
    count,
    count_distinct,
    current_date,
    date_add,
    date_difference,
    date_subtract,
    date_trunc,
    desc,
    divide,
    eq,
    excluded,
    extract,
    floor,
    greatest,
    gt,
    insert,
    is_null,
    json_agg,
    json_get,
    json_merge,
    json_object,
    json_remove,
    json_set,
    json_text,
    least,
    left,
    length,
    lower,
    max_,
    min_,
    modulo,
    multiply,
    now,
    nullif,
    or_,
    percentile,
    random,
    replace,
    right,
    round_,
    select,
    sql,
    stddev,
    string_agg,
    string_concat,
    substring,
    subtract,
    sum_,
    to_char,
    to_tsvector,
    trim,
    ts_headline,
    ts_rank,
    upper,
    variance,
)
from tests.builder.statements import sql_of, values_of
from tests.builder.tables import counters, drives, pages, users


@dataclass(frozen=True)
class Case:
    expression: Expr[Any, Any]
    sql: str
    expected: object
    values: list[object] = field(default_factory=list[object])


AGGREGATES = {
    "count": Case(count(), "count(*)", 3),
    "count of a column skips NULL": Case(count(users.bio), 'count("users"."bio")', 2),
    "count_distinct": Case(count_distinct(users.role), 'count(DISTINCT "users"."role")', 2),
    "sum_ of ints is an int": Case(sum_(users.token_version), 'CAST(sum("users"."token_version") AS bigint)', 5),
    "avg": Case(
        avg(users.token_version), 'CAST(avg("users"."token_version") AS numeric)', Decimal("1.6666666666666667")
    ),
    "min_": Case(min_(users.name), 'min("users"."name")', "Ada"),
    "max_": Case(max_(users.name), 'max("users"."name")', "Cyd"),
    "coalesce": Case(
        coalesce(sum_(users.token_version), 0),
        'coalesce(CAST(sum("users"."token_version") AS bigint),$1::bigint)',
        5,
        [0],
    ),
    "stddev": Case(
        stddev(users.token_version),
        'CAST(stddev("users"."token_version") AS numeric)',
        Decimal("1.1547005383792515"),
    ),
    "variance": Case(
        variance(users.token_version),
        'CAST(variance("users"."token_version") AS numeric)',
        Decimal("1.3333333333333333"),
    ),
    "bool_and": Case(bool_and(gt(users.token_version, 1)), 'bool_and("users"."token_version" > $1)', False, [1]),
    "bool_or": Case(bool_or(gt(users.token_version, 1)), 'bool_or("users"."token_version" > $1)', True, [1]),
    "array_agg in an order": Case(
        array_agg(users.bio).order_by(desc(users.id)),
        'array_agg("users"."bio" ORDER BY "users"."id" DESC)',
        ["third", None, "first"],
    ),
    "string_agg": Case(
        string_agg(users.name, "|").order_by(users.name),
        'string_agg("users"."name", $1 ORDER BY "users"."name")',
        "Ada|Bob|Cyd",
        ["|"],
    ),
    "json_agg": Case(
        json_agg(users.token_version).order_by(users.id),
        'jsonb_agg("users"."token_version" ORDER BY "users"."id")',
        [3, 1, 1],
    ),
    "distinct": Case(sum_(users.token_version).distinct(), 'CAST(sum(DISTINCT "users"."token_version") AS bigint)', 4),
    "filter": Case(
        count().filter(eq(users.role, "user"), None), 'count(*) FILTER (WHERE "users"."role" = $1)', 2, ["user"]
    ),
    "a filtered sum of ints": Case(
        sum_(users.token_version).filter(or_(eq(users.id, "u1"), eq(users.id, "u2")), gt(users.token_version, 1)),
        'CAST(sum("users"."token_version") FILTER (WHERE ("users"."id" = $1 OR "users"."id" = $2)'
        ' AND "users"."token_version" > $3) AS bigint)',
        3,
        ["u1", "u2", 1],
    ),
    "percentile": Case(
        percentile(users.token_version, 0.5),
        'CAST(percentile_cont($1::double precision) WITHIN GROUP (ORDER BY "users"."token_version")'
        " AS double precision)",
        1.0,
        [0.5],
    ),
}

SCALARS = {
    "lower": Case(lower(users.name), 'lower("users"."name")', "ada"),
    "upper": Case(upper(users.name), 'upper("users"."name")', "ADA"),
    "length": Case(length(users.bio), 'length("users"."bio")', 5),
    "add": Case(add(users.token_version, 4), '"users"."token_version" + $1', 7, [4]),
    "subtract": Case(subtract(users.token_version, -4), '"users"."token_version" - $1', 7, [-4]),
    "multiply": Case(
        multiply(add(users.token_version, 1), subtract(users.token_version, 1)),
        '("users"."token_version" + $1) * ("users"."token_version" - $2)',
        8,
        [1, 1],
    ),
    "coalesce with a value": Case(coalesce(users.bio, "none"), 'coalesce("users"."bio",$1::text)', "first", ["none"]),
    "json_text": Case(
        json_text(users.settings, "n", "deep", 1), '"users"."settings" #>> $1::text[]', "2", [["n", "deep", "1"]]
    ),
    "json_text of nothing": Case(json_text(users.settings, "no"), '"users"."settings" #>> $1::text[]', None, [["no"]]),
    "cast": Case(cast(users.token_version, users.name), 'CAST("users"."token_version" AS text)', "3"),
    "case with an end": Case(
        case(is_null(users.bio), 1).when(eq(users.name, "Ada"), 2).end(),
        'CASE WHEN "users"."bio" IS NULL THEN $1::bigint WHEN "users"."name" = $2 THEN $3::bigint END',
        2,
        [1, "Ada", 2],
    ),
    "case with else": Case(
        case(is_null(users.bio), users.name).else_("else"),
        'CASE WHEN "users"."bio" IS NULL THEN "users"."name" ELSE $1::text END',
        "else",
        ["else"],
    ),
    "divide": Case(divide(users.token_version, 2), '"users"."token_version" / $1', 1, [2]),
    "modulo": Case(modulo(users.token_version, 2), '"users"."token_version" % $1', 1, [2]),
    "minus a negative number": Case(subtract(constant(1), constant(-1)), "$1::bigint - $2::bigint", 2, [1, -1]),
    "abs_": Case(abs_(subtract(users.token_version, 5)), 'CAST(abs("users"."token_version" - $1) AS integer)', 2, [5]),
    "ceil": Case(ceil(constant(1.2)), "CAST(ceil($1::double precision) AS double precision)", 2.0, [1.2]),
    "floor of an integer": Case(floor(users.token_version), 'CAST(floor("users"."token_version") AS integer)', 3),
    "round_": Case(
        round_(constant(Decimal("1.255")), 2), "round($1::numeric,$2::integer)", Decimal("1.26"), [Decimal("1.255"), 2]
    ),
    "greatest": Case(
        greatest(users.token_version, 5, users.token_version),
        'greatest("users"."token_version",$1::integer,"users"."token_version")',
        5,
        [5],
    ),
    "least": Case(least(users.name, "Abc"), 'least("users"."name",$1::text)', "Abc", ["Abc"]),
    "nullif": Case(nullif(users.name, "Ada"), 'nullif("users"."name",$1)', None, ["Ada"]),
    "constant of a column's type": Case(constant_of(users.role, "user"), "$1::public.user_role", "user", ["user"]),
    "cast to a class": Case(cast(users.token_version, str), 'CAST("users"."token_version" AS text)', "3"),
    "cast of a value": Case(cast(constant("5"), int), "CAST($1::text AS bigint)", 5, ["5"]),
    "trim": Case(trim(constant("  x ")), "btrim($1::text,$2)", "x", ["  x ", " "]),
    "left": Case(left(users.email, 3), 'left("users"."email",$1)', "ada", [3]),
    "right": Case(right(users.email, 2), 'right("users"."email",$1)', "@x", [2]),
    "substring": Case(substring(users.email, 2, 2), 'substr("users"."email",$1::integer,$2::integer)', "da", [2, 2]),
    "replace": Case(replace(users.email, "@", "%"), 'replace("users"."email",$1,$2)', "ada%x", ["@", "%"]),
    "concat": Case(
        concat(users.name, " ", users.token_version, " ", "!"),
        'concat("users"."name",$1::text,"users"."token_version",$2::text,$3::text)',
        "Ada 3 !",
        [" ", " ", "!"],
    ),
    "string_concat": Case(string_concat(users.name, "?"), '"users"."name" || $1', "Ada?", ["?"]),
    "array_length": Case(array_length(users.tags), 'cardinality("users"."tags")', 2),
    "array_get": Case(array_get(users.tags, 2), '("users"."tags")[$1::integer]', "b", [2]),
    "array_get of nothing": Case(array_get(users.tags, 3), '("users"."tags")[$1::integer]', None, [3]),
    "array_append": Case(
        array_append(users.tags, "c"), 'array_append("users"."tags",$1::text)', ["a", "b", "c"], ["c"]
    ),
    "array_remove": Case(array_remove(users.tags, "a"), 'array_remove("users"."tags",$1::text)', ["b"], ["a"]),
    "array_concat": Case(array_concat(users.tags, ["x"]), '"users"."tags" || $1::text[]', ["a", "b", "x"], [["x"]]),
    "an array of a query": Case(
        select(drives.id).from_(drives).where(eq(drives.owner_id, users.id)).order_by(drives.id).array(),
        'ARRAY(SELECT "drives"."id" FROM "public"."drives" WHERE "drives"."owner_id" = "users"."id"'
        ' ORDER BY "drives"."id")',
        ["d1", "d2"],
    ),
    "json_get": Case(
        json_get(users.settings, "n", "deep"), '"users"."settings" #> $1::text[]', [1, 2], [["n", "deep"]]
    ),
    "json_merge": Case(
        json_merge(users.settings, {"n": 1}), '"users"."settings" || $1::jsonb', {"theme": "dark", "n": 1}
    ),
    "json_set": Case(
        json_set(users.settings, ("n", "deep", 0), "x"),
        'jsonb_set("users"."settings",$1::text[],$2::jsonb)',
        {"theme": "dark", "n": {"deep": ["x", 2]}},
    ),
    "json_remove": Case(
        json_remove(users.settings, "n"), '"users"."settings" #- $1::text[]', {"theme": "dark"}, [["n"]]
    ),
    "json_object": Case(
        json_object(id=users.id, bio=users.bio),
        'jsonb_build_object($1::text,"users"."id",$2::text,"users"."bio")',
        {"id": "u1", "bio": "first"},
        ["id", "bio"],
    ),
    "date_trunc": Case(
        date_trunc("month", date_add(users.created_at, dt.timedelta(days=40))),
        'date_trunc(\'month\',"users"."created_at" + $1::interval)',
        dt.datetime(2026, 2, 1, tzinfo=dt.UTC),
        [dt.timedelta(days=40)],
    ),
    "date_trunc in a time zone": Case(
        date_trunc("day", users.created_at, time_zone="Asia/Tokyo"),
        'date_trunc(\'day\',"users"."created_at",$1::text)',
        dt.datetime(2025, 12, 31, 15, tzinfo=dt.UTC),
        ["Asia/Tokyo"],
    ),
    "extract": Case(extract("year", users.created_at), 'date_part(\'year\',"users"."created_at")', 2026.0),
    "date_subtract": Case(
        date_subtract(users.created_at, dt.timedelta(hours=1)),
        '"users"."created_at" - $1::interval',
        dt.datetime(2025, 12, 31, 23, tzinfo=dt.UTC),
        [dt.timedelta(hours=1)],
    ),
    "date_difference": Case(
        date_difference(users.created_at, dt.datetime(2025, 12, 30, tzinfo=dt.UTC)),
        '"users"."created_at" - $1::timestamp with time zone',
        dt.timedelta(days=2),
        [dt.datetime(2025, 12, 30, tzinfo=dt.UTC)],
    ),
    "at_time_zone": Case(
        at_time_zone(users.created_at, "Asia/Tokyo"),
        'timezone($1::text,"users"."created_at")',
        dt.datetime(2026, 1, 1, 9),  # noqa: DTZ001  # what a clock shows has no zone
        ["Asia/Tokyo"],
    ),
    "to_char": Case(
        to_char(at_time_zone(users.created_at, "UTC"), "YYYY-MM-DD"),
        'to_char(timezone($1::text,"users"."created_at"),$2::text)',
        "2026-01-01",
        ["UTC", "YYYY-MM-DD"],
    ),
    "ts_headline": Case(
        ts_headline(concat(users.name, " likes cats"), "cats", options="StartSel=[, StopSel=]"),
        'ts_headline($1::regconfig,coalesce(concat("users"."name",$2::text),$3),'
        "websearch_to_tsquery($4::regconfig,$5),$6)",
        "Ada likes [cats]",
        ["simple", " likes cats", "", "simple", "cats", "StartSel=[, StopSel=]"],
    ),
    "ts_rank of a match": Case(
        case(gt(ts_rank(to_tsvector(users.name), "ada"), 0.01), 1).else_(0),
        'CASE WHEN coalesce(ts_rank(to_tsvector($1::regconfig,coalesce("users"."name",$2)),'
        "websearch_to_tsquery($3::regconfig,$4)),$5::real) > $6 THEN $7::bigint ELSE $8::bigint END",
        1,
        ["simple", "", "simple", "ada", 0.0, 0.01, 1, 0],
    ),
    "a fragment": Case(sql[int]("length({}) + {}", users.name, 5), 'length("users"."name") + $1::bigint', 8, [5]),
    "a percent operator": Case(
        sql[int]("{} % {}", users.token_version, 2), '"users"."token_version" % $1::bigint', 1, [2]
    ),
}


@pytest.mark.parametrize("case", AGGREGATES.values(), ids=AGGREGATES.keys())
def test_an_aggregate_gives_its_sql_and_value(db: Transaction, case: Case) -> None:
    statement = select(case.expression).from_(users)
    assert sql_of(statement) == f'SELECT {case.sql} FROM "public"."users"'
    assert values_of(statement) == case.values
    found = db.one(statement)
    assert (type(found), found) == (type(case.expected), case.expected)


@pytest.mark.parametrize("case", SCALARS.values(), ids=SCALARS.keys())
def test_a_function_gives_its_sql_and_value(db: Transaction, case: Case) -> None:
    statement = select(case.expression).from_(users).where(eq(users.id, "u1"))
    assert sql_of(statement).startswith(f'SELECT {case.sql} FROM "public"."users"')
    assert not case.values or values_of(statement) == [*case.values, "u1"]
    found = db.one(statement)
    assert (type(found), found) == (type(case.expected), case.expected)


def test_aggregates_over_no_rows_are_none_but_a_count_is_zero(db: Transaction) -> None:
    statement = select(count(), sum_(users.token_version), avg(users.token_version), min_(users.name)).add(
        max_(users.name)
    )
    found = db.one(statement.from_(users).where(eq(users.id, "nobody")))
    assert_type(found, tuple[int, int | None, Decimal | None, str | None, str | None])
    assert found == (0, None, None, None, None)


def test_a_sum_of_numerics_keeps_its_digits(db: Transaction) -> None:
    found = db.one(select(sum_(drives.quota)).from_(drives))
    assert_type(found, Decimal | None)
    assert found == Decimal("12.5000")


def test_a_sum_of_floats_is_a_float(db: Transaction) -> None:
    assert db.one(select(sum_(pages.position)).from_(pages)) == 6.0


def test_a_case_of_enum_and_value_has_the_type_of_the_column(db: Transaction) -> None:
    statement = select(case(is_null(users.bio), users.role).else_("admin")).from_(users).order_by(users.id)
    assert "ELSE $1::public.user_role END" in sql_of(statement)
    assert db.all(statement) == ["admin", "user", "admin"]


def test_a_big_sum_beyond_bigint_is_an_error_of_the_server_not_another_type(db: Transaction) -> None:
    db.execute(insert(counters).values({"n": 2**62}, {"n": 2**62, "label": "x"}))
    with pytest.raises(Exception, match="out of range"), db.transaction():
        db.one(select(sum_(counters.n)).from_(counters))


def test_excluded_outside_an_upsert_is_refused() -> None:
    with pytest.raises(StatementError, match="excluded"):
        sql_of(select(excluded(users.name)).from_(users))


def test_a_value_of_no_sql_type_is_refused_where_it_stands_alone() -> None:
    with pytest.raises(StatementError, match="object has no PostgreSQL type"):
        sql[int]("{}", object())


def test_a_coalesce_of_a_big_sum_takes_a_big_default(db: Transaction) -> None:
    assert db.one(select(coalesce(sum_(users.token_version).filter(sql[bool]("false")), 2**40)).from_(users)) == 2**40


def test_the_clock_and_the_dice(db: Transaction) -> None:
    began, later, today, dice = db.one(select(now(), clock_timestamp(), current_date(), random()))
    assert_type(began, dt.datetime)
    assert began <= later
    assert type(today) is dt.date
    assert 0 <= dice < 1


def test_a_word_of_a_date_must_be_one_of_the_manual() -> None:
    with pytest.raises(StatementError, match="'fortnight' is no part of a date"):
        date_trunc("fortnight", users.created_at)  # type: ignore[arg-type]  # the mistake under test


def test_a_group_by_an_expression_with_values_names_its_place(db: Transaction) -> None:
    day = at_time_zone(users.created_at, "Asia/Tokyo")
    statement = select(count(), day).from_(users).group_by(day).order_by(desc(day))
    assert sql_of(statement) == (
        'SELECT count(*),timezone($1::text,"users"."created_at") FROM "public"."users" GROUP BY 2 ORDER BY 2 DESC'
    )
    assert [n for n, _ in db.all(statement)] == [1, 1, 1]


def test_a_sum_of_a_fragment_of_ints_is_an_int(db: Transaction) -> None:
    found = db.one(select(sum_(sql[int]("{}::bigint", users.token_version))).from_(users))
    assert (type(found), found) == (int, 5)


def test_a_list_in_a_fragment_is_one_array(db: Transaction) -> None:
    statement = select(users.id).from_(users).where(sql[bool]("{} = ANY({})", users.id, ["u1", "u2"]))
    assert values_of(statement) == [["u1", "u2"]]
    assert sorted(db.all(statement)) == ["u1", "u2"]
