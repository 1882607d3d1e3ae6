"""Many runners at once, and runners beside applications that hold locks."""

from __future__ import annotations

import contextlib
import subprocess
import threading

import psycopg
import pytest

from pagespace_db.settings import environment
from tests.migrate.project import BUILDING, WAITING, Barrier, Project, eventually

# See CONTRIBUTING: 1 in CI, 20 by hand.
ROUNDS = int(environment("PAGESPACE_STRESS_ROUNDS") or "1")


def run_together(project: Project, count: int, *args: str) -> list[subprocess.Popen[str]]:
    """Run `count` runners at once until all have ended."""
    with contextlib.ExitStack() as stack:
        runners = [stack.enter_context(project.start("up", *args)) for _ in range(count)]
        for runner in runners:
            out, err = runner.communicate(timeout=120)
            assert runner.returncode == 0, (out, err)
    return runners


@pytest.mark.parametrize("count", [2, 4, 8, 16])
def test_each_migration_is_applied_once_however_many_try(project: Project, count: int) -> None:
    project.write("001_a.sql", "create table a (id int);", "drop table a;")
    project.write("002_b.sql", "insert into a values (1);")
    project.write(
        "003_i.sql", "create index concurrently i on a (id);\ninsert into a values (2);\nvacuum a;",
        "drop index concurrently i;", options="transaction:false",
    )  # fmt: skip
    project.write("004_c.sql", "create table c (id int);\nselect pg_sleep(0.05);", "drop table c;")
    for _ in range(ROUNDS):
        run_together(project, count)
        assert project.applied() == ["001", "002", "003", "004"]
        assert project.relations() == ["a", "c", "i"]
        assert project.query("SELECT id FROM a ORDER BY 1") == [1, 2]
        assert project.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass") == [True]
        project.ok("down", "4")


def test_a_waiting_runner_tells_whom_it_waits_for_and_gives_up_in_time(project: Project, barrier: Barrier) -> None:
    project.write("001_a.sql", "select pg_advisory_lock_shared(1);\ncreate table a ();")
    barrier.close_at(1)
    with project.start("up") as first:
        barrier.wait_for_arrival()
        late = project.run("up", "--wait", "300ms")
        assert late.code == 6
        assert "Waiting for the migration lock, held by process " in late.err
        assert "(pagespace-db migrate) at " in late.err
        assert "timed out after 0.3 s waiting for the migration lock" in late.err
        assert project.ok("status").out.startswith("[ ] 001_a.sql")
        barrier.open()
        assert first.wait() == 0
    assert project.ok("up", "--wait", "300ms").out == ""


def test_waiting_for_the_lock_does_not_hold_up_an_index_build(project: Project) -> None:
    project.write("001_a.sql", "create table a (id int);")
    project.ok("up")
    project.write("002_i.sql", "create index concurrently i on a (id);", options="transaction:false")
    with psycopg.connect(project.url) as writer:
        writer.execute("INSERT INTO a VALUES (1)")
        with project.start("up") as builder:
            eventually(lambda: project.query(BUILDING) or None)
            with project.start("up") as waiter:
                eventually(
                    lambda: (
                        project.query(
                            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                            " AND query LIKE 'SELECT pg_try_advisory_lock%'"
                            " AND pid NOT IN (SELECT pid FROM pg_locks WHERE objid = 48372615 AND granted)"
                        )
                        or None
                    )
                )
                writer.commit()
                assert (builder.wait(), waiter.wait()) == (0, 0)
    assert project.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass") == [True]


def test_a_file_that_meets_a_lock_lets_others_pass_and_is_tried_again(project: Project) -> None:
    project.write("001_a.sql", "create table a (id int);")
    project.ok("up")
    project.write("002_b.sql", "create table b ();\nalter table a add more text;")
    with psycopg.connect(project.url) as reader:
        reader.execute("SELECT FROM a")
        release = threading.Timer(0.6, reader.commit)
        release.start()
        result = project.ok("up", "--lock-timeout", "100ms")
        release.join()
    assert "Rolled back 002_b.sql: canceling statement due to lock timeout; trying again in 0.2s" in result.err
    assert project.applied() == ["001", "002"]


def test_a_lock_that_is_never_given_back_ends_in_an_error(project: Project) -> None:
    project.write("001_a.sql", "create table a (id int);")
    project.ok("up")
    project.write("002_b.sql", "alter table a add more text;")
    with psycopg.connect(project.url) as reader:
        reader.execute("SELECT FROM a")
        result = project.run("up", "--lock-timeout", "50ms", "--lock-retries", "1")
    assert result.code == 4
    assert "002_b.sql:2:1: error[55P03]" in result.err
    assert "help: others held the lock for too long" in result.err


def test_a_runner_which_does_not_know_the_lock_cannot_apply_a_file_twice(project: Project) -> None:
    project.write("001_a.sql", "create table a (id int);")
    project.ok("up")
    project.write("002_b.sql", "insert into a values (1);")
    with psycopg.connect(project.url) as other:
        other.execute("INSERT INTO schema_migrations VALUES ('002')")
        with project.start("up") as runner:
            eventually(lambda: project.query(WAITING) or None)
            other.commit()
            out, _ = runner.communicate()
    assert (runner.returncode, out) == (0, "Applying: 002_b.sql\nSkipped: 002_b.sql, another tool was faster\n")
    assert project.query("SELECT count(*) FROM a") == [0]
