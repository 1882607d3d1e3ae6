"""The runner, or its server process, is killed at every statement boundary: the database is as before or as after."""

from __future__ import annotations

import signal
from typing import Final, Literal

import psycopg
import pytest

from tests.migrate.project import Barrier, Project, eventually

Victim = Literal["runner", "backend"]

# At each barrier all statements above it are done and none below it has begun.
STATEMENTS: Final = (
    "select pg_advisory_lock_shared(1)",
    "create table b (id int)",
    "select pg_advisory_lock_shared(2)",
    "insert into b values (1)",
    "select pg_advisory_lock_shared(3)",
    "create index {concurrently} i on b (id)",
    "select pg_advisory_lock_shared(4)",
)


# The first half of a DETACH is committed, and it waits for those who still see the partition.
DETACHING: Final = """
SELECT a.pid FROM pg_stat_activity a CROSS JOIN pg_inherits i
WHERE i.inhdetachpending AND a.query ILIKE 'alter table a detach%' AND a.datname = current_database()
"""


def kill_at(project: Project, barrier: Barrier, number: int, victim: Victim) -> None:
    """Run `up`, and kill the runner or its backend as it stands at a barrier."""
    barrier.close_at(number)
    with project.start("up") as runner:
        pid = barrier.wait_for_arrival()
        if victim == "runner":
            runner.kill()
        barrier.terminate(pid)  # of a killed runner, so that the test need not wait for the server to notice
        code = runner.wait()
    assert code == (-9 if victim == "runner" else 4)
    barrier.wait_for_end(pid)
    barrier.open()


def write(project: Project, *, options: str) -> None:
    concurrently = "concurrently" if options else ""
    project.write("001_a.sql", "create table a ();")
    project.write("002_b.sql", ";\n".join(STATEMENTS).format(concurrently=concurrently) + ";", options=options)


@pytest.mark.parametrize("victim", ["runner", "backend"])
@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_transactional_file_is_applied_wholly_or_not_at_all(
    project: Project, barrier: Barrier, number: int, victim: Victim
) -> None:
    write(project, options="")
    kill_at(project, barrier, number, victim)
    assert (project.applied(), project.relations()) == (["001"], ["a"])
    assert project.standings() == {"001_a.sql": "applied", "002_b.sql": "pending"}
    project.ok("up")
    assert (project.applied(), project.relations()) == (["001", "002"], ["a", "b", "i"])
    assert project.query("SELECT count(*) FROM b") == [1]


@pytest.mark.parametrize("victim", ["runner", "backend"])
@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_file_without_transaction_goes_on_where_it_broke_off(
    project: Project, barrier: Barrier, number: int, victim: Victim
) -> None:
    write(project, options="transaction:false")
    kill_at(project, barrier, number, victim)
    assert project.applied() == ["001"]
    assert project.relations() == ["a", "b", "i"][: 1 + (number > 1) + (number > 3)]
    assert project.standings() == {"001_a.sql": "applied", "002_b.sql": "partial"}
    project.ok("up")
    assert (project.applied(), project.relations()) == (["001", "002"], ["a", "b", "i"])
    assert project.query("SELECT count(*) FROM b") == [1]
    assert project.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass") == [True]


@pytest.mark.parametrize("victim", ["runner", "backend"])
def test_a_concurrent_index_build_that_was_killed_is_made_anew(
    project: Project, barrier: Barrier, victim: Victim
) -> None:
    project.write("001_a.sql", "create table a as select 1 as id;")
    project.write(
        "002_f.sql",
        "create function f(int) returns int language plpgsql immutable as"
        " $$ begin perform pg_advisory_lock_shared(1), pg_advisory_unlock_shared(1); return 1; end $$;",
    )
    project.write("003_i.sql", "create index concurrently i on a (f(id));", options="transaction:false")
    kill_at(project, barrier, 1, victim)
    assert project.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass") == [False]
    project.ok("up")
    assert project.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass") == [True]
    assert project.applied() == ["001", "002", "003"]


@pytest.mark.parametrize("victim", ["runner", "backend"])
def test_a_partition_that_was_half_detached_is_detached(project: Project, barrier: Barrier, victim: Victim) -> None:
    project.write(
        "001_a.sql",
        "create table a (id int) partition by range (id);\ncreate table b partition of a for values from (0) to (9);",
    )
    project.ok("up")
    project.write("002_d.sql", "alter table a detach partition b concurrently;", options="transaction:false")
    with psycopg.connect(project.url) as reader:
        reader.execute("SELECT FROM a")
        with project.start("up") as runner:
            pid = eventually(lambda: next(iter(project.query(DETACHING)), None))
            if victim == "runner":
                runner.kill()
            barrier.terminate(pid)
    barrier.wait_for_end(pid)
    assert project.query("SELECT inhdetachpending FROM pg_inherits") == [True]
    assert project.standings()["002_d.sql"] == "partial"
    project.ok("up")
    assert (project.query("SELECT inhdetachpending FROM pg_inherits"), project.applied()) == ([], ["001", "002"])


def test_a_rollback_that_was_killed_is_not_half_done(project: Project, barrier: Barrier) -> None:
    project.write("001_a.sql", "create table a ();", "drop table a;\nselect pg_advisory_lock_shared(1);")
    project.ok("up")
    barrier.close_at(1)
    with project.start("down") as runner:
        pid = barrier.wait_for_arrival()
        runner.kill()
        barrier.terminate(pid)
    barrier.wait_for_end(pid)
    barrier.open()
    assert (project.applied(), project.relations()) == (["001"], ["a"])
    project.ok("down")
    assert (project.applied(), project.relations()) == ([], [])


def test_nothing_is_done_any_more_when_the_connection_with_the_lock_broke(project: Project, barrier: Barrier) -> None:
    project.write("001_a.sql", "create table a ();\nselect pg_advisory_lock_shared(1);")
    project.write("002_b.sql", "create table b ();")
    barrier.close_at(1)
    with project.start("up") as runner:
        barrier.wait_for_arrival()
        holder = project.lock_holder()
        barrier.terminate(holder)
        barrier.wait_for_end(holder)
        barrier.open()
        _, err = runner.communicate()
    assert runner.returncode == 4
    assert "the connection that held the migration lock broke" in err
    assert project.applied() == ["001"]
    project.ok("up")
    assert project.applied() == ["001", "002"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_runner_that_is_told_to_stop_cancels_its_statement(
    project: Project, barrier: Barrier, number: signal.Signals
) -> None:
    write(project, options="")
    barrier.close_at(2)
    with project.start("up") as runner:
        pid = barrier.wait_for_arrival()
        runner.send_signal(number)
        code = runner.wait()
    assert code == 128 + number
    barrier.wait_for_end(pid)  # although the barrier is still closed: the server was told
    assert (project.applied(), project.relations()) == (["001"], ["a"])
    barrier.open()
    project.ok("up")
    assert project.applied() == ["001", "002"]
