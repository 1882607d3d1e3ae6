"""What the owner of a scratch server does for a schema that is not trusted: nothing of the schema's own runs meanwhile.

Event triggers of the schema would run their functions with the owner's rights, and so would operators that the schema
puts where the owner's own queries look for theirs. Extensions that reach files or the network are made, so that they
can be compared, and are out of reach for a role without rights.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from psycopg import Connection, Rollback, sql
from psycopg.abc import Query
from psycopg.conninfo import make_conninfo

from pagespace_db.connect import connect
from pagespace_db.sqltext import leading_words

_LOGIN_TRIGGERS_SINCE: Final = 17_00_00
_FIRING_FOR_REPLICAS: Final = {"A": sql.SQL("ALWAYS"), "R": sql.SQL("REPLICA")}
_MEMBERS: Final = """
SELECT format(CASE d.classid
                  WHEN 'pg_proc'::regclass THEN 'REVOKE ALL ON ROUTINE %%s FROM PUBLIC'
                  WHEN 'pg_class'::regclass THEN 'REVOKE ALL ON %%s FROM PUBLIC'
                  ELSE 'ALTER FOREIGN DATA WRAPPER %%s NO HANDLER NO VALIDATOR' END,
              CASE d.classid WHEN 'pg_proc'::regclass THEN d.objid::regprocedure::text
                             WHEN 'pg_class'::regclass THEN d.objid::regclass::text
                             ELSE quote_ident(w.fdwname) END),
       w.fdwname
  FROM pg_depend d
  JOIN pg_extension e ON e.oid = d.refobjid
  LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
  LEFT JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
  LEFT JOIN pg_foreign_data_wrapper w ON d.classid = 'pg_foreign_data_wrapper'::regclass AND w.oid = d.objid
 WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname <> ALL (%s::name[])
   AND (c.relkind IN ('r', 'v', 'm', 'f', 'p') OR p.oid IS NOT NULL OR w.oid IS NOT NULL)
"""
_CONSTRUCTORS: Final = """
SELECT format('ALTER FUNCTION %%s OWNER TO %%I', p.oid::regprocedure, %s::text)
  FROM pg_depend d
  JOIN pg_type t ON t.oid = d.refobjid AND t.typowner = %s::regrole
  JOIN pg_proc p ON p.oid = d.objid AND p.proowner <> %s::regrole
 WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_type'::regclass AND d.deptype = 'i'
"""
_CATALOG_TYPES: Final = """
SELECT coalesce(e.oid, t.oid), t.oid
  FROM pg_type t
  LEFT JOIN pg_type e ON e.typarray = t.oid
 WHERE coalesce(e.typtype, t.typtype) = 'p'
    OR coalesce(e.typnamespace, t.typnamespace) = 'pg_catalog'::regnamespace
       AND coalesce(e.typname, t.typname) ~ '^(reg.*|oid.*|name|char|[xtc]id|xid8|int2vector|aclitem|pg_.*)$'
"""
_NEW_CASTS: Final = "SELECT castsource, casttarget, castmethod = 'b' FROM pg_cast WHERE NOT (oid = ANY (%s))"
_CHANGED_OF_THE_SERVER: Final = """
SELECT FROM pg_proc WHERE oid < 16384 AND xmin = pg_current_xact_id()::xid
UNION ALL SELECT FROM pg_class WHERE oid < 16384 AND xmin = pg_current_xact_id()::xid
UNION ALL SELECT FROM pg_type WHERE oid < 16384 AND xmin = pg_current_xact_id()::xid
UNION ALL SELECT FROM pg_language WHERE oid < 16384 AND xmin = pg_current_xact_id()::xid
UNION ALL SELECT FROM pg_namespace WHERE oid < 16384 AND nspname <> 'public' AND xmin = pg_current_xact_id()::xid
UNION ALL SELECT FROM pg_attribute WHERE attrelid < 16384 AND xmin = pg_current_xact_id()::xid
"""
_ODD: Final = """
SELECT FROM pg_ts_parser p
 WHERE p.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_depend d
                    WHERE d.classid = 'pg_ts_parser'::regclass AND d.objid = p.oid AND d.deptype = 'e')
   AND NOT EXISTS (SELECT FROM pg_ts_parser q
                    WHERE q.oid < 16384 AND (q.prsstart, q.prstoken, q.prsend, q.prslextype)
                                          = (p.prsstart, p.prstoken, p.prsend, p.prslextype)
                      AND p.prsheadline IN (q.prsheadline, 0))
UNION ALL
SELECT FROM pg_ts_template p
 WHERE p.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_depend d
                    WHERE d.classid = 'pg_ts_template'::regclass AND d.objid = p.oid AND d.deptype = 'e')
   AND NOT EXISTS (SELECT FROM pg_ts_template q
                    WHERE q.oid < 16384 AND (q.tmplinit, q.tmpllexize) = (p.tmplinit, p.tmpllexize))
UNION ALL
SELECT FROM pg_am a
 WHERE a.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_am'::regclass AND d.objid = a.oid AND d.deptype = 'e')
   AND NOT EXISTS (SELECT FROM pg_am b WHERE b.oid < 16384 AND (b.amhandler, b.amtype) = (a.amhandler, a.amtype))
UNION ALL
SELECT FROM pg_transform t JOIN pg_language l ON l.oid = t.trflang
 WHERE l.lanname NOT IN ('plpgsql', 'sql')
   AND NOT EXISTS (SELECT FROM pg_depend d
                    WHERE d.classid = 'pg_transform'::regclass AND d.objid = t.oid AND d.deptype = 'e')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The owner's connection to a scratch database.

    Attributes:
        connection: In autocommit; it looks for names in pg_catalog alone.
        is_guarded: Whether the owner has rights that the schema must not get at: it is a superuser, and another role
            runs the schema.
    """

    connection: Connection[Any]
    is_guarded: bool

    def run(self, statements: Iterable[Query], *, search_path: str) -> None:
        """Run statements of our own making, in one transaction."""
        with self._undisturbed(search_path):
            for statement in statements:
                self.connection.execute(statement)

    def run_verbatim(self, statement: str, *, search_path: str) -> None:
        """Run one statement of a schema, as it is."""
        is_about_triggers = "EVENT" in leading_words(statement, 3)  # that fires none, and may enable or drop one
        with self._undisturbed(search_path, is_quiet=is_about_triggers):
            self.connection.execute(statement.encode(), prepare=True)  # prepared: one statement, whatever it holds

    def make_leakproof(self, function_oid: int) -> None:
        """Say of a function, which another role owns, that it is leakproof: only a superuser may say so."""
        with self._undisturbed("pg_catalog"):
            row = self.connection.execute(
                "SELECT format('ALTER FUNCTION %%s LEAKPROOF', p.oid::regprocedure) FROM pg_proc p "
                "WHERE p.oid = %s AND p.proowner <> current_user::regrole",
                (function_oid,),
            ).fetchone()
            if row is not None:
                self.connection.execute(str(row[0]).encode())

    def run_if_harmless(self, statement: str, *, search_path: str) -> bool:
        """Run a statement, and return whether that was done: not when it makes something that could do harm.

        That is a cast which the owner's queries could come across, or which takes bytes for what they are not; a text
        search parser, a template or an access method whose functions are not those of one that the server brings; and a
        transform for a language that would call it.
        """
        is_done = False
        with self._undisturbed(search_path):
            catalog_types = {oid for row in self.connection.execute(_CATALOG_TYPES).fetchall() for oid in row}
            known = [row[0] for row in self.connection.execute("SELECT oid FROM pg_cast").fetchall()]
            with self.connection.transaction():
                self.connection.execute(statement.encode(), prepare=True)
                self.connection.execute("SET LOCAL search_path = pg_catalog")
                casts = self.connection.execute(_NEW_CASTS, (known,)).fetchall()
                is_harmful = any({source, target} & catalog_types or is_binary for source, target, is_binary in casts)
                if is_harmful or self.connection.execute(_ODD).fetchone() is not None:
                    raise Rollback
                is_done = True
        return is_done

    def make_extension(self, statement: Query, *, search_path: str, plain_role: str, harmless: Iterable[str]) -> None:
        """Make an extension; it, and what comes along, is put out of reach unless it is one of `harmless`."""
        with self._undisturbed(search_path):
            self.connection.execute(statement)
            self._put_out_of_reach(plain_role, harmless)

    def run_privileges(self, statement: str, *, search_path: str, plain_role: str, harmless: Iterable[str]) -> bool:
        """Run GRANT or REVOKE, and return whether that was done: not when it is about what the server itself brings.

        What was out of reach is so afterwards.
        """
        is_done = False
        with self._undisturbed(search_path):  # no savepoint in it: `xmin` is asked for
            self.connection.execute(statement.encode(), prepare=True)
            self._put_out_of_reach(plain_role, harmless)
            is_done = self.connection.execute(_CHANGED_OF_THE_SERVER).fetchone() is None
            if not is_done:
                raise Rollback
        return is_done

    def _put_out_of_reach(self, plain_role: str, harmless: Iterable[str]) -> None:
        self.connection.execute("SET LOCAL search_path = pg_catalog")
        for command, wrapper in self.connection.execute(_MEMBERS, (list(harmless),)).fetchall():
            self.connection.execute(str(command).encode())
            if wrapper is not None:
                self.connection.execute(
                    sql.SQL("GRANT USAGE ON FOREIGN DATA WRAPPER {} TO {}").format(
                        sql.Identifier(wrapper), sql.Identifier(plain_role)
                    )
                )

    def give_constructors(self, plain_role: str) -> None:
        """Make the owner of each range type that of its constructors, too: the server makes them its own superuser's.

        They must be renamed when a range is made anew.
        """
        with self._undisturbed("pg_catalog"):
            for (command,) in self.connection.execute(_CONSTRUCTORS, (plain_role, plain_role, plain_role)).fetchall():
                self.connection.execute(str(command).encode())

    @contextmanager
    def _undisturbed(self, search_path: str, *, is_quiet: bool = False) -> Generator[None]:
        """Open a transaction in which names are looked for in `search_path`, and no event trigger fires.

        Those for replicas do, so they are disabled meanwhile, unless what is done is quiet by itself.
        """
        with self.connection.transaction():
            firing = self._firing_triggers() if self.is_guarded and not is_quiet else []
            for name, _ in firing:
                self.connection.execute(sql.SQL("ALTER EVENT TRIGGER {} DISABLE").format(sql.Identifier(name)))
            self.connection.execute("SELECT set_config('search_path', %s, true)", (search_path,))
            yield
            self.connection.execute("SET LOCAL search_path = pg_catalog")
            still_off = {name for name, state in self._triggers() if state == "D"}
            for name, state in firing:
                if name in still_off:
                    how = _FIRING_FOR_REPLICAS[state]
                    self.connection.execute(
                        sql.SQL("ALTER EVENT TRIGGER {} ENABLE {}").format(sql.Identifier(name), how)
                    )

    def _firing_triggers(self) -> list[tuple[str, str]]:
        """Return the event triggers that fire although the session says it is a replica, and how they are enabled."""
        return [(name, state) for name, state in self._triggers() if state in _FIRING_FOR_REPLICAS]

    def _triggers(self) -> list[tuple[str, str]]:
        rows = self.connection.execute("SELECT evtname, evtenabled::text FROM pg_event_trigger")
        return [(str(name), str(state)) for name, state in rows.fetchall()]


def connect_owner(conninfo: str, *, server_version: int, is_guarded: bool) -> Owner:
    """Return the owner's connection to a scratch database, to be closed by the caller."""
    if is_guarded and server_version >= _LOGIN_TRIGGERS_SINCE:
        conninfo = make_conninfo(conninfo, options="-c event_triggers=off")
    connection = connect(conninfo, autocommit=True)
    connection.execute("SET search_path = pg_catalog")
    if is_guarded:
        connection.execute("SET session_replication_role = replica")
    return Owner(connection=connection, is_guarded=is_guarded)
