"""`migrate status`, `verify` and `wait`."""

from __future__ import annotations

from functools import partial
from typing import Final

import click

from pagespace_db.cli.migrate.options import Duration, Options, shared_options
from pagespace_db.cli.migrate.output import status_facts, status_lines
from pagespace_db.errors import finding_facts, render_finding
from pagespace_db.migrate import look
from pagespace_db.migrate.plan import Standing
from pagespace_db.migrate.wait import wait_for_server

EXIT_FOUND: Final = 1


@click.command()
@click.option("--exit-code", "has_exit_code", is_flag=True, help="Exit with 1 if a migration is pending.")
@click.option("--quiet", "is_quiet", is_flag=True, help="Print nothing; implies --exit-code.")
@shared_options
def status(options: Options, *, has_exit_code: bool, is_quiet: bool) -> None:
    """Show which migrations are applied."""
    folder = options.load_folder()
    with options.target() as target:
        found = look.read_status(target, folder)
    if not is_quiet:
        for line in status_lines(found):
            options.output.line(line)
        options.output.json(status_facts(found))
    if (has_exit_code or is_quiet) and found.where(Standing.PENDING, Standing.PARTIAL):
        raise click.exceptions.Exit(EXIT_FOUND)


@click.command()
@shared_options
def verify(options: Options) -> None:
    """Look for edited, missing and broken files, and for invalid indexes; exit with 1 if there are any."""
    folder = options.load_folder()
    with options.target() as target:
        findings = look.verify(target, folder)
    for finding in findings:
        options.output.line(render_finding(finding))
    if not findings:
        options.output.line(f"{len(folder.files)} migrations, nothing to complain about")
    is_ok = all(finding.severity != "error" for finding in findings)
    options.output.json({"findings": [finding_facts(finding) for finding in findings]}, is_ok=is_ok)
    if not is_ok:
        raise click.exceptions.Exit(EXIT_FOUND)


@click.command()
@click.option("--timeout", "timeout_s", type=Duration(), default=60.0, help="Give up after this time.  [60s]")
@shared_options
def wait(options: Options, *, timeout_s: float) -> None:
    """Wait until the server takes connections."""
    with options.target() as target:
        on_wait = partial(options.output.line, "Waiting for database....")
        wait_for_server(target.url, timeout_s=timeout_s, on_wait=on_wait)
    options.output.json({})
