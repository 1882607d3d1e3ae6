"""Changes of what the database remembers, without running a migration: baseline and repair. Under the lock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pagespace_db.errors import ConfigError, MigrationRefused
from pagespace_db.migrate.file import Folder, MigrationFile
from pagespace_db.migrate.parse import joint_checksum
from pagespace_db.migrate.plan import Standing, Status
from pagespace_db.migrate.state import (
    Connection,
    Progress,
    VersionTable,
    delete_progress,
    delete_version,
    insert_facts,
    insert_version,
    save_progress,
)

Kind = Literal["applied", "forgotten", "checksum", "renamed", "done", "not-done"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """One change of the records.

    Attributes:
        kind: `applied`, `forgotten`: the version is recorded as (not) applied; `checksum`: the file as it is now is
            what was applied; `renamed`: so is its new version; `done`, `not-done`: of the statement nobody saw end.
        version: The recorded version.
        file: The file that it is about; None when that is missing.
    """

    kind: Kind
    version: str
    file: MigrationFile | None

    def __str__(self) -> str:
        name = self.file.name if self.file else self.version
        match self.kind:
            case "applied":
                return f"{name}: recorded as applied"
            case "forgotten":
                return f"{name}: recorded as not applied"
            case "checksum":
                return f"{name}: recorded as it is now"
            case "renamed":
                return f"{name}: recorded in place of {self.version}"
            case "done":
                return f"{name}: the statement that broke off is recorded as done"
            case "not-done":
                return f"{name}: the statement that broke off will be run again"


def plan_baseline(status: Status, to: str | None) -> tuple[Repair, ...]:
    """Return what records every file up to and including `to`, or all of them, as applied."""
    pending = {migration.version for migration in status.where(Standing.PENDING)}
    return tuple(
        Repair(kind="applied", version=file.version, file=file)
        for file in baseline_files(status.folder, to)
        if file.version in pending
    )


def baseline_files(folder: Folder, to: str | None) -> tuple[MigrationFile, ...]:
    """Return the files up to and including `to`, a version or name, or all of them.

    Errors: ConfigError when there is no such file.
    """
    if to is None:
        return folder.files
    last = folder.find(to)
    return tuple(file for file in folder.files if file.name <= last.name)


def check_not_empty(connection: Connection, table: VersionTable) -> None:
    """Refuse a baseline of a database in which there is nothing: there every file is still to be applied.

    Errors: MigrationRefused.
    """
    row = connection.execute(
        "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'"
        " AND c.relkind IN ('r', 'v', 'm', 'p', 'f', 'S')"
        " AND NOT (n.nspname = %s AND c.relname = ANY (%s)))",
        [table.schema, [table.name, f"{table.name}_meta", f"{table.name}_journal"]],
    ).fetchone()
    if row is None or not row[0]:
        raise MigrationRefused(
            "there are no tables in this database, so that a baseline would be wrong",
            help="apply the migrations: pagespace-db migrate up",
        )


def plan_repair(status: Status) -> tuple[Repair, ...]:
    """Return what records edited files as they are now, and renamed ones under their new versions."""
    repairs = [
        Repair(kind="checksum", version=migration.version, file=migration.file)
        for migration in status.where(Standing.EDITED)
    ]
    pending = {m.file.checksum: m.file for m in status.where(Standing.PENDING) if m.file}
    for migration in status.where(Standing.MISSING):
        facts = migration.applied.facts if migration.applied else None
        renamed = pending.get(facts.checksum) if facts else None
        if renamed is not None:
            repairs.append(Repair(kind="renamed", version=migration.version, file=renamed))
    return tuple(repairs)


def plan_repair_of(status: Status, kind: Kind, reference: str) -> Repair:
    """Return the repair of one migration, which is named by version or file name.

    Errors: ConfigError when there is nothing to repair about it.
    """
    migration = next((m for m in status.migrations if reference in {m.version, m.name}), None)
    if migration is None:
        migration = next(m for m in status.migrations if m.file is status.folder.find(reference))
    is_recorded = migration.applied is not None
    is_running = migration.progress is not None and migration.progress.running is not None
    problem = {
        "applied": "is recorded as applied already" if is_recorded and not migration.progress else None,
        "forgotten": None if is_recorded or migration.progress else "is not recorded as applied",
        "done": None if is_running else "has no statement whose end nobody saw",
        "not-done": None if is_running else "has no statement whose end nobody saw",
    }.get(kind)
    if migration.file is None and kind != "forgotten":
        problem = "has no file"
    if problem is not None:
        raise ConfigError(
            f"{migration.name} {problem}", help="`pagespace-db migrate status` shows how all migrations stand"
        )
    return Repair(kind=kind, version=migration.version, file=migration.file)


def apply_repairs(connection: Connection, table: VersionTable, status: Status, repairs: tuple[Repair, ...]) -> None:
    """Change the records, all or none."""
    progress = {migration.version: migration.progress for migration in status.migrations}
    with connection.transaction():
        for repair in repairs:
            _apply(connection, table, repair, progress.get(repair.version))


def _apply(connection: Connection, table: VersionTable, repair: Repair, progress: Progress | None) -> None:
    file = repair.file
    match repair.kind:
        case "forgotten":
            delete_version(connection, table, repair.version)
            delete_progress(connection, table, repair.version)
        case "applied" if file is not None:
            delete_progress(connection, table, repair.version)
            delete_version(connection, table, repair.version)
            insert_version(connection, table, file, "baseline")
        case "checksum" if file is not None:
            insert_facts(connection, table, [file], "unknown")
        case "renamed" if file is not None:
            delete_version(connection, table, repair.version)
            insert_version(connection, table, file, "baseline")
        case "done" | "not-done" if file is not None and progress is not None:
            done = progress.done + (repair.kind == "done")
            statements = file.parsed.statements(progress.direction)[:done]
            save_progress(
                connection,
                table,
                Progress(
                    version=progress.version,
                    direction=progress.direction,
                    done=done,
                    done_checksum=joint_checksum(statements),
                ),
            )
        case _:
            msg = f"a repair of kind {repair.kind} without a file or its progress"
            raise AssertionError(msg)
