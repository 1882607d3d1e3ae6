"""Generated from test_client_async.py by tools/unasync.py: do not edit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator, Iterator

import psycopg
import pytest
from psycopg import errors
from psycopg.pq import Format, TransactionStatus

from pagespace_db import (
    Database,
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
def database(people_database: str, observer: psycopg.Connection) -> Iterator[Database]:
    with Database(people_database, pool=ONE_CONNECTION) as database:
        yield database


def names(observer: psycopg.Connection) -> list[str]:
    """Return the names that are committed."""
    return [name for (name,) in observer.execute("SELECT name FROM people ORDER BY id")]


def backend(database: Database) -> int:
    """Return the process id of the server's end of the only connection."""
    return database.one(select(sql[int]("pg_backend_pid()")))


# --- Reading ---------------------------------------------------------------------------------------------------------


def test_all_returns_every_row_in_order(database: Database) -> None:
    joined = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    rows = database.all(select(people).from_(people).order_by(asc(people.id)))
    assert rows == [Person(1, "ada", 36, joined), Person(2, "bob", None, joined)]


def test_one_column_gives_values_and_two_give_tuples(database: Database) -> None:
    assert database.all(select(people.age).from_(people).order_by(asc(people.id))) == [36, None]
    assert database.all(select(people.id, people.name).from_(people).where(eq(people.id, 2))) == [(2, "bob")]


def test_one_returns_the_only_row(database: Database) -> None:
    assert database.one(select(people.name).from_(people).where(eq(people.id, 1))) == "ada"


def test_one_raises_when_there_is_no_row(database: Database) -> None:
    with pytest.raises(NoRow, match="one row was asked for"):
        database.one(select(people).from_(people).where(eq(people.id, 3)))


def test_one_raises_when_there_are_two_rows(database: Database) -> None:
    with pytest.raises(TooManyRows, match="2 were found"):
        database.one(select(people).from_(people))


def test_one_or_none_returns_none_for_no_row_and_raises_for_two(database: Database) -> None:
    assert database.one_or_none(select(people.name).from_(people).where(eq(people.id, 2))) == "bob"
    assert database.one_or_none(select(people).from_(people).where(eq(people.id, 3))) is None
    with pytest.raises(TooManyRows):
        database.one_or_none(select(people).from_(people))


def test_a_null_is_a_row_and_not_the_absence_of_one(database: Database) -> None:
    age_of_bob = select(people.age).from_(people).where(eq(people.id, 2))
    assert database.one(age_of_bob) is None
    assert database.first(age_of_bob) is None
    assert database.all(age_of_bob) == [None]


def test_first_returns_the_first_of_many_rows_or_none(database: Database) -> None:
    assert database.first(select(people.name).from_(people).order_by(asc(people.id))) == "ada"
    assert database.first(select(people.name).from_(people).where(eq(people.id, 3))) is None


def test_the_same_shape_runs_with_other_values(database: Database) -> None:
    for number, name in [(1, "ada"), (2, "bob"), (1, "ada")]:
        assert database.one(select(people.name).from_(people).where(eq(people.id, number))) == name


def test_every_value_is_a_parameter_whatever_it_looks_like(database: Database, observer: psycopg.Connection) -> None:
    for number, text in enumerate(["'; DROP TABLE people; --", "$1", "%s %(x)s %%", "\\'", '"', "ä\u2028😀", ""]):
        database.execute(insert(people).values({"id": 100 + number, "name": text}))
        assert database.one(select(people.name).from_(people).where(eq(people.name, text))) == text
    assert len(names(observer)) == 9


# --- Writing ---------------------------------------------------------------------------------------------------------


def test_execute_commits_and_returns_how_many_rows_were_written(
    database: Database, observer: psycopg.Connection
) -> None:
    assert database.execute(insert(people).values({"id": 3, "name": "cy"}, {"id": 4, "name": "di"})) == 2
    assert names(observer) == ["ada", "bob", "cy", "di"]
    assert database.execute(update(people).set({"age": 1}).where(gte(people.id, 2))) == 3
    assert database.execute(delete(people).where(eq(people.id, 99))) == 0


def test_returning_gives_the_written_rows(database: Database) -> None:
    assert (database.one(insert(people).values({"id": 3, "name": "cy"}).returning())).name == "cy"
    changed = update(people).set({"age": 7}).where(gte(people.id, 2)).returning(people.id, people.age)
    assert sorted(database.all(changed)) == [(2, 7), (3, 7)]


def test_a_json_value_comes_back_equal(database: Database) -> None:
    values: list[object] = [{"a": [1, None, "123"], " ": "ä😀\n"}, [], "123", 1.5, False, 10**30, "", {"": {}}]
    for value in values:
        row: NoteInsert = {"person_id": 1, "extra": value}
        # Read as text with an array beside it, and in the binary format once the shape is known.
        assert database.one(insert(notes).values(row).returning(notes.extra)) == value
        extra = select(notes.extra, sql[list[int]]("ARRAY[1]")).from_(notes).where(eq(notes.id, sql[int]("lastval()")))
        assert database.one(extra) == (value, [1])


def test_a_refused_write_names_its_constraint_and_leaves_the_connection_usable(database: Database) -> None:
    before = backend(database)
    with pytest.raises(errors.UniqueViolation) as refused:
        database.execute(insert(people).values({"id": 3, "name": "ada"}))
    assert refused.value.diag.constraint_name == "people_name_key"
    assert refused.value.sqlstate == "23505"
    assert database.one(select(people.name).from_(people).where(eq(people.id, 1))) == "ada"
    assert backend(database) == before


def test_values_read_in_binary_equal_those_read_as_text(database: Database) -> None:
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
    rows = [database.one(fast) for _ in range(3)]
    connection = database._checkout()
    assert [prepared.result_format for prepared in connection._kept.values()] == [Format.BINARY]
    database._release(connection)
    assert rows[0] == rows[1] == rows[2]
    assert [type(value) for value in rows[0]] == [type(value) for value in rows[2]]


# --- Streams ---------------------------------------------------------------------------------------------------------


def test_stream_yields_every_row_in_order_across_several_fetches(database: Database) -> None:
    numbers = select(sql[int]("generate_series(1, {})", 25))
    assert [n for n in database.stream(numbers, rows_per_fetch=10)] == list(range(1, 26))


def test_stream_yields_rows_as_objects_and_binds_values(database: Database) -> None:
    stream = database.stream(select(people).from_(people).where(eq(people.name, "ada")))
    assert [person.age for person in stream] == [36]


def test_a_stream_that_is_closed_early_gives_its_connection_back(database: Database) -> None:
    stream = database.stream(select(sql[int]("generate_series(1, 100)")), rows_per_fetch=3)
    for number in stream:
        if number == 5:
            break
    assert isinstance(stream, Generator)
    stream.close()
    assert database.one(select(sql[int]("1"))) == 1


def test_two_streams_run_in_one_transaction(database: Database) -> None:
    with database.transaction() as transaction:
        pairs = [
            (outer, inner)
            for outer in transaction.stream(select(sql[int]("generate_series(1, 2)")))
            for inner in transaction.stream(select(sql[int]("generate_series(1, 2)")))
        ]
    assert pairs == [(1, 1), (1, 2), (2, 1), (2, 2)]


def test_a_stream_whose_statement_fails_raises_and_gives_its_connection_back(database: Database) -> None:
    with pytest.raises(errors.DivisionByZero):
        _ = [n for n in database.stream(select(sql[int]("1 / (2 - generate_series(1, 5))")))]
    assert database.one(select(sql[int]("1"))) == 1


# --- Transactions ----------------------------------------------------------------------------------------------------


def test_a_transaction_commits_when_its_block_ends(database: Database, observer: psycopg.Connection) -> None:
    with database.transaction() as transaction:
        transaction.execute(insert(people).values({"id": 3, "name": "cy"}))
        assert names(observer) == ["ada", "bob"]
        assert transaction.one(select(people.name).from_(people).where(eq(people.id, 3))) == "cy"
    assert names(observer) == ["ada", "bob", "cy"]


def test_a_transaction_rolls_back_when_its_block_raises(database: Database, observer: psycopg.Connection) -> None:
    with pytest.raises(LookupError, match="our own"):
        with database.transaction() as transaction:
            transaction.execute(delete(people).all_rows())
            raise LookupError("our own")
    assert names(observer) == ["ada", "bob"]


def test_a_refused_statement_ends_the_transaction_and_nothing_is_kept(
    database: Database, observer: psycopg.Connection
) -> None:
    with pytest.raises(errors.UniqueViolation):
        with database.transaction() as transaction:
            transaction.execute(insert(people).values({"id": 3, "name": "cy"}))
            transaction.execute(insert(people).values({"id": 3, "name": "di"}))
    assert names(observer) == ["ada", "bob"]
    assert database.one(select(people.name).from_(people).where(eq(people.id, 1))) == "ada"


def test_a_nested_transaction_is_a_savepoint(database: Database, observer: psycopg.Connection) -> None:
    with database.transaction() as outer:
        outer.execute(insert(people).values({"id": 3, "name": "cy"}))
        with pytest.raises(errors.UniqueViolation):
            with outer.transaction() as inner:
                inner.execute(insert(people).values({"id": 4, "name": "di"}))
                inner.execute(insert(people).values({"id": 5, "name": "ada"}))
        with outer.transaction() as inner, inner.transaction() as innermost:
            innermost.execute(insert(people).values({"id": 6, "name": "ed"}))
    assert names(observer) == ["ada", "bob", "cy", "ed"]


def test_statements_stay_prepared_after_a_rollback_to_a_savepoint(database: Database) -> None:
    by_id = select(people.name).from_(people)
    with database.transaction() as outer:
        with pytest.raises(LookupError):
            with outer.transaction() as inner:
                assert inner.all(by_id.where(eq(people.id, 1))) == ["ada"]
                raise LookupError
        assert outer.all(by_id.where(eq(people.id, 2))) == ["bob"]
    count = "count(*)::int FROM pg_prepared_statements WHERE statement LIKE 'SELECT \"%'"
    assert database.one(select(sql[int](count))) == 1


def test_isolation_and_access_mode_are_those_that_were_asked_for(database: Database) -> None:
    with database.transaction(isolation="serializable", read_only=True, deferrable=True) as transaction:
        settings = "isolation", "read_only", "deferrable"
        shown = [transaction.one(select(sql[str]("current_setting({})", f"transaction_{name}"))) for name in settings]
        assert shown == ["serializable", "on", "on"]
    with database.transaction(isolation="repeatable read") as transaction:
        level = transaction.one(select(sql[str]("current_setting('transaction_isolation')")))
        assert level == "repeatable read"
    assert database.one(select(sql[str]("current_setting('transaction_isolation')"))) == "read committed"


def test_a_read_only_transaction_refuses_writes(database: Database) -> None:
    with pytest.raises(errors.ReadOnlySqlTransaction):
        with database.transaction(read_only=True) as transaction:
            transaction.execute(delete(people).all_rows())


def test_a_repeatable_read_does_not_see_what_others_commit(database: Database, observer: psycopg.Connection) -> None:
    with database.transaction(isolation="repeatable read") as transaction:
        assert len(transaction.all(select(people).from_(people))) == 2
        observer.execute("INSERT INTO people (id, name) VALUES (9, 'zoe')")
        assert len(transaction.all(select(people).from_(people))) == 2
    assert len(database.all(select(people).from_(people))) == 3


def test_a_savepoint_refuses_the_options_of_a_transaction(database: Database) -> None:
    with database.transaction() as outer:
        with pytest.raises(StatementError, match="savepoint"):
            with outer.transaction(isolation="serializable"):
                pytest.fail("the block must not be entered")
        assert outer.one(select(sql[int]("1"))) == 1


def test_a_constraint_that_fails_at_commit_raises_and_gives_the_connection_back(
    database: Database, observer: psycopg.Connection
) -> None:
    with pytest.raises(errors.ForeignKeyViolation):
        with database.transaction() as transaction:
            transaction.execute(insert(notes).values({"person_id": 77}))
    assert observer.execute("SELECT count(*) FROM notes").fetchone() == (0,)
    assert database.one(select(sql[int]("1"))) == 1


def test_a_failing_rollback_does_not_hide_the_first_error(database: Database, observer: psycopg.Connection) -> None:
    with pytest.raises(LookupError, match="the first"):
        with database.transaction() as transaction:
            pid = transaction.one(select(sql[int]("pg_backend_pid()")))
            observer.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
            raise LookupError("the first")


# --- The pool --------------------------------------------------------------------------------------------------------


def test_an_exhausted_pool_says_so_and_recovers(database: Database) -> None:
    with database.transaction():
        with pytest.raises(PoolExhausted, match=r"all 1 connections of the pool were in use for 0\.2 s"):
            database.all(select(people).from_(people))
    assert len(database.all(select(people).from_(people))) == 2


def test_one_connection_serves_one_statement_after_another(database: Database) -> None:
    assert len({backend(database) for _ in range(20)}) == 1


def test_time_limits_of_statements_and_locks_are_set_on_every_connection(people_database: str) -> None:
    limits = PoolSettings(statement_timeout_ms=50, lock_timeout_ms=40)
    with Database(people_database, pool=limits) as database:
        assert database.one(select(sql[str]("current_setting('lock_timeout')"))) == "40ms"
        with pytest.raises(errors.QueryCanceled):
            database.one(select(sql[str]("pg_sleep(5)::text")))
        assert database.one(select(sql[int]("1"))) == 1


def test_a_closed_database_opens_again_at_the_next_statement(database: Database) -> None:
    first = backend(database)
    database.close()
    database.close()
    assert backend(database) != first


def test_closing_ends_the_connections(database: Database, observer: psycopg.Connection) -> None:
    pid = backend(database)
    database.close()
    alive: psycopg.Cursor[tuple[int]] = observer.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE pid = %s AND backend_type = 'client backend'", (pid,)
    )
    while alive.fetchone() != (0,):
        alive = observer.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", (pid,))


def test_nothing_is_connected_before_the_first_statement() -> None:
    database = Database("postgresql://nobody@nowhere.invalid/nothing")
    database.close()


def test_a_connection_that_the_server_ended_is_replaced(database: Database, observer: psycopg.Connection) -> None:
    pid = backend(database)
    observer.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
    with pytest.raises(psycopg.OperationalError):
        backend(database)
    assert backend(database) != pid


def test_an_ended_connection_inside_a_transaction_raises_and_commits_nothing(
    database: Database, observer: psycopg.Connection
) -> None:
    with pytest.raises(psycopg.OperationalError):
        with database.transaction() as transaction:
            transaction.execute(delete(people).all_rows())
            pid = transaction.one(select(sql[int]("pg_backend_pid()")))
            observer.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
            transaction.one(select(sql[int]("1")))
    assert names(observer) == ["ada", "bob"]
    assert len(database.all(select(people).from_(people))) == 2


# --- Prepared statements ---------------------------------------------------------------------------------------------


def test_a_result_type_that_others_change_is_prepared_anew(database: Database, observer: psycopg.Connection) -> None:
    ages = select(people.age).from_(people).order_by(asc(people.id))
    assert database.all(ages) == [36, None]
    observer.execute("ALTER TABLE people ALTER COLUMN age TYPE bigint")
    try:
        assert database.all(ages) == [36, None]
        assert database.all(ages) == [36, None]
    finally:
        observer.execute("ALTER TABLE people ALTER COLUMN age TYPE integer")
    assert database.all(ages) == [36, None]


def test_a_stale_statement_inside_a_transaction_fails_once_and_is_then_prepared_anew(
    database: Database, observer: psycopg.Connection
) -> None:
    ages = select(people.age).from_(people).order_by(asc(people.id))
    database.all(ages)
    observer.execute("ALTER TABLE people ALTER COLUMN age TYPE bigint")
    try:
        with pytest.raises(errors.FeatureNotSupported):
            with database.transaction() as transaction:
                transaction.all(ages)
        with database.transaction() as transaction:
            assert transaction.all(ages) == [36, None]
    finally:
        observer.execute("ALTER TABLE people ALTER COLUMN age TYPE integer")


def test_statements_dropped_by_discard_all_are_prepared_anew(database: Database) -> None:
    by_id = select(people.name).from_(people)
    assert database.all(by_id.where(eq(people.id, 1))) == ["ada"]
    connection = database._checkout()
    connection.execute("DISCARD ALL")
    database._release(connection)
    assert database.all(by_id.where(eq(people.id, 1))) == ["ada"]
    assert database.execute(delete(people).where(eq(people.id, 2))) == 1


def test_a_statement_that_the_server_has_already_is_used_as_it_is(database: Database) -> None:
    by_id = select(people.name).from_(people)
    assert database.all(by_id.where(eq(people.id, 1))) == ["ada"]
    connection = database._checkout()
    connection._kept.clear()
    database._release(connection)
    assert database.all(by_id.where(eq(people.id, 2))) == ["bob"]
    assert database.all(by_id.where(eq(people.id, 1))) == ["ada"]


def test_shapes_beyond_the_limit_push_out_the_oldest(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pagespace_db.client._sync.connection.PREPARED_STATEMENTS", 3)
    for _ in range(2):
        for column in ("id", "name", "age", "joined"):
            assert len(database.all(select(sql[object](f"people.{column}")).from_(people))) == 2
    connection = database._checkout()
    cursor = connection.execute("SELECT count(*) FROM pg_prepared_statements")
    assert cursor.fetchone() == (3,)
    assert connection.pgconn.transaction_status == TransactionStatus.IDLE
    database._release(connection)
