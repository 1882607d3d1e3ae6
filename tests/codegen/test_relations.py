"""Foreign keys give relations both ways, with names that follow from the schema alone."""

from __future__ import annotations

import re

import pytest

from pagespace_db.errors import SourceError
from tests.codegen.conftest import Generate


def relations(source: str) -> dict[str, str]:
    """Return `table.relation` -> `Kind[Row, Row]` of a module."""
    found: dict[str, str] = {}
    table = ""
    for line in source.splitlines():
        if match := re.match(r"class (\w+)(?:Table|View)\(", line):
            table = match[1]
        elif match := re.match(r"    (\w+): ((?:One|Opt|Many)\[\w+, \w+\]) = ", line):
            found[f"{table}.{match[1]}"] = match[2]
    return found


USERS = "CREATE TABLE users (id text PRIMARY KEY);\n"


def test_a_key_gives_one_row_forward_and_many_back(generate_files: Generate) -> None:
    schema = USERS + "CREATE TABLE posts (id text PRIMARY KEY, author_id text NOT NULL REFERENCES users);"
    assert relations(generate_files(schema)["tables.py"]) == {
        "Users.posts": "Many[User, Post]",
        "Posts.author": "One[Post, User]",
    }


def test_a_nullable_key_gives_an_optional_row(generate_files: Generate) -> None:
    schema = USERS + "CREATE TABLE posts (id text PRIMARY KEY, author_id text REFERENCES users);"
    assert relations(generate_files(schema)["tables.py"])["Posts.author"] == "Opt[Post, User]"


def test_a_unique_key_gives_at_most_one_back(generate_files: Generate) -> None:
    schema = USERS + "CREATE TABLE profiles (user_id text PRIMARY KEY REFERENCES users);"
    assert relations(generate_files(schema)["tables.py"])["Users.profile"] == "Opt[User, Profile]"


def test_a_partial_unique_index_promises_nothing(generate_files: Generate) -> None:
    schema = USERS + (
        "CREATE TABLE profiles (user_id text REFERENCES users, old bool);"
        "CREATE UNIQUE INDEX ON profiles (user_id) WHERE NOT old;"
    )
    assert relations(generate_files(schema)["tables.py"])["Users.profiles"] == "Many[User, Profile]"


def test_several_keys_to_one_table_are_told_apart_by_their_columns(generate_files: Generate) -> None:
    schema = USERS + (
        "CREATE TABLE messages (id text PRIMARY KEY, sender_id text NOT NULL REFERENCES users,"
        " recipient_id text REFERENCES users, deleted_by text REFERENCES users);"
    )
    assert relations(generate_files(schema)["tables.py"]) == {
        "Messages.deleted_by_user": "Opt[Message, User]",
        "Messages.recipient": "Opt[Message, User]",
        "Messages.sender": "One[Message, User]",
        "Users.messages_by_recipient": "Many[User, Message]",
        "Users.messages_by_sender": "Many[User, Message]",
        "Users.messages_deleted_by": "Many[User, Message]",
    }


def test_a_tree_has_a_parent_and_children(generate_files: Generate) -> None:
    schema = "CREATE TABLE pages (id text PRIMARY KEY, parent_id text REFERENCES pages);"
    source = generate_files(schema)["tables.py"]
    assert relations(source) == {"Pages.children": "Many[Page, Page]", "Pages.parent": "Opt[Page, Page]"}
    assert 'children: Many[Page, Page] = Many(lambda: pages, ("id",), ("parent_id",))' in source


def test_a_junction_joins_its_two_sides(generate_files: Generate) -> None:
    schema = (
        "CREATE TABLE pages (id text PRIMARY KEY); CREATE TABLE tags (id text PRIMARY KEY);"
        "CREATE TABLE page_tags (page_id text REFERENCES pages, tag_id text REFERENCES tags,"
        " PRIMARY KEY (page_id, tag_id));"
    )
    source = generate_files(schema)["tables.py"]
    assert relations(source)["Pages.tags"] == "Many[Page, Tag]"
    assert relations(source)["Tags.pages"] == "Many[Tag, Page]"
    assert 'through=(lambda: page_tags, ("page_id",), ("tag_id",))' in source


def test_a_junction_of_a_table_with_itself_is_named_by_its_columns(generate_files: Generate) -> None:
    schema = USERS + (
        "CREATE TABLE follows (follower_id text REFERENCES users, followee_id text REFERENCES users,"
        " PRIMARY KEY (follower_id, followee_id));"
    )
    found = relations(generate_files(schema)["tables.py"])
    assert {"Users.followers", "Users.followees"} <= found.keys()


def test_a_composite_key_is_named_by_the_column_that_no_other_key_uses(generate_files: Generate) -> None:
    schema = (
        "CREATE TABLE tenants (id int PRIMARY KEY);"
        "CREATE TABLE projects (tenant_id int REFERENCES tenants, id int, PRIMARY KEY (tenant_id, id));"
        "CREATE TABLE tasks (id int PRIMARY KEY, tenant_id int NOT NULL REFERENCES tenants, project_id int NOT NULL,"
        " FOREIGN KEY (tenant_id, project_id) REFERENCES projects);"
    )
    source = generate_files(schema)["tables.py"]
    assert relations(source)["Tasks.project"] == "One[Task, Project]"
    assert '("tenant_id", "project_id"),\n        ("tenant_id", "id"),\n' in source


def test_a_relation_yields_to_a_column_of_its_name(generate_files: Generate) -> None:
    schema = USERS + "CREATE TABLE posts (id text PRIMARY KEY, author text REFERENCES users);"
    assert relations(generate_files(schema)["tables.py"])["Posts.author_user"] == "Opt[Post, User]"


def test_relations_that_want_the_same_names_are_called_like_their_keys(generate_files: Generate) -> None:
    schema = (
        USERS
        + "CREATE TABLE posts (id text PRIMARY KEY, author text REFERENCES users, author_id text REFERENCES users);"
    )
    assert {"Posts.posts_author_fkey", "Posts.posts_author_id_fkey"} <= relations(
        generate_files(schema)["tables.py"]
    ).keys()


def test_a_relation_can_be_named_in_the_configuration(generate_files: Generate) -> None:
    schema = USERS + "CREATE TABLE posts (id text PRIMARY KEY, author_id text NOT NULL REFERENCES users);"
    config = (
        "[tool.pagespace_db.names]\n"
        '"posts.posts_author_id_fkey" = "writer"\n'
        '"posts.posts_author_id_fkey.reverse" = "written"\n'
    )
    assert relations(generate_files(schema, config)["tables.py"]) == {
        "Users.written": "Many[User, Post]",
        "Posts.writer": "One[Post, User]",
    }


def test_a_configured_name_that_a_column_has_is_refused_with_its_line(generate_files: Generate) -> None:
    schema = USERS + "CREATE TABLE posts (id text PRIMARY KEY, author_id text NOT NULL REFERENCES users);"
    config = '[tool.pagespace_db.names]\n"posts.posts_author_id_fkey" = "id"\n'
    with pytest.raises(SourceError, match="would share its name with a column or another relation"):
        generate_files(schema, config)


def test_keys_lead_across_schemas(generate_files: Generate) -> None:
    schema = (
        "CREATE SCHEMA auth; CREATE TABLE auth.users (id int PRIMARY KEY);"
        "CREATE TABLE posts (id int PRIMARY KEY, user_id int NOT NULL REFERENCES auth.users);"
    )
    files = generate_files(schema)
    assert relations(files["tables.py"]) == {"Posts.user": "One[Post, User]"}
    assert relations(files["auth.py"]) == {"Users.posts": "Many[User, Post]"}
    assert "from .auth import User, users" in files["tables.py"]


VIEW = USERS + (
    "CREATE TABLE posts (id text PRIMARY KEY, author text);"
    "CREATE VIEW post_counts AS SELECT author, count(*) AS n FROM posts GROUP BY author;"
)


def test_a_relation_over_a_view_can_be_declared(generate_files: Generate) -> None:
    config = (
        "[tool.pagespace_db.relations]\n"
        '"users.count" = "id -> post_counts(author)?"\n'
        '"users.posts" = "id -> posts(author)"\n'
        '"post_counts.user" = "author -> users(id)"\n'
    )
    assert relations(generate_files(VIEW, config)["tables.py"]) == {
        "PostCounts.user": "Opt[PostCount, User]",
        "Users.count": "Opt[User, PostCount]",
        "Users.posts": "Many[User, Post]",
    }


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('"users.p" = "id posts"', "`id posts` is not of the form `column -> table(column)`"),
        ('"users.p" = "id -> post(author)"', "there is no table or view `post`\n"),
        ('"users.p" = "id -> posts(writer)"', "public.posts has no column `writer`"),
        ('"users.p" = "id -> posts(id, author)"', "pairs 1 columns with 2"),
        ('"users.id" = "id -> posts(author)"', "shares its name with a column"),
        ('"users.class" = "id -> posts(author)"', "`class` cannot be a name"),
    ],
)
def test_a_declared_relation_is_checked(generate_files: Generate, line: str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        generate_files(VIEW, f"[tool.pagespace_db.relations]\n{line}\n")
    assert message in str(caught.value)
    assert str(caught.value).startswith("pyproject.toml:3:2: error[")


def test_a_key_that_is_declared_twice_gives_one_relation(generate_files: Generate) -> None:
    schema = USERS + (
        "CREATE TABLE posts (id text PRIMARY KEY, author_id text NOT NULL REFERENCES users);"
        "ALTER TABLE posts ADD CONSTRAINT again FOREIGN KEY (author_id) REFERENCES users ON DELETE CASCADE;"
    )
    assert relations(generate_files(schema)["tables.py"]) == {
        "Users.posts": "Many[User, Post]",
        "Posts.author": "One[Post, User]",
    }
    config = '[tool.pagespace_db.names]\n"posts.posts_author_id_fkey" = "writer"\n"posts.again.reverse" = "works"\n'
    assert "Posts.writer" in relations(generate_files(schema, config)["tables.py"])


def test_a_relation_called_like_a_keyword_gets_an_underscore(generate_files: Generate) -> None:
    schema = (
        "CREATE TABLE classes (id int PRIMARY KEY);"
        "CREATE TABLE pupils (id int PRIMARY KEY, class_id int NOT NULL REFERENCES classes);"
        "CREATE TABLE raises (class int PRIMARY KEY REFERENCES classes);"
    )
    found = relations(generate_files(schema)["tables.py"])
    assert {"Pupils.class_", "Classes.raise_", "Raises.class__class"} <= found.keys(), found


def test_two_ways_through_one_junction_have_names_of_their_own(generate_files: Generate) -> None:
    schema = USERS + (
        "CREATE TABLE tags (id text PRIMARY KEY);"
        "CREATE TABLE taggings (tag_id text NOT NULL REFERENCES tags, owner_id text NOT NULL REFERENCES users,"
        " editor_id text NOT NULL REFERENCES users, UNIQUE (tag_id, owner_id), UNIQUE (tag_id, editor_id));"
    )
    found = relations(generate_files(schema)["tables.py"])
    ways = sorted(name for name, kind in found.items() if kind == "Many[User, Tag]")
    assert ways == [
        "Users.tags_via_taggings_by_taggings_editor_id_fkey_and_taggings_tag_id_fkey",
        "Users.tags_via_taggings_by_taggings_owner_id_fkey_and_taggings_tag_id_fkey",
    ]
