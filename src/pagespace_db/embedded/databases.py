"""Throw-away databases on any server: made fresh, dropped at the end, and swept up when their maker was killed.

The maker of a database holds an advisory lock on its name, in the database the connection string names, for as long
as it lives. Whoever gets that lock knows that the maker is gone, be it on this machine or on another one, and may drop
the database. No process id is trusted: it means nothing on another machine or in another container.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from pagespace_db.connect import connect, with_database
from pagespace_db.embedded.cluster import PLAIN_ROLE, Server

_PREFIX: Final = "pagespace_tmp_"
_NAME: Final = re.compile(rf"{_PREFIX}\d+_[0-9a-f]{{12}}")
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
    with _connect(conninfo) as admin, _created(admin, template=template, owner=None) as name:
        yield with_database(conninfo, name)


@contextmanager
def scratch_database(server: Server | str, *, template: str | None = None) -> Generator[ScratchDatabase]:
    """Yield a new database whose owner is a plain role, and drop it afterwards.

    On a server of ours that role is `pagespace_scratch`. On another one a role is made for the occasion, if ours there
    is a superuser and the server lets the new one in; otherwise the database belongs to the role we were given.
    """
    conninfo = server.url() if isinstance(server, Server) else server
    with _connect(conninfo) as admin:
        if isinstance(server, Server):
            _ensure_plain_role(admin)
            with _created(admin, template=template, owner=PLAIN_ROLE) as name:
                yield ScratchDatabase(
                    name=name,
                    conninfo=server.url(name, user=PLAIN_ROLE),
                    admin_conninfo=server.url(name),
                    is_plain=True,
                )
            return
        with _created(admin, template=template, owner=None) as name:
            same = with_database(conninfo, name)
            yield ScratchDatabase(name=name, conninfo=same, admin_conninfo=same, is_plain=False)


def _connect(conninfo: str) -> psycopg.Connection[TupleRow]:
    return connect(conninfo, autocommit=True, application_name="pagespace-db scratch")


@contextmanager
def _created(admin: psycopg.Connection[TupleRow], *, template: str | None, owner: str | None) -> Generator[str]:
    _sweep(admin)
    name = f"{_PREFIX}{os.getpid()}_{secrets.token_hex(6)}"
    admin.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", (_LOCK_CLASS, name))
    clauses: list[sql.Composable] = [sql.SQL("TEMPLATE {}").format(sql.Identifier(template or "template0"))]
    if owner is not None:
        clauses.append(sql.SQL("OWNER {}").format(sql.Identifier(owner)))
    if admin.info.server_version >= 15_00_00 and _value(admin, "SHOW fsync") == "off":
        clauses.append(sql.SQL("STRATEGY file_copy"))  # two checkpoints: dear with fsync, half the time without
    try:
        admin.execute(sql.SQL("CREATE DATABASE {} {}").format(sql.Identifier(name), sql.SQL(" ").join(clauses)))
        yield name
    finally:
        _drop(admin, name, force=True)


def _drop(admin: psycopg.Connection[TupleRow], name: str, *, force: bool) -> None:
    how = sql.SQL(" WITH (FORCE)") if force else sql.SQL("")
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}{}").format(sql.Identifier(name), how))


def _sweep(admin: psycopg.Connection[TupleRow]) -> None:
    """Drop the databases whose maker is gone, unless somebody is connected."""
    listed = admin.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (_PREFIX,)).fetchall()
    for name in (str(row[0]) for row in listed):
        key = (_LOCK_CLASS, name)
        if _NAME.fullmatch(name) and _value(admin, "SELECT pg_try_advisory_lock(%s, hashtext(%s))", key):
            try:
                _drop(admin, name, force=False)
            except (psycopg.errors.ObjectInUse, psycopg.errors.InsufficientPrivilege):
                pass  # of use to somebody, or another role's
            finally:
                admin.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", key)


def _ensure_plain_role(admin: psycopg.Connection[TupleRow]) -> None:
    if _value(admin, "SELECT 1 FROM pg_roles WHERE rolname = %s", (PLAIN_ROLE,)) is None:
        with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):  # another process was first
            admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(PLAIN_ROLE)))


def _value(admin: psycopg.Connection[TupleRow], query: str, parameters: tuple[object, ...] = ()) -> object:
    row = admin.execute(query.encode(), parameters).fetchone()
    return None if row is None else row[0]
