"""`pagespace-db migrate`: the commands of the runner. They parse options and print; what they do is in `migrate`."""

from __future__ import annotations

from functools import partial
from typing import Final

import click

from pagespace_db.cli.migrate_options import Duration, Options, shared_options
from pagespace_db.cli.migrate_output import Output, done_facts, file_facts, status_facts, status_lines
from pagespace_db.migrate.file import MigrationFile
from pagespace_db.migrate.new import create_migration
from pagespace_db.migrate.plan import Standing, plan_up
from pagespace_db.migrate.runner import Target, read_status, run
from pagespace_db.settings import environment

EXIT_PENDING: Final = 1


@click.group()
def migrate() -> None:
    """Apply, undo and inspect migrations."""


@migrate.command()
@click.argument("name", required=False, default="")
@shared_options
def new(options: Options, name: str) -> None:
    """Write an empty migration file."""
    path = create_migration(options.find_folders()[0], name)
    output = Output(is_json=options.is_json)
    output.line(f"Creating migration: {path}")
    output.json({"path": str(path)})


@migrate.command()
@click.argument("count", type=click.IntRange(min=1), required=False)
@click.option("--to", metavar="VERSION", help="Stop after this version.")
@click.option("--dry-run", "is_dry_run", is_flag=True, help="Show the SQL, and change nothing.")
@click.option("--strict", "is_strict", is_flag=True, help="Refuse files that are out of order, and missing ones.")
@click.option("--allow-changed", "allows_edited", is_flag=True, help="Go on although applied files were edited.")
@click.option("--wait", "wait_s", type=Duration(), default=300.0, help="How long to wait for other runners.  [5m]")
@click.option(
    "--lock-timeout", "lock_timeout_s", type=Duration(), default=5.0, help="Limit of a wait for a lock.  [5s]"
)
@click.option("--verbose", "-v", "is_verbose", is_flag=True, help="Show the notices of the server.")
@shared_options
def up(
    options: Options,
    *,
    count: int | None,
    to: str | None,
    is_dry_run: bool,
    is_strict: bool,
    allows_edited: bool,
    wait_s: float,
    lock_timeout_s: float,
    is_verbose: bool,
) -> None:
    """Apply pending migrations: all, the next COUNT, or those up to a version."""
    is_strict = is_strict or environment("DBMATE_STRICT") == "true"
    make_plan = partial(plan_up, count=count, to=to, is_strict=is_strict, allows_edited=allows_edited)
    output = Output(is_json=options.is_json, is_verbose=is_verbose)
    folder = options.load_folder()
    with options.database() as url:
        target = Target(url=url, table=options.table, lock_wait_s=wait_s, lock_timeout_ms=round(lock_timeout_s * 1000))
        if is_dry_run:
            plan = make_plan(read_status(target, folder))
            for warning in plan.warnings:
                output.warning(warning)
            for file in plan.files:
                _show(output, file)
            output.json({"pending": file_facts(plan.files)})
            return
        done = run(target, folder, make_plan, output)
    output.json({"applied": done_facts(done)})


@migrate.command()
@click.option("--exit-code", "has_exit_code", is_flag=True, help="Exit with 1 if a migration is pending.")
@click.option("--quiet", "is_quiet", is_flag=True, help="Print nothing; implies --exit-code.")
@shared_options
def status(options: Options, *, has_exit_code: bool, is_quiet: bool) -> None:
    """Show which migrations are applied."""
    folder = options.load_folder()
    with options.database() as url:
        found = read_status(Target(url=url, table=options.table), folder)
    output = Output(is_json=options.is_json)
    if not is_quiet:
        for line in status_lines(found):
            output.line(line)
        output.json(status_facts(found))
    if (has_exit_code or is_quiet) and found.where(Standing.PENDING, Standing.PARTIAL):
        raise click.exceptions.Exit(EXIT_PENDING)


def _show(output: Output, file: MigrationFile) -> None:
    """Print the SQL that `up` would send."""
    output.line(f"-- {file.path}")
    for section in file.parsed.up:
        if not section.is_transactional:
            output.line("-- outside of a transaction:")
        for statement in section.statements:
            output.line(f"{statement.text};")
    output.line()
