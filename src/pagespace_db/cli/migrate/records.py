"""`migrate baseline` and `repair`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import entry_points
from typing import Final

import click

from pagespace_db.cli.migrate.options import Acting, Options, acting_options, dry_run_option, shared_options
from pagespace_db.cli.migrate.output import repair_facts
from pagespace_db.errors import MigrationRefused
from pagespace_db.migrate.file import Folder, MigrationFile
from pagespace_db.migrate.look import Target, locate_tables, read_status
from pagespace_db.migrate.plan import Status
from pagespace_db.migrate.records import (
    Kind,
    Repair,
    baseline_files,
    check_not_empty,
    plan_baseline,
    plan_repair,
    plan_repair_of,
)
from pagespace_db.migrate.runner import change_records
from pagespace_db.migrate.session import open_session

ENTRY_POINT_GROUP: Final = "pagespace_db.comparisons"


@click.command()
@click.argument("version", required=False)
@click.option("--unchecked", "is_unchecked", is_flag=True, help="Do not compare the database with what they make.")
@click.option("--server", metavar="URL", help="The server that compares.  [default: the embedded one]")
@dry_run_option
@shared_options
@acting_options
def baseline(
    options: Options, acting: Acting, *, version: str | None, is_unchecked: bool, server: str | None, is_dry_run: bool
) -> None:
    """Record all migrations, or those up to VERSION, as applied, without running them.

    First they are run on a scratch server, and the database must be what they make there.
    """
    if not is_unchecked:
        with acting.target(options) as target:
            _check_database(target, options.load_folder(), version, server)
    _change_records(
        options, acting, lambda status: plan_baseline(status, version), is_dry_run=is_dry_run, is_baseline=True
    )


@click.command()
@click.option("--done", metavar="VERSION", help="The statement at which this migration broke off is done.")
@click.option("--not-done", metavar="VERSION", help="The statement at which it broke off is to be run again.")
@click.option("--applied", metavar="VERSION", help="This migration was applied by hand.")
@click.option("--forget", metavar="VERSION", help="This migration was undone by hand.")
@dry_run_option
@shared_options
@acting_options
def repair(
    options: Options,
    acting: Acting,
    *,
    done: str | None,
    not_done: str | None,
    applied: str | None,
    forget: str | None,
    is_dry_run: bool,
) -> None:
    """Record edited files as they are now and renamed ones under their new names, or what was done by hand."""
    named: list[tuple[Kind, str | None]] = [
        ("done", done),
        ("not-done", not_done),
        ("applied", applied),
        ("forgotten", forget),
    ]

    def plan(status: Status) -> tuple[Repair, ...]:
        if not any(version for _, version in named):
            return plan_repair(status)
        return tuple(plan_repair_of(status, kind, version) for kind, version in named if version is not None)

    _change_records(options, acting, plan, is_dry_run=is_dry_run, is_baseline=False)


def _check_database(target: Target, folder: Folder, version: str | None, server: str | None) -> None:
    """Refuse a baseline of a database that is not what the migrations make.

    Errors: MigrationRefused, with the SQL that is between them.
    """
    found = entry_points(group=ENTRY_POINT_GROUP, name="compare_baseline")
    if not found:
        raise MigrationRefused(
            "nothing is installed that could compare the database with the migrations",
            help="pip install 'pagespace-db[codegen,embedded]', or --unchecked",
        )
    with open_session(target.url) as connection:
        check_not_empty(connection, locate_tables(connection, target))
    compare: Callable[[Target, Folder, Sequence[MigrationFile], str | None], str | None] = next(iter(found)).load()
    difference = compare(target, folder, baseline_files(folder, version), server)
    if difference is not None:
        raise MigrationRefused(
            f"the database is not what these migrations make; between them there is:\n{difference.rstrip()}",
            help="name the VERSION up to which they were applied, mend the database or the files, or --unchecked",
        )


def _change_records(
    options: Options,
    acting: Acting,
    plan: Callable[[Status], tuple[Repair, ...]],
    *,
    is_dry_run: bool,
    is_baseline: bool,
) -> None:
    """Change what the database remembers, or with --dry-run only say what would be changed."""
    output = acting.output(options)
    folder = options.load_folder()
    with acting.target(options) as target:
        if is_dry_run:
            repairs = plan(read_status(target, folder))
        else:
            repairs = change_records(target, folder, plan, output, is_baseline=is_baseline)
    for item in repairs:
        output.line(str(item))
    if not repairs:
        output.line("Nothing to change")
    output.json({"changed" if not is_dry_run else "would_change": repair_facts(repairs)})
