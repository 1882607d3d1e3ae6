"""What the database itself refuses, keeps and moves along, whatever the application does."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
from psycopg import errors
from psycopg.rows import scalar_row

ROOT = Path(__file__).resolve().parents[2]
HASH = b"\x01" * 32


@pytest.fixture
def connection(workspace_database: str) -> Iterator[psycopg.Connection]:
    """A connection in a transaction that is rolled back, where Ada owns drive d and Bob works in it."""
    with psycopg.connect(workspace_database) as connection:
        connection.execute(
            "INSERT INTO users (id, name, email) VALUES ('system', 'System', 'system@pagespace.test'),"
            " ('ada', 'Ada', 'ada@pagespace.test'), ('bob', 'Bob', 'bob@pagespace.test')"
        )
        connection.execute("INSERT INTO drives (id, owner_id, name, slug) VALUES ('d', 'ada', 'Lab', 'lab')")
        connection.execute("INSERT INTO drive_members (drive_id, user_id) VALUES ('d', 'bob')")
        yield connection
        connection.rollback()


def add_page(connection: psycopg.Connection, id: str, parent_id: str | None = None, *, drive_id: str = "d") -> None:
    connection.execute(
        "INSERT INTO pages (id, drive_id, parent_id, kind, title, created_by)"
        " VALUES (%s, %s, %s, 'document', %s, 'bob')",
        (id, drive_id, parent_id, f"Page {id}"),
    )


def values(connection: psycopg.Connection, query: LiteralString) -> list[object]:
    with connection.cursor(row_factory=scalar_row) as cursor:
        return list(cursor.execute(query))


def refusal(connection: psycopg.Connection, query: LiteralString) -> str | None:
    """Return the name of the constraint that refuses `query`."""
    with pytest.raises(errors.IntegrityError) as refused, connection.transaction():
        connection.execute(query)
    return refused.value.diag.constraint_name


def test_a_room_is_not_booked_twice(connection: psycopg.Connection) -> None:
    book: LiteralString = (
        "INSERT INTO calendar_events (id, drive_id, title, room, during, status)"
        " VALUES ('{}', 'd', 'Meeting', 'Attic', '[{}, {})', '{}')"
    )
    connection.execute(book.format("e1", "2026-11-20 09:00+00", "2026-11-20 10:00+00", "confirmed"))
    overlapping = book.format("e2", "2026-11-20 09:30+00", "2026-11-20 11:00+00", "confirmed")
    assert refusal(connection, overlapping) == "calendar_events_no_double_booking"
    connection.execute(book.format("e3", "2026-11-20 10:00+00", "2026-11-20 11:00+00", "confirmed"))
    connection.execute(book.format("e4", "2026-11-20 09:00+00", "2026-11-20 12:00+00", "cancelled"))
    revived: LiteralString = "UPDATE calendar_events SET status = 'confirmed' WHERE id = 'e4'"
    assert refusal(connection, revived) == "calendar_events_no_double_booking"


def test_events_without_a_room_may_overlap(connection: psycopg.Connection) -> None:
    connection.execute(
        "INSERT INTO calendar_events (id, drive_id, title, during) SELECT 'e' || n, 'd', 'Focus',"
        " '[2026-11-20 09:00+00, 2026-11-20 10:00+00)' FROM generate_series(1, 2) AS n"
    )
    assert values(connection, "SELECT count(*) FROM calendar_events") == [2]


@pytest.mark.parametrize(
    "during", ["empty", "(,2026-11-20 10:00+00)", "[2026-11-20 09:00+00,)", "(2026-11-20,2026-11-21]"]
)
def test_an_event_has_a_start_and_an_end(connection: psycopg.Connection, during: str) -> None:
    with pytest.raises(errors.CheckViolation) as refused:
        connection.execute(
            "INSERT INTO calendar_events (id, drive_id, title, during) VALUES ('e', 'd', 'Focus', %s)", (during,)
        )
    assert refused.value.diag.constraint_name == "calendar_events_during_has_an_end"


def test_updated_at_is_stamped_by_every_update(connection: psycopg.Connection) -> None:
    connection.execute("UPDATE users SET updated_at = '2000-01-01' WHERE id = 'ada'")
    assert values(connection, "SELECT updated_at = now() FROM users WHERE id = 'ada'") == [True]


def test_a_page_stands_in_a_page_of_its_own_drive(connection: psycopg.Connection) -> None:
    connection.execute("INSERT INTO drives (id, owner_id, name, slug) VALUES ('other', 'ada', 'Other', 'other')")
    add_page(connection, "a")
    with pytest.raises(errors.ForeignKeyViolation) as refused:
        add_page(connection, "b", "a", drive_id="other")
    assert refused.value.diag.constraint_name == "pages_parent_in_same_drive"


def test_a_page_is_not_moved_below_itself(connection: psycopg.Connection) -> None:
    add_page(connection, "a")
    add_page(connection, "b", "a")
    add_page(connection, "c", "b")
    assert refusal(connection, "UPDATE pages SET parent_id = 'a' WHERE id = 'a'") == "pages_form_a_tree"
    assert refusal(connection, "UPDATE pages SET parent_id = 'c' WHERE id = 'a'") == "pages_form_a_tree"
    connection.execute("UPDATE pages SET parent_id = 'a' WHERE id = 'c'")


def test_two_moves_of_one_statement_do_not_close_a_cycle(connection: psycopg.Connection) -> None:
    add_page(connection, "a")
    add_page(connection, "b")
    swap: LiteralString = "UPDATE pages SET parent_id = CASE id WHEN 'a' THEN 'b' ELSE 'a' END WHERE id IN ('a', 'b')"
    assert refusal(connection, swap) == "pages_form_a_tree"


def test_two_moves_at_the_same_time_do_not_close_a_cycle(empty_database: str) -> None:
    move: LiteralString = "UPDATE pages SET parent_id = %s WHERE id = %s"
    with psycopg.connect(empty_database) as one, psycopg.connect(empty_database) as other:
        one.execute((ROOT / "schema.sql").read_bytes())
        one.execute("INSERT INTO users (id, name, email) VALUES ('bob', 'Bob', 'bob@pagespace.test')")
        one.execute("INSERT INTO drives (id, owner_id, name, slug) VALUES ('d', 'bob', 'Lab', 'lab')")
        add_page(one, "a")
        add_page(one, "b")
        one.commit()
        one.execute(move, ("b", "a"))
        with ThreadPoolExecutor() as thread:
            waiting = thread.submit(other.execute, move, ("a", "b"))
            one.commit()
            with pytest.raises(errors.CheckViolation) as refused:
                waiting.result()
    assert refused.value.diag.constraint_name == "pages_form_a_tree"


def test_a_page_is_not_made_inside_itself(connection: psycopg.Connection) -> None:
    with pytest.raises(errors.CheckViolation) as refused:
        add_page(connection, "a", "a")
    assert refused.value.diag.constraint_name == "pages_parent_is_another"


def test_a_page_moved_to_another_drive_takes_its_subtree_along(connection: psycopg.Connection) -> None:
    connection.execute("INSERT INTO drives (id, owner_id, name, slug) VALUES ('other', 'ada', 'Other', 'other')")
    add_page(connection, "top")
    add_page(connection, "a", "top")
    add_page(connection, "b", "a")
    add_page(connection, "c", "b")
    connection.execute("UPDATE pages SET drive_id = 'other', parent_id = NULL WHERE id = 'a'")
    assert values(connection, "SELECT id FROM pages WHERE drive_id = 'other' ORDER BY id") == ["a", "b", "c"]
    assert values(connection, "SELECT parent_id FROM pages ORDER BY id") == [None, "a", "b", None]


def test_a_deleted_page_takes_its_subtree_along(connection: psycopg.Connection) -> None:
    add_page(connection, "a")
    add_page(connection, "b", "a")
    add_page(connection, "c", "b")
    connection.execute("DELETE FROM pages WHERE id = 'a'")
    assert values(connection, "SELECT id FROM pages") == []


def test_search_follows_title_and_text(connection: psycopg.Connection) -> None:
    add_page(connection, "a")
    matches: LiteralString = "SELECT id FROM pages WHERE search @@ websearch_to_tsquery('english', 'roadmaps budget')"
    assert values(connection, matches) == []
    connection.execute("UPDATE pages SET title = 'The Roadmap', plain_text = 'A budgeted year' WHERE id = 'a'")
    assert values(connection, matches) == ["a"]


def test_is_trashed_follows_trashed_at_and_is_not_written(connection: psycopg.Connection) -> None:
    add_page(connection, "a")
    connection.execute("UPDATE pages SET trashed_at = now()")
    assert values(connection, "SELECT is_trashed FROM pages") == [True]
    with pytest.raises(errors.GeneratedAlways):
        connection.execute("UPDATE pages SET is_trashed = false")


def test_an_owner_of_drives_is_not_deleted(connection: psycopg.Connection) -> None:
    assert refusal(connection, "DELETE FROM users WHERE id = 'ada'") == "drives_owner_id_fkey"


def test_a_deleted_member_leaves_the_pages_and_the_account_book(connection: psycopg.Connection) -> None:
    add_page(connection, "a")
    connection.execute(
        "INSERT INTO storage_events (drive_id, actor_id, kind, delta_bytes) VALUES ('d', 'bob', 'upload', 5)"
    )
    connection.execute("DELETE FROM users WHERE id = 'bob'")
    assert values(connection, "SELECT created_by FROM pages") == [None]
    assert values(connection, "SELECT actor_id FROM storage_events") == ["system"]
    assert values(connection, "SELECT user_id FROM drive_members") == []


def test_a_file_that_a_page_shows_is_not_deleted_but_goes_with_its_drive(connection: psycopg.Connection) -> None:
    connection.execute(
        "INSERT INTO files (id, drive_id, name, size_bytes, sha256, storage_key)"
        " VALUES ('f', 'd', 'a.pdf', 5, %s, 'k')",
        (HASH,),
    )
    connection.execute("INSERT INTO pages (id, drive_id, kind, title, file_id) VALUES ('a', 'd', 'file', 'a.pdf', 'f')")
    assert refusal(connection, "DELETE FROM files WHERE id = 'f'") == "pages_file_id_fkey"
    connection.execute("DELETE FROM drives WHERE id = 'd'")
    assert values(connection, "SELECT id FROM files") == []


def test_a_drive_is_made_together_with_its_home_page(connection: psycopg.Connection) -> None:
    connection.execute(
        "INSERT INTO drives (id, owner_id, name, slug, home_page_id) VALUES ('e', 'bob', 'E', 'e', 'home')"
    )
    add_page(connection, "home", drive_id="e")
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    connection.execute("SET CONSTRAINTS ALL DEFERRED")
    connection.execute("DELETE FROM pages WHERE id = 'home'")
    assert refusal(connection, "SET CONSTRAINTS ALL IMMEDIATE") == "drives_home_page_is_its_own"


def test_a_home_page_is_not_taken_from_another_drive(connection: psycopg.Connection) -> None:
    connection.execute("INSERT INTO drives (id, owner_id, name, slug) VALUES ('e', 'bob', 'E', 'e')")
    add_page(connection, "a")
    connection.execute("UPDATE drives SET home_page_id = 'a' WHERE id = 'e'")
    assert refusal(connection, "SET CONSTRAINTS ALL IMMEDIATE") == "drives_home_page_is_its_own"


def test_a_page_has_no_tag_of_another_drive(connection: psycopg.Connection) -> None:
    connection.execute("INSERT INTO drives (id, owner_id, name, slug) VALUES ('e', 'bob', 'E', 'e')")
    connection.execute("INSERT INTO tags (id, drive_id, name) VALUES ('t', 'e', 'Urgent')")
    add_page(connection, "a")
    tagged: LiteralString = "INSERT INTO page_tags (page_id, tag_id, drive_id) VALUES ('a', 't', '{}')"
    assert refusal(connection, tagged.format("d")) == "page_tags_tag_in_drive"
    assert refusal(connection, tagged.format("e")) == "page_tags_page_in_drive"


def test_tags_differ_in_more_than_case(connection: psycopg.Connection) -> None:
    connection.execute("INSERT INTO tags (id, drive_id, name) VALUES ('t1', 'd', 'Urgent')")
    assert refusal(connection, "INSERT INTO tags (id, drive_id, name) VALUES ('t2', 'd', 'URGENT')") == "tags_name_key"


@pytest.mark.parametrize(
    ("email", "constraint"),
    [("Ada@pagespace.test", "email_address_is_lower_case"), ("ada", "email_address_has_one_at")],
)
def test_an_email_address_is_checked_by_its_domain(connection: psycopg.Connection, email: str, constraint: str) -> None:
    with pytest.raises(errors.CheckViolation) as refused:
        connection.execute("UPDATE users SET email = %s WHERE id = 'ada'", (email,))
    assert refused.value.diag.constraint_name == constraint


@pytest.mark.parametrize(
    ("occurred_at", "partition"),
    [
        ("2026-10-31 23:59:59.999999+00", "activity_log_2026_10"),
        ("2026-11-01 00:00:00+00", "activity_log_2026_11"),
        ("2026-12-31 23:59:59.999999+00", "activity_log_2026_12"),
        ("2031-01-01 00:00:00+00", "activity_log_default"),
    ],
)
def test_activity_is_routed_to_the_partition_of_its_month(
    connection: psycopg.Connection, occurred_at: str, partition: str
) -> None:
    connection.execute(
        "INSERT INTO activity_log (occurred_at, action, subject, subject_id) VALUES (%s, 'created', 'pages', 'a')",
        (occurred_at,),
    )
    assert values(connection, "SELECT tableoid::regclass::text FROM activity_log") == [partition]


def test_everyone_who_can_enter_a_drive_is_in_drive_access_once(connection: psycopg.Connection) -> None:
    connection.execute("INSERT INTO drive_members (drive_id, user_id, role) VALUES ('d', 'ada', 'viewer')")
    access = connection.execute("SELECT user_id, role::text FROM drive_access ORDER BY role DESC").fetchall()
    assert access == [("ada", "owner"), ("bob", "editor")]


def test_unread_messages_are_those_of_others_since_the_marker(connection: psycopg.Connection) -> None:
    connection.execute("INSERT INTO pages (id, drive_id, kind, title) VALUES ('c', 'd', 'channel', 'general')")
    unread: LiteralString = "SELECT unread_count FROM channel_unread_counts WHERE user_id = 'bob'"
    assert values(connection, unread) == []
    connection.execute("INSERT INTO read_markers (user_id, page_id, last_read_at) VALUES ('bob', 'c', '2026-11-01')")
    assert values(connection, unread) == [0]
    connection.execute(
        "INSERT INTO channel_messages (id, page_id, author_id, content, created_at, deleted_at) VALUES"
        " ('before', 'c', 'ada', 'hi', '2026-10-31', NULL), ('own', 'c', 'bob', 'hi', '2026-11-02', NULL),"
        " ('deleted', 'c', 'ada', 'hi', '2026-11-02', '2026-11-03'), ('new', 'c', 'ada', 'hi', '2026-11-02', NULL)"
    )
    assert values(connection, unread) == [1]


def test_drive_statistics_count_what_is_there_when_refreshed(connection: psycopg.Connection) -> None:
    add_page(connection, "a")
    connection.execute(
        "INSERT INTO storage_events (drive_id, kind, delta_bytes) VALUES ('d', 'upload', 7), ('d', 'delete', -2)"
    )
    connection.execute("REFRESH MATERIALIZED VIEW drive_statistics")
    numbers = connection.execute("SELECT page_count, member_count, storage_bytes FROM drive_statistics").fetchall()
    assert numbers == [(1, 2, 5)]
