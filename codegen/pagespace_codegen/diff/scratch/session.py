"""A scratch database and the two roles that run statements in it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final

import psycopg
from psycopg import Connection, sql

from pagespace_codegen.catalog.privileged import ALLOWED_EXTENSIONS, AsOwner, AsPlainRole, Skipped
from pagespace_codegen.diff.inventory.model import Inventory
from pagespace_codegen.diff.inventory.read import read_inventory
from pagespace_codegen.diff.inventory.versions import in_common_terms
from pagespace_codegen.diff.scratch.owner import Owner, connect_owner
from pagespace_codegen.diff.scratch.roles import granted_by_owner, mentioned_roles, roles_made_in
from pagespace_codegen.diff.scratch.treatment import (
    AsOwnerVerbatim,
    IfHarmless,
    MakesExtension,
    MakesLeakproof,
    MakesRole,
    Refused,
    full_treatment,
)
from pagespace_codegen.diff.scratch.wrapper import MakesWrapper, WrapperCode
from pagespace_db.connect import connect
from pagespace_db.embedded import Server
from pagespace_db.embedded.databases import scratch_database
from pagespace_db.errors import Finding, SourceError
from pagespace_db.migrate.state import DEFAULT_TABLE
from pagespace_db.sqltext import leading_words

_MAPPING_OPTIONS: Final = """
SELECT m.umid, (SELECT jsonb_object_agg(quote_ident(option_name), quote_literal(option_value))
                  FROM pg_options_to_table(m.umoptions))
  FROM pg_user_mappings m WHERE m.umid = ANY (%s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A scratch database to load something into.

    Attributes:
        connection: As the plain role that owns everything, in autocommit.
        owner: As the owner of the server.
        made_roles: Roles that were made for statements that name them; they go when the database has gone.
        wrapper_code: What the wrappers of foreign data would have.
        compared_with: The versions of other servers whose databases are compared with this one.
        version_table: The runner's, which is left out: `table` or `schema.table`.
    """

    connection: Connection[Any]
    owner: Owner
    made_roles: list[str] = field(default_factory=list[str])
    wrapper_code: WrapperCode = field(default_factory=lambda: WrapperCode({}))
    compared_with: frozenset[int] = frozenset()
    version_table: str = DEFAULT_TABLE

    @property
    def database(self) -> str:
        """The name of the database."""
        return self.connection.info.dbname

    def run(self, statement: str) -> None:
        """Run a statement as the role that may do so.

        Errors: psycopg's; SourceError for what is not supported.
        """
        plain_role = self.connection.info.user
        statement = granted_by_owner(statement, owner=self.owner.connection.info.user, plain_role=plain_role)
        how = full_treatment(statement, plain_role)
        match how:
            case Skipped():
                pass
            case Refused(what):
                raise SourceError([Finding(message=f"the diff does not know how to handle {what}", code="unsupported")])
            case MakesRole(role):
                self._make_role(role)
            case AsOwner(queries):
                self.owner.run(queries, search_path=self._search_path())
            case AsOwnerVerbatim(text, then):
                self._run_verbatim(text)
                self.owner.run(then, search_path=self._search_path())
            case MakesExtension(query):
                self.owner.make_extension(
                    query,
                    search_path=self._search_path(),
                    plain_role=self.connection.info.user,
                    harmless=ALLOWED_EXTENSIONS,
                )
            case MakesLeakproof(text):
                self._make_leakproof(text)
            case MakesWrapper():
                self._make_wrapper(how)
            case IfHarmless():
                self._run_if_harmless(statement)
            case AsPlainRole():
                self._run_plain(statement)

    def needs_owner(self, statement: str) -> bool:
        """Tell whether a statement is run on the owner's connection, and so in a transaction of its own."""
        how = full_treatment(statement, self.connection.info.user)
        return isinstance(how, IfHarmless | AsOwner | AsOwnerVerbatim | MakesExtension | MakesLeakproof | MakesWrapper)

    def inventory(self) -> Inventory:
        """Return what is in the database."""
        self.connection.execute("RESET ALL")
        inventory = read_inventory(self.connection, version_table=self.version_table)
        if any(item.kind == "range" for item in inventory.objects):
            self.owner.give_constructors(self.connection.info.user)
        return self.in_its_terms(self._with_mappings(self.wrapper_code.added_to(inventory, self.owner.connection)))

    def in_its_terms(self, inventory: Inventory) -> Inventory:
        """Return an inventory as it can be compared with those of other servers."""
        return in_common_terms(inventory, self.compared_with | {self.connection.info.server_version})

    def _with_mappings(self, inventory: Inventory) -> Inventory:
        """Return an inventory with the options of user mappings, which only a superuser sees of other roles."""
        mappings = {item.address.oid: item for item in inventory.objects if item.kind == "user mapping"}
        if not mappings:
            return inventory
        rows = self.owner.connection.execute(_MAPPING_OPTIONS, (list(mappings),)).fetchall()
        return inventory.replacing(
            {
                mappings[oid].key: replace(mappings[oid], facts=mappings[oid].facts.but(options=options))
                for oid, options in rows
                if options is not None
            }
        )

    def _make_wrapper(self, how: MakesWrapper) -> None:
        oids = self.wrapper_code.resolve(how.code, self.connection)
        if how.text:
            self.owner.run_verbatim(how.text, search_path=self._search_path())
        self.owner.run(how.then, search_path=self._search_path())
        self.wrapper_code.record(how, oids)

    def _run_if_harmless(self, statement: str) -> None:
        try:
            self._run_plain(statement)
        except psycopg.errors.InsufficientPrivilege:
            if not self.owner.run_if_harmless(statement, search_path=self._search_path()):
                raise

    def _run_verbatim(self, text: str) -> None:
        try:
            self.owner.run_verbatim(text, search_path=self._search_path())
        except psycopg.errors.UndefinedObject:
            missing = self._missing_roles(text)
            if not missing:
                raise
            for role in missing:
                self._make_role(role)
            self.owner.run_verbatim(text, search_path=self._search_path())

    def _run_plain(self, statement: str) -> None:
        try:
            self.connection.execute(statement.encode())
        except psycopg.errors.DuplicateSchema:  # a dump that makes it says so, and every database has it
            if [*leading_words(statement, 3)] != ["CREATE", "SCHEMA", "PUBLIC"]:
                raise
        except (psycopg.errors.UndefinedObject, psycopg.errors.InsufficientPrivilege) as error:
            is_block = isinstance(error, psycopg.errors.InsufficientPrivilege)
            missing, rest = roles_made_in(statement) if is_block else (self._missing_roles(statement), statement)
            if self.connection.info.transaction_status is psycopg.pq.TransactionStatus.INERROR:
                raise
            if missing:
                for role in missing:
                    self._make_role(role)
                self._run_plain(rest)
            elif not (is_block and self._run_about_extensions(statement)):
                raise

    def _run_about_extensions(self, statement: str) -> bool:
        """Run what the plain role may not do, and return whether that was done: comments and privileges.

        They are about what extensions brought. Privileges on all that is in a schema concern the plain role, too.
        """
        match leading_words(statement, 1):
            case ("COMMENT",):
                self.owner.run_verbatim(statement, search_path=self._search_path())
                return True
            case ("GRANT",) | ("REVOKE",):
                role = self.connection.info.user
                return self.owner.run_privileges(
                    statement, search_path=self._search_path(), plain_role=role, harmless=ALLOWED_EXTENSIONS
                )
            case _:
                return False

    def _search_path(self) -> str:
        row = self.connection.execute("SELECT pg_catalog.current_setting('search_path')").fetchone()
        return str(row and row[0])

    def _make_leakproof(self, statement: str) -> None:
        with self.connection.transaction():
            self._run_plain(statement)
            self.connection.execute("SET LOCAL search_path = pg_catalog")
            made = self.connection.execute("SELECT oid FROM pg_proc WHERE xmin = pg_current_xact_id()::xid").fetchall()
        for (oid,) in made:
            self.owner.make_leakproof(int(oid))

    def _missing_roles(self, statement: str) -> list[str]:
        names = mentioned_roles(statement)
        known = {row[0] for row in self.owner.connection.execute("SELECT rolname FROM pg_roles")}
        return [name for name in names if name not in known and not name.startswith("pg_")]

    def _make_role(self, role: str) -> None:
        if self.owner.connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,)).fetchone() is None:
            with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):  # another was first
                self.owner.connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
                self.made_roles.append(role)


@contextmanager
def scratch_session(
    server: Server | str, *, compared_with: frozenset[int] = frozenset(), version_table: str = DEFAULT_TABLE
) -> Generator[Session]:
    """Yield a session in an empty database, which is dropped afterwards.

    `compared_with` are the versions of other servers, as libpq's numbers, whose databases are compared with this one.
    """
    made_roles: list[str] = []
    with ExitStack() as stack:
        stack.callback(_drop_roles, server, made_roles)
        database = stack.enter_context(scratch_database(server))
        connection = stack.enter_context(connect(database.conninfo, autocommit=True))
        owner = connect_owner(
            database.admin_conninfo,
            server_version=connection.info.server_version,
            is_guarded=database.is_plain,
        )
        stack.enter_context(owner.connection)
        if database.is_plain and connection.info.server_version < 15_00_00:  # later it is the database owner's
            role = sql.Identifier(connection.info.user)
            owner.connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(role))
        yield Session(
            connection=connection,
            owner=owner,
            made_roles=made_roles,
            compared_with=compared_with,
            version_table=version_table,
        )


def _drop_roles(server: Server | str, roles: Sequence[str]) -> None:
    if not roles:
        return
    with connect(server.url() if isinstance(server, Server) else server, autocommit=True) as admin:
        for role in roles:
            with suppress(psycopg.errors.DependentObjectsStillExist, psycopg.errors.UndefinedObject):
                admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))
