"""Threads that race for few connections, and processes that are forked in between."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import psycopg
import pytest
from psycopg_pool import PoolClosed

from pagespace_db import Database, PoolSettings, eq, select, sql, update
from tests.client.tables import people


@pytest.fixture
def database(people_database: str, observer: psycopg.Connection) -> Iterator[Database]:
    with Database(people_database, pool=PoolSettings(max_size=2, acquire_timeout_s=20)) as database:
        yield database


def test_threads_in_front_of_a_small_pool_all_get_their_rows(database: Database) -> None:
    def read(worker: int) -> list[str]:
        number = worker % 2 + 1
        return [database.one(select(people.name).from_(people).where(eq(people.id, number))) for _ in range(150)]

    with ThreadPoolExecutor(12) as executor:
        results = list(executor.map(read, range(12)))
    assert results == [["ada" if worker % 2 == 0 else "bob"] * 150 for worker in range(12)]


def test_threads_that_meet_errors_and_transactions_lose_no_connection(database: Database) -> None:
    def work(worker: int) -> int:
        failures = 0
        for turn in range(30):
            try:
                with database.transaction() as transaction:
                    transaction.execute(update(people).set({"age": turn}).where(eq(people.id, 1)))
                    transaction.one(select(sql[int]("1 / {}", (worker + turn) % 3)))
            except psycopg.errors.DivisionByZero:
                failures += 1
        return failures

    with ThreadPoolExecutor(9) as executor:
        assert sum(executor.map(work, range(9))) == 90
    with database.transaction(), database.transaction():
        pass


def test_threads_that_use_a_database_first_open_one_pool(people_database: str, observer: psycopg.Connection) -> None:
    database = Database(people_database, pool=PoolSettings(max_size=3))
    together = threading.Barrier(8)

    def read(worker: int) -> int:
        together.wait()
        return len(database.all(select(people).from_(people)))

    with ThreadPoolExecutor(8) as executor:
        assert list(executor.map(read, range(8))) == [2] * 8
    count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    row = observer.execute(count).fetchone()
    assert row is not None
    assert row[0] <= 3
    database.close()


def test_a_database_that_is_closed_while_threads_use_it_leaves_no_connection_behind(
    people_database: str, observer: psycopg.Connection
) -> None:
    database = Database(people_database, pool=PoolSettings(max_size=3))
    is_over = threading.Event()

    def read(worker: int) -> None:
        while not is_over.is_set():
            # A thread that waits for a connection when the pool is closed is told so.
            with suppress(PoolClosed):
                assert len(database.all(select(people).from_(people))) == 2

    with ThreadPoolExecutor(6) as executor:
        workers = [executor.submit(read, worker) for worker in range(6)]
        for _ in range(8):
            database.close()
        is_over.set()
    for worker in workers:
        worker.result()
    database.close()
    deadline = time.monotonic() + 10
    count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    while (row := observer.execute(count).fetchone()) != (0,):
        assert time.monotonic() < deadline, row


FORKING = """
import os, sys
from pagespace_db import Database, select, sql
database = Database(sys.argv[1])
pid = lambda: database.one(select(sql[int]("pg_backend_pid()")))
first = pid()
child = os.fork()
if child == 0:
    assert pid() not in (first,), "the child uses the parent's connection"
    database.close()
    sys.exit(0)
_, status = os.waitpid(child, 0)
assert os.waitstatus_to_exitcode(status) == 0
assert pid() == first, "the child has closed the parent's connection"
database.close()
print("fine")
"""


def test_a_forked_child_opens_connections_of_its_own(people_database: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", FORKING, people_database],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("fine\n", 0), done.stderr


INTERRUPTED = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job has it ignored
from pagespace_db import Database, PoolSettings, select, sql
database = Database(sys.argv[1], pool=PoolSettings(max_size=1))
pid = lambda: database.one(select(sql[int]("pg_backend_pid()")))
first = pid()
print("sleeping", flush=True)
try:
    database.one(select(sql[str]("pg_sleep(60)::text")))
except KeyboardInterrupt:
    print("same connection" if pid() == first else "another connection", flush=True)
database.close()
"""


def test_ctrl_c_cancels_the_statement_and_keeps_the_connection(people_database: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, people_database], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "sleeping\n"
        with psycopg.connect(people_database, autocommit=True) as observer:
            query = (
                "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(60)%'"
                " AND datname = current_database() AND pid <> pg_backend_pid()"
            )
            while observer.execute(query).fetchone() is None:
                pass
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "same connection\n"
        assert process.wait(timeout=30) == 0
