"""Expressions that mean something else than they say: rules on the nodes of a query tree.

Each rule looks at one query of a statement at a time, and yields warnings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from pagespace_codegen.queries.findings.subject import Part, Subject, finding
from pagespace_codegen.queries.nullability.expressions import expression_verdict
from pagespace_codegen.queries.nullability.level import Level
from pagespace_codegen.queries.nullability.verdict import Verdict
from pagespace_codegen.queries.tree.enums import Command, EntryKind, ParameterKind, Sublink
from pagespace_codegen.queries.tree.nodetree import Node
from pagespace_codegen.queries.tree.references import References
from pagespace_db.errors import Finding

_EXPLICIT_CAST: Final = 1  # COERCE_EXPLICIT_CAST
_IMPLICIT_CAST: Final = 2  # COERCE_IMPLICIT_CAST
_BOOLEAN: Final = 16
_WIDTHS: Final = (
    {21: "smallint", 23: "integer", 20: "bigint", 1700: "numeric"},
    {700: "real", 701: "double precision"},
)
"""Types by oid, each wider than those before it."""
_COMPARISONS: Final = frozenset({"OPEXPR", "SCALARARRAYOPEXPR"})


def _not_in(subject: Subject) -> Iterator[Finding]:
    """`a NOT IN (SELECT b ...)`, which is `a <> ALL (SELECT b ...)`, is never true once b is NULL."""
    count = 0
    for part in subject.parts:
        for node in part.nodes:
            verdicts = _excluded(node, part.level, subject.references)
            if verdicts is None:
                continue
            nullable = [verdict for verdict in verdicts if verdict.is_nullable]
            if nullable:
                message = f"NOT IN finds nothing as soon as the subquery gives a NULL: {nullable[0].why}"
                help_ = "use NOT EXISTS, or exclude NULL in the subquery"
                place = subject.words("not", "in", occurrence=count)
                if node.kind == "SUBLINK":
                    place = subject.words("<>", "all")
                yield finding(subject, "not-in-null", message, place, help_)
            count += node.kind == "BOOLEXPR"


def _excluded(node: Node, level: Level, references: References) -> tuple[Verdict, ...] | None:
    """Return what is said of the columns that a value must not be among; None for any other node."""
    select: Node | None = None
    if node.kind == "BOOLEXPR" and node.text("boolop") == "not":
        (inner,) = node.nodes("args")
        if inner.kind == "SUBLINK" and inner.number("subLinkType") == Sublink.ANY:
            select = inner.node("subselect")
    elif node.kind == "SUBLINK" and node.number("subLinkType") == Sublink.ALL:
        test = node.node("testexpr")
        operator = references.operator(test.number("opno")) if test is not None else None
        select = node.node("subselect") if operator is not None and operator.name == "<>" else None
    return None if select is None else level.subquery(select).columns


def _casts(subject: Subject) -> Iterator[Finding]:
    """A comparison that casts an indexed column does not use its index."""
    for part in subject.parts:
        for node in part.nodes:
            if node.kind not in _COMPARISONS or (node.kind == "OPEXPR" and node.number("opresulttype") != _BOOLEAN):
                continue
            for argument in node.nodes("args"):
                column = _cast_column(argument, part, subject.references)
                if column is not None:
                    message = f"the comparison casts `{column}`, so that no index on it is used"
                    help_ = f"cast the other side to the type of `{column}`"
                    place = subject.words(column.rpartition(".")[2], after="where")
                    yield finding(subject, "cast-on-index", message, place, help_)


def _cast_column(expr: Node, part: Part, references: References) -> str | None:
    """Return the indexed column that an expression is a cast of, as `table.column`."""
    var = _cast_of(expr)
    if var is None or var.kind != "VAR" or var.number("varlevelsup"):
        return None
    entry, attribute = part.query.nodes("rtable")[var.number("varno") - 1], var.number("varattno")
    relation = references.relation(entry.number("relid"))
    if entry.number("rtekind") != EntryKind.RELATION or relation is None or attribute not in relation.indexed:
        return None
    is_asked_for = _EXPLICIT_CAST in {expr.number("funcformat"), expr.number("coerceformat")}
    if is_asked_for and 0 in relation.indexed:
        return None  # an index on an expression, perhaps on this one
    return f"{relation.name}.{relation.columns[attribute].name}"


def _cast_of(expr: Node) -> Node | None:
    """Return what a cast that changes the value is about."""
    if expr.kind == "COERCEVIAIO":
        return expr.node("arg")
    if expr.kind == "FUNCEXPR" and expr.number("funcformat") in {_EXPLICIT_CAST, _IMPLICIT_CAST}:
        return expr.nodes("args")[0]
    return None


def _json_sets(subject: Subject) -> Iterator[Finding]:
    """`jsonb_set` gives NULL, and so wipes a document, when one of its arguments is NULL."""
    for part in subject.parts:
        is_write = part.query.number("commandType") != Command.SELECT
        for entry in part.query.nodes("targetList"):
            expr = entry.node("expr")
            for call in _json_calls(expr, subject.references) if expr is not None else ():
                document, *others = (expression_verdict(argument, part.level) for argument in call.nodes("args"))
                culprit = next((verdict for verdict in others if verdict.is_nullable), None)
                function = subject.references.function(call.number("funcid"))
                if culprit is not None and function is not None and (is_write or not document.is_nullable):
                    message = f"{function.name} gives NULL for the whole document: {culprit.why}"
                    help_ = "wrap the new value in coalesce(..., 'null'), or use jsonb_set_lax"
                    yield finding(subject, "json-set-null", message, subject.words(function.name), help_)


def _json_calls(expr: Node, references: References) -> Iterator[Node]:
    """Yield the calls in an expression that make it NULL when they are NULL, as far as that shows: not in COALESCE."""
    if expr.kind not in {"FUNCEXPR", "OPEXPR"}:
        return
    function = references.function(expr.number("funcid"))
    if function is not None and function.signature is not None and function.name in {"jsonb_set", "jsonb_insert"}:
        yield expr
    for argument in expr.nodes("args"):
        yield from _json_calls(argument, references)


def _narrow_parameters(subject: Subject) -> Iterator[Finding]:
    """A parameter that took a number type narrower than that of the column it is compared with, or written to."""
    for part in subject.parts:
        for node in part.nodes:
            args = node.nodes("args")
            if node.kind not in _COMPARISONS or len(args) != len(("left", "right")):
                continue
            for column, other in (args, args[::-1]):
                if column.kind == "VAR":
                    what = "is compared with a column"
                    yield from _narrower(subject, other, column.number("vartype"), what)
        if part.query.number("commandType") in {Command.INSERT, Command.UPDATE}:
            for entry in part.query.nodes("targetList"):
                expr = entry.node("expr")
                if expr is not None and expr.kind == "FUNCEXPR" and expr.number("funcformat") == _IMPLICIT_CAST:
                    (value, *_) = expr.nodes("args")
                    if value.kind == "PARAM":
                        what = "is written to a column"
                        yield from _narrower(subject, value, expr.number("funcresulttype"), what)


def _narrower(subject: Subject, expr: Node, wide_oid: int, what: str) -> Iterator[Finding]:
    """Yield a finding for each parameter in an expression, or array of parameters, that is narrower than a type."""
    family = [oid for types in _WIDTHS if wide_oid in types for oid in types]
    names = {oid: name for types in _WIDTHS for oid, name in types.items()}
    for parameter in (inner for inner in expr.walk() if inner.kind == "PARAM"):
        oid = _ELEMENTS.get(parameter.number("paramtype"), parameter.number("paramtype"))
        is_external = parameter.number("paramkind") == ParameterKind.EXTERNAL
        if not is_external or oid not in family or family.index(oid) >= family.index(wide_oid):
            continue
        suffix = "[]" if oid != parameter.number("paramtype") else ""
        name, wide = subject.query.parameters[parameter.number("paramid") - 1], names[wide_oid]
        message = f"parameter `{name}` is {names[oid]}{suffix}, but {what} of type {wide}"
        help_ = f"cast it: {subject.query.spelling(name)}::{wide}{suffix}"
        yield finding(subject, "narrow-parameter", message, subject.query.parameter_location(name), help_)


_ELEMENTS: Final = {1005: 21, 1007: 23, 1016: 20, 1231: 1700, 1021: 700, 1022: 701}
"""The types of `_WIDTHS` by the oids of their arrays."""

SUSPICIONS: Final[tuple[Callable[[Subject], Iterator[Finding]], ...]] = (
    _not_in,
    _casts,
    _json_sets,
    _narrow_parameters,
)
