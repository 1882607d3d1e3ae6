"""What the builder refuses before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest

from pagespace_db import (
    Expr,
    Shape,
    StatementError,
    Transaction,
    add,
    alias,
    and_,
    coalesce,
    constant,
    contains,
    count,
    delete,
    eq,
    exists,
    in_array,
    insert,
    is_distinct_from,
    is_not_null,
    is_null,
    like,
    lower,
    not_,
    not_null,
    opt,
    select,
    update,
    upper,
)
from pagespace_db.builder.statement import Command, Statement
from tests.builder.statements import sql_of
from tests.builder.tables import counters, drives, pages, users

OTHER = alias(users, "other")

OUT_OF_SCOPE: dict[str, Statement[Any] | Command] = {
    "selected column": select(drives.id).from_(users),
    "selected table": select(drives).from_(users),
    "condition": select(users.id).from_(users).where(and_(eq(users.id, "a"), eq(drives.id, "x"))),
    "join condition": select(users.id).from_(users).join(pages, eq(drives.id, "x")),
    "order": select(users.id).from_(users).order_by(lower(drives.id)),
    "group": select(count()).from_(users).group_by(drives.id),
    "having": select(count()).from_(users).having(eq(drives.id, "x")),
    "no from at all": select(drives.id),
    "the table behind an alias": select(users.id).from_(OTHER).where(eq(drives.id, OTHER.id)),
    "inside a subquery": select(users.id)
    .from_(users)
    .where(exists(select(users.id).from_(users).where(eq(drives.id, "x")))),
    "update": update(users).set({"name": "x"}).where(eq(drives.id, "x")),
    "assignment": update(users).set({"name": drives.id}).where(eq(users.id, "x")),
    "delete": delete(users).where(eq(drives.id, "x")),
    "returning": delete(users).where(eq(users.id, "x")).returning(drives.id),
    "inserted value": insert(users).values({"name": drives.id, "email": "e"}),
}


@pytest.mark.parametrize("statement", OUT_OF_SCOPE.values(), ids=OUT_OF_SCOPE.keys())
def test_a_column_of_a_table_that_is_not_in_the_statement(statement: Statement[Any] | Command) -> None:
    with pytest.raises(StatementError, match=r"drives is not in this statement|users\.id is used, but users is not"):
        sql_of(statement)


def test_the_error_says_what_to_add() -> None:
    with pytest.raises(StatementError) as caught:
        sql_of(select(users.id).from_(users).where(eq(drives.owner_id, users.id)))
    assert str(caught.value) == (
        "the column drives.owner_id is used, but drives is not in this statement\nhelp: add .from_(drives), or join it"
    )


def test_a_subquery_does_not_leak_its_tables() -> None:
    inner = exists(select(drives.id).from_(drives))
    with pytest.raises(StatementError, match="drives is not in this statement"):
        sql_of(select(users.id).from_(users).where(inner, eq(drives.id, "x")))


@pytest.mark.parametrize("item", [drives.id, lower(drives.owner_id), upper(lower(drives.id))])
def test_an_outer_joined_column_read_as_never_null(item: Expr[str, str]) -> None:
    joined = select(item).from_(users).left_join(drives, eq(drives.owner_id, users.id))
    with pytest.raises(StatementError, match=r"drives\.\w+ is on the optional side of an outer join"):
        sql_of(joined)
    sql_of(select(opt(item)).from_(users).left_join(drives, eq(drives.owner_id, users.id)))


def test_an_outer_joined_table_read_as_always_there() -> None:
    with pytest.raises(StatementError, match="help: wrap what reads it: opt\\(drives\\)"):
        sql_of(select(users, drives).from_(users).left_join(drives, eq(drives.owner_id, users.id)))


def test_a_shape_that_reads_an_outer_joined_column_as_never_null() -> None:
    class Card(Shape):
        name = users.name
        drive_id = drives.id

    with pytest.raises(StatementError, match=r"drives\.id is on the optional side"):
        sql_of(select(Card).from_(users).left_join(drives, eq(drives.owner_id, users.id)))


def test_what_cannot_be_null_needs_no_opt() -> None:
    joined = select(coalesce(drives.id, "none"), count(drives.id), drives.name).from_(users)
    sql_of(joined.left_join(drives, eq(drives.owner_id, users.id)).group_by(drives.id))


def test_an_expression_that_may_be_null_although_it_is_read_as_if_not() -> None:
    for item in (eq(users.bio, "x"), not_(like(users.bio, "x")), add(users.token_version, counters.n)):
        with pytest.raises(StatementError, match=r"(users\.bio|counters\.n) may be NULL, and so may what is selected"):
            sql_of(select(item).from_(users, counters))
        sql_of(select(opt(item)).from_(users, counters))
    sql_of(select(is_distinct_from(users.bio, "x"), coalesce(users.bio, "x"), is_null(users.bio)).from_(users))


def test_what_its_author_knows_not_to_be_null_is_taken_as_such() -> None:
    parents = select(not_null(pages.parent_id)).from_(pages).where(is_not_null(pages.parent_id))
    statement = select(pages.id).from_(pages).where(in_array(pages.id, parents))
    assert 'IN (SELECT "pages"."parent_id" FROM "public"."pages" WHERE' in sql_of(statement)


def test_a_lock_on_the_rows_of_a_union() -> None:
    ids = select(users.id).from_(users)
    with pytest.raises(StatementError, match="rows of UNION cannot be locked"):
        sql_of(ids.union(ids).for_update())


def test_an_error_shows_the_shape_and_never_a_value() -> None:
    secret = lower(constant("hunter2"))
    with pytest.raises(StatementError, match=r"'x' does not select <Expr \('func', 'lower', Param\('text'") as caught:
        select(users.id).from_(users).as_("x")[secret]
    assert "hunter2" not in str(caught.value)


def test_one_table_joined_twice_needs_an_alias() -> None:
    with pytest.raises(
        StatementError, match='users is joined twice under one name\nhelp: use alias\\(users, "another_name"'
    ):
        sql_of(select(count()).from_(users).join(users, eq(users.id, users.id)))


def test_two_sources_of_one_name() -> None:
    with pytest.raises(StatementError, match="two sources are called 'users'"):
        sql_of(select(count()).from_(users).from_(alias(drives, "users")))


def test_sides_of_a_set_operation_with_different_widths() -> None:
    two = select(users.id, users.name).from_(users)
    with pytest.raises(StatementError, match="UNION combines 1 columns with 2"):
        sql_of(select(users.id).from_(users).union(two))  # type: ignore[arg-type]  # the mistake under test


def test_a_set_operation_ordered_by_what_it_does_not_select() -> None:
    ids = select(users.id).from_(users)
    with pytest.raises(StatementError, match="can only be ordered by what it selects"):
        sql_of(ids.union(ids).order_by(users.name))


def test_a_clause_that_cannot_follow_a_set_operation() -> None:
    ids = select(users.id).from_(users)
    with pytest.raises(StatementError, match="where cannot follow UNION"):
        sql_of(ids.union(ids).where(eq(users.id, "a")))


def test_a_source_that_is_none() -> None:
    with pytest.raises(StatementError, match="a table, view or subquery is needed here, not str"):
        select(users.id).from_("users")  # type: ignore[arg-type]  # the mistake under test


def test_an_item_that_is_none() -> None:
    with pytest.raises(StatementError, match="cannot select a str"):
        select("id")  # type: ignore[call-overload]  # the mistake under test


def test_waiting_and_not_waiting_for_a_lock() -> None:
    with pytest.raises(StatementError, match="exclude each other"):
        select(users.id).from_(users).for_update(skip_locked=True, nowait=True)


def test_a_query_of_several_columns_that_stands_for_a_value() -> None:
    with pytest.raises(StatementError, match="selects one column"):
        select(users.id, users.name).from_(users).scalar()
    with pytest.raises(StatementError, match="selects one column"):
        select(users).from_(users).array()


def test_a_write_that_does_not_say_its_rows_is_not_executed(db: Transaction) -> None:
    unfiltered: list[Any] = [delete(users), update(users).set({"name": "x"}), delete(drives).using(users)]
    for statement in unfiltered:
        with pytest.raises(
            StatementError, match=r"not said which rows .*\nhelp: add \.where\(\.\.\.\), or say \.all_rows"
        ):
            db.execute(statement)
    assert db.one(select(count()).from_(users)) == 3


def test_what_is_no_expression() -> None:
    name: Any = "id"
    reading = select(users.id).from_(users)
    for refused in (reading.order_by, reading.group_by, reading.distinct_on):
        with pytest.raises(StatementError, match="grouped and ordered by columns and expressions, not by a str"):
            refused(name)
    with pytest.raises(StatementError, match="whole number"):
        reading.limit(True)
    nothing: Any = None
    with pytest.raises(StatementError, match="a text to look for is a str, not NoneType"):
        contains(users.name, nothing)
