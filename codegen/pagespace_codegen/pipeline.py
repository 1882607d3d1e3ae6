"""load -> introspect -> describe -> resolve -> render -> write: from schema.sql to the generated package."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from pagespace_codegen.catalog.introspect import introspect
from pagespace_codegen.catalog.places import Places
from pagespace_codegen.catalog.scratch import loaded_schema
from pagespace_codegen.describe import describe_views
from pagespace_codegen.python.package_views import package_files
from pagespace_codegen.python.render import render
from pagespace_codegen.python.resolve import resolve
from pagespace_codegen.python.write import Change, apply_changes, plan_changes
from pagespace_db.settings import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run of codegen did, or would do.

    Attributes:
        changes: The files that changed.
        unchanged: The number of files that were right already.
        seconds: The time it took.
    """

    changes: tuple[Change, ...]
    unchanged: int
    seconds: float


def generate(project: Project, server_url: str | None = None) -> dict[str, str]:
    """Return the files of the project's package, by their path in it; nothing is written.

    Errors: SourceError for the schema or the configuration, ConfigError, DatabaseUnavailable.
    """
    with loaded_schema(project, server_url) as schema:
        catalog = describe_views(introspect(schema.connection), schema.connection)
    plan = resolve(catalog, project, Places(schema.statements).find)
    return render(package_files(plan, _shown(project.schema, project.root)))


def codegen(project: Project, server_url: str | None = None, *, check: bool = False) -> Outcome:
    """Bring the project's package up to date; with `check`, only say what would change."""
    started = time.perf_counter()
    files = generate(project, server_url)
    changes = plan_changes(files, project.out)
    if not check:
        apply_changes(changes)
    return Outcome(
        changes=changes,
        unchanged=len(files) - sum(change.path.suffix == ".py" and change.new is not None for change in changes),
        seconds=time.perf_counter() - started,
    )


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
