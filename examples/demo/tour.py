"""Seed the workspace of DATABASE_URL if it is empty, and show what the queries of the demo return from it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from textwrap import shorten
from typing import TypeVar

from psycopg import Rollback

from examples.demo import queries
from examples.demo.screen import say, seeding, show
from examples.demo.seed import seed
from examples.demo.workspace import DEMO_EMAIL
from pagespace_db import Database, PagespaceDbError, db
from pagespace_db.client.config import require_database_url
from pagespace_db.connect import connect
from pagespace_db.errors import ConfigError, render_error
from pagespace_db.generated.queries import drives, pages
from pagespace_db.generated.queries.pages import PageTreeRow

T = TypeVar("T")


def tour(database: Database) -> None:
    """Show each query and its result; what the tour changes is rolled back, so that it can be taken again."""
    database.open()

    user, times = timed(lambda: queries.find_login(database, DEMO_EMAIL))
    if user is None:
        raise ConfigError("the database holds no workspace of the demo", help="run `python -m examples.demo` first")
    show("Login by e-mail", "name email role joined", [(user.name, user.email, user.role, user.created_at)], times)

    own, times = timed(lambda: queries.drives_of(database, user.id))
    show("Drives of a member", "drive slug role since", [(d.name, d.slug, r, d.created_at) for d, r in own], times)
    drive = next(drive for drive, role in own if role == "owner")

    tree, times = timed(lambda: pages.page_tree(database, drive_id=drive.id))
    drawn = [("   " * page.depth + page.title, page.kind) for page in tree]
    show(f"Page tree of {drive.name}, in SQL", "page kind", [*drawn], times)

    unread, times = timed(lambda: queries.unread_notifications(database, user.id))
    show("Unread notifications", "kind from at", [(n.kind, name, n.created_at) for n, name in unread], times)

    channel = next(page for page in tree if page.kind == "channel")
    messages, times = timed(lambda: queries.latest_messages(database, channel.id))
    said = [(message.created_at, author and author.name, message.content) for message, author in messages]
    show(f"Latest messages of #{channel.title}", "at author message", [*said], times)

    found, times = timed(lambda: queries.search_titles(database, user.id, "roadmap"))
    show("Titles with “roadmap”", "page drive changed", [(p.title, p.drive, p.updated_at) for p in found], times)

    matches, times = timed(
        lambda: pages.search_pages(database, words="budget", user_id=user.id, limit=5, drive_id=None)
    )
    ranked = [(page.title, f"{page.rank:.3f}", shorten(page.headline, 70, placeholder=" …")) for page in matches]
    show("Pages about “budget”, in SQL", "page rank words", [*ranked], times)

    by_title, times = timed(lambda: pages.browse_pages(database, drive_id=drive.id, order="title", limit=5))
    shown = [(page.title, page.author, page.updated_at) for page in by_title]
    show(f"{drive.name} by title, in SQL", "page author changed", [*shown], times)

    used, times = timed(lambda: drives.storage_of_drives(database, owner_id=user.id))
    show(
        "Storage, in SQL",
        "drive files bytes quota",
        [(d.name, d.file_count, d.used_bytes, d.quota_bytes) for d in used],
        times,
    )

    folder = next(page for page in tree if page.kind == "folder" and page.parent_id is not None)
    target = next(page for page in tree if page.kind == "document" and page.parent_id is None)
    show_changes(database, folder, target)
    say("Both changes were rolled back.")


def show_changes(database: Database, folder: PageTreeRow, target: PageTreeRow) -> None:
    """Move `folder` into `target` and trash it there, in a transaction that is rolled back at the end."""
    with suppress(Rollback), database.transaction() as transaction:
        moved, times = timed(lambda: queries.move_page(transaction, folder.id, parent_id=target.id), again=False)
        show("A page is moved", "page into position", [(moved.title, target.title, moved.position)], times)

        trashed, times = timed(lambda: pages.trash_subtree(transaction, page_id=folder.id), again=False)
        show("A subtree is trashed, in SQL", "page pages", [(folder.title, trashed)], times)
        raise Rollback


def timed(call: Callable[[], T], *, again: bool = True) -> tuple[T, str]:
    """Return what `call` returns and the time it took: at first, when its SQL is rendered and prepared, and `again`."""
    start = time.perf_counter()
    result = call()
    first_ms = (time.perf_counter() - start) * 1_000
    if not again:
        return result, f"{first_ms:.1f} ms"
    start = time.perf_counter()
    call()
    return result, f"{first_ms:.1f} ms at first, then {(time.perf_counter() - start) * 1_000:.1f} ms"


def fill(url: str) -> None:
    """Seed the database, and say what was done."""
    start = time.perf_counter()
    with connect(url) as connection, seeding() as report:
        row_count = seed(connection, report)
    elapsed_s = time.perf_counter() - start
    say(f"Seeded {row_count:,} rows in {elapsed_s:.1f} s." if row_count else "The workspace is there already.")


if __name__ == "__main__":
    try:
        fill(require_database_url())
        with db:
            tour(db)
    except PagespaceDbError as error:
        print(render_error(error), file=sys.stderr)
        sys.exit(error.exit_code)
