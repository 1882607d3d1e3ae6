"""A schema that nobody has read reaches no file, program or socket, and does not run for ever."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pagespace_codegen.catalog.load import load
from pagespace_codegen.catalog.scratch import loaded_schema
from pagespace_codegen.catalog.source import load_schema
from pagespace_db.connect import connect
from pagespace_db.embedded.databases import scratch_database
from pagespace_db.errors import SourceError
from tests.projects import write_project

INSUFFICIENT_PRIVILEGE = "42501"


@pytest.mark.parametrize(
    "statement",
    [
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "COPY (SELECT 1) TO '/tmp/never'",
        "CREATE TABLE t (line text); COPY t FROM '/etc/passwd'",
        "CREATE TABLE t AS SELECT pg_read_file('/etc/passwd')",
        "CREATE TABLE t AS SELECT pg_ls_dir('/')",
        "SELECT lo_import('/etc/passwd')",
        "SELECT lo_export(lo_create(0), '/tmp/never')",
        "CREATE FUNCTION f(text) RETURNS int LANGUAGE c STRICT AS 'libc.so.6', 'system'",
        "ALTER SYSTEM SET archive_command = 'true'; DO $$ BEGIN PERFORM pg_reload_conf(); END $$",
        "DO $$ BEGIN EXECUTE 'COPY (SELECT 1) TO PROGRAM ''true'''; END $$",
        "SET SESSION AUTHORIZATION postgres; COPY (SELECT 1) TO PROGRAM 'true'",
        "RESET ROLE; COPY (SELECT 1) TO PROGRAM 'true'",
        "GRANT pg_execute_server_program TO CURRENT_USER; COPY (SELECT 1) TO PROGRAM 'true'",
        "DO $$ BEGIN EXECUTE 'ALTER ROLE ' || quote_ident(current_user) || ' SUPERUSER'; END $$",
        "DO $$ BEGIN EXECUTE 'GRANT pg_read_server_files TO ' || quote_ident(current_user); END $$",
        "DO $$ BEGIN EXECUTE 'CREATE FOREIGN DATA WRAPPER w'; END $$",
        (
            "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;"
            " DO $$ BEGIN EXECUTE 'CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()'; END $$"
        ),
        "LOAD '/tmp/evil.so'",
        "SELECT pg_read_binary_file('postgresql.conf')",
        "SELECT pg_stat_file('/etc/passwd')",
        (
            "CREATE FUNCTION f() RETURNS text SECURITY DEFINER LANGUAGE sql AS $$ SELECT pg_read_file('/etc/hosts') $$;"
            " CREATE TABLE t (x text); INSERT INTO t SELECT f()"
        ),
        "CREATE VIEW v AS SELECT pg_read_file('/etc/passwd') AS x; CREATE TABLE t AS SELECT x FROM v",
        "CREATE FUNCTION f(text) RETURNS text LANGUAGE internal AS 'pg_read_file_all'",
    ],
)
def test_the_machine_is_out_of_reach(tmp_path: Path, server_url: str, statement: str) -> None:
    project = write_project(tmp_path, {"schema.sql": statement})
    with pytest.raises(SourceError) as caught, loaded_schema(project, server_url):
        pass
    assert caught.value.findings[0].code == INSUFFICIENT_PRIVILEGE


@pytest.mark.parametrize(
    "extension", ["dblink", '"dblink"', "IF NOT EXISTS plpython3u", "plperlu", "adminpack", "xml2"]
)
def test_an_extension_that_reaches_out_is_none_of_a_schema(tmp_path: Path, server_url: str, extension: str) -> None:
    project = write_project(tmp_path, {"schema.sql": f"CREATE EXTENSION {extension}"})
    with pytest.raises(SourceError, match="not on the list"), loaded_schema(project, server_url):
        pass


def test_a_foreign_table_cannot_be_read(tmp_path: Path, server_url: str) -> None:
    project = write_project(
        tmp_path,
        {
            "schema.sql": "CREATE EXTENSION file_fdw;\n"
            "CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;\n"
            "CREATE FOREIGN TABLE lines (line text) SERVER files OPTIONS (filename '/etc/passwd');\n"
            "CREATE TABLE stolen AS SELECT * FROM lines;\n"
        },
    )
    with pytest.raises(SourceError, match="has no handler"), loaded_schema(project, server_url):
        pass


LOOP = "DO $$ BEGIN LOOP PERFORM 1; END LOOP; END $$"
STUBBORN_LOOP = """
DO $$ BEGIN LOOP
    BEGIN LOOP PERFORM 1; END LOOP; EXCEPTION WHEN query_canceled THEN NULL; END;
END LOOP; END $$
"""


@pytest.mark.parametrize(
    ("schema", "sqlstate"),
    [
        (LOOP, "57014"),
        (f"SET statement_timeout = 0; {LOOP}", "57014"),
        (f"{LOOP}; CREATE TABLE t (); {LOOP}", "57014"),
        (STUBBORN_LOOP, "57P01"),
    ],
)
def test_a_loop_is_ended(
    tmp_path: Path, server_url: str, monkeypatch: pytest.MonkeyPatch, schema: str, sqlstate: str
) -> None:
    monkeypatch.setattr("pagespace_codegen.catalog.load.GRACE_S", 0.3)
    project = write_project(tmp_path, {"schema.sql": schema})
    statements = load_schema(project.schema, project.root)
    started = time.monotonic()
    with (
        scratch_database(server_url) as database,
        connect(database.admin_conninfo, autocommit=True) as owner,
        connect(database.conninfo, autocommit=True) as connection,
        pytest.raises(SourceError, match=f"error\\[{sqlstate}\\]"),
    ):
        load(statements, connection, owner, time_limit_s=0.5)
    assert time.monotonic() - started < 10


def test_what_the_schema_plants_never_runs_with_the_rights_of_the_owner(tmp_path: Path, server_url: str) -> None:
    """Explaining a mistake looks names up as the owner; these operators fit its queries better than the system's."""
    body = "RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RAISE 'ran as %', current_user; END $$"
    schema = f"""
    CREATE FUNCTION evil(name, name) {body};
    CREATE FUNCTION evil(oid, regnamespace) {body};
    CREATE OPERATOR !~ (FUNCTION = evil, LEFTARG = name, RIGHTARG = name);
    CREATE OPERATOR <> (FUNCTION = evil, LEFTARG = oid, RIGHTARG = regnamespace);
    CREATE TABLE t (a nonsense);
    CREATE TABLE u (a int REFERENCES nothing);
    """
    project = write_project(tmp_path, {"schema.sql": schema})
    with pytest.raises(SourceError) as caught, loaded_schema(project, server_url):
        pass
    assert [finding.code for finding in caught.value.findings] == ["42704", "42P01"]


def test_settings_that_a_schema_gives_its_role_do_not_outlive_it(tmp_path: Path, server_url: str) -> None:
    spoilt = "DO $$ BEGIN EXECUTE format('ALTER ROLE %I SET default_transaction_read_only = on', current_user); END $$"
    with loaded_schema(write_project(tmp_path, {"schema.sql": spoilt}), server_url):
        pass
    with loaded_schema(write_project(tmp_path, {"schema.sql": "CREATE TABLE t ()"}), server_url) as loaded:
        assert loaded.connection.execute("SHOW default_transaction_read_only").fetchone() == ("off",)


def test_nobody_waits_for_data_that_a_schema_asks_for_or_sends(tmp_path: Path, server_url: str) -> None:
    schema = "CREATE TABLE t (x int); COPY t TO STDOUT; COPY (SELECT 1) TO STDOUT; COPY t FROM STDIN;"
    with loaded_schema(write_project(tmp_path, {"schema.sql": schema}), server_url) as loaded:
        assert loaded.connection.execute("SELECT count(*) FROM t").fetchone() == (0,)


def test_a_transaction_that_is_left_open_is_shown(tmp_path: Path, server_url: str) -> None:
    project = write_project(tmp_path, {"schema.sql": "BEGIN;\nCREATE TABLE t ();\nSAVEPOINT s;\n"})
    with pytest.raises(SourceError, match=r"schema.sql:1:1: error\[transaction\]"), loaded_schema(project, server_url):
        pass
