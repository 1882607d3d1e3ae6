"""The workspace of the demo, made of nothing but a seed: every run gives the same rows. No database in here."""

from __future__ import annotations

from typing import Final

from examples.demo.workspace.drives import drive_rows, make_drives, marking_rows, page_rows
from examples.demo.workspace.people import DEMO_EMAIL, SYSTEM_ID, credential_rows, make_people, user_rows
from examples.demo.workspace.rows import TableRows
from examples.demo.workspace.system import log_rows, notification_rows, webhook_rows
from examples.demo.workspace.talk import channel_rows, chat_rows
from examples.demo.workspace.work import calendar_rows, task_rows

__all__ = ["DEMO_EMAIL", "SYSTEM_ID", "WORKSPACE_EDITION", "TableRows", "make_workspace"]

WORKSPACE_EDITION: Final = 1
"""Raised whenever the rows change, so that a database seeded before is seeded anew."""


def make_workspace() -> list[TableRows]:
    """Return the rows of every table, in an order that satisfies the foreign keys."""
    people = make_people()
    drives = make_drives(people)
    return [
        user_rows(people, {"demo_edition": WORKSPACE_EDITION}),
        *credential_rows(people),
        *drive_rows(drives),
        *page_rows(drives),
        *marking_rows(drives),
        *chat_rows(drives),
        *channel_rows(drives),
        *task_rows(drives),
        *calendar_rows(drives),
        *notification_rows(drives),
        *webhook_rows(drives),
        *log_rows(drives),
    ]
