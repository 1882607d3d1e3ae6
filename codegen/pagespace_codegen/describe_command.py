"""`pagespace-db describe`: what the server and the rules say of annotated queries. Light to import."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pagespace_db.cli.context import CommandContext
from pagespace_db.errors import ConfigError, Finding, render_finding
from pagespace_db.settings import Project

if TYPE_CHECKING:
    from pagespace_codegen.queries.report import DescribedQuery, RefusedQuery, Report
    from pagespace_codegen.queries.source.annotations import AnnotatedQuery, Variant

EXIT_REFUSED = 1
_FORMAT_VERSION = 1


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--schema", type=click.Path(path_type=Path), help="The schema.  [default: that of the project]")
@click.option("--server", metavar="URL", help="The server that analyses.  [default: the embedded one]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def describe(
    context: CommandContext, files: tuple[Path, ...], *, schema: Path | None, server: str | None, as_json: bool
) -> None:
    """Show parameters, columns and nullability of the annotated queries in FILES, without running them.

    Without FILES: all queries of the project. Exits 1 when a query is wrong; the others are described all the same.
    """
    from pagespace_codegen.catalog.scratch import loaded_schema  # noqa: PLC0415  # --help must stay fast
    from pagespace_codegen.queries.report import query_files, report  # noqa: PLC0415

    project = described_project(context, schema)
    paths = query_files(files or (project.queries,))
    with loaded_schema(project, server) as loaded:
        found = report(loaded.connection, paths)
    is_ok = not found.refused and not found.malformed
    if as_json:
        click.echo(json.dumps(_as_json(found, is_ok=is_ok), ensure_ascii=False))
    else:
        for entry in found.described:
            click.echo(_as_text(entry))
    if not as_json or found.findings:
        _print_findings(found.findings if as_json else found.all_findings)
    if not is_ok:
        raise click.exceptions.Exit(EXIT_REFUSED)


def described_project(context: CommandContext, schema: Path | None) -> Project:
    """Return the project; with a schema of its own the command works outside of any project."""
    if schema is None:
        return context.project
    root = context.start.resolve()
    try:
        queries = context.project.queries
    except ConfigError:
        queries = root / "queries"
    return Project(root=root, schema=schema.resolve(), queries=queries, migrations=root / "migrations", out=root / "db")


def _print_findings(findings: tuple[Finding, ...]) -> None:
    for finding in findings:
        click.echo(render_finding(finding), err=True)


def _as_json(found: Report, *, is_ok: bool) -> dict[str, object]:
    from pagespace_codegen.queries.report import DescribedQuery  # noqa: PLC0415  # --help must stay fast

    queries = [
        _described_as_json(entry) if isinstance(entry, DescribedQuery) else _refused_as_json(entry)
        for entry in found.queries
    ]
    queries += [{"name": None, "error": _error_as_json(finding)} for finding in found.malformed]
    return {"v": _FORMAT_VERSION, "ok": is_ok, "queries": queries}


def _described_as_json(entry: DescribedQuery) -> dict[str, object]:
    query, description = entry.query, entry.description
    variants = [
        {"settings": _settings(query, described.variant), "sql": described.variant.query.statement}
        for described in entry.variants
    ]
    return {
        "name": query.name,
        "command": query.command,
        "sql": query.statement,
        "rows": str(description.rows),
        "params": [
            {"name": name, "type": parameter.type, "nullable": parameter.is_nullable}
            for name, parameter in zip(query.parameters, description.parameters, strict=True)
        ],
        "columns": [
            {
                "name": column.name,
                "type": column.type,
                "nullable": column.verdict.is_nullable,
                "why": column.verdict.why,
            }
            for column in description.columns
        ],
        **({"variants": variants} if variants else {}),
    }


def _settings(query: AnnotatedQuery, variant: Variant) -> dict[str, bool | str]:
    """Return what is decided for a variant, by the names of its switches."""
    return {", ".join(s.names): setting for s, setting in zip(query.switches, variant.settings, strict=True)}


def _refused_as_json(entry: RefusedQuery) -> dict[str, object]:
    query = entry.query
    error = {**_error_as_json(entry.finding), "message": entry.error.message}
    return {"name": query.name, "command": query.command, "sql": query.statement, "error": error}


def _error_as_json(finding: Finding) -> dict[str, object]:
    """Return a finding; `sqlstate` is a word of ours when the server was not asked."""
    return {
        "sqlstate": finding.code,
        "message": finding.message,
        "line": finding.location.line if finding.location else None,
        "column": finding.location.column if finding.location else None,
    }


def _as_text(entry: DescribedQuery) -> str:
    query, description = entry.query, entry.description
    rows = {"1": "one row", "0..1": "at most one row", "0..n": "any number of rows"}[str(description.rows)]
    lines = [f"{query.name} :{query.command}  {rows}  {query.name_location()}"]
    for name, parameter in zip(query.parameters, description.parameters, strict=True):
        lines.append(f"  :{name} {parameter.type}{' or NULL' if parameter.is_nullable else ''}")
    for column in description.columns:
        nullable = " or NULL" if column.verdict.is_nullable else ""
        lines.append(f"  {column.name} {column.type}{nullable}  -- {column.verdict.why}")
    return "\n".join(lines)
