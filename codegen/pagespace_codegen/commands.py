"""The commands that development adds to `pagespace-db`. Light to import: the work is imported when it is asked for."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pagespace_db.cli.context import CommandContext
from pagespace_db.errors import PagespaceDbError, render_error, render_finding

if TYPE_CHECKING:
    from pagespace_codegen.outcome import Outcome
    from pagespace_db.settings import Project

EXIT_STALE = 1


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; show what would change, and exit 1 if anything would.")
@click.option("--watch", is_flag=True, help="Write again after each change, until interrupted.")
@click.option("--server", metavar="URL", help="The server that loads the schema.  [default: the embedded one]")
@click.option("--no-cache", is_flag=True, help="Ask the server even if the package's fingerprint says it is fresh.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def codegen(
    context: CommandContext, *, check: bool, watch: bool, server: str | None, no_cache: bool, as_json: bool
) -> None:
    """Write the typed package from the schema."""
    project = context.project
    if watch:
        if check:
            raise click.UsageError("--check and --watch exclude each other")
        _watch(project, server, as_json=as_json)
        return
    outcome = None if no_cache else _fresh_outcome(project)
    if outcome is None:
        outcome = _run(project, server, check=check)
    if _print(outcome, project, check=check, as_json=as_json):
        raise click.exceptions.Exit(EXIT_STALE)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
@click.option("--from-db", "url", metavar="URL", help="Write schema.sql from this database, by pg_dump.")
def init(folder: Path, *, url: str | None) -> None:
    """Write a minimal project: schema.sql, queries, migrations and [tool.pagespace_db]."""
    from pagespace_codegen.dump import dump_schema  # noqa: PLC0415  # --help must stay fast
    from pagespace_codegen.init import plan_project  # noqa: PLC0415

    files = plan_project(folder, None if url is None else dump_schema(url))
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        click.echo(f"wrote {path}")
    click.echo("next: pagespace-db codegen")


def _fresh_outcome(project: Project) -> Outcome | None:
    from pagespace_codegen.outcome import fresh_outcome  # noqa: PLC0415  # --help must stay fast

    return fresh_outcome(project)


def _run(project: Project, server: str | None, *, check: bool) -> Outcome:
    from pagespace_codegen.catalog.scratch import loading_schema  # noqa: PLC0415  # --help must stay fast

    started = time.perf_counter()
    with loading_schema(project, server) as loading:
        # While the server works, the greater part of the generator is imported.
        from pagespace_codegen.pipeline import codegen as run_codegen  # noqa: PLC0415
        from pagespace_codegen.workbench import Workbench  # noqa: PLC0415

        with Workbench(server, ahead=loading) as workbench:
            outcome = run_codegen(project, check=check, workbench=workbench)
    return replace(outcome, seconds=time.perf_counter() - started)


def _watch(project: Project, server: str | None, *, as_json: bool) -> None:
    from pagespace_codegen.watch import watch_codegen  # noqa: PLC0415  # --help must stay fast

    def report(result: Outcome | PagespaceDbError) -> None:
        if isinstance(result, PagespaceDbError):
            click.echo(render_error(result), err=True)
        else:
            _print(result, project, check=False, as_json=as_json)

    click.echo("watching; Ctrl-C ends it", err=True)
    with suppress(KeyboardInterrupt):
        watch_codegen(project.root, server, report)


def _print(outcome: Outcome, project: Project, *, check: bool, as_json: bool) -> bool:
    """Print what was done, or would be; return whether a check found something."""
    changed = {
        change.path.relative_to(project.root).as_posix()
        if change.path.is_relative_to(project.root)
        else change.path.as_posix(): "removed" if change.new is None else "written"
        for change in outcome.changes
    }
    is_stale = check and bool(changed)
    for warning in outcome.warnings:
        click.echo(render_finding(warning), err=True)
    if as_json:
        result = {"ok": not is_stale, "check": check, "changed": changed, "unchanged": outcome.unchanged}
        click.echo(json.dumps(result | {"seconds": round(outcome.seconds, 3)}))
    elif check:
        for change in outcome.changes:
            click.echo(change.diff(project.root), nl=False)
        if changed:
            click.echo(f"{_files(len(changed))} out of date: run `pagespace-db codegen`", err=True)
    else:
        written = sum(what == "written" for what in changed.values())
        removed = len(changed) - written
        parts = [f"wrote {_files(written)}", f"removed {removed}" * bool(removed), f"{outcome.unchanged} unchanged"]
        click.echo(f"{', '.join(filter(None, parts))} in {outcome.seconds:.2f} s")
    return is_stale


def _files(count: int) -> str:
    return f"{count} file{'' if count == 1 else 's'}"
