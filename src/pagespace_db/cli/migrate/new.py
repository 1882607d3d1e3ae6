"""`migrate new`."""

from __future__ import annotations

import click

from pagespace_db.cli.migrate.options import Options, shared_options
from pagespace_db.migrate.new import create_migration


@click.command()
@click.argument("name", required=False, default="")
@shared_options
def new(options: Options, *, name: str) -> None:
    """Write an empty migration file."""
    path = create_migration(options.find_folders()[0], name)
    options.output.line(f"Creating migration: {path}")
    options.output.json({"path": str(path)})
