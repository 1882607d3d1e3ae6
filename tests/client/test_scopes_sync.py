"""Generated from test_scopes_async.py by tools/unasync.py: do not edit."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors

from pagespace_db import (
    Database,
    PoolExhausted,
    PoolSettings,
    StatementError,
    Transaction,
    TransactionFailed,
    asc,
    insert,
    select,
    sql,
)
from pagespace_db.builder.statement import Statement
from tests.client.tables import PersonInsert, people

ONE = select(sql[int]("1"))


@pytest.fixture
def database(people_database: str, observer: psycopg.Connection) -> Iterator[Database]:
    settings = PoolSettings(max_size=1, acquire_timeout_s=0.2, debug=True)
    with Database(people_database, pool=settings) as database:
        yield database


def person(number: int) -> PersonInsert:
    return {"id": number, "name": f"p{number}"}


def setting(name: str) -> Statement[str]:
    return select(sql[str]("coalesce(current_setting({}, true), '')", name))


def ids(observer: psycopg.Connection) -> list[int]:
    """Return the ids that are committed."""
    return [number for (number,) in observer.execute("SELECT id FROM people ORDER BY id")]


def test_rollback_undoes_and_the_block_ends_without_an_error(database: Database, observer: psycopg.Connection) -> None:
    with database.transaction() as transaction:
        transaction.execute(insert(people).values(person(3)))
        transaction.rollback()
        with pytest.raises(StatementError, match="has ended, or was rolled back"):
            transaction.execute(insert(people).values(person(4)))
    assert ids(observer) == [1, 2]
    assert database.one(ONE) == 1


def test_rollback_of_a_savepoint_leaves_the_transaction_around_it(
    database: Database, observer: psycopg.Connection
) -> None:
    with database.transaction() as outer:
        outer.execute(insert(people).values(person(3)))
        with outer.transaction() as inner:
            inner.execute(insert(people).values(person(4)))
            inner.rollback()
        with outer.transaction() as inner:
            inner.rollback()
        outer.execute(insert(people).values(person(5)))
    assert ids(observer) == [1, 2, 3, 5]


def test_rollback_of_the_outer_transaction_ends_those_inside(database: Database, observer: psycopg.Connection) -> None:
    with database.transaction() as outer, outer.transaction() as inner:
        inner.execute(insert(people).values(person(3)))
        outer.rollback()
        with pytest.raises(StatementError, match="has ended"):
            inner.one(ONE)
        with pytest.raises(StatementError, match="has ended"):
            inner.rollback()
    assert ids(observer) == [1, 2]


def test_a_rolled_back_function_returns_its_value_and_is_run_once(
    database: Database, observer: psycopg.Connection
) -> None:
    runs: list[int] = []

    @database.transaction(retry=3)
    def count_with_another(transaction: Transaction) -> int:
        runs.append(transaction.execute(insert(people).values(person(3))))
        count = len(transaction.all(select(people.id).from_(people)))
        transaction.rollback()
        return count

    assert count_with_another() == 3
    assert runs == [1]
    assert ids(observer) == [1, 2]


def test_a_failed_transaction_can_be_rolled_back(database: Database, observer: psycopg.Connection) -> None:
    with database.transaction() as transaction:
        with pytest.raises(errors.UniqueViolation):
            transaction.execute(insert(people).values(person(1)))
        transaction.rollback()
    assert ids(observer) == [1, 2]


def test_a_transaction_is_refused_after_its_block(database: Database, observer: psycopg.Connection) -> None:
    with database.transaction() as transaction:
        transaction.one(ONE)
    for attempt in (
        lambda: transaction.all(ONE),
        lambda: transaction.execute(insert(people).values(person(3))),
        lambda: transaction.copy_in(people, [person(3)]),
        lambda: transaction.batch([ONE]),
        lambda: next(transaction.stream(ONE)),
        transaction.rollback,
    ):
        with pytest.raises(StatementError, match="this transaction has ended"):
            attempt()
    with pytest.raises(StatementError, match="this transaction has ended"):
        with transaction.transaction():
            pytest.fail("there is nothing to nest in")
    assert ids(observer) == [1, 2]


def test_a_stream_that_outlives_its_transaction_touches_nobody_else(database: Database) -> None:
    with database.transaction() as transaction:
        rows = transaction.stream(select(people.id).from_(people).order_by(asc(people.id)), rows_per_fetch=1)
        assert next(rows) == 1
    with database.transaction() as other:
        other.one(ONE)
        with pytest.raises(StatementError, match="the transaction that this stream reads in has ended"):
            next(rows)
        assert other.one(ONE) == 1


def test_a_statement_during_a_copy_is_refused_and_does_not_wait_for_ever(
    database: Database, observer: psycopg.Connection
) -> None:
    copies: list[object] = []  # else the first would be closed as soon as nobody knows it
    with pytest.raises(StatementError, match="a COPY of this transaction is still going on"):
        with database.transaction() as transaction:
            transaction.execute(insert(people).values(person(3)))
            rows = transaction.copy_out(people)
            copies.append(rows)
            assert (next(rows)).id == 1
            transaction.one(ONE)
    copies.clear()
    assert ids(observer) == [1, 2]
    with database.transaction() as transaction:
        copied = transaction.copy_out(people)
        next(copied)
        copied.close()
        assert transaction.one(ONE) == 1


def test_a_stream_of_no_rows_at_a_time_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="0 rows at a time"):
        next(database.stream(ONE, rows_per_fetch=0))


def test_savepoints_that_end_out_of_order_are_refused_and_undone(
    database: Database, observer: psycopg.Connection
) -> None:
    with database.transaction() as transaction:
        transaction.execute(insert(people).values(person(3)))
        first, second = transaction.transaction(), transaction.transaction()
        a = first.__enter__()
        a.execute(insert(people).values(person(4)))
        b = second.__enter__()
        b.execute(insert(people).values(person(5)))
        with pytest.raises(TransactionFailed, match="out of order"):
            first.__exit__(None, None, None)
        with pytest.raises(StatementError, match="has ended"):
            b.one(ONE)
        with pytest.raises(TransactionFailed, match="out of order"):
            second.__exit__(None, None, None)
        assert transaction.all(select(people.id).from_(people).order_by(asc(people.id))) == [1, 2, 3]
    assert ids(observer) == [1, 2, 3]


def test_what_a_session_sets_inside_of_a_transaction_ends_with_it(database: Database) -> None:
    user, limit = setting("app.user"), setting("statement_timeout")
    with database.session({"app.user": "u1"}) as outer:
        with outer.session({"app.user": "u2"}) as inner:
            assert inner.one(user) == "u2"
            with inner.session({"app.user": "u3"}):
                pass
            with inner.session({"app.user": "u4"}, role="pg_monitor") as deep:
                assert (deep.one(user), deep.one(setting("role"))) == ("u4", "pg_monitor")
            assert (inner.one(user), inner.one(setting("role"))) == ("u2", "none")
        with outer.transaction(statement_timeout_ms=700) as slow:
            assert slow.one(limit) == "700ms"
        assert (outer.one(user), outer.one(limit)) == ("u1", "15s")
        with outer.session({"app.user": "u5"}) as undone:
            undone.one(user)
            undone.rollback()
        assert outer.one(user) == "u1"
    assert (database.one(user), database.one(limit)) == ("", "15s")


def test_an_exhausted_pool_names_who_holds_its_connections_in_debug_mode(database: Database) -> None:
    with database.transaction():
        with pytest.raises(PoolExhausted) as raised:
            database.one(ONE)
    message = str(raised.value)
    assert "all 1 connections of the pool were in use for 0.2 s, held by:" in message
    assert f"{__file__}:" in message
    assert "test_an_exhausted_pool_names_who_holds_its_connections_in_debug_mode(), t" in message
    assert database.one(ONE) == 1
