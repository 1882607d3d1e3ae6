"""Which files to apply or to undo: the folder compared with what the database remembers. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pagespace_db.errors import ConfigError, Finding, MigrationRefused, SourceError
from pagespace_db.location import Location
from pagespace_db.migrate.checks import check_file
from pagespace_db.migrate.file import Folder, MigrationFile
from pagespace_db.migrate.parse import Direction, joint_checksum
from pagespace_db.migrate.state import Applied, Progress, State


class Standing(StrEnum):
    """How a migration stands; the value is what `--json` says."""

    APPLIED = "applied"
    PENDING = "pending"
    PARTIAL = "partial"
    """Some statements of a `transaction:false` file are done, others are not."""
    EDITED = "edited"
    """Applied, and the up sections of the file are not what they were then."""
    MISSING = "missing"
    """Applied, and there is no file any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """A version, with its file, its row in the database, or both."""

    version: str
    standing: Standing
    file: MigrationFile | None
    applied: Applied | None
    progress: Progress | None

    @property
    def name(self) -> str:
        """The name of the file; of a missing one, the name it had, if that is known."""
        if self.file is not None:
            return self.file.name
        facts = self.applied.facts if self.applied else None
        return facts.file if facts else self.version


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """All migrations in the order in which they are applied, missing ones in between."""

    folder: Folder
    migrations: tuple[Migration, ...]

    def where(self, *standings: Standing) -> tuple[Migration, ...]:
        """Return the migrations that stand in one of these ways, in order."""
        return tuple(migration for migration in self.migrations if migration.standing in standings)

    @property
    def to_apply(self) -> tuple[MigrationFile, ...]:
        """The files that `up` would apply, or go on with."""
        found = self.where(Standing.PENDING, Standing.PARTIAL)
        return tuple(migration.file for migration in found if migration.file)

    @property
    def unknown(self) -> tuple[MigrationFile, ...]:
        """The files of versions that another tool applied and this one has not seen yet."""
        return tuple(m.file for m in self.migrations if m.file and m.applied and m.applied.facts is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Files to apply or to undo, in order, and what the user should know about it."""

    direction: Direction
    files: tuple[MigrationFile, ...]
    warnings: tuple[Finding, ...] = ()


def compare(folder: Folder, state: State) -> Status:
    """Return how every migration of the folder and of the database stands."""
    migrations = [_compare_file(file, state) for file in folder.files]
    present = {file.version for file in folder.files}
    for version in {**state.applied, **state.progress}.keys() - present:
        applied, progress = state.applied.get(version), state.progress.get(version)
        migrations.append(
            Migration(version=version, standing=Standing.MISSING, file=None, applied=applied, progress=progress)
        )
    migrations.sort(key=lambda migration: migration.name)
    return Status(folder=folder, migrations=tuple(migrations))


def plan_up(
    status: Status,
    *,
    count: int | None = None,
    to: str | None = None,
    is_strict: bool = False,
    allows_edited: bool = False,
) -> Plan:
    """Return the pending files: the next `count`, or those up to and including `to`, or all.

    Errors: SourceError with everything that is wrong inside of them; MigrationRefused for applied files that were
    edited or renamed, and, if strict, for missing ones and for versions older than an applied one.
    """
    edited = status.where(Standing.EDITED)
    if edited and not allows_edited:
        raise _refuse_edited(edited)
    files = status.to_apply
    if to is not None:
        last = status.folder.find(to)
        files = tuple(file for file in files if file.name <= last.name)
    elif count is not None:
        files = files[:count]
    _raise_findings(files, "up")
    _refuse_broken_off(status, files, "up")
    _refuse_renamed(status, files)
    warnings = [*status.folder.warnings]
    for file in files:
        warnings += file.parsed.warnings
    oddities = [*_missing(status), *_out_of_order(status, files)]
    if is_strict and oddities:
        raise MigrationRefused(oddities[0].message, help=oddities[0].help)
    return Plan(direction="up", files=files, warnings=(*warnings, *oddities))


def plan_down(status: Status, *, count: int | None = None, to: str | None = None, is_by_version: bool = False) -> Plan:
    """Return the files to undo, newest first: `count` of them (1 if None), or all after `to`, which stays.

    Newest is what was applied last or, by version, what has the greatest name.

    Errors: SourceError with everything that is wrong inside of them; MigrationRefused when one of them has no file;
    ConfigError when `to` is not applied, or nothing is.
    """
    undoable = [m for m in status.migrations if m.applied or m.progress]
    undoable.sort(key=(lambda m: m.name) if is_by_version else _age_key, reverse=True)
    if not undoable:
        raise ConfigError("can't rollback: no migrations have been applied")
    if to is not None:
        last = status.folder.find(to)
        versions = [migration.version for migration in undoable]
        if last.version not in versions:
            raise ConfigError(f"{last.name} is not applied", help="`pagespace-db migrate status` shows what is")
        undoable = undoable[: versions.index(last.version)]
    else:
        undoable = undoable[: 1 if count is None else count]
    files: list[MigrationFile] = []
    for migration in undoable:
        if migration.file is None:
            raise MigrationRefused(
                f"{migration.name} cannot be rolled back: its file is missing",
                help="bring the file back, for example from version control",
            )
        files.append(migration.file)
    _raise_findings(files, "down")
    _refuse_broken_off(status, files, "down")
    warnings = [
        _irreversible(file) for file in files if file.parsed.statements("up") and not file.parsed.statements("down")
    ]
    return Plan(direction="down", files=tuple(files), warnings=tuple(warnings))


def plan_redo(plan: Plan) -> Plan:
    """Return the plan that applies again what `plan` undid.

    Errors: SourceError with everything that is wrong in the up sections.
    """
    files = tuple(sorted(plan.files, key=lambda file: file.name))
    _raise_findings(files, "up")
    return Plan(direction="up", files=files)


def _compare_file(file: MigrationFile, state: State) -> Migration:
    applied, progress = state.applied.get(file.version), state.progress.get(file.version)
    if progress is not None:
        standing = Standing.PARTIAL
    elif applied is None:
        standing = Standing.PENDING
    else:
        standing = Standing.EDITED if _is_edited(file, applied) else Standing.APPLIED
    return Migration(version=file.version, standing=standing, file=file, applied=applied, progress=progress)


def _is_edited(file: MigrationFile, applied: Applied) -> bool:
    facts = applied.facts
    if facts is None or facts.file_checksum == file.file_checksum:
        return False
    return facts.checksum != file.checksum


def _age_key(migration: Migration) -> tuple[bool, bool, datetime | None, str]:
    """Return a key that is greater for what was applied later.

    What this tool has not seen yet was applied after all that it has seen, and in the order of names.
    """
    facts = migration.applied.facts if migration.applied else None
    return migration.applied is None, facts is None, facts.applied_at if facts else None, migration.name


# --- What stands in the way ------------------------------------------------------------------------------------------


def _raise_findings(files: Sequence[MigrationFile], direction: Direction) -> None:
    findings: list[Finding] = []
    for file in files:
        try:
            findings += check_file(file, direction)
        except SourceError as error:
            findings += error.findings
    if findings:
        raise SourceError(findings)


def _refuse_edited(edited: Sequence[Migration]) -> MigrationRefused:
    paths = ", ".join(str(migration.file.path) for migration in edited if migration.file)
    was = "was" if len(edited) == 1 else "were"
    return MigrationRefused(
        f"{paths} {was} edited after being applied",
        help="undo the edit and write a new migration; if the database is as the file says, record that with "
        "`pagespace-db migrate repair`; --allow-changed goes on regardless",
    )


def _refuse_broken_off(status: Status, files: Sequence[MigrationFile], direction: Direction) -> None:
    """Refuse to go on with a file the other way round, or after an edit of the statements that are done."""
    progress_by_version = {migration.version: migration.progress for migration in status.migrations}
    for file in files:
        progress = progress_by_version.get(file.version)
        if progress is None:
            continue
        by_hand = "or put it right by hand and run `pagespace-db migrate repair --applied` or `--forget`"
        if progress.direction != direction:
            was = "applied" if progress.direction == "up" else "rolled back"
            raise MigrationRefused(
                f"{file.path} is only partly {was}, so that `{direction}` would start from an unknown state",
                help=f"finish it with `pagespace-db migrate {progress.direction}`, {by_hand}",
            )
        done = file.parsed.statements(direction)[: progress.done]
        if len(done) < progress.done or joint_checksum(done) != progress.done_checksum:
            raise MigrationRefused(
                f"{file.path} broke off after {progress.done} statements, and those were edited since",
                help=f"undo the edit, for only statements that are not done yet may change; {by_hand}",
            )


def _irreversible(file: MigrationFile) -> Finding:
    return Finding(
        message=f"{file.name} has nothing in its down section: only its version is taken back",
        location=file.parsed.down[0].location,
        code="empty-down",
        severity="warning",
        help="what its up section did stays in the database",
    )


def _refuse_renamed(status: Status, files: Sequence[MigrationFile]) -> None:
    """Refuse a pending file that is an applied, missing one under a new version: it would be applied twice."""
    missing = {m.applied.facts.checksum: m for m in status.where(Standing.MISSING) if m.applied and m.applied.facts}
    for file in files:
        before = missing.get(file.checksum)
        if before is not None and any(section.statements for section in file.parsed.up):
            raise MigrationRefused(
                f"{file.path} is {before.name} under a new version, and would be applied a second time",
                help=f"name it {before.name} again, or run `pagespace-db migrate repair` to record the new version",
            )


def _missing(status: Status) -> Iterator[Finding]:
    for migration in status.where(Standing.MISSING):
        yield Finding(
            message=f"version {migration.version} is applied, and its file "
            f"{'' if migration.name == migration.version else migration.name + ' '}is missing",
            code="missing-file",
            severity="warning",
            help="bring the file back, for example from version control",
        )


def _out_of_order(status: Status, files: Sequence[MigrationFile]) -> Iterator[Finding]:
    newest = max((m.version for m in status.migrations if m.applied), default=None)
    if newest is None:
        return
    for file in files:
        if file.version < newest:
            yield Finding(
                message=f"migration `{file.version}` is out of order with already applied migrations, "
                f"the version number has to be higher than the applied migration `{newest}` in --strict mode",
                location=Location(path=file.path, line=1, column=1),
                code="out-of-order",
                severity="warning",
                help="give it a newer version, unless nothing in between depends on the order",
            )
