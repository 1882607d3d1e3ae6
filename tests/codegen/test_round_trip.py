"""Rows go in and come out through the generated tables, whatever their columns are called."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import psycopg
import pytest

from pagespace_db import Database, insert, select
from pagespace_db.embedded.databases import fresh_database
from tests.codegen.conftest import ImportGenerated

HOSTILE = (Path(__file__).parent / "corpus" / "hostile_names.sql").read_text(encoding="utf-8")


@pytest.fixture
def hostile(server_url: str, import_generated: ImportGenerated) -> Iterator[tuple[ModuleType, Database]]:
    package = import_generated(HOSTILE)
    with fresh_database(server_url) as url:
        with psycopg.connect(url) as connection:
            connection.execute(HOSTILE.encode())
        with Database(url) as database:
            yield package, database


def test_every_column_of_a_table_with_hostile_names_is_written_and_read(
    hostile: tuple[ModuleType, Database],
) -> None:
    package, database = hostile
    table = package.int
    written = {
        column._attribute: f"{column._name} %s {{}}"
        for column in table._columns
        if column._pg_type == "text" and column._attribute != "list"
    }
    database.execute(insert(table).values(written))
    (row,) = database.all(select(table).from_(table))
    assert {name: getattr(row, name) for name in written} == written


def test_odd_labels_of_an_enum_come_back_as_they_are(hostile: tuple[ModuleType, Database]) -> None:
    package, database = hostile
    table = package.用户
    for label in package.WEIRD_LABELS_LABELS:
        database.execute(insert(table).values({"名": f"row {label}", "labels": label}))
    rows = database.all(select(table).from_(table))
    assert {row.labels for row in rows} == set(package.WEIRD_LABELS_LABELS)
