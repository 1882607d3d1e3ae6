"""`migrate up`, `down` and `redo`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import click

from pagespace_db.cli.migrate.options import Acting, Options, acting_options, dry_run_option, shared_options
from pagespace_db.cli.migrate.output import Output, done_facts, duration, file_facts, first_line, sql_lines, tried_facts
from pagespace_db.migrate import runner
from pagespace_db.migrate.look import Target, read_status
from pagespace_db.migrate.plan import Plan, Status, plan_down, plan_redo, plan_up
from pagespace_db.settings import environment

_count_argument = click.argument("count", type=click.IntRange(min=1), required=False)
_by_version_option = click.option(
    "--by-version", "is_by_version", is_flag=True, help="Newest is the greatest version, not the last one applied."
)


class _Up(click.Command):
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read `--dry-run=apply` as `--rehearse`: a flag of click takes no value."""
        return super().parse_args(ctx, ["--rehearse" if arg == "--dry-run=apply" else arg for arg in args])


@click.command(cls=_Up)
@_count_argument
@click.option("--to", metavar="VERSION", help="Stop after this version.")
@click.option("--strict", "is_strict", is_flag=True, help="Refuse files that are out of order, and missing ones.")
@click.option("--allow-changed", "allows_edited", is_flag=True, help="Go on although applied files were edited.")
@dry_run_option
@click.option(
    "--rehearse",
    "is_rehearsal",
    is_flag=True,
    help="Run it in one transaction, tell locks and times, and roll it back; also --dry-run=apply.",
)
@shared_options
@acting_options
def up(
    options: Options,
    acting: Acting,
    *,
    count: int | None,
    to: str | None,
    is_strict: bool,
    allows_edited: bool,
    is_dry_run: bool,
    is_rehearsal: bool,
) -> None:
    """Apply pending migrations: all, the next COUNT, or those up to a version."""
    is_strict = is_strict or environment("DBMATE_STRICT") == "true"
    _check_one_limit(count, to)
    plan = partial(plan_up, count=count, to=to, is_strict=is_strict, allows_edited=allows_edited)
    if is_dry_run:
        _show_plans(options, acting, lambda status: (plan(status),))
        return
    output = acting.output(options)
    with acting.target(options) as target:
        if is_rehearsal:
            _rehearse(target, options, plan, output)
            return
        done = runner.run(target, options.load_folder(), plan, output)
    output.json({"applied": done_facts(done)})


@click.command()
@_count_argument
@click.option("--to", metavar="VERSION", help="Undo everything that was applied after this version.")
@_by_version_option
@dry_run_option
@shared_options
@acting_options
def down(
    options: Options, acting: Acting, *, count: int | None, to: str | None, is_by_version: bool, is_dry_run: bool
) -> None:
    """Undo the migration that was applied last, the last COUNT, or all after a version."""
    _check_one_limit(count, to)
    plan = partial(plan_down, count=count, to=to, is_by_version=is_by_version)
    if is_dry_run:
        _show_plans(options, acting, lambda status: (plan(status),))
        return
    output = acting.output(options)
    with acting.target(options) as target:
        done = runner.run(target, options.load_folder(), plan, output)
    output.json({"rolled_back": done_facts(done)})


@click.command()
@_count_argument
@_by_version_option
@dry_run_option
@shared_options
@acting_options
def redo(options: Options, acting: Acting, *, count: int | None, is_by_version: bool, is_dry_run: bool) -> None:
    """Undo the migration that was applied last, or the last COUNT, and apply the same again."""
    plan = partial(plan_down, count=count, is_by_version=is_by_version)
    if is_dry_run:
        _show_plans(options, acting, lambda status: (down := plan(status), plan_redo(down)))
        return
    output = acting.output(options)
    with acting.target(options) as target:
        done = runner.redo(target, options.load_folder(), plan, output)
    output.json({"done": done_facts(done)})


def _rehearse(target: Target, options: Options, plan: Callable[[Status], Plan], output: Output) -> None:
    from pagespace_db.migrate.rehearse import rehearse  # noqa: PLC0415  # `up` is started often, this seldom

    rehearsal = rehearse(target, options.load_folder(), plan)
    name = None
    for tried in rehearsal.tried:
        if tried.file.name != name:
            name = tried.file.name
            output.line(f"Trying: {name}")
        location = tried.file.locate(tried.statement.start)
        output.line(
            f"  {location.line}:{location.column}  {first_line(tried.statement.text)}  {duration(tried.seconds)}"
        )
        for lock in tried.locks:
            output.line(f"      {lock}")
    for file in rehearsal.left_out:
        output.line(f"Not tried: {file.name}, it or one before it has statements that commit on their own")
    output.line("Rolled back: nothing was changed.")
    output.json(
        {"tried": [tried_facts(tried) for tried in rehearsal.tried], "left_out": file_facts(rehearsal.left_out)}
    )


def _check_one_limit(count: int | None, to: str | None) -> None:
    if count is not None and to is not None:
        raise click.UsageError("COUNT and --to exclude each other")


def _show_plans(options: Options, acting: Acting, make_plans: Callable[[Status], tuple[Plan, ...]]) -> None:
    """Print the SQL of plans, and carry none out."""
    output = acting.output(options)
    folder = options.load_folder()
    with acting.target(options) as target:
        plans = make_plans(read_status(target, folder))
    for plan in plans:
        for warning in plan.warnings:
            output.warning(warning)
        for file in plan.files:
            for line in sql_lines(file, plan.direction):
                output.line(line)
    output.json({"plans": [{"direction": plan.direction, "files": file_facts(plan.files)} for plan in plans]})
