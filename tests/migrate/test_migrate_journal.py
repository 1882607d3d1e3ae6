"""Files with `transaction:false`: statement by statement, resumed where they broke off."""

from __future__ import annotations

from contextlib import closing

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from pagespace_db.embedded.databases import fresh_database
from pagespace_db.migrate.concurrent import (
    DetachStatement,
    IndexStatement,
    ReindexStatement,
    parse_detach_statement,
    parse_index_statement,
    parse_reindex_statement,
)
from tests.migrate.project import BUILDING, Barrier, Project, eventually

NO_TRANSACTION = "transaction:false"


def indexes(project: Project) -> dict[str, bool]:
    """Return the indexes of the table a, and whether they are valid."""
    with psycopg.connect(project.url) as connection:
        rows = connection.execute(
            "SELECT indexrelid::regclass::text, indisvalid FROM pg_index WHERE indrelid = 'a'::regclass"
        )
        return {str(name): bool(is_valid) for name, is_valid in rows}


@pytest.fixture
def table(project: Project) -> Project:
    """A table a with two equal rows."""
    project.write("001_a.sql", "create table a (id int); insert into a values (1), (1);")
    project.ok("up")
    return project


def test_statements_are_sent_one_by_one_which_dbmate_cannot(table: Project) -> None:
    table.write(
        "002_i.sql",
        "create index concurrently i on a (id);\ncreate index concurrently j on a (id);\nvacuum a;\nselect 1;",
        "drop index concurrently j;\ndrop index concurrently i;",
        NO_TRANSACTION,
    )
    table.ok("up")
    assert indexes(table) == {"i": True, "j": True}
    assert table.query("SELECT count(*) FROM schema_migrations_journal") == [0]
    table.ok("down")
    assert (indexes(table), table.applied()) == ({}, ["001"])


def test_a_file_that_failed_goes_on_at_the_failed_statement_which_may_be_mended(table: Project) -> None:
    table.write(
        "002_i.sql", "insert into a values (2);\ninsert into a values ('x');\ndelete from a;", "", NO_TRANSACTION
    )
    result = table.run("up")
    assert result.code == 4
    assert "002_i.sql:3:23: error[22P02]" in result.err
    assert "002_i.sql: 1 of its 3 statements are done and stay; the next `up` goes on after them" in result.err
    assert "[/] 002_i.sql (1 statements applied, then broken off)" in table.ok("status").out
    assert table.run("status", "--exit-code").code == 1
    table.write("002_i.sql", "insert into a values (2);\ninsert into a values (3);", "", NO_TRANSACTION)
    table.ok("up")
    assert table.query("SELECT id FROM a ORDER BY 1") == [1, 1, 2, 3]
    assert table.standings()["002_i.sql"] == "applied"


def test_statements_that_are_done_must_not_be_edited(table: Project) -> None:
    table.write("002_i.sql", "insert into a values (2);\nselect 1/0;", "", NO_TRANSACTION)
    table.run("up")
    table.write("002_i.sql", "insert into a values (3);\nselect 1;", "", NO_TRANSACTION)
    result = table.run("up")
    assert result.code == 5
    assert "broke off after 1 statements, and those were edited since" in result.err
    table.ok("repair", "--forget", "002")
    table.ok("up")
    assert table.query("SELECT id FROM a ORDER BY 1") == [1, 1, 2, 3]


def test_a_half_applied_file_is_not_rolled_back_nor_the_other_way_round(table: Project) -> None:
    table.write("002_i.sql", "insert into a values (2);\nselect 1/0;", "select 1;", NO_TRANSACTION)
    table.run("up")
    result = table.run("down")
    assert result.code == 5
    assert "002_i.sql is only partly applied" in result.err
    table.ok("repair", "--applied", "002")
    table.write("002_i.sql", "insert into a values (2);\nselect 1/0;", "select 1;\nselect 1/0;", NO_TRANSACTION)
    assert table.run("down").code == 4
    assert "002_i.sql is only partly rolled back" in table.run("up").err
    table.write("002_i.sql", "insert into a values (2);\nselect 1/0;", "select 1;\nselect 2;", NO_TRANSACTION)
    table.ok("down")
    assert table.applied() == ["001"]


def test_an_invalid_index_is_rebuilt_by_the_next_up(table: Project) -> None:
    table.write("002_i.sql", "create unique index concurrently if not exists i on a (id);", "", NO_TRANSACTION)
    result = table.run("up")
    assert result.code == 4
    assert "error[23505]" in result.err
    assert "and drops the index i first if this attempt left it invalid" in result.err
    assert indexes(table) == {"i": False}
    assert "error[invalid-index]: index public.i on a is invalid" in table.run("verify").out
    table.query("DELETE FROM a WHERE ctid = (SELECT max(ctid) FROM a)")
    table.ok("up")
    assert indexes(table) == {"i": True}


def test_what_a_reindex_that_failed_has_left_is_dropped(table: Project) -> None:
    table.query("DELETE FROM a WHERE ctid = (SELECT max(ctid) FROM a)")
    table.query("CREATE UNIQUE INDEX i ON a (id)")
    table.query("UPDATE pg_index SET indisvalid = false, indisready = false WHERE indexrelid = 'i'::regclass")
    table.query("ALTER INDEX i RENAME TO i_ccnew")
    table.query("CREATE UNIQUE INDEX i ON a (id)")
    table.write("002_i.sql", "reindex index concurrently i;", "", NO_TRANSACTION)
    table.ok("up")
    assert indexes(table) == {"i": True}


def test_an_index_that_is_built_in_a_copy_of_the_database_is_not_taken_for_one_of_its_own(
    table: Project, server_url: str
) -> None:
    table.query("DELETE FROM a WHERE ctid = (SELECT max(ctid) FROM a)")
    table.query("CREATE INDEX i_ccnew ON a (id)")
    table.query("UPDATE pg_index SET indisvalid = false, indisready = false WHERE indexrelid = 'i_ccnew'::regclass")
    table.write("002_i.sql", "reindex table concurrently a;", "", NO_TRANSACTION)
    with fresh_database(server_url, template=str(conninfo_to_dict(table.url)["dbname"])) as copy:  # with equal oids
        other = Project(table.folder, copy)
        with closing(psycopg.connect(copy, autocommit=True)) as builder, psycopg.connect(copy) as writer:
            writer.execute("INSERT INTO a VALUES (2)")  # CREATE INDEX CONCURRENTLY waits for this transaction
            builder.pgconn.send_query(b"CREATE INDEX CONCURRENTLY j ON a (id)")
            eventually(lambda: other.query(BUILDING) or None)
            table.ok("up")
            assert indexes(table) == {}
            writer.commit()


def test_an_invalid_index_in_another_schema_and_with_quotes_is_found(table: Project) -> None:
    table.write("002_s.sql", 'create schema "S"; create table "S"."A" as select * from a;')
    table.write(
        "003_i.sql", 'set search_path = "S";\ncreate unique index concurrently "I i" on "A" (id);', "", NO_TRANSACTION
    )
    assert table.run("up").code == 4
    table.query('DELETE FROM "S"."A"')
    table.ok("up")
    assert table.query('SELECT indisvalid FROM pg_index WHERE indexrelid = \'"S"."I i"\'::regclass') == [True]


def test_a_procedure_that_commits_may_be_called(table: Project) -> None:
    table.write(
        "002_p.sql",
        "create procedure p() language plpgsql as $$ begin\n"
        "  for n in 1..3 loop insert into a values (n); commit; end loop; end $$;\n"
        "call p();\ndo $$ begin insert into a values (9); commit; end $$;",
        "",
        NO_TRANSACTION,
    )
    table.ok("up")
    assert table.query("SELECT count(*) FROM a") == [6]


def test_one_file_may_have_sections_of_both_kinds(table: Project) -> None:
    path = table.folder / "002_m.sql"
    path.write_text(
        "-- migrate:up\ninsert into a values (2);\ninsert into a values (3);\n-- migrate:down\n"
        "-- migrate:up transaction:false\ncreate index concurrently i on a (id);\n-- migrate:down transaction:false\n"
        "drop index concurrently i;\n-- migrate:up\nselect 1/0;\n-- migrate:down\n",
        encoding="utf-8",
    )
    result = table.run("up")
    assert "3 of its 4 statements are done and stay" in result.err
    path.write_text(path.read_text(encoding="utf-8").replace("1/0", "1"), encoding="utf-8")
    table.ok("up")
    assert table.query("SELECT count(*) FROM a") == [4]
    table.ok("down")
    assert indexes(table) == {}


def test_a_statement_whose_end_nobody_saw_is_explained_when_the_catalog_cannot_tell(
    table: Project, barrier: Barrier
) -> None:
    table.write(
        "002_p.sql",
        "create procedure p() language plpgsql as $$ begin\n"
        "  insert into a values (2); commit; perform pg_advisory_lock_shared(7); end $$;\ncall p();\nselect 1;",
        "",
        NO_TRANSACTION,
    )
    barrier.close_at(7)
    with table.start("up") as runner:
        barrier.terminate(barrier.wait_for_arrival())
        assert runner.wait() == 4
    barrier.open()
    result = table.run("up")
    assert result.code == 5
    assert "002_p.sql:4:1: the connection broke while this statement ran" in result.err
    assert "`pagespace-db migrate repair --done 002`" in result.err
    table.ok("repair", "--done", "002")
    table.ok("up")
    assert table.query("SELECT count(*) FROM a") == [3]


def test_a_runner_waits_for_the_statement_that_a_dead_one_left_running(table: Project, barrier: Barrier) -> None:
    table.write("002_i.sql", "create index concurrently i on a (id);", "", NO_TRANSACTION)
    with psycopg.connect(table.url) as writer:
        writer.execute("INSERT INTO a VALUES (2)")  # CREATE INDEX CONCURRENTLY waits for this transaction
        with table.start("up") as runner:
            pid = eventually(lambda: next(iter(table.query(BUILDING)), None))
            runner.kill()
        refused = table.run("up", "--wait", "500ms")
        assert refused.code == 6
        assert f"process {pid} of the server still runs a statement of an earlier run" in refused.err
    table.ok("up")
    assert indexes(table) == {"i": True}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("create index concurrently i on t (x)", IndexStatement(is_create=True, name="i", table="t")),
        (
            'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "a b" /* x */ ON ONLY s."T" USING gin (x)',
            IndexStatement(is_create=True, name='"a b"', table='s."T"'),
        ),
        ("create index concurrently on t (x)", IndexStatement(is_create=True, name=None, table="t")),
        ("drop index concurrently if exists s.i", IndexStatement(is_create=False, name="s.i", table=None)),
        ("create index i on t (x)", None),
        ("reindex index concurrently i", None),
    ],
)
def test_index_statements_are_read(statement: str, expected: IndexStatement | None) -> None:
    assert parse_index_statement(statement) == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("reindex index concurrently s.i", ReindexStatement(is_index=True, name="s.i")),
        ('reindex (verbose, concurrently) table "T"', ReindexStatement(is_index=False, name='"T"')),
        ("reindex schema concurrently s", None),
        ("vacuum t", None),
    ],
)
def test_statements_that_reindex_are_read(statement: str, expected: ReindexStatement | None) -> None:
    assert parse_reindex_statement(statement) == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            "alter table if exists s.t detach partition /* x */ p concurrently",
            DetachStatement(table="s.t", partition="p"),
        ),
        ("alter table t detach partition p", None),
        ("alter table t detach partition p finalize", None),
        ("alter table t add column detach int", None),
    ],
)
def test_statements_that_detach_are_read(statement: str, expected: DetachStatement | None) -> None:
    assert parse_detach_statement(statement) == expected
