"""Any legal name of PostgreSQL gives an identifier of Python, and different names give different ones."""

from __future__ import annotations

import keyword
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagespace_codegen.python.naming import (
    attribute_name,
    attribute_names,
    clashes,
    class_name,
    singular_name,
)

# What an identifier of PostgreSQL can hold: anything but NUL, in at most 63 bytes.
db_names = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1).filter(
    lambda name: len(name.encode()) <= 63
)


def is_usable(name: str) -> bool:
    return (
        name.isidentifier()
        and not keyword.iskeyword(name)
        and not name.startswith("_")
        and unicodedata.normalize("NFKC", name) == name
    )


@given(db_names)
def test_every_name_gives_an_identifier_and_a_class_name(db: str) -> None:
    attribute = attribute_name(db)
    assert is_usable(attribute)
    assert is_usable(class_name(attribute))
    assert is_usable(class_name(singular_name(attribute)))


@given(st.lists(db_names, unique=True, max_size=20))
def test_names_of_a_scope_only_meet_when_they_differ_in_nothing_but_style(dbs: list[str]) -> None:
    names = attribute_names(dbs)
    assert list(names) == dbs
    assert all(map(is_usable, names.values()))
    for group in clashes(names):
        assert len({attribute_name(db) for db in group}) == 1


@pytest.mark.parametrize(
    ("db", "py"),
    [
        ("users", "users"),
        ("createdAt", "created_at"),
        ("HTTPRequest", "http_request"),
        ("class", "class_"),
        ("None", "none"),
        ("match", "match"),
        ("a b", "a_b"),
        ("1st", "c_1st"),
        ("_id", "c_id"),
        ("__init__", "c__init__"),
        ("mro", "mro_"),
        ("%", "c_"),
        ("ﬁle", "file"),
        ("größe", "größe"),
        ("用户", "用户"),
    ],
)
def test_a_name_becomes_the_nearest_identifier(db: str, py: str) -> None:
    assert attribute_name(db) == py


def test_names_that_differ_only_in_case_are_numbered_the_plainest_first() -> None:
    assert attribute_names(["NAME", "Name", "name"]) == {"NAME": "name_2", "Name": "name_3", "name": "name"}


def test_names_that_meet_in_odd_characters_are_spelled_out() -> None:
    assert attribute_names(["a b", "a-b", "a_b"]) == {"a b": "a_x20_b", "a-b": "a_x2d_b", "a_b": "a_b"}


def test_names_that_differ_in_style_are_left_for_the_user_to_decide() -> None:
    names = attribute_names(["userId", "user_id"])
    assert clashes(names) == [["userId", "user_id"]]


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        ("users", "user"),
        ("refresh_tokens", "refresh_token"),
        ("drives", "drive"),
        ("archives", "archive"),
        ("activities", "activity"),
        ("addresses", "address"),
        ("statuses", "status"),
        ("status", "status"),
        ("canvas", "canvas"),
        ("canvases", "canvas"),
        ("people", "person"),
        ("user_data", "user_data"),
        ("caches", "cache"),
        ("matches", "match"),
        ("movies", "movie"),
        ("shelves", "shelf"),
        ("quizzes", "quiz"),
        ("news", "news"),
        ("class_", "class"),
    ],
)
def test_a_table_is_called_in_the_plural_and_its_row_in_the_singular(plural: str, singular: str) -> None:
    assert singular_name(plural) == singular
