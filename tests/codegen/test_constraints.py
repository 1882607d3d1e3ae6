"""Constants for constraints: their names, and that errors and upserts know them."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from types import ModuleType
from typing import Any, Final

import psycopg
import pytest
from psycopg import errors

from pagespace_codegen.python.naming import constraint_names, free_name
from pagespace_db import (
    CheckViolation,
    Constraint,
    ConstraintViolation,
    Database,
    ExclusionViolation,
    ForeignKeyViolation,
    NotNullViolation,
    PoolSettings,
    RestrictViolation,
    StatementError,
    UniqueConstraint,
    UniqueViolation,
    asc,
    constraint_of,
    insert,
    raw,
    select,
)
from pagespace_db.embedded.databases import fresh_database
from tests.codegen.conftest import package_in

SCHEMA: Final = """
CREATE TABLE users (
  id          integer PRIMARY KEY,
  email       text NOT NULL UNIQUE,
  name        text NOT NULL,
  deleted     boolean NOT NULL DEFAULT false,
  constraints text,
  CONSTRAINT "name is ""fine"" here" CHECK (name <> ''),
  CONSTRAINT "class" CHECK (name <> 'class')
);
CREATE UNIQUE INDEX users_one_name ON users (lower(name), (id % 1)) WHERE NOT deleted;
CREATE TABLE stays (
  days   daterange NOT NULL,
  guest  integer REFERENCES users DEFERRABLE INITIALLY DEFERRED,
  keeper integer CONSTRAINT stays_keeper_fkey REFERENCES users ON DELETE RESTRICT,
  CONSTRAINT stays_do_not_overlap EXCLUDE USING gist (days WITH &&)
);
CREATE TABLE loose (id integer);
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory, server_url: str) -> Iterator[ModuleType]:
    with package_in(tmp_path_factory.mktemp("constraints"), SCHEMA, server_url) as package:
        yield package


@pytest.fixture(scope="module")
def filled_database(server_url: str) -> Iterator[str]:
    with fresh_database(server_url) as url:
        with psycopg.connect(url) as connection:
            connection.execute(SCHEMA)
        yield url


@pytest.fixture
def database(filled_database: str, package: ModuleType) -> Iterator[Database]:
    with Database(filled_database, pool=PoolSettings(max_size=1)) as database:
        database.execute(raw("TRUNCATE users, stays"))
        database.execute(insert(package.users).values({"id": 1, "email": "a@x", "name": "Ada"}))
        yield database


def refused(database: Database, table: Any, row: dict[str, Any]) -> ConstraintViolation:
    with pytest.raises(ConstraintViolation) as raised:
        database.execute(insert(table).values(row))
    return raised.value


def test_names_lose_the_table_in_front_unless_they_would_meet() -> None:
    assert constraint_names("users", ["users_email_key", "users_pkey", "fine", "users_"]) == {
        "users_email_key": "email_key",
        "users_pkey": "pkey",
        "fine": "fine",
        "users_": "users_",
    }
    assert constraint_names("users", ["users_email", "email"]) == {"users_email": "users_email", "email": "email"}
    assert constraint_names("t", ["a b", "a-b", "A b", "1", "class", "__init__", ""]) == {
        "a b": "a_x20_b",
        "a-b": "a_x2d_b",
        "A b": "a_x20_b_2",
        "1": "k_1",
        "class": "class_",
        "__init__": "k__init__",
        "": "k_",
    }
    assert free_name("constraints", {"constraints", "constraints_"}) == "constraints__"


def test_the_constraint_of_an_error_is_the_generated_constant(package: ModuleType, database: Database) -> None:
    # A column is called `constraints`, so the constants have another name.
    users, keys = package.users, package.users.constraints_
    expected: list[tuple[type[ConstraintViolation], Constraint, dict[str, Any]]] = [
        (UniqueViolation, keys.pkey, {"id": 1, "email": "b@x", "name": "Bob"}),
        (UniqueViolation, keys.email_key, {"id": 2, "email": "a@x", "name": "Bob"}),
        (UniqueViolation, keys.one_name, {"id": 2, "email": "b@x", "name": "ADA"}),
        (CheckViolation, keys.name_is__fine__here, {"id": 2, "email": "b@x", "name": ""}),
        (CheckViolation, keys.class_, {"id": 2, "email": "b@x", "name": "class"}),
    ]
    for error_class, constant, row in expected:
        error = refused(database, users, row)
        assert type(error) is error_class
        assert error.constraint is constant
    stay = {"days": "[2026-01-01,2026-01-05)", "keeper": 1}
    database.execute(insert(package.stays).values(stay))
    overlap = refused(database, package.stays, stay)
    assert type(overlap) is ExclusionViolation
    assert overlap.constraint is package.stays.constraints.do_not_overlap


def test_foreign_keys_are_known_at_once_at_the_commit_and_for_rows_that_are_kept(
    package: ModuleType, database: Database
) -> None:
    keys, stay = package.stays.constraints, {"days": "empty"}
    at_once = refused(database, package.stays, {**stay, "keeper": 7})
    assert isinstance(at_once, ForeignKeyViolation)
    assert at_once.constraint is keys.keeper_fkey
    with pytest.raises(ForeignKeyViolation) as at_commit, database.transaction() as transaction:
        transaction.execute(insert(package.stays).values({**stay, "guest": 7}))
    assert at_commit.value.constraint is keys.guest_fkey
    database.execute(insert(package.stays).values({**stay, "keeper": 1}))
    # PostgreSQL 18 has a SQLSTATE of its own for what ON DELETE RESTRICT keeps.
    with pytest.raises((ForeignKeyViolation, RestrictViolation)) as kept:
        database.execute(raw("DELETE FROM users"))
    assert kept.value.constraint is keys.keeper_fkey


def test_a_column_that_must_not_be_null_is_named(package: ModuleType, database: Database) -> None:
    error = refused(database, package.users, {"id": 2, "email": None, "name": "Bob"})
    assert isinstance(error, NotNullViolation)
    assert (error.constraint, error.column_name) == (None, "email")


def test_copy_and_batches_raise_the_same_errors_which_are_those_of_psycopg(
    package: ModuleType, database: Database
) -> None:
    again = {"id": 1, "email": "c@x", "name": "Cy"}
    with pytest.raises(errors.UniqueViolation) as copied:
        database.copy_in(package.users, [again])
    with pytest.raises(psycopg.IntegrityError) as batched:
        database.batch([insert(package.users).values(again)])
    for error in (copied.value, batched.value):
        assert isinstance(error, UniqueViolation)
        assert error.constraint is package.users.constraints_.pkey
        assert error.sqlstate == "23505"
        again_here = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own
        assert again_here.constraint is error.constraint


def test_errors_of_a_plain_connection_are_read_by_a_function(package: ModuleType, database: Database) -> None:
    with pytest.raises(errors.UniqueViolation) as raised, psycopg.connect(database._url or "") as connection:
        connection.execute("INSERT INTO users VALUES (1, '', 'x')")
    assert constraint_of(raised.value) is package.users.constraints_.pkey
    assert constraint_of(psycopg.OperationalError("gone")) is None


def test_a_constraint_that_no_package_knows_is_named_and_is_no_other(database: Database) -> None:
    database.execute(raw("CREATE TABLE elsewhere (id integer CONSTRAINT pkey PRIMARY KEY)"))
    with pytest.raises(UniqueViolation) as raised:
        database.execute(raw("INSERT INTO elsewhere VALUES (1), (1)"))
    assert repr(raised.value.constraint) == "elsewhere.pkey"


def test_an_upsert_names_constraints_and_unique_indexes(package: ModuleType, database: Database) -> None:
    users, keys = package.users, package.users.constraints_
    upsert = insert(users).values({"id": 2, "email": "a@x", "name": "Bob"})
    by_key = upsert.on_conflict_do_update(keys.email_key, set={"name": "Bea"})
    assert b'ON CONFLICT ON CONSTRAINT "users_email_key" DO UPDATE' in by_key._compiled.sql
    assert database.execute(by_key) == 1
    by_index = insert(users).values({"id": 3, "email": "b@x", "name": "BEA"})
    by_index = by_index.on_conflict_do_update(keys.one_name, set={"email": "bea@x"})
    assert b"ON CONFLICT (lower(name), ((id % 1))) WHERE (NOT deleted) DO UPDATE" in by_index._compiled.sql
    assert database.execute(by_index) == 1
    assert database.all(select(users.email, users.name).from_(users).order_by(asc(users.id))) == [("bea@x", "Bea")]
    overlap = package.stays.constraints.do_not_overlap
    stays = insert(package.stays).values({"days": "[2026-01-01,2026-01-05)"})
    stays = stays.on_conflict_do_nothing(constraint=overlap)
    assert [database.execute(stays) for _ in range(2)] == [1, 0]


def test_an_upsert_refuses_the_constraint_of_another_table(package: ModuleType) -> None:
    with pytest.raises(StatementError, match=r"not a constraint of public\.stays"):
        insert(package.stays).values({"days": "empty"}).on_conflict_do_nothing(
            constraint=package.users.constraints_.pkey
        )


def test_there_is_one_object_for_each_constraint(package: ModuleType) -> None:
    key = package.users.constraints_.email_key
    assert UniqueConstraint("public", "users", "users_email_key") is key
    assert copy.deepcopy(key) is key
    index = package.users.constraints_.one_name
    assert pickle.loads(pickle.dumps(index)) is index  # noqa: S301  # our own
    assert not hasattr(package.loose, "constraints")
