"""`pagespace-db migrate`: the commands of the runner. They parse options and print; what they do is in `migrate`."""

from __future__ import annotations

from typing import Final

import click

from pagespace_db.cli.lazy import LazyGroup

_HERE: Final = "pagespace_db.cli.migrate"


class MigrateCommands(LazyGroup):
    """The commands of the runner, and `generate` where it is installed."""

    built_in = {  # noqa: RUF012  # declared as a ClassVar in LazyGroup
        "baseline": f"{_HERE}.records:baseline",
        "down": f"{_HERE}.act:down",
        "dump": f"{_HERE}.dump:dump",
        "new": f"{_HERE}.new:new",
        "redo": f"{_HERE}.act:redo",
        "repair": f"{_HERE}.records:repair",
        "status": f"{_HERE}.look:status",
        "up": f"{_HERE}.act:up",
        "verify": f"{_HERE}.look:verify",
        "wait": f"{_HERE}.look:wait",
    }
    summaries = {  # noqa: RUF012
        "baseline": "Record migrations as applied, without running them.",
        "down": "Undo what was applied last.",
        "dump": "Write the schema of the database as SQL.",
        "generate": "Write the migration that brings the folder up to the schema.",
        "new": "Write an empty migration file.",
        "redo": "Undo what was applied last, and apply it again.",
        "repair": "Record edited and renamed files, or what was done by hand.",
        "status": "Show which migrations are applied.",
        "up": "Apply pending migrations.",
        "verify": "Look for what is odd: edited, missing, broken files.",
        "wait": "Wait until the server takes connections.",
    }
    entry_point_group = "pagespace_db.migrate_commands"


@click.group(name="migrate", cls=MigrateCommands)
def migrate() -> None:
    """Apply, undo and inspect migrations."""
