"""Text that PostgreSQL cannot hold is refused before it is sent, with the name of its column, however deep it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, Final

import psycopg
import pytest
from psycopg.types.range import Range

from pagespace_db import (
    Database,
    PoolSettings,
    StatementError,
    eq,
    in_array,
    insert,
    json_contains,
    raw,
    select,
    sql,
    text_channel,
    update,
)
from pagespace_db.embedded.databases import fresh_database
from tests.codegen.conftest import package_in

SCHEMA: Final = """
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE pair AS (a text, b integer);
CREATE TYPE nest AS (p pair, texts text[]);
CREATE TYPE textrange AS RANGE (subtype = text);
CREATE DOMAIN word AS text;
CREATE TABLE things (
  id int PRIMARY KEY, plain text, short varchar(10), texts text[], grid text[][], doc json, docb jsonb,
  docs jsonb[], mood mood, moods mood[], pair pair, pairs pair[], nest nest, word word, span textrange
);
"""
BAD: Final = ("a\0b", "\ud800", "x\udfff")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory, server_url: str) -> Iterator[ModuleType]:
    with package_in(tmp_path_factory.mktemp("refused_text"), SCHEMA, server_url) as package:
        yield package


@pytest.fixture(scope="module")
def database(server_url: str, package: ModuleType) -> Iterator[Database]:
    with fresh_database(server_url) as url:
        with psycopg.connect(url) as connection:
            connection.execute(SCHEMA)
        with Database(url, pool=PoolSettings(max_size=1)) as database:
            yield database


def holders(package: ModuleType) -> dict[str, Callable[[str], object]]:
    """Return, for each column, what makes a value that holds a text."""
    pair, nest = package.Pair, package.Nest
    return {
        "plain": lambda text: text,
        "short": lambda text: text,
        "texts": lambda text: ["x", text],
        "grid": lambda text: [["x", text]],
        "doc": lambda text: {"k": [text]},
        "docb": lambda text: {"k": {text: 1}},
        "docs": lambda text: [{"a": 1}, {"b": [text]}],
        "mood": lambda text: text,
        "moods": lambda text: ["ok", text],
        "pair": lambda text: pair(text, 1),
        "pairs": lambda text: [pair("x", 1), pair(text, 1)],
        "nest": lambda text: nest(pair("x", 1), ["y", text]),
        "word": lambda text: text,
        "span": lambda text: Range(text, None),
    }


@pytest.mark.parametrize("bad", BAD)
def test_every_way_to_write_names_the_column_and_shows_no_value(
    database: Database, package: ModuleType, bad: str
) -> None:
    things = package.things
    for column, holding in holders(package).items():
        good, wrong = {"id": 1, column: holding("ok")}, {"id": 2, column: holding(bad)}
        named = rf"the text for things\.{column} has a (NUL character|lone surrogate), which PostgreSQL cannot hold"
        ways: list[Callable[[], object]] = [
            lambda: database.execute(insert(things).values(wrong)),  # noqa: B023  # called in this turn
            lambda: database.execute(insert(things).rows([good, wrong])),  # noqa: B023
            lambda: database.copy_in(things, [good, wrong]),  # noqa: B023
            lambda: database.batch([insert(things).values(wrong)]),  # noqa: B023
            lambda: database.execute(update(things).set(wrong).where(eq(things.id, 1))),  # noqa: B023
        ]
        for way in ways:
            with pytest.raises(StatementError, match=named) as raised:
                way()
            assert bad not in str(raised.value)
    assert database.all(select(things.id).from_(things)) == []


@pytest.mark.parametrize("bad", BAD)
def test_conditions_name_the_column_too(database: Database, package: ModuleType, bad: str) -> None:
    things = package.things
    for column in ("plain", "short", "texts", "mood", "pair", "word"):
        value, bound = holders(package)[column](bad), getattr(things, column)
        for condition in (eq(bound, value), in_array(bound, [value])):
            with pytest.raises(StatementError, match=rf"things\.{column}"):
                database.all(select(things.id).from_(things).where(condition))
    with pytest.raises(StatementError, match=r"things\.docb"):
        database.all(select(things.id).from_(things).where(json_contains(things.docb, {"a": bad})))


@pytest.mark.parametrize("bad", BAD)
def test_what_no_column_takes_is_refused_as_well(database: Database, bad: str) -> None:
    with pytest.raises(StatementError, match="a text of this statement"):
        database.execute(raw("SELECT {}::text", bad))
    with pytest.raises(StatementError, match=r"the setting 'app\.user'"), database.session({"app.user": bad}):
        pytest.fail("policies would read another user")
    with pytest.raises(StatementError, match="a payload for the channel 'x'"):
        database.notify(text_channel("x"), bad)
    with pytest.raises(StatementError, match="the name of a channel"):
        database.notify(text_channel(bad), "x")
    with pytest.raises(StatementError, match="the key of a lock"), database.advisory_lock(bad):
        pytest.fail("the key is no text")
    assert database.one(select(sql[int]("1"))) == 1


def test_what_only_looks_like_a_nul_in_json_is_kept(database: Database, package: ModuleType) -> None:
    values: list[Any] = [r"\u0000", {"\\": r"\\u0000"}, "ä\u2028\U0001f600", {"k": ["\\", "u0000"]}]
    for number, value in enumerate(values):
        row = {"id": number, "docb": value, "doc": value}
        written = database.one(insert(package.things).values(row).returning(package.things.docb, package.things.doc))
        assert written == (value, value)
