"""Raw SQL: whole statements and identifiers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypedDict, assert_type

import psycopg
import pytest

from pagespace_db import Shape, StatementError, Transaction, count, cte, eq, gt, identifier, raw, select, sql
from pagespace_db.errors import ValueMisfit
from tests.builder.statements import sql_of, values_of
from tests.builder.tables import User, counters, other_users, users


def test_a_raw_statement_names_what_its_rows_are_made_of(db: Transaction) -> None:
    statement = raw("SELECT {}.*, 7 FROM {} WHERE {} = {} AND 5 % 2 = 1", identifier("users"), users, users.id, "u1")
    found = statement.rows(users, int)
    assert sql_of(found) == ('SELECT "users".*, 7 FROM "public"."users" WHERE "users"."id" = $1::text AND 5 % 2 = 1')
    assert values_of(found) == ["u1"]
    row = db.one(found)
    assert_type(row, tuple[User, int])
    assert (row[0].name, row[1]) == ("Ada", 7)


def test_a_raw_statement_of_one_column_and_of_a_shape(db: Transaction) -> None:
    class Card(Shape):
        id = users.id
        n = count()

    assert db.all(raw("SELECT name FROM users ORDER BY id").rows(str)) == ["Ada", "Bob", "Cyd"]
    found = db.all(raw("SELECT id, 3 FROM users WHERE id = {}", "u2").rows(Card))
    assert_type(found, list[Card])
    assert (found[0].id, found[0].n) == ("u2", 3)


def test_merge_is_a_raw_command(db: Transaction) -> None:
    merge = raw(
        "MERGE INTO {} AS o USING {} ON o.id = {} WHEN MATCHED THEN UPDATE SET nick = {}"
        " WHEN NOT MATCHED THEN INSERT (id, nick) VALUES ({}, {})",
        other_users,
        users,
        users.id,
        "merged",
        users.id,
        users.name,
    )
    if int(db.one(raw("SHOW server_version_num").rows(str))) < 150_000:
        with pytest.raises(psycopg.errors.SyntaxError, match="MERGE"):  # came with PostgreSQL 15
            db.execute(merge)
        return
    assert db.execute(merge) == 3
    assert sorted(db.all(select(other_users.nick).from_(other_users))) == ["Bob", "Cyd", "merged"]


def test_an_identifier_stays_one(db: Transaction) -> None:
    name = 'a"; DROP TABLE users; --'
    statement = raw("SELECT 1 AS {}", identifier(name)).rows(int)
    assert sql_of(statement) == 'SELECT 1 AS "a""; DROP TABLE users; --"'
    assert db.one(statement) == 1
    assert db.one(select(sql[str]("{}", identifier("users", "name"))).from_(users).where(eq(users.id, "u1"))) == "Ada"
    with pytest.raises(StatementError, match="cannot be a name"):
        identifier("")


def test_a_raw_statement_is_a_common_table_expression_too(db: Transaction) -> None:
    series = cte("series", raw("SELECT n, {} FROM generate_series(1, 3) AS n", "x").rows(counters.n, users.name))
    statement = select(series[users.name], series[counters.n]).from_(series).where(gt(series[counters.n], 2))
    assert values_of(statement.with_(series)) == ["x", 2]
    assert db.all(statement.with_(series)) == [("x", 3)]


def test_a_query_in_a_fragment(db: Transaction) -> None:
    least = select(users.id).from_(users).where(eq(users.role, "user"))
    statement = select(users.id).from_(users).where(sql[bool]("{} < ALL {}", users.id, least))
    assert values_of(statement) == ["user"]
    assert db.all(statement) == ["u1"]


@dataclass
class Theme:
    theme: str | None
    n: dict[str, list[int]] = field(default_factory=dict[str, list[int]])


class ThemeDict(TypedDict):
    theme: str | None


def test_a_class_takes_the_row_or_the_document_that_it_stands_for(db: Transaction) -> None:
    user = db.one(raw("SELECT * FROM users WHERE id = 'u1'").rows(User))
    assert_type(user, User)
    assert user == db.one(select(users).from_(users).where(eq(users.id, "u1")))
    documents = raw("SELECT settings, settings, name FROM users WHERE id <> 'u3' ORDER BY id").rows(
        Theme, ThemeDict, str
    )
    assert db.all(documents) == [
        (Theme("dark", {"deep": [1, 2]}), {"theme": "dark", "n": {"deep": [1, 2]}}, "Ada"),
        (Theme(None), {"theme": None}, "Bob"),
    ]
    with pytest.raises(ValueMisfit, match="`theme` is missing"):
        db.all(raw("SELECT settings FROM users").rows(Theme))
    assert db.all(raw("SELECT NULL").rows(Theme)) == [None]
