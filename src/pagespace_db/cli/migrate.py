"""`pagespace-db migrate`: the commands of the runner. They parse options and print; what they do is in `migrate`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import click

from pagespace_db.cli.migrate_options import Acting, Duration, Options, acting_options, shared_options
from pagespace_db.cli.migrate_output import (
    done_facts,
    file_facts,
    finding_facts,
    repair_facts,
    sql_lines,
    status_facts,
    status_lines,
)
from pagespace_db.errors import ConfigError, render_finding
from pagespace_db.migrate.new import create_migration
from pagespace_db.migrate.plan import Plan, Standing, Status, plan_down, plan_redo, plan_up
from pagespace_db.migrate.records import Kind, Repair, plan_baseline, plan_repair, plan_repair_of
from pagespace_db.migrate.runner import change_records, read_status, redo, run, verify
from pagespace_db.migrate.wait import wait_for_server
from pagespace_db.settings import environment

EXIT_FOUND: Final = 1

_count_argument = click.argument("count", type=click.IntRange(min=1), required=False)
_dry_run_option = click.option("--dry-run", "is_dry_run", is_flag=True, help="Show what would be done, and do nothing.")
_by_version_option = click.option(
    "--by-version", "is_by_version", is_flag=True, help="Newest is the greatest version, not the last one applied."
)


@click.group(name="migrate")
def migrate() -> None:
    """Apply, undo and inspect migrations."""


@migrate.command()
@click.argument("name", required=False, default="")
@shared_options
def new(options: Options, *, name: str) -> None:
    """Write an empty migration file."""
    path = create_migration(options.find_folders()[0], name)
    options.output.line(f"Creating migration: {path}")
    options.output.json({"path": str(path)})


@migrate.command()
@_count_argument
@click.option("--to", metavar="VERSION", help="Stop after this version.")
@click.option("--strict", "is_strict", is_flag=True, help="Refuse files that are out of order, and missing ones.")
@click.option("--allow-changed", "allows_edited", is_flag=True, help="Go on although applied files were edited.")
@_dry_run_option
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
        done = run(target, options.load_folder(), plan, output)
    output.json({"applied": done_facts(done)})


@migrate.command()
@_count_argument
@click.option("--to", metavar="VERSION", help="Undo everything that was applied after this version.")
@_by_version_option
@_dry_run_option
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
        done = run(target, options.load_folder(), plan, output)
    output.json({"rolled_back": done_facts(done)})


@migrate.command(name="redo")
@_count_argument
@_by_version_option
@_dry_run_option
@shared_options
@acting_options
def redo_command(options: Options, acting: Acting, *, count: int | None, is_by_version: bool, is_dry_run: bool) -> None:
    """Undo the migration that was applied last, or the last COUNT, and apply the same again."""
    plan = partial(plan_down, count=count, is_by_version=is_by_version)
    if is_dry_run:
        _show_plans(options, acting, lambda status: (down := plan(status), plan_redo(down)))
        return
    output = acting.output(options)
    with acting.target(options) as target:
        done = redo(target, options.load_folder(), plan, output)
    output.json({"done": done_facts(done)})


@migrate.command()
@click.option("--exit-code", "has_exit_code", is_flag=True, help="Exit with 1 if a migration is pending.")
@click.option("--quiet", "is_quiet", is_flag=True, help="Print nothing; implies --exit-code.")
@shared_options
def status(options: Options, *, has_exit_code: bool, is_quiet: bool) -> None:
    """Show which migrations are applied."""
    folder = options.load_folder()
    with options.target() as target:
        found = read_status(target, folder)
    if not is_quiet:
        for line in status_lines(found):
            options.output.line(line)
        options.output.json(status_facts(found))
    if (has_exit_code or is_quiet) and found.where(Standing.PENDING, Standing.PARTIAL):
        raise click.exceptions.Exit(EXIT_FOUND)


@migrate.command(name="verify")
@shared_options
def verify_command(options: Options) -> None:
    """Look for edited, missing and broken files, and for invalid indexes; exit with 1 if there are any."""
    folder = options.load_folder()
    with options.target() as target:
        findings = verify(target, folder)
    for finding in findings:
        options.output.line(render_finding(finding))
    if not findings:
        options.output.line(f"{len(folder.files)} migrations, nothing to complain about")
    options.output.json({"findings": [finding_facts(finding) for finding in findings]})
    if any(finding.severity == "error" for finding in findings):
        raise click.exceptions.Exit(EXIT_FOUND)


@migrate.command()
@click.argument("version", required=False)
@_dry_run_option
@shared_options
@acting_options
def baseline(options: Options, acting: Acting, *, version: str | None, is_dry_run: bool) -> None:
    """Record all migrations, or those up to VERSION, as applied, without running them."""
    _change_records(
        options, acting, lambda status: plan_baseline(status, version), is_dry_run=is_dry_run, is_baseline=True
    )


@migrate.command()
@click.option("--done", metavar="VERSION", help="The statement at which this migration broke off is done.")
@click.option("--not-done", metavar="VERSION", help="The statement at which it broke off is to be run again.")
@click.option("--applied", metavar="VERSION", help="This migration was applied by hand.")
@click.option("--forget", metavar="VERSION", help="This migration was undone by hand.")
@_dry_run_option
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


@migrate.command()
@click.option("--timeout", "timeout_s", type=Duration(), default=60.0, help="Give up after this time.  [60s]")
@shared_options
def wait(options: Options, *, timeout_s: float) -> None:
    """Wait until the server takes connections."""
    with options.target() as target:
        on_wait = partial(options.output.line, "Waiting for database....")
        wait_for_server(target.url, timeout_s=timeout_s, on_wait=on_wait)
    options.output.json({})


@migrate.command()
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The file to write.  [default: stdout]")
@shared_options
def dump(options: Options, *, out: Path | None) -> None:
    """Write the schema of the database as SQL, by pg_dump, with the applied versions at its end."""
    # Late, so that the commands of a container need neither pg_dump nor the embedded server.
    from pagespace_db.embedded.binaries import candidate_folders  # noqa: PLC0415
    from pagespace_db.migrate.dump import dump_schema  # noqa: PLC0415

    with options.target() as target:
        found = dump_schema(target.url, table=target.table, folders=candidate_folders())
    by = f"by pg_dump {found.pg_dump.version} ({found.pg_dump.path})"
    if out is None:
        options.output.line(found.sql.rstrip("\n"))
        options.output.json({"sql": found.sql, "pg_dump": str(found.pg_dump.path)})
        return
    try:
        out.write_text(found.sql, encoding="utf-8", newline="\n")
    except OSError as error:
        raise ConfigError(f"cannot write {out}: {error.strerror}") from error
    options.output.line(f"Writing: {out}, {by}")
    options.output.json({"path": str(out), "pg_dump": str(found.pg_dump.path)})


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
