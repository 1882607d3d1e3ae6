"""`migrate baseline` and `repair`."""

from __future__ import annotations

from collections.abc import Callable

import click

from pagespace_db.cli.migrate.options import Acting, Options, acting_options, dry_run_option, shared_options
from pagespace_db.cli.migrate.output import repair_facts
from pagespace_db.migrate.look import read_status
from pagespace_db.migrate.plan import Status
from pagespace_db.migrate.records import Kind, Repair, plan_baseline, plan_repair, plan_repair_of
from pagespace_db.migrate.runner import change_records


@click.command()
@click.argument("version", required=False)
@dry_run_option
@shared_options
@acting_options
def baseline(options: Options, acting: Acting, *, version: str | None, is_dry_run: bool) -> None:
    """Record all migrations, or those up to VERSION, as applied, without running them."""
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
