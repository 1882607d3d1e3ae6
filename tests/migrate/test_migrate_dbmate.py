"""One folder and one database, used by this runner and by the real dbmate in turn."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from pagespace_db.connect import parse_conninfo, render_url
from pagespace_db.migrate.lock import LOCK_KEY
from pagespace_db.settings import process_environment
from tests.migrate.project import Barrier, Project, Result

DBMATE = Path(sys.executable).parent / "dbmate"


def dbmate_command(project: Project, *args: str) -> list[str]:
    url = render_url({"sslmode": "disable", **parse_conninfo(project.url)})
    return [str(DBMATE), "--url", url, "-d", str(project.folder), "--no-dump-schema", *args]


def dbmate(project: Project, *args: str) -> Result:
    """Run the real dbmate."""
    run = subprocess.run(
        dbmate_command(project, *args), capture_output=True, text=True, check=False, env=process_environment()
    )
    return Result(run.returncode, run.stdout, run.stderr)


@pytest.fixture
def tables(project: Project) -> Project:
    """Three tables, each with a migration."""
    for number, name in enumerate("abc", start=1):
        project.write(f"{number:03}_{name}.sql", f"create table {name} (id int);", f"drop table {name};")
    return project


def test_what_one_applied_the_other_sees_and_goes_on_with(tables: Project) -> None:
    tables.ok("up", "1")
    assert dbmate(tables, "status").out == tables.ok("status").out == (
        "[X] 001_a.sql\n[ ] 002_b.sql\n[ ] 003_c.sql\n\nApplied: 1\nPending: 2\n"
    )  # fmt: skip
    assert dbmate(tables, "up").code == 0
    assert tables.standings() == dict.fromkeys(("001_a.sql", "002_b.sql", "003_c.sql"), "applied")
    assert tables.ok("up").out == ""
    tables.write("004_d.sql", "create table d ();", "drop table d;")
    tables.ok("up")
    assert dbmate(tables, "status", "--exit-code").code == 0
    assert tables.relations() == ["a", "b", "c", "d"]


def test_what_one_applied_the_other_undoes(tables: Project) -> None:
    tables.ok("up")
    assert dbmate(tables, "down").code == 0
    assert (tables.applied(), tables.relations()) == (["001", "002"], ["a", "b"])
    assert tables.query("SELECT version FROM schema_migrations_meta ORDER BY 1") == ["001", "002"]
    assert dbmate(tables, "up").code == 0
    tables.ok("down", "2")
    assert (tables.applied(), tables.relations()) == (["001"], ["a"])
    assert "[ ] 002_b.sql" in dbmate(tables, "status").out


def test_a_file_that_dbmate_undid_may_be_edited_and_applied_anew(tables: Project) -> None:
    tables.ok("up")
    dbmate(tables, "down")
    tables.write("003_c.sql", "create table c (id bigint);", "drop table c;")
    dbmate(tables, "up")
    assert tables.standings()["003_c.sql"] == "applied"
    tables.ok("up")
    tables.write("003_c.sql", "create table c (id text);", "drop table c;")
    assert tables.standings()["003_c.sql"] == "edited"


def test_what_dbmate_applied_after_us_counts_as_newer(tables: Project) -> None:
    (tables.folder / "002_b.sql").rename(tables.folder / "b")
    tables.ok("up")
    (tables.folder / "b").rename(tables.folder / "002_b.sql")
    dbmate(tables, "up")
    assert tables.ok("down", "--json").json["rolled_back"][0]["name"] == "002_b.sql"


def test_both_print_the_same_status_and_exit_codes(tables: Project) -> None:
    for args in (["status"], ["status", "--exit-code"], ["status", "--quiet"]):
        ours, theirs = tables.run(*args), dbmate(tables, *args)
        assert (ours.code, ours.out) == (theirs.code, theirs.out)
    assert dbmate(tables, "down").code == tables.run("down").code == 2
    tables.ok("up")
    for args in (["status"], ["status", "--exit-code"], ["status", "--quiet"]):
        ours, theirs = tables.run(*args), dbmate(tables, *args)
        assert (ours.code, ours.out) == (theirs.code, theirs.out)
    strict = tables.write("000_late.sql", "create table late ();")
    assert dbmate(tables, "up", "--strict").err.split("`")[1:4:2] == tables.run("up", "--strict").err.split("`")[1:4:2]
    strict.unlink()


def test_new_files_are_those_of_dbmate(tables: Project) -> None:
    ours = Path(tables.ok("new", "create_users").out.removeprefix("Creating migration: ").strip())
    dbmate(tables, "new", "other")
    (theirs,) = tables.folder.glob("*_other.sql")
    assert ours.read_bytes() == theirs.read_bytes()
    assert len(ours.name.partition("_")[0]) == len(theirs.name.partition("_")[0]) == 14


@pytest.mark.parametrize(
    "text",
    [
        "-- a comment\n\n-- migrate:up\ncreate table x ();\n-- migrate:down\ndrop table x;\n",
        "--migrate:up\ncreate table x ();\n--  migrate:down\ndrop table x;\n",
        "-- migrate:up\r\ncreate table x ();\r\n-- migrate:down\r\ndrop table x;\r\n",
        "-- migrate:up transaction:false more:words\ncreate table x ();\n-- migrate:down\ndrop table x;\n",
        "\n".join(f"-- migrate:up\ncreate table {name} ();\n-- migrate:down\ndrop table {name};" for name in "xy"),
        "-- migrate:up\n-- migrate:down\n",
    ],
)
def test_both_read_the_same_files(project: Project, text: str) -> None:
    (project.folder / "001_x.sql").write_bytes(text.encode())
    project.ok("up")
    by_us = project.relations()
    assert dbmate(project, "down").code == 0
    assert project.relations() == []
    assert dbmate(project, "up").code == 0
    assert project.relations() == by_us
    project.ok("down")
    assert project.relations() == []


@pytest.mark.parametrize(
    "text",
    [
        "create table x ();\n",
        "-- migrate:up\nselect 1;\n",
        "-- migrate:down\nselect 1;\n",
        "-- migrate:down\n-- migrate:up\n",
        "select 1;\n-- migrate:up\n-- migrate:down\n",
        "-- migrate:up\n-- migrate:down\n-- migrate:down\n",
    ],
)
def test_both_refuse_the_same_files(project: Project, text: str) -> None:
    (project.folder / "001_x.sql").write_text(text, encoding="utf-8")
    assert dbmate(project, "up").code != 0
    assert project.run("up").code != 0


def test_our_lock_holds_up_dbmate_and_the_other_way_round(tables: Project, barrier: Barrier) -> None:
    tables.write("000_stop.sql", "select pg_advisory_lock_shared(1);")
    barrier.close_at(1)
    with tables.start("up") as ours:
        barrier.wait_for_arrival()
        late = dbmate(tables, "--migration-lock", "--migration-lock-timeout", "200ms", "up")
        assert late.code == 2
        assert "waiting for migration lock" in late.err
        barrier.open()
        assert ours.wait() == 0
    with psycopg.connect(tables.url, autocommit=True) as theirs:
        theirs.execute("SELECT pg_advisory_lock(%s)", [LOCK_KEY])
        tables.write("004_d.sql", "create table d ();")
        assert tables.run("up", "--wait", "200ms").code == 6


def test_dbmates_own_url_parameters_are_understood(tables: Project) -> None:
    parameters = parse_conninfo(tables.url)
    socket = {"host": parameters.pop("host")} if parameters.get("host", "").startswith("/") else {}
    url = f"{render_url({'sslmode': 'disable', **parameters})}&search_path=app,public"
    url += "".join(f"&socket={folder}" for folder in socket.values())
    project = Project(tables.folder, url)
    project.ok("up", "2")
    assert tables.query("SELECT version FROM app.schema_migrations") == ["001", "002"]
    assert project.ok("status").out.startswith("[X] 001_a.sql\n[X] 002_b.sql\n[ ] 003_c.sql\n")
    run = subprocess.run(
        [str(DBMATE), "--url", url, "-d", str(tables.folder), "--no-dump-schema", "up"],
        capture_output=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert tables.query("SELECT relname::text FROM pg_class WHERE relnamespace = 'app'::regnamespace"
                        " AND relkind = 'r' AND relname NOT LIKE 'schema%' ORDER BY 1") == ["a", "b", "c"]  # fmt: skip
