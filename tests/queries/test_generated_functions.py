"""The generated functions on a database, in a transaction, awaited, and on a plain connection of psycopg."""

from __future__ import annotations

from typing import Any, assert_type

import psycopg
import pytest
from psycopg.rows import dict_row

from pagespace_db import (
    ABSENT,
    Absent,
    AsyncDatabase,
    Database,
    NoRow,
    StatementError,
    TooManyRows,
    eq,
    update,
)
from pagespace_db.client.queries import AnnotatedQuery, scalar
from pagespace_db.generated import Page, User
from pagespace_db.generated import pages as page_table
from pagespace_db.generated.queries import pages

ROWS = """
INSERT INTO users (id, name, email) VALUES ('u1', 'Ada', 'ada@example.org'), ('u2', 'Bob', 'bob@example.org');
INSERT INTO drives (id, owner_id, name, slug) VALUES ('d1', 'u1', 'Work', 'work');
INSERT INTO pages (id, drive_id, parent_id, kind, title, plain_text, position, created_by) VALUES
  ('p1', 'd1', NULL, 'folder', 'Root', '', 1, 'u1'),
  ('p2', 'd1', 'p1', 'document', 'Second', 'about whales and whaling', 2, NULL),
  ('p3', 'd1', 'p1', 'document', 'First', 'about ships', 1, 'u2');
"""


@pytest.fixture
def database(empty_database: str, schema_text: bytes) -> str:
    with psycopg.connect(empty_database) as connection:
        connection.execute(schema_text)
        connection.execute(ROWS)
    return empty_database


def test_rows_are_objects_with_the_columns_as_attributes(database: str) -> None:
    with Database(database) as db:
        tree = pages.page_tree(db, drive_id="d1")
        assert_type(tree, list[pages.PageTreeRow])
        assert [(page.id, page.depth, page.kind) for page in tree] == [
            ("p1", 0, "folder"),
            ("p3", 1, "document"),
            ("p2", 1, "document"),
        ]


def test_a_whole_table_is_its_row_class_and_an_absent_row_is_none(database: str) -> None:
    with Database(database) as db:
        page = pages.page_by_id(db, id="p1")
        assert_type(page, Page | None)
        assert isinstance(page, Page)
        assert (page.title, page.is_trashed) == ("Root", False)
        assert pages.page_by_id(db, id="absent") is None


def test_whole_rows_are_nested(database: str) -> None:
    with Database(database) as db:
        made = pages.page_with_author(db, id="p1")
        orphan = pages.page_with_author(db, id="p2")
    assert made is not None
    assert orphan is not None
    assert_type(made.author, User | None)
    assert made.p.title == "Root"
    assert made.author is not None
    assert made.author.email == "ada@example.org"
    assert (orphan.p.title, orphan.author) == ("Second", None)


def test_a_transaction_runs_them_too(database: str) -> None:
    with Database(database) as db:
        with db.transaction() as transaction:
            assert pages.trash_subtree(transaction, page_id="p1") == 3
            assert pages.page_tree(transaction, drive_id="d1") == []
        assert pages.restore_page(db, page_id="p3") is not None


def test_lists_go_as_arrays_and_none_as_null(database: str) -> None:
    with Database(database) as db:
        moved = pages.move_pages(db, parent_id=None, page_ids=["p2", "p3"], positions=[7.5, 8], drive_id="d1")
        assert sorted((row.id, row.position) for row in moved) == [("p2", 7.5), ("p3", 8.0)]
        found = pages.search_pages(db, words="whale", user_id="u1", drive_id=None, limit=5)
        assert [(page.id, "<b>whales</b>" in page.headline) for page in found] == [("p2", True)]


def test_documents_are_sent_as_json(database: str) -> None:
    with Database(database) as db:
        saved = pages.save_page(db, content={"blocks": [1, None]}, plain_text="x", title=None, page_id="p1", revision=1)
        assert saved is not None
        assert saved.revision == 2
        page = pages.page_by_id(db, id="p1")
        assert page is not None
        assert (page.content, page.title) == ({"blocks": [1, None]}, "Root")


def test_an_optional_part_is_there_when_its_parameter_is_given(database: str) -> None:
    with Database(database) as db:

        def found(parent_id: str | Absent | None = ABSENT, created_by: str | None = None) -> list[str]:
            rows = pages.browse_pages(
                db, drive_id="d1", parent_id=parent_id, created_by=created_by, order="title", limit=9
            )
            return [row.id for row in rows]

        assert found() == ["p3", "p1", "p2"]
        assert found(parent_id="p1") == ["p3", "p2"]
        assert found(parent_id=None) == ["p1"]
        assert found(created_by="u2") == ["p3"]
        assert found(parent_id="p1", created_by="u1") == []
        assert [p.id for p in pages.browse_pages(db, drive_id="d1", kinds=["folder"], limit=9)] == ["p1"]


def test_an_order_is_chosen_by_its_label_and_by_nothing_else(database: str) -> None:
    with Database(database) as db, db.transaction() as transaction:
        transaction.execute(update(page_table).set({"position": 9}).where(eq(page_table.id, "p2")))
        rows = pages.browse_pages(transaction, drive_id="d1", limit=9)
        assert_type(rows, list[pages.BrowsePagesRow])
        assert rows[0].id == "p2"
        order: Any = "title; DROP TABLE pages"
        with pytest.raises(StatementError, match="no such variant") as caught:
            pages.browse_pages(transaction, drive_id="d1", limit=9, order=order)
        assert caught.value.help == "labels: newest, title"


async def test_variants_run_on_every_kind_of_connection(database: str) -> None:
    expected = ["p3", "p2"]
    with psycopg.connect(database) as connection:
        rows = pages.browse_pages(connection, drive_id="d1", parent_id="p1", order="title", limit=5)
        assert [row.id for row in rows] == expected
    async with AsyncDatabase(database) as db, await psycopg.AsyncConnection.connect(database) as connection:
        for runner in (db, connection):
            rows = await pages.browse_pages(runner, drive_id="d1", parent_id="p1", order="title", limit=5)
            assert [row.id for row in rows] == expected


async def test_they_are_awaited_on_an_async_database(database: str) -> None:
    async with AsyncDatabase(database) as db:
        tree = await pages.page_tree(db, drive_id="d1")
        assert_type(tree, list[pages.PageTreeRow])
        assert [page.id for page in tree] == ["p1", "p3", "p2"]
        made = await pages.page_with_author(db, id="p2")
        assert made is not None
        assert made.author is None
        assert await pages.trash_subtree(db, page_id="p1") == 3


def test_a_plain_connection_runs_them(database: str) -> None:
    with psycopg.connect(database) as connection:
        assert [page.id for page in pages.page_tree(connection, drive_id="d1")] == ["p1", "p3", "p2"]
        moved = pages.move_pages(connection, parent_id=None, page_ids=["p2"], positions=[1], drive_id="d1")
        assert [row.position for row in moved] == [1.0]
        saved = pages.save_page(connection, content=[], plain_text="", title="T", page_id="p1", revision=1)
        assert saved is not None


def test_a_plain_connection_learns_the_types_of_the_schema(database: str) -> None:
    with psycopg.Connection[dict[str, Any]].connect(database, row_factory=dict_row) as connection:
        page = pages.page_by_id(connection, id="p1")
        assert page is not None
        kinds = connection.execute("SELECT array_agg(DISTINCT kind ORDER BY kind) AS kinds FROM pages").fetchall()
        assert kinds == [{"kinds": ["folder", "document"]}]
        with pytest.raises(psycopg.errors.DivisionByZero):
            connection.execute("SELECT 1 / 0")
        with pytest.raises(psycopg.errors.InFailedSqlTransaction):
            pages.page_by_id(connection, id="p1")


async def test_a_plain_async_connection_runs_them(database: str) -> None:
    async with await psycopg.AsyncConnection.connect(database) as connection:
        assert [page.id for page in await pages.page_tree(connection, drive_id="d1")] == ["p1", "p3", "p2"]
        assert await pages.page_by_id(connection, id="absent") is None


def test_rows_are_streamed(database: str) -> None:
    query: AnnotatedQuery[int] = AnnotatedQuery(
        "SELECT generate_series(1, $1)", types=("integer",), make_row=scalar, source="numbers (q.sql:1)"
    )
    with Database(database) as db:
        assert sum(query.stream(db, 2500)) == 2500 * 2501 // 2
    with psycopg.connect(database) as connection:
        assert sum(query.stream(connection, 10)) == 55


async def test_rows_are_streamed_asynchronously(database: str) -> None:
    query: AnnotatedQuery[int] = AnnotatedQuery(
        "SELECT generate_series(1, $1)", types=("integer",), make_row=scalar, source="numbers (q.sql:1)"
    )
    async with AsyncDatabase(database) as db:
        assert [number async for number in query.stream(db, 3)] == [1, 2, 3]
    async with await psycopg.AsyncConnection.connect(database) as connection:
        assert [number async for number in query.stream(connection, 3)] == [1, 2, 3]


def test_one_wants_exactly_one_row(database: str) -> None:
    query: AnnotatedQuery[str] = AnnotatedQuery(
        "SELECT id FROM users WHERE id LIKE $1", types=("text",), make_row=scalar, source="user (q.sql:1)"
    )
    with Database(database) as db:
        assert query.one(db, "u1") == "u1"
        with pytest.raises(NoRow, match=r"user \(q\.sql:1\) found no row"):
            query.one(db, "absent")
        with pytest.raises(TooManyRows, match="found 2 rows"):
            query.one(db, "u%")


def test_an_error_of_the_server_names_the_query(database: str) -> None:
    with Database(database) as db, pytest.raises(psycopg.errors.CheckViolation) as caught:
        pages.save_page(db, content={}, plain_text="", title="", page_id="p1", revision=1)
    assert any("save_page (queries/pages.sql:" in note for note in caught.value.__notes__)
