"""Pieces of SQL text put together by pypika; the only module that imports it.

pypika writes identifiers, operators, function calls and the clauses of a SELECT, and sees nothing but text that was
rendered already: no value, no name that is not quoted here, no shared object. What PostgreSQL has and pypika lacks is
put together by the callers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from pypika import JoinType, PostgreSQLQuery, Table
from pypika.enums import Boolean, Comparator
from pypika.queries import JoinOn, Selectable
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

JoinKind = Literal["join", "left_join"]
_JOINS: Final[dict[JoinKind, JoinType]] = {"join": JoinType.inner, "left_join": JoinType.left}


class Operator(Comparator):
    """The operators that may stand between two operands."""

    EQ = " = "
    NE = " <> "
    GT = " > "
    GTE = " >= "
    LT = " < "
    LTE = " <= "
    LIKE = " LIKE "
    ILIKE = " ILIKE "
    DISTINCT = " IS DISTINCT FROM "
    NOT_DISTINCT = " IS NOT DISTINCT FROM "
    PLUS = " + "
    MINUS = " - "
    TIMES = " * "
    MATCHES = " @@ "
    CONTAINS = " @> "
    CONTAINED = " <@ "
    OVERLAPS = " && "
    PATH_TEXT = " #>> "


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


@dataclass(slots=True, kw_only=True)
class SelectText:
    """The clauses of a SELECT, each rendered."""

    columns: Sequence[str]
    is_distinct: bool = False
    sources: Sequence[str] = ()
    joins: Sequence[tuple[JoinKind, str, str]] = field(default_factory=list[tuple[JoinKind, str, str]])
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
    return BasicCriterion(Operator(f" {operator} "), _Text(a), _Text(b)).get_sql()


def connected(connective: Literal["and", "or"], conditions: Sequence[str]) -> str:
    """Return the conditions joined by AND or OR; each must be fit to stand beside any operator."""
    term: Criterion = _Text(conditions[0])
    for condition in conditions[1:]:
        term = ComplexCriterion(Boolean[f"{connective}_"], term, _Text(condition))
    return term.get_sql()


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
    for kind, source, condition in text.joins:
        builder.do_join(JoinOn(_Text(source), _JOINS[kind], _Text(condition)))  # type: ignore[arg-type]  # mistyped: any term works
    if text.where is not None:
        builder.where(_Text(text.where))
    if text.group_by:
        builder.groupby(*[_Text(expression) for expression in text.group_by])
    if text.having is not None:
        builder.having(_Text(text.having))
    if text.is_distinct:
        builder.distinct()
    sql: str = builder.get_sql(quote_char=_QUOTE)
    return sql
