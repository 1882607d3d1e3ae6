"""Values of every type are read as the generated annotations say, and written back unchanged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
import pytest

from pagespace_db import Database, insert, select
from pagespace_db.embedded.databases import fresh_database
from pagespace_db.types import Multirange, Range
from tests.codegen.conftest import ImportGenerated

CORPUS = Path(__file__).parent / "corpus"

Generated = tuple[ModuleType, str]


@pytest.fixture
def all_types(server_url: str, import_generated: ImportGenerated) -> Iterator[Generated]:
    """The package of all_types.sql, and the URL of a database with its tables."""
    schema = (CORPUS / "all_types.sql").read_text(encoding="utf-8")
    package = import_generated(schema)
    schema = schema.replace("CREATE EXTENSION IF NOT EXISTS postgres_fdw", "CREATE FOREIGN DATA WRAPPER postgres_fdw")
    with fresh_database(server_url) as url:
        run(url, schema)
        yield package, url


@pytest.fixture
def composites(server_url: str, import_generated: ImportGenerated) -> Iterator[Generated]:
    """The same for composites.sql."""
    schema = (CORPUS / "composites.sql").read_text(encoding="utf-8")
    package = import_generated(schema)
    with fresh_database(server_url) as url:
        run(url, schema)
        yield package, url


def run(url: str, statements: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statements.encode())


def values_of(row: Any) -> dict[str, object]:
    return {field.name: getattr(row, field.name) for field in fields(row)}


def test_a_row_of_every_type_is_written_as_it_was_read(all_types: Generated) -> None:
    package, url = all_types
    table = package.t
    run(url, (CORPUS.parent / "all_types_row.sql").read_text(encoding="utf-8"))
    with Database(url) as database:
        (first,) = database.all(select(table).from_(table))
        values = values_of(first)
        assert values["cb"] == {"a": "1", "b": None}
        assert values["df"] == [{"k": "v"}]
        assert values["db"] == [["a", "b"], ["c", "d"]]
        assert values["ay"] == Multirange([Range(1, 2), Range(5, 6)])
        assert values["d"] == 9007199254740993
        wrong: dict[str, object] = {}
        for name, value in values.items():
            try:
                row = database.one(insert(table).values({name: value}).returning())
            except psycopg.Error as error:
                wrong[name] = error
            else:
                if getattr(row, name) != value:
                    wrong[name] = (value, getattr(row, name))
        assert wrong == {}


def test_types_within_types_are_read_as_dataclasses_and_written_back(composites: Generated) -> None:
    package, url = composites
    table, amount, band = package.quotes, package.MoneyAmount, package.IntervalOfMoney
    low, high = amount(Decimal("1.5"), "EUR"), amount(None, None)
    values = {
        "id": 1,
        "contact": "a@b",
        "cc": ["c@d", "e@f"],
        "price": low,
        "history": [low, high],
        "band": band(low, None, ["x", 'quote"', "comma,"]),
        "bands": [band(None, high, []), band(None, None, None)],
        "span": Range(1.5, 2.5),
        "versions": [Range("a", "b")],
        "labels": ["l", "m"],
        "matrix": [[1, 2], [3, 4]],
        "cube": [[[1], [2]]],
    }
    with Database(url) as database:
        (row,) = database.all(insert(table).values(values).returning())
        assert values_of(row) == values
