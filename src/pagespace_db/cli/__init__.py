"""The one command, `pagespace-db`: it finds sub-commands, and turns errors into text and exit codes.

Commands are imported when they are asked for (see `lazy`), so that `--help` and `migrate` start fast.
"""

from __future__ import annotations

import atexit
import gc
import io
import json
import os
import signal
import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import click

from pagespace_db.cli.context import CommandContext
from pagespace_db.cli.lazy import LazyGroup
from pagespace_db.errors import ConfigError, Finding, PagespaceDbError, SourceError, render_error, render_finding

if TYPE_CHECKING:
    from types import FrameType

    import psycopg

EXIT_DATABASE_UNAVAILABLE: Final = 3
EXIT_DATABASE_REFUSED: Final = 4
_OBJECTS_PER_COLLECTION: Final = 100_000
_KILLED: Final = 128  # what a shell adds to the number of a signal


class RootCommands(LazyGroup):
    """The commands of the run time, and those of the development-time package where it is installed."""

    built_in = {  # noqa: RUF012  # declared as a ClassVar in LazyGroup
        "migrate": "pagespace_db.cli.migrate:migrate",
        "server": "pagespace_db.cli.server:server",
    }
    summaries = {  # noqa: RUF012
        "check": "Check that migrations, schema, queries and code agree.",
        "codegen": "Write the typed package from the schema.",
        "describe": "Show the types of annotated queries, without running them.",
        "diff": "Print the SQL that turns OLD into NEW.",
        "drift": "Show how a database differs from its migrations.",
        "init": "Write a minimal project.",
        "migrate": "Apply, undo and inspect migrations.",
        "queries": "Look at the annotated queries of a project.",
        "server": "Start, stop and find the embedded PostgreSQL.",
    }
    entry_point_group = "pagespace_db.commands"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take --project wherever it stands: after a command it means what it means before it."""
        return super().parse_args(ctx, _with_project_first(args))


def _with_project_first(args: list[str]) -> list[str]:
    end = args.index("--") if "--" in args else len(args)
    for place, argument in enumerate(args[:end]):
        if argument == "--project" and place + 1 < end:
            return [*args[place : place + 2], *args[:place], *args[place + 2 :]]
        if argument.startswith("--project="):
            return [argument, *args[:place], *args[place + 1 :]]
    return args


@click.group(cls=RootCommands, context_settings={"help_option_names": ["-h", "--help"]})
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
            return _KILLED + cause.number
        case KeyboardInterrupt():
            return _KILLED + signal.SIGINT
        case _:
            return 1  # somebody said no


class _Terminated(KeyboardInterrupt):
    """SIGTERM, as a container gets it, or SIGHUP of a lost terminal.

    Like Ctrl-C it cancels what the server is at, and closes what is open.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def _terminate(number: int, frame: FrameType | None) -> NoReturn:
    raise _Terminated(number)


def main(name: str | None = None) -> NoReturn:
    """Run the command line and exit with one of the documented codes (see `pagespace_db.errors`).

    `name` is how help calls the command, if not as it was started.
    """
    # A command is short, and what it imports is no garbage: to look for some takes a fifth of the time of `status`.
    gc.set_threshold(_OBJECTS_PER_COLLECTION)
    atexit.register(gc.freeze)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # names of files may be what the terminal cannot show
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:  # nohup has it ignored
                signal.signal(number, _terminate)
    try:
        result = cli.main(
            prog_name=name, standalone_mode=False
        )  # the code of a command that exits with one, else its result
    except click.Abort as abort:
        click.echo("aborted", err=True)
        sys.exit(_exit_code(abort.__cause__))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except PagespaceDbError as error:
        _report(render_error(error), error.facts())
        sys.exit(error.exit_code)
    except OSError as error:  # of a file that the command knows nothing of, such as a full disk under stdout
        click.echo(f"error: {error}", err=True)
        _give_up_unwritable_output()
        sys.exit(ConfigError.exit_code)
    except _database_errors() as error:
        finding = Finding(message=error.diag.message_primary or str(error).strip(), code=error.sqlstate)
        _report(render_finding(finding), SourceError([finding]).facts() | {"kind": type(error).__name__})
        sys.exit(EXIT_DATABASE_UNAVAILABLE if error.sqlstate is None else EXIT_DATABASE_REFUSED)
    sys.exit(result if isinstance(result, int) else 0)


def _give_up_unwritable_output() -> None:
    """Let what cannot be written go nowhere: at its end Python would try again, and exit with 120 when that fails."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _database_errors() -> type[psycopg.Error]:
    # Asked only when an error is on its way, so that `--help` does not load psycopg.
    return import_module("psycopg").Error  # type: ignore[no-any-return]  # a module loaded by name


def _report(text: str, facts: dict[str, object]) -> None:
    """Print an error: as text to stderr, or as one JSON object when the command was called with --json."""
    if "--json" in sys.argv[1:]:
        click.echo(json.dumps({"ok": False, "error": facts}))
    else:
        click.echo(text, err=True)


if __name__ == "__main__":
    main()
