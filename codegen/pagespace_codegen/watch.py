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
from pagespace_codegen.queries.report import sql_files
from pagespace_codegen.workbench import Workbench
from pagespace_db.embedded import scratch_server
from pagespace_db.errors import PagespaceDbError
from pagespace_db.settings import PYPROJECT, Project, load_project

INTERVAL_S: Final = 0.05

Snapshot = tuple[tuple[Path, int, int], ...]


def watch_codegen(
    root: Path, server_url: str | None, report: Callable[[Outcome | PagespaceDbError], None], *, runs: int | None = None
) -> None:
    """Run codegen now and after each change of schema, queries or pyproject.toml; `report` gets what came of it.

    A mistake is reported and waited out. The server and what it said are kept meanwhile: a run asks it only for what
    has changed. Ends after `runs` runs, if that is given, and on KeyboardInterrupt.
    """
    with ExitStack() as stack:
        if server_url is None:
            stack.enter_context(scratch_server())
        workbench = stack.enter_context(Workbench(server_url))
        watched = _Watched(root)
        count = 0
        while runs is None or count < runs:
            if not watched.has_changed():
                time.sleep(INTERVAL_S)
                continue
            try:
                report(codegen(watched.load(), server_url, workbench=workbench))
            except PagespaceDbError as error:
                report(error)
            count += 1


class _Watched:
    """The files that a package is made from, as they were when they were last looked at."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._project: Project | None = None
        self._included: tuple[Path, ...] = ()
        self._seen: Snapshot | None = None

    def has_changed(self) -> bool:
        """Look at the files; return whether one of them is another than last time, or there are others."""
        seen, self._seen = self._seen, _snapshot(self._files())
        return self._seen != seen

    def load(self) -> Project:
        """Return the project as it is now, and look at its files from now on.

        Errors: ConfigError, and SourceError for a schema that cannot be split; then its former files are looked at.
        """
        self._project = load_project(self._root)
        try:
            statements = load_schema(self._project.schema, self._project.root)
            self._included = tuple(sorted({statement.file.path for statement in statements}))
        finally:
            self._seen = _snapshot(self._files())
        return self._project

    def _files(self) -> list[Path]:
        """Return what the package depends on now: new files of a folder or a pattern are among them."""
        project = self._project
        if project is None:
            return [self._root / PYPROJECT]
        try:
            schema = schema_files(project.schema)
        except PagespaceDbError:
            schema = ()
        return [project.root / PYPROJECT, *schema, *self._included, *sql_files(project.queries)]


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
