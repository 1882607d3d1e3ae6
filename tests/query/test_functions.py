"""Every function and calculation as SQL, parameters, type and value."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, assert_type

import pytest

from pagespace_db import (
    Expr,
    StatementError,
    Transaction,
    add,
    avg,
    case,
    cast,
    coalesce,
    count,
    count_distinct,
    eq,
    excluded,
    insert,
    is_null,
    json_text,
    length,
    lower,
    max_,
    min_,
    multiply,
    select,
    sql,
    subtract,
    sum_,
    upper,
)
from tests.query.statements import sql_of, values_of
from tests.query.tables import counters, drives, pages, users


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
    assert values_of(statement) == [*case.values, "u1"]
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
