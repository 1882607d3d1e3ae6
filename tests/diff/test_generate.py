"""`migrate generate`: files that lead to the schema and back, or a refusal that says what to pass."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from pagespace_codegen.diff.generation.generate import NewFile, Request, generate, write_files
from pagespace_db.errors import ConfigError, DiffError, MigrationRefused, SourceError
from pagespace_db.migrate.parse import parse_migration
from pagespace_db.settings import Project, load_project

Generate = Callable[..., tuple[NewFile, ...]]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "pyproject.toml").write_text("[tool.pagespace_db]\n")
    return load_project(tmp_path)


@pytest.fixture
def write_schema(project: Project, server_url: str) -> Generate:
    """Write a schema and the migration to it."""

    def write(schema: str, **request: object) -> tuple[NewFile, ...]:
        project.schema.write_text(schema)
        files = generate(project, Request(**request), server_url)  # type: ignore[arg-type]  # tests pass what it takes
        write_files(files)
        return files

    return write


def _up(files: tuple[NewFile, ...]) -> list[list[str]]:
    return [
        [statement.text for section in parse_migration(file.text, file.path).up for statement in section.statements]
        for file in files
    ]


def _down(files: tuple[NewFile, ...]) -> list[list[str]]:
    return [
        [statement.text for section in parse_migration(file.text, file.path).down for statement in section.statements]
        for file in files
    ]


def test_an_empty_folder_gets_the_whole_schema_and_then_nothing(write_schema: Generate, project: Project) -> None:
    schema = "CREATE TABLE t (id integer PRIMARY KEY);"
    (file,) = write_schema(schema)
    assert file.path.parent == project.migrations
    assert file.path.name.endswith("_create_t.sql")
    assert _down((file,)) == [["DROP TABLE public.t"]]
    assert write_schema(schema) == ()


def test_an_index_on_a_table_in_use_is_built_alone_and_outside_of_a_transaction(write_schema: Generate) -> None:
    write_schema("CREATE TABLE t (a integer, b integer);")
    files = write_schema("CREATE TABLE t (a integer, b integer, c date); CREATE INDEX i ON t (b);", name="x")
    assert _up(files) == [
        ["ALTER TABLE public.t ADD COLUMN c date"],
        ["CREATE INDEX CONCURRENTLY i ON public.t USING btree (b)"],
    ]
    assert "-- migrate:up transaction:false" in files[1].text
    assert _down(files)[1] == ["DROP INDEX CONCURRENTLY public.i"]
    assert [file.path.name[15:] for file in files] == ["x_1.sql", "x_2.sql"]


def test_constraints_of_a_table_in_use_are_validated_later(write_schema: Generate) -> None:
    write_schema("CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE t (a integer);")
    files = write_schema(
        "CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE t (a integer REFERENCES p, CONSTRAINT c CHECK (a > 0));"
    )
    assert _up(files) == [
        [
            "ALTER TABLE public.t ADD CONSTRAINT c CHECK ((a > 0)) NOT VALID",
            "ALTER TABLE public.t ADD CONSTRAINT t_a_fkey FOREIGN KEY (a) REFERENCES public.p(id) NOT VALID",
        ],
        ["ALTER TABLE public.t VALIDATE CONSTRAINT c", "ALTER TABLE public.t VALIDATE CONSTRAINT t_a_fkey"],
    ]


def test_not_null_of_a_table_in_use_goes_through_a_check(write_schema: Generate) -> None:
    write_schema("CREATE TABLE t (a integer);")
    files = write_schema("CREATE TABLE t (a integer NOT NULL);")
    check = '"a_is_not_null__check"'
    assert _up(files) == [
        [f"ALTER TABLE public.t ADD CONSTRAINT {check} CHECK (a IS NOT NULL) NOT VALID"],
        [f"ALTER TABLE public.t VALIDATE CONSTRAINT {check}"],
        ["ALTER TABLE public.t ALTER COLUMN a SET NOT NULL", f"ALTER TABLE public.t DROP CONSTRAINT {check}"],
    ]


def test_a_label_that_is_used_at_once_comes_in_an_earlier_file(write_schema: Generate) -> None:
    write_schema("CREATE TYPE m AS ENUM ('a'); CREATE TABLE t (m m DEFAULT 'a');")
    files = write_schema("CREATE TYPE m AS ENUM ('a', 'b'); CREATE TABLE t (m m DEFAULT 'b');")
    assert _up(files) == [
        ["ALTER TYPE public.m ADD VALUE 'b'"],
        ["ALTER TABLE ONLY public.t ALTER COLUMN m SET DEFAULT 'b'::public.m"],
    ]


def test_the_plain_form_is_one_file(write_schema: Generate) -> None:
    write_schema("CREATE TABLE t (a integer);")
    (file,) = write_schema(
        "CREATE TABLE t (a integer NOT NULL CHECK (a > 0)); CREATE INDEX i ON t (a);", is_online=False
    )
    assert "CONCURRENTLY" not in file.text
    assert "transaction:false" not in file.text


def test_what_looks_like_a_rename_must_be_decided(write_schema: Generate, project: Project) -> None:
    write_schema("CREATE TABLE users (id integer, bio text);")
    with pytest.raises(MigrationRefused) as refused:
        write_schema("CREATE TABLE users (id integer, about text);")
    assert refused.value.help is not None
    assert "--rename users.bio=users.about" in refused.value.help
    assert "--allow drops-column:users.bio" in refused.value.help
    assert len(list(project.migrations.iterdir())) == 1


def test_a_rename_keeps_the_column_both_ways(write_schema: Generate) -> None:
    write_schema("CREATE TABLE users (id integer, bio text UNIQUE);")
    files = write_schema(
        "CREATE TABLE users (id integer, about text UNIQUE);", renames=("users.bio=users.about",), name="x"
    )
    assert _up(files) == [
        [
            "ALTER TABLE public.users RENAME COLUMN bio TO about",
            "ALTER TABLE public.users RENAME CONSTRAINT users_bio_key TO users_about_key",
        ]
    ]
    assert _down(files) == [
        [
            "ALTER TABLE public.users RENAME CONSTRAINT users_about_key TO users_bio_key",
            "ALTER TABLE public.users RENAME COLUMN about TO bio",
        ]
    ]


def test_a_table_and_its_columns_are_renamed_at_once_by_comments_in_the_schema(write_schema: Generate) -> None:
    write_schema("CREATE TABLE users (id serial PRIMARY KEY, bio text, age integer);")
    files = write_schema(
        "-- rename: users -> people\n-- rename: people.bio -> people.about\n"
        "CREATE TABLE people (id serial PRIMARY KEY, about text, age integer);"
    )
    assert not any(word in files[0].text for word in ("DROP", "ADD COLUMN", "CREATE"))
    again = "-- rename: users -> people\nCREATE TABLE people (id serial PRIMARY KEY, about text, age integer);"
    assert write_schema(again) == ()


def test_data_is_only_lost_by_name(write_schema: Generate) -> None:
    write_schema("CREATE TABLE t (a integer, b text); CREATE TABLE u (a integer);")
    with pytest.raises(MigrationRefused, match=r"drops-column public\.t\.b") as refused:
        write_schema("CREATE TABLE t (a integer);")
    assert refused.value.help == "if that is meant, pass --allow drops-column:t.b --allow drops-table:u"
    files = write_schema("CREATE TABLE t (a integer);", allowed=("drops-column:t.b", "drops-table:public.u"))
    assert _up(files) == [["ALTER TABLE public.t DROP COLUMN b", "DROP TABLE public.u"]]


def test_a_rename_of_what_is_not_there_names_the_nearest(write_schema: Generate) -> None:
    write_schema("CREATE TABLE users (bio text);")
    with pytest.raises(ConfigError, match=r"no `users\.abuot` in the new schema") as error:
        write_schema("CREATE TABLE users (about text);", renames=("users.bio=users.abuot",))
    assert error.value.help == "did you mean `users.about`?"


def test_a_broken_schema_writes_nothing(write_schema: Generate, project: Project) -> None:
    with pytest.raises(SourceError, match=r"schema\.sql:1:19: .* \"integre\""):
        write_schema("CREATE TABLE t (a integre);")
    assert not project.migrations.exists()


def test_a_body_with_a_directive_is_refused(write_schema: Generate) -> None:
    with pytest.raises((DiffError, SourceError)):
        write_schema("CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT '\n-- migrate:down\n' $$;")


def test_the_files_lead_to_the_schema_in_a_real_database(
    write_schema: Generate, project: Project, empty_database: str
) -> None:
    write_schema("CREATE TYPE m AS ENUM ('a'); CREATE TABLE t (id serial PRIMARY KEY, m m, n integer);")
    write_schema(
        "CREATE TYPE m AS ENUM ('a', 'b');"
        "CREATE TABLE t (id bigserial PRIMARY KEY, m m DEFAULT 'b', n integer NOT NULL);"
        "CREATE INDEX i ON t (n); CREATE VIEW v AS SELECT id FROM t WHERE m = 'b';"
    )
    with psycopg.connect(empty_database, autocommit=True) as connection:
        for path in sorted(project.migrations.iterdir()):
            for section in parse_migration(path.read_text(), path).up:
                for statement in section.statements:
                    connection.execute(statement.text.encode())
        connection.execute("INSERT INTO t (n) VALUES (1)")
        assert connection.execute("SELECT id FROM v").fetchall() == [(1,)]
