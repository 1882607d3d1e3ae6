"""load -> introspect -> describe -> resolve -> render -> write: from schema.sql to the generated package."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from pagespace_codegen.catalog.places import Places
from pagespace_codegen.fingerprint import read_sources, record_fingerprint
from pagespace_codegen.outcome import Outcome
from pagespace_codegen.python.render import render
from pagespace_codegen.python.resolution.queries import plan_queries
from pagespace_codegen.python.resolution.resolve import resolve
from pagespace_codegen.python.views.package import package_files
from pagespace_codegen.python.views.queries import query_files
from pagespace_codegen.python.write import apply_changes, plan_changes
from pagespace_codegen.workbench import Findings, Workbench
from pagespace_db.errors import Finding, SourceError
from pagespace_db.settings import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """The files of a package by their path in it, and what is worth saying of the queries all the same."""

    files: dict[str, str]
    warnings: tuple[Finding, ...]


def generate(project: Project, server_url: str | None = None) -> dict[str, str]:
    """Return the files of the project's package, by their path in it; nothing is written.

    Errors: as those of `build`.
    """
    return build(project, server_url).files


def build(project: Project, server_url: str | None = None) -> Generated:
    """Return the files of the project's package; nothing is written.

    Errors: SourceError for the schema, the queries or the configuration, ConfigError, DatabaseUnavailable.
    """
    with Workbench(server_url) as workbench:
        return _build(project, workbench.read(project))


def codegen(
    project: Project, server_url: str | None = None, *, check: bool = False, workbench: Workbench | None = None
) -> Outcome:
    """Bring the project's package up to date; with `check`, only say what would change.

    The server is asked whatever the package's fingerprint says; `outcome.fresh_outcome` believes it. A `workbench`
    is used in place of a new one on `server_url`, and has still at hand what it read before.
    """
    started = time.perf_counter()
    sources = read_sources(project)
    generated = build(project, server_url) if workbench is None else _build(project, workbench.read(project))
    changes = plan_changes(generated.files, project.out)
    if not check:
        apply_changes(changes)
        if sources is not None and sources == read_sources(project):  # else a file was saved meanwhile
            record_fingerprint(project, sources, generated.warnings)
    return Outcome(
        changes=changes,
        unchanged=len(generated.files)
        - sum(change.path.suffix == ".py" and change.new is not None for change in changes),
        seconds=time.perf_counter() - started,
        warnings=generated.warnings,
    )


def _build(project: Project, found: Findings) -> Generated:
    plan = resolve(found.catalog, project, Places(found.statements).find)
    described = found.report.described
    queries = plan_queries(described, found.report.references, found.types, plan, project.root)
    findings = (*found.report.all_findings, *queries.findings)
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        raise SourceError(errors)
    files = {**package_files(plan, _shown(project.schema, project.root)), **query_files(queries.modules)}
    return Generated(files=render(files), warnings=findings)


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
