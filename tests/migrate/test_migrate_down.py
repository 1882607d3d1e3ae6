"""Undoing migrations."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.migrate.project import Project


@pytest.fixture
def tables(project: Project) -> Project:
    """Three tables, each with a migration; the first two are applied."""
    for number, name in enumerate("abc", start=1):
        project.write(f"{number:03}_{name}.sql", f"create table {name} (id int);", f"drop table {name};")
    project.ok("up", "2")
    return project


def test_the_last_migration_is_undone(tables: Project) -> None:
    lines = [line.partition(" in ")[0] for line in tables.ok("down").out.splitlines()]
    assert lines == ["Rolling back: 002_b.sql", "Rolled back: 002_b.sql"]
    assert (tables.applied(), tables.relations()) == (["001"], ["a"])


def test_several_migrations_are_undone_newest_first(tables: Project) -> None:
    tables.ok("up")
    done = tables.ok("down", "2", "--json").json["rolled_back"]
    assert [item["version"] for item in done] == ["003", "002"]
    tables.ok("up")
    tables.ok("down", "--to", "001")
    assert tables.applied() == ["001"]
    assert tables.run("down", "--to", "003").code == 2


def test_newest_is_what_was_applied_last_or_on_demand_what_is_greatest(tables: Project) -> None:
    tables.ok("up")
    tables.write("000_late.sql", "create table late ();", "drop table late;")
    tables.ok("up")
    assert "003_c.sql" in tables.ok("down", "--by-version", "--dry-run").out
    assert "000_late.sql" in tables.ok("down").out
    assert "003_c.sql" in tables.ok("down").out


def test_nothing_to_undo_is_an_error_as_with_dbmate(project: Project) -> None:
    project.write("001_a.sql", "")
    result = project.run("down")
    assert (result.code, result.err) == (2, "error: can't rollback: no migrations have been applied\n")


def test_a_failing_statement_leaves_the_migration_applied(tables: Project) -> None:
    tables.write("002_b.sql", "create table b (id int);", "drop table b;\ndrop table nope;")
    result = tables.run("down", "2")
    assert result.code == 4
    assert '002_b.sql:6:1: error[42P01]: table "nope" does not exist' in result.err
    assert "rolled back: nothing\nnot rolled back: 002_b.sql, 001_a.sql\n" in result.err
    assert (tables.applied(), tables.relations()) == (["001", "002"], ["a", "b"])


def test_a_missing_file_is_not_jumped_over(tables: Project) -> None:
    path: Path = tables.folder / "002_b.sql"
    path.unlink()
    result = tables.run("down")
    assert result.code == 5
    assert "002_b.sql cannot be rolled back: its file is missing" in result.err
    assert tables.applied() == ["001", "002"]


def test_an_empty_down_section_takes_back_only_the_version_and_warns(tables: Project) -> None:
    tables.write("002_b.sql", "create table b (id int);")
    assert "has nothing in its down section" in tables.ok("down").err
    assert (tables.applied(), tables.relations()) == (["001"], ["a", "b"])


def test_redo_undoes_and_applies_the_same_migration_as_edited(tables: Project) -> None:
    tables.write("002_b.sql", "create table b (id int, more text);", "drop table b;")
    assert tables.run("up").code == 5
    tables.ok("redo")
    assert tables.standings() == {"001_a.sql": "applied", "002_b.sql": "applied", "003_c.sql": "pending"}
    assert tables.query("SELECT attname::text FROM pg_attribute WHERE attrelid = 'b'::regclass AND attnum > 0") == [
        "id",
        "more",
    ]


def test_redo_looks_at_the_up_section_before_it_undoes_anything(tables: Project) -> None:
    tables.write("002_b.sql", "create table b (id int); commit;", "drop table b;")
    assert tables.run("redo").code == 1
    assert tables.applied() == ["001", "002"]


def test_dry_runs_print_the_sql_and_change_nothing(tables: Project) -> None:
    assert "drop table b;" in tables.ok("down", "--dry-run").out
    assert tables.ok("redo", "--dry-run").out.split(";")[:2] == [
        f"-- {tables.folder}/002_b.sql\ndrop table b",
        f"\n\n-- {tables.folder}/002_b.sql\ncreate table b (id int)",
    ]
    assert tables.applied() == ["001", "002"]
