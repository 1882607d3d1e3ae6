"""Random conditions against an evaluator with SQL's three-valued logic, and any text through every operator."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import product
from typing import Any, Final, Never, TypeAlias, TypeVar, overload

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from pagespace_db import (
    Column,
    Database,
    Expr,
    NullColumn,
    Row,
    Table,
    add,
    alias,
    and_,
    array_append,
    array_concat,
    array_contained,
    array_contains,
    array_get,
    array_has,
    array_length,
    array_overlaps,
    array_remove,
    between,
    case,
    coalesce,
    constant,
    contains,
    delete,
    ends_with,
    eq,
    eq_or_null,
    gt,
    gte,
    ilike,
    in_array,
    insert,
    is_distinct_from,
    is_not_distinct_from,
    is_not_null,
    is_not_true,
    is_null,
    is_true,
    json_contains,
    json_has_all,
    json_has_any,
    json_has_key,
    json_merge,
    json_remove,
    json_text,
    length,
    like,
    lt,
    lte,
    multiply,
    ne,
    not_,
    not_between,
    not_in_array,
    not_like,
    opt,
    or_,
    select,
    sql,
    starts_with,
    subtract,
    update,
)
from pagespace_db.embedded.databases import fresh_database
from tests.builder.tables import SCHEMA, users


@dataclass(slots=True)
class Fact(Row):
    id: int
    a: int | None
    b: int | None
    t: str | None
    ok: bool | None
    words: list[str] | None
    doc: dict[str, Any] | None


class FactsTable(Table[Fact, Never, Never], schema="public", name="facts", row=Fact, primary_key=("id",)):
    id: Column[int] = Column("id", "integer")
    a: NullColumn[int] = NullColumn("a", "integer")
    b: NullColumn[int] = NullColumn("b", "integer")
    t: NullColumn[str] = NullColumn("t", "text")
    ok: NullColumn[bool] = NullColumn("ok", "boolean")
    words: NullColumn[list[str]] = NullColumn("words", "text[]")
    doc: NullColumn[dict[str, Any]] = NullColumn("doc", "jsonb")


facts: FactsTable = FactsTable()

NUMBERS: Final = (None, -1, 0, 2)
TEXTS: Final = (None, "", "a%b", "a_b\\", "B")
WORDS: Final[tuple[list[str] | None, ...]] = (None, [], ["a"], ["a", "B"], ["%", "a%b", "B"])
DOCS: Final[tuple[dict[str, Any] | None, ...]] = (
    None,
    {},
    {"k": "a"},
    {"k": None, "%": 1},
    {"k": "B", "l": ["a"]},
    {"l": []},
)
FACTS: Final = [
    Fact(number, *values, words=WORDS[number % len(WORDS)], doc=DOCS[number % len(DOCS)])
    for number, values in enumerate(product(NUMBERS, NUMBERS, TEXTS, (None, True, False)), start=1)
]


@pytest.fixture(scope="module")
def database(server_url: str) -> Iterator[Database]:
    with fresh_database(server_url) as conninfo:
        with psycopg.connect(conninfo) as connection:
            connection.execute(SCHEMA)
            connection.execute(
                "CREATE TABLE facts (id int PRIMARY KEY, a int, b int, t text, ok boolean, words text[], doc jsonb)"
            )
            with connection.cursor().copy("COPY facts FROM STDIN") as copy:
                for fact in FACTS:
                    doc = None if fact.doc is None else Jsonb(fact.doc)
                    copy.write_row((fact.id, fact.a, fact.b, fact.t, fact.ok, fact.words, doc))
        with Database(conninfo) as database:
            yield database


# ---- conditions: each strategy makes an expression, and the function that says what it is of a row

Number: TypeAlias = tuple[Expr[int, int | None], Callable[[Fact], int | None]]
Text: TypeAlias = tuple[Expr[str, str | None], Callable[[Fact], str | None]]
Truth: TypeAlias = tuple[Expr[bool, bool | None], Callable[[Fact], bool | None]]


P = TypeVar("P")
Q = TypeVar("Q")
V = TypeVar("V")


@overload
def strict(function: Callable[[P], V], part: Callable[[Fact], P | None], /) -> Callable[[Fact], V | None]: ...
@overload
def strict(
    function: Callable[[P, Q], V], a: Callable[[Fact], P | None], b: Callable[[Fact], Q | None], /
) -> Callable[[Fact], V | None]: ...
def strict(function: Callable[..., Any], *parts: Callable[[Fact], Any]) -> Callable[[Fact], Any]:
    """Return the function that is None of a row as soon as one of `parts` is."""

    def of(fact: Fact) -> Any:
        values = [part(fact) for part in parts]
        return None if None in values else function(*values)

    return of


def all_of(values: list[bool | None]) -> bool | None:
    return False if False in values else None if None in values else True


def negation(value: bool | None) -> bool | None:
    return None if value is None else not value


small_numbers = st.integers(-2, 3)
patterns = st.sampled_from(["", "%", "_", "a%", "%b", "a\\%b", "a\\_b\\\\", "%\\\\", "b"])
small_words = st.sampled_from(["a", "B", "%", "a%b", ""])
small_texts = st.sampled_from(["", "a", "%", "_", "\\", "b", "a%b", "B", "a_b\\"])

columns: st.SearchStrategy[Number] = st.sampled_from(
    [(facts.a, lambda fact: fact.a), (facts.b, lambda fact: fact.b), (opt(facts.id), lambda fact: fact.id)]
)
texts: st.SearchStrategy[Text] = st.just((facts.t, lambda fact: fact.t))


def calculations(inner: st.SearchStrategy[Number]) -> st.SearchStrategy[Number]:
    @st.composite
    def calculation(draw: st.DrawFn) -> Number:
        (x, of_x), (y, of_y), n = draw(inner), draw(inner), draw(small_numbers)
        choices: list[Number] = [
            (add(x, y), strict(lambda p, q: p + q, of_x, of_y)),
            (subtract(x, y), strict(lambda p, q: p - q, of_x, of_y)),
            (subtract(x, n), strict(lambda p: p - n, of_x)),
            (multiply(x, y), strict(lambda p, q: p * q, of_x, of_y)),
            (opt(coalesce(x, n)), lambda fact: n if of_x(fact) is None else of_x(fact)),
            (
                case(is_null(x), n).when(gt(x, n), y).end(),
                lambda fact: n if (v := of_x(fact)) is None else of_y(fact) if v > n else None,
            ),
        ]
        return draw(st.sampled_from(choices))

    return calculation()


numbers = st.recursive(columns, calculations, max_leaves=4)


@st.composite
def comparisons(draw: st.DrawFn) -> Truth:
    (x, of_x), (y, of_y), n, m = draw(numbers), draw(numbers), draw(small_numbers), draw(small_numbers)
    some = draw(st.lists(small_numbers, max_size=3))
    maybe = draw(st.none() | small_numbers)
    choices: list[Truth] = [
        (eq(x, y), strict(lambda p, q: p == q, of_x, of_y)),
        (ne(x, n), strict(lambda p: p != n, of_x)),
        (gt(x, y), strict(lambda p, q: p > q, of_x, of_y)),
        (gte(x, n), strict(lambda p: p >= n, of_x)),
        (lt(x, n), strict(lambda p: p < n, of_x)),
        (lte(x, y), strict(lambda p, q: p <= q, of_x, of_y)),
        (between(x, n, m), strict(lambda p: n <= p <= m, of_x)),
        (not_between(x, n, y), lambda f: negation(between_of(of_x(f), n, of_y(f)))),
        (is_null(x), lambda fact: of_x(fact) is None),
        (is_not_null(x), lambda fact: of_x(fact) is not None),
        (is_distinct_from(x, maybe), lambda fact: of_x(fact) != maybe),
        (is_not_distinct_from(x, y), lambda fact: of_x(fact) == of_y(fact)),
        (eq_or_null(x, maybe), lambda f: of_x(f) is None if maybe is None else strict(lambda p: p == maybe, of_x)(f)),
        (in_array(x, some), lambda fact: False if not some else strict(lambda p: p in some, of_x)(fact)),
        (not_in_array(x, some), lambda fact: True if not some else strict(lambda p: p not in some, of_x)(fact)),
        (facts.ok, lambda fact: fact.ok),
    ]
    return draw(st.sampled_from(choices))


def between_of(value: int | None, low: int, high: int | None) -> bool | None:
    above = None if value is None else value >= low
    below = None if value is None or high is None else value <= high
    return all_of([above, below])


@st.composite
def text_conditions(draw: st.DrawFn) -> Truth:
    (x, of_x), text, pattern = draw(texts), draw(small_texts), draw(patterns)
    choices: list[Truth] = [
        (eq(x, text), strict(lambda p: p == text, of_x)),
        (contains(x, text), strict(lambda p: text in p, of_x)),
        (starts_with(x, text), strict(lambda p: p.startswith(text), of_x)),
        (ends_with(x, text), strict(lambda p: p.endswith(text), of_x)),
        (contains(x, text, ignore_case=True), strict(lambda p: text.lower() in p.lower(), of_x)),
        (like(x, pattern), strict(lambda p: is_like(p, pattern), of_x)),
        (not_like(x, pattern), strict(lambda p: not is_like(p, pattern), of_x)),
        (ilike(x, pattern), strict(lambda p: is_like(p.lower(), pattern.lower()), of_x)),
        (gt(length(x), 1), strict(lambda p: len(p) > 1, of_x)),
        (eq(coalesce(x, text), text), lambda fact: of_x(fact) in (None, text)),
    ]
    return draw(st.sampled_from(choices))


def is_like(text: str, pattern: str) -> bool:
    """Tell whether `text` matches a pattern of LIKE (manual, 9.7.1)."""
    parts = re.findall(r"\\(.)|(%)|(_)|(.)", pattern)
    regex = "".join(
        ".*" if many else "." if one else re.escape(escaped or plain) for escaped, many, one, plain in parts
    )
    return re.fullmatch(regex, text, re.DOTALL) is not None


@st.composite
def array_conditions(draw: st.DrawFn) -> Truth:
    some, one, number = draw(st.lists(small_words, max_size=3)), draw(small_words), draw(st.integers(0, 3))
    choices: list[Truth] = [
        (array_has(facts.words, one), strict(lambda p: one in p, words_of)),
        (array_contains(facts.words, some), strict(lambda p: set(some) <= set(p), words_of)),
        (array_contained(facts.words, some), strict(lambda p: set(p) <= set(some), words_of)),
        (array_overlaps(facts.words, some), strict(lambda p: bool(set(p) & set(some)), words_of)),
        (eq(facts.words, some), strict(lambda p: p == some, words_of)),
        (eq(array_length(facts.words), number), strict(lambda p: len(p) == number, words_of)),
        (array_has(array_append(facts.words, one), one), lambda _: True),
        (eq(array_get(facts.words, 1), one), strict(lambda p: p[0] == one, lambda fact: words_of(fact) or None)),
        (eq(array_remove(facts.words, one), some), strict(lambda p: [x for x in p if x != one] == some, words_of)),
        (eq(array_concat(facts.words, some), some), lambda fact: not fact.words),
    ]
    return draw(st.sampled_from(choices))


@st.composite
def document_conditions(draw: st.DrawFn) -> Truth:
    key, value = draw(st.sampled_from(["k", "l", "%"])), draw(st.sampled_from(["a", "B", None, 1, ["a"]]))
    text = draw(small_words)

    def text_at_key(fact: Fact) -> str | None:
        found = (fact.doc or {}).get(key)
        return None if found is None else found if isinstance(found, str) else json.dumps(found)

    choices: list[Truth] = [
        (json_has_key(facts.doc, key), strict(lambda p: key in p, doc_of)),
        (json_contains(facts.doc, {key: value}), strict(lambda p: p.get(key, ...) == value, doc_of)),
        (json_has_any(facts.doc, key, "nothing"), strict(lambda p: key in p, doc_of)),
        (json_has_all(facts.doc, key, "k"), strict(lambda p: key in p and "k" in p, doc_of)),
        (eq(json_text(facts.doc, key), text), strict(lambda p: p == text, text_at_key)),
        (is_null(json_text(facts.doc, key)), lambda fact: text_at_key(fact) is None),
        (eq(json_merge(facts.doc, {key: value}), {key: value}), strict(lambda p: not p.keys() - {key}, doc_of)),
        (eq(json_remove(facts.doc, key), {}), strict(lambda p: not p.keys() - {key}, doc_of)),
    ]
    return draw(st.sampled_from(choices))


def words_of(fact: Fact) -> list[str] | None:
    return fact.words


def doc_of(fact: Fact) -> dict[str, Any] | None:
    return fact.doc


def connections(inner: st.SearchStrategy[Truth]) -> st.SearchStrategy[Truth]:
    @st.composite
    def connection(draw: st.DrawFn) -> Truth:
        parts = draw(st.lists(inner, min_size=1, max_size=3))
        (x, of_x), (y, of_y) = parts[0], parts[-1]
        both = and_(x, *[node for node, _ in parts[1:]], None)
        either = or_(x, None, *[node for node, _ in parts[1:]])
        choices: list[Truth] = [
            (both, lambda fact: all_of([of(fact) for _, of in parts])),
            (either, lambda fact: negation(all_of([negation(of(fact)) for _, of in parts]))),
            (not_(x), lambda fact: negation(of_x(fact))),
            (is_true(x), lambda fact: of_x(fact) is True),
            (is_not_true(x), lambda fact: of_x(fact) is not True),
            (eq(x, y), strict(lambda p, q: p is q, of_x, of_y)),
            (sql[bool]("{} OR {}", x, y), lambda f: negation(all_of([negation(of_x(f)), negation(of_y(f))]))),
        ]
        return draw(st.sampled_from(choices))

    return connection()


leaves = comparisons() | text_conditions() | array_conditions() | document_conditions()
conditions = st.recursive(leaves, connections, max_leaves=8)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(conditions)
def test_a_condition_means_what_its_parts_mean(database: Database, condition: Truth) -> None:
    node, of = condition
    found = database.all(select(facts.id).from_(facts).where(node).order_by(facts.id))
    assert found == [fact.id for fact in FACTS if of(fact) is True]
    negated = database.all(select(facts.id).from_(facts).where(not_(node)).order_by(facts.id))
    assert negated == [fact.id for fact in FACTS if of(fact) is False]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(conditions, numbers)
def test_a_selected_expression_has_the_value_of_its_parts(database: Database, condition: Truth, number: Number) -> None:
    (truth, of_truth), (value, of_value) = condition, number
    found = database.all(select(opt(truth), opt(value)).from_(facts).order_by(facts.id))
    assert found == [(of_truth(fact), of_value(fact)) for fact in FACTS]


# ---- text

any_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40) | st.sampled_from(
    ["%s", "$1", "'; --", "\\'", "{}", '"', "%(a)s", "\x01"]
)


class _Undone(Exception):
    pass


@settings(max_examples=150, deadline=None, derandomize=True)
@given(any_text, any_text)
def test_any_text_comes_back_and_changes_nothing_else(database: Database, text: str, other: str) -> None:
    with suppress(_Undone), database.transaction() as db:
        settings: Any = {text: [other]}
        db.execute(insert(users).values({"id": "bystander", "name": other, "email": other, "bio": other}))
        written = {"id": "id" + text, "name": text, "email": "e" + text + other, "bio": text + other, "tags": [text]}
        row: Any = {**written, "settings": settings}
        made = db.one(insert(users).values(row).returning())
        assert (made.name, made.bio, made.tags, made.settings) == (text, text + other, [text], settings)
        found = [
            eq(users.name, text),
            in_array(users.name, [other, text]),
            contains(users.bio, text),
            starts_with(users.bio, text),
            ends_with(users.bio, other),
            array_contains(users.tags, [text]),
            array_has(users.tags, text),
            eq(users.tags, [text]),
            is_not_distinct_from(users.name, text),
            sql[bool]("{} = {} || {}", users.bio, text, other),
        ]
        for condition in found:
            assert db.all(select(users.name).from_(users).where(condition, eq(users.id, "id" + text))) == [text]
        assert (
            db.one(select(constant(text), json_text(users.settings, text, 0)).from_(users).where(found[0]).limit(1))[0]
            == text
        )
        renamed = update(users).set({"name": other}).where(eq(users.id, "id" + text)).returning(users.name)
        assert db.all(renamed) == [other]
        assert db.all(delete(users).where(eq(users.id, "id" + text)).returning(users.name)) == [other]
        assert db.all(select(users.name, users.bio).from_(users)) == [(other, other)]
        raise _Undone


@settings(max_examples=100, deadline=None, derandomize=True)
@given(any_text.filter(lambda name: 0 < len(name.encode()) < 60))
def test_any_name_stays_an_identifier(database: Database, name: str) -> None:
    table = alias(facts, name)
    inner = select(table.id, table.t).from_(table).where(eq(table.id, 5)).as_(name + "_2")
    statement = select(table.id, inner[table.t]).from_(table).join(inner, eq(inner[table.id], table.id))
    assert database.one(statement) == (5, FACTS[4].t)
