"""The migrations in order and schema.sql are two ways to one database."""

from __future__ import annotations

from pathlib import Path

import psycopg

from tests.schema.objects import read_objects, render_difference

ROOT = Path(__file__).parents[2]


def test_migrations_in_order_give_exactly_the_schema(workspace_database: str, empty_database: str) -> None:
    with psycopg.connect(empty_database) as connection:
        connection.execute((ROOT / "schema.sql").read_bytes())
    expected = read_objects(empty_database)
    assert sum(name.startswith("relation ") for name in expected) > 30
    assert render_difference(read_objects(workspace_database), expected) == ""


def test_the_down_section_leaves_nothing_behind(empty_database: str) -> None:
    before = read_objects(empty_database)
    migration = (ROOT / "migrations" / "20261101000000_initial.sql").read_bytes()
    up, _, down = migration.partition(b"-- migrate:down")
    with psycopg.connect(empty_database) as connection:
        connection.execute(up)
        connection.execute(down)
    assert render_difference(read_objects(empty_database), before) == ""


def test_a_difference_names_the_object_and_both_definitions() -> None:
    expected = {"table a": "x", "table b": "y", "table c": "z"}
    actual = {"table b": "y", "table c": "other", "table d": "new"}
    assert render_difference(actual, expected) == (
        "missing table a\n  x\ndifferent table c\n  expected z\n  actual   other\nleft over table d\n  new"
    )


def test_a_changed_default_is_seen(empty_database: str) -> None:
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute("CREATE TABLE t (n integer DEFAULT 1)")
        before = read_objects(empty_database)
        connection.execute("ALTER TABLE t ALTER n SET DEFAULT 2")
    assert render_difference(read_objects(empty_database), before).startswith("different column public.t.n\n")
