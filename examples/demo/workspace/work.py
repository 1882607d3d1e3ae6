"""Tasks to do and rooms to meet in."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from examples.demo.workspace.chance import BASE_TIME, NOUNS, Chance
from examples.demo.workspace.drives import Drive
from examples.demo.workspace.rows import Row, TableRows, table_rows

LISTS_PER_DRIVE: Final = 2
TASKS_PER_LIST: Final = 15
MEETINGS_PER_ROOM: Final = 5
_ROOMS: Final = ("Attic", "Garden")


def task_rows(drives: list[Drive]) -> list[TableRows]:
    """Return task lists and their tasks, some of which are parts of the first."""
    chance = Chance("tasks")
    lists: list[Row] = []
    tasks: list[Row] = []
    for drive in drives:
        for place in range(LISTS_PER_DRIVE):
            list_id, first_id = chance.id(), chance.id()
            lists.append((list_id, drive.id, chance.title(), place, drive.people[0].id, drive.created_at))
            for number in range(TASKS_PER_LIST):
                created_at = chance.moment(since=drive.created_at)
                status = chance.one_of(("todo", "todo", "in_progress", "blocked", "done"))
                tasks.append(
                    (
                        chance.id() if number else first_id,
                        list_id,
                        first_id if number and chance.happens(0.2) else None,
                        chance.sentence().rstrip("."),
                        status,
                        chance.one_of(("low", "medium", "medium", "high", "urgent")),
                        chance.some_of(NOUNS, chance.number(0, 2)),
                        chance.one_of(drive.people).id if chance.happens(0.7) else None,
                        (BASE_TIME + timedelta(days=chance.number(-10, 40))).date() if chance.happens(0.6) else None,
                        timedelta(hours=chance.number(1, 16)) if chance.happens(0.5) else None,
                        number,
                        created_at,
                        chance.moment(since=created_at) if status == "done" else None,
                    )
                )
    return [
        table_rows("task_lists", "id drive_id title position created_by created_at", lists),
        table_rows(
            "tasks",
            "id list_id parent_id title status priority labels assignee_id due_on estimate"
            " position created_at completed_at",
            tasks,
        ),
    ]


def calendar_rows(drives: list[Drive]) -> list[TableRows]:
    """Return meetings of the coming days: one a day in each room, so that none overlap."""
    chance = Chance("calendar")
    events: list[Row] = []
    for drive in drives:
        for room in _ROOMS:
            for day in range(MEETINGS_PER_ROOM):
                start = BASE_TIME + timedelta(days=day, hours=chance.number(0, 7))
                end = start + timedelta(minutes=chance.one_of((30, 45, 60)))
                during = f"[{start.isoformat()},{end.isoformat()})"
                guests = ["visitor@example.net"] if chance.happens(0.1) else []
                events.append(
                    (chance.id(), drive.id, chance.title(), during, room, guests, chance.one_of(drive.people).id)
                )
    return [table_rows("calendar_events", "id drive_id title during room guests organizer_id", events)]
