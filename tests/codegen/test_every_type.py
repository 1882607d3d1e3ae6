"""A value, arrays and a matrix of every type: the same wherever it is read, and unchanged however it is written."""

from __future__ import annotations

import importlib
import math
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from types import ModuleType
from typing import Any, Final

import psycopg
import pytest

from pagespace_db import Database, Transaction, eq, gt, insert, query, raw, select, update
from pagespace_db.embedded.databases import fresh_database
from tests.codegen import every_type
from tests.codegen.conftest import imported_package

QUERIES: Final = """
-- name: whole :one
SELECT s FROM samples s WHERE id = :id;

-- name: starred :one
SELECT * FROM samples WHERE id = :id;
"""

Opened = tuple[ModuleType, Database]


@pytest.fixture(scope="module")
def opened(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    files = {"schema.sql": every_type.schema(), "queries/samples.sql": QUERIES}
    folder = tmp_path_factory.mktemp("types")
    with imported_package(folder, server_url, files) as package, fresh_database(server_url) as url:
        with psycopg.connect(url) as connection:
            connection.execute(every_type.schema().encode())
            connection.execute(every_type.rows().encode())
        with Database(url) as database:
            yield package, database


@pytest.fixture
def package(opened: Opened) -> ModuleType:
    return opened[0]


@pytest.fixture
def db(opened: Opened) -> Iterator[Transaction]:
    with opened[1]._rolled_back() as transaction:
        yield transaction


def values_of(row: Any) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(row) if field.name != "id"}


def same(a: Any, b: Any) -> bool:
    """Tell whether two values are of one type and equal; 1.50 is not 1.5, and NaN is NaN."""
    if type(a) is not type(b):
        return False
    if isinstance(a, float) and math.isnan(a):
        return math.isnan(b)
    if isinstance(a, Decimal):
        return str(a) == str(b)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))  # pyright: ignore[reportUnknownArgumentType]
    if is_dataclass(a):
        return all(same(getattr(a, field.name), getattr(b, field.name)) for field in fields(a))
    return bool(a == b)


def differences(expected: dict[str, Any], row: Any) -> dict[str, object]:
    actual = values_of(row)
    types = every_type.columns()
    return {
        f"{name} {types[name][0]}": (expected[name], actual[name])
        for name in expected
        if not same(expected[name], actual[name])
    }


@pytest.fixture
def expected(package: ModuleType, db: Transaction) -> dict[str, Any]:
    """The values of the one row, each read by itself."""
    samples = package.samples
    return {column._attribute: db.one(select(column).from_(samples)) for column in samples._columns[1:]}


def test_values_are_the_same_wherever_they_are_read(
    package: ModuleType, db: Transaction, expected: dict[str, Any]
) -> None:
    samples, parents = package.samples, package.parents
    queries = importlib.import_module(f"{package.__name__}.queries.samples")

    class ParentFull(package.Parent):  # type: ignore[name-defined, misc]  # made when the test runs
        samples = parents.samples

    everything = select(samples).from_(samples)
    rows = {
        "a whole row": db.one(everything),
        "a nested row": db.one(query(ParentFull)).samples[0],
        "raw SQL": db.one(raw("SELECT * FROM samples").rows(samples)),
        "a query of a row": queries.whole(db, id=1),
        "a query of columns": queries.starred(db, id=1),
        "a stream": next(iter(list(db.stream(everything)))),
        "COPY": next(iter(list(db.copy_out(samples)))),
    }
    assert {name: differences(expected, row) for name, row in rows.items()} == {name: {} for name in rows}


def test_values_are_unchanged_however_they_are_written(
    package: ModuleType, db: Transaction, expected: dict[str, Any]
) -> None:
    samples = package.samples
    db.execute(insert(samples).values({"id": 2, **expected}))
    db.execute(insert(samples).rows([{"id": 3, **expected}, {"id": 4, **expected}]))
    db.copy_in(samples, [{"id": 5, **expected}])
    db.execute(insert(samples).values({"id": 6, "parent_id": 1}))
    db.execute(update(samples).set(expected).where(eq(samples.id, 6)))
    db.execute(insert(samples).values({"id": 7, "parent_id": 1}))
    db.execute(update(samples).rows([{"id": 7, **expected}]))
    ways = {2: "values()", 3: "rows()", 4: "rows()", 5: "copy_in()", 6: "set()", 7: "update().rows()"}
    written = db.all(select(samples).from_(samples).order_by(samples.id))[1:]
    assert {ways[row.id]: differences(expected, row) for row in written} == {way: {} for way in ways.values()}
    # The server itself sees no difference: not an array of documents where there was a matrix of them.
    texts = db.all(
        raw('SELECT DISTINCT (s::text COLLATE "C") FROM (SELECT ROW(samples.*) AS s FROM samples) AS a').rows(str)
    )
    assert len({text.partition(",")[2] for text in texts}) == 1


def test_what_python_has_no_value_for_is_an_error_that_says_so(db: Transaction) -> None:
    for text in ("'infinity'::date", "'-infinity'::timestamp", "'24:00'::time", "'10000-01-01'::date"):
        statement = "SELECT " + text
        with pytest.raises(psycopg.DataError, match=r"infinity|hour|too large|year"), db.transaction() as savepoint:
            savepoint.all(raw(statement).rows(object))


def test_a_month_is_read_as_thirty_days(db: Transaction) -> None:
    assert str(db.one(raw("SELECT interval '1 year 1 month 1 day'").rows(object))) == "396 days, 0:00:00"


def test_an_int_among_floats_is_one(package: ModuleType, db: Transaction) -> None:
    samples = package.samples
    place = next(number for number, (type_, _) in enumerate(every_type.VALUES) if type_ == "double precision")
    many, matrix = f"many_{place}", f"matrix_{place}"
    row = {"parent_id": 1, many: [1, 2.5, None], matrix: [[1, None], [2, 2.5]]}
    db.execute(insert(samples).values({"id": 2, **row}))
    db.execute(insert(samples).rows([{"id": 3, **row}]))
    db.copy_in(samples, [{"id": 4, **row}])
    for found in db.all(select(samples).from_(samples).where(gt(samples.id, 1))):
        assert same([getattr(found, many), getattr(found, matrix)], [[1.0, 2.5, None], [[1.0, None], [2.0, 2.5]]])
