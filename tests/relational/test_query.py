"""Relational reads on a real server: what is loaded, in how many statements, and as what."""

from __future__ import annotations

import dataclasses

import pytest
from typing_schema import Drive, Page, User, drives, pages, users

from pagespace_db import (
    Database,
    Shape,
    StatementError,
    and_,
    asc,
    count,
    delete,
    desc,
    eq,
    in_array,
    insert,
    is_not_null,
    is_null,
    like,
    lower,
    ne,
    opt,
    query,
    select,
    update,
    upper,
)


class UserBrief(Shape[User]):
    id = users.id
    name = users.name


class DriveWithPages(Drive):
    pages = drives.pages.where(is_null(pages.parent_id)).order_by(asc(pages.position))
    owner = drives.owner.as_(UserBrief)


class UserFull(User):
    refresh_tokens = users.refresh_tokens
    drives = users.drives.order_by(asc(drives.name)).as_(DriveWithPages)


class PageCard(Shape[Page]):
    id = pages.id
    shout = upper(pages.title)
    drive = pages.drive
    parent = pages.parent
    author = pages.author.as_(UserBrief)


def test_a_query_without_relations_returns_rows(db: Database, statements: list[str]) -> None:
    found = db.all(query(users).where(ne(users.id, "bob")).order_by(desc(users.id)).limit(1))
    assert [user.id for user in found] == ["cat"]
    assert type(found[0]) is User
    assert len(statements) == 1


def test_an_included_relation_makes_tuples(db: Database, statements: list[str]) -> None:
    found = db.all(query(users).include(users.drives).order_by(asc(users.id)))
    assert [(user.id, sorted(drive.id for drive in owned)) for user, owned in found] == [
        ("ann", ["home", "work"]),
        ("bob", ["lab"]),
        ("cat", []),
    ]
    assert len(statements) == 2
    assert '"drives"."owner_id" = ANY($1::text[])' in statements[1]


def test_includes_nest_and_stand_side_by_side_without_multiplying_rows(db: Database, statements: list[str]) -> None:
    ann, tokens, owned = db.one(
        query(users)
        .include(users.refresh_tokens)
        .include(users.drives.order_by(asc(drives.id)).include(drives.pages.order_by(asc(pages.position))))
        .where(eq(users.id, "ann"))
    )
    assert ann.name == "ann"
    assert sorted(token.id for token in tokens) == ["t0", "t1", "t2"]
    assert [(drive.id, [page.id for page in its_pages]) for drive, its_pages in owned] == [
        ("home", ["plan", "ideas", "draft", "note"]),
        ("work", ["todo"]),
    ]
    assert len(statements) == 3  # one flush a depth: tokens and drives go together


def test_a_shape_of_a_row_carries_its_relations_as_attributes(db: Database, statements: list[str]) -> None:
    ann = db.one(query(UserFull).where(eq(users.email, "ann@x")))
    assert isinstance(ann, User)
    assert [drive.id for drive in ann.drives] == ["home", "work"]
    assert [page.id for page in ann.drives[0].pages] == ["plan", "ideas"]
    assert ann.drives[1].owner == UserBrief(id="ann", name="ann")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # a dataclass at run time
    assert len(ann.refresh_tokens) == 3
    assert len(statements) == 3


def test_a_picked_shape_reads_only_what_it_names(db: Database, statements: list[str]) -> None:
    cards = {card.id: card for card in db.all(query(PageCard))}
    assert cards["draft"].shout == "DRAFT"
    assert cards["draft"].drive.name == "home"
    assert cards["draft"].parent is not None
    assert cards["draft"].parent.id == "plan"
    assert cards["draft"].author is not None
    assert cards["draft"].author.name == "bob"
    assert (cards["plan"].parent, cards["note"].author) == (None, None)
    assert '"pages"."position"' not in statements[0]


def test_limit_and_offset_count_for_each_parent(db: Database, statements: list[str]) -> None:
    second = drives.pages.order_by(desc(pages.position)).limit(1).offset(1)
    found = db.all(query(drives).include(second).order_by(asc(drives.id)))
    assert [(drive.id, [page.id for page in its_pages]) for drive, its_pages in found] == [
        ("home", ["draft"]),
        ("lab", []),
        ("work", []),
    ]
    assert "LATERAL" in statements[1]


def test_a_relation_of_a_table_to_itself(db: Database) -> None:
    found = db.all(query(pages).include(pages.parent.include(pages.parent)).where(eq(pages.id, "note")))
    (_, parent) = found[0]
    assert parent is not None
    draft, plan = parent
    assert draft.id == "draft"
    assert plan is not None
    assert plan.id == "plan"


def test_an_optional_parent_that_is_missing_is_none(db: Database) -> None:
    ((page, author),) = db.all(query(pages).include(pages.author).where(eq(pages.id, "note")))
    assert (page.id, author) == ("note", None)


def test_nothing_is_asked_of_a_level_without_keys(db: Database, statements: list[str]) -> None:
    assert db.all(query(users).include(users.drives.include(drives.pages)).where(eq(users.id, "nobody"))) == []
    assert len(statements) == 1


def test_rows_are_filtered_by_related_rows(db: Database) -> None:
    def ids(*conditions: object) -> list[str]:
        return [user.id for user in db.all(query(users).where(*conditions).order_by(asc(users.id)))]  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

    assert ids(users.drives.any()) == ["ann", "bob"]
    assert ids(users.drives.none()) == ["cat"]
    assert ids(users.drives.any(eq(drives.name, "lab"))) == ["bob"]
    assert ids(users.drives.every(like(drives.name, "%o%"))) == ["ann", "cat"]
    assert ids(users.drives.any(drives.pages.any(eq(pages.title, "todo")))) == ["ann"]
    assert ids(users.drives.any(drives.pages.none())) == ["bob"]


def test_rows_are_filtered_by_related_rows_of_their_own_table(db: Database) -> None:
    found = db.all(query(pages).where(pages.parent.any(eq(pages.title, "plan"))))
    assert [page.id for page in found] == ["draft"]


def test_related_rows_are_counted_in_a_select(db: Database) -> None:
    counted = select(users.id, users.drives.count(), users.drives.where(eq(drives.name, "home")).count()).from_(users)
    assert db.all(counted.order_by(users.id)) == [("ann", 2, 1), ("bob", 1, 0), ("cat", 0, 0)]


def test_parameters_of_every_level_keep_their_places(db: Database) -> None:
    named = drives.pages.where(in_array(pages.title, ["plan", "todo"]), ne(pages.id, "x")).limit(5)
    found = db.all(
        query(users)
        .include(users.drives.where(ne(drives.name, "lab")).include(named))
        .where(eq(lower(users.name), "ann"), is_not_null(users.email))
        .limit(7)
    )
    ((_, owned),) = found
    assert sorted((drive.id, [page.id for page in its_pages]) for drive, its_pages in owned) == [
        ("home", ["plan"]),
        ("work", ["todo"]),
    ]


def test_each_parent_has_a_list_of_its_own(db: Database) -> None:
    first, second = (owned for _, owned in db.all(query(drives).include(drives.pages).where(ne(drives.id, "lab"))))
    first.clear()
    assert second


def test_values_in_nested_rows_equal_those_at_top_level(db: Database) -> None:
    db.execute(
        insert(users).values({"id": "dot", "name": "dot", "email": "d", "tags": ["a", 'b"c'], "settings": {"n": 2**60}})
    )
    db.execute(insert(drives).values({"id": "den", "name": "den", "owner_id": "dot"}))
    ((_, owner),) = db.all(query(drives).include(drives.owner).where(eq(drives.id, "den")))
    assert owner == db.one(select(users).from_(users).where(eq(users.id, "dot")))


def test_a_shape_is_a_dataclass(db: Database) -> None:
    ann = db.one(query(UserFull).where(eq(users.id, "ann")))
    assert [field.name for field in dataclasses.fields(ann)][-2:] == ["refresh_tokens", "drives"]
    assert dataclasses.asdict(ann)["drives"][0]["pages"][0]["title"] == "plan"
    assert ann == db.one(query(UserFull).where(eq(users.id, "ann")))
    assert "drives=[DriveWithPages(" in repr(ann)


def test_a_relation_that_was_not_loaded_says_so(db: Database) -> None:
    class OnlyDrives(User):
        drives = users.drives

    made = object.__new__(OnlyDrives)
    with pytest.raises(AttributeError, match="without 'drives'"):
        _ = made.drives


def test_a_shape_without_a_row_class_is_refused_with_the_remedy() -> None:
    class Mixed(Shape):
        user = users.id
        page = pages.id

    with pytest.raises(StatementError, match=r"class Mixed\(Shape\[User\]\)"):
        query(Mixed)


def test_a_function_local_shape_may_compute(db: Database) -> None:
    class Owner(Shape[User]):
        name = users.name
        drive_count = users.drives.count()

    found = {owner.name: owner.drive_count for owner in db.all(query(Owner))}
    assert found == {"ann": 2, "bob": 1, "cat": 0}


def test_a_negative_limit_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(StatementError, match="limit"):
        query(users).limit(-1)
    with pytest.raises(StatementError, match="limit"):
        users.drives.limit(-1)


def test_counting_needs_a_relation_of_a_table_object() -> None:
    from typing_schema import UsersTable

    with pytest.raises(StatementError, match=r"users\.drives"):
        UsersTable.drives.count()


def test_an_attribute_may_be_computed_in_place_of_a_key(db: Database) -> None:
    class Shouted(Drive):
        id = upper(drives.id)  # pyright: ignore[reportAssignmentType]  # is a str when loaded
        pages = drives.pages.order_by(pages.position).limit(1)

    found = db.all(query(Shouted).order_by(drives.id))
    assert [(drive.id, [page.id for page in drive.pages]) for drive in found] == [
        ("HOME", ["plan"]),
        ("LAB", []),
        ("WORK", ["todo"]),
    ]


def test_conditions_on_related_rows_go_wherever_an_expression_goes(db: Database) -> None:
    has_todo = users.drives.any(drives.pages.any(eq(pages.title, "todo")))
    joined = (
        select(users.id, drives.id).from_(users).join(drives, and_(eq(drives.owner_id, users.id), drives.pages.any()))
    )
    assert sorted(db.all(joined)) == [("ann", "home"), ("ann", "work")]
    grouped = select(users.id, count()).from_(users).join(drives, eq(drives.owner_id, users.id)).group_by(users.id)
    assert db.all(grouped.having(has_todo)) == [("ann", 2)]
    optional = select(users.id, opt(drives.pages.count())).from_(users).left_join(drives, eq(drives.owner_id, users.id))
    assert sorted(db.all(optional.where(ne(users.id, "ann")))) == [("bob", 0), ("cat", 0)]
    busiest = query(users).order_by(desc(users.drives.count(ne(drives.name, "lab"))), users.id).include(users.drives)
    assert [(user.id, len(owned)) for user, owned in db.all(busiest.limit(2))] == [("ann", 2), ("bob", 1)]
    assert db.execute(update(users).set({"bio": "busy"}).where(has_todo)) == 1
    assert db.execute(delete(pages).where(pages.drive.any(eq(drives.owner_id, "bob")))) == 0


def test_values_and_limits_at_four_levels(db: Database, statements: list[str]) -> None:
    last = drives.pages.where(ne(pages.title, "x")).order_by(desc(pages.position)).limit(1)
    (found,) = db.all(
        query(users)
        .include(users.drives.order_by(drives.id).limit(1).include(last.include(pages.drive.include(drives.owner))))
        .where(eq(users.id, "ann"))
    )
    (user, ((home, ((note, (same_home, owner)),)),)) = found
    assert (user, home, note.id) == (owner, same_home, "note")
    assert len(statements) == 5
