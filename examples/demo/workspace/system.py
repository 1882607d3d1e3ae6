"""What the application tells people and other programs, and what it remembers."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from examples.demo.workspace.chance import BASE_TIME, Chance
from examples.demo.workspace.drives import Drive
from examples.demo.workspace.rows import Row, TableRows, table_rows, to_json

NOTIFICATION_COUNT: Final = 5_000
ACTIVITY_COUNT: Final = 5_000
_DAYS_WITH_A_PARTITION: Final = 49  # from 2 October to BASE_TIME


def notification_rows(drives: list[Drive]) -> list[TableRows]:
    """Return notifications, four of ten unread; every 25th is Ada's."""
    chance = Chance("notifications")
    rows: list[Row] = []
    for number in range(NOTIFICATION_COUNT):
        drive = drives[0] if number % 25 == 0 else chance.one_of(drives)
        user = drive.people[0] if number % 25 == 0 else chance.one_of(drive.people)
        page = chance.one_of(drive.pages)
        created_at = chance.moment(days=30)
        rows.append(
            (
                chance.id(),
                user.id,
                chance.one_of(("mention", "reply", "page_shared", "task_assigned", "task_due")),
                chance.one_of(drive.people[1:]).id,
                drive.id,
                page.id,
                to_json({"title": page.title}),
                None if chance.happens(0.4) else chance.moment(since=created_at),
                created_at,
            )
        )
    columns = "id user_id kind actor_id drive_id page_id payload read_at created_at"
    return [table_rows("notifications", columns, rows)]


def webhook_rows(drives: list[Drive]) -> list[TableRows]:
    """Return webhooks of every fourth drive, with deliveries that arrived, failed or wait."""
    chance = Chance("webhooks")
    webhooks: list[Row] = []
    deliveries: list[Row] = []
    for drive in drives[::4]:
        webhook_id = chance.id()
        url = f"https://hooks.example.com/{drive.slug}"
        webhooks.append(
            (webhook_id, drive.id, url, chance.id(), ["page.created", "message.created"], drive.people[0].id)
        )
        for _ in range(10):
            at = chance.moment(days=7)
            status = chance.one_of(("delivered", "delivered", "delivered", "failed", "pending"))
            payload = to_json({"page": chance.one_of(drive.pages).id})
            due_at = BASE_TIME + timedelta(minutes=5) if status == "pending" else None
            answer = {"delivered": 200, "failed": 503}.get(status)
            attempts = 0 if status == "pending" else chance.number(1, 5)
            result = (status, attempts, due_at, answer, at if status == "delivered" else None)
            deliveries.append((chance.id(), webhook_id, "page.created", payload, at, *result))
    return [
        table_rows("webhooks", "id drive_id url secret events created_by", webhooks),
        table_rows(
            "webhook_deliveries",
            "id webhook_id event payload created_at status attempts next_attempt_at response_status delivered_at",
            deliveries,
        ),
    ]


def log_rows(drives: list[Drive]) -> list[TableRows]:
    """Return the activity of the last weeks and the counters of a few busy clients."""
    chance = Chance("log")
    activity: list[Row] = []
    for _ in range(ACTIVITY_COUNT):
        drive = chance.one_of(drives)
        page = chance.one_of(drive.pages)
        action = chance.one_of(("created", "updated", "updated", "moved", "shared"))
        changes = to_json({"title": ["Untitled", page.title]} if action == "updated" else {})
        at = chance.moment(days=_DAYS_WITH_A_PARTITION)
        activity.append((at, action, drive.id, chance.one_of(drive.people).id, "pages", page.id, changes))
    limits: list[Row] = [
        (f"login:203.0.113.{host}", BASE_TIME, chance.number(1, 9), BASE_TIME + timedelta(minutes=15))
        for host in range(1, 50)
    ]
    return [
        table_rows("activity_log", "occurred_at action drive_id actor_id subject subject_id changes", activity),
        table_rows("rate_limits", "key window_start hits expires_at", limits),
    ]
