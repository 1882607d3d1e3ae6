"""What a database returns, writes and refuses; the synchronous twin is test_client_sync.py."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncGenerator, AsyncIterator

import psycopg
import pytest
from psycopg import errors
from psycopg.pq import Format, TransactionStatus

from pagespace_db import (
    AsyncDatabase,
    NoRow,
    PoolExhausted,
    PoolSettings,
    StatementError,
    TooManyRows,
    asc,
    delete,
    eq,
    gte,
    insert,
    select,
    sql,
    update,
)
from tests.client.tables import NoteInsert, Person, notes, people

ONE_CONNECTION = PoolSettings(max_size=1, acquire_timeout_s=0.2)


@pytest.fixture
async def database(people_database: str, observer: psycopg.Connection) -> AsyncIterator[AsyncDatabase]:
    async with AsyncDatabase(people_database, pool=ONE_CONNECTION) as database:
        yield database


def names(observer: psycopg.Connection) -> list[str]:
    """Return the names that are committed."""
    return [name for (name,) in observer.execute("SELECT name FROM people ORDER BY id")]


async def backend(database: AsyncDatabase) -> int:
    """Return the process id of the server's end of the only connection."""
    return await database.one(select(sql[int]("pg_backend_pid()")))


# --- Reading ---------------------------------------------------------------------------------------------------------


async def test_all_returns_every_row_in_order(database: AsyncDatabase) -> None:
    joined = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    rows = await database.all(select(people).from_(people).order_by(asc(people.id)))
    assert rows == [Person(1, "ada", 36, joined), Person(2, "bob", None, joined)]


async def test_one_column_gives_values_and_two_give_tuples(database: AsyncDatabase) -> None:
    assert await database.all(select(people.age).from_(people).order_by(asc(people.id))) == [36, None]
    assert await database.all(select(people.id, people.name).from_(people).where(eq(people.id, 2))) == [(2, "bob")]


async def test_one_returns_the_only_row(database: AsyncDatabase) -> None:
    assert await database.one(select(people.name).from_(people).where(eq(people.id, 1))) == "ada"


async def test_one_raises_when_there_is_no_row(database: AsyncDatabase) -> None:
    with pytest.raises(NoRow, match="one row was asked for"):
        await database.one(select(people).from_(people).where(eq(people.id, 3)))


async def test_one_raises_when_there_are_two_rows(database: AsyncDatabase) -> None:
    with pytest.raises(TooManyRows, match="2 were found"):
        await database.one(select(people).from_(people))


async def test_one_or_none_returns_none_for_no_row_and_raises_for_two(database: AsyncDatabase) -> None:
    assert await database.one_or_none(select(people.name).from_(people).where(eq(people.id, 2))) == "bob"
    assert await database.one_or_none(select(people).from_(people).where(eq(people.id, 3))) is None
    with pytest.raises(TooManyRows):
        await database.one_or_none(select(people).from_(people))


async def test_a_null_is_a_row_and_not_the_absence_of_one(database: AsyncDatabase) -> None:
    age_of_bob = select(people.age).from_(people).where(eq(people.id, 2))
    assert await database.one(age_of_bob) is None
    assert await database.first(age_of_bob) is None
    assert await database.all(age_of_bob) == [None]


async def test_first_returns_the_first_of_many_rows_or_none(database: AsyncDatabase) -> None:
    assert await database.first(select(people.name).from_(people).order_by(asc(people.id))) == "ada"
    assert await database.first(select(people.name).from_(people).where(eq(people.id, 3))) is None


async def test_the_same_shape_runs_with_other_values(database: AsyncDatabase) -> None:
    for number, name in [(1, "ada"), (2, "bob"), (1, "ada")]:
        assert await database.one(select(people.name).from_(people).where(eq(people.id, number))) == name


async def test_every_value_is_a_parameter_whatever_it_looks_like(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    for number, text in enumerate(["'; DROP TABLE people; --", "$1", "%s %(x)s %%", "\\'", '"', "ä\u2028😀", ""]):
        await database.execute(insert(people).values({"id": 100 + number, "name": text}))
        assert await database.one(select(people.name).from_(people).where(eq(people.name, text))) == text
    assert len(names(observer)) == 9


# --- Writing ---------------------------------------------------------------------------------------------------------


async def test_execute_commits_and_returns_how_many_rows_were_written(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    assert await database.execute(insert(people).values({"id": 3, "name": "cy"}, {"id": 4, "name": "di"})) == 2
    assert names(observer) == ["ada", "bob", "cy", "di"]
    assert await database.execute(update(people).set({"age": 1}).where(gte(people.id, 2))) == 3
    assert await database.execute(delete(people).where(eq(people.id, 99))) == 0


async def test_returning_gives_the_written_rows(database: AsyncDatabase) -> None:
    assert (await database.one(insert(people).values({"id": 3, "name": "cy"}).returning())).name == "cy"
    changed = update(people).set({"age": 7}).where(gte(people.id, 2)).returning(people.id, people.age)
    assert sorted(await database.all(changed)) == [(2, 7), (3, 7)]


async def test_a_json_value_comes_back_equal(database: AsyncDatabase) -> None:
    values: list[object] = [{"a": [1, None, "123"], " ": "ä😀\n"}, [], "123", 1.5, False, 10**30, "", {"": {}}]
    for value in values:
        row: NoteInsert = {"person_id": 1, "extra": value}
        # Read as text with an array beside it, and in the binary format once the shape is known.
        assert await database.one(insert(notes).values(row).returning(notes.extra)) == value
        extra = select(notes.extra, sql[list[int]]("ARRAY[1]")).from_(notes).where(eq(notes.id, sql[int]("lastval()")))
        assert await database.one(extra) == (value, [1])


async def test_a_refused_write_names_its_constraint_and_leaves_the_connection_usable(database: AsyncDatabase) -> None:
    before = await backend(database)
    with pytest.raises(errors.UniqueViolation) as refused:
        await database.execute(insert(people).values({"id": 3, "name": "ada"}))
    assert refused.value.diag.constraint_name == "people_name_key"
    assert refused.value.sqlstate == "23505"
    assert await database.one(select(people.name).from_(people).where(eq(people.id, 1))) == "ada"
    assert await backend(database) == before


async def test_values_read_in_binary_equal_those_read_as_text(database: AsyncDatabase) -> None:
    when = "timestamptz '2026-03-29 01:59:59.999999+01'"
    fast = select(
        sql[object]("7::int8 * {}", -(2**33)),
        sql[object]("0.1::float8"),
        sql[object](when),
        sql[object]("'\\\\x00ff'::bytea"),
        sql[object]("'6f1c1d2e-1111-4222-8333-444455556666'::uuid"),
        sql[object]("NULL::int4"),
        sql[object]("jsonb_build_object('a', 1)"),
    )
    rows = [await database.one(fast) for _ in range(3)]
    connection = await database._checkout()
    assert [prepared.result_format for prepared in connection._kept.values()] == [Format.BINARY]
    await database._release(connection)
    assert rows[0] == rows[1] == rows[2]
    assert [type(value) for value in rows[0]] == [type(value) for value in rows[2]]


# --- Streams ---------------------------------------------------------------------------------------------------------


async def test_stream_yields_every_row_in_order_across_several_fetches(database: AsyncDatabase) -> None:
    numbers = select(sql[int]("generate_series(1, {})", 25))
    assert [n async for n in database.stream(numbers, rows_per_fetch=10)] == list(range(1, 26))


async def test_stream_yields_rows_as_objects_and_binds_values(database: AsyncDatabase) -> None:
    stream = database.stream(select(people).from_(people).where(eq(people.name, "ada")))
    assert [person.age async for person in stream] == [36]


async def test_a_stream_that_is_closed_early_gives_its_connection_back(database: AsyncDatabase) -> None:
    stream = database.stream(select(sql[int]("generate_series(1, 100)")), rows_per_fetch=3)
    async for number in stream:
        if number == 5:
            break
    assert isinstance(stream, AsyncGenerator)
    await stream.aclose()
    assert await database.one(select(sql[int]("1"))) == 1


async def test_two_streams_run_in_one_transaction(database: AsyncDatabase) -> None:
    async with database.transaction() as transaction:
        pairs = [
            (outer, inner)
            async for outer in transaction.stream(select(sql[int]("generate_series(1, 2)")))
            async for inner in transaction.stream(select(sql[int]("generate_series(1, 2)")))
        ]
    assert pairs == [(1, 1), (1, 2), (2, 1), (2, 2)]


async def test_a_stream_whose_statement_fails_raises_and_gives_its_connection_back(database: AsyncDatabase) -> None:
    with pytest.raises(errors.DivisionByZero):
        _ = [n async for n in database.stream(select(sql[int]("1 / (2 - generate_series(1, 5))")))]
    assert await database.one(select(sql[int]("1"))) == 1


# --- Transactions ----------------------------------------------------------------------------------------------------


async def test_a_transaction_commits_when_its_block_ends(database: AsyncDatabase, observer: psycopg.Connection) -> None:
    async with database.transaction() as transaction:
        await transaction.execute(insert(people).values({"id": 3, "name": "cy"}))
        assert names(observer) == ["ada", "bob"]
        assert await transaction.one(select(people.name).from_(people).where(eq(people.id, 3))) == "cy"
    assert names(observer) == ["ada", "bob", "cy"]


async def test_a_transaction_rolls_back_when_its_block_raises(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    with pytest.raises(LookupError, match="our own"):
        async with database.transaction() as transaction:
            await transaction.execute(delete(people).all_rows())
            raise LookupError("our own")
    assert names(observer) == ["ada", "bob"]


async def test_a_refused_statement_ends_the_transaction_and_nothing_is_kept(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    with pytest.raises(errors.UniqueViolation):
        async with database.transaction() as transaction:
            await transaction.execute(insert(people).values({"id": 3, "name": "cy"}))
            await transaction.execute(insert(people).values({"id": 3, "name": "di"}))
    assert names(observer) == ["ada", "bob"]
    assert await database.one(select(people.name).from_(people).where(eq(people.id, 1))) == "ada"


async def test_a_nested_transaction_is_a_savepoint(database: AsyncDatabase, observer: psycopg.Connection) -> None:
    async with database.transaction() as outer:
        await outer.execute(insert(people).values({"id": 3, "name": "cy"}))
        with pytest.raises(errors.UniqueViolation):
            async with outer.transaction() as inner:
                await inner.execute(insert(people).values({"id": 4, "name": "di"}))
                await inner.execute(insert(people).values({"id": 5, "name": "ada"}))
        async with outer.transaction() as inner, inner.transaction() as innermost:
            await innermost.execute(insert(people).values({"id": 6, "name": "ed"}))
    assert names(observer) == ["ada", "bob", "cy", "ed"]


async def test_statements_stay_prepared_after_a_rollback_to_a_savepoint(database: AsyncDatabase) -> None:
    by_id = select(people.name).from_(people)
    async with database.transaction() as outer:
        with pytest.raises(LookupError):
            async with outer.transaction() as inner:
                assert await inner.all(by_id.where(eq(people.id, 1))) == ["ada"]
                raise LookupError
        assert await outer.all(by_id.where(eq(people.id, 2))) == ["bob"]
    count = "count(*)::int FROM pg_prepared_statements WHERE statement LIKE 'SELECT \"%'"
    assert await database.one(select(sql[int](count))) == 1


async def test_isolation_and_access_mode_are_those_that_were_asked_for(database: AsyncDatabase) -> None:
    async with database.transaction(isolation="serializable", read_only=True, deferrable=True) as transaction:
        settings = "isolation", "read_only", "deferrable"
        shown = [
            await transaction.one(select(sql[str]("current_setting({})", f"transaction_{name}"))) for name in settings
        ]
        assert shown == ["serializable", "on", "on"]
    async with database.transaction(isolation="repeatable read") as transaction:
        level = await transaction.one(select(sql[str]("current_setting('transaction_isolation')")))
        assert level == "repeatable read"
    assert await database.one(select(sql[str]("current_setting('transaction_isolation')"))) == "read committed"


async def test_a_read_only_transaction_refuses_writes(database: AsyncDatabase) -> None:
    with pytest.raises(errors.ReadOnlySqlTransaction):
        async with database.transaction(read_only=True) as transaction:
            await transaction.execute(delete(people).all_rows())


async def test_a_repeatable_read_does_not_see_what_others_commit(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    async with database.transaction(isolation="repeatable read") as transaction:
        assert len(await transaction.all(select(people).from_(people))) == 2
        observer.execute("INSERT INTO people (id, name) VALUES (9, 'zoe')")
        assert len(await transaction.all(select(people).from_(people))) == 2
    assert len(await database.all(select(people).from_(people))) == 3


async def test_a_savepoint_refuses_the_options_of_a_transaction(database: AsyncDatabase) -> None:
    async with database.transaction() as outer:
        with pytest.raises(StatementError, match="savepoint"):
            async with outer.transaction(isolation="serializable"):
                pytest.fail("the block must not be entered")
        assert await outer.one(select(sql[int]("1"))) == 1


async def test_a_constraint_that_fails_at_commit_raises_and_gives_the_connection_back(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    with pytest.raises(errors.ForeignKeyViolation):
        async with database.transaction() as transaction:
            await transaction.execute(insert(notes).values({"person_id": 77}))
    assert observer.execute("SELECT count(*) FROM notes").fetchone() == (0,)
    assert await database.one(select(sql[int]("1"))) == 1


async def test_a_failing_rollback_does_not_hide_the_first_error(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    with pytest.raises(LookupError, match="the first"):
        async with database.transaction() as transaction:
            pid = await transaction.one(select(sql[int]("pg_backend_pid()")))
            observer.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
            raise LookupError("the first")


# --- The pool --------------------------------------------------------------------------------------------------------


async def test_an_exhausted_pool_says_so_and_recovers(database: AsyncDatabase) -> None:
    async with database.transaction():
        with pytest.raises(PoolExhausted, match=r"all 1 connections of the pool were in use for 0\.2 s"):
            await database.all(select(people).from_(people))
    assert len(await database.all(select(people).from_(people))) == 2


async def test_one_connection_serves_one_statement_after_another(database: AsyncDatabase) -> None:
    assert len({await backend(database) for _ in range(20)}) == 1


async def test_time_limits_of_statements_and_locks_are_set_on_every_connection(people_database: str) -> None:
    limits = PoolSettings(statement_timeout_ms=50, lock_timeout_ms=40)
    async with AsyncDatabase(people_database, pool=limits) as database:
        assert await database.one(select(sql[str]("current_setting('lock_timeout')"))) == "40ms"
        with pytest.raises(errors.QueryCanceled):
            await database.one(select(sql[str]("pg_sleep(5)::text")))
        assert await database.one(select(sql[int]("1"))) == 1


async def test_a_closed_database_opens_again_at_the_next_statement(database: AsyncDatabase) -> None:
    first = await backend(database)
    await database.close()
    await database.close()
    assert await backend(database) != first


async def test_closing_ends_the_connections(database: AsyncDatabase, observer: psycopg.Connection) -> None:
    pid = await backend(database)
    await database.close()
    alive: psycopg.Cursor[tuple[int]] = observer.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE pid = %s AND backend_type = 'client backend'", (pid,)
    )
    while alive.fetchone() != (0,):
        alive = observer.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", (pid,))


async def test_nothing_is_connected_before_the_first_statement() -> None:
    database = AsyncDatabase("postgresql://nobody@nowhere.invalid/nothing")
    await database.close()


async def test_a_connection_that_the_server_ended_is_replaced(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    pid = await backend(database)
    observer.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
    with pytest.raises(psycopg.OperationalError):
        await backend(database)
    assert await backend(database) != pid


async def test_an_ended_connection_inside_a_transaction_raises_and_commits_nothing(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    with pytest.raises(psycopg.OperationalError):
        async with database.transaction() as transaction:
            await transaction.execute(delete(people).all_rows())
            pid = await transaction.one(select(sql[int]("pg_backend_pid()")))
            observer.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
            await transaction.one(select(sql[int]("1")))
    assert names(observer) == ["ada", "bob"]
    assert len(await database.all(select(people).from_(people))) == 2


# --- Prepared statements ---------------------------------------------------------------------------------------------


async def test_a_result_type_that_others_change_is_prepared_anew(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    ages = select(people.age).from_(people).order_by(asc(people.id))
    assert await database.all(ages) == [36, None]
    observer.execute("ALTER TABLE people ALTER COLUMN age TYPE bigint")
    try:
        assert await database.all(ages) == [36, None]
        assert await database.all(ages) == [36, None]
    finally:
        observer.execute("ALTER TABLE people ALTER COLUMN age TYPE integer")
    assert await database.all(ages) == [36, None]


async def test_a_stale_statement_inside_a_transaction_fails_once_and_is_then_prepared_anew(
    database: AsyncDatabase, observer: psycopg.Connection
) -> None:
    ages = select(people.age).from_(people).order_by(asc(people.id))
    await database.all(ages)
    observer.execute("ALTER TABLE people ALTER COLUMN age TYPE bigint")
    try:
        with pytest.raises(errors.FeatureNotSupported):
            async with database.transaction() as transaction:
                await transaction.all(ages)
        async with database.transaction() as transaction:
            assert await transaction.all(ages) == [36, None]
    finally:
        observer.execute("ALTER TABLE people ALTER COLUMN age TYPE integer")


async def test_statements_dropped_by_discard_all_are_prepared_anew(database: AsyncDatabase) -> None:
    by_id = select(people.name).from_(people)
    assert await database.all(by_id.where(eq(people.id, 1))) == ["ada"]
    connection = await database._checkout()
    await connection.execute("DISCARD ALL")
    await database._release(connection)
    assert await database.all(by_id.where(eq(people.id, 1))) == ["ada"]
    assert await database.execute(delete(people).where(eq(people.id, 2))) == 1


async def test_a_statement_that_the_server_has_already_is_used_as_it_is(database: AsyncDatabase) -> None:
    by_id = select(people.name).from_(people)
    assert await database.all(by_id.where(eq(people.id, 1))) == ["ada"]
    connection = await database._checkout()
    connection._kept.clear()
    await database._release(connection)
    assert await database.all(by_id.where(eq(people.id, 2))) == ["bob"]
    assert await database.all(by_id.where(eq(people.id, 1))) == ["ada"]


async def test_shapes_beyond_the_limit_push_out_the_oldest(
    database: AsyncDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pagespace_db.client._async.connection.PREPARED_STATEMENTS", 3)
    for _ in range(2):
        for column in ("id", "name", "age", "joined"):
            assert len(await database.all(select(sql[object](f"people.{column}")).from_(people))) == 2
    connection = await database._checkout()
    cursor = await connection.execute("SELECT count(*) FROM pg_prepared_statements")
    assert await cursor.fetchone() == (3,)
    assert connection.pgconn.transaction_status == TransactionStatus.IDLE
    await database._release(connection)
