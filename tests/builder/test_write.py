"""INSERT, UPDATE and DELETE as SQL, parameters and rows."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, assert_type

import pytest
from psycopg.types.json import Jsonb

from pagespace_db import (
    StatementError,
    Transaction,
    add,
    alias,
    cast,
    count,
    delete,
    eq,
    excluded,
    gt,
    insert,
    is_null,
    left,
    lower,
    not_,
    opt,
    select,
    sql,
    update,
    upper,
)
from pagespace_db.builder.statement import Command
from tests.builder.statements import sql_of, values_of
from tests.builder.tables import (
    Counter,
    CounterInsert,
    Drive,
    User,
    UserInsert,
    UserUpdate,
    counters,
    drives,
    pages,
    users,
)

ADA: UserInsert = {"id": "n1", "name": "Ada", "email": "new@x"}


def test_an_insert_sends_what_is_given_and_leaves_the_rest_to_the_server(db: Transaction) -> None:
    statement = insert(users).values(ADA)
    assert sql_of(statement) == 'INSERT INTO "public"."users" ("id", "name", "email") VALUES ($1, $2, $3)'
    assert values_of(statement) == ["n1", "Ada", "new@x"]
    assert db.execute(statement) == 1
    found = db.one(select(users).from_(users).where(eq(users.id, "n1")))
    assert (found.bio, found.role, found.token_version, found.tags, found.settings) == (None, "user", 0, [], {})


def test_an_insert_fills_in_the_defaults_of_the_application(db: Transaction) -> None:
    found = db.one(insert(users).values({"name": "a", "email": "e"}).returning())
    assert_type(found, User)
    assert len(found.id) == 24


def test_an_explicit_none_is_null_where_absence_is_the_default(db: Transaction) -> None:
    absent = insert(counters).values({"label": "x"})
    explicit = insert(counters).values({"label": "x", "n": None})
    assert sql_of(absent) == 'INSERT INTO "public"."counters" ("label") VALUES ($1)'
    assert sql_of(explicit) == 'INSERT INTO "public"."counters" ("label", "n") VALUES ($1, $2)'
    assert values_of(explicit) == ["x", None]
    assert db.one(absent.returning(counters.n)) is None
    assert db.one(explicit.returning(counters.n)) is None


def test_rows_with_different_keys_fall_back_to_their_defaults(db: Transaction) -> None:
    statement = insert(counters).values({"n": 7}, {"label": "x"}, {"label": "y", "n": None})
    assert sql_of(statement) == (
        'INSERT INTO "public"."counters" ("label", "n") VALUES (DEFAULT, $1), ($2, DEFAULT), ($3, $4)'
    )
    found = db.all(statement.returning(counters.label, counters.n))
    assert_type(found, list[tuple[str, int | None]])
    assert found == [("none", 7), ("x", None), ("y", None)]


def test_a_row_of_defaults_alone(db: Transaction) -> None:
    statement = insert(counters).values({})
    assert sql_of(statement) == 'INSERT INTO "public"."counters" DEFAULT VALUES'
    assert db.one(statement.returning(counters.label)) == "none"


def test_values_may_be_expressions(db: Transaction) -> None:
    statement = insert(users).values(
        {"id": "n1", "name": lower(sql[str]("{}", "ADA")), "email": "e", "created_at": sql[dt.datetime]("now()")}
    )
    assert sql_of(statement) == (
        'INSERT INTO "public"."users" ("id", "name", "email", "created_at") VALUES ($1, lower($2::text), $3, now())'
    )
    assert db.one(statement.returning(users.name)) == "ada"


def test_json_and_arrays_are_written_as_such(db: Transaction) -> None:
    settings: Any = ["a list", {"in": None}, "x"]
    statement = insert(users).values({**ADA, "settings": settings, "tags": ["x", "y"]}).returning()
    assert "$4::text[], $5" in sql_of(statement)
    sent = values_of(statement)[-1]
    assert repr(sent) == repr(Jsonb(settings))
    found = db.one(statement)
    assert (found.settings, found.tags) == (settings, ["x", "y"])


def test_a_json_string_stays_a_string(db: Transaction) -> None:
    assert db.one(insert(users).values({**ADA, "settings": "123"}).returning(users.settings)) == "123"


def test_rows_are_sent_as_one_array_per_column(db: Transaction) -> None:
    rows: list[CounterInsert] = [{"label": f"l{number}", "n": number or None} for number in range(1000)]
    statement = insert(counters).rows(rows)
    assert sql_of(statement) == (
        'INSERT INTO "public"."counters" ("label", "n") SELECT unnest($1::text[]), unnest($2::bigint[])'
    )
    assert db.execute(statement) == 1000
    assert db.one(select(count()).from_(counters).where(is_null(counters.n))) == 2


def test_rows_takes_a_generator_and_fills_in_defaults(db: Transaction) -> None:
    statement = insert(users).rows({"name": name, "email": name} for name in ("a", "b"))
    ids = db.all(statement.returning(users.id))
    assert_type(ids, list[str])
    assert len(set(ids)) == 2
    assert {len(each) for each in ids} == {24}


def test_rows_of_a_table_with_arrays(db: Transaction) -> None:
    statement = insert(users).rows([{**ADA, "tags": ["x", "y"]}, {**ADA, "id": "n2", "email": "other", "tags": []}])
    assert db.all(statement.returning(users.tags)) == [["x", "y"], []]


def test_rows_with_arrays_may_be_any_number(db: Transaction) -> None:
    tags = [["a"], [], ['"', "\\", "{}", ",", "NULL", " ", "é"], ["x", "y"]]
    statement = insert(users).rows(
        {"id": f"n{number}", "name": "n", "email": f"n{number}", "tags": tags[number % 4]} for number in range(17_000)
    )
    assert len(values_of(statement)) == 4
    assert db.execute(statement) == 17_000
    found = db.all(select(users.tags, count()).from_(users).where(eq(users.name, "n")).group_by(users.tags))
    assert sorted(found) == sorted((each, 4_250) for each in tags)


def test_rows_may_be_none_at_all(db: Transaction) -> None:
    assert db.execute(insert(counters).rows([])) == 0


def test_rows_must_have_the_same_keys() -> None:
    with pytest.raises(StatementError, match="rows of counters need at least one column"):
        insert(counters).rows([{}, {}])
    with pytest.raises(StatementError, match="a row of counters is given as a dict, not as list"):
        insert(counters).rows([{"label": "a"}, ["b"]])  # type: ignore[list-item]  # the mistake under test
    with pytest.raises(StatementError, match="counters has no column 'm'"):
        insert(counters).rows([{"label": "a"}, {"m": 1}])  # type: ignore[typeddict-unknown-key]  # the mistake under test
    with pytest.raises(StatementError, match="row 2 has no 'n', which the first row has"):
        insert(counters).rows([{"label": "a", "n": 1}, {"label": "b"}])
    with pytest.raises(StatementError, match="row 2 has 'n', which the first row has not"):
        insert(counters).rows([{"label": "a"}, {"label": "b", "n": 1}])
    with pytest.raises(StatementError, match="row 1 gives an expression for 'label'"):
        insert(counters).rows([{"label": lower(users.name)}])


def test_a_wrong_key_is_refused_with_the_nearest_name() -> None:
    wrong: Any = {"name": "a", "emial": "e"}
    with pytest.raises(StatementError, match=r"users has no column 'emial'\nhelp: did you mean 'email'\?"):
        insert(users).values(wrong)
    with pytest.raises(StatementError, match="users has no column 'emial'"):
        update(users).set(wrong)


def test_a_generated_column_cannot_be_written() -> None:
    wrong: Any = {"id": 5}
    with pytest.raises(StatementError, match=r"the server alone writes counters\.id"):
        insert(counters).values(wrong)


def test_on_conflict_do_nothing(db: Transaction) -> None:
    anything = insert(users).values({**ADA, "id": "u1"}).on_conflict_do_nothing()
    assert sql_of(anything).endswith("VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
    assert db.execute(anything) == 0
    by_column = insert(users).values({**ADA, "email": "ada@x"}).on_conflict_do_nothing(users.email)
    assert sql_of(by_column).endswith('ON CONFLICT ("email") DO NOTHING')
    assert db.all(by_column.returning(users.id)) == []


def test_on_conflict_do_update_sees_the_old_and_the_proposed_row(db: Transaction) -> None:
    statement = (
        insert(users)
        .values({"id": "n1", "name": "Eve", "email": "ada@x"})
        .on_conflict_do_update(
            [users.email],
            set={"name": excluded(users.name), "token_version": add(users.token_version, 10), "bio": None},
        )
        .returning()
    )
    assert ' ON CONFLICT ("email") DO UPDATE SET "name" = excluded."name", "token_version" = ' in sql_of(statement)
    assert '"users"."token_version" + $4, "bio" = $5 RETURNING ' in sql_of(statement)
    found = db.one(statement)
    assert (found.id, found.name, found.token_version, found.bio) == ("u1", "Eve", 13, None)


def test_on_conflict_takes_several_columns(db: Transaction) -> None:
    again: CounterInsert = {"label": "a", "n": 1}
    statement = insert(counters).values(again).on_conflict_do_update([counters.label, counters.n], set={"n": 5})
    assert 'ON CONFLICT ("label", "n") DO UPDATE SET "n" = $3' in sql_of(statement)
    assert db.one(statement.returning()) == Counter(1, "a", 5)


def test_update_sets_and_finds(db: Transaction) -> None:
    statement = update(users).set({"name": upper(users.name), "bio": None}).where(eq(users.id, "u1"))
    assert sql_of(statement) == (
        'UPDATE "public"."users" SET "name" = upper("users"."name"), "bio" = $1 WHERE "users"."id" = $2'
    )
    assert values_of(statement) == [None, "u1"]
    assert db.execute(statement) == 1
    assert db.all(select(users.name, users.bio).from_(users).order_by(users.id))[0] == ("ADA", None)


def test_update_fills_in_what_changes_with_every_update(db: Transaction) -> None:
    statement = update(pages).set({"title": "new"}).where(eq(pages.id, "p2")).returning(pages.position)
    assert '"position" = $2' in sql_of(statement)
    assert db.one(statement) == 99.0
    kept = update(pages).set({"position": 4}).where(eq(pages.id, "p2")).returning(pages.position)
    assert db.one(kept) == 4.0


def test_update_under_an_alias(db: Transaction) -> None:
    u = alias(users, "u")
    statement = (
        update(u).set({"token_version": add(u.token_version, 1)}).where(eq(u.id, "u1")).returning(u.token_version)
    )
    assert sql_of(statement) == (
        'UPDATE "public"."users" AS "u" SET "token_version" = "u"."token_version" + $1'
        ' WHERE "u"."id" = $2 RETURNING "u"."token_version"'
    )
    assert db.one(statement) == 4


def test_delete_returns_what_it_deleted(db: Transaction) -> None:
    statement = delete(drives).where(drives.is_trashed).returning()
    assert sql_of(statement).startswith(
        'DELETE FROM "public"."drives" WHERE "drives"."is_trashed" RETURNING "drives"."id"'
    )
    found = db.all(statement)
    assert_type(found, list[Drive])
    assert found == [Drive("d2", None, "u1", True, None)]


def test_returning_several_columns_and_expressions(db: Transaction) -> None:
    statement = update(drives).set({"quota": Decimal("0.1")}).all_rows()
    found = db.all(statement.returning(drives.id, drives.name, drives.quota, upper(drives.id)))
    assert_type(found, list[tuple[str, str | None, Decimal | None, str]])
    assert sorted(found)[2] == ("d3", "Home", Decimal("0.1000"), "D3")


def test_a_write_of_every_row_must_be_said() -> None:
    with pytest.raises(StatementError, match=r"every row of users would be written\nhelp: say \.all_rows"):
        delete(users).where()
    with pytest.raises(StatementError, match="every row of users would be written"):
        update(users).set({"name": "x"}).where(None)
    assert not isinstance(delete(users), Command)
    assert not isinstance(update(users).set({"name": "x"}), Command)
    assert sql_of(delete(users).all_rows()) == 'DELETE FROM "public"."users"'


def test_an_empty_update_is_refused() -> None:
    with pytest.raises(StatementError, match="an update of users needs at least one column"):
        update(users).set({})


def test_a_write_counts_its_rows(db: Transaction) -> None:
    assert db.execute(update(users).set({"bio": "x"}).where(eq(users.role, "user"))) == 2
    assert db.execute(delete(counters).all_rows()) == 3
    assert db.execute(delete(counters).all_rows()) == 0


# ---- upserts


def test_on_conflict_on_a_constraint(db: Transaction) -> None:
    again: CounterInsert = {"label": "a", "n": 1}
    skipped = insert(counters).values(again).on_conflict_do_nothing(constraint="counters_label_n_key")
    assert sql_of(skipped).endswith(' ON CONFLICT ON CONSTRAINT "counters_label_n_key" DO NOTHING')
    assert db.execute(skipped) == 0
    changed = insert(counters).values(again).on_conflict_do_update("counters_label_n_key", set={"n": 9})
    assert sql_of(changed).endswith('ON CONSTRAINT "counters_label_n_key" DO UPDATE SET "n" = $3')
    assert db.one(changed.returning(counters.n)) == 9


def test_on_conflict_on_an_index_over_an_expression(db: Transaction) -> None:
    statement = insert(users).values({"id": "n1", "name": "Eve", "email": "ADA@x"})
    upsert = statement.on_conflict_do_update([lower(users.email)], set={"name": excluded(users.name)})
    assert ' ON CONFLICT (lower("email")) DO UPDATE SET "name" = excluded."name"' in sql_of(upsert)
    assert db.one(upsert.returning(users.id, users.name)) == ("u1", "Eve")
    assert db.execute(statement.on_conflict_do_nothing(lower(users.email))) == 0


def test_on_conflict_on_a_partial_index(db: Transaction) -> None:
    statement = insert(drives).values({"id": "d9", "owner_id": "u1", "name": "Work"})
    upsert = statement.on_conflict_do_update(
        [drives.owner_id, drives.name], set={"quota": Decimal(3)}, index_where=not_(drives.is_trashed)
    )
    assert ' ON CONFLICT ("owner_id", "name") WHERE NOT "is_trashed" DO UPDATE SET "quota" = $4' in sql_of(upsert)
    assert db.one(upsert.returning(drives.id, drives.quota)) == ("d1", Decimal("3.0000"))
    skipped = statement.on_conflict_do_nothing(drives.owner_id, drives.name, where=not_(drives.is_trashed))
    assert db.execute(skipped) == 0


def test_an_upsert_can_leave_a_row_alone(db: Transaction) -> None:
    upsert = insert(users).values({"name": "Eve", "email": "ada@x", "token_version": 2})
    newer = gt(excluded(users.token_version), users.token_version)
    kept = upsert.on_conflict_do_update([users.email], set={"name": excluded(users.name)}, where=newer)
    assert ' WHERE excluded."token_version" > "users"."token_version"' in sql_of(kept)
    assert db.all(kept.returning(users.id)) == []


def test_an_upsert_can_overwrite_all_but_some_columns(db: Transaction) -> None:
    row: UserInsert = {"id": "n1", "name": "Eve", "email": "ada@x", "bio": None, "token_version": 9}
    upsert = insert(users).values(row).on_conflict_overwrite([users.email], keep=[users.id, users.bio])
    assert sql_of(upsert).endswith(
        ' DO UPDATE SET "name" = excluded."name", "token_version" = excluded."token_version"'
    )
    found = db.one(upsert.returning())
    assert (found.id, found.name, found.bio, found.token_version) == ("u1", "Eve", "first", 9)
    with pytest.raises(StatementError, match="nothing of users is left to overwrite"):
        insert(users).values(ADA).on_conflict_overwrite([users.email], keep=[users.id, users.name])


def test_an_upsert_needs_a_unique_key() -> None:
    with pytest.raises(StatementError, match="needs the columns of a unique key"):
        insert(users).values(ADA).on_conflict_do_update([], set={"name": "x"})


# ---- from other rows


def test_an_insert_of_a_select_goes_by_name(db: Transaction) -> None:
    statement = (
        insert(pages)
        .select({"title": lower(drives.owner_id), "drive_id": drives.id, "id": upper(drives.id), "parent_id": None})
        .from_(drives)
        .join(users, eq(users.id, drives.owner_id))
        .where(eq(users.role, "admin"), not_(drives.is_trashed))
    )
    assert sql_of(statement) == (
        'INSERT INTO "public"."pages" ("id", "title", "drive_id", "parent_id") SELECT upper("drives"."id"),'
        'lower("drives"."owner_id"),"drives"."id",$1::text FROM "public"."drives" JOIN "public"."users"'
        ' ON "users"."id" = "drives"."owner_id" WHERE "users"."role" = $2 AND NOT "drives"."is_trashed"'
    )
    assert values_of(statement) == [None, "admin"]
    assert db.all(statement.returning(pages.id, pages.title)) == [("D1", "u1")]


def test_an_insert_of_a_select_takes_values_and_skips_conflicts(db: Transaction) -> None:
    labels = insert(counters).select({"label": cast(users.role, str), "n": 1}).from_(users).distinct()
    db.execute(labels)
    again = labels.order_by(cast(users.role, str)).limit(5).on_conflict_do_nothing()
    assert sql_of(again).endswith(" AS text) LIMIT $2::bigint ON CONFLICT DO NOTHING")
    assert db.execute(again) == 0
    with pytest.raises(StatementError, match="where must come before what follows the SELECT of an insert"):
        again.where(eq(users.id, "x"))


def test_an_insert_of_groups_names_an_expression_with_values_by_its_place(db: Transaction) -> None:
    initial = left(users.email, 1)
    statement = insert(counters).select({"label": initial, "n": add(count(), 10)}).from_(users).group_by(initial)
    assert sql_of(statement).endswith('SELECT left("users"."email",$1),count(*) + $2 FROM "public"."users" GROUP BY 1')
    assert sorted(db.all(statement.returning(counters.label))) == ["a", "b", "c"]


def test_an_insert_of_a_select_reads_nothing_that_may_be_null_as_a_value() -> None:
    statement = insert(counters).select({"label": drives.id}).from_(users)
    with pytest.raises(StatementError, match=r"drives\.id is on the optional side"):
        sql_of(statement.left_join(drives, eq(drives.owner_id, users.id)))


def test_an_update_from_other_tables_returns_both_sides(db: Transaction) -> None:
    statement = (
        update(drives)
        .set({"name": users.name})
        .from_(users)
        .left_join(pages, eq(pages.title, users.name))
        .where(eq(drives.owner_id, users.id), eq(users.role, "user"))
        .returning(drives, users.email)
    )
    assert sql_of(statement).startswith(
        'UPDATE "public"."drives" SET "name" = "users"."name" FROM "public"."users" LEFT JOIN "public"."pages"'
        ' ON "pages"."title" = "users"."name" WHERE "drives"."owner_id" = "users"."id" AND "users"."role" = $1'
    )
    found = db.all(statement)
    assert_type(found, list[tuple[Drive, str]])
    assert [(drive.id, drive.name, email) for drive, email in found] == [("d3", "Bob", "bob@x")]


def test_a_join_of_a_write_needs_a_source() -> None:
    joined = update(drives).set({"name": "x"}).join(users, eq(users.id, drives.owner_id)).all_rows()
    with pytest.raises(StatementError, match="a join needs a source before it"):
        sql_of(joined)


def test_a_delete_using_other_tables(db: Transaction) -> None:
    statement = delete(drives).using(users).where(eq(drives.owner_id, users.id), eq(users.role, "admin"))
    assert sql_of(statement) == (
        'DELETE FROM "public"."drives" USING "public"."users"'
        ' WHERE "drives"."owner_id" = "users"."id" AND "users"."role" = $1'
    )
    assert sorted(db.all(statement.returning(drives.id))) == ["d1", "d2"]


def test_what_returning_reads_from_an_outer_join_needs_opt() -> None:
    joined = update(drives).set({"name": "x"}).from_(users).left_join(pages, eq(pages.title, users.name))
    with pytest.raises(StatementError, match=r"pages\.id is on the optional side"):
        sql_of(joined.all_rows().returning(pages.id))
    sql_of(joined.all_rows().returning(opt(pages.id)))


# ---- many rows at once


def test_many_rows_are_updated_each_to_its_own_values(db: Transaction) -> None:
    statement = update(pages).rows(
        [{"id": "p1", "title": "one", "parent_id": None}, {"id": "p3", "title": "three", "parent_id": "p1"}]
    )
    assert sql_of(statement) == (
        'UPDATE "public"."pages" SET "title" = "new_rows"."c2", "parent_id" = "new_rows"."c3", "position" = $1'
        ' FROM (SELECT unnest($2::text[]), unnest($3::text[]), unnest($4::text[])) AS "new_rows" ("c1", "c2", "c3")'
        ' WHERE "pages"."id" = "new_rows"."c1"'
    )
    assert values_of(statement) == [99.0, ["p1", "p3"], ["one", "three"], [None, "p1"]]
    assert db.execute(statement) == 2
    found = db.all(select(pages.title, pages.parent_id, pages.position).from_(pages).order_by(pages.id))
    assert found == [("one", None, 99.0), ("Child page", "p1", 2.0), ("three", "p1", 99.0)]


def test_many_rows_are_found_by_other_columns_and_may_hold_arrays(db: Transaction) -> None:
    rows: list[UserUpdate] = [{"email": "ada@x", "tags": ["x", "y"]}, {"email": "bob@x", "tags": []}]
    statement = update(users).rows(rows, by=[users.email])
    assert "FROM (SELECT unnest($1::text[]), unnest($2::text[])::text[]) AS" in sql_of(statement)
    assert sorted(db.all(statement.returning(users.id, users.tags))) == [("u1", ["x", "y"]), ("u2", [])]


def test_an_update_of_many_rows_that_is_not_whole() -> None:
    with pytest.raises(StatementError, match="row 1 has no 'id', which says the row that is meant"):
        update(users).rows([{"name": "x"}])
    with pytest.raises(StatementError, match="needs at least one column"):
        update(users).rows([{"id": "x"}])
    with pytest.raises(StatementError, match="row 2 has no 'name'"):
        update(users).rows([{"id": "x", "name": "x"}, {"id": "y"}])


def test_an_update_and_an_insert_of_no_rows(db: Transaction) -> None:
    assert db.execute(update(users).rows([])) == 0
    assert db.all(insert(users).rows([]).returning(users.tags)) == []


def test_identity_columns_are_written_when_it_is_said(db: Transaction) -> None:
    statement = insert(counters).overriding_system_value({"id": 1000, "label": "old"})
    assert sql_of(statement) == (
        'INSERT INTO "public"."counters" ("id", "label") OVERRIDING SYSTEM VALUE VALUES ($1, $2)'
    )
    assert db.one(statement.returning()) == Counter(1000, "old", None)


def test_more_parameters_than_the_protocol_has_are_refused() -> None:
    rows: list[CounterInsert] = [{"label": "x", "n": number} for number in range(32_768)]
    with pytest.raises(StatementError, match=r"65,536 parameters.*\n.*\.rows\(\)"):
        sql_of(insert(counters).values(*rows))
