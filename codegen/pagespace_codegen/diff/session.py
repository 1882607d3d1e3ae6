"""A scratch database and the two roles that run statements in it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg
from psycopg import Connection, sql

from pagespace_codegen.catalog.privileged import AsOwner, AsPlainRole, Refused, Skipped
from pagespace_codegen.diff.inventory.model import Inventory
from pagespace_codegen.diff.inventory.read import read_inventory
from pagespace_codegen.diff.treatment import AsOwnerVerbatim, MakesRole, full_treatment, mentioned_roles
from pagespace_db.connect import connect
from pagespace_db.embedded import Server
from pagespace_db.embedded.databases import scratch_database
from pagespace_db.errors import Finding, SourceError

_UNDEFINED_OBJECT: Final = "42704"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A scratch database to load something into.

    Attributes:
        connection: As the plain role that owns everything, in autocommit.
        owner: As the owner of the server. Event triggers of the schema do not fire in this session, because their
            functions would run with its rights.
        made_roles: Roles that were made for statements that name them; they go when the database has gone.
    """

    connection: Connection[Any]
    owner: Connection[Any]
    made_roles: list[str] = field(default_factory=list[str])

    @property
    def database(self) -> str:
        """The name of the database."""
        return self.connection.info.dbname

    def run(self, statement: str) -> None:
        """Run a statement as the role that may do so.

        Errors: psycopg's; SourceError for an extension that is not allowed.
        """
        how = full_treatment(statement, self.connection.info.user)
        match how:
            case Skipped():
                pass
            case Refused(extension):
                message = (
                    f"the extension `{extension}` is not on the list of those that may be created in a scratch database"
                )
                raise SourceError([Finding(message=message, code="extension")])
            case MakesRole(role):
                self._make_role(role)
            case AsOwner(queries):
                for query in queries:
                    self.owner.execute(query)
            case AsOwnerVerbatim():
                self.owner.execute(statement.encode(), prepare=True)  # prepared: one statement, whatever it holds
            case AsPlainRole():
                self._run_plain(statement)

    def needs_owner(self, statement: str) -> bool:
        """Tell whether a statement is run on the owner's connection, and so in a transaction of its own."""
        how = full_treatment(statement, self.connection.info.user)
        return isinstance(how, AsOwner | AsOwnerVerbatim)

    def inventory(self) -> Inventory:
        """Return what is in the database."""
        self.connection.execute("RESET ALL")
        return read_inventory(self.connection)

    def _run_plain(self, statement: str) -> None:
        try:
            self.connection.execute(statement.encode())
        except psycopg.errors.UndefinedObject:
            missing = self._missing_roles(statement)
            if not missing or self.connection.info.transaction_status is psycopg.pq.TransactionStatus.INERROR:
                raise
            for role in missing:
                self._make_role(role)
            self.connection.execute(statement.encode())

    def _missing_roles(self, statement: str) -> list[str]:
        names = mentioned_roles(statement)
        known = {row[0] for row in self.owner.execute("SELECT rolname FROM pg_roles")}
        return [name for name in names if name not in known and not name.startswith("pg_")]

    def _make_role(self, role: str) -> None:
        if self.owner.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,)).fetchone() is None:
            with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):  # another was first
                self.owner.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
                self.made_roles.append(role)


@contextmanager
def scratch_session(server: Server | str) -> Generator[Session]:
    """Yield a session in an empty database, which is dropped afterwards."""
    made_roles: list[str] = []
    with ExitStack() as stack:
        stack.callback(_drop_roles, server, made_roles)
        database = stack.enter_context(scratch_database(server))
        owner = stack.enter_context(connect(database.admin_conninfo, autocommit=True))
        connection = stack.enter_context(connect(database.conninfo, autocommit=True))
        if database.is_plain:
            owner.execute("SET session_replication_role = replica")
        yield Session(connection=connection, owner=owner, made_roles=made_roles)


def _drop_roles(server: Server | str, roles: Sequence[str]) -> None:
    if not roles:
        return
    with connect(server.url() if isinstance(server, Server) else server, autocommit=True) as admin:
        for role in roles:
            with suppress(psycopg.errors.DependentObjectsStillExist, psycopg.errors.UndefinedObject):
                admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))
