"""Everything that is odd about a folder and its database, said at once. Changes nothing."""

from __future__ import annotations

from pagespace_db.errors import Finding, SourceError
from pagespace_db.location import Location
from pagespace_db.migrate.checks import check_file
from pagespace_db.migrate.file import MigrationFile
from pagespace_db.migrate.parse import Direction
from pagespace_db.migrate.plan import Migration, Standing, Status
from pagespace_db.migrate.state import Connection

_INVALID_INDEXES = """
SELECT n.nspname || '.' || c.relname, i.indrelid::regclass::text
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT i.indisvalid AND c.relkind = 'i'
  AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p
                   WHERE p.index_relid = i.indexrelid AND p.datname = current_database())
ORDER BY 1
"""


def check_status(status: Status) -> tuple[Finding, ...]:
    """Return what is wrong inside of files, and between the files and the records; pending files are not wrong."""
    findings: list[Finding] = [*status.folder.warnings]
    for migration in status.migrations:
        if migration.file is not None:
            findings += _check_sections(migration.file)
        finding = _check_standing(migration)
        if finding is not None:
            findings.append(finding)
    return tuple(findings)


def check_indexes(connection: Connection) -> tuple[Finding, ...]:
    """Return a finding for every invalid index that nobody is building: a CREATE INDEX CONCURRENTLY that failed."""
    return tuple(
        Finding(
            message=f"index {index} on {table} is invalid: it slows writes down and serves no query",
            code="invalid-index",
            help=f"REINDEX INDEX CONCURRENTLY {index}, or drop it; "
            "if it is of a migration that broke off, `up` does that",
        )
        for index, table in connection.execute(_INVALID_INDEXES)
    )


def _check_sections(file: MigrationFile) -> list[Finding]:
    directions: tuple[Direction, ...] = ("up", "down")
    try:
        return [
            *(finding for direction in directions for finding in check_file(file, direction)),
            *file.parsed.warnings,
        ]
    except SourceError as error:
        return list(error.findings)


def _check_standing(migration: Migration) -> Finding | None:
    location = Location(path=migration.file.path, line=1, column=1) if migration.file else None
    match migration.standing:
        case Standing.EDITED:
            return Finding(
                message="the file was edited after being applied",
                location=location,
                code="edited",
                help="undo the edit and write a new migration, or record it: pagespace-db migrate repair",
            )
        case Standing.MISSING:
            return Finding(
                message=f"version {migration.version} is applied, and its file is missing",
                code="missing-file",
                help="bring the file back, for example from version control",
            )
        case Standing.PARTIAL:
            direction = migration.progress.direction if migration.progress else "up"
            return Finding(
                message="the file is only partly done: its last run broke off",
                location=location,
                code="partial",
                help=f"go on with it: pagespace-db migrate {direction}",
            )
        case Standing.APPLIED | Standing.PENDING:
            return None
