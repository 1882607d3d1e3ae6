"""A side of a diff: an .sql file, a folder of migrations or a database -> a scratch database that holds it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import psycopg
from psycopg.pq import TransactionStatus

from pagespace_codegen.catalog.load import MAY_COME_LATER, time_limit
from pagespace_codegen.catalog.mistakes import Failure, explain_failures
from pagespace_codegen.catalog.scratch import extensions_of
from pagespace_codegen.catalog.source import SchemaFile, SourceStatement, load_schema
from pagespace_codegen.diff.inventory.model import Inventory, Key
from pagespace_codegen.diff.inventory.read import read_inventory
from pagespace_codegen.diff.plan import Plan, Step, make_plan
from pagespace_codegen.diff.scratch.session import Session
from pagespace_db.connect import connect
from pagespace_db.embedded import ICU
from pagespace_db.errors import ConfigError, DiffError, SourceError
from pagespace_db.migrate.file import Folder, MigrationFile, load_folder
from pagespace_db.migrate.parse import Section
from pagespace_db.migrate.state import DEFAULT_TABLE
from pagespace_db.settings import Project

TIME_LIMIT_S: Final = 120.0
ROUNDS: Final = 3
EXIT_SERVER_REFUSED: Final = 4
_ICU: Final = re.compile(r"\bprovider\s*=\s*'?icu\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaSide:
    """Statements whose order is free."""

    statements: tuple[SourceStatement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderSide:
    """The up sections of migrations, in order."""

    statements: tuple[SourceStatement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSide:
    """A database, which is only read, without the runner's own tables.

    Attributes:
        url: Where it is.
        version_table: The name of the table in which the runner keeps the versions.
    """

    url: str
    version_table: str = DEFAULT_TABLE


Side = SchemaSide | FolderSide | DatabaseSide


def read_side(source: str, root: Path) -> Side:
    """Return what `source` names: a database URL, a folder of migrations, or .sql files (one, a folder, a glob).

    Errors: ConfigError when there is nothing of that name, SourceError for files that cannot be read as SQL.
    """
    if not source:
        raise ConfigError(
            "a side of the diff has no name", help="name an .sql file, a migrations folder or a database URL"
        )
    if "://" in source or ("=" in source and not Path(source).exists()):
        return DatabaseSide(url=source)
    path = Path(source) if Path(source).is_absolute() else root / source
    if path.is_dir() and any(file.name[:1].isdigit() and file.suffix == ".sql" for file in path.iterdir()):
        return folder_side(load_folder([path]), root)
    if path.is_dir() and not any(path.rglob("*.sql")):
        return FolderSide(statements=())
    return SchemaSide(statements=load_schema(path, root))


def folder_side(folder: Folder, root: Path, *, files: Sequence[MigrationFile] | None = None) -> FolderSide:
    """Return the up sections of a folder's migrations, or of some of them."""
    return FolderSide(
        statements=tuple(
            statement
            for file in (folder.files if files is None else files)
            for section in file.parsed.up
            for statement in _section_statements(file, section, root)
        )
    )


def _section_statements(file: MigrationFile, section: Section, root: Path) -> Iterable[SourceStatement]:
    shown = file.path.relative_to(root) if file.path.is_relative_to(root) else file.path
    source = SchemaFile(path=file.path, shown_path=shown, text=file.text)
    for statement in section.statements:
        if not statement.is_meta_command:
            yield SourceStatement(text=statement.text, start=statement.start, file=source)


def run_section(file: MigrationFile, section: Section, session: Session) -> None:
    """Run a section of a migration, as far as a replay is concerned: statement by statement.

    Errors: SourceError where the server refuses one.
    """
    _load(tuple(_section_statements(file, section, file.path.parent)), session, is_order_free=False)
    session.connection.execute("RESET ALL")


def extensions(side: Side) -> frozenset[str]:
    """Return the extensions that a side needs; they decide which binaries can serve it."""
    match side:
        case SchemaSide(statements=statements) | FolderSide(statements=statements):
            wants_icu = any(_ICU.search(statement.text) for statement in statements)
            return extensions_of(statements) | ({ICU} if wants_icu else frozenset[str]())
        case DatabaseSide(url=url):
            with connect(url, autocommit=True) as connection:
                return frozenset(str(row[0]) for row in connection.execute("SELECT extname FROM pg_extension"))


def server_versions(sides: Iterable[Side]) -> frozenset[int]:
    """Return the versions of the servers, as libpq's numbers, of those sides that are databases."""
    versions: set[int] = set()
    for side in sides:
        if isinstance(side, DatabaseSide):
            with connect(side.url, autocommit=True) as connection:
                versions.add(connection.info.server_version)
    return frozenset(versions)


def promised_versions(project: Project) -> frozenset[int]:
    """Return the version that a project's migrations must run on, as libpq's number, when the project names one."""
    return frozenset({project.oldest_postgres * 1_00_00}) if project.oldest_postgres else frozenset()


def database_schemas(side: DatabaseSide) -> frozenset[Key]:
    """Return the schemas that a database has."""
    with connect(side.url, autocommit=True) as connection:
        rows = connection.execute("SELECT quote_ident(nspname) FROM pg_namespace").fetchall()
    return frozenset(Key("schema", str(row[0])) for row in rows)


def load_side(side: Side, session: Session, *, beside: AbstractSet[Key] = frozenset()) -> Inventory:
    """Load a side into an empty scratch database, and return what is in it then.

    A schema of a database that holds only the runner's tables is the runner's own, and left out, unless it is in
    `beside`: the schemas that the other side has.

    Errors: SourceError where the server refuses a statement of a file; DiffError for a database that cannot be copied.
    """
    match side:
        case SchemaSide(statements=statements):
            _load(statements, session, is_order_free=True)
        case FolderSide(statements=statements):
            _load(statements, session, is_order_free=False)
        case DatabaseSide(url=url, version_table=version_table):
            with connect(url, autocommit=True) as connection:
                found = read_inventory(connection, version_table=version_table)
            found = found.without(found.runner_schemas - beside)
            return settle(session, session.in_its_terms(found)).state
    return session.inventory()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What has been done to a database, and what is in it now."""

    steps: tuple[Step, ...]
    state: Inventory


def settle(session: Session, wanted: Inventory, reconciled: Callable[[Inventory], Inventory] | None = None) -> Settled:
    """Turn what is in a database into `wanted`.

    What a statement makes of its own accord is only known when it has run, such as the names of partitions' indexes;
    so what is still different then is planned for once more. `reconciled` says what is wanted in view of what is there.

    Errors: DiffError.
    """
    steps: tuple[Step, ...] = ()
    state = session.inventory()
    for _ in range(ROUNDS):
        plan = make_plan(state, wanted if reconciled is None else reconciled(state), in_one_transaction=True)
        if not plan.steps:
            break
        run_plan(plan, session)
        steps += plan.steps
        state = session.inventory()
    return Settled(steps=steps, state=state)


def run_plan(plan: Plan, session: Session) -> None:
    """Run a plan: in one transaction, unless something in it is for the owner of the server.

    Errors: DiffError with the statement that the server refused.
    """
    run_statements([statement.sql for statement in plan.statements], session, in_transaction=True)


def run_statements(statements: Sequence[str], session: Session, *, in_transaction: bool) -> None:
    """Run statements of a plan: in a transaction, unless some are for the owner of the server.

    Errors: DiffError with the statement that the server refused.
    """
    in_transaction = in_transaction and bool(statements) and not any(map(session.needs_owner, statements))
    with time_limit(session.connection, TIME_LIMIT_S):
        if in_transaction:
            session.connection.execute("BEGIN")
        for text in statements:
            try:
                session.run(text)
            except psycopg.Error as error:
                session.connection.rollback()
                raise plan_failure(text, error) from error
        if in_transaction:
            session.connection.execute("COMMIT")


def plan_failure(statement: str, error: psycopg.Error) -> DiffError:
    """Return the error for a statement of a plan that the server refused."""
    return DiffError(
        f"a statement of the plan fails: {error.diag.message_primary}\n{statement};",
        help="the plan is wrong: please report the two schemas; until then write this change by hand",
    )


def _load(statements: Sequence[SourceStatement], session: Session, *, is_order_free: bool) -> None:
    with time_limit(session.connection, TIME_LIMIT_S):
        waiting = list(_failures(statements, session, stops=not is_order_free))
        while waiting:
            retried = [failure.statement for failure in waiting if failure.error.sqlstate in MAY_COME_LATER]
            final = [failure for failure in waiting if failure.error.sqlstate not in MAY_COME_LATER]
            still = [*final, *(_failures(retried, session, stops=False) if is_order_free else ())]
            if len(still) == len(waiting) or not is_order_free:
                raise SourceError(explain_failures(waiting, session.owner.connection), exit_code=EXIT_SERVER_REFUSED)
            waiting = still


def _failures(statements: Iterable[SourceStatement], session: Session, *, stops: bool) -> Iterable[Failure]:
    """Run statements and yield those that fail."""
    for statement in statements:
        try:
            session.run(statement.text)
        except psycopg.Error as error:
            yield Failure(statement, error)
            if stops or session.connection.info.transaction_status is TransactionStatus.INERROR:
                return
        except SourceError as error:
            location = statement.location(length=len(statement.text))
            raise SourceError([replace(finding, location=location) for finding in error.findings]) from error
