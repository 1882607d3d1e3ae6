"""Other types and new columns: the plan names a rewrite just where the server writes the table anew."""

from __future__ import annotations

import psycopg
import pytest

from pagespace_codegen.diff.hazards import HazardKind
from pagespace_codegen.diff.inventory.model import Inventory
from pagespace_codegen.diff.inventory.read import read_inventory
from pagespace_codegen.diff.plan import Plan, make_plan

CHANGES = [
    ("varchar(10)", "varchar(20)"),
    ("varchar(10)", "varchar"),
    ("varchar(10)", "text"),
    ("text", "varchar"),
    ("numeric(10,2)", "numeric(12,2)"),
    ("numeric(10,2)", "numeric"),
    ("varbit(4)", "varbit(8)"),
    ("timestamptz(3)", "timestamptz"),
    ("timestamp(3)", "timestamp(6)"),
    ("time(3)", "time"),
    ("varchar(20)", "varchar(10)"),
    ("varchar", "varchar(10)"),
    ("text", "varchar(10)"),
    ("char(4)", "char(8)"),
    ("char(4)", "text"),
    ("numeric(10,2)", "numeric(12,3)"),
    ("numeric", "numeric(10,2)"),
    ("timestamptz", "timestamptz(3)"),
    ("varchar(4)[]", "varchar(8)[]"),
    ("integer", "bigint"),
]


def _plan(connection: psycopg.Connection, source: str, target: str) -> Plan:
    inventories: list[Inventory] = []
    for type_ in (target, source):
        connection.execute(f"DROP TABLE IF EXISTS t; CREATE TABLE t (c {type_} DEFAULT NULL)".encode())
        inventories.append(read_inventory(connection))
    new, old = inventories
    return make_plan(old, new, in_one_transaction=True)


def _file(connection: psycopg.Connection) -> int:
    row = connection.execute("SELECT pg_relation_filenode('t')").fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize(("source", "target"), CHANGES)
def test_a_rewrite_is_named_where_the_server_rewrites(empty_database: str, source: str, target: str) -> None:
    with psycopg.connect(empty_database, autocommit=True) as connection:
        plan = _plan(connection, source, target)
        before = _file(connection)
        for statement in plan.statements:
            connection.execute(statement.sql.encode())
        is_rewritten = _file(connection) != before
    kinds = {hazard.kind for statement in plan.statements for hazard in statement.hazards}
    assert kinds == ({HazardKind.CONVERTS_VALUES, HazardKind.REWRITES_TABLE} if is_rewritten else set())


def test_a_default_stays_when_only_the_length_changes(empty_database: str) -> None:
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute("CREATE TABLE t (c varchar(20) DEFAULT 'x')")
        new = read_inventory(connection)
        connection.execute("DROP TABLE t; CREATE TABLE t (c varchar(10) DEFAULT 'x')")
        plan = make_plan(read_inventory(connection), new, in_one_transaction=True)
    assert [statement.sql for statement in plan.statements] == [
        "ALTER TABLE public.t ALTER COLUMN c TYPE character varying(20)"
    ]


@pytest.mark.parametrize(
    "default", ["4", "now()", "random()", "gen_random_uuid()", "clock_timestamp() + interval '1 day'", "nextval('s')"]
)
def test_a_new_column_with_a_volatile_default_is_a_rewrite(empty_database: str, default: str) -> None:
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute("CREATE SEQUENCE s")
        connection.execute(f"CREATE TABLE t (a integer, c text DEFAULT {default})".encode())
        new = read_inventory(connection)
        connection.execute("DROP TABLE t; CREATE TABLE t (a integer)")
        plan = make_plan(read_inventory(connection), new, in_one_transaction=True)
        before = _file(connection)
        for statement in plan.statements:
            connection.execute(statement.sql.encode())
        is_rewritten = _file(connection) != before
    kinds = {hazard.kind for statement in plan.statements for hazard in statement.hazards}
    assert kinds == ({HazardKind.REWRITES_TABLE} if is_rewritten else set())
