"""Everything that CI should know of a project: the folder leads to the schema, it leads back, the code is fresh."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass

from pagespace_codegen.catalog.source import load_schema
from pagespace_codegen.diff.plan import make_plan
from pagespace_codegen.diff.proof import differences
from pagespace_codegen.diff.rereading import Reference, reconcile
from pagespace_codegen.diff.scratch.session import Session, scratch_session
from pagespace_codegen.diff.sides import SchemaSide, extensions, folder_side, load_side, promised_versions, run_section
from pagespace_codegen.lint.run import lint_folder
from pagespace_codegen.outcome import fresh_outcome
from pagespace_codegen.pipeline import codegen
from pagespace_db.embedded import Server, scratch_server
from pagespace_db.errors import Finding, PagespaceDbError
from pagespace_db.migrate.checks import check_file
from pagespace_db.migrate.file import Folder, load_folder
from pagespace_db.settings import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: What it is.
        problem: What is wrong, or None.
        help: How to mend it, or None.
        findings: What was found at places of files; warnings alone are no problem.
    """

    name: str
    problem: str | None = None
    help: str | None = None
    findings: tuple[Finding, ...] = ()


def check(
    project: Project, server_url: str | None = None, *, since: str | None = None, is_strict: bool = False
) -> tuple[Check, ...]:
    """Return what was checked, in order; a check that cannot be made is a problem, not an error.

    Args:
        project: What to check.
        server_url: The server that loads both sides; None for the embedded one.
        since: Migrations after this version are linted; None for what the configuration says.
        is_strict: Warnings are problems too.
    """
    folder = load_folder([project.migrations])
    schema = SchemaSide(statements=load_schema(project.schema, project.root))
    replayed = folder_side(folder, project.root)
    with ExitStack() as stack:
        server = server_url or stack.enter_context(scratch_server(extensions=extensions(schema) | extensions(replayed)))
        return (
            _made("migrations are well formed", lambda: _formed(folder)),
            *_replays(folder, project, schema, server),
            _linted(folder, server, since or project.lint_since or None, is_strict=is_strict),
            _made("generated code is fresh", lambda: _fresh(project, server_url)),
        )


def _made(name: str, find: Callable[[], tuple[str, str] | None]) -> Check:
    try:
        problem = find()
    except PagespaceDbError as error:
        return Check(name=name, problem=error.message, help=error.help)
    return Check(name=name) if problem is None else Check(name=name, problem=problem[0], help=problem[1])


def _formed(folder: Folder) -> tuple[str, str] | None:
    findings = [finding for file in folder.files for finding in (*check_file(file, "up"), *check_file(file, "down"))]
    if not findings:
        return None
    return "\n".join(f"{finding.location}: {finding.message}" for finding in findings), "see the lines named"


def _replays(folder: Folder, project: Project, schema: SchemaSide, server: Server | str) -> Iterator[Check]:
    """Check that the folder leads to the schema, and its down sections back to nothing."""

    def make_session() -> AbstractContextManager[Session]:
        return scratch_session(server, compared_with=promised_versions(project))

    with make_session() as session:
        empty = session.inventory()

        def lead_to_schema() -> tuple[str, str] | None:
            with make_session() as other:
                new = Reference(inventory=load_side(schema, other), make_session=make_session)
            state = load_side(folder_side(folder, project.root), session)
            wanted = reconcile(Reference(inventory=state, make_session=make_session), new)
            plan = make_plan(state, wanted, in_one_transaction=True)
            if not plan.steps:
                return None
            sql = "\n".join(f"{statement.sql};" for statement in plan.statements)
            return f"the migrations lack:\n{sql}", "pagespace-db migrate generate"

        yield _made("migrations lead to the schema", lead_to_schema)

        def lead_back() -> tuple[str, str] | None:
            for file in reversed(folder.files):
                for section in file.parsed.down:
                    run_section(file, section, session)
            residue = differences(session.inventory(), empty)
            if not residue:
                return None
            return "after every down section there is still:\n" + "\n".join(map(str, residue)), "mend the down sections"

        yield _made("down sections lead back", lead_back)


def _linted(folder: Folder, server: Server | str, since: str | None, *, is_strict: bool) -> Check:
    name = "migrations are safe on tables in use"
    try:
        with scratch_session(server) as session:
            findings = lint_folder(folder, session, since=since)
    except PagespaceDbError as error:
        return Check(name=name, problem=error.message, help=error.help)
    wrong = [finding for finding in findings if is_strict or finding.severity == "error"]
    return Check(
        name=name,
        problem=f"{len(wrong)} finding{'s' if len(wrong) != 1 else ''}" if wrong else None,
        help="mend what is said, or allow it above the statement: -- lint: allow CODE" if wrong else None,
        findings=findings,
    )


def _fresh(project: Project, server_url: str | None) -> tuple[str, str] | None:
    changes = (fresh_outcome(project) or codegen(project, server_url, check=True)).changes
    if not changes:
        return None
    return "out of date: " + ", ".join(change.path.name for change in changes), "pagespace-db codegen"
