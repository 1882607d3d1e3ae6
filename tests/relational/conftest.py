"""A small workspace in a real database: three people, their drives, and pages in trees."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from typing_schema import drives, pages, refresh_tokens, users

from pagespace_db import Database, insert

SCHEMA = Path(__file__).parents[1] / "typing" / "project" / "schema.sql"


@pytest.fixture
def statements() -> list[str]:
    """The SQL that has run on `db`, an entry for each flush; statements sent together are one."""
    return []


@pytest.fixture
def db(empty_database: str, statements: list[str]) -> Iterator[Database]:
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute(SCHEMA.read_bytes())
    with Database(empty_database, hooks=[lambda event: statements.append(event.sql)]) as database:
        _fill(database)
        statements.clear()
        yield database


def _fill(db: Database) -> None:
    """Make ann, who owns home (plan > draft > note, ideas) and work (todo), bob, who owns the empty lab, and cat."""
    db.execute(insert(users).rows([{"id": name, "name": name, "email": f"{name}@x"} for name in ("ann", "bob", "cat")]))
    db.execute(
        insert(drives).rows(
            [
                {"id": drive, "name": drive, "owner_id": owner}
                for drive, owner in (("home", "ann"), ("work", "ann"), ("lab", "bob"))
            ]
        )
    )
    tree: list[tuple[str, str, str | None, str | None, int]] = [
        ("plan", "home", None, "ann", 1),
        ("ideas", "home", None, "cat", 2),
        ("draft", "home", "plan", "bob", 3),
        ("note", "home", "draft", None, 4),
        ("todo", "work", None, "ann", 5),
    ]
    db.execute(
        insert(pages).rows(
            [
                {
                    "id": id_,
                    "title": id_,
                    "drive_id": drive,
                    "parent_id": parent,
                    "author_id": author,
                    "position": at,
                }
                for id_, drive, parent, author, at in tree
            ]
        )
    )
    later = datetime(2030, 1, 1, tzinfo=UTC)
    db.execute(insert(refresh_tokens).rows([{"id": f"t{n}", "user_id": "ann", "expires_at": later} for n in range(3)]))
