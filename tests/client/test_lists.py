"""A list is one parameter, whatever stands in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.string import StrDumper

from pagespace_db.client.dumpers import register_dumpers

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
ALMOST_ARRAYS = st.sampled_from(
    ["", "NULL", "null", "{}", '"', "\\", '\\"', ",", "a,b", " ", "\t", "%", "%s", "é", "\u2003"]
)


@pytest.fixture(scope="module")
def connection(server_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(server_url, autocommit=True) as opened:
        register_dumpers(opened)
        yield opened


def echo(connection: psycopg.Connection, values: list[Any], pg_type: str) -> object:
    """Return what the server makes of a list, sent as text of unknown type like every parameter of the client."""
    row = connection.execute(f"SELECT %t::{pg_type}[]".encode(), (values,)).fetchone()
    return row and row[0]


ELEMENTS = [
    ("text", TEXTS | ALMOST_ARRAYS),
    ("bigint", st.integers(-(2**63), 2**63 - 1)),
    ("double precision", st.floats(allow_nan=False)),
    ("boolean", st.booleans()),
    ("date", st.dates()),
    ("timestamptz", st.datetimes(timezones=st.just(UTC))),
    ("timestamp", st.datetimes()),
    ("uuid", st.uuids()),
    ("numeric", st.decimals(allow_nan=False, allow_infinity=False, places=6)),
]


@pytest.mark.parametrize(("pg_type", "elements"), ELEMENTS, ids=[pg_type for pg_type, _ in ELEMENTS])
def test_every_list_comes_back_as_it_was_given(
    connection: psycopg.Connection, pg_type: str, elements: st.SearchStrategy[Any]
) -> None:
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.none() | elements, max_size=12))
    def holds(values: list[Any]) -> None:
        assert echo(connection, values, pg_type) == values

    holds()


def test_lists_of_lists_are_arrays_of_more_dimensions(connection: psycopg.Connection) -> None:
    texts = [["a", None], ['"', "\\"]]
    assert echo(connection, texts, "text") == texts
    numbers = [[[1, 2], [3, 4]]]
    assert echo(connection, numbers, "bigint") == numbers


def test_elements_of_a_subclass_are_written_as_their_class_says(connection: psycopg.Connection) -> None:
    class Fruit(StrEnum):
        APPLE = "apple, green"

    assert echo(connection, [Fruit.APPLE, None], "text") == ["apple, green", None]


def test_a_mixture_that_has_no_one_type_is_refused(connection: psycopg.Connection) -> None:
    with pytest.raises(psycopg.DataError, match="mixed types"):
        echo(connection, [1, "a"], "text")


def test_elements_with_a_dumper_of_the_application_are_left_to_it(server_url: str) -> None:
    class Shouting(StrDumper):
        def dump(self, obj: str) -> bytes:
            return obj.upper().encode()

    with psycopg.connect(server_url) as connection:
        register_dumpers(connection)
        connection.adapters.register_dumper(str, Shouting)
        assert echo(connection, ["a", "b"], "text") == ["A", "B"]


@pytest.mark.parametrize("text", ["a\0b", "\0", "\ud800"])
@pytest.mark.parametrize("others", [[], ["x"], [None]])
def test_a_text_that_postgresql_cannot_hold_is_refused_before_sending(
    connection: psycopg.Connection, text: str, others: list[str | None]
) -> None:
    with pytest.raises((psycopg.DataError, UnicodeEncodeError)):
        echo(connection, [*others, text], "text")


def test_plain_values_of_all_kinds_keep_their_precision(connection: psycopg.Connection) -> None:
    assert echo(connection, [0.1, 1e-300, float("inf")], "double precision") == [0.1, 1e-300, float("inf")]
    assert echo(connection, [Decimal("1.10")], "numeric") == [Decimal("1.10")]
    assert echo(connection, [date(1, 1, 1), date(9999, 12, 31)], "date") == [date(1, 1, 1), date(9999, 12, 31)]
    moment = datetime(2026, 11, 22, 1, 2, 3, 4, tzinfo=UTC)
    assert echo(connection, [moment], "timestamptz") == [moment]
    assert echo(connection, [UUID(int=7)], "uuid") == [UUID(int=7)]
