"""`pagespace-db diff`, `check`, `drift`, `migrate generate`. Light to import: the work is imported when asked for."""

from __future__ import annotations

import json
import shlex
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from pagespace_db.cli.context import CommandContext
from pagespace_db.errors import DatabaseUnavailable, DiffError, finding_facts, render_error, render_finding
from pagespace_db.settings import database_url, environment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pagespace_codegen.diff.generation.generate import NewFile
    from pagespace_codegen.diff.hazards import Hazard
    from pagespace_codegen.diff.renames.rename import Rename

EXIT_FOUND: Final = 1
EXIT_REFUSED: Final = 2
EXIT_UNPROVED: Final = 4


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--plain", "is_plain", is_flag=True, help="In a form that runs in one transaction.")
@click.option("--rename", "renames", multiple=True, metavar="OLD=NEW", help="A table or table.column was renamed.")
@click.option("--server", metavar="URL", help="The server that loads both sides.  [default: the embedded one]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def diff(old: str, new: str, *, is_plain: bool, renames: tuple[str, ...], server: str | None, as_json: bool) -> None:
    """Print the SQL that turns OLD into NEW.

    Each is an .sql file, a folder of migrations or the URL of a database, which is only read.
    """
    from pagespace_codegen.diff.compute import diff as run_diff  # noqa: PLC0415  # --help must stay fast
    from pagespace_codegen.diff.render import plan_facts, render_plan  # noqa: PLC0415

    try:
        proved = run_diff(old, new, Path.cwd(), server, in_one_transaction=is_plain, renames=renames)
    except DiffError as error:
        if as_json:
            click.echo(json.dumps({"ok": False, "error": {"message": error.message, "help": error.help}}))
        else:
            click.echo(render_error(error), err=True)
        raise click.exceptions.Exit(EXIT_REFUSED) from error
    if as_json:
        click.echo(json.dumps({"ok": True, **plan_facts(proved.plan)}))
    else:
        click.echo(render_plan(proved.plan), nl=False)


@click.command()
@click.argument("name", required=False)
@click.option("--rename", "renames", multiple=True, metavar="OLD=NEW", help="A table or table.column was renamed.")
@click.option("--allow", "allowed", multiple=True, metavar="HAZARD:OBJECT", help="Data that may be lost.")
@click.option("--online/--plain", "is_online", default=True, help="For tables in use (default), or one transaction.")
@click.option("--dry-run", "is_dry_run", is_flag=True, help="Print the files, and write nothing.")
@click.option("--url", "-u", help="Count what would be lost in this database.  [default: DATABASE_URL, else no counts]")
@click.option("--server", metavar="URL", help="The server that loads both sides.  [default: the embedded one]")
@click.option(
    "--no-cache", is_flag=True, help="Replay the folder even if nothing has changed since it was found right."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def generate(
    context: CommandContext,
    *,
    name: str | None,
    renames: tuple[str, ...],
    allowed: tuple[str, ...],
    is_online: bool,
    is_dry_run: bool,
    url: str | None,
    server: str | None,
    no_cache: bool,
    as_json: bool,
) -> None:
    """Write the migration that brings the folder up to the schema.

    Every file was run on a scratch server: up, down and up again.
    """
    from pagespace_codegen.diff.generation.agreed import agreement_key, is_agreed, record_agreement  # noqa: PLC0415  # --help

    key = agreement_key(context.project, server, is_online=is_online)
    if not renames and not no_cache and is_agreed(context.project, key):
        _print_files((), is_dry_run=is_dry_run, as_json=as_json)
        return

    from pagespace_codegen.diff.generation.generate import Request, write_files  # noqa: PLC0415  # not when nothing has changed
    from pagespace_codegen.diff.generation.generate import generate as run_generate  # noqa: PLC0415

    is_interactive = sys.stdin.isatty() and sys.stdout.isatty() and not as_json
    request = Request(
        name=name,
        renames=renames,
        allowed=allowed,
        is_online=is_online,
        ask=_ask if is_interactive else None,
        count=lambda hazards: _count(url, hazards),
    )
    try:
        files = run_generate(context.project, request, server)
    except DiffError as error:
        if as_json:
            raise
        click.echo(render_error(error), err=True)
        raise click.exceptions.Exit(EXIT_UNPROVED) from error
    if not files and key == agreement_key(context.project, server, is_online=is_online):
        record_agreement(context.project, key)
    if not is_dry_run:
        write_files(files)
    _print_files(files, is_dry_run=is_dry_run, as_json=as_json)


def _print_files(files: Sequence[NewFile], *, is_dry_run: bool, as_json: bool) -> None:
    """Print what was written, or would be."""
    if as_json:
        facts = [
            {"path": str(file.path), "text": file.text, "hazards": [str(hazard) for hazard in file.hazards]}
            for file in files
        ]
        click.echo(json.dumps({"ok": True, "files": facts, "written": not is_dry_run}))
        return
    from pagespace_codegen.diff.hazards import REMEDIES  # noqa: PLC0415  # --help must stay fast

    for file in files:
        shown = file.path.relative_to(Path.cwd()) if file.path.is_relative_to(Path.cwd()) else file.path
        click.echo(f"{'Would write' if is_dry_run else 'Creating migration'}: {shown}")
        for hazard in file.hazards:
            click.echo(f"  hazard: {hazard}")
        for remedy in dict.fromkeys(REMEDIES[h.kind] for h in file.hazards if h.kind in REMEDIES):
            click.echo(f"  help: {remedy}")
        if is_dry_run:
            click.echo(file.text)
    if not files:
        click.echo("The migrations lead to the schema: there is nothing to write.")


def _count(url: str | None, hazards: Sequence[Hazard]) -> Mapping[Hazard, str]:
    from pagespace_codegen.diff.generation.counts import count_losses  # noqa: PLC0415  # --help must stay fast

    given = url or database_url()
    if given is None:
        return {}
    try:
        return count_losses(given, hazards)
    except DatabaseUnavailable:
        if url is not None:
            raise
        return {}  # that of the environment may be meant for something else


def _ask(rename: Rename) -> bool:
    return click.confirm(f"Was {rename.old} renamed to {rename.new.name}?", default=False)


@click.command()
@click.option("--since", metavar="VERSION", help="Lint the migrations after this one.  [default: lint_since, else all]")
@click.option("--strict", "is_strict", is_flag=True, help="Warnings are problems too.")
@click.option("--server", metavar="URL", help="The server that loads both sides.  [default: the embedded one]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def check(context: CommandContext, *, since: str | None, is_strict: bool, server: str | None, as_json: bool) -> None:
    """Check migrations, schema, queries and generated code against each other; exit 1 if anything is wrong.

    Every migration is run on a scratch server, up and down, where the server also tells which tables a statement
    locks, reads as a whole or writes anew; squawk is asked too when it is installed.
    """
    from pagespace_codegen.diff.check import check as run_check  # noqa: PLC0415  # --help must stay fast

    checks = run_check(context.project, server, since=since, is_strict=is_strict)
    is_fine = all(item.problem is None for item in checks)
    if as_json:
        facts = [
            {
                "name": item.name,
                "problem": item.problem,
                "help": item.help,
                "findings": [finding_facts(finding) for finding in item.findings],
            }
            for item in checks
        ]
        click.echo(json.dumps({"ok": is_fine, "checks": facts}))
    else:
        for item in checks:
            click.echo(f"{'ok    ' if item.problem is None else 'failed'} {item.name}")
            for finding in item.findings:
                click.echo(textwrap.indent(render_finding(finding), "         "))
            if item.problem is not None:
                click.echo(textwrap.indent(item.problem, "         "))
                if item.help is not None:
                    click.echo(f"         help: {item.help}")
    if not is_fine:
        raise click.exceptions.Exit(EXIT_FOUND)


@click.command()
@click.option("--url", "-u", help="The database to look at.  [default: DATABASE_URL, else the project's own server]")
@click.option("--server", metavar="URL", help="The server that compares.  [default: the embedded one]")
@click.option("--migrations-table", "table", help="TABLE or SCHEMA.TABLE.  [default: schema_migrations]")
@click.option("--rename", "renames", multiple=True, metavar="OLD=NEW", help="What migrations call OLD is NEW there.")
@click.option(
    "--allow", "allowed", multiple=True, metavar="HAZARD:OBJECT", help="Data that --adopt may drop elsewhere."
)
@click.option("--adopt", "is_adopted", is_flag=True, help="Write the migration that says what the database is.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def drift(
    context: CommandContext,
    *,
    url: str | None,
    server: str | None,
    table: str | None,
    renames: tuple[str, ...],
    allowed: tuple[str, ...],
    is_adopted: bool,
    as_json: bool,
) -> None:
    """Show how a database differs from the migrations that were applied to it; exit 1 if it does."""
    from pagespace_codegen.diff.drift import decide, find_drift, write_adoption  # noqa: PLC0415  # --help must stay fast
    from pagespace_codegen.diff.render import plan_facts, render_plan  # noqa: PLC0415
    from pagespace_db.migrate.look import Target  # noqa: PLC0415
    from pagespace_db.migrate.state import DEFAULT_TABLE  # noqa: PLC0415
    from pagespace_db.target import resolve_target  # noqa: PLC0415

    table = table or environment("DBMATE_MIGRATIONS_TABLE") or DEFAULT_TABLE
    is_interactive = sys.stdin.isatty() and sys.stdout.isatty() and not as_json
    with resolve_target(url, context.start) as found_url:
        target = Target(url=found_url, table=table)
        found = find_drift(context.project, target, server, renames=renames)
        decided = decide(found, allowed=allowed, ask=_ask if is_interactive else None) if is_adopted else ()
        if decided:
            found = find_drift(context.project, target, server, renames=(*renames, *decided))
    path = write_adoption(context.project, found, allowed=allowed) if is_adopted and not found.is_empty else None
    if as_json:
        facts = {"repair": plan_facts(found.repair), "adopt": plan_facts(found.adopt)}
        maybe = [rename.flag for rename in found.questions]
        written = None if path is None else str(path)
        click.echo(json.dumps({"ok": found.is_empty, **facts, "possible_renames": maybe, "written": written}))
    elif found.is_empty:
        click.echo("The database is what its migrations say.")
    elif path is not None:
        click.echo(f"Creating migration: {path}")
        version = path.name.partition("_")[0]
        click.echo(f"This database has it already: record that with `pagespace-db migrate repair --applied {version}`.")
    else:
        for rename in found.questions:
            click.echo(f"-- Can be a rename: --rename {shlex.quote(rename.flag)}")
        click.echo("-- To make the database what its migrations say:")
        click.echo(render_plan(found.repair))
        click.echo("-- To make the migrations say what the database is (--adopt writes this):")
        click.echo(render_plan(found.adopt), nl=False)
    if not found.is_empty and path is None:
        raise click.exceptions.Exit(EXIT_FOUND)
