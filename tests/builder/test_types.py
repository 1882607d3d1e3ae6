"""A table with every type survives write and read, by every way that values take."""

from __future__ import annotations

import dataclasses
import datetime as dt
import ipaddress
import math
import uuid
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, LiteralString

import psycopg
import pytest
from psycopg.types.json import Jsonb
from psycopg.types.multirange import Multirange
from psycopg.types.range import Range

from pagespace_db import (
    Column,
    Database,
    Expr,
    Many,
    NullColumn,
    Row,
    Table,
    eq,
    in_array,
    insert,
    is_null,
    query,
    raw,
    select,
    update,
)
from pagespace_db.builder.columns import ColumnBase, Source
from pagespace_db.embedded.databases import fresh_database
from pagespace_db.types import TypeRegistry, install_types


@dataclasses.dataclass(slots=True)
class Point3:
    x: int
    label: str | None


@dataclasses.dataclass(slots=True)
class Box3:
    low: Point3
    tags: list[str]


TYPES: Final[LiteralString] = """
CREATE TYPE mood AS ENUM ('sad', 'so so', 'it''s "fine"');
CREATE DOMAIN slug AS text CHECK (VALUE ~ '^[a-z-]*$');
CREATE TYPE point3 AS (x integer, label text);
CREATE TYPE box3 AS (low point3, tags text[]);
CREATE TYPE floatrange AS RANGE (subtype = float8);
"""

UTC: Final = dt.UTC
ODD_TEXT: Final = "a'b\"c\\d,e{f}g\nh\ti %s $1 ☃ 💥 NULL"

VALUES: Final[dict[str, list[Any]]] = {
    "smallint": [0, -(2**15), 2**15 - 1],
    "integer": [0, -(2**31), 2**31 - 1],
    "bigint": [0, -(2**63), 2**63 - 1, 2**53 + 1],
    "numeric": [Decimal("0"), Decimal("-1.50"), Decimal("1e-20"), Decimal("123456789012345678901234567890.5")],
    "numeric(50,20)": [Decimal("123456789012345678901234567890.12345678901234567890")],
    "real": [0.0, 1.5, -0.25, math.inf],
    "double precision": [0.0, 0.1, 1e300, -math.inf, 5e-324],
    "boolean": [True, False],
    "text": ["", ODD_TEXT],
    "character varying(60)": ["", ODD_TEXT],
    "character varying": [ODD_TEXT],
    "character(5)": ["ab   ", "abcde"],
    "name": ["pg_catalog"],
    "bytea": [b"", bytes(range(256))],
    "date": [dt.date(1, 1, 1), dt.date(2026, 2, 28), dt.date(9999, 12, 31)],
    "time without time zone": [dt.time(0), dt.time(23, 59, 59, 999999)],
    "time with time zone": [dt.time(12, 30, tzinfo=dt.timezone(dt.timedelta(hours=5, minutes=30)))],
    "timestamp without time zone": [dt.datetime(2026, 1, 1, 0, 0, 0, 1), dt.datetime(1, 1, 1)],  # noqa: DTZ001  # the type has none
    "timestamp with time zone": [dt.datetime(2026, 1, 1, 12, 0, 0, 123456, UTC), dt.datetime(1900, 1, 1, tzinfo=UTC)],
    "interval": [dt.timedelta(0), dt.timedelta(days=-3, microseconds=1), dt.timedelta(days=400, hours=5)],
    "uuid": [uuid.UUID(int=0), uuid.UUID("12345678-1234-5678-1234-567812345678")],
    "inet": [ipaddress.ip_address("10.0.0.1"), ipaddress.ip_interface("10.0.0.1/8"), ipaddress.ip_address("::1")],
    "cidr": [ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("2001:db8::/32")],
    "macaddr": ["08:00:2b:01:02:03"],
    "macaddr8": ["08:00:2b:01:02:03:04:05"],
    "json": [{"a": [1, 2.5, None, "x"]}, [], "123", 123, True, ODD_TEXT],
    "jsonb": [{"a": [1, 2.5, None, "x"]}, [], "123", 123, False, {ODD_TEXT: ODD_TEXT}],
    "bit(5)": ["10101"],
    "bit varying": ["", "1"],
    "money": ["$1,234.50"],
    "tsvector": ["'a' 'b':1A,3"],
    "tsquery": ["'a' & !'b'"],
    "jsonpath": ['$."a"[*]'],
    "point": ["(1,2.5)"],
    "pg_lsn": ["16/B374D848"],
    "oid": [4294967295],
    "int4range": [Range(1, 5), Range(empty=True), Range(None, 3)],
    "int8range": [Range(2**40, None)],
    "numrange": [Range(Decimal("0.5"), Decimal("1.5"), "[]")],
    "daterange": [Range(dt.date(2026, 1, 1), dt.date(2026, 2, 1))],
    "tsrange": [Range(dt.datetime(2026, 1, 1), dt.datetime(2026, 1, 2), "()")],  # noqa: DTZ001  # the type has none
    "tstzrange": [Range(dt.datetime(2026, 1, 1, tzinfo=UTC), None)],
    "int4multirange": [Multirange([]), Multirange([Range(1, 3), Range(5, 9)])],
    "datemultirange": [Multirange([Range(dt.date(2026, 1, 1), dt.date(2026, 2, 1))])],
    "public.floatrange": [Range(0.5, 1.5)],
    "public.mood": ["sad", "so so", 'it\'s "fine"'],
    "public.slug": ["", "a-b"],
    "public.point3": [Point3(1, None), Point3(-1, ODD_TEXT), Point3(2, "")],
    "public.box3": [Box3(Point3(1, "a,b"), ["x", 'y"z'])],
}
"""Types with values; each of them also makes a column of arrays."""


def _column(number: int, pg_type: str) -> ColumnBase[Any, Any]:
    return NullColumn(f"c{number}", pg_type)


SCALARS: Final = {f"c{number}": pg_type for number, pg_type in enumerate(VALUES)}
ARRAYS: Final = {
    f"a{number}": f"{pg_type}[]" for number, pg_type in enumerate(VALUES) if pg_type not in ("json", "public.slug")
}
COLUMNS: Final[Mapping[str, str]] = {"id": "bigint", **SCALARS, **ARRAYS, "grid": "integer[]"}

Everything: Final[Any] = dataclasses.make_dataclass(
    "Everything", [(name, Any) for name in COLUMNS], bases=(Row,), slots=True
)


def _make_table() -> Any:
    members: dict[str, Any] = {
        name: Column(name, pg_type) if name == "id" else NullColumn(name, pg_type) for name, pg_type in COLUMNS.items()
    }

    def fill(namespace: dict[str, Any]) -> None:
        namespace.update(members)

    import types

    options: dict[str, Any] = {"schema": "public", "name": "everything", "row": Everything, "primary_key": ("id",)}
    made: Any = types.new_class("EverythingTable", (Table[Any, Any, Any],), options, fill)
    return made()


everything: Final[Any] = _make_table()

ROWS: Final[list[dict[str, Any]]] = []
for turn in range(6):
    row: dict[str, Any] = {"id": turn, "grid": [[1, 2], [3, None]]}
    for number, values in enumerate(VALUES.values()):
        row[f"c{number}"] = values[turn % len(values)]
        if f"a{number}" in ARRAYS:
            row[f"a{number}"] = [*values, None]
    ROWS.append(row)
ROWS.append({"id": 6, **dict.fromkeys([*SCALARS], None), **{name: [] for name in ARRAYS}, "grid": []})
ROWS.append({"id": 7, **dict.fromkeys([*SCALARS, *ARRAYS], None), "grid": None})


@pytest.fixture(scope="module")
def database(server_url: str) -> Iterator[Database]:
    names = [("public", name) for name in ("mood", "slug", "floatrange")]
    install_types(
        TypeRegistry(
            texts=(names[0],),
            domains=(names[1],),
            ranges=(names[2],),
            composites=((("public", "point3"), Point3), (("public", "box3"), Box3)),
        )
    )
    with fresh_database(server_url) as conninfo:
        with psycopg.connect(conninfo) as connection:
            connection.execute(TYPES)
            columns = ", ".join(f"{name} {pg_type}" for name, pg_type in COLUMNS.items())
            connection.execute(f"CREATE TABLE everything ({columns}, PRIMARY KEY (id))".encode())
        with Database(conninfo) as database:
            database.execute(raw("SET lc_monetary = 'C'"))
            yield database


def expected(row: dict[str, Any]) -> Any:
    return Everything(**row)


def read(database: Database) -> list[Any]:
    found: list[Any] = database.all(select(everything).from_(everything).order_by(everything.id))
    return found


def clear(database: Database) -> None:
    database.execute(raw("TRUNCATE {}", everything))


def test_there_are_many_types() -> None:
    assert len(COLUMNS) > 90


def test_one_row_at_a_time(database: Database) -> None:
    clear(database)
    for row in ROWS:
        written = database.one(insert(everything).values(row).returning())
        assert written == expected(row)
    assert read(database) == [expected(row) for row in ROWS]


def test_many_rows_in_one_statement(database: Database) -> None:
    clear(database)
    assert database.execute(insert(everything).values(*ROWS)) == len(ROWS)
    assert read(database) == [expected(row) for row in ROWS]


def test_many_rows_as_arrays_of_columns(database: Database) -> None:
    clear(database)
    rows = [{name: value for name, value in row.items() if name == "id" or name in SCALARS} for row in ROWS]
    statement = insert(everything).rows(rows)
    assert b"unnest" in statement._compiled.sql
    assert database.execute(statement) == len(ROWS)
    columns = [getattr(everything, name) for name in SCALARS]
    for index, column in enumerate(columns):
        found = database.all(select(column).from_(everything).order_by(everything.id))
        assert found == [row[f"c{index}"] for row in ROWS], column._pg_type


def test_many_rows_with_arrays(database: Database) -> None:
    clear(database)
    assert database.execute(insert(everything).rows(ROWS)) == len(ROWS)
    assert read(database) == [expected(row) for row in ROWS]


def test_updates_of_one_row_and_of_many(database: Database) -> None:
    clear(database)
    database.execute(insert(everything).rows([{"id": row["id"]} for row in ROWS]))
    first = {name: value for name, value in ROWS[0].items() if name != "id"}
    assert database.one(update(everything).set(first).where(eq(everything.id, 0)).returning()) == expected(ROWS[0])
    assert database.execute(update(everything).rows(ROWS)) == len(ROWS)
    assert read(database) == [expected(row) for row in ROWS]


def test_values_of_related_rows_and_of_subqueries_are_those_at_top_level(database: Database) -> None:
    clear(database)
    database.execute(insert(everything).rows(ROWS))
    itself: Many[Any, Any] = Many(lambda: everything, ("id",), ("id",))
    table: Source[Any] = everything
    for relation in (itself, itself.limit(1).order_by(everything.id)):
        found = database.all(query(table).include(relation).order_by(everything.id))
        assert [nested for _, nested in found] == [[expected(row)] for row in ROWS]
    inner = select(everything).from_(everything).as_("inner")
    id_: Expr[int, int] = everything.id
    rows: list[Any] = database.all(select(inner[everything]).from_(inner).order_by(inner[id_]))
    assert rows == [expected(row) for row in ROWS]


@pytest.mark.parametrize(
    "name", [name for name, pg_type in SCALARS.items() if pg_type not in ("json", "jsonpath", "point")]
)
def test_a_value_is_found_by_comparing_with_it(database: Database, name: str) -> None:
    clear(database)
    database.execute(insert(everything).rows(ROWS))
    column = getattr(everything, name)
    value = ROWS[0][name]
    wanted = [
        row["id"] for row in ROWS if row[name] is not None and row[name] == value and type(row[name]) is type(value)
    ]
    assert sorted(database.all(select(everything.id).from_(everything).where(eq(column, value)))) == wanted
    assert sorted(database.all(select(everything.id).from_(everything).where(in_array(column, [value])))) == wanted


def test_json_null_is_not_sql_null(database: Database) -> None:
    clear(database)
    jsonb = f"c{list(VALUES).index('jsonb')}"
    column = getattr(everything, jsonb)
    database.execute(insert(everything).values({"id": 1, jsonb: Jsonb(None)}, {"id": 2, jsonb: None}))
    assert database.all(select(everything.id).from_(everything).where(is_null(column))) == [2]
    assert database.all(select(column).from_(everything)) == [None, None]


def test_not_a_number_stays_one(database: Database) -> None:
    clear(database)
    names = {pg_type: name for name, pg_type in SCALARS.items()}
    row = {names["real"]: math.nan, names["double precision"]: math.nan, names["numeric"]: Decimal("NaN")}
    found = database.one(insert(everything).values({"id": 1, **row}).returning())
    assert all(math.isnan(getattr(found, name)) for name in row)


@pytest.mark.parametrize("literal", ["'infinity'::date", "'-infinity'::timestamptz", "'infinity'::timestamp"])
def test_a_time_that_python_has_not_is_an_error_that_says_so(database: Database, literal: LiteralString) -> None:
    with pytest.raises(psycopg.DataError, match=r"too (large|small)"):
        database.one(raw("SELECT " + literal).rows(dt.datetime))


def test_an_interval_of_months_counts_thirty_days_each(database: Database) -> None:
    assert database.one(raw("SELECT '1 year 2 months 3 days'::interval").rows(dt.timedelta)) == dt.timedelta(
        days=365 + 63
    )
