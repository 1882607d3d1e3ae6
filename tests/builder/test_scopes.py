"""Sources of one name in statements within statements, and statements of thousands of conditions."""

from __future__ import annotations

from functools import reduce

import pytest

from pagespace_db import (
    StatementError,
    Transaction,
    alias,
    and_,
    case,
    count,
    cte,
    eq,
    exists,
    gte,
    in_array,
    lower,
    ne,
    not_in_array,
    opt,
    or_,
    select,
    sum_,
)
from tests.builder.statements import sql_of, values_of
from tests.builder.tables import drives, other_users, users


def test_a_subquery_does_not_hide_a_table_of_another_schema(db: Transaction) -> None:
    has_nick = exists(select(other_users.id).from_(other_users).where(eq(other_users.id, users.id)))
    statement = select(users.id).from_(users).where(has_nick)
    assert sql_of(statement) == (
        'SELECT "users"."id" FROM "public"."users" WHERE EXISTS (SELECT "other.users"."id"'
        ' FROM "other"."users" AS "other.users" WHERE "other.users"."id" = "users"."id")'
    )
    assert db.all(statement) == ["u1"]


def test_an_alias_in_a_subquery_does_not_hide_a_table_around_it(db: Transaction) -> None:
    theirs = alias(drives, "users")
    statement = (
        select(users.id)
        .from_(users)
        .where(exists(select(theirs.id).from_(theirs).where(eq(theirs.owner_id, users.id))))
    )
    assert '"public"."drives" AS "users_2" WHERE "users_2"."owner_id" = "users"."id"' in sql_of(statement)
    assert sorted(db.all(statement)) == ["u1", "u2"]


def test_a_derived_source_does_not_hide_a_table_around_it(db: Transaction) -> None:
    owners = select(drives.owner_id).from_(drives).as_("users")
    listed = select(owners[drives.owner_id]).from_(owners).where(eq(owners[drives.owner_id], users.id))
    assert sorted(db.all(select(users.id).from_(users).where(exists(listed)))) == ["u1", "u2"]
    common = cte("users", select(drives.owner_id).from_(drives))
    listed = select(common[drives.owner_id]).from_(common).where(eq(common[drives.owner_id], users.id))
    statement = select(users.id).from_(users).where(exists(listed)).with_(common)
    assert 'FROM "users" AS "users_2"' in sql_of(statement)
    assert sorted(db.all(statement)) == ["u1", "u2"]


def test_the_same_table_in_a_subquery_is_another_one(db: Transaction) -> None:
    nobody = exists(select(users.id).from_(users).where(eq(users.id, "nobody")))
    assert db.all(select(users.id).from_(users).where(nobody)) == []


def test_what_a_lateral_subquery_reads_from_an_optional_source_needs_opt(db: Transaction) -> None:
    def named(is_optional: bool) -> list[object]:
        item = opt(lower(drives.id)) if is_optional else lower(drives.id)
        names = select(item).lateral("names")
        joined = select(users.id, opt(names[item])).from_(users).left_join(drives, eq(drives.owner_id, users.id))
        return [*db.all(joined.cross_join(names).order_by(users.id, drives.id))]

    assert named(is_optional=True) == [("u1", "d1"), ("u1", "d2"), ("u2", "d3"), ("u3", None)]
    with pytest.raises(StatementError, match=r"drives\.id is on the optional side"):
        named(is_optional=False)


def test_thousands_of_conditions(db: Transaction) -> None:
    names = [f"u{number}" for number in range(3000)]
    either = select(users.id).from_(users).where(or_(*[eq(users.id, name) for name in names]))
    assert values_of(either) == names
    assert sorted(db.all(either)) == ["u1", "u2", "u3"]
    grown = reduce(or_, [eq(users.id, name) for name in names])
    assert sql_of(select(users.id).from_(users).where(grown)) == sql_of(either)
    none = reduce(lambda statement, name: statement.where(ne(users.id, name)), names, select(users.id).from_(users))
    assert db.all(none) == []
    assert len(values_of(none)) == 3000


def test_conditions_of_one_kind_are_one_list() -> None:
    a, b, c = eq(users.id, "a"), eq(users.id, "b"), eq(users.id, "c")
    where = sql_of(select(users.id).from_(users).where(or_(and_(a, and_(b, c)), or_(a, or_(b, and_(a, or_(b, c)))))))
    assert where.partition(" WHERE ")[2].replace('"users"."id" = ', "") == (
        "($1 AND $2 AND $3) OR $4 OR $5 OR ($6 AND ($7 OR $8))"
    )


def test_none_in_a_list_is_refused() -> None:
    names: list[str | None] = ["u1", None]
    for compare in (in_array, not_in_array):
        with pytest.raises(StatementError, match="has None in it, which equals nothing"):
            compare(users.id, names)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType, reportCallIssue]  # what is tested


def test_sides_of_a_set_operation_that_read_as_different_things() -> None:
    names, ages = select(users.name).from_(users), select(users.token_version).from_(users)
    with pytest.raises(StatementError, match="UNION combines text with a number"):
        sql_of(names.union(ages))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # what is tested
    bios = select(users.bio).from_(users)
    with pytest.raises(StatementError, match="may be NULL, and is read as if it never were"):
        sql_of(names.union_all(bios))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # what is tested
    assert sql_of(names.except_(bios))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # what is left of names is no NULL
    assert sql_of(select(count()).from_(users).union(ages))


def test_sums_of_whole_numbers_are_whole_numbers(db: Transaction) -> None:
    admins = sum_(case(eq(users.role, "admin"), 1).else_(0))
    owned = select(count()).from_(drives).where(eq(drives.owner_id, users.id))
    (found,) = db.all(select(admins, sum_(owned.scalar())).from_(users))
    assert found == (1, 3)
    assert {type(each) for each in found} == {int}
    per_owner = select(drives.owner_id, count()).from_(drives).group_by(drives.owner_id).as_("per_owner")
    total = select(sum_(per_owner[count()])).from_(per_owner).where(gte(per_owner[count()], 1))
    assert [(each, type(each)) for each in db.all(total)] == [(3, int)]
