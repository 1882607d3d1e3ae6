"""What the head of schema.sql promises of every table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import LiteralString

import psycopg
import pytest
from psycopg.rows import scalar_row

PARTITIONS_ASIDE: LiteralString = "c.relnamespace = 'public'::regnamespace AND NOT c.relispartition"

# Starts with the whole key, or with a part of it that is unique on either side.
UNSERVED_FOREIGN_KEYS: LiteralString = """
    SELECT format('%s %s', k.conrelid::regclass, k.conname)
      FROM pg_constraint k
     WHERE k.contype = 'f' AND k.conparentid = 0 AND NOT EXISTS (
       SELECT FROM pg_index i, generate_series(1, i.indnkeyatts) AS n
        CROSS JOIN LATERAL (SELECT (i.indkey::int2[])[0:n - 1] AS columns) AS head
        WHERE i.indrelid = k.conrelid
          AND head.columns <@ k.conkey
          AND (head.columns @> k.conkey
               OR (i.indisunique AND n = i.indnkeyatts AND i.indpred IS NULL)
               OR EXISTS (SELECT FROM pg_index u
                           WHERE u.indrelid = k.confrelid AND u.indisunique AND u.indpred IS NULL
                             AND (u.indkey::int2[])[0:u.indnkeyatts - 1] <@ (
                               SELECT array_agg(k.confkey[p]) FROM generate_subscripts(k.conkey, 1) AS p
                                WHERE k.conkey[p] = ANY (head.columns)))))"""


@pytest.fixture(scope="module")
def connection(workspace_database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(workspace_database, autocommit=True) as connection:
        yield connection


def names(connection: psycopg.Connection, query: LiteralString) -> list[str]:
    with connection.cursor(row_factory=scalar_row) as cursor:
        return [str(value) for value in cursor.execute(query)]


def test_every_table_and_view_has_a_comment(connection: psycopg.Connection) -> None:
    silent = names(
        connection,
        f"SELECT c.relname FROM pg_class c WHERE {PARTITIONS_ASIDE} AND c.relkind IN ('r', 'p', 'v', 'm')"
        " AND c.relname NOT LIKE 'schema\\_migrations%' AND obj_description(c.oid, 'pg_class') IS NULL",
    )
    assert silent == []


def test_every_table_has_a_primary_key(connection: psycopg.Connection) -> None:
    keyless = names(
        connection,
        f"SELECT c.relname FROM pg_class c WHERE {PARTITIONS_ASIDE} AND c.relkind IN ('r', 'p')"
        " AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p')",
    )
    assert keyless == []


def test_every_foreign_key_is_served_by_an_index(connection: psycopg.Connection) -> None:
    assert names(connection, UNSERVED_FOREIGN_KEYS) == []


def test_a_foreign_key_without_an_index_is_seen(connection: psycopg.Connection) -> None:
    with connection.transaction(force_rollback=True):
        connection.execute("CREATE TABLE notes (id text PRIMARY KEY, page_id text REFERENCES pages (id))")
        assert names(connection, UNSERVED_FOREIGN_KEYS) == ["notes notes_page_id_fkey"]
        connection.execute("CREATE INDEX ON notes (page_id, id)")
        assert names(connection, UNSERVED_FOREIGN_KEYS) == []


def test_every_delete_action_is_used(connection: psycopg.Connection) -> None:
    used = names(connection, "SELECT DISTINCT confdeltype::text FROM pg_constraint WHERE contype = 'f' ORDER BY 1")
    assert used == sorted("acdnr")


def test_every_updated_at_is_kept_by_the_trigger(connection: psycopg.Connection) -> None:
    unkept = names(
        connection,
        f"""
        SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'updated_at'
         WHERE {PARTITIONS_ASIDE} AND c.relkind IN ('r', 'p')
           AND NOT EXISTS (SELECT FROM pg_trigger t
                            WHERE t.tgrelid = c.oid AND t.tgfoid = 'set_updated_at()'::regprocedure)""",
    )
    assert unkept == []


def test_text_ids_are_left_to_the_application(connection: psycopg.Connection) -> None:
    made_by_the_server = names(
        connection,
        f"""
        SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'id'
         WHERE {PARTITIONS_ASIDE} AND c.relkind IN ('r', 'p') AND a.atttypid = 'text'::regtype AND a.atthasdef""",
    )
    assert made_by_the_server == []


def test_times_have_a_time_zone(connection: psycopg.Connection) -> None:
    zoneless = names(
        connection,
        f"SELECT format('%s.%s', c.relname, a.attname) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        f" WHERE {PARTITIONS_ASIDE} AND a.atttypid IN ('timestamp'::regtype, 'time'::regtype, 'timetz'::regtype)"
        " AND c.relname NOT LIKE 'schema\\_migrations%'",
    )
    assert zoneless == []
