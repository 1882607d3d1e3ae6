"""Running again when a file changes, by looking at times and sizes: no dependency, and right on every file system."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from pagespace_codegen.catalog.source import load_schema, schema_files
from pagespace_codegen.outcome import Outcome
from pagespace_codegen.pipeline import codegen
from pagespace_db.embedded import scratch_server
from pagespace_db.errors import PagespaceDbError
from pagespace_db.settings import PYPROJECT, Project, load_project

INTERVAL_S: Final = 0.1

Snapshot = tuple[tuple[Path, int, int], ...]


def watch_codegen(
    root: Path, server_url: str | None, report: Callable[[Outcome | PagespaceDbError], None], *, runs: int | None = None
) -> None:
    """Run codegen now and after each change of the schema or of pyproject.toml; `report` gets what came of it.

    A mistake is reported and waited out. The scratch server is kept running meanwhile. Ends after `runs` runs, if that
    is given, and on KeyboardInterrupt.
    """
    with ExitStack() as stack:
        if server_url is None:
            stack.enter_context(scratch_server())
        seen: Snapshot = ()
        files: tuple[Path, ...] = (root / PYPROJECT,)
        count = 0
        while runs is None or count < runs:
            current = _snapshot(files)
            if current == seen:
                time.sleep(INTERVAL_S)
                continue
            try:
                project = load_project(root)
                files = _files(project)
                seen = _snapshot(files)
                report(codegen(project, server_url))
            except PagespaceDbError as error:
                seen = _snapshot(files)
                report(error)
            count += 1


def _files(project: Project) -> tuple[Path, ...]:
    """Return what the package depends on: pyproject.toml, the schema's files and those that they include."""
    schema = schema_files(project.schema)
    included = {statement.file.path for statement in load_schema(project.schema, project.root)}
    return (project.root / PYPROJECT, *schema, *sorted(included.difference(schema)))


def _snapshot(files: Iterable[Path]) -> Snapshot:
    found: list[tuple[Path, int, int]] = []
    for path in files:
        try:
            status = path.stat()
        except FileNotFoundError:
            found.append((path, 0, 0))
        else:
            found.append((path, status.st_mtime_ns, status.st_size))
    return tuple(found)
