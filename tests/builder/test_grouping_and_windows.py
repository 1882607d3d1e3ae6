"""DISTINCT ON, grouping sets, windows and keyset pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, assert_type

import pytest

from pagespace_db import (
    Expr,
    Keyset,
    StatementError,
    Transaction,
    asc,
    concat,
    count,
    cube,
    cume_dist,
    dense_rank,
    desc,
    eq,
    first_value,
    grouping,
    grouping_sets,
    groups_between,
    gt,
    insert,
    keyset,
    lag,
    last_value,
    lead,
    left,
    length,
    lower,
    max_,
    ne,
    nth_value,
    ntile,
    opt,
    percent_rank,
    range_between,
    rank,
    rollup,
    row_number,
    rows_between,
    select,
    sum_,
)
from pagespace_db.builder.expressions import Order
from pagespace_db.builder.operators import Nulls
from tests.builder.statements import sql_of, values_of
from tests.builder.tables import UserRole, counters, drives, users

BY_ROLE = 'PARTITION BY "users"."role"'
BY_ID = 'ORDER BY "users"."id"'


def test_distinct_on_one_column(db: Transaction) -> None:
    statement = select(users.role, users.id).from_(users).distinct_on(users.role)
    ordered = statement.order_by(users.role, desc(users.id))
    assert sql_of(ordered).startswith('SELECT DISTINCT ON("users"."role") "users"."role","users"."id" FROM')
    assert db.all(ordered) == [("user", "u3"), ("admin", "u1")]


def test_distinct_on_two_columns_and_an_expression(db: Transaction) -> None:
    statement = select(users.id).from_(users).distinct_on(users.role, length(users.name))
    assert sorted(db.all(statement.order_by(users.role, length(users.name), users.id))) == ["u1", "u2"]


FIRST_LETTER = left(users.name, 1)


def test_an_expression_with_values_is_known_again_wherever_it_is_repeated(db: Transaction) -> None:
    counted = select(concat(FIRST_LETTER, "!"), count()).from_(users).where(ne(users.id, "x")).group_by(FIRST_LETTER)
    statement = counted.having(ne(FIRST_LETTER, "B"), gt(count(), 0)).order_by(desc(FIRST_LETTER))
    letter = 'left("users"."name",$1)'
    assert sql_of(statement) == (
        f'SELECT concat({letter},$2::text),count(*) FROM "public"."users" WHERE "users"."id" <> $3'
        f" GROUP BY {letter} HAVING {letter} <> $4 AND count(*) > $5 ORDER BY {letter} DESC"
    )
    assert values_of(statement) == [1, "!", "x", "B", 0]
    assert db.all(statement) == [("C!", 1), ("A!", 1)]
    inside = statement.as_("inside")
    assert db.all(select(inside[count()]).from_(users, inside).where(eq(users.id, "u1"))) == [1, 1]


def test_an_expression_with_other_values_is_another_one(db: Transaction) -> None:
    two = left(users.name, 2)
    statement = select(count()).from_(users).group_by(FIRST_LETTER, two).order_by(two)
    assert sql_of(statement).endswith(
        ' GROUP BY left("users"."name",$1),left("users"."name",$2) ORDER BY left("users"."name",$2)'
    )
    assert (values_of(statement), db.all(statement)) == ([1, 2], [1, 1, 1])


def test_distinct_on_what_is_not_selected(db: Transaction) -> None:
    statement = select(users.id).from_(users).distinct_on(FIRST_LETTER).order_by(desc(FIRST_LETTER), users.id)
    assert values_of(statement) == [1]
    assert db.all(statement) == ["u3", "u2", "u1"]


def test_an_order_by_a_query_keeps_the_values_of_the_query(db: Transaction) -> None:
    inner = select(count()).from_(drives).where(eq(left(drives.id, 1), "d"), eq(drives.owner_id, users.id))
    grouped = inner.group_by(left(drives.id, 1)).having(gt(left(drives.id, 1), "c"))
    statement = (
        select(left(users.id, 1), users.id).from_(users).order_by(desc(grouped.scalar(), nulls="last"), users.id)
    )
    assert db.all(statement) == [("u", "u1"), ("u", "u2"), ("u", "u3")]


def test_distinct_in_two_ways() -> None:
    with pytest.raises(StatementError, match="exclude each other"):
        sql_of(select(users.id).from_(users).distinct().distinct_on(users.id))
    with pytest.raises(StatementError, match="at least one expression"):
        select(users.id).from_(users).distinct_on()


def test_rollup_adds_totals(db: Transaction) -> None:
    statement = select(opt(users.role), users.bio, count()).from_(users).group_by(rollup(users.role, users.bio))
    assert sql_of(statement).endswith('GROUP BY ROLLUP ("users"."role", "users"."bio")')
    found = db.all(statement)
    assert_type(found, list[tuple[UserRole | None, str | None, int]])
    assert (None, None, 3) in found
    assert ("user", None, 2) in found


def test_what_a_grouping_set_leaves_out_needs_opt() -> None:
    with pytest.raises(StatementError, match=r"users\.role is on the optional side of an outer join or grouping"):
        sql_of(select(users.role, count()).from_(users).group_by(rollup(users.role)))
    with pytest.raises(StatementError, match=r"opt\(users\.name\)"):
        sql_of(select(lower(users.name)).from_(users).group_by(cube(users.name)))


def test_cube_and_grouping(db: Transaction) -> None:
    which = grouping(users.role, users.token_version)
    statement = select(which, count()).from_(users).group_by(cube(users.role, users.token_version))
    assert 'GROUPING("users"."role", "users"."token_version")' in sql_of(statement)
    assert sorted(db.all(statement)) == [(0, 1), (0, 2), (1, 1), (1, 2), (2, 1), (2, 2), (3, 3)]


def test_grouping_sets(db: Transaction) -> None:
    statement = select(opt(users.role), opt(users.id), count()).from_(users)
    grouped = statement.group_by(grouping_sets([users.role], [users.id], []))
    assert sql_of(grouped).endswith('GROUP BY GROUPING SETS (("users"."role"), ("users"."id"), ())')
    found = db.all(grouped)
    assert len(found) == 6
    assert (None, None, 3) in found


def test_limit_with_ties(db: Transaction) -> None:
    statement = select(users.id).from_(users).order_by(users.token_version).limit(1, with_ties=True)
    assert sql_of(statement).endswith("FETCH FIRST ($1::bigint) ROWS WITH TIES")
    assert sorted(db.all(statement)) == ["u2", "u3"]
    assert sorted(db.all(statement.offset(1))) == ["u3"]


WINDOWS: dict[str, tuple[Expr[Any, Any], str, list[object]]] = {
    "row_number": (
        row_number().over(order_by=[desc(users.id)]),
        'row_number() OVER (ORDER BY "users"."id" DESC)',
        [3, 2, 1],
    ),
    "rank": (rank().over(order_by=[users.token_version]), 'rank() OVER (ORDER BY "users"."token_version")', [3, 1, 1]),
    "dense_rank": (
        dense_rank().over(order_by=[users.token_version]),
        'dense_rank() OVER (ORDER BY "users"."token_version")',
        [2, 1, 1],
    ),
    "percent_rank": (percent_rank().over(order_by=[users.id]), f"percent_rank() OVER ({BY_ID})", [0.0, 0.5, 1.0]),
    "cume_dist": (cume_dist().over(order_by=[users.token_version]), "cume_dist() OVER (ORDER BY ", [1.0, 2 / 3, 2 / 3]),
    "ntile": (ntile(2).over(order_by=[users.id]), f"ntile($1::integer) OVER ({BY_ID})", [1, 1, 2]),
    "lag": (
        lag(users.name).over(order_by=[users.id]),
        f'lag("users"."name",$1::integer) OVER ({BY_ID})',
        [None, "Ada", "Bob"],
    ),
    "lag with a default": (
        lag(users.name, 2, "none").over(order_by=[users.id]),
        f'lag("users"."name",$1::integer,$2::text) OVER ({BY_ID})',
        ["none", "none", "Ada"],
    ),
    "lead": (lead(users.bio).over(order_by=[users.id]), "lead(", [None, "third", None]),
    "first_value": (
        first_value(users.id).over(partition_by=[users.role], order_by=[users.id]),
        f"OVER ({BY_ROLE} {BY_ID})",
        ["u1", "u2", "u2"],
    ),
    "last_value": (
        last_value(users.id).over(order_by=[users.id], frame=rows_between(None, None)),
        "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING",
        ["u3", "u3", "u3"],
    ),
    "nth_value": (nth_value(users.id, 2).over(order_by=[users.id]), "nth_value(", [None, "u2", "u2"]),
    "an aggregate": (
        sum_(users.token_version).over(),
        'CAST(sum("users"."token_version") OVER () AS bigint)',
        [5, 5, 5],
    ),
    "count": (count().over(partition_by=[users.role]), f"count(*) OVER ({BY_ROLE})", [1, 2, 2]),
    "a filtered aggregate": (
        count().filter(eq(users.role, "user")).over(),
        'count(*) FILTER (WHERE "users"."role" = $1) OVER ()',
        [2, 2, 2],
    ),
    "a moving frame": (
        sum_(users.token_version).over(order_by=[users.id], frame=rows_between(-1, 0)),
        "ROWS BETWEEN $1::bigint PRECEDING AND CURRENT ROW",
        [3, 4, 2],
    ),
    "a frame that looks ahead": (
        max_(users.id).over(order_by=[users.id], frame=rows_between(0, 1)),
        "ROWS BETWEEN CURRENT ROW AND $1::bigint FOLLOWING",
        ["u2", "u3", "u3"],
    ),
    "groups and exclusion": (
        count().over(order_by=[users.token_version], frame=groups_between(None, 0, exclude="current row")),
        "GROUPS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW",
        [2, 1, 1],
    ),
    "range": (
        count().over(order_by=[users.token_version], frame=range_between(None, 0)),
        "RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW",
        [3, 2, 2],
    ),
}


@pytest.mark.parametrize(("expression", "text", "expected"), WINDOWS.values(), ids=WINDOWS.keys())
def test_a_window_function(db: Transaction, expression: Expr[Any, Any], text: str, expected: list[object]) -> None:
    statement = select(expression).from_(users).order_by(users.id)
    assert text in sql_of(statement)
    assert db.all(statement) == expected


def test_window_functions_say_what_may_be_none() -> None:
    assert_type(row_number().over(order_by=[users.id]), Expr[int, int])
    assert_type(lag(users.name).over(), Expr[str, str | None])
    assert_type(lag(users.name, 1, "x").over(), Expr[str, str])
    assert_type(count().over(), Expr[int, int])
    assert_type(sum_(users.token_version).over(), Expr[int, int | None])
    sql_of(select(row_number().over(), lag(users.name).over(), lag(users.name, 1, "x").over()).from_(users))


def test_a_frame_that_ends_before_it_begins() -> None:
    with pytest.raises(StatementError, match="cannot begin at 1 and end at 0"):
        rows_between(1, 0)


# ---- keyset pages


def test_pages_by_the_place_of_the_last_row(db: Transaction) -> None:
    newest = keyset(desc(users.created_at), desc(users.id))
    page = select(users.created_at, users.id).from_(users).order_by(*newest.terms).limit(2)
    first = db.all(page.where(newest.after(None)))
    assert [user for _, user in first] == ["u3", "u2"]
    second = page.where(newest.after(first[-1]))
    assert ' WHERE ("users"."created_at", "users"."id") < ($1, $2) ORDER BY ' in sql_of(second)
    assert values_of(second) == [dt.datetime(2026, 1, 2, tzinfo=dt.UTC), "u2", 2]
    assert [user for _, user in db.all(second)] == ["u1"]


def test_pages_backwards(db: Transaction) -> None:
    newest = keyset(desc(users.created_at), desc(users.id))
    page = select(users.id).from_(users).where(newest.before((dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "u1")))
    assert db.all(page.order_by(*newest.backwards).limit(2)) == ["u2", "u3"]


def test_pages_in_an_order_of_two_directions(db: Transaction) -> None:
    mixed = keyset(asc(users.token_version), desc(users.id))
    statement = select(users.id).from_(users).where(mixed.after((1, "u3"))).order_by(*mixed.terms)
    assert ' WHERE "users"."token_version" > $1 OR ("users"."token_version" = $2 AND "users"."id" < $3)' in sql_of(
        statement
    )
    assert db.all(statement) == ["u2", "u1"]


def test_pages_by_one_column(db: Transaction) -> None:
    by_id = keyset(asc(users.id))
    statement = select(users.id).from_(users).where(by_id.after(("u1",))).order_by(*by_id.terms)
    assert '"users"."id" > $1' in sql_of(statement)
    assert db.all(statement) == ["u2", "u3"]


@pytest.mark.parametrize("nulls", [None, "first", "last"])
@pytest.mark.parametrize("direction", [asc, desc])
def test_pages_whose_order_has_nulls_in_it(
    db: Transaction, direction: Callable[..., Order[str | None]], nulls: Nulls | None
) -> None:
    drive_ids = ["n1", "n2", "n3"]
    db.execute(insert(drives).rows([{"id": id_, "owner_id": "u1", "name": None} for id_ in drive_ids]))
    by_name = keyset(direction(drives.name, nulls=nulls), desc(drives.id))
    assert_type(by_name, Keyset[str | None, str])
    page = select(drives.name, drives.id).from_(drives)
    whole = db.all(page.order_by(*by_name.terms))
    assert db.all(page.order_by(*by_name.backwards)) == whole[::-1]
    for index, place in enumerate(whole):
        assert db.all(page.where(by_name.after(place)).order_by(*by_name.terms)) == whole[index + 1 :]
        assert db.all(page.where(by_name.before(place)).order_by(*by_name.terms)) == whole[:index]


def test_a_keyset_refuses_places_that_do_not_fit() -> None:
    with pytest.raises(StatementError, match="the place has 1 values, for an order of 2 terms"):
        keyset(asc(users.name), asc(users.id)).after(("a",))  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(StatementError, match="never true"):
        keyset(asc(counters.id)).after((None,))  # type: ignore[arg-type]  # the mistake under test
