"""`up --rehearse`: what is pending, tried on the database itself and rolled back."""

from __future__ import annotations

import pytest

from tests.migrate.project import Project


@pytest.fixture
def users(project: Project) -> Project:
    """A table with a thousand rows, and a migration of it that is pending."""
    project.write("001_users.sql", "create table users (id int, name text);", "drop table users;")
    project.ok("up")
    project.query("INSERT INTO users SELECT n, 'user ' || n FROM generate_series(1, 1000) n")
    project.query("ANALYZE users")
    project.write("002_more.sql", "alter table users add age int;\ncreate index on users (name);\nselect 1;")
    return project


def test_a_rehearsal_tells_times_and_locks_and_changes_nothing(users: Project) -> None:
    for flag in ("--rehearse", "--dry-run=apply"):
        lines = users.ok("up", flag).out.splitlines()
        assert lines[0] == "Trying: 002_more.sql"
        assert lines[1].startswith("  2:1  alter table users add age int  ")
        assert lines[2].startswith("      AccessExclusiveLock on public.users (")
        assert lines[2].endswith(" kB, about 1,000 rows): stops reading and writing")
        assert [line[:6] for line in lines[3:]] == ["  3:1 ", "  4:1 ", "Rolled"]
    assert users.standings() == {"001_users.sql": "applied", "002_more.sql": "pending"}
    assert users.query("SELECT count(*) FROM pg_attribute WHERE attrelid = 'users'::regclass AND attnum > 0") == [2]


def test_a_rehearsal_of_one_file_is_for_programs_too(users: Project) -> None:
    users.write("003_last.sql", "drop table users;")
    facts = users.ok("up", "1", "--rehearse", "--json").json
    assert [(tried["name"], tried["line"]) for tried in facts["tried"]] == [
        ("002_more.sql", line) for line in (2, 3, 4)
    ]
    (lock,) = facts["tried"][0]["locks"]
    assert (lock["table"], lock["mode"], lock["rows"]) == ("public.users", "AccessExclusiveLock", 1000)
    assert lock["bytes"] > 0
    assert facts["left_out"] == []


def test_a_statement_that_fails_in_a_rehearsal_is_shown_as_it_would_be(users: Project) -> None:
    users.write("003_wrong.sql", "alter table users add constraint c check (id < 1000);")
    result = users.run("up", "--rehearse")
    assert result.code == 4
    assert "003_wrong.sql:2:1: error[23514]" in result.err
    assert "nothing was changed: this was a rehearsal" in result.err
    assert users.standings()["002_more.sql"] == "pending"


def test_what_commits_on_its_own_is_not_tried(users: Project) -> None:
    users.write("003_index.sql", "create index concurrently i on users (id);", options="transaction:false")
    users.write("004_later.sql", "select 1;")
    out = users.ok("up", "--rehearse").out
    assert "Not tried: 003_index.sql, " in out
    assert "Not tried: 004_later.sql, " in out
    assert users.relations() == ["users"]


def test_settings_of_one_file_are_not_those_of_the_next_in_a_rehearsal_either(users: Project) -> None:
    users.write("003_path.sql", "set search_path to '';")
    users.write("004_later.sql", "alter table users drop name;")
    users.ok("up", "--rehearse")
