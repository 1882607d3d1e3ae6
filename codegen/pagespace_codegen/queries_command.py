"""`pagespace-db queries explain`: the plans of annotated queries. Light to import."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pagespace_codegen.describe_command import described_project
from pagespace_db.cli.context import CommandContext
from pagespace_db.errors import ConfigError, Finding, SourceError, render_finding
from pagespace_db.settings import Project

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pagespace_codegen.queries.plans import PlannedStatement

EXIT_DIFFERENT = 1
_FORMAT_VERSION = 1
_CODE = "reads-all"


@click.group()
def queries() -> None:
    """Look at the annotated queries of a project."""


@queries.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--schema", type=click.Path(path_type=Path), help="The schema.  [default: that of the project]")
@click.option("--server", metavar="URL", help="The server that plans.  [default: the embedded one]")
@click.option("--check", "golden", type=click.Path(path_type=Path), help="Compare with the plans in this file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def explain(
    context: CommandContext,
    files: tuple[Path, ...],
    *,
    schema: Path | None,
    server: str | None,
    golden: Path | None,
    as_json: bool,
) -> None:
    """Show the generic plan of the annotated queries in FILES, without running them.

    Warns of those that read all of a table that the project calls large. With --check: exits 1 when a plan is not that
    of the file, which `queries explain > FILE` has written.
    """
    from pagespace_codegen.catalog.scratch import loaded_schema  # noqa: PLC0415  # --help must stay fast
    from pagespace_codegen.queries.plans import plan_statements, render_plans  # noqa: PLC0415  # as above
    from pagespace_codegen.queries.report import query_files, report  # noqa: PLC0415  # as above

    project = described_project(context, schema)
    paths = query_files(files or (project.queries,))
    with loaded_schema(project, server) as loaded:
        found = report(loaded.connection, paths)
        wrong = [finding for finding in found.all_findings if finding.severity == "error"]
        if wrong:
            raise SourceError(wrong)
        plans = plan_statements(loaded.connection, found.described)
    warnings = list(_warnings(plans, project))
    text = render_plans(plans)
    difference = [] if golden is None else _difference(golden, text)
    if as_json:
        click.echo(json.dumps(_as_json(plans, is_ok=not difference), ensure_ascii=False))
    else:
        click.echo("".join(difference) if golden is not None else text, nl=False)
    for warning in warnings:
        click.echo(render_finding(warning), err=True)
    if difference:
        click.echo(f"the plans are not those of {golden}: if they are better, write them there", err=True)
        raise click.exceptions.Exit(EXIT_DIFFERENT)


def _difference(golden: Path, text: str) -> list[str]:
    try:
        expected = golden.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"cannot read {golden}: {error}", help=f"write it with `pagespace-db queries explain > {golden}`"
        ) from error
    old, new = expected.splitlines(keepends=True), text.splitlines(keepends=True)
    return list(difflib.unified_diff(old, new, str(golden), "now"))


def _warnings(plans: tuple[PlannedStatement, ...], project: Project) -> Iterator[Finding]:
    """Yield a finding for each query and large table that it reads all of, however many variants do."""
    from pagespace_codegen.python.resolution.overrides import matches_table  # noqa: PLC0415  # --help must stay fast

    seen: set[tuple[Path, str, str]] = set()
    for plan in plans:
        for table in plan.read_whole:
            is_large = any(matches_table(pattern, table) for pattern in project.large)
            place = (plan.query.path, plan.query.name, str(table))
            if not is_large or place in seen or _CODE in plan.query.allowed:
                continue
            seen.add(place)
            variant = f" {plan.settings}" if plan.settings else ""
            yield Finding(
                message=f"query `{plan.query.name}` reads all of `{table.name}`, which is large{variant}",
                location=plan.query.name_location(),
                code=_CODE,
                help=f"make an index that serves its condition, or accept it with `-- allow: {_CODE}`",
                severity="warning",
            )


def _as_json(plans: tuple[PlannedStatement, ...], *, is_ok: bool) -> dict[str, object]:
    return {
        "v": _FORMAT_VERSION,
        "ok": is_ok,
        "queries": [
            {
                "name": plan.query.name,
                "variant": plan.settings or None,
                "plan": plan.lines,
                "reads_all": [str(table) for table in plan.read_whole],
            }
            for plan in plans
        ],
    }
