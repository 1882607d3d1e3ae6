"""schema.sql -> a scratch database with the schema loaded, on a server that is never the application's own."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from psycopg import Connection

from pagespace_codegen.catalog.load import load
from pagespace_codegen.catalog.privileged import required_extension
from pagespace_codegen.catalog.source import SourceStatement, load_schema
from pagespace_codegen.catalog.stand_ins import STAND_INS
from pagespace_db.connect import connect
from pagespace_db.embedded import scratch_server
from pagespace_db.embedded.databases import scratch_database
from pagespace_db.errors import ConfigError
from pagespace_db.settings import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedSchema:
    """A scratch database that holds a schema.

    Attributes:
        connection: As the plain role that owns everything in it, in autocommit.
        statements: The schema, to find the place of an object in.
    """

    connection: Connection[Any]
    statements: tuple[SourceStatement, ...]


@contextmanager
def loaded_schema(project: Project, server_url: str | None = None) -> Generator[LoadedSchema]:
    """Yield the project's schema, loaded into a scratch database which is dropped afterwards.

    `server_url` names a server that lets us create databases; without it the embedded scratch server is used.

    Errors: SourceError for what is wrong with the schema, ConfigError when there is none, DatabaseUnavailable.
    """
    statements = load_schema(project.schema, project.root)
    with loaded_statements(statements, server_url) as connection:
        yield LoadedSchema(connection=connection, statements=statements)


@contextmanager
def loaded_statements(
    statements: Sequence[SourceStatement], server_url: str | None = None
) -> Generator[Connection[Any]]:
    """Yield a connection to a scratch database that holds these statements, as `loaded_schema` does."""
    with ExitStack() as stack:
        needed = extensions_of(statements) - STAND_INS
        server = server_url or stack.enter_context(scratch_server(extensions=needed))
        database = stack.enter_context(scratch_database(server))
        owner = stack.enter_context(connect(database.admin_conninfo, autocommit=True))
        if not database.is_plain:
            _refuse_superuser(owner)
        connection = stack.enter_context(connect(database.conninfo, autocommit=True))
        load(statements, connection, owner)
        connection.execute("RESET ALL")
        yield connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """A schema that another thread has begun to load.

    Attributes:
        statements: The schema.
        wait: Waits for the connection to the database that holds it; raises what `loaded_schema` raises.
    """

    statements: tuple[SourceStatement, ...]
    wait: Callable[[], Connection[Any]]


@contextmanager
def loading_schema(project: Project, server_url: str | None = None) -> Generator[Loading]:
    """Yield the project's schema while it is being loaded: the server takes a while, which is time for other things.

    Errors: ConfigError when there is no schema, SourceError when it cannot be split; the rest comes with the wait.
    """
    statements = load_schema(project.schema, project.root)
    with ExitStack() as stack, ThreadPoolExecutor(max_workers=1) as thread:
        loading = thread.submit(lambda: stack.enter_context(loaded_statements(statements, server_url)))
        yield Loading(statements=statements, wait=loading.result)


def _refuse_superuser(owner: Connection[Any]) -> None:
    row = owner.execute("SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user").fetchone()
    if row is not None and row[0]:
        raise ConfigError(
            f"a schema never runs as a superuser, and {owner.info.host} lets no other role log in",
            help="let one in by pg_hba.conf, name a role that is no superuser, or use the embedded server",
        )


def extensions_of(statements: Sequence[SourceStatement]) -> frozenset[str]:
    """Return the extensions that a schema creates: they decide which binaries can serve it."""
    return frozenset(name for statement in statements if (name := required_extension(statement.text)) is not None)
