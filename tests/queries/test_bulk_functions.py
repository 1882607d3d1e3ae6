"""Generated functions that take many sets of values: `:batch` and `:copyfrom`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, assert_type

import psycopg
import pytest
from psycopg import Connection

from pagespace_codegen.queries.report import report
from pagespace_db import AsyncDatabase, Database, NoRow, StatementError, delete, eq
from pagespace_db.client.queries import AnnotatedQuery, scalar
from pagespace_db.client.query_bulk import BatchQuery, CopyQuery
from pagespace_db.generated import pages as page_table
from pagespace_db.generated.queries import drives, pages

ROWS = """
INSERT INTO users (id, name, email) VALUES ('u1', 'Ada', 'ada@example.org');
INSERT INTO drives (id, owner_id, name, slug) VALUES ('d1', 'u1', 'Work', 'work');
INSERT INTO pages (id, drive_id, kind, title, plain_text, position) VALUES
  ('p1', 'd1', 'document', 'One', '', 1), ('p2', 'd1', 'document', 'Two', '', 2);
"""


@pytest.fixture
def database(empty_database: str, schema_text: bytes) -> str:
    with psycopg.connect(empty_database) as connection:
        connection.execute(schema_text)
        connection.execute(ROWS)
    return empty_database


def new_pages(count: int) -> Iterator[pages.ImportPagesValues]:
    for number in range(count):
        yield {
            "id": f"n{number}",
            "drive_id": "d1",
            "parent_id": None if number == 0 else "n0",
            "kind": "document",
            "title": "tab\t, line\nand \\N",
            "plain_text": "",
            "position": number + 0.5,
            "created_by": "u1",
        }


RENAMED: list[pages.RenamePagesValues] = [
    {"page_id": "p2", "title": "2"},
    {"page_id": "absent", "title": "?"},
    {"page_id": "p1", "title": "1"},
]


def shown(rows: list[pages.RenamePagesRow | None]) -> list[tuple[str, str] | None]:
    return [None if row is None else (row.old_title, row.title) for row in rows]


def test_a_batch_gives_a_result_for_each_set_in_order(database: str) -> None:
    with Database(database) as db:
        renamed = pages.rename_pages(db, RENAMED)
        assert_type(renamed, list[pages.RenamePagesRow | None])
        assert shown(renamed) == [("Two", "2"), None, ("One", "1")]
        assert pages.rename_pages(db, []) == []
        quota: drives.SetQuotasValues = {"drive_id": "d1", "quota_bytes": 5}
        drives.set_quotas(db, iter([quota]))
        assert [drive.quota_bytes for drive in drives.storage_of_drives(db, owner_id="u1")] == [5]


def test_a_batch_on_a_plain_connection_gives_the_same(database: str) -> None:
    with psycopg.connect(database) as connection:
        assert shown(pages.rename_pages(connection, RENAMED)) == [("Two", "2"), None, ("One", "1")]
        assert pages.rename_pages(connection, []) == []
        drives.set_quotas(connection, [{"drive_id": "d1", "quota_bytes": 5}])


async def test_a_batch_is_awaited(database: str) -> None:
    async with AsyncDatabase(database) as db:
        assert shown(await pages.rename_pages(db, RENAMED)) == [("Two", "2"), None, ("One", "1")]
        await drives.set_quotas(db, [{"drive_id": "d1", "quota_bytes": 5}])
    async with await psycopg.AsyncConnection.connect(database) as connection:
        assert shown(await pages.rename_pages(connection, RENAMED)) == [("2", "2"), None, ("1", "1")]
        await drives.set_quotas(connection, [{"drive_id": "d1", "quota_bytes": 7}])


@pytest.mark.parametrize("autocommit", [True, False])
def test_of_a_batch_that_fails_nothing_is_written(database: str, *, autocommit: bool) -> None:
    wrong: list[pages.RenamePagesValues] = [{"page_id": "p1", "title": "1"}, {"page_id": "p2", "title": ""}]
    with Database(database) as db, psycopg.connect(database, autocommit=autocommit) as connection:
        for runner in (db, connection):
            with pytest.raises(psycopg.errors.CheckViolation) as caught:
                pages.rename_pages(runner, wrong)
            assert any("rename_pages (queries/pages.sql:" in note for note in caught.value.__notes__)
        found = pages.page_by_id(db, id="p1")
        assert found is not None
        assert found.title == "One"


def test_each_run_of_a_batch_gives_what_its_command_says(database: str) -> None:
    def batch(sql: str) -> BatchQuery[str]:
        query: AnnotatedQuery[str] = AnnotatedQuery(sql, types=("text",), make_row=scalar, source="q (q.sql:1)")
        return BatchQuery(query, keys=("id",))

    with Database(database) as db, psycopg.connect(database) as connection:
        for runner in (db, connection):
            by_id = batch("SELECT id FROM pages WHERE id = $1")
            assert by_id.one(runner, [{"id": "p1"}, {"id": "p2"}]) == ["p1", "p2"]
            with pytest.raises(NoRow, match=r"q\.sql:1"):
                by_id.one(runner, [{"id": "p1"}, {"id": "absent"}])
            assert by_id.many(runner, [{"id": "p1"}, {"id": "absent"}]) == [["p1"], []]
            touched = batch("UPDATE pages SET position = 1 WHERE id = ANY (ARRAY['p1', $1])")
            assert touched.execrows(runner, [{"id": "p2"}, {"id": "absent"}]) == [2, 1]
            with pytest.raises(StatementError, match="set 2 of the values has other keys: id, ide") as caught:
                by_id.many(runner, [{"id": "p1"}, {"ide": "p1"}])
            assert caught.value.help == "give every set these: id"


def test_rows_are_copied_from_a_generator(database: str) -> None:
    with Database(database) as db:
        assert pages.import_pages(db, new_pages(3000)) == 3000
        assert pages.import_pages(db, []) == 0
        page = pages.page_by_id(db, id="n7")
        assert page is not None
        assert (page.title, page.position, page.parent_id) == ("tab\t, line\nand \\N", 7.5, "n0")
        incomplete: list[Any] = [*new_pages(1), {"id": "x"}]
        with pytest.raises(StatementError, match="row 2 has other keys: created_by, drive_id"):
            pages.import_pages(db, incomplete)
        with pytest.raises(psycopg.errors.UniqueViolation) as caught:
            pages.import_pages(db, new_pages(1))
        assert any("import_pages (queries/pages.sql:" in note for note in caught.value.__notes__)


async def test_rows_are_copied_on_every_kind_of_connection(database: str) -> None:
    with Database(database) as db, db.transaction() as transaction:
        assert pages.import_pages(transaction, new_pages(2)) == 2
        transaction.execute(delete(page_table).where(eq(page_table.drive_id, "d1")))
    with psycopg.connect(database) as connection:
        assert pages.import_pages(connection, new_pages(2)) == 2
        connection.rollback()
    async with await psycopg.AsyncConnection.connect(database) as async_connection:
        assert await pages.import_pages(async_connection, new_pages(2)) == 2
        await async_connection.rollback()
    async with AsyncDatabase(database) as async_db:
        assert await pages.import_pages(async_db, new_pages(2)) == 2


def test_documents_and_lists_are_copied_as_their_types_say(database: str) -> None:
    with Database(database) as db:
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute("CREATE TABLE odd (j jsonb, n numeric[], d text)")
        copy = CopyQuery(
            relation=("public", "odd"),
            columns=("j", "n"),
            keys=("doc", "numbers"),
            types=("jsonb", "numeric[]"),
            source="odd (q.sql:1)",
        )
        assert copy.copyfrom(db, [{"doc": {"a": [1]}, "numbers": [1, 2.5, None]}, {"doc": None, "numbers": None}]) == 2
        with psycopg.connect(database) as connection:
            rows = connection.execute("SELECT j::text, n::text FROM odd ORDER BY j").fetchall()
        assert rows == [('{"a": [1]}', "{1,2.5,NULL}"), (None, None)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-- name: a :copyfrom\nINSERT INTO kv (k, v) VALUES (:k, :v)", []),
        ("-- name: a :copyfrom\nINSERT INTO kv (v, k) VALUES (DEFAULT, :k)", []),
        ("-- name: a :copyfrom\nINSERT INTO kv VALUES (:k, 'x')", ["error[copyfrom]"]),
        ("-- name: a :copyfrom\nINSERT INTO kv VALUES (:k, lower(:v))", ["error[copyfrom]"]),
        ("-- name: a :copyfrom\nINSERT INTO kv VALUES (:k, :k)", ["error[copyfrom]"]),
        ("-- name: a :copyfrom\nINSERT INTO kv VALUES (:k, :v), (:k, :w)", ["error[copyfrom]"]),
        ("-- name: a :copyfrom\nINSERT INTO kv VALUES (:k, :v) ON CONFLICT DO NOTHING", ["error[copyfrom]"]),
        ("-- name: a :copyfrom\nINSERT INTO kv VALUES (:k, :v) RETURNING k", ["error[copyfrom]"]),
        ("-- name: a :copyfrom\nUPDATE kv SET k = :k", ["error[copyfrom]"]),
        ("-- name: a :copyfrom\nINSERT INTO kv (k) VALUES ('a')", ["error[no-parameters]"]),
        ("-- name: a :batch\nSELECT 1", ["error[no-parameters]"]),
        ("-- name: a :batch :one\nDELETE FROM kv WHERE k = :k", ["error[no-rows]"]),
        ("-- name: a :batch :stream\nSELECT k FROM kv WHERE k = :k", ["error[annotation]"]),
        ("-- name: a :batch\nSELECT k FROM kv WHERE true\n AND k = :k --? k\n", ["error[switch]"]),
    ],
)
def test_what_cannot_be_copied_or_batched_is_found(
    sample: Connection[Any], tmp_path: Path, text: str, expected: list[str]
) -> None:
    path = tmp_path / "q.sql"
    path.write_text(text, encoding="utf-8")
    assert [f"{f.severity}[{f.code}]" for f in report(sample, [path]).all_findings] == expected
