"""Throw-away databases on any server: made fresh, dropped at the end, and swept up when their maker was killed.

The maker of a database holds an advisory lock on its name for as long as it lives. Whoever gets that lock knows that
the maker is gone, be it on this machine or on another one, and may drop the database. No process id is trusted: it
means nothing on another machine or in another container. As advisory locks belong to the database one is connected to,
its oid is part of the name, and only makers connected to that database sweep it up.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Final

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from pagespace_db.connect import DEFAULT_TIMEOUT_S, connect, with_database
from pagespace_db.embedded.cluster import PLAIN_ROLE, Server, ensure_plain_role

_NAME: Final = re.compile(r"pagespace_tmp_\d+_[0-9a-f]{12}")
_LOCK_CLASS: Final = 0x70675F74
"""The first key of our advisory locks; the second one is a hash of the name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScratchDatabase:
    """An empty database, and the two ways into it.

    Attributes:
        name: Its name.
        conninfo: As its owner: a plain role, for SQL that is not trusted.
        admin_conninfo: As the role that made it, for what a plain role may not do, such as creating extensions.
        is_plain: False when the server gave us no plain role, and both ways are the same.
    """

    name: str
    conninfo: str
    admin_conninfo: str
    is_plain: bool


@contextmanager
def fresh_database(server: Server | str, *, template: str | None = None) -> Generator[str]:
    """Yield the URL of a new database, a copy of `template` or empty, and drop it afterwards.

    `server` is a server of ours, or the URL of any database whose role may create others.
    """
    conninfo = server.url() if isinstance(server, Server) else server
    with _connected(conninfo) as admin, _created(admin, template=template, owner=None) as name:
        yield with_database(conninfo, name)


@contextmanager
def scratch_database(
    server: Server | str, *, template: str | None = None, statement_timeout_ms: int = 60_000
) -> Generator[ScratchDatabase]:
    """Yield a new database whose owner is a plain role, and drop it afterwards.

    On a scratch server of ours that role is `pagespace_scratch`. On another server a role is made for the occasion, if
    ours there is a superuser and the new one can log in; otherwise the database belongs to the role we were given.
    `statement_timeout_ms` is the default of every session in it.
    """
    conninfo = server.url() if isinstance(server, Server) else server
    with _connected(conninfo) as admin, ExitStack() as stack:
        if isinstance(server, Server):
            ensure_plain_role(admin)
        login = stack.enter_context(_plain_role(admin, conninfo))
        role = None if login is None else login.role
        with _created(admin, template=template, owner=role) as name:
            admin.execute(
                sql.SQL("ALTER DATABASE {} SET statement_timeout = {}").format(
                    sql.Identifier(name), sql.Literal(statement_timeout_ms)
                )
            )
            admin_conninfo = with_database(conninfo, name)
            yield ScratchDatabase(
                name=name,
                conninfo=admin_conninfo if login is None else login.conninfo(conninfo, name),
                admin_conninfo=admin_conninfo,
                is_plain=login is not None,
            )


def ensure_database(server: Server) -> str:
    """Create the database that the URL of `server` names, unless it is there; return that URL."""
    name = server.cluster.database
    with connect(server.url("postgres"), autocommit=True) as admin:
        if _value(admin, "SELECT 1 FROM pg_database WHERE datname = %s", (name,)) is None:
            with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):  # another was first
                admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return server.url()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Login:
    """A plain role; on a server that is not ours it has a password."""

    role: str
    password: str | None = None

    def conninfo(self, conninfo: str, database: str) -> str:
        return with_database(conninfo, database, user=self.role, password=self.password)


@contextmanager
def _plain_role(admin: psycopg.Connection[TupleRow], conninfo: str) -> Generator[_Login | None]:
    """Yield a role without any rights that can log in, or None where there is none and none can be made."""
    settings = _value(
        admin, "SELECT coalesce(rolconfig, '{}') FROM pg_roles WHERE rolname = %s AND NOT rolsuper", (PLAIN_ROLE,)
    )
    if settings is not None:
        if settings:  # a role may keep settings for itself, also those that would spoil the next session
            admin.execute(sql.SQL("ALTER ROLE {} RESET ALL").format(sql.Identifier(PLAIN_ROLE)))
        yield _Login(role=PLAIN_ROLE)
        return
    if _value(admin, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is not True:
        yield None
        return
    login = _Login(role=_new_name(admin), password=secrets.token_urlsafe(24))
    with _held(admin, login.role):
        encrypted = admin.pgconn.encrypt_password(str(login.password).encode(), login.role.encode(), b"scram-sha-256")
        admin.execute(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
                sql.Identifier(login.role), sql.Literal(encrypted.decode())
            )
        )
        try:
            yield login if _can_log_in(login.conninfo(conninfo, admin.info.dbname)) else None
        finally:
            admin.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(login.role)))


def _can_log_in(conninfo: str) -> bool:
    try:
        psycopg.connect(conninfo, connect_timeout=DEFAULT_TIMEOUT_S).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def _connected(conninfo: str) -> Generator[psycopg.Connection[TupleRow]]:
    """Yield a connection that makes databases, after the sweep: it does not see its own locks as taken."""
    with connect(conninfo, autocommit=True, application_name="pagespace-db scratch") as admin:
        _sweep(admin)
        yield admin


def _prefix(admin: psycopg.Connection[TupleRow]) -> str:
    oid = _value(admin, "SELECT oid FROM pg_database WHERE datname = current_database()")
    return f"pagespace_tmp_{oid}_"


def _new_name(admin: psycopg.Connection[TupleRow]) -> str:
    return _prefix(admin) + secrets.token_hex(6)


@contextmanager
def _held(admin: psycopg.Connection[TupleRow], name: str) -> Generator[None]:
    """Hold the lock that keeps others from sweeping up `name`; it ends with our connection at the latest."""
    admin.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", (_LOCK_CLASS, name))
    try:
        yield
    finally:
        admin.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", (_LOCK_CLASS, name))


@contextmanager
def _created(admin: psycopg.Connection[TupleRow], *, template: str | None, owner: str | None) -> Generator[str]:
    name = _new_name(admin)
    clauses: list[sql.Composable] = [sql.SQL("TEMPLATE {}").format(sql.Identifier(template or "template0"))]
    if owner is not None:
        clauses.append(sql.SQL("OWNER {}").format(sql.Identifier(owner)))
    if admin.info.server_version >= 15_00_00 and _value(admin, "SHOW fsync") == "off":
        clauses.append(sql.SQL("STRATEGY file_copy"))  # two checkpoints: dear with fsync, half the time without
    with _held(admin, name):
        try:
            admin.execute(sql.SQL("CREATE DATABASE {} {}").format(sql.Identifier(name), sql.SQL(" ").join(clauses)))
            yield name
        finally:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _sweep(admin: psycopg.Connection[TupleRow]) -> None:
    """Drop the databases and roles whose maker is gone, except what is in use or not ours to drop."""
    listed = admin.execute(
        "SELECT datname, 'DATABASE' FROM pg_database WHERE starts_with(datname, %(prefix)s) "
        "UNION ALL SELECT rolname, 'ROLE' FROM pg_roles WHERE starts_with(rolname, %(prefix)s) ORDER BY 2, 1",
        {"prefix": _prefix(admin)},
    ).fetchall()
    for name, kind in ((str(row[0]), str(row[1])) for row in listed):
        key = (_LOCK_CLASS, name)
        if not _NAME.fullmatch(name) or not _value(admin, "SELECT pg_try_advisory_lock(%s, hashtext(%s))", key):
            continue
        drop = sql.SQL("DROP DATABASE IF EXISTS {}" if kind == "DATABASE" else "DROP ROLE IF EXISTS {}")
        try:
            admin.execute(drop.format(sql.Identifier(name)))
        except (
            psycopg.errors.DependentObjectsStillExist,
            psycopg.errors.InsufficientPrivilege,
            psycopg.errors.ObjectInUse,
        ):
            continue
        finally:
            admin.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", key)


def _value(admin: psycopg.Connection[TupleRow], query: str, parameters: tuple[object, ...] = ()) -> object:
    row = admin.execute(query.encode(), parameters).fetchone()
    return None if row is None else row[0]
