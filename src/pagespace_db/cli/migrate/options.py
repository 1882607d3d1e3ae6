"""The options that all `migrate` commands share."""

from __future__ import annotations

import functools
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from pagespace_db.cli.context import CommandContext
from pagespace_db.cli.migrate.output import Output
from pagespace_db.errors import ConfigError
from pagespace_db.migrate.file import Folder, load_folder
from pagespace_db.migrate.look import Target
from pagespace_db.migrate.state import DEFAULT_TABLE
from pagespace_db.migrate.wait import wait_for_server
from pagespace_db.settings import database_url, environment

_FOLDERS_WITHOUT_PROJECT: Final = ("migrations", "db/migrations")
DEFAULT_LOCK_WAIT_S: Final = 300.0
_UNITS_S: Final = (("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3600.0), ("", 1.0))


class Duration(click.ParamType[float]):
    """Seconds, written as `30`, `30s`, `5m`, `1h` or `500ms`."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return seconds."""
        if isinstance(value, int | float):
            return float(value)
        text = str(value)
        suffix, seconds = next(unit for unit in _UNITS_S if text.endswith(unit[0]))
        number = text.removesuffix(suffix)
        if not number.replace(".", "", 1).isdecimal():
            self.fail(f"{text!r} is not a duration; write for example 30s, 5m or 500ms", param, ctx)
        return float(number) * seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options that all commands share, and what follows from them.

    Attributes:
        context: The root command's options.
        url: `--url`.
        folders: `--migrations-dir`.
        table: The version table.
        is_json: Whether to print JSON.
    """

    context: CommandContext
    url: str | None
    folders: tuple[Path, ...]
    table: str
    is_json: bool

    def find_folders(self) -> tuple[Path, ...]:
        """Return the folders: by option, by dbmate's variable, of the project, else the first usual one there is."""
        named = environment("DBMATE_MIGRATIONS_DIR") or ""
        given = self.folders or tuple(Path(name) for name in named.split(",") if name)
        if given:
            return given
        try:
            folder = self.context.project.migrations
        except ConfigError:
            usual = [Path(name) for name in _FOLDERS_WITHOUT_PROJECT]
            return (next((path for path in usual if path.is_dir()), usual[0]),)
        return (_shortened(folder),)

    def load_folder(self) -> Folder:
        """Read the migration files."""
        return load_folder(self.find_folders())

    @property
    def output(self) -> Output:
        """Where the command prints."""
        return Output(is_json=self.is_json)

    @contextmanager
    def target(self) -> Generator[Target]:
        """Yield the database to act on."""
        with self.database() as url:
            yield Target(url=url, table=self.table)

    @contextmanager
    def database(self) -> Generator[str]:
        """Yield the URL of the database to act on; without any, that of the project's own server."""
        given = self.url or database_url()
        if given is not None:
            yield given
            return
        # Late, because a migration service always has a URL, and the embedded server would slow its start.
        from pagespace_db.target import resolve_target  # noqa: PLC0415

        with resolve_target(None, self.context.start) as url:
            yield url


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """The options of the commands that change a database.

    Attributes:
        wait_s: `--wait`: seconds to wait for the server, if it does not answer yet, and for other runners.
        lock_timeout_s: `--lock-timeout`.
        lock_retries: `--lock-retries`.
        is_verbose: `--verbose`.
    """

    wait_s: float | None
    lock_timeout_s: float
    lock_retries: int
    is_verbose: bool

    def output(self, options: Options) -> Output:
        """Return where the command prints."""
        return Output(is_json=options.is_json, is_verbose=self.is_verbose)

    @contextmanager
    def target(self, options: Options) -> Generator[Target]:
        """Yield the database to act on; with --wait, as soon as its server answers."""
        with options.database() as url:
            if self.wait_s is not None:
                wait_for_server(url, timeout_s=self.wait_s)
            yield Target(
                url=url,
                table=options.table,
                lock_wait_s=DEFAULT_LOCK_WAIT_S if self.wait_s is None else self.wait_s,
                lock_timeout_ms=round(self.lock_timeout_s * 1000),
                lock_retries=self.lock_retries,
            )


_ACTING: Final = (
    click.option(
        "--wait", "wait_s", type=Duration(), help="How long to wait for the server and for other runners.  [0s and 5m]"
    ),
    click.option(
        "--lock-timeout", "lock_timeout_s", type=Duration(), default=5.0, help="Limit of each wait for a lock.  [5s]"
    ),
    click.option(
        "--lock-retries",
        type=click.IntRange(min=0),
        default=10,
        help="How often to try a file again that met a lock.  [10]",
    ),
    click.option("--verbose", "-v", "is_verbose", is_flag=True, help="Show the notices of the server."),
)


def acting_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options for changing a database, as one argument after the shared ones."""

    def with_acting(
        options: Options,
        *,
        wait_s: float | None,
        lock_timeout_s: float,
        lock_retries: int,
        is_verbose: bool,
        **others: object,
    ) -> None:
        acting = Acting(wait_s=wait_s, lock_timeout_s=lock_timeout_s, lock_retries=lock_retries, is_verbose=is_verbose)
        command(options, acting, **others)

    wrapped: Callable[..., None] = functools.update_wrapper(with_acting, command)
    for option in reversed(_ACTING):
        wrapped = option(wrapped)
    return wrapped


dry_run_option: Final = click.option(
    "--dry-run", "is_dry_run", is_flag=True, help="Show what would be done, and do nothing."
)

_SHARED: Final = (
    click.option("--url", "-u", help="The database to act on.  [default: DATABASE_URL, else the project's own server]"),
    click.option(
        "--migrations-dir",
        "-d",
        "folders",
        multiple=True,
        type=click.Path(path_type=Path),
        help="A folder of migrations; may be repeated.  [default: that of the project]",
    ),
    click.option("--migrations-table", "table", help=f"TABLE or SCHEMA.TABLE.  [default: {DEFAULT_TABLE}]"),
    click.option("--json", "is_json", is_flag=True, help="Print one JSON object."),
)


def shared_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the shared options, as one first argument."""

    @click.pass_obj
    def with_options(
        context: CommandContext,
        /,
        *,
        url: str | None,
        folders: tuple[Path, ...],
        table: str | None,
        is_json: bool,
        **others: object,
    ) -> None:
        table = table or environment("DBMATE_MIGRATIONS_TABLE") or DEFAULT_TABLE
        options = Options(context=context, url=url, folders=folders, table=table, is_json=is_json)
        command(options, **others)

    wrapped: Callable[..., None] = functools.update_wrapper(with_options, command)
    for option in reversed(_SHARED):
        wrapped = option(wrapped)
    return wrapped


def _shortened(path: Path) -> Path:
    """Return `path` relative to the current folder if it is below it: messages are then easy to read."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
