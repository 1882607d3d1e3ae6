"""Batches, retried functions, sessions, COPY, notifications, advisory locks and hooks of a database."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing

import psycopg
import pytest
from psycopg import errors

from pagespace_db import (
    AsyncDatabase,
    AsyncTransaction,
    ConfigError,
    Gap,
    LockNotObtained,
    Notification,
    PoolSettings,
    StatementError,
    StatementEvent,
    TransactionFailed,
    asc,
    eq,
    insert,
    json_channel,
    log_statements,
    select,
    sql,
    text_channel,
    update,
)
from pagespace_db.builder.statement import Command
from tests.client.tables import NoteInsert, Person, PersonInsert, notes, people


@pytest.fixture
async def database(people_database: str, observer: psycopg.Connection) -> AsyncIterator[AsyncDatabase]:
    async with AsyncDatabase(people_database, pool=PoolSettings(max_size=1, acquire_timeout_s=0.2)) as database:
        yield database


def names(observer: psycopg.Connection) -> list[str]:
    """Return the names that are committed."""
    return [name for (name,) in observer.execute("SELECT name FROM people ORDER BY id")]


# --- Batches ---------------------------------------------------------------------------------------------------------


async def test_a_batch_returns_the_rows_of_each_statement(database: AsyncDatabase) -> None:
    by_id = select(people.name).from_(people)
    for _ in range(2):
        assert await database.batch([by_id.where(eq(people.id, n)) for n in (2, 7, 1)]) == [["bob"], [], ["ada"]]
    nothing: list[Command] = []
    assert await database.batch(nothing) == []


async def test_a_batch_of_commands_returns_counts_and_is_all_or_none(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    add = insert(people)
    assert await database.batch([add.values({"id": n, "name": f"p{n}"}) for n in (3, 4)]) == [1, 1]
    with pytest.raises(errors.UniqueViolation):
        await database.batch([add.values({"id": n, "name": name}) for n, name in ((5, "ed"), (6, "ada"), (7, "fy"))])
    assert names(observer) == ["ada", "bob", "p3", "p4"]
    assert await database.one(select(sql[int]("1"))) == 1


async def test_a_batch_inside_a_transaction_belongs_to_it(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    with pytest.raises(LookupError):
        async with database.transaction() as transaction:
            await transaction.batch([insert(people).values({"id": n, "name": f"p{n}"}) for n in (3, 4)])
            assert len(await transaction.all(select(people).from_(people))) == 4
            raise LookupError
    assert names(observer) == ["ada", "bob"]


async def test_a_stale_statement_in_a_batch_is_prepared_anew(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    ages, all_names = select(people.age).from_(people).order_by(asc(people.id)), select(people.name).from_(people)
    await database.batch(ages, all_names)
    observer.execute("ALTER TABLE people ALTER COLUMN age TYPE bigint")
    try:
        assert (await database.batch(all_names, ages, ages))[1:] == ([36, None], [36, None])
    finally:
        observer.execute("ALTER TABLE people ALTER COLUMN age TYPE integer")
    connection = await database._checkout()
    await connection.execute("DISCARD ALL")
    await database._release(connection)
    assert (await database.batch(ages, all_names))[0] == [36, None]


# --- Transactions ----------------------------------------------------------------------------------------------------


async def test_a_transaction_without_statements_sends_nothing(database: AsyncDatabase) -> None:
    connection = await database._checkout()
    await database._release(connection)
    async with database.transaction() as outer, outer.transaction():
        assert connection.pgconn.transaction_status == 0
    assert connection._queue == []


async def test_an_error_that_is_caught_inside_fails_the_transaction_at_its_end(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    with pytest.raises(TransactionFailed, match="nothing of this transaction is kept"):
        async with database.transaction() as transaction:
            await transaction.execute(insert(people).values({"id": 3, "name": "cy"}))
            with pytest.raises(errors.UniqueViolation):
                await transaction.execute(insert(people).values({"id": 3, "name": "di"}))
    assert names(observer) == ["ada", "bob"]


async def test_a_decorated_function_is_run_again_after_a_serialization_failure(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    runs: list[int] = []

    @database.transaction(isolation="repeatable read", retry=3)
    async def age(transaction: AsyncTransaction, years: int) -> int | None:
        now = await transaction.one(select(people.age).from_(people).where(eq(people.id, 1)))
        runs.append(now or 0)
        if len(runs) <= 2:
            observer.execute("UPDATE people SET age = age + 100 WHERE id = 1")
        await transaction.execute(update(people).set({"age": (now or 0) + years}).where(eq(people.id, 1)))
        return now

    assert await age(years=1) == 236
    assert runs == [36, 136, 236]
    assert observer.execute("SELECT age FROM people WHERE id = 1").fetchone() == (237,)


async def test_retries_end_and_other_errors_are_not_retried(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    runs: list[str] = []

    @database.transaction(retry=2)
    async def deadlocked(transaction: AsyncTransaction) -> None:
        runs.append("deadlock")
        raise errors.DeadlockDetected

    @database.transaction(retry=2)
    async def refused(transaction: AsyncTransaction) -> None:
        runs.append("refused")
        await transaction.execute(insert(people).values({"id": 1, "name": "ada"}))

    with pytest.raises(errors.DeadlockDetected):
        await deadlocked()
    with pytest.raises(errors.UniqueViolation):
        await refused()
    assert runs == ["deadlock"] * 3 + ["refused"]


async def test_a_block_cannot_be_retried_nor_a_savepoint(database: AsyncDatabase) -> None:
    with pytest.raises(StatementError, match="cannot be run again"):
        async with database.transaction(retry=1):
            pytest.fail("the block must not be entered")
    async with database.transaction() as transaction:
        with pytest.raises(StatementError, match="cannot be run again"):
            async with transaction.transaction(retry=1):
                pytest.fail("the block must not be entered")


async def test_a_session_sets_parameters_for_policies_until_it_ends(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    user = select(sql[str]("coalesce(current_setting('app.user_id', true), '')"))
    async with database.session({"app.user_id": "u1'; --"}) as session:
        assert await session.one(user) == "u1'; --"
    assert await database.one(user) == ""


async def test_a_transaction_has_a_time_limit_of_its_own(people_database: str) -> None:
    async with AsyncDatabase(people_database, pool=PoolSettings(statement_timeout_ms=100)) as database:
        async with database.transaction(statement_timeout_ms=0) as transaction:
            await transaction.one(select(sql[str]("pg_sleep(0.4)::text")))
        with pytest.raises(errors.QueryCanceled):
            await database.one(select(sql[str]("pg_sleep(0.4)::text")))


# --- COPY ------------------------------------------------------------------------------------------------------------


def generated_people(count: int) -> Iterator[PersonInsert]:
    for number in range(count):
        yield {"id": 10 + number, "name": f"p{number}\t\\N\n{number}", "age": None if number % 2 else number}


async def test_copy_in_writes_rows_from_a_generator_and_copy_out_reads_them(database: AsyncDatabase) -> None:
    assert await database.copy_in(people, generated_people(2_500)) == 2_500
    copied = [person async for person in database.copy_out(people)]
    assert len(copied) == 2_502
    assert sorted(copied, key=lambda person: person.id) == await database.all(
        select(people).from_(people).order_by(asc(people.id))
    )
    assert isinstance(copied[0], Person)


async def test_copy_in_takes_json_and_belongs_to_an_open_transaction(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    rows: list[NoteInsert] = [{"person_id": 1, "extra": {"a": "1"}}, {"person_id": 2, "extra": [None]}]
    async with database.transaction() as transaction:
        assert await transaction.copy_in(notes, rows) == 2
        assert observer.execute("SELECT count(*) FROM notes").fetchone() == (0,)
    assert [note.extra async for note in database.copy_out(notes)] == [{"a": "1"}, [None]]
    assert await database.copy_in(notes, []) == 0


async def test_copy_in_refuses_rows_of_another_kind_and_keeps_nothing(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    wrong: list[PersonInsert] = [{"id": 3, "name": "cy"}, {"id": 4, "name": "di", "age": 1}]
    with pytest.raises(StatementError, match=r"row 2 has other keys: age"):
        await database.copy_in(people, wrong)
    with pytest.raises(errors.UniqueViolation):
        await database.copy_in(people, [{"id": 3, "name": "cy"}, {"id": 4, "name": "ada"}])
    with pytest.raises(StatementError, match="expression"):
        await database.copy_in(people, [{"id": 3, "name": sql[str]("'x'")}])
    with pytest.raises(StatementError, match=r"row 2: the text for people\.name has a NUL character"):
        await database.copy_in(people, [{"id": 3, "name": "cy"}, {"id": 4, "name": "d\0i"}])
    with pytest.raises(StatementError, match=r"row 1: the text for people\.name has a lone surrogate"):
        await database.copy_in(people, [{"id": 3, "name": "\ud800"}])
    assert names(observer) == ["ada", "bob"]
    assert await database.one(select(sql[int]("1"))) == 1


# --- Notifications ---------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Moved:
    page: str
    position: float


MOVES = json_channel("page moves", lambda value: Moved(**value), dataclasses.asdict)
TEXTS = text_channel("texts")


async def test_a_listener_gets_typed_payloads_after_a_first_gap(database: AsyncDatabase) -> None:
    async with aclosing(database.listen(MOVES)) as events:
        assert await anext(events) == Gap()
        await database.notify(MOVES, Moved("ä\n", 1.5))
        event = await anext(events)
        assert isinstance(event, Notification)
        assert (event.channel, event.payload) == ("page moves", Moved("ä\n", 1.5))


async def test_a_notification_of_a_transaction_is_sent_when_it_commits(database: AsyncDatabase) -> None:
    async with aclosing(database.listen(TEXTS)) as events:
        await anext(events)
        with pytest.raises(LookupError):
            async with database.transaction() as transaction:
                await transaction.notify(TEXTS, "undone")
                raise LookupError
        async with database.transaction() as transaction:
            await transaction.notify(TEXTS, "done")
        event = await anext(events)
        assert isinstance(event, Notification)
        assert event.payload == "done"


async def test_a_listener_whose_connection_ends_begins_again_with_a_gap(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    async with aclosing(database.listen(TEXTS)) as events:
        assert await anext(events) == Gap()
        observer.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        )
        assert await anext(events) == Gap()
        await database.notify(TEXTS, "again")
        event = await anext(events)
        assert isinstance(event, Notification)
        assert event.payload == "again"


async def test_a_payload_that_is_too_long_is_refused_before_sending(database: AsyncDatabase) -> None:
    await database.notify(TEXTS, "x" * 7_999)
    with pytest.raises(StatementError, match="8000 bytes"):
        await database.notify(TEXTS, "ä" * 4_000)


async def test_listening_behind_a_pooler_is_refused(people_database: str) -> None:
    async with AsyncDatabase(people_database, pool=PoolSettings(pooler=True)) as database:
        with pytest.raises(ConfigError, match="pooler"):
            await anext(database.listen(TEXTS))


# --- Advisory locks --------------------------------------------------------------------------------------------------


async def test_an_advisory_lock_excludes_others_and_takes_no_connection_of_the_pool(
    people_database: str, database: AsyncDatabase
) -> None:
    async with AsyncDatabase(people_database) as other, database.advisory_lock("nightly report"):
        with pytest.raises(LockNotObtained, match="nightly report"):
            async with other.advisory_lock("nightly report", timeout_s=0.05):
                pytest.fail("the lock is held")
        async with other.advisory_lock("another", timeout_s=0.05), other.advisory_lock(-5):
            assert await database.one(select(sql[int]("1"))) == 1
    async with AsyncDatabase(people_database) as other, other.advisory_lock("nightly report", timeout_s=0.05):
        pass


async def test_shared_advisory_locks_are_held_together_and_given_back_after_errors(
    people_database: str, database: AsyncDatabase
) -> None:
    async with AsyncDatabase(people_database) as other:
        with pytest.raises(LookupError):
            async with database.advisory_lock(7, shared=True), other.advisory_lock(7, shared=True, timeout_s=1):
                raise LookupError
        async with other.advisory_lock(7, timeout_s=1):
            pass


# --- What is seen from outside ---------------------------------------------------------------------------------------


async def test_hooks_are_told_of_statements_and_never_of_values(people_database: str) -> None:
    events: list[StatementEvent] = []
    async with AsyncDatabase(people_database, hooks=[events.append]) as database:
        await database.all(select(people.id).from_(people).where(eq(people.name, "hush-hush")))
        with pytest.raises(errors.UniqueViolation):
            await database.execute(insert(people).values({"id": 1, "name": "hush-hush"}))
        await database.batch(select(people.name).from_(people), select(people.age).from_(people))
    assert [(event.row_count, event.sqlstate, event.error) for event in events] == [
        (0, None, None),
        (None, "23505", "UniqueViolation"),
        (4, None, None),
    ]
    assert events[0].sql.startswith('SELECT "people"."id" FROM "public"."people" WHERE ')
    assert events[0].sql.endswith("$1")
    assert all(event.duration_s > 0 for event in events)
    assert "hush" not in repr(events)


async def test_slow_and_failed_statements_are_logged(people_database: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "pagespace_db.statements")
    hooks = [log_statements(slower_than_s=0.05)]
    async with AsyncDatabase(people_database, hooks=hooks) as database:
        await database.one(select(sql[int]("1")))
        await database.one(select(sql[str]("pg_sleep(0.06)::text")))
        with pytest.raises(errors.DivisionByZero):
            await database.one(select(sql[int]("1 / 0")))
    levels = [(record.levelname, record.getMessage().split(" ")[0]) for record in caplog.records]
    assert levels == [("INFO", "1"), ("WARNING", "DivisionByZero")]


async def test_stats_count_connections(database: AsyncDatabase) -> None:
    await database.one(select(sql[int]("1")))
    stats = database.stats()
    assert stats is not None
    assert (stats.max_size, stats.size, stats.idle, stats.in_use) == (1, 1, 1, 0)
    async with database.transaction() as transaction:
        await transaction.one(select(sql[int]("1")))
        stats = database.stats()
        assert stats is not None
        assert (stats.idle, stats.in_use) == (0, 1)


async def test_behind_a_pooler_nothing_is_prepared_or_set_for_the_session(people_database: str) -> None:
    async with AsyncDatabase(people_database, pool=PoolSettings(pooler=True, max_size=1)) as database:
        for _ in range(3):
            assert await database.one(select(people.name).from_(people).where(eq(people.id, 1))) == "ada"
        assert await database.one(select(sql[int]("count(*)::int FROM pg_prepared_statements"))) == 0
        assert await database.one(select(sql[str]("current_setting('statement_timeout')"))) == "0"
        async with database.transaction() as transaction:
            assert await transaction.execute(update(people).set({"age": 1}).where(eq(people.id, 2))) == 1
