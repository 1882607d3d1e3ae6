"""Lints the migrations of a folder: replay, judge, leave out what is allowed."""

from __future__ import annotations

from collections.abc import Iterator

from pagespace_codegen.diff.scratch.session import Session
from pagespace_codegen.diff.sides import run_section
from pagespace_codegen.lint.allow import Allowed, read_allowed
from pagespace_codegen.lint.observe import observe_file
from pagespace_codegen.lint.rules import judge_file, judge_observation
from pagespace_codegen.lint.squawk import ask_squawk, find_squawk
from pagespace_db.errors import Finding
from pagespace_db.migrate.file import Folder, MigrationFile


def lint_folder(folder: Folder, session: Session, *, since: str | None = None) -> tuple[Finding, ...]:
    """Return what is to be said about the files after version `since`, or about all, in the order of the folder.

    `session` is an empty scratch database, in which every file is applied.

    Errors: SourceError where the server refuses a statement, ConfigError for a version that there is not.
    """
    last_passed = None if since is None else folder.find(since)
    findings = list(folder.warnings)
    squawk = find_squawk()
    is_past = last_passed is None
    for file in folder.files:
        if is_past:
            findings += _lint_file(file, session, squawk)
        else:
            for section in file.parsed.up:
                run_section(file, section, session)
            is_past = file is last_passed
    return tuple(findings)


def _lint_file(file: MigrationFile, session: Session, squawk: str | None) -> Iterator[Finding]:
    allowed, unknown = read_allowed(file)
    yield from file.parsed.warnings
    yield from unknown
    for observation in observe_file(file, session):
        for finding, name in judge_observation(file, observation):
            if not allowed.covers(str(finding.code), observation.statement.start, name):
                yield finding
    static = [*judge_file(file), *(() if squawk is None else ask_squawk(squawk, file))]
    yield from (finding for finding in static if not _is_allowed(finding, allowed, file))


def _is_allowed(finding: Finding, allowed: Allowed, file: MigrationFile) -> bool:
    # A finding without a run knows its line; the statement is the last one that begins there or before.
    line = finding.location.line if finding.location else 0
    starts = [s.start for s in file.parsed.statements("up") if file.locate(s.start).line <= line]
    return allowed.covers(str(finding.code), max(starts, default=None))
