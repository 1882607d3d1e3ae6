"""Generated from test_features_async.py by tools/unasync.py: do not edit."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from psycopg import errors

from pagespace_db import (
    ConfigError,
    Database,
    Gap,
    LockNotObtained,
    Notification,
    PoolSettings,
    StatementError,
    StatementEvent,
    Transaction,
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
def database(people_database: str, observer: psycopg.Connection) -> Iterator[Database]:
    with Database(people_database, pool=PoolSettings(max_size=1, acquire_timeout_s=0.2)) as database:
        yield database


def names(observer: psycopg.Connection) -> list[str]:
    """Return the names that are committed."""
    return [name for (name,) in observer.execute("SELECT name FROM people ORDER BY id")]


# --- Batches ---------------------------------------------------------------------------------------------------------


def test_a_batch_returns_the_rows_of_each_statement(database: Database) -> None:
    by_id = select(people.name).from_(people)
    for _ in range(2):
        assert database.batch([by_id.where(eq(people.id, n)) for n in (2, 7, 1)]) == [["bob"], [], ["ada"]]
    nothing: list[Command] = []
    assert database.batch(nothing) == []


def test_a_batch_of_commands_returns_counts_and_is_all_or_none(
    database: Database, observer: psycopg.Connection
) -> None:
    add = insert(people)
    assert database.batch([add.values({"id": n, "name": f"p{n}"}) for n in (3, 4)]) == [1, 1]
    with pytest.raises(errors.UniqueViolation):
        database.batch([add.values({"id": n, "name": name}) for n, name in ((5, "ed"), (6, "ada"), (7, "fy"))])
    assert names(observer) == ["ada", "bob", "p3", "p4"]
    assert database.one(select(sql[int]("1"))) == 1


def test_a_batch_inside_a_transaction_belongs_to_it(database: Database, observer: psycopg.Connection) -> None:
    with pytest.raises(LookupError):
        with database.transaction() as transaction:
            transaction.batch([insert(people).values({"id": n, "name": f"p{n}"}) for n in (3, 4)])
            assert len(transaction.all(select(people).from_(people))) == 4
            raise LookupError
    assert names(observer) == ["ada", "bob"]


def test_a_stale_statement_in_a_batch_is_prepared_anew(database: Database, observer: psycopg.Connection) -> None:
    ages, all_names = select(people.age).from_(people).order_by(asc(people.id)), select(people.name).from_(people)
    database.batch(ages, all_names)
    observer.execute("ALTER TABLE people ALTER COLUMN age TYPE bigint")
    try:
        assert (database.batch(all_names, ages, ages))[1:] == ([36, None], [36, None])
    finally:
        observer.execute("ALTER TABLE people ALTER COLUMN age TYPE integer")
    connection = database._checkout()
    connection.execute("DISCARD ALL")
    database._release(connection)
    assert (database.batch(ages, all_names))[0] == [36, None]


# --- Transactions ----------------------------------------------------------------------------------------------------


def test_a_transaction_without_statements_sends_nothing(database: Database) -> None:
    connection = database._checkout()
    database._release(connection)
    with database.transaction() as outer, outer.transaction():
        assert connection.pgconn.transaction_status == 0
    assert connection._queue == []


def test_an_error_that_is_caught_inside_fails_the_transaction_at_its_end(
    database: Database, observer: psycopg.Connection
) -> None:
    with pytest.raises(TransactionFailed, match="nothing of this transaction is kept"):
        with database.transaction() as transaction:
            transaction.execute(insert(people).values({"id": 3, "name": "cy"}))
            with pytest.raises(errors.UniqueViolation):
                transaction.execute(insert(people).values({"id": 3, "name": "di"}))
    assert names(observer) == ["ada", "bob"]


def test_a_decorated_function_is_run_again_after_a_serialization_failure(
    database: Database, observer: psycopg.Connection
) -> None:
    runs: list[int] = []

    @database.transaction(isolation="repeatable read", retry=3)
    def age(transaction: Transaction, years: int) -> int | None:
        now = transaction.one(select(people.age).from_(people).where(eq(people.id, 1)))
        runs.append(now or 0)
        if len(runs) <= 2:
            observer.execute("UPDATE people SET age = age + 100 WHERE id = 1")
        transaction.execute(update(people).set({"age": (now or 0) + years}).where(eq(people.id, 1)))
        return now

    assert age(years=1) == 236
    assert runs == [36, 136, 236]
    assert observer.execute("SELECT age FROM people WHERE id = 1").fetchone() == (237,)


def test_retries_end_and_other_errors_are_not_retried(database: Database, observer: psycopg.Connection) -> None:
    runs: list[str] = []

    @database.transaction(retry=2)
    def deadlocked(transaction: Transaction) -> None:
        runs.append("deadlock")
        raise errors.DeadlockDetected

    @database.transaction(retry=2)
    def refused(transaction: Transaction) -> None:
        runs.append("refused")
        transaction.execute(insert(people).values({"id": 1, "name": "ada"}))

    with pytest.raises(errors.DeadlockDetected):
        deadlocked()
    with pytest.raises(errors.UniqueViolation):
        refused()
    assert runs == ["deadlock"] * 3 + ["refused"]


def test_a_block_cannot_be_retried_nor_a_savepoint(database: Database) -> None:
    with pytest.raises(StatementError, match="cannot be run again"):
        with database.transaction(retry=1):
            pytest.fail("the block must not be entered")
    with database.transaction() as transaction:
        with pytest.raises(StatementError, match="cannot be run again"):
            with transaction.transaction(retry=1):
                pytest.fail("the block must not be entered")


def test_a_session_sets_parameters_for_policies_until_it_ends(database: Database, observer: psycopg.Connection) -> None:
    user = select(sql[str]("coalesce(current_setting('app.user_id', true), '')"))
    with database.session({"app.user_id": "u1'; --"}) as session:
        assert session.one(user) == "u1'; --"
    assert database.one(user) == ""


def test_a_transaction_has_a_time_limit_of_its_own(people_database: str) -> None:
    with Database(people_database, pool=PoolSettings(statement_timeout_ms=100)) as database:
        with database.transaction(statement_timeout_ms=0) as transaction:
            transaction.one(select(sql[str]("pg_sleep(0.4)::text")))
        with pytest.raises(errors.QueryCanceled):
            database.one(select(sql[str]("pg_sleep(0.4)::text")))


# --- COPY ------------------------------------------------------------------------------------------------------------


def generated_people(count: int) -> Iterator[PersonInsert]:
    for number in range(count):
        yield {"id": 10 + number, "name": f"p{number}\t\\N\n{number}", "age": None if number % 2 else number}


def test_copy_in_writes_rows_from_a_generator_and_copy_out_reads_them(database: Database) -> None:
    assert database.copy_in(people, generated_people(2_500)) == 2_500
    copied = [person for person in database.copy_out(people)]
    assert len(copied) == 2_502
    assert sorted(copied, key=lambda person: person.id) == database.all(
        select(people).from_(people).order_by(asc(people.id))
    )
    assert isinstance(copied[0], Person)


def test_copy_in_takes_json_and_belongs_to_an_open_transaction(
    database: Database, observer: psycopg.Connection
) -> None:
    rows: list[NoteInsert] = [{"person_id": 1, "extra": {"a": "1"}}, {"person_id": 2, "extra": [None]}]
    with database.transaction() as transaction:
        assert transaction.copy_in(notes, rows) == 2
        assert observer.execute("SELECT count(*) FROM notes").fetchone() == (0,)
    assert [note.extra for note in database.copy_out(notes)] == [{"a": "1"}, [None]]
    assert database.copy_in(notes, []) == 0


def test_copy_in_refuses_rows_of_another_kind_and_keeps_nothing(
    database: Database, observer: psycopg.Connection
) -> None:
    wrong: list[PersonInsert] = [{"id": 3, "name": "cy"}, {"id": 4, "name": "di", "age": 1}]
    with pytest.raises(StatementError, match=r"row 2 has other keys: age"):
        database.copy_in(people, wrong)
    with pytest.raises(errors.UniqueViolation):
        database.copy_in(people, [{"id": 3, "name": "cy"}, {"id": 4, "name": "ada"}])
    with pytest.raises(StatementError, match="expression"):
        database.copy_in(people, [{"id": 3, "name": sql[str]("'x'")}])
    with pytest.raises(StatementError, match=r"row 2: the text for people\.name has a NUL character"):
        database.copy_in(people, [{"id": 3, "name": "cy"}, {"id": 4, "name": "d\0i"}])
    with pytest.raises(StatementError, match=r"row 1: the text for people\.name has a lone surrogate"):
        database.copy_in(people, [{"id": 3, "name": "\ud800"}])
    assert names(observer) == ["ada", "bob"]
    assert database.one(select(sql[int]("1"))) == 1


# --- Notifications ---------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Moved:
    page: str
    position: float


MOVES = json_channel("page moves", lambda value: Moved(**value), dataclasses.asdict)
TEXTS = text_channel("texts")


def test_a_listener_gets_typed_payloads_after_a_first_gap(database: Database) -> None:
    with closing(database.listen(MOVES)) as events:
        assert next(events) == Gap()
        database.notify(MOVES, Moved("ä\n", 1.5))
        event = next(events)
        assert isinstance(event, Notification)
        assert (event.channel, event.payload) == ("page moves", Moved("ä\n", 1.5))


def test_a_notification_of_a_transaction_is_sent_when_it_commits(database: Database) -> None:
    with closing(database.listen(TEXTS)) as events:
        next(events)
        with pytest.raises(LookupError):
            with database.transaction() as transaction:
                transaction.notify(TEXTS, "undone")
                raise LookupError
        with database.transaction() as transaction:
            transaction.notify(TEXTS, "done")
        event = next(events)
        assert isinstance(event, Notification)
        assert event.payload == "done"


def test_a_listener_whose_connection_ends_begins_again_with_a_gap(
    database: Database, observer: psycopg.Connection
) -> None:
    with closing(database.listen(TEXTS)) as events:
        assert next(events) == Gap()
        observer.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        )
        assert next(events) == Gap()
        database.notify(TEXTS, "again")
        event = next(events)
        assert isinstance(event, Notification)
        assert event.payload == "again"


def test_a_payload_that_is_too_long_is_refused_before_sending(database: Database) -> None:
    database.notify(TEXTS, "x" * 7_999)
    with pytest.raises(StatementError, match="8000 bytes"):
        database.notify(TEXTS, "ä" * 4_000)


def test_listening_behind_a_pooler_is_refused(people_database: str) -> None:
    with Database(people_database, pool=PoolSettings(pooler=True)) as database:
        with pytest.raises(ConfigError, match="pooler"):
            next(database.listen(TEXTS))


# --- Advisory locks --------------------------------------------------------------------------------------------------


def test_an_advisory_lock_excludes_others_and_takes_no_connection_of_the_pool(
    people_database: str, database: Database
) -> None:
    with Database(people_database) as other, database.advisory_lock("nightly report"):
        with pytest.raises(LockNotObtained, match="nightly report"):
            with other.advisory_lock("nightly report", timeout_s=0.05):
                pytest.fail("the lock is held")
        with other.advisory_lock("another", timeout_s=0.05), other.advisory_lock(-5):
            assert database.one(select(sql[int]("1"))) == 1
    with Database(people_database) as other, other.advisory_lock("nightly report", timeout_s=0.05):
        pass


def test_shared_advisory_locks_are_held_together_and_given_back_after_errors(
    people_database: str, database: Database
) -> None:
    with Database(people_database) as other:
        with pytest.raises(LookupError):
            with database.advisory_lock(7, shared=True), other.advisory_lock(7, shared=True, timeout_s=1):
                raise LookupError
        with other.advisory_lock(7, timeout_s=1):
            pass


# --- What is seen from outside ---------------------------------------------------------------------------------------


def test_hooks_are_told_of_statements_and_never_of_values(people_database: str) -> None:
    events: list[StatementEvent] = []
    with Database(people_database, hooks=[events.append]) as database:
        database.all(select(people.id).from_(people).where(eq(people.name, "hush-hush")))
        with pytest.raises(errors.UniqueViolation):
            database.execute(insert(people).values({"id": 1, "name": "hush-hush"}))
        database.batch(select(people.name).from_(people), select(people.age).from_(people))
    assert [(event.row_count, event.sqlstate, event.error) for event in events] == [
        (0, None, None),
        (None, "23505", "UniqueViolation"),
        (4, None, None),
    ]
    assert events[0].sql.startswith('SELECT "people"."id" FROM "public"."people" WHERE ')
    assert events[0].sql.endswith("$1")
    assert all(event.duration_s > 0 for event in events)
    assert "hush" not in repr(events)


def test_slow_and_failed_statements_are_logged(people_database: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "pagespace_db.statements")
    hooks = [log_statements(slower_than_s=0.05)]
    with Database(people_database, hooks=hooks) as database:
        database.one(select(sql[int]("1")))
        database.one(select(sql[str]("pg_sleep(0.06)::text")))
        with pytest.raises(errors.DivisionByZero):
            database.one(select(sql[int]("1 / 0")))
    levels = [(record.levelname, record.getMessage().split(" ")[0]) for record in caplog.records]
    assert levels == [("INFO", "1"), ("WARNING", "DivisionByZero")]


def test_stats_count_connections(database: Database) -> None:
    database.one(select(sql[int]("1")))
    stats = database.stats()
    assert stats is not None
    assert (stats.max_size, stats.size, stats.idle, stats.in_use) == (1, 1, 1, 0)
    with database.transaction() as transaction:
        transaction.one(select(sql[int]("1")))
        stats = database.stats()
        assert stats is not None
        assert (stats.idle, stats.in_use) == (0, 1)


def test_behind_a_pooler_nothing_is_prepared_or_set_for_the_session(people_database: str) -> None:
    with Database(people_database, pool=PoolSettings(pooler=True, max_size=1)) as database:
        for _ in range(3):
            assert database.one(select(people.name).from_(people).where(eq(people.id, 1))) == "ada"
        assert database.one(select(sql[int]("count(*)::int FROM pg_prepared_statements"))) == 0
        assert database.one(select(sql[str]("current_setting('statement_timeout')"))) == "0"
        with database.transaction() as transaction:
            assert transaction.execute(update(people).set({"age": 1}).where(eq(people.id, 2))) == 1
