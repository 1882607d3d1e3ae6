"""What the `migrate` commands print: dbmate's lines for people and their scripts, or one JSON object."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

import click

from pagespace_db.errors import Finding, finding_facts, render_finding
from pagespace_db.migrate.file import MigrationFile
from pagespace_db.migrate.parse import Direction
from pagespace_db.migrate.plan import Migration, Standing, Status

if TYPE_CHECKING:  # `status` prints without what acts
    from pagespace_db.migrate.lock import Holder
    from pagespace_db.migrate.records import Repair
    from pagespace_db.migrate.rehearse import Tried
    from pagespace_db.migrate.runner import Done

Json = dict[str, object]

_MARKS: Final = {
    Standing.APPLIED: "[X]",
    Standing.PENDING: "[ ]",
    Standing.PARTIAL: "[/]",
    Standing.EDITED: "[~]",
    Standing.MISSING: "[!]",
}
_SHOWN: Final = 80
_BEGINS: Final = {"up": "Applying", "down": "Rolling back"}
_ENDS: Final = {"up": "Applied", "down": "Rolled back"}


class Output:
    """Prints lines, or with --json collects what is then printed as one object."""

    def __init__(self, *, is_json: bool, is_verbose: bool = False) -> None:
        self._is_json, self._is_verbose = is_json, is_verbose
        self._warnings: list[Finding] = []

    def line(self, text: str = "") -> None:
        """Print a line for people."""
        if not self._is_json:
            click.echo(text)

    def json(self, facts: Json, *, is_ok: bool = True) -> None:
        """Print `facts` for programs, with the warnings that came up."""
        if self._is_json:
            warnings = [finding_facts(warning) for warning in self._warnings]
            click.echo(json.dumps({"ok": is_ok, **facts, "warnings": warnings}))

    # --- The runner's Reporter ---------------------------------------------------------------------------------------

    def warning(self, finding: Finding) -> None:
        """Print a warning to stderr."""
        self._warnings.append(finding)
        self._aside(render_finding(finding))

    def waiting(self, holder: Holder | None) -> None:
        """Print whom the runner waits for."""
        self._aside(f"Waiting for the migration lock, held by {holder or 'another process'}")

    def begins(self, file: MigrationFile, direction: Direction) -> None:
        """Print dbmate's first line for a file."""
        self.line(f"{_BEGINS[direction]}: {file.name}")

    def ends(self, file: MigrationFile, direction: Direction, seconds: float) -> None:
        """Print dbmate's second line for a file."""
        self.line(f"{_ENDS[direction]}: {file.name} in {duration(seconds)}")

    def overtaken(self, file: MigrationFile) -> None:
        """Print that there is nothing to do any more for a file."""
        self.line(f"Skipped: {file.name}, another tool was faster")

    def retries(self, file: MigrationFile, reason: str, pause_s: float) -> None:
        """Print why a file is tried again."""
        self._aside(f"Rolled back {file.name}: {reason}; trying again in {pause_s:.1f}s")

    def notice(self, severity: str, text: str) -> None:
        """Print what the server has to say: warnings always, the rest on demand."""
        if severity == "WARNING" or self._is_verbose:
            self._aside(f"{severity.lower()}: {text}")

    def _aside(self, text: str) -> None:
        if not self._is_json:
            click.echo(text, err=True)


def status_lines(status: Status) -> Iterable[str]:
    """Yield dbmate's lines, with marks of our own for what dbmate does not see."""
    for migration in status.migrations:
        yield f"{_MARKS[migration.standing]} {migration.name}{_remark(migration)}"
    yield ""
    pending = status.where(Standing.PENDING, Standing.PARTIAL)
    yield f"Applied: {len(status.migrations) - len(pending)}"
    yield f"Pending: {len(pending)}"


def _remark(migration: Migration) -> str:
    match migration.standing:
        case Standing.MISSING:
            return " (file missing)"
        case Standing.EDITED:
            return " (edited after being applied)"
        case Standing.PARTIAL if migration.progress is not None:
            verb = "applied" if migration.progress.direction == "up" else "rolled back"
            return f" ({migration.progress.done} statements {verb}, then broken off)"
        case _:
            return ""


def status_facts(status: Status) -> Json:
    """Return what `status --json` prints."""
    pending = status.where(Standing.PENDING, Standing.PARTIAL)
    return {
        "applied": len(status.migrations) - len(pending),
        "pending": len(pending),
        "migrations": [_migration_facts(migration) for migration in status.migrations],
    }


def _migration_facts(migration: Migration) -> Json:
    facts = migration.applied.facts if migration.applied else None
    return {
        "version": migration.version,
        "name": migration.name,
        "path": str(migration.file.path) if migration.file else None,
        "standing": migration.standing.value,
        "applied_at": facts.applied_at.isoformat() if facts else None,
        "applied_by": facts.applied_by if facts else ("unknown" if migration.applied else None),
        "duration_ms": facts.duration_ms if facts else None,
        "statements_done": migration.progress.done if migration.progress else None,
    }


def done_facts(done: Sequence[Done]) -> list[Json]:
    """Return what the `--json` of a command that acts says of the files."""
    return [
        {
            "version": item.file.version,
            "name": item.file.name,
            "direction": item.direction,
            "seconds": round(item.seconds, 6),
        }
        for item in done
    ]


def file_facts(files: Sequence[MigrationFile]) -> list[Json]:
    """Return what `--dry-run --json` says of the files."""
    return [{"version": file.version, "name": file.name, "path": str(file.path)} for file in files]


def repair_facts(repairs: Sequence[Repair]) -> list[Json]:
    """Return what the `--json` of `baseline` and `repair` says."""
    return [
        {"kind": repair.kind, "version": repair.version, "name": repair.file.name if repair.file else None}
        for repair in repairs
    ]


def sql_lines(file: MigrationFile, direction: Direction) -> Iterable[str]:
    """Yield the SQL that would be sent, statement by statement."""
    yield f"-- {file.path}"
    for section in file.parsed.sections(direction):
        if not section.is_transactional:
            yield "-- outside of a transaction:"
        for statement in section.statements:
            yield f"{statement.text};"
    yield ""


def tried_facts(tried: Tried) -> Json:
    """Return what `up --rehearse --json` says of a statement."""
    location = tried.file.locate(tried.statement.start)
    return {
        "version": tried.file.version,
        "name": tried.file.name,
        "line": location.line,
        "column": location.column,
        "seconds": round(tried.seconds, 6),
        "locks": [
            {"table": lock.table, "mode": lock.mode, "bytes": lock.size_bytes, "rows": lock.rows}
            for lock in tried.locks
        ],
    }


def first_line(statement: str) -> str:
    """Return the beginning of a statement, for a list."""
    line, _, more = statement.partition("\n")
    return f"{line[:_SHOWN]} ..." if more or len(line) > _SHOWN else line


def duration(seconds: float) -> str:
    """Return a duration as dbmate writes it: `5.21ms`, `1.5s`."""
    return f"{seconds * 1000:.2f}ms" if seconds < 1 else f"{seconds:.2f}s"
