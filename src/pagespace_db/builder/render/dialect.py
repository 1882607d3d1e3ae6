"""Pieces of SQL text put together by pypika; the only module that imports it.

pypika writes identifiers, operators, function calls and the clauses of a SELECT, and sees nothing but text that was
rendered already: no value, no name that is not quoted here, no shared object. What PostgreSQL has and pypika lacks is
put together by the callers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from pypika import JoinType, PostgreSQLQuery, Table
from pypika.enums import Boolean
from pypika.queries import Join, JoinOn, Selectable
from pypika.terms import (
    BasicCriterion,
    BetweenCriterion,
    Bracket,
    Case,
    ComplexCriterion,
    Criterion,
    Field,
    Function,
    Not,
    NotNullCriterion,
    NullCriterion,
)

_QUOTE: Final = '"'

JoinKind = Literal["join", "left_join", "right_join", "full_join", "cross_join"]
_JOINS: Final[dict[JoinKind, JoinType]] = {
    "join": JoinType.inner,
    "left_join": JoinType.left,
    "right_join": JoinType.right,
    "full_join": JoinType.full_outer,
    "cross_join": JoinType.cross,
}


_OPERATORS: Final = (
    "=", "<>", ">", ">=", "<", "<=", "LIKE", "NOT LIKE", "ILIKE", "NOT ILIKE", "~", "~*",
    "IS DISTINCT FROM", "IS NOT DISTINCT FROM", "+", "-", "*", "/", "%", "||",
    "@@", "@>", "<@", "&&", "#>", "#>>", "#-", "?", "?|", "?&", "@?",
)  # fmt: skip
"""The operators that may stand between two operands."""


class _Operator:
    """What pypika takes for a comparator: the text between two operands is all that it looks at."""

    def __init__(self, operator: str) -> None:
        self.value = f" {operator} "


_OPERATOR: Final = {operator: _Operator(operator) for operator in _OPERATORS}


class _Text(Criterion):
    """A term whose SQL is rendered already."""

    def __init__(self, sql: str) -> None:
        super().__init__()
        self.sql = sql

    def get_sql(self, **kwargs: Any) -> str:
        return self.sql


class _Source(Selectable):
    """A FROM item whose SQL is rendered already."""

    def __init__(self, sql: str) -> None:
        super().__init__("")
        self.sql = sql

    def get_sql(self, **kwargs: Any) -> str:
        return self.sql


@dataclass(frozen=True, slots=True)
class JoinText:
    """A join, rendered; only a cross join has no condition."""

    kind: JoinKind
    source: str
    condition: str | None


@dataclass(slots=True, kw_only=True)
class SelectText:
    """The clauses of a SELECT, each rendered."""

    columns: Sequence[str]
    is_distinct: bool = False
    distinct_on: Sequence[str] = ()
    sources: Sequence[str] = ()
    joins: Sequence[JoinText] = ()
    where: str | None = None
    group_by: Sequence[str] = ()
    having: str | None = None


def quoted(name: str) -> str:
    """Return `name` as a quoted identifier."""
    return Field(name).get_sql(quote_char=_QUOTE)


def table_name(schema: str, name: str) -> str:
    """Return the quoted, qualified name of a table."""
    return Table(name, schema=schema or None).get_sql(quote_char=_QUOTE)


def column_name(source: str, name: str) -> str:
    """Return the quoted name of a column of the source that is called `source`."""
    return Field(name, table=Table(source)).get_sql(quote_char=_QUOTE, with_namespace=True)


def bracketed(sql: str) -> str:
    """Return `sql` in brackets."""
    return Bracket(_Text(sql)).get_sql()


def binary(operator: str, a: str, b: str) -> str:
    """Return `a operator b`; both must be fit to stand beside any operator."""
    comparator: Any = _OPERATOR[operator]
    return BasicCriterion(comparator, _Text(a), _Text(b)).get_sql()


def connected(connective: Literal["and", "or"], conditions: Sequence[str]) -> str:
    """Return the conditions joined by AND or OR; each must be fit to stand beside any operator."""
    terms: list[Criterion] = [_Text(condition) for condition in conditions]
    # A tree of little depth: pypika renders by recursion, and there may be thousands of conditions.
    while len(terms) > 1:
        pairs = zip(terms[::2], terms[1::2], strict=False)
        last = terms[-1:] if len(terms) % 2 else []
        terms = [ComplexCriterion(Boolean[f"{connective}_"], a, b) for a, b in pairs] + last
    return terms[0].get_sql()


def negated(condition: str) -> str:
    """Return `NOT condition`."""
    return Not(_Text(condition)).get_sql()


def null_test(a: str, *, is_null: bool) -> str:
    """Return `a IS NULL` or `a IS NOT NULL`."""
    return (NullCriterion if is_null else NotNullCriterion)(_Text(a)).get_sql()


def between(a: str, low: str, high: str) -> str:
    """Return `a BETWEEN low AND high`."""
    return BetweenCriterion(_Text(a), _Text(low), _Text(high)).get_sql()


def call(function: str, arguments: Sequence[str]) -> str:
    """Return a call of `function`, a name of this package's own."""
    return Function(function, *[_Text(argument) for argument in arguments]).get_sql()


def case(branches: Sequence[tuple[str, str]], default: str | None) -> str:
    """Return `CASE WHEN .. THEN .. ELSE .. END`."""
    term = Case()
    for condition, value in branches:
        term = term.when(_Text(condition), _Text(value))
    return (term if default is None else term.else_(_Text(default))).get_sql()


def select(text: SelectText) -> str:
    """Return the SELECT made of `text`, up to and including HAVING."""
    builder: Any = PostgreSQLQuery._builder(immutable=False)
    builder.select(*[_Text(column) for column in text.columns])
    for source in text.sources:
        builder.from_(_Source(source))
    for join in text.joins:
        builder.do_join(_join(join))
    if text.where is not None:
        builder.where(_Text(text.where))
    if text.group_by:
        builder.groupby(*[_Text(expression) for expression in text.group_by])
    if text.having is not None:
        builder.having(_Text(text.having))
    if text.is_distinct:
        builder.distinct()
    if text.distinct_on:
        builder.distinct_on(*[_Text(expression) for expression in text.distinct_on])
    sql: str = builder.get_sql(quote_char=_QUOTE)
    return sql


def from_list(sources: Sequence[str], joins: Sequence[JoinText]) -> str:
    """Return what stands after FROM of an update, or USING of a delete."""
    return ", ".join(sources) + "".join([f" {_join(join).get_sql(quote_char=_QUOTE)}" for join in joins])


def _join(join: JoinText) -> Join:
    # Both want a term, and are typed to want a selectable, whose SQL they would put into brackets.
    source: Any = _Text(join.source)
    if join.condition is None:
        return Join(source, _JOINS[join.kind])
    condition: Any = _Text(join.condition)
    return JoinOn(source, _JOINS[join.kind], condition)
