"""Relations over keys of every kind: composite, within a table, through a junction, over views, in two schemas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, LiteralString

import psycopg
import pytest
from related_schema import (
    Project,
    Task,
    a_table_whose_name_is_as_long_as_an_identifier_can_be_in_postgr,
    auth_people,
    people,
    projects,
    tags,
    task_counts,
    task_tags,
    tasks,
)

from pagespace_db import (
    Database,
    Shape,
    StatementError,
    and_,
    asc,
    concat,
    desc,
    eq,
    gt,
    in_array,
    ne,
    not_,
    or_,
    query,
    select,
    upper,
)
from pagespace_db.embedded.databases import fresh_database

SCHEMA = Path(__file__).with_name("project") / "schema.sql"

ROWS: Final[LiteralString] = """
INSERT INTO auth.people VALUES ('Ann', NULL), ('BOB', 'ann'), ('cat', 'bob'), ('dan', 'bob');
INSERT INTO people VALUES (1, 'ann', 'A'), (2, 'bob', 'B'), (3, 'CAT', 'C');
INSERT INTO projects VALUES (1, 'x', '1x'), (1, 'y', '1y'), (2, 'x', '2x');
INSERT INTO tasks VALUES (1, 1, 'x', 3), (2, 1, 'x', 1), (3, 2, 'x', 2), (4, 1, NULL, 9), (5, 1, 'y', 5);
INSERT INTO tags VALUES (1, 'red'), (2, 'new'), (3, 'old');
INSERT INTO task_tags VALUES (1, 1, 2), (1, 2, 1), (2, 1, 1), (1, 3, 3), (3, 3, 0);
INSERT INTO follows VALUES (1, 2), (2, 3), (3, 1), (1, 3);
INSERT INTO a_table_whose_name_is_as_long_as_an_identifier_can_be_in_postgr VALUES (1, NULL), (2, 1), (3, 2);
"""


@pytest.fixture
def statements() -> list[str]:
    return []


@pytest.fixture(scope="module")
def database(server_url: str) -> Iterator[str]:
    with fresh_database(server_url) as conninfo:
        with psycopg.connect(conninfo) as connection:
            connection.execute(SCHEMA.read_bytes())
            connection.execute(ROWS)
        yield conninfo


@pytest.fixture
def db(database: str, statements: list[str]) -> Iterator[Database]:
    with Database(database, hooks=[lambda event: statements.append(event.sql)]) as db:
        yield db


def test_composite_keys_lead_both_ways(db: Database, statements: list[str]) -> None:
    found = db.all(query(projects).include(projects.tasks.order_by(asc(tasks.id))).order_by(projects.title))
    assert [(project.title, [task.id for task in its]) for project, its in found] == [
        ("1x", [1, 2]),
        ("1y", [5]),
        ("2x", [3]),
    ]
    assert '("tasks"."tenant", "tasks"."code") IN (SELECT * FROM unnest($1::integer[], $2::text[]))' in statements[1]
    backwards = db.all(query(tasks).include(tasks.project).order_by(tasks.id))
    assert [project and project.title for _, project in backwards] == ["1x", "1x", "2x", None, "1y"]


def test_limits_of_each_parent_with_a_composite_key(db: Database) -> None:
    most_urgent = projects.tasks.order_by(desc(tasks.priority)).limit(1)
    found = db.all(query(projects).include(most_urgent).order_by(projects.title))
    assert [[task.id for task in its] for _, its in found] == [[1], [5], [3]]


def test_a_junction_is_hidden_and_may_give_the_order(db: Database) -> None:
    by_word = db.all(query(tasks).include(tasks.tags.order_by(asc(tags.word))).order_by(tasks.id))
    assert [[tag.word for tag in its] for _, its in by_word] == [["new", "old", "red"], ["red"], ["old"], [], []]
    first_two = tasks.tags.order_by(asc(task_tags.place)).limit(2)
    by_place = db.all(query(tasks).include(first_two).order_by(tasks.id))
    assert [[tag.word for tag in its] for _, its in by_place] == [["new", "red"], ["red"], ["old"], [], []]


def test_a_junction_is_loaded_like_any_table(db: Database, statements: list[str]) -> None:
    found = db.all(
        query(tasks).include(tasks.task_tags.order_by(task_tags.place).include(task_tags.tag)).where(eq(tasks.id, 1))
    )
    ((_, links),) = found
    assert [(link.place, tag.word) for link, tag in links] == [(1, "new"), (2, "red"), (3, "old")]
    assert len(statements) == 3


def test_a_table_related_to_itself_through_a_junction(db: Database) -> None:
    found = db.all(
        query(people)
        .include(people.followees.order_by(people.id))
        .include(people.followers.order_by(people.id))
        .order_by(people.id)
    )
    assert [([p.id for p in followees], [p.id for p in followers]) for _, followees, followers in found] == [
        ([2, 3], [3]),
        ([3], [1]),
        ([1], [1, 2]),
    ]
    followed = people.followees.any(people.followees.any(eq(people.nick, "A")))
    assert db.all(select(people.id).from_(people).where(followed).order_by(people.id)) == [1, 2]


def test_conditions_nest_on_a_table_related_to_itself(db: Database, statements: list[str]) -> None:
    bosses_boss = auth_people.boss.any(auth_people.boss.any(eq(auth_people.id, "ANN")))
    assert db.all(select(auth_people.id).from_(auth_people).where(bosses_boss).order_by(auth_people.id)) == [
        "cat",
        "dan",
    ]
    (sql,) = statements
    assert sql == (
        'SELECT "people"."id" FROM "auth"."people" WHERE EXISTS (SELECT 1 FROM "auth"."people" AS "people_2"'
        ' WHERE "people_2"."id" = "people"."boss_id" AND EXISTS (SELECT 1 FROM "auth"."people" AS "people_3"'
        ' WHERE "people_3"."id" = "people_2"."boss_id" AND "people_3"."id" = $1)) ORDER BY "people"."id"'
    )
    idle = and_(
        not_(auth_people.auth_people_by_boss.any()),
        or_(auth_people.boss.none(), auth_people.boss.any(ne(auth_people.id, "x"))),
    )
    assert db.all(select(auth_people.id).from_(auth_people).where(idle).order_by(auth_people.id)) == ["cat", "dan"]


def test_keys_that_only_the_server_finds_equal_belong_together(db: Database) -> None:
    found = db.all(query(people).include(people.login_auth_person.include(auth_people.boss)).order_by(people.id))
    assert [(person.login, account.id, boss and boss.id) for person, (account, boss) in found] == [
        ("ann", "Ann", None),
        ("bob", "BOB", "Ann"),
        ("CAT", "cat", "BOB"),
    ]
    team = auth_people.auth_people_by_boss.order_by(auth_people.id)
    for relation, expected in ((team, [["BOB"], ["cat", "dan"], [], []]), (team.limit(1), [["BOB"], ["cat"], [], []])):
        loaded = db.all(query(auth_people).include(relation).order_by(auth_people.id))
        assert [[account.id for account in its] for _, its in loaded] == expected


def test_related_tables_of_one_name_in_two_schemas(db: Database) -> None:
    is_ann = people.login_auth_person.any(auth_people.people.any(eq(people.nick, "A")))
    assert db.all(select(people.id).from_(people).where(is_ann)) == [1]
    joined = select(people.id, auth_people.id).from_(people).join(auth_people, eq(auth_people.id, people.login))
    assert db.all(joined.where(is_ann)) == [(1, "Ann")]


def test_relations_over_a_view(db: Database) -> None:
    found = db.all(query(projects).include(projects.task_count).order_by(projects.title))
    assert [(project.title, counted and counted.n) for project, counted in found] == [("1x", 2), ("1y", 1), ("2x", 1)]
    backwards = db.all(query(task_counts).include(task_counts.project).order_by(task_counts.tenant, task_counts.code))
    assert [project and project.title for _, project in backwards] == ["1x", "1y", None, "2x"]


def test_no_identifier_is_longer_than_the_server_keeps(db: Database, statements: list[str]) -> None:
    table = a_table_whose_name_is_as_long_as_an_identifier_can_be_in_postgr
    assert db.all(select(table.id).from_(table).where(table.parent.any(table.parent.any()))) == [3]
    found = db.all(query(table).include(table.parent).include(table.children.limit(1)).order_by(table.id))
    assert [(row.id, parent and parent.id, [c.id for c in children]) for row, parent, children in found] == [
        (1, None, [2]),
        (2, 1, [3]),
        (3, 2, []),
    ]
    names = {name for sql in statements for name in re.findall(r'"([^"]+)"', sql)}
    assert max(len(name.encode()) for name in names) == 63


def test_computed_fields_and_orders_at_every_level(db: Database, statements: list[str]) -> None:
    class Card(Shape[Task]):
        label = concat("#", tasks.id, "%")
        tag_count = tasks.tags.count(ne(tags.word, "new"))
        tags = tasks.tags.order_by(desc(upper(tags.word)), concat("x", tags.id)).limit(2)

    class Full(Project):
        tasks = projects.tasks.as_(Card).where(gt(tasks.priority, 0)).order_by(desc(tasks.priority)).limit(2)
        task_count = projects.tasks.count()

    full = db.all(query(Full).where(in_array(projects.title, ["1x", "2x"])).order_by(projects.title))
    assert [(each.title, each.task_count) for each in full] == [("1x", 2), ("2x", 1)]
    cards = [(card.label, card.tag_count, [tag.word for tag in card.tags]) for each in full for card in each.tasks]
    assert cards == [("#1%", 2, ["red", "old"]), ("#2%", 1, ["red"]), ("#3%", 1, ["old"])]
    assert len(statements) == 3


def test_one_row_with_a_condition_may_be_none(db: Database) -> None:
    found = db.all(query(people).include(people.login_auth_person.where(ne(auth_people.id, "cat"))).order_by(people.id))
    assert [account and account.id for _, account in found] == ["Ann", "BOB", None]


def test_a_condition_does_not_know_a_limit() -> None:
    with pytest.raises(StatementError, match="has a limit or an offset"):
        projects.tasks.limit(1).any()
