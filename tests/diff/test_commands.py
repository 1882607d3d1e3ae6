"""The commands: what they print, and what they end with."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result

from pagespace_db.cli import cli
from pagespace_db.errors import ConfigError, MigrationRefused, SourceError


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[tool.pagespace_db]\nout = 'db'\n")
    return tmp_path


def run(project: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["--project", str(project), *arguments], catch_exceptions=True)


def write(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return str(path)


def test_diff_prints_sql_with_hazards(tmp_path: Path, server_url: str) -> None:
    old = write(tmp_path, "old.sql", "CREATE TABLE t (a integer, b text);")
    new = write(tmp_path, "new.sql", "CREATE TABLE t (a integer);")
    result = run(tmp_path, "diff", old, new, "--plain", "--server", server_url)
    assert result.exit_code == 0
    assert result.stdout == "-- hazard: drops-column public.t.b\nALTER TABLE public.t DROP COLUMN b;\n"


def test_diff_uses_a_new_label_at_once_only_outside_of_a_transaction(tmp_path: Path, server_url: str) -> None:
    old = write(tmp_path, "old.sql", "CREATE TYPE m AS ENUM ('a'); CREATE TABLE t (m m DEFAULT 'a');")
    new = write(tmp_path, "new.sql", "CREATE TYPE m AS ENUM ('a', 'b'); CREATE TABLE t (m m DEFAULT 'b');")
    divided = run(tmp_path, "diff", old, new, "--server", server_url)
    assert divided.stdout.startswith("ALTER TYPE public.m ADD VALUE 'b';\n")
    plain = run(tmp_path, "diff", old, new, "--plain", "--server", server_url)
    assert "ADD VALUE" not in plain.stdout
    assert "CREATE TYPE public.m AS ENUM ('a', 'b');" in plain.stdout


def test_diff_renames_what_is_named_and_what_has_another_name_only(tmp_path: Path, server_url: str) -> None:
    old = write(tmp_path, "old.sql", "CREATE TABLE t (id serial PRIMARY KEY, a text, b text); CREATE INDEX i ON t (a);")
    new = write(
        tmp_path,
        "new.sql",
        "-- rename: t -> u\n-- rename: u.a -> u.c\n"
        "CREATE TABLE u (id serial PRIMARY KEY, c text, d text); CREATE INDEX j ON u (c);",
    )
    renamed = run(tmp_path, "diff", old, new, "--plain", "--rename", "u.b=u.d", "--server", server_url)
    assert renamed.exit_code == 0, renamed.output
    assert renamed.stdout.splitlines()[:3] == [
        "ALTER TABLE public.t RENAME TO u;",
        "ALTER TABLE public.u RENAME COLUMN a TO c;",
        "ALTER TABLE public.u RENAME COLUMN b TO d;",
    ]
    assert "ALTER INDEX public.i RENAME TO j;" in renamed.stdout
    assert "DROP" not in renamed.stdout
    assert "CREATE" not in renamed.stdout
    nothing = run(tmp_path, "diff", old, new, "--rename", "t.x=u.y", "--server", server_url)
    assert isinstance(nothing.exception, ConfigError)


def test_diff_renames_labels_that_are_named_and_a_single_one_that_made_room(tmp_path: Path, server_url: str) -> None:
    old = write(tmp_path, "old.sql", "CREATE TYPE a AS ENUM ('x', 'y'); CREATE TYPE b AS ENUM ('x', 'y''s'); ")
    new = write(
        tmp_path,
        "new.sql",
        "-- rename: b.x -> b.k\nCREATE TYPE a AS ENUM ('x', 'z'); CREATE TYPE b AS ENUM ('k', 'l', 'm');",
    )
    renamed = run(tmp_path, "diff", old, new, "--plain", "--rename", "b.y's=b.m", "--server", server_url)
    assert renamed.stdout.splitlines() == [
        "ALTER TYPE public.b RENAME VALUE 'x' TO 'k';",
        "ALTER TYPE public.b RENAME VALUE 'y''s' TO 'm';",
        "ALTER TYPE public.a RENAME VALUE 'y' TO 'z';",
        "ALTER TYPE public.b ADD VALUE 'l' AFTER 'k';",
    ], renamed.output


def test_diff_of_equal_sides_is_empty_and_fine(tmp_path: Path, server_url: str) -> None:
    old = write(tmp_path, "old.sql", "CREATE TABLE t (a integer);")
    result = run(tmp_path, "diff", old, old, "--server", server_url)
    assert (result.exit_code, result.stdout) == (0, "")


def test_diff_takes_a_folder_of_migrations_and_a_database(tmp_path: Path, server_url: str, empty_database: str) -> None:
    write(
        tmp_path / "migrations",
        "1_a.sql",
        "-- migrate:up\nCREATE TABLE t (a integer);\n-- migrate:down\nDROP TABLE t;\n",
    )
    with psycopg.connect(empty_database) as connection:
        connection.execute("CREATE TABLE t (a integer); CREATE INDEX i ON t (a)")
    result = run(tmp_path, "diff", str(tmp_path / "migrations"), empty_database, "--json", "--server", server_url)
    assert result.exit_code == 0
    (statement,) = json.loads(result.stdout)["statements"]
    assert statement["sql"] == "CREATE INDEX i ON public.t USING btree (a)"
    assert statement["hazards"][0]["kind"] == "blocks-writes"


def test_diff_refuses_by_name_what_it_does_not_know(tmp_path: Path, server_url: str) -> None:
    old = write(tmp_path, "old.sql", "")
    new = write(tmp_path, "new.sql", "CREATE TYPE shell;")
    result = run(tmp_path, "diff", old, new, "--server", server_url)
    assert isinstance(result.exception, SourceError) or result.exit_code == 2


def test_check_names_what_is_missing(project: Path, server_url: str) -> None:
    write(project, "schema.sql", "CREATE TABLE t (a integer PRIMARY KEY, b text);")
    write(
        project / "migrations",
        "1_a.sql",
        "-- migrate:up\nCREATE TABLE t (a integer PRIMARY KEY);\n-- migrate:down\nSELECT 1;\n",
    )
    result = run(project, "check", "--json", "--server", server_url)
    assert result.exit_code == 1
    checks = {check["name"]: check for check in json.loads(result.stdout)["checks"]}
    assert checks["migrations are well formed"]["problem"] is None
    assert "ADD COLUMN b text" in checks["migrations lead to the schema"]["problem"]
    assert "table public.t: should not be there" in checks["down sections lead back"]["problem"]
    assert checks["generated code is fresh"]["help"] == "pagespace-db codegen"


def test_check_passes_when_all_agrees(project: Path, server_url: str) -> None:
    write(project, "schema.sql", "CREATE TABLE t (a integer PRIMARY KEY, b text);")
    assert run(project, "migrate", "generate", "--server", server_url).exit_code == 0
    assert run(project, "codegen", "--server", server_url).exit_code == 0
    result = run(project, "check", "--server", server_url)
    assert result.exit_code == 0, result.output
    assert result.stdout.count("ok ") == 5


def test_generate_says_when_there_is_nothing_to_do(project: Path, server_url: str) -> None:
    write(project, "schema.sql", "CREATE TABLE t (a integer PRIMARY KEY);")
    first = run(project, "migrate", "generate", "start", "--server", server_url)
    assert first.stdout.startswith("Creating migration: ")
    second = run(project, "migrate", "generate", "--server", server_url)
    assert second.stdout == "The migrations lead to the schema: there is nothing to write.\n"


def test_a_dry_run_writes_nothing(project: Path, server_url: str) -> None:
    write(project, "schema.sql", "CREATE TABLE t (a integer PRIMARY KEY);")
    result = run(project, "migrate", "generate", "--dry-run", "--server", server_url)
    assert "CREATE TABLE public.t" in result.stdout
    assert not (project / "migrations").exists()


def test_drift_is_shown_both_ways_and_can_be_adopted(project: Path, server_url: str, empty_database: str) -> None:
    write(project, "schema.sql", "CREATE TABLE t (a integer PRIMARY KEY);")
    run(project, "migrate", "generate", "start", "--server", server_url)
    assert run(project, "migrate", "up", "--url", empty_database).exit_code == 0
    fine = run(project, "drift", "--url", empty_database, "--server", server_url)
    assert (fine.exit_code, fine.stdout) == (0, "The database is what its migrations say.\n")
    with psycopg.connect(empty_database) as connection:
        connection.execute("ALTER TABLE t ADD COLUMN by_hand text")
    found = run(project, "drift", "--url", empty_database, "--server", server_url)
    assert found.exit_code == 1
    assert "ALTER TABLE public.t DROP COLUMN by_hand;" in found.stdout
    assert "ALTER TABLE public.t ADD COLUMN by_hand text;" in found.stdout
    adopted = run(project, "drift", "--url", empty_database, "--server", server_url, "--adopt")
    assert adopted.exit_code == 0
    _, written = sorted((project / "migrations").iterdir())
    assert run(project, "migrate", "baseline", "--url", empty_database, "--server", server_url).exit_code == 0
    again = run(project, "drift", "--url", empty_database, "--server", server_url)
    assert (again.exit_code, again.stdout) == (0, "The database is what its migrations say.\n")
    assert run(project, "migrate", "down", "--url", empty_database).exit_code == 0
    with psycopg.connect(empty_database) as connection:
        left = connection.execute("SELECT attname FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0")
        assert [name for (name,) in left if not name.startswith(".")] == ["a"]
    assert written.name.endswith("_adopt_drift.sql")


def test_what_looks_like_a_rename_in_a_drifted_database_is_decided_before_it_is_adopted(
    project: Path, server_url: str, empty_database: str
) -> None:
    write(project, "schema.sql", 'CREATE TABLE t (a int, b int, c int, d int, "Old Name" text);')
    run(project, "migrate", "generate", "start", "--server", server_url)
    run(project, "migrate", "up", "--url", empty_database)
    with psycopg.connect(empty_database) as connection:
        connection.execute('ALTER TABLE t RENAME "Old Name" TO "new name"; ALTER TABLE t RENAME TO people')
    drift = ("drift", "--url", empty_database, "--server", server_url)
    assert "-- Can be a rename: --rename t=people" in run(project, *drift).stdout
    refused = run(project, *drift, "--adopt")
    assert isinstance(refused.exception, MigrationRefused)
    assert refused.exception.exit_code == 5
    assert refused.exception.help == "pass one option of each pair:\n  --rename t=people\n  --allow drops-table:t"
    renames = ("--rename", "t=people", "--rename", 'people."Old Name"=people."new name"')
    adopted = run(project, *drift, "--adopt", *renames)
    assert adopted.exit_code == 0, adopted.output
    _, written = sorted((project / "migrations").iterdir())
    assert "DROP" not in written.read_text()
    assert run(project, "migrate", "repair", "--applied", written.name[:14], "--url", empty_database).exit_code == 0
    assert run(project, *drift).exit_code == 0


def test_the_options_that_a_refusal_names_can_be_pasted_into_a_shell(project: Path, server_url: str) -> None:
    write(project, "schema.sql", 'CREATE TABLE "A $b" (a integer, "it\'s.x" text, "B=c" bytea);')
    run(project, "migrate", "generate", "start", "--server", server_url)
    write(project, "schema.sql", 'CREATE TABLE "A $b" (a integer);')
    refused = run(project, "migrate", "generate", "--server", server_url)
    assert isinstance(refused.exception, MigrationRefused)
    pasted = shlex.split(str(refused.exception.help).partition("pass ")[2])
    assert run(project, "migrate", "generate", "--server", server_url, *pasted).exit_code == 0


@pytest.mark.parametrize("table", ["versions", "app.versions", "app.Odd Name"])
def test_tables_of_the_runner_are_no_drift_whatever_they_are_called(
    project: Path, server_url: str, empty_database: str, table: str
) -> None:
    write(project / "migrations", "1_a.sql", "-- migrate:up\nCREATE SCHEMA IF NOT EXISTS app;\n-- migrate:down\n")
    options = ("--url", empty_database, "--migrations-table", table)
    assert run(project, "migrate", "up", *options).exit_code == 0
    found = run(project, "drift", "--server", server_url, *options)
    assert (found.exit_code, found.stdout) == (0, "The database is what its migrations say.\n")


def test_a_schema_that_only_the_runner_uses_is_no_drift_until_somebody_else_does(
    project: Path, server_url: str, empty_database: str
) -> None:
    migrations = project / "migrations"
    write(migrations, "1_a.sql", "-- migrate:up\nCREATE TABLE a (x integer);\n-- migrate:down\n")
    options = ("--url", empty_database, "--migrations-table", "app.versions")
    drift = ("drift", "--server", server_url, *options)
    assert run(project, "migrate", "up", *options).exit_code == 0
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute("COMMENT ON SCHEMA app IS 'versions of the schema'")
        assert run(project, *drift).exit_code == 0
        connection.execute("CREATE SEQUENCE app.counter")
        found = run(project, *drift)
    assert (found.exit_code, "DROP SEQUENCE app.counter;" in found.stdout) == (1, True)


def test_a_database_without_the_runners_schema_differs_in_nothing(
    project: Path, server_url: str, empty_database: str
) -> None:
    schema = write(project, "schema.sql", "CREATE TABLE a (x integer);")
    with psycopg.connect(empty_database) as connection:
        connection.execute("CREATE TABLE a (x integer); CREATE SCHEMA app")
        connection.execute("CREATE TABLE app.schema_migrations (version varchar PRIMARY KEY)")
    for sides in ((empty_database, schema), (schema, empty_database), (empty_database, empty_database)):
        result = run(project, "diff", *sides, "--server", server_url)
        assert (result.exit_code, "app" in result.stdout) == (0, False), result.output
    write(project, "schema.sql", "CREATE TABLE a (x integer); CREATE SCHEMA app;")
    assert "app" not in run(project, "diff", empty_database, schema, "--server", server_url).stdout


def test_a_table_is_the_runners_only_in_the_schema_that_is_named(
    project: Path, server_url: str, empty_database: str
) -> None:
    text = "-- migrate:up\nCREATE SCHEMA other; CREATE TABLE other.versions (a integer);\n-- migrate:down\n"
    write(project / "migrations", "1_a.sql", text)
    options = ("--url", empty_database, "--migrations-table", "app.versions")
    drift = ("drift", "--server", server_url, *options)
    assert run(project, "migrate", "up", *options).exit_code == 0
    assert run(project, *drift).exit_code == 0
    with psycopg.connect(empty_database) as connection:
        connection.execute("ALTER TABLE other.versions ADD COLUMN b text")
    found = run(project, *drift)
    assert (found.exit_code, "ALTER TABLE other.versions DROP COLUMN b;" in found.stdout) == (1, True)


def test_what_would_be_lost_is_counted_in_a_database_at_hand(
    project: Path, server_url: str, empty_database: str
) -> None:
    write(project, "schema.sql", 'CREATE TABLE t (a integer, "b.c" text); CREATE TABLE gone (a integer);')
    run(project, "migrate", "generate", "start", "--server", server_url)
    run(project, "migrate", "up", "--url", empty_database)
    with psycopg.connect(empty_database) as connection:
        connection.execute("INSERT INTO t SELECT n, nullif(n % 3, 0) FROM generate_series(1, 3000) n")
        connection.execute("INSERT INTO gone VALUES (1), (2)")
    write(project, "schema.sql", "CREATE TABLE t (a integer);")
    refused = run(project, "migrate", "generate", "--server", server_url, "--url", empty_database)
    assert isinstance(refused.exception, MigrationRefused)
    assert "drops-table public.gone (2 rows)" in refused.exception.message
    assert 'drops-column public.t."b.c" (2,000 values)' in refused.exception.message
    uncounted = run(project, "migrate", "generate", "--server", server_url)
    assert "rows)" not in str(uncounted.exception)


def test_hazards_of_a_new_migration_come_with_another_way(project: Path, server_url: str) -> None:
    write(project, "schema.sql", "CREATE TABLE t (a integer);")
    run(project, "migrate", "generate", "start", "--server", server_url)
    write(project, "schema.sql", "CREATE TABLE t (a bigint);")
    result = run(project, "migrate", "generate", "--server", server_url)
    assert "  hazard: rewrites-table public.t" in result.stdout
    assert "  help: expand and contract: add a column beside the old one" in result.stdout
