"""Applying migrations."""

from __future__ import annotations

import pytest

from tests.migrate.project import Project

TABLE = "create table {0} (id int);"


def write_tables(project: Project, *names: str) -> None:
    """Write a migration for each table: 001_a.sql, 002_b.sql, ..."""
    for number, name in enumerate(names, start=1):
        project.write(f"{number:03}_{name}.sql", TABLE.format(name), f"drop table {name};")


def test_pending_files_are_applied_in_order_and_recorded(project: Project) -> None:
    write_tables(project, "a", "b")
    assert project.ok("status").out == "[ ] 001_a.sql\n[ ] 002_b.sql\n\nApplied: 0\nPending: 2\n"
    lines = [line.partition(" in ")[0] for line in project.ok("up").out.splitlines()]
    assert lines == ["Applying: 001_a.sql", "Applied: 001_a.sql", "Applying: 002_b.sql", "Applied: 002_b.sql"]
    assert project.ok("status").out == "[X] 001_a.sql\n[X] 002_b.sql\n\nApplied: 2\nPending: 0\n"
    assert project.relations() == ["a", "b"]
    assert project.ok("up").out == ""


def test_the_number_of_files_and_the_last_one_can_be_chosen(project: Project) -> None:
    write_tables(project, "a", "b", "c", "d")
    project.ok("up", "1")
    assert project.applied() == ["001"]
    project.ok("up", "--to", "003")
    assert project.applied() == ["001", "002", "003"]
    assert project.run("up", "--to", "005").code == 2
    assert "did you mean `004`?" in project.run("up", "--to", "0044").err
    assert project.run("up", "1", "--to", "004").code == 2


def test_a_dry_run_prints_the_sql_and_changes_nothing(project: Project) -> None:
    write_tables(project, "a")
    project.write("002_i.sql", "create index concurrently i on a (id);", options="transaction:false")
    out = project.ok("up", "--dry-run").out
    assert "create table a (id int);" in out
    assert "-- outside of a transaction:\ncreate index concurrently i on a (id);" in out
    assert project.query("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace") == []


def test_status_says_by_its_exit_code_whether_something_is_pending(project: Project) -> None:
    write_tables(project, "a")
    assert project.run("status", "--exit-code").code == 1
    quiet = project.run("status", "--quiet")
    assert (quiet.code, quiet.out) == (1, "")
    project.ok("up")
    assert project.run("status", "--exit-code").code == 0


def test_a_failing_statement_undoes_its_file_and_is_shown_with_its_place(project: Project) -> None:
    write_tables(project, "a")
    project.write("002_b.sql", "create table b (id int);\nselect 1,\n  nope from b;")
    write_tables_after = project.write("003_c.sql", "create table c ();")
    result = project.run("up")
    assert result.code == 4
    assert result.err.splitlines() == [
        f'{project.folder}/002_b.sql:4:3: error[42703]: column "nope" does not exist',
        "    4 |   nope from b;",
        "      |   ^^^^",
        "applied: 001_a.sql",
        f"not applied: 002_b.sql, {write_tables_after.name}",
        "002_b.sql: all of it was rolled back",
    ]
    assert project.applied() == ["001"]
    assert project.relations() == ["a"]


def test_the_hint_and_the_detail_are_shown_without_values_of_rows(project: Project) -> None:
    project.write("001_a.sql", "create table a (mail text primary key);\ninsert into a values ('secret@example.com');")
    project.ok("up")
    project.write("002_b.sql", "insert into a select mail from a;")
    err = project.run("up").err
    assert "error[23505]" in err
    assert "detail: Key (mail)=(***) already exists." in err
    project.write("002_b.sql", "alter table a alter mail type int using mail::int;")
    err = project.run("up").err
    assert 'error[22P02]: invalid input syntax for type integer: "***"' in err
    project.write("002_b.sql", "alter table a add check (mail like 'x%'), add note text;\nupdate a set note = 'n';")
    assert "secret" not in project.run("up").err
    project.write("002_b.sql", "select lenght('x');")
    assert "hint: No function matches the given name" in project.run("up").err


def test_an_error_at_commit_says_so(project: Project) -> None:
    project.write(
        "001_a.sql",
        "create table a (id int primary key, parent int references a deferrable initially deferred);\n"
        "insert into a values (1, 2);",
    )
    result = project.run("up")
    assert (result.code, project.applied()) == (4, [])
    assert "error[23503]: at COMMIT: " in result.err
    assert "all of it was rolled back" in result.err


def test_a_statement_that_needs_no_transaction_names_the_option(project: Project) -> None:
    project.write("001_a.sql", "create table a (id int);\ncreate index concurrently i on a (id);")
    result = project.run("up")
    assert "error[25001]" in result.err
    assert "`-- migrate:up transaction:false`" in result.err
    assert project.relations() == []


def test_using_a_new_enum_value_names_the_remedy(project: Project) -> None:
    project.write("001_a.sql", "create type mood as enum ('a');")
    project.ok("up")
    project.write("002_b.sql", "alter type mood add value 'b';\nselect 'b'::mood;")
    result = project.run("up")
    assert "002_b.sql:3:8: error[55P04]" in result.err
    assert "move ALTER TYPE ... ADD VALUE into a file of its own" in result.err


@pytest.mark.parametrize("line", ["begin;", "commit;", "\\connect x", "copy a from stdin;", "select '"])
def test_what_is_refused_is_found_in_any_file_before_the_first_statement(project: Project, line: str) -> None:
    write_tables(project, "a")
    project.write("002_b.sql", f"create table b ();\n{line}")
    result = project.run("up")
    assert result.code == 1
    assert "002_b.sql:3:" in result.err
    assert "help: " in result.err
    assert project.relations() == []
    assert project.query("SELECT to_regclass('schema_migrations') IS NULL") == [True]


def test_settings_roles_and_temporary_tables_do_not_leak_into_the_next_file(project: Project) -> None:
    project.write(
        "001_a.sql",
        "create role {0} nologin; grant all on schema public to {0}; set role {0};\n"
        "select set_config('search_path', '', false); set session statement_timeout = 60000;\n"
        "create temporary table t (); create table public.a ();".format(
            role := "migrate_" + project.url.rpartition("_")[2].partition("?")[0]
        ),
    )
    project.write(
        "002_b.sql",
        f"create table t (); create table b as select current_user, "
        f"current_setting('statement_timeout') as timeout; drop owned by {role};",
    )
    project.ok("up")
    assert project.query("SELECT timeout FROM b") == ["0"]
    assert project.query("SELECT current_user = (SELECT current_user FROM b)") == [True]
    assert project.relations() == ["b", "t"]
    project.query("SELECT 1")
    project.write("003_c.sql", f"drop role {role};")
    project.ok("up")


def test_a_file_may_leave_a_role_without_rights_on_our_tables(project: Project) -> None:
    project.write("001_a.sql", "create table a (); set local role pg_monitor;")
    project.write("002_b.sql", "set role pg_monitor; select 1;", options="transaction:false")
    project.ok("up")
    assert project.applied() == ["001", "002"]


def test_the_role_that_the_url_gives_owns_everything_and_survives_set_role(project: Project) -> None:
    project.query("GRANT CREATE ON SCHEMA public TO pg_monitor")
    owned = Project(project.folder, project.url + ("&" if "?" in project.url else "?") + "options=-crole%3Dpg_monitor")
    project.write("001_a.sql", "create table a (); set role none;")
    project.write("002_b.sql", "set role none;\nselect 1;", options="transaction:false")
    owned.ok("up")
    assert project.query("SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname = 'public'") == [
        "pg_monitor"
    ]


def test_late_files_are_applied_with_a_warning_and_refused_when_strict(project: Project) -> None:
    write_tables(project, "a")
    project.write("003_c.sql", TABLE.format("c"))
    project.ok("up")
    project.write("002_b.sql", TABLE.format("b"))
    strict = project.run("up", "--strict")
    assert strict.code == 5
    assert (
        "migration `002` is out of order with already applied migrations, the version number has to be higher "
        "than the applied migration `003` in --strict mode"
    ) in strict.err
    assert "warning[out-of-order]" in project.ok("up").err
    assert project.applied() == ["001", "002", "003"]


def test_an_edited_file_is_refused_until_it_is_repaired(project: Project) -> None:
    write_tables(project, "a", "b")
    project.ok("up")
    project.write("001_a.sql", "create table a (id bigint);")
    project.write("003_c.sql", TABLE.format("c"))
    assert "[~] 001_a.sql (edited after being applied)" in project.ok("status").out
    refused = project.run("up")
    assert refused.code == 5
    assert "001_a.sql was edited after being applied" in refused.err
    assert project.relations() == ["a", "b"]
    project.ok("repair")
    project.ok("up")
    assert project.standings() == dict.fromkeys(("001_a.sql", "002_b.sql", "003_c.sql"), "applied")


def test_comments_and_the_down_section_may_be_edited(project: Project) -> None:
    write_tables(project, "a")
    project.ok("up")
    project.write("001_a.sql", "-- The first table.\ncreate table a\n  (id int);", "drop table if exists a;")
    assert project.standings() == {"001_a.sql": "applied"}


def test_edits_can_be_allowed(project: Project) -> None:
    write_tables(project, "a", "b")
    project.ok("up", "1")
    project.write("001_a.sql", "create table a (id bigint);")
    assert project.run("up").code == 5
    project.ok("up", "--allow-changed")
    assert project.applied() == ["001", "002"]


def test_a_missing_file_is_shown_and_refused_when_strict(project: Project) -> None:
    write_tables(project, "a", "b")
    project.ok("up")
    (project.folder / "001_a.sql").unlink()
    assert project.ok("status").out.startswith("[!] 001_a.sql (file missing)\n[X] 002_b.sql\n")
    project.write("003_c.sql", TABLE.format("c"))
    assert project.run("up", "--strict").code == 5
    assert "version 001 is applied, and its file 001_a.sql is missing" in project.ok("up").err


def test_a_file_under_a_new_version_is_not_applied_twice(project: Project) -> None:
    write_tables(project, "a", "b")
    project.ok("up")
    (project.folder / "001_a.sql").rename(project.folder / "004_a.sql")
    refused = project.run("up")
    assert refused.code == 5
    assert "004_a.sql is 001_a.sql under a new version" in refused.err
    project.ok("repair")
    assert project.applied() == ["002", "004"]
    assert project.ok("up").out == ""


def test_files_with_one_version_are_refused(project: Project) -> None:
    write_tables(project, "a")
    project.write("001_b.sql", TABLE.format("b"))
    for command in ("up", "status", "down"):
        result = project.run(command)
        assert (result.code, "error[duplicate-version]" in result.err) == (1, True)


def test_an_empty_folder_and_a_missing_one_are_errors_of_usage(project: Project) -> None:
    assert (empty := project.run("up")).code == 2
    assert "no migration files found" in empty.err
    project.folder.rmdir()
    assert (missing := project.run("up")).code == 2
    assert "could not find migrations directory" in missing.err


@pytest.mark.parametrize("table", ['Weird.Na"me', "app.versions", "mixedCase"])
def test_the_version_table_may_have_any_name(project: Project, table: str) -> None:
    write_tables(project, "a")
    project.ok("up", "--migrations-table", table)
    assert project.ok("status", "--migrations-table", table, "--json").json["applied"] == 1
    assert project.ok("up", "--migrations-table", table).out == ""
    assert project.query("SELECT to_regclass('schema_migrations') IS NULL") == [True]


@pytest.mark.parametrize("columns", ["id int", "version bigint primary key, dirty boolean", "version varchar"])
def test_a_table_of_another_kind_is_not_taken_for_the_version_table(project: Project, columns: str) -> None:
    write_tables(project, "a")
    project.query(f"CREATE TABLE schema_migrations ({columns})")
    result = project.run("up")
    assert result.code == 4
    assert "schema_migrations is not a version table" in result.err
    assert project.relations() == []


def test_further_columns_of_the_version_table_do_no_harm(project: Project) -> None:
    write_tables(project, "a")
    project.query("CREATE TABLE schema_migrations (version text PRIMARY KEY, note text DEFAULT 'x')")
    project.ok("up")
    assert project.applied() == ["001"]


def test_a_login_without_any_schema_gets_a_remedy(project: Project) -> None:
    write_tables(project, "a")
    project.query("DROP SCHEMA public")
    result = project.run("up")
    assert result.code == 4
    assert "--migrations-table SCHEMA.TABLE" in result.err


def test_functions_with_bodies_and_literals_arrive_as_they_are_written(project: Project) -> None:
    project.write(
        "001_f.sql",
        "create function f() returns text language plpgsql as $body$\nbegin\n  return 'a;b -- %s % :x';\nend $body$;\n"
        "create function g() returns int begin atomic select case when true then 1 end; end;\n"
        "create table t (x text default 'it''s; $$');\n"
        "create rule r as on insert to t do also (select 1; select 2);",
    )
    project.ok("up")
    assert project.query("SELECT f()") == ["a;b -- %s % :x"]
    assert project.query("SELECT g()") == [1]


def test_crlf_files_make_the_same_functions_as_others(project: Project) -> None:
    path = project.write("001_f.sql", "create function f() returns text language sql as $$\nselect 'x'\n$$;")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    project.ok("up")
    assert project.query("SELECT prosrc FROM pg_proc WHERE proname = 'f'") == ["\nselect 'x'\n"]


def test_a_file_that_deletes_its_own_version_is_rolled_back(project: Project) -> None:
    project.write("001_a.sql", "create table a ();\ndelete from schema_migrations;")
    result = project.run("up")
    assert result.code == 4
    assert "001_a.sql deletes its own version" in result.err
    assert (project.applied(), project.relations()) == ([], [])


def test_notices_are_shown_on_demand_and_warnings_always(project: Project) -> None:
    project.write("001_a.sql", "do $$ begin raise notice 'hello'; raise warning 'careful'; end $$;")
    project.write("002_b.sql", "do $$ begin raise notice 'hello'; end $$;")
    assert project.ok("up", "1").err == "warning: careful\n"
    assert project.ok("up", "-v").err == "notice: hello\n"


def test_json_says_what_was_done(project: Project) -> None:
    write_tables(project, "a")
    assert [item["version"] for item in project.ok("up", "--json").json["applied"]] == ["001"]
    (item,) = project.ok("status", "--json").json["migrations"]
    assert (item["standing"], item["applied_by"], item["duration_ms"] >= 0) == ("applied", "pagespace-db", True)


def test_json_of_a_failure_says_what_is_applied_and_what_is_not(project: Project) -> None:
    write_tables(project, "a")
    project.write("002_b.sql", "select nope;")
    project.write("003_c.sql", "select 1;")
    result = project.run("up", "--json")
    error = result.json["error"]
    assert (result.code, result.json["ok"], error["findings"][0]["code"]) == (4, False, "42703")
    assert (error["applied"], error["failed"], error["pending"]) == (["001_a.sql"], "002_b.sql", ["003_c.sql"])


def test_json_of_a_login_without_rights_is_an_object_too(project: Project) -> None:
    write_tables(project, "a")
    project.ok("up")
    other = Project(project.folder, project.url + ("&" if "?" in project.url else "?") + "options=-crole%3Dpg_monitor")
    result = other.run("status", "--json")
    assert (result.code, result.json["error"]["kind"]) == (4, "InsufficientPrivilege")
    assert result.json["error"]["findings"][0]["code"] == "42501"
