"""Overrides are checked against the schema; a wrong one is shown at its line, with the nearest right one."""

from __future__ import annotations

import psycopg
import pytest

from pagespace_db import Database, eq, insert, select
from pagespace_db.errors import SourceError
from tests.codegen.conftest import Generate, ImportGenerated

SCHEMA = """
CREATE EXTENSION citext;
CREATE TYPE mood AS ENUM ('a');
CREATE TABLE people (id text PRIMARY KEY, "fullName" text, settings jsonb NOT NULL, nick citext, mood mood);
CREATE TABLE orders (id text PRIMARY KEY, person_id text REFERENCES people);
"""


def refusal(generate_files: Generate, config: str, schema: str = SCHEMA) -> str:
    with pytest.raises(SourceError) as caught:
        generate_files(schema, config)
    return str(caught.value)


def test_names_of_rows_tables_columns_and_types_can_be_chosen(generate_files: Generate) -> None:
    files = generate_files(
        SCHEMA,
        "[tool.pagespace_db.names]\n"
        'people = "members:Member"\n'
        '"people.fullName" = "name"\n'
        'orders = "Purchase"\n'
        'mood = "Temper"\n',
    )
    source = files["tables.py"]
    assert "members: MembersTable = MembersTable()" in source
    assert "class Member(Row):" in source
    assert 'name: NullColumn[str] = NullColumn("fullName", "text")' in source
    assert "class Purchase(Row):" in source
    assert 'TEMPER_LABELS: Final[tuple[Temper, ...]] = ("a",)' in files["types.py"]


def test_types_of_columns_and_of_postgresql_can_be_chosen(generate_files: Generate) -> None:
    source = generate_files(
        SCHEMA,
        '[tool.pagespace_db.types]\n"people.settings" = "shop.models:Settings"\ncitext = "shop.text:CaseInsensitive"\n',
    )["tables.py"]
    assert "from shop.models import Settings" in source
    assert "settings: Column[Settings]" in source
    assert "nick: NullColumn[CaseInsensitive]" in source


def test_a_key_that_names_nothing_gets_the_nearest_one(generate_files: Generate) -> None:
    assert refusal(generate_files, '[tool.pagespace_db.names]\n"people.fulName" = "x"\n') == (
        "pyproject.toml:3:2: error[configuration]: `people.fulName` is not a table, a column, a relation or a type of "
        "the schema\n"
        '    3 | "people.fulName" = "x"\n'
        "      |  ^^^^^^^^^^^^^^\n"
        "help: did you mean `people.fullName`?"
    )


@pytest.mark.parametrize("name", ["class", "_private", "two words", "mro", "ﬁle"])
def test_a_name_that_cannot_be_one_is_refused(generate_files: Generate, name: str) -> None:
    text = refusal(generate_files, f'[tool.pagespace_db.names]\n"people.id" = "{name}"\n')
    assert f"`{name}` cannot be a name in the generated code" in text


def test_a_type_must_say_its_module(generate_files: Generate) -> None:
    text = refusal(generate_files, '[tool.pagespace_db.types]\n"people.id" = "str"\n')
    assert "`str` is not of the form `package.module:Name`" in text


def test_columns_that_would_share_a_name_are_shown_with_the_line_that_mends_it(generate_files: Generate) -> None:
    schema = 'CREATE TABLE t (\n  "userId" text,\n  user_id text\n);'
    assert refusal(generate_files, "", schema) == (
        "schema.sql:3:3: error[name-clash]: columns `userId` and `user_id` of public.t would both be called `user_id`\n"
        "    3 |   user_id text\n"
        "      |   ^^^^^^^\n"
        'help: name one of them: [tool.pagespace_db.names] "public.t.user_id" = "user_id_2"'
    )
    config = '[tool.pagespace_db.names]\n"public.t.user_id" = "user_id_2"\n'
    assert 'user_id_2: NullColumn[str] = NullColumn("user_id", "text")' in generate_files(schema, config)["tables.py"]


def test_tables_that_would_share_a_row_class_are_shown(generate_files: Generate) -> None:
    schema = "CREATE TABLE person (id int);\nCREATE TABLE people (id int);"
    text = refusal(generate_files, "", schema)
    assert "schema.sql:1:14: error[name-clash]: `public.people` and `public.person` would both give" in text


def test_an_unknown_type_asks_for_an_override(generate_files: Generate) -> None:
    schema = "CREATE EXTENSION btree_gist;\nCREATE TABLE t (id int, key gbtreekey4);\n"
    assert refusal(generate_files, "", schema) == (
        "schema.sql:2:25: error[unknown-type]: public.t.key is of type public.gbtreekey4, for which no Python type is "
        "known\n"
        "    2 | CREATE TABLE t (id int, key gbtreekey4);\n"
        "      |                         ^^^\n"
        'help: say which one it is: [tool.pagespace_db.types] "public.gbtreekey4" = "builtins:str"'
    )
    config = '[tool.pagespace_db.types]\n"public.gbtreekey4" = "builtins:str"\n'
    assert "key: NullColumn[str]" in generate_files(schema, config)["tables.py"]


def test_modules_hold_the_tables_that_their_patterns_match(generate_files: Generate) -> None:
    files = generate_files(SCHEMA, '[tool.pagespace_db.modules]\nshop = ["order*"]\n')
    assert "class Order(Row):" in files["shop.py"]
    assert "class Person(Row):" in files["tables.py"]


def test_a_module_cannot_take_the_place_of_another_file(generate_files: Generate) -> None:
    text = refusal(generate_files, '[tool.pagespace_db.modules]\ntypes = ["orders"]\n')
    assert "pyproject.toml:3:1: error[configuration]: the module `types` cannot hold tables" in text


def test_an_enum_can_become_a_class(import_generated: ImportGenerated, empty_database: str) -> None:
    schema = (
        "CREATE TYPE mood AS ENUM ('very good', 'very-good', '', '1st', 'Ünique');CREATE TABLE t (m mood, ms mood[]);"
    )
    package = import_generated(schema, 'enums = "str-enum"\n')
    mood = package.Mood
    assert [(member.name, member.value) for member in mood] == [
        ("VERY_X20_GOOD", "very good"),
        ("VERY_X2D_GOOD", "very-good"),
        ("L_", ""),
        ("L_1ST", "1st"),
        ("ÜNIQUE", "Ünique"),
    ]
    with psycopg.connect(empty_database) as connection:
        connection.execute(schema.encode())
    with Database(empty_database) as database:
        row = database.one(insert(package.t).values({"m": mood.L_, "ms": list(mood)}).returning())
        assert row.m is mood.L_
        assert row.ms == list(mood)
        assert database.all(select(package.t.ms).from_(package.t).where(eq(package.t.m, mood.L_))) == [list(mood)]


def test_tables_can_be_left_out_with_the_keys_that_lead_to_them(generate_files: Generate) -> None:
    source = generate_files(SCHEMA, 'skip = ["peop*"]\n')["tables.py"]
    assert "class Order(Row):" in source
    assert "Person" not in source


def test_a_type_is_carried_along_foreign_keys_and_defaults_are_seen_as_it(generate_files: Generate) -> None:
    schema = """
    CREATE TABLE users (id text PRIMARY KEY, boss_id text REFERENCES users);
    CREATE TABLE pages (id text PRIMARY KEY, user_id text NOT NULL REFERENCES users, other text);
    CREATE TABLE notes (page_id text, user_id text, FOREIGN KEY (user_id) REFERENCES users);
    """
    config = (
        '[tool.pagespace_db.defaults]\n"*.id" = "pagespace_db.ids:create_id"\n'
        '[tool.pagespace_db.types]\n"users.id" = "shop.ids:UserId"\n"notes.user_id" = "shop.ids:Author"\n'
    )
    source = generate_files(schema, config)["tables.py"]
    assert "boss_id: NullColumn[UserId]" in source
    assert "user_id: Column[UserId]" in source
    assert "user_id: NullColumn[Author]" in source
    assert "other: NullColumn[str]" in source
    assert "default=lambda: cast(UserId, create_id())" in source
    assert 'id: Column[str] = Column("id", "text", default=create_id)' in source
