"""Logins whose settings or rights are not what a runner would wish for, and files that touch what it relies on."""

from __future__ import annotations

import pytest

from tests.migrate.project import Project


def with_settings(project: Project, **settings: str) -> Project:
    """Return the project with a URL whose login has these settings."""
    options = "%20".join(f"-c%20{name}%3D{value}" for name, value in settings.items())
    return Project(project.folder, f"{project.url}{'&' if '?' in project.url else '?'}options={options}")


def test_limits_of_time_and_styles_of_a_login_do_not_matter(project: Project) -> None:
    odd = with_settings(
        project,
        statement_timeout="20",
        transaction_timeout="20",
        idle_in_transaction_session_timeout="20",
        DateStyle="German",
        standard_conforming_strings="off",
    )
    project.write("001_a.sql", "select pg_sleep(0.05);\ncreate table a as select '\\' || 'b;' as text;")
    project.write("002_b.sql", "select pg_sleep(0.05);", options="transaction:false")
    odd.ok("up")
    assert project.query("SELECT text FROM a") == ["\\b;"]
    assert [item["standing"] for item in odd.ok("status", "--json").json["migrations"]] == ["applied", "applied"]


def test_a_database_that_is_only_read_is_named_as_such(project: Project) -> None:
    standby = with_settings(project, default_transaction_read_only="on")
    project.write("001_a.sql", "create table a ();")
    first = standby.run("up")
    project.ok("up")
    project.write("002_b.sql", "create table b ();")
    second = standby.run("up")
    assert (first.code, second.code, project.applied()) == (4, 4, ["001"])
    assert "nothing can be recorded in the table schema_migrations" in first.err
    assert all("the server is a standby, or default_transaction_read_only is on" in r.err for r in (first, second))


def test_a_login_that_may_not_make_the_tables_gets_a_remedy(project: Project) -> None:
    project.query("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    project.write("001_a.sql", "select 1;")
    result = with_settings(project, role="pg_monitor").run("up")
    assert result.code == 4
    assert "GRANT CREATE ON SCHEMA; --migrations-table SCHEMA.TABLE names another place" in result.err


@pytest.mark.parametrize("table", ["a.b.c", "a.", ".a", "x" * 56])
def test_what_cannot_be_the_name_of_the_version_table_is_refused(project: Project, table: str) -> None:
    project.write("001_a.sql", "select 1;")
    result = project.run("up", "--migrations-table", table)
    assert (result.code, "cannot name the version table" in result.err) == (2, True)


@pytest.mark.parametrize(
    "statement",
    ["drop table schema_migrations cascade", "drop schema public cascade; create schema public"],
)
def test_a_file_that_drops_the_version_table_is_rolled_back(project: Project, statement: str) -> None:
    project.write("001_a.sql", "create table a ();")
    project.ok("up")
    project.write("002_b.sql", f"{statement};")
    result = project.run("up")
    assert (result.code, project.applied(), project.relations()) == (4, ["001"], ["a"])
    assert "must not drop the tables of the runner" in result.err


def test_a_file_may_choose_the_isolation_of_its_transaction(project: Project) -> None:
    project.write(
        "001_a.sql",
        "set transaction isolation level serializable;\n"
        "create table a as select current_setting('transaction_isolation') as isolation;",
        "set transaction isolation level repeatable read;\ndrop table a;",
    )
    project.ok("up")
    assert project.query("SELECT isolation FROM a") == ["serializable"]
    project.ok("down")
    assert (project.applied(), project.relations()) == ([], [])
