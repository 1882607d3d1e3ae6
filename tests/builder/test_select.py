"""The clauses of SELECT as SQL, parameters and rows."""

from __future__ import annotations

import datetime as dt
from typing import assert_type

import pytest

from pagespace_db import (
    Expr,
    Select,
    Shape,
    StatementError,
    Transaction,
    alias,
    asc,
    count,
    desc,
    eq,
    gt,
    length,
    lower,
    max_,
    opt,
    select,
    sql,
)
from tests.builder.statements import sql_of, values_of
from tests.builder.tables import (
    Drive,
    LiveDrive,
    User,
    UserRole,
    UsersTable,
    drives,
    live_drives,
    other_users,
    pages,
    users,
)

ADA = select(users.id).from_(users).where(eq(users.id, "u1"))
FROM_USERS = 'FROM "public"."users"'


class UserCard(Shape):
    id = users.id
    bio = users.bio
    drive_count = count(drives.id)


class Pair(Shape):
    user = users
    drive = opt(drives)
    shout = lower(users.name)


def test_a_table_gives_rows_with_every_column(db: Transaction) -> None:
    statement = select(users).from_(users).where(eq(users.id, "u1"))
    found = db.one(statement)
    assert_type(found, User)
    settings = {"theme": "dark", "n": {"deep": [1, 2]}}
    created_at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    assert found == User("u1", "Ada", "ada@x", "first", "admin", 3, ["a", "b"], settings, created_at)
    columns = ",".join(f'"users"."{column._name}"' for column in users._columns)
    assert sql_of(statement) == f'SELECT {columns} {FROM_USERS} WHERE "users"."id" = $1'


def test_one_column_gives_values_and_several_give_tuples(db: Transaction) -> None:
    names = db.all(select(users.name).from_(users).order_by(users.name))
    assert_type(names, list[str])
    assert names == ["Ada", "Bob", "Cyd"]
    pairs = db.all(select(users.id, users.bio).from_(users).order_by(users.id))
    assert_type(pairs, list[tuple[str, str | None]])
    assert pairs == [("u1", "first"), ("u2", None), ("u3", "third")]


def test_tables_and_columns_mix_in_one_row(db: Transaction) -> None:
    statement = select(users.name, drives, count()).from_(users).join(drives, eq(drives.owner_id, users.id))
    found = db.all(statement.group_by(users.name, drives.id).order_by(drives.id))
    assert_type(found, list[tuple[str, Drive, int]])
    assert [(name, drive.id, n) for name, drive, n in found] == [("Ada", "d1", 1), ("Ada", "d2", 1), ("Bob", "d3", 1)]


def test_add_grows_a_row_past_the_eight_of_select(db: Transaction) -> None:
    u = users
    eight = select(u.id, u.name, u.email, u.bio, u.role, u.token_version, u.tags, u.settings)
    found = db.all(eight.add(count()).add(length(u.name)).from_(u).where(eq(u.id, "u2")).group_by(u.id))
    assert found[0][:5] == ("u2", "Bob", "bob@x", None, "user")
    assert found[0][8:] == (1, 3)


def test_a_view_is_read_like_a_table(db: Transaction) -> None:
    found = db.all(select(live_drives).from_(live_drives).order_by(live_drives.id))
    assert found == [LiveDrive("d1", "Work", "u1"), LiveDrive("d3", "Home", "u2")]


def test_a_left_join_tells_an_absent_row_from_one_that_begins_with_null(db: Transaction) -> None:
    statement = select(users.id, opt(drives)).from_(users).left_join(drives, eq(drives.owner_id, users.id))
    found = db.all(statement.order_by(users.id, drives.id))
    assert_type(found, list[tuple[str, Drive | None]])
    assert [(user, drive and (drive.id, drive.name)) for user, drive in found] == [
        ("u1", ("d1", "Work")),
        ("u1", ("d2", None)),
        ("u2", ("d3", "Home")),
        ("u3", None),
    ]


def test_an_absent_row_of_a_view_is_none_also_without_a_key(db: Transaction) -> None:
    statement = (
        select(users.id, opt(live_drives)).from_(users).left_join(live_drives, eq(live_drives.owner_id, users.id))
    )
    found = db.all(statement.order_by(users.id))
    assert [(user, drive and drive.id) for user, drive in found] == [("u1", "d1"), ("u2", "d3"), ("u3", None)]


def test_a_shape_names_what_it_selects(db: Transaction) -> None:
    statement = select(UserCard).from_(users).left_join(drives, eq(drives.owner_id, users.id)).group_by(users.id)
    found = db.all(statement.order_by(users.id))
    assert_type(found, list[UserCard])
    assert_type(found[0].drive_count, int)
    assert [vars(card) for card in found] == [
        {"id": "u1", "bio": "first", "drive_count": 2},
        {"id": "u2", "bio": None, "drive_count": 1},
        {"id": "u3", "bio": "third", "drive_count": 0},
    ]


def test_a_shape_holds_whole_rows_and_absent_ones(db: Transaction) -> None:
    statement = select(Pair).from_(users).left_join(drives, eq(drives.owner_id, users.id)).order_by(users.id, drives.id)
    found = db.all(statement)
    assert [(p.user.name, p.drive and p.drive.id, p.shout) for p in found] == [
        ("Ada", "d1", "ada"),
        ("Ada", "d2", "ada"),
        ("Bob", "d3", "bob"),
        ("Cyd", None, "cyd"),
    ]
    assert found[0] == Pair(user=found[0].user, drive=found[0].drive, shout="ada")  # type: ignore[call-arg]  # a dataclass at run time


def test_where_adds_up_and_leaves_none_out(db: Transaction) -> None:
    once = select(users.id).from_(users).where(eq(users.role, "user"), None, gt(users.token_version, 0))
    twice = select(users.id).from_(users).where(eq(users.role, "user")).where(None).where(gt(users.token_version, 0))
    expected = f'SELECT "users"."id" {FROM_USERS} WHERE "users"."role" = $1 AND "users"."token_version" > $2'
    assert sql_of(once) == sql_of(twice) == expected
    assert values_of(once) == values_of(twice) == ["user", 0]
    assert sorted(db.all(once)) == ["u2", "u3"]


def test_a_statement_can_grow_in_two_ways_from_one_beginning(db: Transaction) -> None:
    begun = select(users.id).from_(users)
    assert db.all(begun.where(eq(users.id, "u1"))) == ["u1"]
    assert db.all(begun.where(eq(users.id, "u2"))) == ["u2"]
    assert len(db.all(begun)) == 3


def test_clauses_may_come_in_any_order(db: Transaction) -> None:
    statement = select(users.id).limit(1).order_by(desc(users.id)).where(eq(users.role, "user")).from_(users)
    assert sql_of(statement) == (
        f'SELECT "users"."id" {FROM_USERS} WHERE "users"."role" = $1 ORDER BY "users"."id" DESC LIMIT $2::bigint'
    )
    assert values_of(statement) == ["user", 1]
    assert db.all(statement) == ["u3"]


@pytest.mark.parametrize(
    ("term", "text", "ids"),
    [
        (users.bio, '"users"."bio"', "u1 u3 u2"),
        (asc(users.bio), '"users"."bio" ASC', "u1 u3 u2"),
        (asc(users.bio, nulls="first"), '"users"."bio" ASC NULLS FIRST', "u2 u1 u3"),
        (desc(users.bio), '"users"."bio" DESC', "u2 u3 u1"),
        (desc(users.bio, nulls="last"), '"users"."bio" DESC NULLS LAST', "u3 u1 u2"),
        (desc(lower(users.email)), 'lower("users"."email") DESC', "u3 u2 u1"),
    ],
)
def test_order_by(db: Transaction, term: Expr[str, str], text: str, ids: str) -> None:
    statement = select(users.id).from_(users).order_by(term)
    assert sql_of(statement) == f'SELECT "users"."id" {FROM_USERS} ORDER BY {text}'
    assert db.all(statement) == ids.split()


def test_limit_and_offset_are_parameters(db: Transaction) -> None:
    statement = select(users.id).from_(users).order_by(users.id).limit(1).offset(1)
    assert sql_of(statement).endswith("LIMIT $1::bigint OFFSET $2::bigint")
    assert values_of(statement) == [1, 1]
    assert db.all(statement) == ["u2"]


def test_a_limit_of_zero_gives_no_rows(db: Transaction) -> None:
    assert db.all(select(users.id).from_(users).limit(0)) == []


@pytest.mark.parametrize("clause", ["limit", "offset"])
def test_a_negative_bound_is_refused(clause: str) -> None:
    with pytest.raises(StatementError, match=f"{clause}\\(\\) takes a whole number that is not negative, not -1"):
        getattr(select(users.id).from_(users), clause)(-1)


def test_distinct_leaves_duplicates_out(db: Transaction) -> None:
    statement = select(users.role).from_(users).distinct().order_by(users.role)
    assert sql_of(statement) == f'SELECT DISTINCT "users"."role" {FROM_USERS} ORDER BY "users"."role"'
    found = db.all(statement)
    assert_type(found, list[UserRole])
    assert found == ["user", "admin"]


def test_group_by_a_column_and_an_expression_with_having(db: Transaction) -> None:
    size = length(users.name)
    statement = select(users.role, size, count()).from_(users).group_by(users.role, size).having(gt(count(), 1))
    assert sql_of(statement) == (
        f'SELECT "users"."role",length("users"."name"),count(*) {FROM_USERS}'
        ' GROUP BY "users"."role",length("users"."name") HAVING count(*) > $1'
    )
    assert db.all(statement) == [("user", 3, 2)]


def test_having_over_a_left_join_counts_no_row_as_zero(db: Transaction) -> None:
    statement = select(users.id).from_(users).left_join(drives, eq(drives.owner_id, users.id)).group_by(users.id)
    assert db.all(statement.having(eq(count(drives.id), 0))) == ["u3"]


def test_several_sources_are_a_product(db: Transaction) -> None:
    statement = select(count()).from_(users).from_(drives)
    assert sql_of(statement) == 'SELECT count(*) FROM "public"."users","public"."drives"'
    assert db.one(statement) == 9


def test_a_table_is_joined_with_itself_under_an_alias(db: Transaction) -> None:
    peer = alias(users, "peer")
    assert_type(peer, UsersTable)
    statement = select(users.id, peer.id).from_(users).join(peer, eq(peer.role, users.role))
    assert sql_of(statement) == (
        f'SELECT "users"."id","peer"."id" {FROM_USERS}'
        ' JOIN "public"."users" AS "peer" ON "peer"."role" = "users"."role"'
    )
    assert sorted(db.all(statement.where(gt(peer.id, users.id)))) == [("u2", "u3")]
    assert alias(users, "peer") is peer


def test_tables_of_one_name_in_two_schemas_are_told_apart(db: Transaction) -> None:
    statement = select(users.name, other_users.nick).from_(users).join(other_users, eq(other_users.id, users.id))
    assert sql_of(statement) == (
        f'SELECT "users"."name","other.users"."nick" {FROM_USERS}'
        ' JOIN "other"."users" AS "other.users" ON "other.users"."id" = "users"."id"'
    )
    assert db.all(statement) == [("Ada", "addie")]


def test_a_scalar_subquery_in_the_select_list(db: Transaction) -> None:
    owned = select(count()).from_(drives).where(eq(drives.owner_id, users.id)).scalar()
    statement = select(users.id, owned).from_(users).order_by(users.id)
    found = db.all(statement)
    assert_type(found, list[tuple[str, int | None]])
    assert found == [("u1", 2), ("u2", 1), ("u3", 0)]


def test_a_subquery_in_from_keeps_the_types_of_its_columns(db: Transaction) -> None:
    owned = select(drives.owner_id, count()).from_(drives).where(gt(length(drives.id), 1)).group_by(drives.owner_id)
    per_owner = owned.as_("per owner")
    statement = (
        select(users.name, opt(per_owner[count()]))
        .from_(users)
        .left_join(per_owner, eq(per_owner[drives.owner_id], users.id))
        .where(eq(users.role, "user"))
        .order_by(users.id)
    )
    assert sql_of(statement) == (
        f'SELECT "users"."name","per owner"."c2" {FROM_USERS} LEFT JOIN (SELECT "drives"."owner_id",count(*)'
        ' FROM "public"."drives" WHERE length("drives"."id") > $1 GROUP BY "drives"."owner_id")'
        ' AS "per owner" ("c1", "c2") ON "per owner"."c1" = "users"."id"'
        ' WHERE "users"."role" = $2 ORDER BY "users"."id"'
    )
    assert values_of(statement) == [1, "user"]
    found = db.all(statement)
    assert_type(found, list[tuple[str, int | None]])
    assert found == [("Bob", 1), ("Cyd", None)]


def test_a_subquery_does_not_have_what_it_does_not_select() -> None:
    with pytest.raises(StatementError, match=r"'x' does not select users\.name"):
        select(users.id).from_(users).as_("x")[users.name]


def test_set_operations(db: Transaction) -> None:
    admins = select(users.id).from_(users).where(eq(users.role, "admin"))
    owners = select(drives.owner_id).from_(drives)
    everyone = select(users.id).from_(users)
    assert sorted(db.all(admins.union_all(owners))) == ["u1", "u1", "u1", "u2"]
    assert sorted(db.all(admins.union(owners))) == ["u1", "u2"]
    assert sorted(db.all(everyone.intersect(owners))) == ["u1", "u2"]
    assert db.all(everyone.except_(owners)) == ["u3"]
    assert sql_of(admins.union(owners)) == (
        f'(SELECT "users"."id" {FROM_USERS} WHERE "users"."role" = $1)'
        ' UNION (SELECT "drives"."owner_id" FROM "public"."drives")'
    )


def test_mixed_set_operations_are_done_in_the_order_written(db: Transaction) -> None:
    everyone, owners = select(users.id).from_(users), select(drives.owner_id).from_(drives)
    admins = select(users.id).from_(users).where(eq(users.role, "admin"))
    assert sorted(db.all(admins.union(everyone).except_(owners))) == ["u3"]
    assert sorted(db.all(admins.union(everyone.except_(owners)))) == ["u1", "u3"]


def test_order_and_limit_of_a_set_operation_are_for_the_whole(db: Transaction) -> None:
    ids = select(users.id).from_(users)
    both = ids.order_by(desc(users.id)).limit(1).union_all(ids.where(eq(users.id, "u1")))
    statement = both.order_by(asc(users.id)).limit(5)
    assert sql_of(statement).endswith(" ORDER BY 1 ASC LIMIT $3::bigint")
    assert db.all(statement) == ["u1", "u3"]


def test_rows_of_a_set_operation_are_objects(db: Transaction) -> None:
    one = select(users).from_(users).where(eq(users.id, "u1"))
    found = db.all(one.union_all(one))
    assert_type(found, list[User])
    assert [user.name for user in found] == ["Ada", "Ada"]


@pytest.mark.parametrize(
    ("locked", "text"),
    [
        (ADA.for_update(), "FOR UPDATE"),
        (ADA.for_update(skip_locked=True), "FOR UPDATE SKIP LOCKED"),
        (ADA.for_update(nowait=True), "FOR UPDATE NOWAIT"),
        (ADA.for_no_key_update(of=[users]), 'FOR NO KEY UPDATE OF "users"'),
        (ADA.for_share(), "FOR SHARE"),
        (ADA.for_key_share(of=[users], nowait=True), 'FOR KEY SHARE OF "users" NOWAIT'),
        (ADA.for_share().for_update(of=[users]), 'FOR SHARE FOR UPDATE OF "users"'),
    ],
)
def test_locks(db: Transaction, locked: Select[str], text: str) -> None:
    assert sql_of(locked).endswith(f'WHERE "users"."id" = $1 {text}')
    assert db.one(locked) == "u1"


def test_first_gives_a_row_or_none(db: Transaction) -> None:
    statement = select(max_(users.name)).from_(users)
    assert db.first(statement) == "Cyd"
    assert db.first(select(users).from_(users).where(sql[bool]("false"))) is None


def test_the_values_of_a_select_without_a_source(db: Transaction) -> None:
    assert db.one(select(sql[int]("{} + 1", 1), sql[str]("{}", "x"))) == (2, "x")


def test_pages_of_one_drive_with_their_parents(db: Transaction) -> None:
    parent = alias(pages, "parent")
    statement = select(pages.title, opt(parent.title)).from_(pages).left_join(parent, eq(pages.parent_id, parent.id))
    assert db.all(statement.order_by(pages.position)) == [
        ("Root page", None),
        ("Child page", "Root page"),
        ("Grandchild", "Child page"),
    ]
