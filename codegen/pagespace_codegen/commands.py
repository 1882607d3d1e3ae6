"""The commands that development adds to `pagespace-db`. Light to import: the work is imported when it is asked for."""

from __future__ import annotations

import json

import click

from pagespace_db.cli.context import CommandContext

EXIT_STALE = 1


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; show what would change, and exit 1 if anything would.")
@click.option("--server", metavar="URL", help="The server that loads the schema.  [default: the embedded one]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def codegen(context: CommandContext, *, check: bool, server: str | None, as_json: bool) -> None:
    """Write the typed package from the schema."""
    from pagespace_codegen.pipeline import codegen as run_codegen  # noqa: PLC0415  # --help must stay fast

    project = context.project
    outcome = run_codegen(project, server, check=check)
    changed = {
        change.path.relative_to(project.root).as_posix()
        if change.path.is_relative_to(project.root)
        else change.path.as_posix(): "removed" if change.new is None else "written"
        for change in outcome.changes
    }
    is_stale = check and bool(changed)
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
    if is_stale:
        raise click.exceptions.Exit(EXIT_STALE)


def _files(count: int) -> str:
    return f"{count} file{'' if count == 1 else 's'}"
