"""No text, wherever it comes from, becomes SQL."""

from __future__ import annotations

from typing import Final

import pytest

from pagespace_db import (
    Database,
    StatementError,
    Transaction,
    alias,
    array_contains,
    contains,
    delete,
    ends_with,
    eq,
    eq_or_null,
    in_array,
    insert,
    json_text,
    matches,
    not_in_array,
    select,
    sql,
    starts_with,
    update,
)
from tests.builder.statements import sql_of, values_of
from tests.builder.tables import Odd, drives, odd, pages, users

TEXTS: Final = [
    "",
    "%",
    "%s %(x)s %% %%s",
    "$1 $2 $$ $a$",
    "'",
    "''; DROP TABLE users; --",
    '"',
    "\\",
    "\\'",
    "\\x41 \\101 \\\\",
    "_%\\_\\%",
    "{}{0}{name}",
    ":name ::text ?",
    "-- x\n/* y",
    "\x010\x01 \x01",
    "\t\r\n\x0b\x1f\x7f",
    "NULL",
    "{a,b}",
    '{"a",NULL}',
    "ünï ☃ 💥 \u202e \ufeff \U0010ffff e\u0301",
    " leading and trailing ",
    "x" * 10_000,
]


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_is_written_and_read_back_equal(db: Transaction, text: str) -> None:
    written = insert(users).values(
        {"id": text, "name": text, "email": text, "tags": [text, text], "settings": {text: [text]}}
    )
    found = db.one(written.returning())
    assert (found.id, found.name, found.tags, found.settings) == (text, text, [text, text], {text: [text]})
    assert text in ("", "{a,b}") or repr(text) not in sql_of(written)


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_is_found_by_every_operator(db: Transaction, text: str) -> None:
    db.execute(insert(users).values({"id": "n", "name": f"<{text}>", "email": text, "bio": text, "tags": [text]}))
    conditions = [
        eq(users.bio, text),
        eq_or_null(users.bio, text),
        in_array(users.bio, [text]),
        contains(users.name, text),
        starts_with(users.name, f"<{text}"),
        ends_with(users.name, f"{text}>"),
        array_contains(users.tags, [text]),
        eq(users.tags, [text]),
        sql[bool]("{} = {}", users.bio, text),
    ]
    for condition in conditions:
        statement = select(users.id).from_(users).where(condition, eq(users.id, "n"))
        assert db.all(statement) == ["n"], sql_of(statement)
    assert db.all(select(users.id).from_(users).where(not_in_array(users.bio, [text]), eq(users.id, "n"))) == []
    assert db.one(select(sql[str]("{}", text))) == text


@pytest.mark.parametrize("text", [text for text in TEXTS if text])
def test_any_text_is_a_search_and_a_path(db: Transaction, text: str) -> None:
    db.all(select(pages.id).from_(pages).where(matches(pages.words, text)))
    statement = update(users).set({"settings": {text: "found"}}).where(eq(users.id, "u1"))
    assert db.one(statement.returning(json_text(users.settings, text))) == "found"


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_changes_and_deletes_only_the_row_it_names(db: Transaction, text: str) -> None:
    db.execute(insert(users).values({"id": text, "name": "a", "email": text}))
    assert db.all(update(users).set({"bio": text}).where(eq(users.id, text)).returning(users.bio)) == [text]
    assert db.all(delete(users).where(eq(users.id, text)).returning(users.id)) == [text]
    assert len(db.all(select(users.id).from_(users))) == 3


def test_hostile_identifiers_stay_identifiers(db: Transaction) -> None:
    statement = insert(odd).values({"from_": 1, "quoted": "q", "percent": "%", "snow": "s"}).returning()
    assert sql_of(statement).startswith(
        'INSERT INTO "odd $1 ""schema""; %s"."ta""ble %s $1 {}"'
        ' ("from", "a""; DROP TABLE users; --", "%s %(x)s $1 {}", "Ünï ☃\'\\") VALUES ($1, $2, $3, $4) RETURNING '
    )
    assert db.one(statement) == Odd(1, "q", "%", "s")
    assert db.one(update(odd).set({"percent": "$1"}).where(eq(odd.percent, "%")).returning(odd.percent)) == "$1"
    found = db.one(select(odd.snow, odd).from_(odd).where(eq(odd.quoted, "q")).order_by(odd.snow))
    assert found == ("s", Odd(1, "q", "$1", "s"))


@pytest.mark.parametrize("name", [text for text in TEXTS if text and len(text.encode()) < 64])
def test_hostile_aliases_stay_identifiers(db: Transaction, name: str) -> None:
    u = alias(users, name)
    sub = select(drives.owner_id).from_(drives).as_(name + "2")
    statement = select(u.name).from_(u).join(sub, eq(sub[drives.owner_id], u.id)).where(eq(u.id, "u2"))
    assert db.all(statement) == ["Bob"]


def test_an_alias_that_no_identifier_can_be_is_refused() -> None:
    for name in ("", "a\0b", "x" * 64, "ü" * 32):
        with pytest.raises(StatementError, match="cannot be a name"):
            alias(users, name)
        with pytest.raises(StatementError, match="cannot be a name"):
            select(users.id).from_(users).as_(name)


@pytest.mark.parametrize("text", ["a\0b", "\0", "a\ud800b", "\udcff"])
def test_text_that_postgresql_cannot_hold_is_refused_with_the_name_of_its_column(db: Transaction, text: str) -> None:
    rows: list[dict[str, str]] = [{"name": "a"}, {"name": text}]
    statements = [
        select(users.id).from_(users).where(eq(users.id, "x"), eq(users.name, text)),
        select(users.id).from_(users).where(in_array(users.name, ["a", text])),
        select(users.id).from_(users).where(contains(users.name, text)),
        insert(users).values({"name": text, "email": "e"}).returning(users.id),
        insert(users).rows({"name": row["name"], "email": "e"} for row in rows).returning(users.id),
        update(users).set({"name": text}).where(eq(users.id, "x")).returning(users.id),
    ]
    for statement in statements:
        with pytest.raises(StatementError, match=r"the text for users\.name has (a NUL|a lone surrogate)") as caught:
            db.all(statement)
        assert text not in str(caught.value)
        assert values_of(statement)
    assert db.one(select(sql[int]("1"))) == 1


def test_the_database_is_as_it_was(database: Database) -> None:
    assert database.all(select(users.id).from_(users).order_by(users.id)) == ["u1", "u2", "u3"]
