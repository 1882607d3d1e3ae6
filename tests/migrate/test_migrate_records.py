"""Commands that change or check the records, and dump."""

from __future__ import annotations

import subprocess
import sys

import psycopg
import pytest

from pagespace_db.connect import parse_conninfo
from tests.migrate.project import Project


@pytest.fixture
def tables(project: Project) -> Project:
    """Three tables, each with a migration."""
    for number, name in enumerate("abc", start=1):
        project.write(f"{number:03}_{name}.sql", f"create table {name} (id int);", f"drop table {name};")
    return project


def test_a_baseline_records_files_without_running_them(tables: Project) -> None:
    tables.query("CREATE TABLE a (id int)")
    assert tables.ok("baseline", "001", "--unchecked", "--dry-run").out == "001_a.sql: recorded as applied\n"
    assert tables.standings()["001_a.sql"] == "pending"
    tables.ok("baseline", "001")
    assert (tables.applied(), tables.relations()) == (["001"], ["a"])
    tables.ok("up")
    assert tables.relations() == ["a", "b", "c"]
    assert tables.ok("baseline", "--unchecked").out == "Nothing to change\n"
    assert tables.ok("status", "--json").json["migrations"][0]["applied_by"] == "baseline"


def test_a_baseline_of_an_empty_database_is_refused(tables: Project) -> None:
    result = tables.run("baseline")
    assert result.code == 5
    assert "there are no tables in this database" in result.err
    assert tables.relations() == []


def test_a_baseline_of_a_database_that_is_something_else_is_refused_with_the_difference(tables: Project) -> None:
    tables.query("CREATE TABLE a (id bigint)")
    tables.query("CREATE TABLE z (id int)")
    result = tables.run("baseline", "001")
    assert result.code == 5
    assert "the database is not what these migrations make" in result.err
    assert "DROP TABLE public.z;" in result.err
    assert "ALTER TABLE public.a ALTER COLUMN id TYPE integer" in result.err
    assert tables.relations() == ["a", "z"]
    tables.ok("baseline", "001", "--unchecked")
    assert tables.applied() == ["001"]


def test_a_baseline_takes_the_tables_of_the_runner_for_its_own(tables: Project) -> None:
    tables.ok("up", "1")
    tables.query("CREATE TABLE b (id int)")
    tables.ok("baseline", "002")
    assert tables.applied() == ["001", "002"]


def test_records_can_be_put_right_by_hand(tables: Project) -> None:
    tables.ok("up", "1")
    tables.query("DROP TABLE a")
    assert tables.ok("repair", "--forget", "001_a.sql").out == "001_a.sql: recorded as not applied\n"
    tables.query("CREATE TABLE b (id int)")
    assert tables.ok("repair", "--applied", "002", "--json").json["changed"] == [
        {"kind": "applied", "version": "002", "name": "002_b.sql"}
    ]
    assert tables.applied() == ["002"]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--applied", "001"], "001_a.sql is recorded as applied already"),
        (["--forget", "002"], "002_b.sql is not recorded as applied"),
        (["--done", "001"], "001_a.sql has no statement whose end nobody saw"),
        (["--not-done", "nope"], "no migration `nope`"),
    ],
)
def test_a_repair_that_makes_no_sense_is_refused(tables: Project, args: list[str], message: str) -> None:
    tables.ok("up", "1")
    result = tables.run("repair", *args)
    assert (result.code, message in result.err) == (2, True)


def test_verify_says_everything_at_once(tables: Project) -> None:
    assert tables.ok("verify").out == "3 migrations, nothing to complain about\n"
    tables.ok("up")
    tables.write("001_a.sql", "create table a (id bigint);", "commit;")
    (tables.folder / "002_b.sql").unlink()
    tables.write("004_d.sql", "select 'x;")
    result = tables.run("verify", "--json")
    assert (result.code, result.json["ok"]) == (1, False)
    assert [finding["code"] for finding in result.json["findings"]] == [
        "transaction-control",
        "edited",
        "missing-file",
        "directive",
    ]


def test_status_and_verify_change_nothing(tables: Project) -> None:
    for command in ("status", "verify"):
        tables.ok(command)
    assert tables.query("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == [0]


def test_wait_ends_when_the_server_answers_and_fails_in_time_if_not(tables: Project) -> None:
    assert tables.ok("wait").out == ""
    down = Project(tables.folder, "postgresql://nobody@127.0.0.1:1/none")
    result = down.run("wait", "--timeout", "300ms")
    assert (result.code, result.out) == (3, "Waiting for database....\n")
    assert "no PostgreSQL answers at 127.0.0.1, port 1" in result.err
    assert down.run("up", "--wait", "100ms").code == 3


def test_a_dump_loads_into_another_database_and_is_up_to_date(tables: Project) -> None:
    tables.write("004_f.sql", "create function f() returns text language sql as $$\nselect '\n\\restrict x\n'\n$$;")
    tables.ok("up")
    text = tables.ok("dump").out
    assert text.endswith(
        "-- Dbmate schema migrations\n--\n\nINSERT INTO public.schema_migrations (version) VALUES\n"
        "    ('001'),\n    ('002'),\n    ('003'),\n    ('004');\n"
    )
    odd = [line for line in text.splitlines() if line.startswith(("\\", "-- Dumped", "SET transaction"))]
    assert odd == ["\\restrict x"]
    assert "_meta" not in text
    with psycopg.connect(tables.url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
        connection.execute(text.encode())
    assert tables.ok("up").out == ""
    assert tables.relations() == ["a", "b", "c"]
    assert tables.query("SELECT public.f()") == ["\n\\restrict x\n"]


def test_a_dump_goes_to_a_file_and_says_what_made_it(tables: Project) -> None:
    out = tables.folder / "schema.sql"
    assert f"Writing: {out}, by pg_dump " in tables.ok("dump", "--out", str(out)).out
    assert "PostgreSQL database dump" in out.read_text(encoding="utf-8")
    assert tables.run("dump", "--out", "/nowhere/schema.sql").code == 2


def test_a_password_is_never_printed(tables: Project) -> None:
    host = parse_conninfo(tables.url).get("host", "127.0.0.1")
    url = f"postgresql://postgres:hunter2@/nope?host={host}"
    for args in (["status"], ["up", "--json"], ["dump"]):
        result = Project(tables.folder, url).run(*args)
        assert result.code == 3
        assert "hunter2" not in result.out + result.err


def test_the_runner_starts_as_a_module_and_reads_the_environment(tables: Project) -> None:
    with tables.start("up", "--json") as runner:
        out, err = runner.communicate()
    assert runner.returncode == 0, err
    assert '"version": "003"' in out


def test_the_module_needs_nothing_but_the_run_time_install() -> None:
    code = (
        "import sys; sys.argv = ['x', 'status', '--help']\n"
        "try: import runpy; runpy.run_module('pagespace_db.migrate', run_name='__main__')\n"
        "except SystemExit: pass\n"
        "print([m for m in ('jinja2', 'inflection', 'rich', 'pagespace_codegen', 'pagespace_db.embedded')"
        " if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "[]"
