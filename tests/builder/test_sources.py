"""Joins of all kinds, subqueries, common table expressions, functions in FROM."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_type

import pytest

from pagespace_db import (
    Expr,
    Shape,
    StatementError,
    Transaction,
    add,
    asc,
    coalesce,
    concat,
    constant,
    count,
    cte,
    delete,
    desc,
    eq,
    exists,
    generate_series,
    gt,
    in_array,
    insert,
    is_null,
    lower,
    lt,
    max_,
    opt,
    recursive,
    select,
    set_of,
    sql,
    sum_,
    unnest,
    update,
)
from tests.builder.statements import sql_of, values_of
from tests.builder.tables import Drive, Page, User, counters, drives, live_drives, pages, users

OWNED = eq(drives.owner_id, users.id)


def test_a_right_join_makes_the_sources_before_it_optional(db: Transaction) -> None:
    joined = select(opt(drives.id), users.id).from_(drives).right_join(users, OWNED).order_by(users.id, drives.id)
    assert '"public"."drives" RIGHT JOIN "public"."users" ON' in sql_of(joined)
    found = db.all(joined)
    assert_type(found, list[tuple[str | None, str]])
    assert found == [("d1", "u1"), ("d2", "u1"), ("d3", "u2"), (None, "u3")]
    with pytest.raises(StatementError, match=r"drives\.id is on the optional side of an outer join"):
        sql_of(select(drives.id).from_(drives).right_join(users, OWNED))


def test_a_full_join_makes_both_sides_optional(db: Transaction) -> None:
    on = eq(pages.drive_id, drives.id)
    joined = select(opt(pages.id), opt(drives)).from_(pages).full_join(drives, on).order_by(pages.id, drives.id)
    assert '"public"."pages" FULL OUTER JOIN "public"."drives" ON' in sql_of(joined)
    found = [(page, drive and drive.id) for page, drive in db.all(joined)]
    assert found == [("p1", "d1"), ("p2", "d1"), ("p3", "d1"), (None, "d2"), (None, "d3")]
    for item in (pages, drives):
        with pytest.raises(StatementError, match="is on the optional side"):
            sql_of(select(item).from_(pages).full_join(drives, on))


def test_a_cross_join(db: Transaction) -> None:
    joined = select(count()).from_(users).cross_join(drives)
    assert sql_of(joined) == 'SELECT count(*) FROM "public"."users" CROSS JOIN "public"."drives"'
    assert db.one(joined) == 9


def test_a_chain_of_joins(db: Transaction) -> None:
    joined = (
        select(users.name, drives.id, opt(pages.title))
        .from_(users)
        .join(drives, OWNED)
        .left_join(pages, eq(pages.drive_id, drives.id))
        .where(eq(users.id, "u1"))
        .order_by(drives.id, pages.id)
    )
    assert db.all(joined) == [
        ("Ada", "d1", "Root page"),
        ("Ada", "d1", "Child page"),
        ("Ada", "d1", "Grandchild"),
        ("Ada", "d2", None),
    ]


def test_a_lateral_subquery_sees_the_sources_before_it(db: Transaction) -> None:
    latest = (
        select(drives.id, drives.name).from_(drives).where(OWNED).order_by(desc(drives.id)).limit(1).lateral("latest")
    )
    statement = (
        select(users.id, opt(latest[drives.id]), latest[drives.name])
        .from_(users)
        .left_join(latest, sql[bool]("true"))
        .order_by(users.id)
    )
    assert sql_of(statement) == (
        'SELECT "users"."id","latest"."c1","latest"."c2" FROM "public"."users" LEFT JOIN LATERAL'
        ' (SELECT "drives"."id","drives"."name" FROM "public"."drives" WHERE "drives"."owner_id" = "users"."id"'
        ' ORDER BY "drives"."id" DESC LIMIT $1::bigint) AS "latest" ("c1", "c2") ON true ORDER BY "users"."id"'
    )
    found = db.all(statement)
    assert_type(found, list[tuple[str, str | None, str | None]])
    assert found == [("u1", "d2", None), ("u2", "d3", "Home"), ("u3", None, None)]


def test_a_subquery_that_is_not_lateral_does_not_see_them() -> None:
    plain = select(drives.id).from_(drives).where(OWNED).as_("plain")
    with pytest.raises(StatementError, match=r"users\.id is used, but users is not in this statement"):
        sql_of(select(users.id).from_(users).join(plain, sql[bool]("true")))


def test_a_column_of_an_outer_joined_subquery_needs_opt() -> None:
    counts = select(drives.owner_id, count()).from_(drives).group_by(drives.owner_id).as_("counts")
    joined = select(counts[count()]).from_(users).left_join(counts, eq(counts[drives.owner_id], users.id))
    with pytest.raises(StatementError, match="column 2 of counts is on the optional side"):
        sql_of(joined)
    sql_of(select(coalesce(counts[count()], 0)).from_(users).left_join(counts, eq(counts[drives.owner_id], users.id)))


def test_a_table_selected_in_a_subquery_is_read_as_its_rows(db: Transaction) -> None:
    owned = select(count(), drives, users.name).from_(drives).join(users, OWNED).group_by(drives.id, users.id).as_("o")
    statement = select(owned[users.name], owned[drives]).from_(owned).order_by(asc(owned[users.name]))
    found = db.all(statement.where(eq(owned[users.name], "Bob")))
    assert_type(found, list[tuple[str, Drive]])
    assert [(name, drive.id, drive.name) for name, drive in found] == [("Bob", "d3", "Home")]


def test_columns_of_a_table_selected_in_a_subquery(db: Transaction) -> None:
    owned = select(users.name, drives).from_(drives).join(users, eq(users.id, drives.owner_id)).as_("owned")
    assert_type(owned[drives.quota], Expr[Decimal, Decimal | None])
    statement = select(owned[drives], owned[drives.quota], owned[users.name]).from_(owned)
    found = statement.where(eq(owned[drives.is_trashed], False), gt(owned[drives.quota], Decimal(3)))
    assert sql_of(found).endswith(' WHERE "owned"."c5" = $1 AND "owned"."c6" > $2')
    assert db.all(found) == [(Drive("d1", "Work", "u1", False, Decimal("10.5")), Decimal("10.5"), "Ada")]
    outer = select(users.id, opt(owned[drives.id])).from_(users).left_join(owned, eq(owned[drives.owner_id], users.id))
    assert sorted(db.all(outer), key=str) == [("u1", "d1"), ("u1", "d2"), ("u2", "d3"), ("u3", None)]


def test_a_table_of_an_outer_joined_subquery_may_be_absent(db: Transaction) -> None:
    live = select(drives).from_(drives).where(eq(drives.is_trashed, False)).as_("live")
    seen = select(live_drives).from_(live_drives).as_("seen")
    statement = (
        select(users.id, opt(live[drives]), opt(seen[live_drives]))
        .from_(users)
        .left_join(live, eq(sql[str]('"live"."c3"'), users.id))
        .left_join(seen, eq(sql[str]('"seen"."c3"'), users.id))
    )
    found = db.all(statement.order_by(users.id))
    assert [(user, a and a.id, b and b.id) for user, a, b in found] == [
        ("u1", "d1", "d1"),
        ("u2", "d3", "d3"),
        ("u3", None, None),
    ]


def test_equal_expressions_with_other_values_are_other_columns(db: Transaction) -> None:
    one, two = constant(1), constant(2)
    both = select(one, two).as_("both")
    assert db.one(select(both[two], both[one]).from_(both)) == (2, 1)
    with pytest.raises(StatementError, match="'both' does not select"):
        both[constant(3)]


def test_a_common_table_expression_is_named_once_and_used_twice(db: Transaction) -> None:
    owners = cte("owners", select(drives.owner_id, count()).from_(drives).group_by(drives.owner_id))
    most = select(max_(owners[count()])).from_(owners).scalar()
    statement = select(owners[drives.owner_id]).from_(owners).where(eq(owners[count()], most)).with_(owners)
    assert sql_of(statement) == (
        'WITH "owners" ("c1", "c2") AS (SELECT "drives"."owner_id",count(*) FROM "public"."drives"'
        ' GROUP BY "drives"."owner_id") SELECT "owners"."c1" FROM "owners"'
        ' WHERE "owners"."c2" = (SELECT max("owners"."c2") FROM "owners")'
    )
    assert db.all(statement) == ["u1"]


@pytest.mark.parametrize(("materialized", "text"), [(True, "AS MATERIALIZED ("), (False, "AS NOT MATERIALIZED (")])
def test_a_common_table_expression_says_whether_it_is_materialized(
    db: Transaction, materialized: bool, text: str
) -> None:
    few = cte("few", select(users.id).from_(users).where(gt(users.id, "u1")), materialized=materialized)
    statement = select(few[users.id]).from_(few).where(lt(few[users.id], "u3")).with_(few)
    assert text in sql_of(statement)
    assert values_of(statement) == ["u1", "u3"]
    assert db.all(statement) == ["u2"]


def test_a_common_table_expression_uses_one_before_it(db: Transaction) -> None:
    first = cte("first", select(users.id).from_(users).where(eq(users.role, "user")))
    second = cte("second", select(first[users.id]).from_(first).where(gt(first[users.id], "u2")))
    found = second[first[users.id]]
    statement = select(found).from_(second).with_(first, second)
    assert values_of(statement) == ["user", "u2"]
    assert db.all(statement) == ["u3"]
    with pytest.raises(StatementError, match="'first' is used, but not declared"):
        sql_of(select(found).from_(second).with_(second, first))


def test_a_common_table_expression_is_joined_with_itself_under_an_alias(db: Transaction) -> None:
    everyone = cte("everyone", select(users.id, users.role).from_(users))
    peer = everyone.as_("peer")
    statement = (
        select(everyone[users.id], peer[users.id])
        .from_(everyone)
        .join(peer, eq(peer[users.role], everyone[users.role]))
        .where(gt(peer[users.id], everyone[users.id]))
        .with_(everyone)
    )
    assert 'FROM "everyone" JOIN "everyone" AS "peer" ON' in sql_of(statement)
    assert db.all(statement) == [("u2", "u3")]


def test_a_common_table_expression_is_known_in_subqueries(db: Transaction) -> None:
    admins = cte("admins", select(users.id).from_(users).where(eq(users.role, "admin")))
    nested = select(admins[users.id]).from_(admins).as_("nested")
    statement = (
        select(drives.id)
        .from_(drives)
        .where(
            in_array(drives.owner_id, select(nested[admins[users.id]]).from_(nested)),
            exists(select(admins[users.id]).from_(admins)),
        )
        .order_by(drives.id)
        .with_(admins)
    )
    assert db.all(statement) == ["d1", "d2"]


def test_a_common_table_expression_that_is_not_declared_or_twice() -> None:
    few = cte("few", select(users.id).from_(users))
    with pytest.raises(StatementError, match=r"'few' is used, but not declared\nhelp: add \.with_"):
        sql_of(select(few[users.id]).from_(few))
    with pytest.raises(StatementError, match="'few' is declared twice"):
        sql_of(select(few[users.id]).from_(few).with_(few).with_(few))


def test_a_recursive_expression_walks_a_tree(db: Transaction) -> None:
    depth = constant(0)
    tree = recursive(
        "tree",
        select(pages, depth).from_(pages).where(is_null(pages.parent_id)),
        lambda tree: (
            select(pages, add(tree[depth], 1)).from_(pages).join(tree, eq(pages.parent_id, sql[str]('"tree"."c1"')))
        ),
    )
    statement = select(tree[pages], tree[depth]).from_(tree).order_by(tree[depth]).with_(tree)
    assert sql_of(statement).startswith('WITH RECURSIVE "tree" ("c1", "c2", "c3", "c4", "c5", "c6", "c7") AS ((SELECT')
    found = db.all(statement)
    assert_type(found, list[tuple[Page, int]])
    assert [(page.id, level) for page, level in found] == [("p1", 0), ("p2", 1), ("p3", 2)]


def test_a_recursive_expression_can_end_in_a_circle(db: Transaction) -> None:
    db.execute(update(pages).set({"parent_id": "p3"}).where(eq(pages.id, "p1")))
    walk = recursive(
        "walk",
        select(pages.id).from_(pages).where(eq(pages.id, "p2")),
        lambda walk: select(pages.id).from_(pages).join(walk, eq(pages.parent_id, walk[pages.id])),
        is_distinct=True,
    )
    assert sorted(db.all(select(walk[pages.id]).from_(walk).with_(walk))) == ["p1", "p2", "p3"]


def test_a_recursive_step_must_read_from_itself_and_fit() -> None:
    start = select(pages.id).from_(pages)
    with pytest.raises(StatementError, match="the step of 'walk' does not read from 'walk'"):
        recursive("walk", start, lambda _: start)
    two = recursive("walk", start, lambda walk: select(pages.id, walk[pages.id]).from_(pages, walk))  # type: ignore[arg-type, return-value]  # the mistake under test
    with pytest.raises(StatementError, match="UNION ALL combines 1 columns with 2"):
        sql_of(select(two[pages.id]).from_(two).with_(two))


def test_a_write_feeds_a_read(db: Transaction) -> None:
    moved = cte("moved", delete(drives).where(drives.is_trashed).returning(drives.id, drives.owner_id))
    statement = select(users.name, moved[drives.id]).from_(moved).join(users, eq(users.id, moved[drives.owner_id]))
    with_ = statement.with_(moved)
    assert sql_of(with_).startswith(
        'WITH "moved" ("c1", "c2") AS (DELETE FROM "public"."drives" WHERE "drives"."is_tra'
    )
    assert db.all(with_) == [("Ada", "d2")]
    assert db.one(select(count()).from_(drives)) == 2


def test_common_table_expressions_feed_writes(db: Transaction) -> None:
    admins = cte("admins", select(users.id, users.name).from_(users).where(eq(users.role, "admin")))
    label = concat(admins[users.name], "!")
    added = insert(counters).select({"label": label, "n": 7}).from_(admins).with_(admins).returning(counters.label)
    assert db.all(added) == ["Ada!"]
    changed = (
        update(drives).set({"name": admins[users.name]}).from_(admins).where(eq(drives.owner_id, admins[users.id]))
    )
    assert db.all(changed.with_(admins).returning(drives.id, drives.name)) == [("d1", "Ada"), ("d2", "Ada")]
    gone = delete(drives).using(admins).where(eq(drives.owner_id, admins[users.id])).with_(admins)
    assert sql_of(gone).startswith('WITH "admins" ("c1", "c2") AS (SELECT')
    assert db.execute(gone) == 2


def test_functions_that_return_rows(db: Transaction) -> None:
    numbers = set_of("n", generate_series(1, 3))
    statement = select(numbers.value, sum_(users.token_version)).from_(numbers).cross_join(users)
    grouped = statement.where(lt(numbers.value, 3)).group_by(numbers.value).order_by(numbers.value)
    assert 'FROM generate_series($1::bigint,$2::bigint,$3::bigint) AS "n" ("c1") CROSS JOIN' in sql_of(grouped)
    assert db.all(grouped) == [(1, 5), (2, 5)]


def test_a_function_sees_the_sources_before_it(db: Transaction) -> None:
    tag = set_of("tag", unnest(users.tags))
    statement = select(users.id, tag.value).from_(users).cross_join(tag).order_by(users.id, tag.value)
    assert db.all(statement) == [("u1", "a"), ("u1", "b"), ("u2", "b")]


def test_a_shape_over_a_subquery(db: Transaction) -> None:
    loud = select(users, lower(users.name)).from_(users).as_("loud")

    class Loud(Shape):
        user = loud[users]
        name = loud[lower(users.name)]

    found = db.all(select(Loud).from_(loud).order_by(loud[lower(users.name)]))
    assert_type(found[0].user, User)
    assert [(each.user.id, each.name) for each in found] == [("u1", "ada"), ("u2", "bob"), ("u3", "cyd")]


def test_rows_of_other_classes_are_not_combined() -> None:
    narrow = select(live_drives).from_(live_drives)
    named = select(drives.id, drives.name, drives.owner_id).from_(drives)
    with pytest.raises(StatementError, match="UNION combines rows of LiveDrive with rows of a value, a value, a value"):
        sql_of(narrow.union(named))  # type: ignore[arg-type]  # the mistake under test
