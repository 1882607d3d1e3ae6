"""The queries of an application on the workspace: plain functions of a database, or of a transaction.

Every name in here is checked against schema.sql by the type checker, and so is every result. What reads better as SQL,
such as a tree, is in queries/*.sql: its functions are in pagespace_db.generated.queries.
"""

from __future__ import annotations

from pagespace_db import (
    Executor,
    Shape,
    asc,
    contains,
    desc,
    eq,
    is_null,
    lower,
    max_,
    not_,
    opt,
    query,
    select,
    update,
)
from pagespace_db.generated import (
    ChannelMessage,
    Drive,
    DriveRole,
    Notification,
    Page,
    User,
    channel_messages,
    drive_access,
    drives,
    notifications,
    pages,
    users,
)


class FoundPage(Shape):
    """A page with the name of the drive it stands in."""

    id = pages.id
    title = pages.title
    drive = drives.name
    updated_at = pages.updated_at


def find_login(db: Executor, email: str) -> User | None:
    """Return the person who may sign in with an e-mail address."""
    return db.one_or_none(select(users).from_(users).where(eq(users.email, email.lower()), is_null(users.suspended_at)))


def drives_of(db: Executor, user_id: str) -> list[tuple[Drive, DriveRole]]:
    """Return the drives that somebody can enter, each with their role in it, by name."""
    return db.all(
        select(drives, drive_access.role)
        .from_(drive_access)
        .join(drives, eq(drives.id, drive_access.drive_id))
        .where(eq(drive_access.user_id, user_id), not_(drives.is_trashed))
        .order_by(asc(drives.name))
    )


def unread_notifications(db: Executor, user_id: str, *, limit: int = 10) -> list[tuple[Notification, str | None]]:
    """Return the newest notifications that somebody has not read, each with the name of whose deed it was."""
    return db.all(
        select(notifications, opt(users.name))
        .from_(notifications)
        .left_join(users, eq(users.id, notifications.actor_id))
        .where(eq(notifications.user_id, user_id), is_null(notifications.read_at))
        .order_by(desc(notifications.created_at))
        .limit(limit)
    )


def latest_messages(db: Executor, page_id: str, *, limit: int = 20) -> list[tuple[ChannelMessage, User | None]]:
    """Return the newest messages of a channel with their authors, newest first."""
    return db.all(
        query(channel_messages)
        .include(channel_messages.author)
        .where(eq(channel_messages.page_id, page_id), is_null(channel_messages.deleted_at))
        .order_by(desc(channel_messages.created_at), desc(channel_messages.id))
        .limit(limit)
    )


def search_titles(db: Executor, user_id: str, text: str, *, limit: int = 10) -> list[FoundPage]:
    """Return the latest pages with `text` in their title, of the drives that somebody can enter."""
    return db.all(
        select(FoundPage)
        .from_(pages)
        .join(drives, eq(drives.id, pages.drive_id))
        .join(drive_access, eq(drive_access.drive_id, drives.id))
        .where(
            contains(lower(pages.title), text.lower()),
            eq(drive_access.user_id, user_id),
            not_(pages.is_trashed),
            not_(drives.is_trashed),
        )
        .order_by(desc(pages.updated_at))
        .limit(limit)
    )


def move_page(db: Executor, page_id: str, *, parent_id: str) -> Page:
    """Move a page, and with it all below it, to the end of another page of its drive."""
    with db.transaction() as transaction:
        last = transaction.one(select(max_(pages.position)).from_(pages).where(eq(pages.parent_id, parent_id)))
        return transaction.one(
            update(pages)
            .set({"parent_id": parent_id, "position": (last or 0) + 1})
            .where(eq(pages.id, page_id))
            .returning()
        )
