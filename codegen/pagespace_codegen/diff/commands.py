"""`pagespace-db diff`. Light to import: the work is imported when it is asked for."""

from __future__ import annotations

import json
from pathlib import Path

import click

from pagespace_db.errors import DiffError, render_error

EXIT_REFUSED = 2


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--plain", "is_plain", is_flag=True, help="In a form that runs in one transaction.")
@click.option("--server", metavar="URL", help="The server that loads both sides.  [default: the embedded one]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def diff(old: str, new: str, *, is_plain: bool, server: str | None, as_json: bool) -> None:
    """Print the SQL that turns OLD into NEW.

    Each is an .sql file, a folder of migrations or the URL of a database, which is only read.
    """
    from pagespace_codegen.diff.compute import diff as run_diff  # noqa: PLC0415  # --help must stay fast
    from pagespace_codegen.diff.render import plan_facts, render_plan  # noqa: PLC0415

    try:
        proved = run_diff(old, new, Path.cwd(), server, in_one_transaction=is_plain)
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
