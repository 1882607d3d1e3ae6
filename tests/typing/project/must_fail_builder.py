"""What must_fail.py does not touch of the builder; every line marked E[...] must be an error in the same four checkers."""
from __future__ import annotations

from typing import Any

from pagespace_db import (Database, Shape, add, array_append, array_get, array_has, asc, cast, coalesce, concat, constant_of, contains, count, cte, date_add, date_trunc, delete, desc, eq,
                  eq_or_null, excluded, extract, greatest, gt, in_rows, insert, is_null, is_true, keyset, lag, length, lower, min_, ne, not_null, nullif, opt, query, rank, recursive, round_,
                  row_number, select, set_of, sum_, unnest, update)
from typing_schema import Drive, Page, User, drives, pages, refresh_tokens, users


class Card(Shape[User]):
    id = users.id
    count = users.drives.count()


class WrongNested(Page):
    drive = pages.drive.as_(Card)


def sources(db: Database) -> None:
    a: list[tuple[User, Drive]] = db.all(select(opt(users), drives).from_(users).right_join(drives, eq(drives.owner_id, users.id)))  # E[right join gives optional rows]
    select(users.id).from_(users).join(drives)  # E[join without a condition]
    select(users.id).from_(users).join(drives, drives.name)  # E[join on text]
    select(users.id).from_(users).left_join("drives", is_null(users.bio))  # E[join of a str]
    select(users.id).from_(users).for_update(of=["users"])  # E[lock of a str]
    c = cte("c", select(users.id, users.bio).from_(users))
    b: list[str] = db.all(select(c[users.bio]).from_(c).with_(c))  # E[column of a cte keeps its type]
    cte("d", delete(users).where(eq(users.id, "a")))  # E[cte of a command]
    select(users.id).from_(users).with_(users)  # E[with_ of a table]
    recursive("r", select(pages.id).from_(pages), lambda r: select(pages.position).from_(pages))  # E[recursive step of another type]
    d: list[int] = db.all(select(set_of("t", unnest(users.tags)).value))  # E[function in FROM keeps its type]
    select(users.id).from_(users).intersect(select(users.bio).from_(users))  # E[set operation of other rows]
    select(users).from_(users).union(select(drives).from_(drives))  # E[set operation of other rows]
    select(users.id).from_(users).union(users)  # E[set operation with a table]


def expressions(db: Database) -> None:
    row_number().over(order_by=["id"])  # E[order of a window by a str]
    select(rank()).from_(users)  # E[window function without over]
    lag(users.name, 1, 5)  # E[lag with a default of another type]
    a: list[int] = db.all(select(sum_(users.token_version)).from_(users))  # E[sum may be None]
    b: list[str] = db.all(select(min_(users.name)).from_(users))  # E[min may be None]
    sum_(users.token_version).filter(users.name)  # E[filter by text]
    greatest(users.token_version, "x")  # E[greatest of another type]
    nullif(users.name, 5)  # E[nullif of another type]
    not_null(users.bio) + "x"  # E[an expression is no value]
    c: list[int] = db.all(select(cast(users.bio, int)).from_(users))  # E[cast keeps NULL]
    constant_of(users.role, "boss")  # E[constant of a wrong member]
    length(users.token_version)  # E[length of a number]
    round_(users.token_version)  # E[round of an integer]
    array_append(users.tags, 5)  # E[array_append of another type]
    array_get(users.name, 1)  # E[element of a text]
    array_has(users.tags, 5)  # E[array_has of another type]
    date_trunc("days", users.created_at)  # E[no part of a date]
    date_trunc("day", users.name)  # E[date_trunc of a text]
    date_add(users.created_at, 5)  # E[date_add of a number]
    extract("day", users.name)  # E[extract of a text]
    asc("id")  # E[order by a str]
    desc(users.id, nulls="middle")  # E[no place for NULLs]
    users.bio.scalar()  # E[a column is no query]


def conditions(pairs: list[tuple[str, int]], maybe: str | None) -> None:
    contains(users.name, users.bio)  # E[contains takes plain text]
    contains(users.token_version, "a")  # E[contains in a number]
    eq_or_null(users.token_version, maybe)  # E[eq_or_null of another type]
    is_true(users.name)  # E[is_true of a text]
    in_rows((users.id, users.name), pairs)  # E[in_rows of another type]
    in_rows((users.id, users.name), [("a",)])  # E[in_rows of another width]
    in_rows((users.id, users.name), select(users.id).from_(users))  # E[in_rows of another query]
    gt(select(count()).from_(users).scalar(), "x")  # E[scalar of another type]


def pages_of() -> None:
    by_name = keyset(asc(users.name), asc(users.id))
    by_name.after(("a",))  # E[place of another width]
    by_name.after(("a", 5))  # E[place of another type]
    by_name.after((None, "a"))  # E[place with None where nothing is NULL]
    keyset(users.id)  # E[keyset of a column without a direction]


def writes(db: Database) -> None:
    insert(users).select({"name": users.bio, "email": users.email}).from_(users)  # E[insert select of a nullable column]
    insert(users).select({"name": users.name}).from_(users)  # E[insert select without a required column]
    insert(users).values({"name": "a", "email": "e"}).on_conflict_do_update([users.email], set={"name": excluded(users.bio)})  # E[excluded of a nullable column]
    insert(users).values({"name": "a", "email": "e"}).on_conflict_do_update(set={"name": "x"})  # E[upsert without a key]
    insert(users).values({"name": "a", "email": "e"}).where(eq(users.id, "a"))  # E[insert with where]
    update(users).rows([{"id": "a", "nme": "x"}])  # E[update rows: unknown column]
    update(users).set({"token_version": add(users.token_version, 1.5)})  # E[update with an expression of another type]
    update(users).set({"name": coalesce(users.bio, 5)})  # E[update with an expression of another type]
    update(users).set({"name": lower(users.bio)})  # E[update: nullable expression in a NOT NULL column]
    db.execute(update(drives).set({"name": "x"}).from_(users))  # E[update from without where]
    db.execute(delete(drives).using(users))  # E[delete using without where]
    a: list[str] = db.all(delete(users).where(eq(users.id, "a")).returning(users.bio))  # E[returning a nullable column]
    delete(users).where("id = 'a'")  # E[delete where a str]
    insert(pages.drive)  # E[insert into a relation]


def relational(db: Database) -> None:
    users.drives.any(drives.name)  # E[any of text]
    users.drives.every()  # E[every without a condition]
    pages.drive.limit(1)  # E[limit of a single row]
    query(users).include(pages.drive.where(is_null(drives.name)))  # E[include: relation of another entity]
    a: list[tuple[Page, Drive]] = db.all(query(pages).include(pages.drive.where(ne(drives.name, "x"))))  # E[one with a condition is optional]
    db.one(query(Card)).drives  # E[Shape without the relation]
    db.one(query(Card)).count.bit  # E[count is an int]
    query(users).group_by(users.id)  # E[query has no groups]
    db.one(query(WrongNested)).drive.title  # E[a Shape of another row has other attributes]
