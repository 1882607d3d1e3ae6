"""The demo's queries, on a workspace small enough to see through."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from psycopg import Rollback

from examples.demo import queries
from pagespace_db import Database, Executor, eq, insert, update
from pagespace_db.generated import (
    channel_messages,
    drive_members,
    drives,
    notifications,
    pages,
    users,
)
from pagespace_db.generated.queries import pages as page_queries

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def database(workspace_database: str) -> Iterator[Database]:
    with Database(workspace_database) as database:
        yield database


@pytest.fixture
def db(database: Database) -> Iterator[Executor]:
    """A transaction that is rolled back, where Ada owns the drive lab, in which Bob works.

    lab: guide (intro (history), roadmap), general; a drive of Bob's own: diary.
    """
    with suppress(Rollback), database.transaction() as db:
        db.execute(
            insert(users).values(
                {"id": "ada", "name": "Ada", "email": "ada@pagespace.test"},
                {"id": "bob", "name": "Bob", "email": "bob@pagespace.test"},
            )
        )
        db.execute(
            insert(drives).values(
                {"id": "lab", "owner_id": "ada", "name": "Lab", "slug": "lab"},
                {"id": "own", "owner_id": "bob", "name": "Own", "slug": "own"},
            )
        )
        db.execute(insert(drive_members).values({"drive_id": "lab", "user_id": "bob", "role": "viewer"}))
        db.execute(
            insert(pages).values(
                {"id": "general", "drive_id": "lab", "kind": "channel", "title": "general", "position": 2},
                {"id": "guide", "drive_id": "lab", "kind": "folder", "title": "Guide", "position": 1},
                {
                    "id": "roadmap",
                    "drive_id": "lab",
                    "kind": "document",
                    "title": "Road_map",
                    "parent_id": "guide",
                    "position": 2,
                },
                {
                    "id": "intro",
                    "drive_id": "lab",
                    "kind": "folder",
                    "title": "Intro",
                    "parent_id": "guide",
                    "position": 1,
                },
                {"id": "history", "drive_id": "lab", "kind": "document", "title": "History", "parent_id": "intro"},
                {"id": "diary", "drive_id": "own", "kind": "document", "title": "Diary"},
            )
        )
        yield db
        raise Rollback


def drawn(db: Executor, drive_id: str = "lab") -> list[str]:
    return ["  " * page.depth + page.id for page in page_queries.page_tree(db, drive_id=drive_id)]


def test_login_ignores_the_case_of_the_address(db: Executor) -> None:
    found = queries.find_login(db, "Ada@PageSpace.test")
    assert found is not None
    assert (found.id, found.name, found.role) == ("ada", "Ada", "user")


def test_nobody_signs_in_who_is_unknown_or_suspended(db: Executor) -> None:
    assert queries.find_login(db, "eve@pagespace.test") is None
    db.execute(update(users).set({"suspended_at": NOON}).where(eq(users.id, "ada")))
    assert queries.find_login(db, "ada@pagespace.test") is None


def test_drives_come_with_the_role_of_owner_or_member(db: Executor) -> None:
    assert [(drive.name, role) for drive, role in queries.drives_of(db, "bob")] == [("Lab", "viewer"), ("Own", "owner")]
    db.execute(update(drives).set({"trashed_at": NOON}).where(eq(drives.id, "lab")))
    assert [drive.name for drive, _ in queries.drives_of(db, "bob")] == ["Own"]


def test_a_tree_has_parents_before_children_in_their_order(db: Executor) -> None:
    assert drawn(db) == ["guide", "  intro", "    history", "  roadmap", "general"]


def test_unread_notifications_come_newest_first_with_their_actor(db: Executor) -> None:
    db.execute(
        insert(notifications).values(
            {"user_id": "ada", "kind": "mention", "actor_id": "bob", "created_at": NOON},
            {"user_id": "ada", "kind": "task_due", "created_at": NOON + timedelta(hours=1)},
            {"user_id": "ada", "kind": "reply", "created_at": NOON, "read_at": NOON},
            {"user_id": "bob", "kind": "reply", "created_at": NOON},
        )
    )
    unread = queries.unread_notifications(db, "ada")
    assert [(notification.kind, actor) for notification, actor in unread] == [("task_due", None), ("mention", "Bob")]
    assert len(queries.unread_notifications(db, "ada", limit=1)) == 1


def test_messages_come_newest_first_also_of_accounts_that_are_gone(db: Executor) -> None:
    db.execute(
        insert(channel_messages).values(
            {"page_id": "general", "content": "first", "author_id": "ada", "created_at": NOON},
            {"page_id": "general", "content": "second", "created_at": NOON + timedelta(hours=1)},
            {"page_id": "general", "content": "deleted", "created_at": NOON, "deleted_at": NOON},
        )
    )
    latest = queries.latest_messages(db, "general")
    assert [(message.content, author and author.name) for message, author in latest] == [
        ("second", None),
        ("first", "Ada"),
    ]


def test_titles_are_found_by_any_part_in_drives_that_one_can_enter(db: Executor) -> None:
    assert [page.title for page in queries.search_titles(db, "bob", "D_M")] == ["Road_map"]
    assert queries.search_titles(db, "bob", "o%p") == []
    assert [(page.title, page.drive) for page in queries.search_titles(db, "bob", "diary")] == [("Diary", "Own")]
    assert queries.search_titles(db, "ada", "diary") == []


def test_a_page_is_moved_to_the_end_with_all_below_it(db: Executor) -> None:
    moved = queries.move_page(db, "intro", parent_id="general")
    assert (moved.parent_id, moved.position) == ("general", 1)
    assert queries.move_page(db, "roadmap", parent_id="general").position == 2
    assert drawn(db) == ["guide", "general", "  intro", "    history", "  roadmap"]


def test_a_trashed_page_takes_all_below_it_along(db: Executor) -> None:
    assert page_queries.trash_subtree(db, page_id="intro") == 2
    assert drawn(db) == ["guide", "  roadmap", "general"]
    assert queries.search_titles(db, "ada", "history") == []
    assert page_queries.trash_subtree(db, page_id="intro") == 0
