"""How transactions and savepoints end: by rollback(), out of order, and what is refused afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator

import psycopg
import pytest
from psycopg import errors

from pagespace_db import (
    AsyncDatabase,
    AsyncTransaction,
    PoolExhausted,
    PoolSettings,
    StatementError,
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
async def database(people_database: str, observer: psycopg.Connection) -> AsyncIterator[AsyncDatabase]:
    settings = PoolSettings(max_size=1, acquire_timeout_s=0.2, debug=True)
    async with AsyncDatabase(people_database, pool=settings) as database:
        yield database


def person(number: int) -> PersonInsert:
    return {"id": number, "name": f"p{number}"}


def setting(name: str) -> Statement[str]:
    return select(sql[str]("coalesce(current_setting({}, true), '')", name))


def ids(observer: psycopg.Connection) -> list[int]:
    """Return the ids that are committed."""
    return [number for (number,) in observer.execute("SELECT id FROM people ORDER BY id")]


async def test_rollback_undoes_and_the_block_ends_without_an_error(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    async with database.transaction() as transaction:
        await transaction.execute(insert(people).values(person(3)))
        await transaction.rollback()
        with pytest.raises(StatementError, match="has ended, or was rolled back"):
            await transaction.execute(insert(people).values(person(4)))
    assert ids(observer) == [1, 2]
    assert await database.one(ONE) == 1


async def test_rollback_of_a_savepoint_leaves_the_transaction_around_it(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    async with database.transaction() as outer:
        await outer.execute(insert(people).values(person(3)))
        async with outer.transaction() as inner:
            await inner.execute(insert(people).values(person(4)))
            await inner.rollback()
        async with outer.transaction() as inner:
            await inner.rollback()
        await outer.execute(insert(people).values(person(5)))
    assert ids(observer) == [1, 2, 3, 5]


async def test_rollback_of_the_outer_transaction_ends_those_inside(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    async with database.transaction() as outer, outer.transaction() as inner:
        await inner.execute(insert(people).values(person(3)))
        await outer.rollback()
        with pytest.raises(StatementError, match="has ended"):
            await inner.one(ONE)
        with pytest.raises(StatementError, match="has ended"):
            await inner.rollback()
    assert ids(observer) == [1, 2]


async def test_a_rolled_back_function_returns_its_value_and_is_run_once(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    runs: list[int] = []

    @database.transaction(retry=3)
    async def count_with_another(transaction: AsyncTransaction) -> int:
        runs.append(await transaction.execute(insert(people).values(person(3))))
        count = len(await transaction.all(select(people.id).from_(people)))
        await transaction.rollback()
        return count

    assert await count_with_another() == 3
    assert runs == [1]
    assert ids(observer) == [1, 2]


async def test_a_failed_transaction_can_be_rolled_back(database: AsyncDatabase, observer: psycopg.Connection) -> None:
    async with database.transaction() as transaction:
        with pytest.raises(errors.UniqueViolation):
            await transaction.execute(insert(people).values(person(1)))
        await transaction.rollback()
    assert ids(observer) == [1, 2]


async def test_a_transaction_is_refused_after_its_block(database: AsyncDatabase, observer: psycopg.Connection) -> None:
    async with database.transaction() as transaction:
        await transaction.one(ONE)
    for attempt in (
        lambda: transaction.all(ONE),
        lambda: transaction.execute(insert(people).values(person(3))),
        lambda: transaction.copy_in(people, [person(3)]),
        lambda: transaction.batch([ONE]),
        lambda: anext(transaction.stream(ONE)),
        transaction.rollback,
    ):
        with pytest.raises(StatementError, match="this transaction has ended"):
            await attempt()
    with pytest.raises(StatementError, match="this transaction has ended"):
        async with transaction.transaction():
            pytest.fail("there is nothing to nest in")
    assert ids(observer) == [1, 2]


async def test_a_stream_that_outlives_its_transaction_touches_nobody_else(database: AsyncDatabase) -> None:
    async with database.transaction() as transaction:
        rows = transaction.stream(select(people.id).from_(people).order_by(asc(people.id)), rows_per_fetch=1)
        assert await anext(rows) == 1
    async with database.transaction() as other:
        await other.one(ONE)
        with pytest.raises(StatementError, match="the transaction that this stream reads in has ended"):
            await anext(rows)
        assert await other.one(ONE) == 1


async def test_a_statement_during_a_copy_is_refused_and_does_not_wait_for_ever(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    copies: list[object] = []  # else the first would be closed as soon as nobody knows it
    with pytest.raises(StatementError, match="a COPY of this transaction is still going on"):
        async with database.transaction() as transaction:
            await transaction.execute(insert(people).values(person(3)))
            rows = transaction.copy_out(people)
            copies.append(rows)
            assert (await anext(rows)).id == 1
            await transaction.one(ONE)
    copies.clear()
    assert ids(observer) == [1, 2]
    async with database.transaction() as transaction:
        copied = transaction.copy_out(people)
        await anext(copied)
        await copied.aclose()
        assert await transaction.one(ONE) == 1


async def test_a_stream_of_no_rows_at_a_time_is_refused(database: AsyncDatabase) -> None:
    with pytest.raises(StatementError, match="0 rows at a time"):
        await anext(database.stream(ONE, rows_per_fetch=0))


async def test_savepoints_that_end_out_of_order_are_refused_and_undone(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    async with database.transaction() as transaction:
        await transaction.execute(insert(people).values(person(3)))
        first, second = transaction.transaction(), transaction.transaction()
        a = await first.__aenter__()
        await a.execute(insert(people).values(person(4)))
        b = await second.__aenter__()
        await b.execute(insert(people).values(person(5)))
        with pytest.raises(TransactionFailed, match="out of order"):
            await first.__aexit__(None, None, None)
        with pytest.raises(StatementError, match="has ended"):
            await b.one(ONE)
        with pytest.raises(TransactionFailed, match="out of order"):
            await second.__aexit__(None, None, None)
        assert await transaction.all(select(people.id).from_(people).order_by(asc(people.id))) == [1, 2, 3]
    assert ids(observer) == [1, 2, 3]


async def test_what_a_session_sets_inside_of_a_transaction_ends_with_it(database: AsyncDatabase) -> None:
    user, limit = setting("app.user"), setting("statement_timeout")
    async with database.session({"app.user": "u1"}) as outer:
        async with outer.session({"app.user": "u2"}) as inner:
            assert await inner.one(user) == "u2"
            async with inner.session({"app.user": "u3"}):
                pass
            async with inner.session({"app.user": "u4"}, role="pg_monitor") as deep:
                assert (await deep.one(user), await deep.one(setting("role"))) == ("u4", "pg_monitor")
            assert (await inner.one(user), await inner.one(setting("role"))) == ("u2", "none")
        async with outer.transaction(statement_timeout_ms=700) as slow:
            assert await slow.one(limit) == "700ms"
        assert (await outer.one(user), await outer.one(limit)) == ("u1", "15s")
        async with outer.session({"app.user": "u5"}) as undone:
            await undone.one(user)
            await undone.rollback()
        assert await outer.one(user) == "u1"
    assert (await database.one(user), await database.one(limit)) == ("", "15s")


async def test_an_exhausted_pool_names_who_holds_its_connections_in_debug_mode(database: AsyncDatabase) -> None:
    async with database.transaction():
        with pytest.raises(PoolExhausted) as raised:
            await database.one(ONE)
    message = str(raised.value)
    assert "all 1 connections of the pool were in use for 0.2 s, held by:" in message
    assert f"{__file__}:" in message
    assert "test_an_exhausted_pool_names_who_holds_its_connections_in_debug_mode(), t" in message
    assert await database.one(ONE) == 1
