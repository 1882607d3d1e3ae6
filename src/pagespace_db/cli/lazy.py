"""Groups of commands that are imported when they are run, and listed without being imported.

A container starts `migrate up` often and has nothing to do most of the time: what a command does not need, it does not
load. Installed packages plug further commands in by entry points.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar

import click

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


class LazyGroup(click.Group):
    """A click group whose commands are imported when they are run, not when they are listed.

    Attributes:
        built_in: Where each command is that is always there: `module:name`.
        summaries: What a list says of commands; those of commands that are not installed are never shown.
        entry_point_group: Where installed packages name further commands.
    """

    built_in: ClassVar[Mapping[str, str]] = {}
    summaries: ClassVar[Mapping[str, str]] = {}
    entry_point_group: ClassVar[str]

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every command name, sorted."""
        return sorted({*self.built_in, *self._plugins()})

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands, and import only those that no summary is known of."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self._summary(ctx, name)) for name in self.list_commands(ctx)])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command, or None when there is none of that name."""
        if cmd_name in self.built_in:
            module, _, attribute = self.built_in[cmd_name].partition(":")
            command: click.Command = getattr(import_module(module), attribute)
            return command
        plugin = self._plugins().get(cmd_name)
        if plugin is None:
            return None
        loaded: click.Command = plugin.load()
        return loaded

    def _summary(self, ctx: click.Context, name: str) -> str:
        if name in self.summaries:
            return self.summaries[name]
        command = self.get_command(ctx, name)
        return "" if command is None else command.get_short_help_str(limit=80)

    def _plugins(self) -> dict[str, EntryPoint]:
        from importlib.metadata import entry_points  # noqa: PLC0415  # built-in commands start without it

        return {point.name: point for point in entry_points(group=self.entry_point_group)}
