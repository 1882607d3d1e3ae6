"""Whether a database is what migrations would have made of it: asked before they are recorded without being run."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from pagespace_codegen.diff.compute import diff_sides
from pagespace_codegen.diff.render import render_plan
from pagespace_codegen.diff.sides import DatabaseSide, extensions, folder_side
from pagespace_db.embedded import scratch_server
from pagespace_db.migrate.file import Folder, MigrationFile
from pagespace_db.migrate.look import Target


def compare_baseline(
    target: Target, folder: Folder, files: Sequence[MigrationFile], server_url: str | None
) -> str | None:
    """Return the SQL that makes the database what `files` make of an empty one; None when it is that already.

    Errors: SourceError for files, ConfigError, DatabaseUnavailable; DiffError for what cannot be compared.
    """
    migrations = folder_side(folder, Path.cwd(), files=files)
    database = DatabaseSide(url=target.url, version_table=target.table)
    with ExitStack() as stack:
        server = server_url or stack.enter_context(
            scratch_server(extensions=extensions(migrations) | extensions(database))
        )
        plan = diff_sides(database, migrations, server, in_one_transaction=True).plan
    return render_plan(plan) if plan.steps else None
