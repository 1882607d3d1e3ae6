"""The errors of pagespace_db, and the one renderer that prints them.

    PagespaceDbError
    ├── ConfigError             the environment: settings, URLs, missing tools          exit 2
    │   └── DatabaseUnavailable no server answers, or it refuses the login              exit 3
    ├── SourceError             a file the user wrote: carries findings with locations  exit 1, or 4
    ├── CodegenError            generation cannot go on, and no single line is to blame exit 1
    ├── MigrationError          the state of a migrations folder or of its database     exit 4
    │   ├── MigrationRefused    nothing was done, for safety                            exit 5
    │   └── LockTimeout         another runner holds the migration lock                 exit 6
    ├── DiffError               two catalogs that cannot be reconciled                  exit 5
    ├── PoolExhausted           every connection of the client's pool is in use         exit 3
    ├── ReplicaBehind           a standby that has not read far enough in time           exit 3
    ├── LockNotObtained         an advisory lock that others held for too long          exit 6
    ├── TransactionFailed       a transaction whose error was swallowed, and is undone  exit 4
    ├── CommitUnknown           the connection broke during COMMIT: never retried       exit 4
    ├── StatementError          a statement that is wrong before it is sent             exit 2
    ├── ValueMisfit             a value, read or written, not of the configured type    exit 1
    └── ResultError             a result of another size than the caller asked for      exit 1
        ├── NoRow
        └── TooManyRows

Errors of the server stay psycopg's own classes. An error carries facts; `render_error` alone makes text of them.
A message never holds a parameter value or a password.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from pagespace_db.location import Location, render_excerpt

Severity = Literal["error", "warning"]


class PagespaceDbError(Exception):
    """Base of every error that pagespace_db raises itself.

    Attributes:
        message: What is wrong, naming the offender.
        help: How to mend it, or None.
        exit_code: What the command ends with.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, help: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.help = help

    def __str__(self) -> str:
        return self.message if self.help is None else f"{self.message}\nhelp: {self.help}"

    def facts(self) -> dict[str, object]:
        """Return what every `--json` prints of the error."""
        return {"kind": type(self).__name__, "message": self.message, "help": self.help, "findings": []}


class ConfigError(PagespaceDbError):
    """A setting, an environment variable or a tool of this machine is missing or wrong."""

    exit_code = 2


class DatabaseUnavailable(ConfigError):
    """No PostgreSQL answers at the address, or it refuses the login."""

    exit_code = 3


class CodegenError(PagespaceDbError):
    """Code cannot be generated, and no single line of a file is to blame."""


class MigrationError(PagespaceDbError):
    """A migration failed, or the folder and the database disagree."""

    exit_code = 4


class MigrationRefused(MigrationError):
    """Nothing was done, because going on could lose something."""

    exit_code = 5


class LockTimeout(MigrationError):
    """Another runner held the migration lock for longer than the caller would wait."""

    exit_code = 6


class DiffError(PagespaceDbError):
    """Two catalogs cannot be reconciled by a plan that was proved."""

    exit_code = 5


class PoolExhausted(PagespaceDbError):
    """No connection of the client's pool came free in time."""

    exit_code = 3


class ReplicaBehind(PagespaceDbError):
    """A standby had not read, in the time to wait, what the primary had written."""

    exit_code = 3


class LockNotObtained(PagespaceDbError):
    """Others held an advisory lock for longer than the caller would wait."""

    exit_code = 6


class TransactionFailed(PagespaceDbError):
    """A statement of the transaction had failed, and the block went on to its end: nothing of it is kept."""

    exit_code = 4


class CommitUnknown(PagespaceDbError):
    """The connection broke while a transaction was being committed: nobody here knows whether it was."""

    exit_code = 4


class StatementError(PagespaceDbError):
    """A statement is wrong in a way that is known before it is sent."""

    exit_code = 2


class ValueMisfit(PagespaceDbError):
    """A value that was read, or is to be written, does not fit the type that the configuration gives its column."""


class ResultError(PagespaceDbError):
    """A result has another number of rows than the caller asked for."""


class NoRow(ResultError):
    """Exactly one row was asked for, and there is none."""


class TooManyRows(ResultError):
    """At most one row was asked for, and there are more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong at one place of a file.

    `code` is the SQLSTATE when the server said it, else a kebab-case word of ours. `notes` are further facts, such as
    the server's `detail: ...`, one a line.
    """

    message: str
    location: Location | None = None
    code: str | None = None
    help: str | None = None
    severity: Severity = "error"
    notes: tuple[str, ...] = ()


class SourceError(PagespaceDbError):
    """One or more findings in files that the user wrote; nothing was written."""

    def __init__(self, findings: Sequence[Finding], *, exit_code: int = 1) -> None:
        if not findings:
            msg = "a SourceError needs at least one finding"
            raise ValueError(msg)
        self.findings = tuple(findings)
        self.exit_code = exit_code  # type: ignore[misc]  # 4 when the server refused, 1 for our own findings
        super().__init__("\n".join(render_finding(finding) for finding in findings))

    def facts(self) -> dict[str, object]:
        """Return what every `--json` prints of the error, with its findings."""
        return super().facts() | {"findings": [finding_facts(finding) for finding in self.findings]}


def render_finding(finding: Finding) -> str:
    """Return a finding as `path:line:column: severity[code]: message`, with the line, a caret and the help."""
    where = f"{finding.location}: " if finding.location else ""
    code = f"[{finding.code}]" if finding.code else ""
    lines = [f"{where}{finding.severity}{code}: {finding.message}"]
    if finding.location and finding.location.source_line:
        lines.append(render_excerpt(finding.location))
    lines += finding.notes
    if finding.help:
        lines.append(f"help: {finding.help}")
    return "\n".join(lines)


def finding_facts(finding: Finding) -> dict[str, object]:
    """Return a finding as every `--json` prints it."""
    location = finding.location
    return {
        "severity": finding.severity,
        "code": finding.code,
        "message": finding.message,
        "notes": list(finding.notes),
        "help": finding.help,
        "path": str(location.path) if location else None,
        "line": location.line if location else None,
        "column": location.column if location else None,
    }


def render_error(error: PagespaceDbError) -> str:
    """Return the text that a command prints for `error`."""
    if isinstance(error, SourceError):
        return error.message
    lines = [f"error: {error.message}"]
    if error.help:
        lines.append(f"help: {error.help}")
    return "\n".join(lines)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the member of `known` that `name` was most likely meant to be, or None when none is close."""
    matches = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return matches[0] if matches else None
