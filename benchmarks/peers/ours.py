"""This library, as the documentation shows it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from benchmarks.harness import Timed, timed
from benchmarks.peers.work import FAMILIES, USERS, tag_ids, tag_rows, user_ids
from pagespace_db import Database, asc, delete, eq, in_array, insert, query, select
from pagespace_db.generated import Drive, TagInsert, User, drives, tags, users

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class DriveWithPages(Drive):
    """A drive with its pages."""

    pages = drives.pages


class UserTree(User):
    """A user with everything that is loaded."""

    refresh_tokens = users.refresh_tokens
    drives = users.drives.as_(DriveWithPages)


@contextmanager
def contenders(url: str) -> Iterator[Mapping[str, Mapping[str, Timed]]]:
    """Yield what this library does, by work and by name."""
    with Database(url) as db:
        ids, new_tags = user_ids(), tag_ids("ours")
        rows: list[TagInsert] = [TagInsert(**row) for row in tag_rows()]

        def many(count: int) -> Timed:
            return timed(lambda: db.all(select(users).from_(users).order_by(asc(users.id)).limit(count)))

        def one() -> object:
            tag = next(new_tags)
            return db.one(insert(tags).values({"id": tag, "drive_id": "d1-1", "name": tag}).returning())

        def copy() -> None:
            db.execute(delete(tags).all_rows())
            db.copy_in(tags, rows)

        def bulk() -> None:
            db.execute(delete(tags).all_rows())
            db.execute(insert(tags).rows(rows))

        yield {
            "point lookup": {
                "pagespace-db": timed(lambda: db.one(select(users).from_(users).where(eq(users.id, next(ids)))))
            },
            "100 rows": {"pagespace-db": many(100)},
            "10,000 rows": {"pagespace-db": many(USERS)},
            "relational load": {
                "pagespace-db": timed(lambda: db.all(query(UserTree).where(in_array(users.id, FAMILIES))))
            },
            "insert one, returning": {
                "pagespace-db": timed(
                    lambda: db.one(
                        insert(tags)
                        .values({"id": (tag := next(new_tags)), "drive_id": "d1-1", "name": tag})
                        .returning()
                    )
                )
            },
            "insert 10,000": {"pagespace-db, copy_in": timed(copy), "pagespace-db, rows()": timed(bulk)},
        }
