"""`migrate dump`."""

from __future__ import annotations

from pathlib import Path

import click

from pagespace_db.cli.migrate.options import Options, shared_options
from pagespace_db.embedded.binaries import candidate_folders
from pagespace_db.errors import ConfigError
from pagespace_db.migrate.dump import dump_schema


@click.command()
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The file to write.  [default: stdout]")
@shared_options
def dump(options: Options, *, out: Path | None) -> None:
    """Write the schema of the database as SQL, by pg_dump, with the applied versions at its end."""
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
