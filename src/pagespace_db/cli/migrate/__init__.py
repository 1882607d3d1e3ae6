"""`pagespace-db migrate`: the commands of the runner. They parse options and print; what they do is in `migrate`.

Each group of commands is imported when one of it is run: a container starts `up` or `status` often, and has nothing to
do most of the time.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

ENTRY_POINT_GROUP: Final = "pagespace_db.migrate_commands"
_MODULES: Final = {
    "baseline": "records",
    "down": "act",
    "dump": "dump",
    "new": "new",
    "redo": "act",
    "repair": "records",
    "status": "look",
    "up": "act",
    "verify": "look",
    "wait": "look",
}


class _Commands(click.Group):
    """A group whose commands are imported when they are run; installed packages plug in further ones."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every command name, sorted."""
        return sorted({*_MODULES, *_plugins()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command, or None when there is none of that name."""
        if cmd_name not in _MODULES:
            plugin = _plugins().get(cmd_name)
            loaded: click.Command | None = None if plugin is None else plugin.load()
            return loaded
        module = importlib.import_module(f"pagespace_db.cli.migrate.{_MODULES[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        return command


def _plugins() -> dict[str, EntryPoint]:
    from importlib.metadata import entry_points  # noqa: PLC0415  # the runner's own commands start without it

    return {point.name: point for point in entry_points(group=ENTRY_POINT_GROUP)}


@click.group(name="migrate", cls=_Commands)
def migrate() -> None:
    """Apply, undo and inspect migrations."""
