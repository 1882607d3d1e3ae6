"""Queries -> what the server and the rules say of them: types, nullability, the number of rows.

One call describes many queries: three conversations with the server, whatever their number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from psycopg import Connection

from pagespace_codegen.queries.cardinality import Cardinality, cardinality
from pagespace_codegen.queries.nullability.level import Analysis
from pagespace_codegen.queries.nullability.verdict import Verdict, maybe_null, never_null
from pagespace_codegen.queries.parameters import ParameterVerdict, parameter_verdicts
from pagespace_codegen.queries.server import Prepared, ServerError, load_trees, prepare, type_names
from pagespace_codegen.queries.tree.enums import Command, EntryKind
from pagespace_codegen.queries.tree.load_references import load_references
from pagespace_codegen.queries.tree.nodetree import Node, parse_queries
from pagespace_codegen.queries.tree.references import References


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A statement to describe, with parameters as `$n`, and what its author says of the parameters.

    Attributes:
        sql: The statement.
        nullable: The parameters that may be NULL whatever the rules say.
        not_null: The parameters that may not.
        nullable_columns: The columns of the result that count as nullable, by name.
        not_null_columns: Those that count as not null, on the author's word.
    """

    sql: str
    nullable: frozenset[int] = field(default=frozenset())
    not_null: frozenset[int] = field(default=frozenset())
    nullable_columns: frozenset[str] = field(default=frozenset())
    not_null_columns: frozenset[str] = field(default=frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedParameter:
    """A parameter: its type as the server spells it, and whether it, or an element of it, may be NULL."""

    type: str
    type_oid: int
    is_nullable: bool
    has_nullable_elements: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedColumn:
    """A column of a result.

    Attributes:
        name: Its name.
        type: Its type as the server spells it; of a column of a domain, the domain.
        type_oid: The same as an oid.
        relation_oid: The table or view that the column comes from, or 0.
        attribute: Its number there; 0 for none.
        verdict: Whether it can be NULL, and why: by the rules, or on the author's word.
        proved: What the rules alone say.
        whole_row_of: The table or view whose whole row the column is, or 0.
    """

    name: str
    type: str
    type_oid: int
    relation_oid: int
    attribute: int
    verdict: Verdict
    proved: Verdict
    whole_row_of: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What is known of a statement.

    Attributes:
        parameters: Its parameters, `$1` first.
        columns: The columns of its result; empty when it yields none.
        rows: How many rows it yields, or affects.
        tree: The server's analysis; None for a utility statement.
    """

    parameters: tuple[DescribedParameter, ...]
    columns: tuple[DescribedColumn, ...]
    rows: Cardinality
    tree: Node | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Descriptions:
    """The answers in the order of the questions, and the catalog's facts that they rest on."""

    answers: tuple[Description | ServerError, ...]
    references: References


def describe(connection: Connection[Any], questions: Sequence[Question]) -> Descriptions:
    """Describe statements. They are prepared and never executed; the connection has to be idle, in autocommit."""
    prepared = prepare(connection, [question.sql for question in questions])
    sound = [(q, p) for q, p in zip(questions, prepared, strict=True) if isinstance(p, Prepared)]
    oids = {oid for _, p in sound for oid in (*p.parameter_oids, *(column.type_oid for column in p.columns))}
    names = type_names(connection, oids)
    trees = iter(load_trees(connection, [(question.sql, p) for question, p in sound], names))
    texts = [None if isinstance(p, ServerError) else next(trees) for p in prepared]
    references = load_references(connection, [text for text in texts if text is not None])
    parsed = [_query(text) for text in texts]
    _add_type_names(connection, names, parsed)
    answers = (
        p if isinstance(p, ServerError) else _describe(question, p, query, references, names)
        for question, p, query in zip(questions, prepared, parsed, strict=True)
    )
    return Descriptions(answers=tuple(answers), references=references)


def _query(text: str | None) -> Node | None:
    queries = parse_queries(text) if text is not None else ()
    return queries[0] if len(queries) == 1 else None


def _add_type_names(connection: Connection[Any], names: dict[int, str], queries: Sequence[Node | None]) -> None:
    """Learn the names of domains, which only the trees know: the server describes a column by the type below."""
    oids = {_domain(expr) for query in queries if query is not None for expr in _result_exprs(query)}
    missing = oids - names.keys() - {0}
    if missing:
        names |= type_names(connection, missing)


def _describe(
    question: Question, prepared: Prepared, query: Node | None, references: References, names: dict[int, str]
) -> Description:
    found = {} if query is None else parameter_verdicts(query, references)
    parameters = tuple(
        _parameter(number, oid, found.get(number, ParameterVerdict()), question, names)
        for number, oid in enumerate(prepared.parameter_oids, 1)
    )
    nullable = frozenset(number for number, parameter in enumerate(parameters, 1) if parameter.is_nullable)
    exprs = _result_exprs(query) if query is not None else ()
    verdicts = _verdicts(query, Analysis(references, nullable)) if query is not None else ()
    if len(verdicts) != len(prepared.columns) or len(exprs) != len(prepared.columns):
        verdicts = (maybe_null("the server has no analysis of this statement"),) * len(prepared.columns)
        exprs = ()
    origins = [(column.type_oid, 0) for column in prepared.columns]
    if query is not None and exprs:
        domains = map(_domain, exprs)
        rows_of = (_whole_row_of(expr, query) for expr in exprs)
        origins = [(d or type_oid, row) for d, (type_oid, _), row in zip(domains, origins, rows_of, strict=True)]
    return Description(
        parameters=parameters,
        columns=tuple(
            DescribedColumn(
                name=column.name,
                type=names[type_oid],
                type_oid=type_oid,
                relation_oid=column.relation_oid,
                attribute=column.attribute,
                verdict=_overridden(column.name, verdict, question),
                proved=verdict,
                whole_row_of=whole_row_of,
            )
            for column, verdict, (type_oid, whole_row_of) in zip(prepared.columns, verdicts, origins, strict=True)
        ),
        rows=Cardinality(has_row=False, at_most_one=False) if query is None else cardinality(query, references),
        tree=query,
    )


def _verdicts(query: Node, analysis: Analysis) -> tuple[Verdict, ...]:
    try:
        return analysis.output(query)
    except RecursionError:
        return ()  # the expression is nested more deeply than Python's stack allows


def _parameter(
    number: int, oid: int, verdict: ParameterVerdict, question: Question, names: dict[int, str]
) -> DescribedParameter:
    return DescribedParameter(
        type=names[oid],
        type_oid=oid,
        is_nullable=number in question.nullable or (verdict.is_nullable and number not in question.not_null),
        has_nullable_elements=verdict.has_nullable_elements,
    )


def _whole_row_of(expr: Node, query: Node) -> int:
    """Return the table or view whose whole row an expression is, or 0."""
    if expr.kind != "VAR" or expr.number("varattno") or expr.number("varlevelsup"):
        return 0
    entry = query.nodes("rtable")[expr.number("varno") - 1]
    return entry.number("relid") if entry.number("rtekind") == EntryKind.RELATION else 0


def _overridden(name: str, verdict: Verdict, question: Question) -> Verdict:
    if name in question.nullable_columns:
        return maybe_null("declared nullable")
    return never_null("declared not null") if name in question.not_null_columns else verdict


def _result_exprs(query: Node) -> tuple[Node, ...]:
    entries = query.nodes("targetList" if query.number("commandType") == Command.SELECT else "returningList")
    exprs = [entry.node("expr") for entry in entries if not entry.flag("resjunk")]
    return tuple(expr for expr in exprs if expr is not None)


def _domain(expr: Node) -> int:
    """Return the type of a column or of a cast to a domain, which may be a domain; 0 for other expressions."""
    if expr.kind == "VAR":
        return expr.number("vartype")
    return expr.number("resulttype") if expr.kind == "COERCETODOMAIN" else 0
