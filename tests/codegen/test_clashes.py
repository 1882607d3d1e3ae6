"""Names that would meet are shown with a line for the configuration, and that line is the remedy."""

from __future__ import annotations

import re
import tomllib

import pytest

from pagespace_db.errors import SourceError
from tests.codegen.conftest import Generate

LINE = re.compile(r"\[tool\.pagespace_db\.names\] (\".*\" = \".*\")")


def names_config(lines: dict[str, str]) -> str:
    return "[tool.pagespace_db.names]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items())


def resolved(generate_files: Generate, schema: str) -> tuple[dict[str, str], dict[str, str]]:
    """Paste what the errors say until there are none; return the lines and the files."""
    lines: dict[str, str] = {}
    for _ in range(10):
        try:
            return lines, generate_files(schema, names_config(lines) if lines else "")
        except SourceError as error:
            for finding in error.findings:
                assert finding.code == "name-clash", finding
                match = LINE.search(finding.help or "")
                assert match is not None, finding
                tomllib.loads(match[1])
                key, _, value = match[1].rpartition(" = ")
                lines[key] = value
    raise AssertionError(lines)


@pytest.mark.parametrize(
    ("schema", "lines"),
    [
        ('CREATE TABLE t (user_id int, "userId" int)', {'"public.t.userId"': '"user_id_2"'}),
        (
            'CREATE TABLE t (user_id_2 int, user_id int, "userId" int, "user Id" int)',
            {'"public.t.userId"': '"user_id_3"'},
        ),
        ("CREATE TABLE node (); CREATE TABLE nodes ();", {'"public.nodes"': '"OtherNode"'}),
        (
            "CREATE TABLE node (); CREATE TABLE nodes (); CREATE TABLE other_node ();",
            {'"public.nodes"': '"OtherNode2"'},
        ),
        ('CREATE TABLE "_" (); CREATE TABLE "__" ();', {'"public.__"': '"other_t__:OtherT"'}),
        ("CREATE TABLE moods (); CREATE TYPE mood AS ENUM ('x');", {'"public.mood"': '"OtherMood"'}),
        ('CREATE TYPE a_b AS ENUM (); CREATE TYPE "aB" AS ENUM ();', {'"public.a_b"': '"OtherAB"'}),
        ("CREATE TABLE users (); CREATE TABLE users_table ();", {'"public.users_table"': '"OtherUsersTable"'}),
        ("CREATE TABLE a_insert (); CREATE TABLE a ();", {'"public.a_insert"': '"OtherAInsert"'}),
        ('CREATE TABLE "x"" y" ("a b" int); CREATE DOMAIN "x"" Y" AS int;', {'"public.x\\" Y"': '"OtherXY"'}),
    ],
)
def test_the_line_that_an_error_shows_resolves_it(generate_files: Generate, schema: str, lines: dict[str, str]) -> None:
    pasted, _ = resolved(generate_files, schema)
    assert pasted == lines


def test_a_relation_that_finds_no_name_gets_one_by_the_line_of_its_error(generate_files: Generate) -> None:
    schema = (
        "CREATE TABLE users (id int PRIMARY KEY);"
        "CREATE TABLE posts (id int PRIMARY KEY, author int CONSTRAINT k REFERENCES users, author_user int, k int);"
    )
    lines, files = resolved(generate_files, schema)
    assert lines == {'"public.posts.k.forward"': '"k_2"'}
    assert "k_2: Opt[Post, User]" in files["tables.py"]
