"""What a database remembers of its migrations: dbmate's version table, and two tables of ours beside it.

    schema_migrations           version                      dbmate's own; a row is the fact that a file was applied
    schema_migrations_meta      when, how long, checksums    a row goes away with its version, whoever deletes that
    schema_migrations_journal   how far a file has come      rows only for `transaction:false` files that are unfinished

A version without a row in the second table was applied by dbmate. All SQL about these tables is here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from pagespace_db.errors import ConfigError, MigrationError
from pagespace_db.migrate.file import MigrationFile
from pagespace_db.migrate.parse import Direction

Connection = psycopg.Connection[TupleRow]
AppliedBy = Literal["pagespace-db", "baseline", "unknown"]

DEFAULT_TABLE: Final = "schema_migrations"
_LONGEST_NAME: Final = 63 - len("_journal")  # the server cuts longer names off (manual, section 4.1.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the side table says of an applied version.

    Attributes:
        file: The name of the file when it was applied.
        file_checksum: SHA-256 of the whole file, to see cheaply that nothing was edited.
        checksum: SHA-256 of the tokens of its up sections.
        applied_at: When; for a version applied by another tool, when this one first saw it.
        duration_ms: Milliseconds, or None when not measured.
        applied_by: `unknown` is another tool.
    """

    file: str
    file_checksum: str
    checksum: str
    applied_at: datetime
    duration_ms: int | None
    applied_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a `transaction:false` file has come.

    Attributes:
        direction: Whether it is being applied or undone.
        done: How many statements are done for certain.
        done_checksum: Of the texts of those statements.
        running: The checksum of the statement which was sent outside of a transaction and whose end nobody saw.
        backend: The server process that ran it, as `backend_name` names it.
    """

    version: str
    direction: Direction
    done: int
    done_checksum: str
    running: str | None = None
    backend: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A version that the database has; `facts` is None when another tool applied it."""

    version: str
    facts: Facts | None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything that a database remembers, at one moment.

    Attributes:
        applied: By version.
        progress: Of unfinished files, by version.
    """

    applied: dict[str, Applied]
    progress: dict[str, Progress]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionTable:
    """The version table's place in one database, and which of the tables are there.

    Attributes:
        schema: As the server spells it.
        name: As the server spells it.
    """

    schema: str
    name: str
    has_schema: bool
    has_versions: bool
    has_meta: bool
    has_journal: bool

    @property
    def versions(self) -> sql.Identifier:
        """The quoted name of dbmate's table."""
        return sql.Identifier(self.schema, self.name)

    @property
    def meta(self) -> sql.Identifier:
        """The quoted name of the table of facts."""
        return sql.Identifier(self.schema, f"{self.name}_meta")

    @property
    def journal(self) -> sql.Identifier:
        """The quoted name of the table of progress."""
        return sql.Identifier(self.schema, f"{self.name}_journal")


_FIND_TABLES: Final = """
WITH wanted AS (SELECT coalesce(%(schema)s::text, current_schema()::text) AS schema, %(name)s::text AS name)
SELECT schema, to_regnamespace(quote_ident(schema)) IS NOT NULL,
       to_regclass(quote_ident(schema) || '.' || quote_ident(name)) IS NOT NULL,
       to_regclass(quote_ident(schema) || '.' || quote_ident(name || '_meta')) IS NOT NULL,
       to_regclass(quote_ident(schema) || '.' || quote_ident(name || '_journal')) IS NOT NULL
FROM wanted
"""


def find_tables(connection: Connection, name: str = DEFAULT_TABLE, *, schema: str | None = None) -> VersionTable:
    """Return where the version table is, or would be: `name` is `table` or `schema.table`, taken literally.

    Without a schema in `name` it is in `schema`, or else in the first one of the search path that exists.

    Errors: ConfigError when `name` is neither; MigrationError when it has no schema and the search path leads nowhere.
    """
    *given, table = name.split(".")
    if len(given) > 1 or not all((*given, table)) or len(table.encode()) > _LONGEST_NAME:
        raise ConfigError(
            f"`{name}` cannot name the version table",
            help=f"--migrations-table TABLE or SCHEMA.TABLE, of at most {_LONGEST_NAME} bytes: two more tables have "
            "names that begin with it",
        )
    schema = given[0] if given else schema
    row = connection.execute(_FIND_TABLES, {"schema": schema, "name": table}).fetchone()
    if row is None or row[0] is None:
        raise MigrationError(
            f"there is no schema for the table `{name}`: the search_path of this login names none that exists",
            help="create the schema, or name one: --migrations-table SCHEMA.TABLE",
        )
    return VersionTable(
        schema=row[0], name=table, has_schema=row[1], has_versions=row[2], has_meta=row[3], has_journal=row[4]
    )


def ensure_tables(connection: Connection, table: VersionTable) -> VersionTable:
    """Create what is missing of the schema, the version table and the side tables; to be called under the lock."""
    if table.has_versions and table.has_meta and table.has_journal:
        return table
    statements: list[sql.Composed] = []
    if not table.has_schema:
        statements.append(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(table.schema)))
    if not table.has_versions:
        statements.append(sql.SQL("CREATE TABLE IF NOT EXISTS {} (version varchar PRIMARY KEY)").format(table.versions))
    if not table.has_meta:
        statements.append(
            sql.SQL(
                "CREATE TABLE IF NOT EXISTS {} ("
                " version varchar PRIMARY KEY REFERENCES {} (version) ON DELETE CASCADE,"
                " file text NOT NULL, file_checksum text NOT NULL, checksum text NOT NULL,"
                " applied_at timestamptz NOT NULL DEFAULT clock_timestamp(), duration_ms integer,"
                " applied_by text NOT NULL)"
            ).format(table.meta, table.versions)
        )
    if not table.has_journal:
        statements.append(
            sql.SQL(
                "CREATE TABLE IF NOT EXISTS {} ("
                " version varchar PRIMARY KEY, direction text NOT NULL, done integer NOT NULL,"
                " done_checksum text NOT NULL, running text, backend text)"
            ).format(table.journal)
        )
    try:
        with connection.transaction():
            for statement in statements:
                connection.execute(statement)
    except (psycopg.errors.InvalidForeignKey, psycopg.errors.DatatypeMismatch, psycopg.errors.UndefinedColumn) as error:
        raise _not_a_version_table(table) from error
    return VersionTable(
        schema=table.schema, name=table.name, has_schema=True, has_versions=True, has_meta=True, has_journal=True
    )


def read_state(connection: Connection, table: VersionTable) -> State:
    """Return what the database remembers; nothing when the tables are not there.

    Errors: MigrationError when the version table is a table of another kind.
    """
    if not table.has_versions:
        return State(applied={}, progress={})
    columns = (
        "m.file, m.file_checksum, m.checksum, m.applied_at, m.duration_ms, m.applied_by"
        if table.has_meta
        else "NULL, NULL, NULL, NULL, NULL, NULL"
    )
    join = sql.SQL("LEFT JOIN {} m USING (version)").format(table.meta) if table.has_meta else sql.SQL("")
    query = sql.SQL("SELECT v.version, {} FROM {} v {} ORDER BY v.version").format(
        sql.SQL(columns), table.versions, join
    )
    try:
        rows = connection.execute(query, binary=True).fetchall()  # as text, a time is in the style of the login
    except psycopg.errors.UndefinedColumn as error:
        raise _not_a_version_table(table) from error
    if rows and not isinstance(rows[0][0], str):  # a number: the table of golang-migrate, for one
        raise _not_a_version_table(table)
    applied = {
        version: Applied(
            version=version,
            facts=None
            if facts[0] is None
            else Facts(
                file=facts[0],
                file_checksum=facts[1],
                checksum=facts[2],
                applied_at=facts[3],
                duration_ms=facts[4],
                applied_by=facts[5],
            ),
        )
        for version, *facts in rows
    }
    return State(applied=applied, progress=read_progress(connection, table))


def _not_a_version_table(table: VersionTable) -> MigrationError:
    return MigrationError(
        f"the table {table.schema}.{table.name} is not a version table: it needs a primary key `version varchar`",
        help="name another one: --migrations-table TABLE",
    )


def read_progress(connection: Connection, table: VersionTable) -> dict[str, Progress]:
    """Return how far unfinished files have come, by version."""
    if not table.has_journal:
        return {}
    query = sql.SQL("SELECT version, direction, done, done_checksum, running, backend FROM {}").format(table.journal)
    return {
        row[0]: Progress(
            version=row[0], direction=row[1], done=row[2], done_checksum=row[3], running=row[4], backend=row[5]
        )
        for row in connection.execute(query)
    }


# --- Changes; each is part of its caller's transaction ---------------------------------------------------------------

# A file's own SET ROLE must not meet what we record in its transaction: until COMMIT the role is that of the login,
# or the one that the URL or ALTER ROLE ... SET gives it. Afterwards the file's role is back.
_OWN_ROLE: Final = ("SET LOCAL SESSION AUTHORIZATION DEFAULT", "SET LOCAL role TO DEFAULT")


def return_to_own_role(connection: Connection) -> None:
    """Set the role back to what it was when the connection began, until the end of the transaction."""
    connection.execute("; ".join(_OWN_ROLE))


def insert_version(connection: Connection, table: VersionTable, file: MigrationFile, applied_by: AppliedBy) -> None:
    """Record that `file` is applied, in one round trip.

    Errors: psycopg's UniqueViolation when it is recorded already; a row of an unfinished transaction is waited for.
    """
    connection.execute(sql.SQL("; ").join(version_inserts(table, file, applied_by)))


def version_inserts(table: VersionTable, file: MigrationFile, applied_by: AppliedBy) -> tuple[sql.Composed, ...]:
    """Return what records that `file` is applied; the first one fails when that is recorded already."""
    version = sql.SQL("INSERT INTO {} (version) VALUES ({})").format(table.versions, file.version)
    return version, _insert_facts(table, file, applied_by)


def version_delete(table: VersionTable, version: str) -> sql.Composed:
    """Return what records that a version is not applied any more."""
    return sql.SQL("DELETE FROM {} WHERE version = {}").format(table.versions, version)


def duration_updates(table: VersionTable, version: str) -> tuple[sql.SQL | sql.Composed, ...]:
    """Return what records how long a transaction took so far, in our own role; the last one changes one row."""
    update = sql.SQL(
        "UPDATE {} SET duration_ms = extract(epoch FROM clock_timestamp() - transaction_timestamp()) * 1000"
        " WHERE version = (SELECT version FROM {} WHERE version = {})"
    )
    return (*map(sql.SQL, _OWN_ROLE), update.format(table.meta, table.versions, version))


def insert_facts(
    connection: Connection, table: VersionTable, files: Iterable[MigrationFile], applied_by: AppliedBy
) -> None:
    """Record, or record anew, the facts about files whose versions are recorded."""
    for file in files:
        connection.execute(_insert_facts(table, file, applied_by))


def _insert_facts(table: VersionTable, file: MigrationFile, applied_by: AppliedBy) -> sql.Composed:
    return sql.SQL(
        "INSERT INTO {} (version, file, file_checksum, checksum, applied_by) VALUES ({}, {}, {}, {}, {})"
        " ON CONFLICT (version) DO UPDATE SET file = EXCLUDED.file, file_checksum = EXCLUDED.file_checksum,"
        " checksum = EXCLUDED.checksum"
    ).format(table.meta, file.version, file.name, file.file_checksum, file.checksum, applied_by)


def set_duration(connection: Connection, table: VersionTable, version: str, seconds: float) -> bool:
    """Record how long a file took, in our own role, and return whether the version is (still) recorded."""
    query = sql.SQL("{}; UPDATE {} SET duration_ms = {} WHERE version = {}")
    cursor = connection.execute(query.format(sql.SQL("; ".join(_OWN_ROLE)), table.meta, round(seconds * 1000), version))
    while cursor.nextset():
        pass
    return cursor.rowcount > 0


def delete_version(connection: Connection, table: VersionTable, version: str) -> bool:
    """Record that a version is not applied any more, and return whether it was."""
    return connection.execute(version_delete(table, version)).rowcount > 0


def save_progress(connection: Connection, table: VersionTable, progress: Progress) -> None:
    """Record how far a file has come."""
    query = sql.SQL(
        "INSERT INTO {} (version, direction, done, done_checksum, running, backend) VALUES (%s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (version) DO UPDATE SET direction = EXCLUDED.direction, done = EXCLUDED.done,"
        " done_checksum = EXCLUDED.done_checksum, running = EXCLUDED.running, backend = EXCLUDED.backend"
    ).format(table.journal)
    values = [progress.version, progress.direction, progress.done, progress.done_checksum, progress.running]
    connection.execute(query, [*values, progress.backend])


def delete_progress(connection: Connection, table: VersionTable, version: str) -> None:
    """Forget how far a file has come, because it is finished."""
    connection.execute(sql.SQL("DELETE FROM {} WHERE version = %s").format(table.journal), [version])
