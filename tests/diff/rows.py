"""Rows in the tables of a scratch database, to see that a plan keeps them."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, LiteralString

import psycopg
from psycopg import Connection

from pagespace_codegen.diff.ordering.nodes import Action
from pagespace_codegen.diff.plan import Plan

_COLUMNS: Final[LiteralString] = """
SELECT c.oid, c.oid::regclass::text, a.attnum, quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
       a.attgenerated <> '', a.attidentity = 'a',
       (SELECT quote_literal(min(e.enumlabel)) FROM pg_enum e WHERE e.enumtypid = a.atttypid)
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
 ORDER BY c.oid, a.attnum
"""
# What the types of most columns can hold; any other one stays NULL, or is what its default says.
_VALUES: Final = (
    (re.compile(r"\[\]$"), "'{{}}'"),
    (re.compile(r"^(small|big)?int|^numeric|^double|^real|^oid"), "{}"),
    (re.compile(r"^(text|character|public\.code)"), "'y{}'"),
    (re.compile(r"^(date|timestamp)"), "'2024-05-0{}'"),
    (re.compile(r"^bool"), "true"),
    (re.compile(r"^json"), "'{{}}'"),
    (re.compile(r"^uuid"), "'00000000-0000-0000-0000-00000000000{}'"),
    (re.compile(r"^public\.pair"), 'jsonb_populate_record(NULL::public.pair, \'{{"k": {}, "l": "l"}}\')'),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: where the server has it, and what can be written into it."""

    attnum: int
    type: str
    is_generated: bool
    is_given: bool
    label: str | None

    def value(self, number: int) -> str | None:
        """Return an expression for the column of the row with this number, or None to leave the column out."""
        if self.is_generated or self.is_given:
            return None
        if self.label is not None:
            return self.label
        return next((value.format(number) for pattern, value in _VALUES if pattern.search(self.type)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table and its rows: each column as text, by the names of the columns."""

    oid: int
    columns: Mapping[str, Column]
    rows: Sequence[Mapping[str, str | None]]

    def values(self, columns: Sequence[str]) -> Counter[str]:
        """Return how often each row is there, as far as some columns are concerned."""
        return Counter(json.dumps([row[column] for column in columns]) for row in self.rows)


def fill_tables(connection: Connection[Any], *, count: int = 2) -> None:
    """Insert rows into every table that takes some; what its constraints refuse is left out."""
    connection.execute("SET search_path = pg_catalog")
    for name, table in read_tables(connection).items():
        for number in range(1, count + 1):
            given = {column: column_.value(number) for column, column_ in table.columns.items()}
            values = {column: value for column, value in given.items() if value is not None}
            keys = {column: value for column, value in values.items() if column == "id"}
            _insert(connection, name, values) or _insert(connection, name, keys)
    connection.execute("RESET search_path")


def _insert(connection: Connection[Any], table: str, values: Mapping[str, str]) -> bool:
    """Insert a row, and tell whether the table took it."""
    listed = f"({', '.join(values)}) VALUES ({', '.join(values.values())})" if values else "DEFAULT VALUES"
    try:
        connection.execute(f"INSERT INTO {table} {listed}".encode())
    except (psycopg.errors.IntegrityError, psycopg.errors.DataError, psycopg.errors.ProgrammingError):
        return False
    return True


def empty_tables(connection: Connection[Any]) -> None:
    """Delete all rows."""
    names = ", ".join(read_tables(connection))
    if names:
        connection.execute(f"TRUNCATE {names} CASCADE".encode())


def read_tables(connection: Connection[Any]) -> dict[str, Table]:
    """Return every table with its rows, by name."""
    with connection.transaction():
        connection.execute("SET LOCAL search_path = pg_catalog")
        found: dict[str, tuple[int, dict[str, Column]]] = {}
        for oid, name, attnum, column, type_, is_generated, is_given, label in connection.execute(_COLUMNS).fetchall():
            found.setdefault(name, (oid, {}))[1][column] = Column(
                attnum=attnum, type=type_, is_generated=is_generated, is_given=is_given, label=label
            )
        return {
            name: Table(oid=oid, columns=columns, rows=tuple(_rows(connection, name, columns)))
            for name, (oid, columns) in found.items()
        }


def _rows(connection: Connection[Any], table: str, columns: Mapping[str, Column]) -> Iterator[dict[str, str | None]]:
    texts = ", ".join(f"{column}::text" for column in columns)
    for row in connection.execute(f"SELECT {texts} FROM ONLY {table}".encode()).fetchall():
        yield dict(zip(columns, row, strict=True))


def lost_rows(before: Mapping[str, Table], after: Mapping[str, Table], plan: Plan) -> list[str]:
    """Return what a plan did to rows that it should have kept: tables and columns that it does not drop."""
    dropped = {(step.key.kind, step.key.name) for step in plan.steps if step.action is Action.DROP}
    found: list[str] = []
    for name, old in before.items():
        if ("table", name) in dropped or name not in after:
            continue
        new = after[name]
        if new.oid != old.oid:
            found.append(f"{name} has another oid")
        kept = [
            column
            for column in old.columns.keys() & new.columns.keys()
            if ("column", f"{name}.{column}") not in dropped and not new.columns[column].is_generated
        ]
        found += [
            f"{name}.{column} has another place"
            for column in kept
            if old.columns[column].attnum != new.columns[column].attnum
        ]
        alike = sorted(column for column in kept if old.columns[column].type == new.columns[column].type)
        if old.values(alike) != new.values(alike):
            found.append(f"{name} holds {new.values(alike)}, not {old.values(alike)}")
        found += [
            f"{name}.{column} has lost values"
            for column in kept
            if sum(row[column] is None for row in old.rows) != sum(row[column] is None for row in new.rows)
        ]
    return found
