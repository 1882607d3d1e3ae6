"""What must_pass.py does not touch of the builder; every line must type-check in the same four checkers."""
from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, assert_type

from pagespace_db import (Cte, Database, Expr, Keyset, Opt, Select, Shape, Subquery, add, alias, and_, array_agg, array_append, array_get, array_has, array_length, asc,
                  at_time_zone, avg, bool_or, case, cast, coalesce, concat, constant, constant_of, contains, count, cte, cube, current_date, date_add, date_difference,
                  date_trunc, delete, desc, eq, eq_or_null, excluded, exists, extract, first_value, generate_series, greatest, grouping, grouping_sets, gt,
                  identifier, in_array, in_rows, insert, is_not_distinct_from, is_null, is_true, json_agg, json_contains, json_get, json_has_any, json_merge, json_object,
                  json_set, json_text, keyset, lag, left, length, lower, lt, matches_regex, min_, ne, not_, not_exists, not_in_array, not_null, now, ntile, nullif,
                  opt, or_, percentile, query, rank, raw, recursive, rollup, row_number, rows_between, select, set_of, sql, starts_with, string_agg, string_concat,
                  sum_, to_char, trim, unnest, update)
from typing_schema import Drive, DriveInsert, Page, RefreshToken, User, UserRole, drives, pages, refresh_tokens, users


class OwnerCard(Shape[User]):
    id = users.id
    drive_count = users.drives.count(ne(drives.name, "x"))
    newest = users.drives.order_by(desc(drives.id)).limit(3)


class HomeDrive(Shape[Drive]):
    owner = drives.owner.as_(OwnerCard)
    title = lower(drives.name)


class PageOfUser(Page):
    home = pages.drive.as_(HomeDrive)
    live_home = pages.drive.where(not_(drives.is_trashed))


def set_operations(db: Database) -> None:
    ids = select(users.id, users.bio).from_(users)
    assert_type(db.all(ids.union(ids).intersect(ids).except_all(ids).order_by(users.id).limit(1)), list[tuple[str, str | None]])  # T[set operations]
    assert_type(db.all(select(users).from_(users).union_all(select(users).from_(users))), list[User])  # T[set operations]
    in_array(users.id, select(users.id).from_(users).union(select(drives.id).from_(drives)))  # T[set operations]
    exists(ids.union(ids))  # T[set operations]


def sources(db: Database) -> None:
    assert_type(db.all(select(opt(users), drives).from_(users).right_join(drives, eq(drives.owner_id, users.id))), list[tuple[User | None, Drive]])  # T[right and full join]
    assert_type(db.all(select(opt(users), opt(drives.id)).from_(users).full_join(drives, eq(drives.owner_id, users.id))), list[tuple[User | None, str | None]])  # T[right and full join]
    latest = select(drives.name, drives).from_(drives).where(eq(drives.owner_id, users.id)).limit(1).lateral("latest")
    assert_type(latest, Subquery[tuple[str, Drive]])  # T[lateral]
    assert_type(db.all(select(users.id, latest[drives.name]).from_(users).cross_join(latest)), list[tuple[str, str]])  # T[lateral]
    assert_type(db.all(select(users.id, opt(latest[drives])).from_(users).left_join(latest, constant(True))), list[tuple[str, Drive | None]])  # T[lateral]
    admins = cte("admins", select(users.id, users.bio).from_(users), materialized=True)
    assert_type(admins, Cte[tuple[str, str | None]])  # T[common table expression]
    assert_type(db.all(select(admins[users.id], admins[users.bio]).from_(admins).with_(admins)), list[tuple[str, str | None]])  # T[common table expression]
    gone = cte("gone", delete(drives).where(is_null(drives.name)).returning(drives.id))
    assert_type(db.all(select(gone[drives.id]).from_(gone).with_(gone)), list[str])  # T[common table expression]
    tree = recursive("tree", select(pages.id, pages.title).from_(pages).where(is_null(pages.parent_id)),
                     lambda tree: select(pages.id, pages.title).from_(pages).join(tree, eq(pages.parent_id, tree[pages.id])), is_distinct=True)
    assert_type(db.all(select(tree[pages.title]).from_(tree).with_(tree)), list[str])  # T[recursive]
    tags = set_of("tags", unnest(users.tags))
    assert_type(db.all(select(users.id, tags.value).from_(users).cross_join(tags)), list[tuple[str, str]])  # T[function in FROM]
    assert_type(db.all(select(set_of("n", generate_series(1, 3)).value)), list[int])  # T[function in FROM]
    select(users.id).from_(users).for_update(of=[users], skip_locked=True).for_key_share(nowait=True)  # T[locks]
    u2 = alias(users, "u2")
    assert_type(db.all(select(opt(u2)).from_(users).left_join(u2, eq(u2.id, users.id)).distinct_on(users.id)), list[User | None])  # T[alias and opt]


def expressions(db: Database) -> None:
    assert_type(db.all(select(row_number().over(partition_by=[users.role], order_by=[desc(users.created_at)]), lag(users.name).over(), lag(users.name, 1, "x").over(), first_value(users.bio).over()).from_(users)), list[tuple[int, str | None, str, str | None]])  # T[windows]
    assert_type(db.all(select(sum_(users.token_version).over(order_by=[users.id], frame=rows_between(-1, 0)), rank().over(), ntile(3).over()).from_(users)), list[tuple[int | None, int, int]])  # T[windows]
    assert_type(db.one(select(avg(users.token_version), min_(users.created_at), array_agg(users.id), string_agg(users.name, ","), bool_or(drives.is_trashed)).from_(users, drives)), tuple[Decimal | None, datetime | None, list[str] | None, str | None, bool | None])  # T[aggregates]
    assert_type(db.one(select(count(users.bio).distinct().filter(eq(users.role, "admin")), percentile(users.token_version, 0.5), sum_(case(is_null(users.bio), 1).else_(0))).from_(users)), tuple[int, float | None, int | None])  # T[aggregates]
    assert_type(db.all(select(opt(users.role), grouping(users.role), count()).from_(users).group_by(rollup(users.role), cube(users.name), grouping_sets([users.id], []))), list[tuple[UserRole | None, int, int]])  # T[grouping sets]
    assert_type(db.one(select(coalesce(users.bio, users.name), nullif(users.name, ""), not_null(users.bio), greatest(users.token_version, 1)).from_(users)), tuple[str, str | None, str, int])  # T[choosing]
    assert_type(db.one(select(cast(users.token_version, str), cast(json_text(users.settings, "n"), int), cast(users.name, users.role)).from_(users)), tuple[str, int | None, UserRole])  # T[cast]
    assert_type(db.one(select(lower(users.bio), trim(users.name), left(users.bio, 2), length(users.name), concat(users.bio, "x"), string_concat(users.bio, "x")).from_(users)), tuple[str | None, str, str | None, int | None, str, str | None])  # T[text]
    assert_type(db.one(select(now(), current_date(), date_trunc("day", users.created_at), extract("year", users.created_at), date_add(users.created_at, timedelta(days=1)), date_difference(users.created_at, now()), at_time_zone(users.created_at, "UTC"), to_char(users.created_at, "YYYY")).from_(users)), tuple[datetime, date, datetime, float | None, datetime, timedelta | None, datetime, str | None])  # T[dates]
    assert_type(db.one(select(array_append(users.tags, "x"), array_get(users.tags, 1), array_length(users.tags)).from_(users)), tuple[list[str], str | None, int | None])  # T[arrays]
    assert_type(db.one(select(json_get(users.settings, "a"), json_merge(users.settings, {"a": 1}), json_set(users.settings, ("a", 0), None), json_object(id=users.id), json_agg(users.id)).from_(users)), tuple[Any, Any, Any, Any, list[object] | None])  # T[documents]
    assert_type(select(drives.name).from_(drives).where(eq(drives.owner_id, users.id)).array(), Expr[list[str], list[str]])  # T[subquery as a value]
    assert_type(select(users.bio).from_(users).scalar(), Expr[str, str | None])  # T[subquery as a value]
    assert_type(constant_of(users.role, "admin"), Expr[UserRole, UserRole])  # T[constants]
    assert_type(db.one(select(constant(5), constant("x"), sql[Decimal]("{}::numeric", 5))), tuple[int, str, Decimal])  # T[constants]


def conditions(bio: str | None, pairs: list[tuple[str, str]]) -> None:
    assert_type(select(users).from_(users).where(eq_or_null(users.bio, bio), contains(users.name, "%"), starts_with(users.bio, "a", ignore_case=True), matches_regex(users.name, "^a")), Select[User])  # T[conditions]
    and_(array_has(users.tags, "a"), json_contains(users.settings, {"a": 1}), json_has_any(users.settings, "a", "b"), is_true(drives.is_trashed), is_not_distinct_from(users.bio, None))  # T[conditions]
    or_(not_in_array(users.role, ("user",)), not_exists(select(drives.id).from_(drives)), lt(users.created_at, now()), gt(select(count()).from_(drives).scalar(), 3))  # T[conditions]
    in_rows((drives.owner_id, drives.name), pairs)  # T[in_rows]
    in_rows((users.id, users.token_version), select(users.id, users.token_version).from_(users))  # T[in_rows]
    in_rows((users.id, users.bio, users.token_version), [("a", "b", 1)])  # T[in_rows]


def pages_of(db: Database) -> None:
    newest = keyset(desc(users.created_at), desc(users.id))
    assert_type(newest, Keyset[datetime, str])  # T[keyset]
    select(users).from_(users).where(newest.after(None)).order_by(*newest.terms)  # T[keyset]
    last = db.first(select(users.created_at, users.id).from_(users))
    select(users).from_(users).where(newest.before(last)).order_by(*newest.backwards)  # T[keyset]
    assert_type(keyset(asc(users.bio, nulls="first"), asc(users.id)), Keyset[str | None, str])  # T[keyset with NULLs]


def writes(db: Database, rows: list[DriveInsert]) -> None:
    made = insert(drives).rows(rows).on_conflict_do_nothing(drives.owner_id, drives.name, where=not_(drives.is_trashed))
    assert_type(db.all(made.returning(drives, drives.id, lower(drives.name))), list[tuple[Drive, str, str]])  # T[returning]
    insert(users).values({"name": "a", "email": "e"}).on_conflict_do_update([lower(users.email)], set={"bio": excluded(users.bio)}, where=ne(users.name, "x"))  # T[on conflict]
    insert(users).values({"name": "a", "email": "e"}).on_conflict_overwrite([users.email], keep=[users.created_at])  # T[on conflict]
    copied = insert(drives).select({"name": concat(users.name, "'s"), "owner_id": users.id}).from_(users).where(eq(users.role, "admin"))
    assert_type(db.all(copied.returning(drives.id)), list[str])  # T[insert select]
    renamed = update(drives).set({"name": users.name}).from_(users).where(eq(users.id, drives.owner_id))
    assert_type(db.all(renamed.returning(drives.id, users)), list[tuple[str, User]])  # T[update from]
    assert_type(db.execute(update(users).rows([{"id": "a", "bio": None}, {"id": "b", "bio": "x"}])), int)  # T[update rows]
    assert_type(db.all(delete(drives).using(users).where(eq(users.id, drives.owner_id)).returning()), list[Drive])  # T[delete using]
    update(users).set({"token_version": add(users.token_version, users.token_version), "role": case(is_null(users.bio), users.role).else_("admin")}).all_rows()  # T[update expressions]


def raw_statements(db: Database) -> None:
    assert_type(db.all(raw("SELECT * FROM {} WHERE {} = {}", users, users.id, "x").rows(users)), list[User])  # T[raw rows]
    assert_type(db.all(raw("SELECT a, b FROM {}", identifier("x", "y")).rows(str, users.bio)), list[tuple[str, str | None]])  # T[raw rows]
    assert_type(db.execute(raw("VACUUM")), int)  # T[raw command]


def relational(db: Database) -> None:
    assert_type(db.all(query(users).order_by(users.id).limit(3).include(users.drives.where(ne(drives.name, "x")).limit(2).offset(1))), list[tuple[User, list[Drive]]])  # T[include after a clause]
    assert_type(db.all(query(users).include(users.drives).where(users.drives.any()).order_by(users.id).include(users.refresh_tokens)), list[tuple[User, list[Drive], list[RefreshToken]]])  # T[include after a clause]
    assert_type(pages.drive.where(not_(drives.is_trashed)), Opt[Page, Drive])  # T[one with a condition is optional]
    assert_type(db.all(query(pages).include(pages.drive.where(not_(drives.is_trashed)))), list[tuple[Page, Drive | None]])  # T[one with a condition is optional]
    assert_type(db.all(query(pages).include(pages.drive.include(drives.owner).where(not_(drives.is_trashed)))), list[tuple[Page, tuple[Drive, User] | None]])  # T[one with a condition is optional]
    select(users).from_(users).where(and_(users.drives.none(drives.pages.any(is_null(pages.parent_id))), or_(users.drives.every(ne(drives.name, "x")), not_(users.refresh_tokens.any(lt(refresh_tokens.expires_at, now()))))))  # T[any, none, every]
    assert_type(users.drives.count(), Expr[int, int])  # T[count of related rows]
    assert_type(db.all(query(users).include(users.drives.as_(HomeDrive))), list[tuple[User, list[HomeDrive]]])  # T[shapes]
    page = db.one(query(PageOfUser))
    assert_type(page.home.owner.newest[0].name, str)  # T[shapes]
    assert_type(page.home.owner.drive_count, int)  # T[shapes]
    assert_type(page.home.title, str)  # T[shapes]
    assert_type(page.live_home, Drive | None)  # T[shapes]
