"""The schema of these tests, and what codegen would write for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal, LiteralString, Never, NotRequired, TypeAlias, TypedDict

from pagespace_db import Column, Expr, NullColumn, Row, Table, View
from pagespace_db.ids import create_id

SCHEMA: Final[LiteralString] = """
CREATE TYPE user_role AS ENUM ('user', 'admin');

CREATE TABLE users (
  id            text PRIMARY KEY,
  name          text NOT NULL,
  email         text NOT NULL UNIQUE,
  bio           text,
  role          user_role NOT NULL DEFAULT 'user',
  token_version integer NOT NULL DEFAULT 0,
  tags          text[] NOT NULL DEFAULT '{}',
  settings      jsonb NOT NULL DEFAULT '{}',
  created_at    timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX users_lower_email ON users (lower(email));

CREATE TABLE drives (
  id         text PRIMARY KEY,
  name       text,                                  -- NULL in a row that exists: "absent" is told by the key
  owner_id   text NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  is_trashed boolean NOT NULL DEFAULT false,
  quota      numeric(20, 4)
);
CREATE UNIQUE INDEX drives_live_name ON drives (owner_id, name) WHERE NOT is_trashed;

CREATE TABLE pages (
  id        text PRIMARY KEY,
  title     text NOT NULL,
  drive_id  text NOT NULL REFERENCES drives (id) ON DELETE CASCADE,
  parent_id text REFERENCES pages (id),
  position  real NOT NULL DEFAULT 0,
  words     tsvector GENERATED ALWAYS AS (to_tsvector('simple', title)) STORED
);

CREATE TABLE counters (
  id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  label text NOT NULL DEFAULT 'none',
  n     bigint,
  CONSTRAINT counters_label_n_key UNIQUE (label, n)
);

CREATE VIEW live_drives AS SELECT id, name, owner_id FROM drives WHERE NOT is_trashed;

CREATE SCHEMA "other";
CREATE TABLE other.users (id text PRIMARY KEY, nick text NOT NULL);

CREATE SCHEMA "odd $1 ""schema""; %s";
CREATE TABLE "odd $1 ""schema""; %s"."ta""ble %s $1 {}" (
  "from" integer PRIMARY KEY,
  "a""; DROP TABLE users; --" text,
  "%s %(x)s $1 {}" text,
  "Ünï ☃'\\" text
);
"""

UserRole: TypeAlias = Literal["user", "admin"]


@dataclass(slots=True)
class User(Row):
    id: str
    name: str
    email: str
    bio: str | None
    role: UserRole
    token_version: int
    tags: list[str]
    settings: Any
    created_at: dt.datetime


class UserInsert(TypedDict):
    name: str | Expr[str, str]
    email: str | Expr[str, str]
    id: NotRequired[str | Expr[str, str]]
    bio: NotRequired[str | Expr[str, str | None] | None]
    role: NotRequired[UserRole | Expr[UserRole, UserRole]]
    token_version: NotRequired[int | Expr[int, int]]
    tags: NotRequired[list[str] | Expr[list[str], list[str]]]
    settings: NotRequired[Any]
    created_at: NotRequired[dt.datetime | Expr[dt.datetime, dt.datetime]]


class UserUpdate(TypedDict, total=False):
    name: str | Expr[str, str]
    email: str | Expr[str, str]
    id: str | Expr[str, str]
    bio: str | Expr[str, str | None] | None
    role: UserRole | Expr[UserRole, UserRole]
    token_version: int | Expr[int, int]
    tags: list[str] | Expr[list[str], list[str]]
    settings: Any
    created_at: dt.datetime | Expr[dt.datetime, dt.datetime]


class UsersTable(Table[User, UserInsert, UserUpdate], schema="public", name="users", row=User, primary_key=("id",)):
    id: Column[str] = Column("id", "text", default=create_id)
    name: Column[str] = Column("name", "text")
    email: Column[str] = Column("email", "text")
    bio: NullColumn[str] = NullColumn("bio", "text")
    role: Column[UserRole] = Column("role", "public.user_role", has_default=True)
    token_version: Column[int] = Column("token_version", "integer", has_default=True)
    tags: Column[list[str]] = Column("tags", "text[]", has_default=True)
    settings: Column[Any] = Column("settings", "jsonb", has_default=True)
    created_at: Column[dt.datetime] = Column("created_at", "timestamp with time zone", has_default=True)


users: UsersTable = UsersTable()


@dataclass(slots=True)
class Drive(Row):
    id: str
    name: str | None
    owner_id: str
    is_trashed: bool
    quota: Decimal | None


class DriveInsert(TypedDict):
    id: str | Expr[str, str]
    owner_id: str | Expr[str, str]
    name: NotRequired[str | Expr[str, str | None] | None]
    is_trashed: NotRequired[bool | Expr[bool, bool]]
    quota: NotRequired[Decimal | Expr[Decimal, Decimal | None] | None]


class DriveUpdate(TypedDict, total=False):
    id: str | Expr[str, str]
    owner_id: str | Expr[str, str]
    name: str | Expr[str, str | None] | None
    is_trashed: bool | Expr[bool, bool]
    quota: Decimal | Expr[Decimal, Decimal | None] | None


class DrivesTable(
    Table[Drive, DriveInsert, DriveUpdate], schema="public", name="drives", row=Drive, primary_key=("id",)
):
    id: Column[str] = Column("id", "text")
    name: NullColumn[str] = NullColumn("name", "text")
    owner_id: Column[str] = Column("owner_id", "text")
    is_trashed: Column[bool] = Column("is_trashed", "boolean", has_default=True)
    quota: NullColumn[Decimal] = NullColumn("quota", "numeric(20,4)")


drives: DrivesTable = DrivesTable()


@dataclass(slots=True)
class Page(Row):
    id: str
    title: str
    drive_id: str
    parent_id: str | None
    position: float
    words: str | None


class PageInsert(TypedDict):
    id: str | Expr[str, str]
    title: str | Expr[str, str]
    drive_id: str | Expr[str, str]
    parent_id: NotRequired[str | Expr[str, str | None] | None]
    position: NotRequired[float | Expr[float, float]]


class PageUpdate(TypedDict, total=False):
    id: str | Expr[str, str]
    title: str | Expr[str, str]
    drive_id: str | Expr[str, str]
    parent_id: str | Expr[str, str | None] | None
    position: float | Expr[float, float]


def _next_position() -> float:
    return 99.0


class PagesTable(Table[Page, PageInsert, PageUpdate], schema="public", name="pages", row=Page, primary_key=("id",)):
    id: Column[str] = Column("id", "text")
    title: Column[str] = Column("title", "text")
    drive_id: Column[str] = Column("drive_id", "text")
    parent_id: NullColumn[str] = NullColumn("parent_id", "text")
    position: Column[float] = Column("position", "real", has_default=True, on_update=_next_position)
    words: NullColumn[str] = NullColumn("words", "tsvector", generated=True)


pages: PagesTable = PagesTable()


@dataclass(slots=True)
class Counter(Row):
    id: int
    label: str
    n: int | None


class CounterInsert(TypedDict):
    label: NotRequired[str | Expr[str, str]]
    n: NotRequired[int | Expr[int, int | None] | None]


class CounterUpdate(TypedDict, total=False):
    label: str | Expr[str, str]
    n: int | Expr[int, int | None] | None


class CountersTable(
    Table[Counter, CounterInsert, CounterUpdate], schema="public", name="counters", row=Counter, primary_key=("id",)
):
    id: Column[int] = Column("id", "bigint", generated=True)
    label: Column[str] = Column("label", "text", has_default=True)
    n: NullColumn[int] = NullColumn("n", "bigint")


counters: CountersTable = CountersTable()


@dataclass(slots=True)
class LiveDrive(Row):
    id: str | None
    name: str | None
    owner_id: str | None


class LiveDrivesView(View[LiveDrive], schema="public", name="live_drives", row=LiveDrive):
    id: NullColumn[str] = NullColumn("id", "text")
    name: NullColumn[str] = NullColumn("name", "text")
    owner_id: NullColumn[str] = NullColumn("owner_id", "text")


live_drives: LiveDrivesView = LiveDrivesView()


@dataclass(slots=True)
class OtherUser(Row):
    id: str
    nick: str


class OtherUsersTable(Table[OtherUser, Never, Never], schema="other", name="users", row=OtherUser, primary_key=("id",)):
    id: Column[str] = Column("id", "text")
    nick: Column[str] = Column("nick", "text")


other_users: OtherUsersTable = OtherUsersTable()


@dataclass(slots=True)
class Odd(Row):
    from_: int
    quoted: str | None
    percent: str | None
    snow: str | None


class OddUpdate(TypedDict, total=False):
    from_: int
    quoted: str | None
    percent: str | None
    snow: str | None


class OddInsert(TypedDict):
    from_: int
    quoted: NotRequired[str | None]
    percent: NotRequired[str | None]
    snow: NotRequired[str | None]


class OddTable(
    Table[Odd, OddInsert, OddUpdate],
    schema='odd $1 "schema"; %s',
    name='ta"ble %s $1 {}',
    row=Odd,
    primary_key=("from_",),
):
    from_: Column[int] = Column("from", "integer")
    quoted: NullColumn[str] = NullColumn('a"; DROP TABLE users; --', "text")
    percent: NullColumn[str] = NullColumn("%s %(x)s $1 {}", "text")
    snow: NullColumn[str] = NullColumn("Ünï ☃'\\", "text")


odd: OddTable = OddTable()
