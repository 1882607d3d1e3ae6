"""schema.sql is loaded as a plain role, whatever its order; what is wrong with it is shown at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from pagespace_codegen.catalog.introspect import introspect
from pagespace_codegen.catalog.load import TOGETHER
from pagespace_codegen.catalog.scratch import loaded_schema
from pagespace_db.errors import ConfigError, SourceError
from pagespace_db.settings import Project
from tests.projects import write_project


def tables(project: Project, server_url: str) -> list[str]:
    with loaded_schema(project, server_url) as schema:
        return [relation.name.name for relation in introspect(schema.connection).relations]


def refusal(project: Project, server_url: str) -> SourceError:
    with pytest.raises(SourceError) as caught, loaded_schema(project, server_url):
        pass
    return caught.value


def test_statements_may_stand_in_any_order(tmp_path: Path, server_url: str) -> None:
    project = write_project(
        tmp_path,
        {
            "schema.sql": "CREATE VIEW v AS SELECT * FROM b;\n"
            "CREATE TABLE b (a_id int REFERENCES a, m mood);\n"
            "CREATE TYPE mood AS ENUM ('x');\n"
            "CREATE TABLE a (id int);\n"
            "ALTER TABLE a ADD PRIMARY KEY (id);\n"
        },
    )
    assert tables(project, server_url) == ["a", "b", "v"]


def test_many_statements_may_stand_in_any_order_too(tmp_path: Path, server_url: str) -> None:
    """They are sent some at a time: what is missing is further away than any that go together."""
    names = [f"t{number:03}" for number in range(TOGETHER + 5)]
    text = f"CREATE VIEW v AS SELECT * FROM {names[-1]};\n" + "".join(f"CREATE TABLE {name} ();\n" for name in names)
    assert tables(write_project(tmp_path, {"schema.sql": text}), server_url) == [*names, "v"]


def test_a_folder_is_loaded_in_the_order_of_names(tmp_path: Path, server_url: str) -> None:
    files = {
        "schema/2.sql": "CREATE TABLE b (a int REFERENCES a)",
        "schema/1.sql": "CREATE TABLE a (id int PRIMARY KEY)",
    }
    assert tables(write_project(tmp_path, files, 'schema = "schema"'), server_url) == ["a", "b"]
    assert tables(write_project(tmp_path, files, 'schema = "schema/*.sql"'), server_url) == ["a", "b"]


def test_includes_are_followed(tmp_path: Path, server_url: str) -> None:
    project = write_project(
        tmp_path,
        {
            "schema.sql": "\\i parts/a.sql\nCREATE TABLE c ();\n",
            "parts/a.sql": "CREATE TABLE a ();\n\\ir b.sql\n",
            "parts/b.sql": "CREATE TABLE b ();",
        },
    )
    assert tables(project, server_url) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"schema.sql": "\\ir none.sql"}, "schema.sql:1:1: error[psql-command]: there is no file"),
        ({"schema.sql": "\\ir schema.sql"}, "schema.sql includes itself"),
        ({"schema.sql": "CREATE TABLE a ();\n  \\connect other"}, "schema.sql:2:3: error[psql-command]: `\\connect`"),
    ],
)
def test_an_include_that_cannot_be_followed_is_shown(
    tmp_path: Path, server_url: str, files: dict[str, str], message: str
) -> None:
    assert message in str(refusal(write_project(tmp_path, files), server_url))


def test_a_missing_schema_names_the_setting(tmp_path: Path, server_url: str) -> None:
    with (
        pytest.raises(ConfigError, match="there is no schema at"),
        loaded_schema(write_project(tmp_path, {}), server_url),
    ):
        pass


def test_a_syntax_error_has_its_line_and_a_caret(tmp_path: Path, server_url: str) -> None:
    project = write_project(
        tmp_path, {"schema.sql": "CREATE TABLE a (id int);\nCREATE TABLE b (\n  id int,\n  name tex t\n);\n"}
    )
    assert str(refusal(project, server_url)) == (
        'schema.sql:4:12: error[42601]: syntax error at or near "t"\n    4 |   name tex t\n      |            ^'
    )


def test_an_unknown_name_gets_the_nearest_one(tmp_path: Path, server_url: str) -> None:
    project = write_project(tmp_path, {"schema.sql": "CREATE TABLE users (id int PRIMARY KEY, name txet);\n"})
    assert str(refusal(project, server_url)) == (
        'schema.sql:1:46: error[42704]: type "txet" does not exist\n'
        "    1 | CREATE TABLE users (id int PRIMARY KEY, name txet);\n"
        "      |                                              ^^^^\n"
        "help: did you mean `text`?"
    )


def test_an_error_without_a_position_points_at_the_name_it_quotes(tmp_path: Path, server_url: str) -> None:
    project = write_project(
        tmp_path,
        {
            "schema.sql": "CREATE TABLE users (id int PRIMARY KEY);\n"
            "CREATE TABLE posts (user_id int REFERENCES user_s);\n"
        },
    )
    assert str(refusal(project, server_url)) == (
        'schema.sql:2:44: error[42P01]: relation "user_s" does not exist\n'
        "    2 | CREATE TABLE posts (user_id int REFERENCES user_s);\n"
        "      |                                            ^^^^^^\n"
        "help: did you mean `users`?"
    )


def test_every_mistake_is_shown_and_no_mere_consequence(tmp_path: Path, server_url: str) -> None:
    project = write_project(
        tmp_path,
        {
            "schema.sql": "CREATE TABLE a (id nonsense PRIMARY KEY);\n"
            "CREATE TABLE b (a_id int REFERENCES a);\n"
            "CREATE VIEW v AS SELECT * FROM b;\n"
            "CREATE TABLE c (id rubbish);\n"
        },
    )
    error = refusal(project, server_url)
    assert [finding.location.line for finding in error.findings if finding.location] == [1, 4]
    assert error.exit_code == 4


def test_an_error_inside_of_a_function_body_is_placed_in_the_body(tmp_path: Path, server_url: str) -> None:
    project = write_project(
        tmp_path,
        {"schema.sql": "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\n  SELECT 1\n  FROM nowhere\n$$;\n"},
    )
    finding = refusal(project, server_url).findings[0]
    assert finding.location is not None
    assert (finding.location.line, finding.code) == (3, "42P01")


def test_what_only_a_superuser_may_do_and_no_type_depends_on_is_left_out(tmp_path: Path, server_url: str) -> None:
    project = write_project(
        tmp_path,
        {
            "schema.sql": "CREATE ROLE somebody;\n"
            "CREATE TABLE a ();\n"
            "ALTER TABLE a OWNER TO somebody;\n"
            "GRANT SELECT ON a TO somebody;\n"
            "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO somebody;\n"
            "COMMENT ON EXTENSION plpgsql IS 'as pg_dump has it';\n"
            "\\restrict abc\n"
        },
    )
    assert tables(project, server_url) == ["a"]


def test_extensions_come_from_a_list(tmp_path: Path, server_url: str) -> None:
    good = write_project(tmp_path, {"schema.sql": "CREATE EXTENSION IF NOT EXISTS citext;\nCREATE TABLE a (x citext);"})
    assert tables(good, server_url) == ["a"]
    bad = write_project(tmp_path, {"schema.sql": "CREATE TABLE a ();\nCREATE EXTENSION dblink;"})
    assert "schema.sql:2:1: error[extension]: the extension `dblink` is not on the list" in str(
        refusal(bad, server_url)
    )


def test_foreign_tables_need_no_code_of_their_wrapper(tmp_path: Path, server_url: str) -> None:
    project = write_project(
        tmp_path,
        {
            "schema.sql": "CREATE EXTENSION postgres_fdw;\n"
            "CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'far.example');\n"
            "CREATE FOREIGN TABLE things (id int) SERVER far OPTIONS (table_name 'things');\n"
        },
    )
    assert tables(project, server_url) == ["things"]


def test_roles_tablespaces_and_collations_that_this_server_has_not_are_left_out(
    tmp_path: Path, server_url: str
) -> None:
    schema = """
    CREATE SCHEMA app AUTHORIZATION nobody_here;
    SET default_tablespace = fast_disk;
    SET a_setting_of_another_version = on;
    CREATE COLLATION app.telephone_book (provider = icu, locale = 'de-DE-u-co-phonebk');
    CREATE TABLE app.a (
      id int PRIMARY KEY USING INDEX TABLESPACE fast_disk,
      tablespace text COLLATE app.telephone_book,
      name text COLLATE pg_catalog."xx_YY.utf8"
    ) TABLESPACE fast_disk;
    CREATE POLICY own ON app.a FOR SELECT TO authenticated, "Another Role" USING (name = current_user);
    ALTER POLICY own ON app.a TO anybody USING (true);
    CREATE FUNCTION app.f() RETURNS int LANGUAGE sql LEAKPROOF AS 'SELECT 1';
    ALTER TABLE app.a SET TABLESPACE fast_disk;
    ALTER TABLE app.a DISABLE TRIGGER ALL;
    """
    assert tables(write_project(tmp_path, {"schema.sql": schema}), server_url) == ["a"]


def test_what_is_wrong_with_a_statement_is_shown_although_its_role_is_unknown(tmp_path: Path, server_url: str) -> None:
    schema = "CREATE TABLE a (name text);\nCREATE POLICY p ON a TO nobody_here USING (nane = 'x');\n"
    finding = refusal(write_project(tmp_path, {"schema.sql": schema}), server_url).findings[0]
    assert finding.location is not None
    assert finding.location.line == 2


def test_a_schema_called_like_its_owner_is_made(tmp_path: Path, server_url: str) -> None:
    schema = "CREATE SCHEMA AUTHORIZATION nobody_here; CREATE TABLE nobody_here.a ();"
    assert tables(write_project(tmp_path, {"schema.sql": schema}), server_url) == ["a"]


def test_what_drops_an_earlier_version_drops_nothing_of_this_one(tmp_path: Path, server_url: str) -> None:
    schema = (
        "ALTER TABLE ONLY a DROP CONSTRAINT a_pkey; DROP TABLE a; DROP TYPE IF EXISTS mood; DROP ROLE somebody;\n"
        "CREATE TABLE a (id int CONSTRAINT a_pkey PRIMARY KEY);\n"
    )
    project = write_project(tmp_path, {"schema.sql": schema})
    with loaded_schema(project, server_url) as loaded:
        catalog = introspect(loaded.connection)
    assert [constraint.name for constraint in catalog.constraints] == ["a_pkey"]


def test_data_of_a_dump_is_passed_over(tmp_path: Path, server_url: str) -> None:
    project = write_project(
        tmp_path,
        {
            "schema.sql": "CREATE TABLE a (id int, t text);\n"
            "COPY public.a (id, t) FROM stdin;\n1\tit's; \"odd\n\\.\n\n"
            "CREATE TABLE b ();\nCOPY a TO STDOUT;\ncopy a from stdin with (format csv);\n2,$$\n\\.\n"
            "CREATE TABLE c (x nonsense);\n"
        },
    )
    error = refusal(project, server_url)
    assert [finding.location.line for finding in error.findings if finding.location] == [11]


def test_a_transaction_around_the_schema_does_not_hide_it_from_extensions(tmp_path: Path, server_url: str) -> None:
    schema = (
        "BEGIN;\nCREATE SCHEMA ext;\nCREATE EXTENSION citext SCHEMA ext;\nCREATE TABLE a (x ext.citext);\nCOMMIT;\n"
    )
    assert tables(write_project(tmp_path, {"schema.sql": schema}), server_url) == ["a"]


def test_an_extension_goes_where_the_search_path_leads(tmp_path: Path, server_url: str) -> None:
    schema = "CREATE SCHEMA app; SET search_path = app; CREATE EXTENSION citext; CREATE TABLE a (x citext);"
    assert tables(write_project(tmp_path, {"schema.sql": schema}), server_url) == ["a"]


@pytest.mark.parametrize("where", ["", " WITH SCHEMA ext"])
def test_functions_of_common_extensions_are_there_on_every_server(tmp_path: Path, server_url: str, where: str) -> None:
    prefix = "ext." if where else ""
    schema = (
        f'CREATE SCHEMA ext; CREATE EXTENSION IF NOT EXISTS "uuid-ossp"{where}; CREATE EXTENSION pgcrypto{where};\n'
        f"CREATE TABLE a (id uuid PRIMARY KEY DEFAULT {prefix}uuid_generate_v4(), token bytea DEFAULT\n"
        f"{prefix}gen_random_bytes(16), x text, h bytea GENERATED ALWAYS AS ({prefix}digest(x, 'sha256')) STORED);\n"
    )
    assert tables(write_project(tmp_path, {"schema.sql": schema}), server_url) == ["a"]


def test_extensions_that_bring_no_types_are_left_out(tmp_path: Path, server_url: str) -> None:
    schema = "CREATE EXTENSION pg_cron; CREATE EXTENSION IF NOT EXISTS pgaudit WITH SCHEMA x; CREATE TABLE a ();"
    assert tables(write_project(tmp_path, {"schema.sql": schema}), server_url) == ["a"]


def test_a_file_that_another_one_includes_is_loaded_once(tmp_path: Path, server_url: str) -> None:
    files = {
        "schema/main.sql": "\\set ON_ERROR_STOP on\n\\ir tables/a.sql\n",
        "schema/tables/a.sql": "CREATE TABLE a ();",
    }
    assert tables(write_project(tmp_path, files, 'schema = "schema"'), server_url) == ["a"]
