"""The one command, `pagespace-db`: it finds sub-commands, and turns errors into text and exit codes.

Sub-commands are imported when they are asked for, so that `--help` and `migrate` start fast. Installed packages plug
further ones in by the entry point group `pagespace_db.commands`.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import click

from pagespace_db.cli.context import CommandContext
from pagespace_db.errors import PagespaceDbError, SourceError, finding_facts, render_error

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint
    from types import FrameType

    import psycopg

ENTRY_POINT_GROUP: Final = "pagespace_db.commands"
EXIT_DATABASE_UNAVAILABLE: Final = 3
EXIT_DATABASE_REFUSED: Final = 4
_KILLED: Final = 128  # what a shell adds to the number of a signal

_BUILT_IN: Final = {
    "migrate": ("pagespace_db.cli.migrate:migrate", "Apply, undo and inspect migrations."),
    "server": ("pagespace_db.cli.server:server", "Start, stop and find the embedded PostgreSQL."),
}


class LazyGroup(click.Group):
    """A click group whose commands are imported when they are run, not when they are listed."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take --project wherever it stands: after a command it means what it means before it."""
        return super().parse_args(ctx, _with_project_first(args))

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every command name, sorted."""
        return sorted({*_BUILT_IN, *_plugins()})

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing those that are built in."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self._summary(ctx, name)) for name in self.list_commands(ctx)])

    def _summary(self, ctx: click.Context, name: str) -> str:
        if name in _BUILT_IN:
            return _BUILT_IN[name][1]
        command = self.get_command(ctx, name)
        return "" if command is None else command.get_short_help_str(limit=80)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command, or None when there is none of that name."""
        if cmd_name in _BUILT_IN:
            module, _, attribute = _BUILT_IN[cmd_name][0].partition(":")
            command: click.Command = getattr(import_module(module), attribute)
            return command
        plugin = _plugins().get(cmd_name)
        if plugin is None:
            return None
        loaded: click.Command = plugin.load()
        return loaded


def _with_project_first(args: list[str]) -> list[str]:
    end = args.index("--") if "--" in args else len(args)
    for place, argument in enumerate(args[:end]):
        if argument == "--project" and place + 1 < end:
            return [*args[place : place + 2], *args[:place], *args[place + 2 :]]
        if argument.startswith("--project="):
            return [argument, *args[:place], *args[place + 1 :]]
    return args


def _plugins() -> dict[str, EntryPoint]:
    from importlib.metadata import entry_points  # noqa: PLC0415  # built-in commands start without it

    return {point.name: point for point in entry_points(group=ENTRY_POINT_GROUP)}


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pagespace-db", prog_name="pagespace-db")
@click.option(
    "--project",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The project folder, or one below it.  [default: the current folder]",
)
@click.pass_context
def cli(ctx: click.Context, project: Path) -> None:
    """Plain SQL in, typed Python out."""
    ctx.obj = CommandContext(start=project)


def _exit_code(cause: BaseException | None) -> int:
    match cause:
        case _Terminated():
            return _KILLED + signal.SIGTERM
        case KeyboardInterrupt():
            return _KILLED + signal.SIGINT
        case _:
            return 1  # somebody said no


class _Terminated(KeyboardInterrupt):
    """SIGTERM, as a container gets it: like Ctrl-C it cancels what the server is at, and closes what is open."""


def _terminate(number: int, frame: FrameType | None) -> NoReturn:
    raise _Terminated


def main() -> NoReturn:
    """Run the command line and exit with one of the documented codes (see `pagespace_db.errors`)."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _terminate)
    try:
        result = cli.main(standalone_mode=False)  # the code of a command that exits with one, else its result
    except click.Abort as abort:
        click.echo("aborted", err=True)
        sys.exit(_exit_code(abort.__cause__))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except PagespaceDbError as error:
        _report(error)
        sys.exit(error.exit_code)
    except _database_errors() as error:
        click.echo(f"error[{error.sqlstate}]: {error.diag.message_primary or error}", err=True)
        sys.exit(EXIT_DATABASE_UNAVAILABLE if error.sqlstate is None else EXIT_DATABASE_REFUSED)
    sys.exit(result if isinstance(result, int) else 0)


def _database_errors() -> type[psycopg.Error]:
    # Asked only when an error is on its way, so that `--help` does not load psycopg.
    return import_module("psycopg").Error  # type: ignore[no-any-return]  # a module loaded by name


def _report(error: PagespaceDbError) -> None:
    """Print `error` to stderr: as text, or as one JSON object when the command was called with --json."""
    if "--json" not in sys.argv[1:]:
        click.echo(render_error(error), err=True)
        return
    findings = error.findings if isinstance(error, SourceError) else ()
    click.echo(
        json.dumps(
            {
                "ok": False,
                "error": {
                    "kind": type(error).__name__,
                    "message": error.message,
                    "help": error.help,
                    "findings": [finding_facts(finding) for finding in findings],
                },
            }
        )
    )


if __name__ == "__main__":
    main()
