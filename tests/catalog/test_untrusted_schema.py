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
    ],
)
def test_the_machine_is_out_of_reach(tmp_path: Path, server_url: str, statement: str) -> None:
    project = write_project(tmp_path, {"schema.sql": statement})
    with pytest.raises(SourceError) as caught, loaded_schema(project, server_url):
        pass
    assert caught.value.findings[0].code == INSUFFICIENT_PRIVILEGE


def test_dblink_is_no_extension_of_a_schema(tmp_path: Path, server_url: str) -> None:
    project = write_project(tmp_path, {"schema.sql": "CREATE EXTENSION dblink"})
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


@pytest.mark.parametrize("prelude", ["", "SET statement_timeout = 0; "])
def test_a_loop_is_ended(tmp_path: Path, server_url: str, prelude: str) -> None:
    project = write_project(tmp_path, {"schema.sql": f"{prelude}DO $$ BEGIN LOOP PERFORM 1; END LOOP; END $$"})
    statements = load_schema(project.schema, project.root)
    started = time.monotonic()
    with (
        scratch_database(server_url) as database,
        connect(database.admin_conninfo, autocommit=True) as owner,
        connect(database.conninfo, autocommit=True) as connection,
        pytest.raises(SourceError, match="error\\[57014\\]"),
    ):
        load(statements, connection, owner, time_limit_s=0.5)
    assert time.monotonic() - started < 10
