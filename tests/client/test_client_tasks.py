"""Tasks of asyncio: many over few connections, cancelled ones, and more than one event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest

from pagespace_db import AsyncDatabase, AsyncTransaction, PoolSettings, delete, eq, select, sql, update
from tests.client.tables import people


@pytest.fixture
async def database(people_database: str, observer: psycopg.Connection) -> AsyncIterator[AsyncDatabase]:
    async with AsyncDatabase(people_database, pool=PoolSettings(max_size=2, acquire_timeout_s=10)) as database:
        yield database


async def sleep_in_the_server(database: AsyncDatabase) -> None:
    await database.one(select(sql[str]("pg_sleep(60)::text")))


async def until_it_sleeps(observer: psycopg.Connection) -> int:
    """Return the process id of the backend that sleeps, once it does."""
    query = (
        "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(60)%'"
        " AND datname = current_database() AND pid <> pg_backend_pid()"
    )
    while (row := observer.execute(query).fetchone()) is None:
        await asyncio.sleep(0.001)
    return int(row[0])


async def test_many_tasks_over_two_connections_all_get_their_rows(database: AsyncDatabase) -> None:
    async def read(number: int) -> str:
        return await database.one(select(people.name).from_(people).where(eq(people.id, number)))

    names = await asyncio.gather(*[read(number % 2 + 1) for number in range(200)])
    assert names == ["ada", "bob"] * 100


async def test_a_cancelled_task_stops_its_statement_and_returns_its_connection(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    task = asyncio.create_task(sleep_in_the_server(database))
    pid = await until_it_sleeps(observer)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    state = observer.execute("SELECT state FROM pg_stat_activity WHERE pid = %s", (pid,)).fetchone()
    assert state == ("idle",)
    for _ in range(5):
        assert await database.one(select(people.name).from_(people).where(eq(people.id, 2))) == "bob"


async def test_a_transaction_that_is_cancelled_is_rolled_back(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    async def change_and_sleep() -> None:
        async with database.transaction() as transaction:
            await transaction.execute(delete(people).all_rows())
            await transaction.one(select(sql[str]("pg_sleep(60)::text")))

    task = asyncio.create_task(change_and_sleep())
    await until_it_sleeps(observer)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert observer.execute("SELECT count(*) FROM people").fetchone() == (2,)
    assert len(await database.all(select(people).from_(people))) == 2


async def test_tasks_that_are_cancelled_at_any_moment_lose_no_connection(database: AsyncDatabase) -> None:
    async def read(number: int) -> None:
        async with database.transaction() as transaction:
            await transaction.all(select(people).from_(people))
            await transaction.one(select(sql[str]("pg_sleep({})::text", number % 5 / 1000)))

    tasks = [asyncio.create_task(read(number)) for number in range(60)]
    for number, task in enumerate(tasks):
        if number % 3:
            await asyncio.sleep(0.0005 * (number % 4))
            task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(result is None or isinstance(result, asyncio.CancelledError) for result in results)
    async with database.transaction(), database.transaction():
        pass


async def test_tasks_that_nest_in_one_transaction_never_end_it(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    async def age(transaction: AsyncTransaction, number: int) -> None:
        async with transaction.transaction() as savepoint:
            await savepoint.execute(update(people).set({"age": number}).where(eq(people.id, number)))

    with pytest.raises(LookupError):
        async with database.transaction() as transaction:
            await asyncio.gather(age(transaction, 1), age(transaction, 2), return_exceptions=True)
            await transaction.one(select(sql[int]("1")))
            raise LookupError
    assert observer.execute("SELECT age FROM people ORDER BY id").fetchall() == [(36,), (None,)]
    assert await database.one(select(sql[int]("1"))) == 1


def test_an_event_loop_ends_while_the_pool_still_connects(people_database: str) -> None:
    database = AsyncDatabase(people_database, pool=PoolSettings(max_size=10))

    async def read() -> list[int]:
        return await asyncio.gather(*[database.one(select(sql[int]("1"))) for _ in range(5)])

    assert asyncio.run(read()) == [1] * 5
    asyncio.run(database.close())


def test_another_event_loop_gets_connections_of_its_own(people_database: str, observer: psycopg.Connection) -> None:
    database = AsyncDatabase(people_database, pool=PoolSettings(max_size=2))

    async def read() -> list[str]:
        return [await database.one(select(people.name).from_(people).where(eq(people.id, n))) for n in (1, 2, 1, 2)]

    for _ in range(3):
        assert asyncio.run(read()) == ["ada", "bob", "ada", "bob"]

    async def close() -> None:
        await database.close()

    asyncio.run(close())
    count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    while observer.execute(count).fetchone() != (0,):
        pass
