"""The columns of VALUES and of functions in FROM."""

from __future__ import annotations

from pagespace_codegen.queries.nullability.expressions import expression_verdict, set_column_verdict
from pagespace_codegen.queries.nullability.scope import Scope
from pagespace_codegen.queries.nullability.verdict import Verdict, maybe_null, never_null, unless_null
from pagespace_codegen.queries.tree.enums import TABLE_FUNCTION_OF_XML
from pagespace_codegen.queries.tree.nodetree import Node


def values_column(entry: Node, attribute: int, scope: Scope) -> Verdict:
    """Return the verdict on a column of VALUES."""
    if attribute == 0:
        return never_null("a row of VALUES")
    cells = [row[attribute - 1] for row in entry.items("values_lists") if isinstance(row, tuple)]
    exprs = [cell for cell in cells if isinstance(cell, Node)]
    return unless_null((expression_verdict(expr, scope) for expr in exprs), "not null in all rows of VALUES")


def function_column(entry: Node, attribute: int, scope: Scope) -> Verdict:
    """Return the verdict on a column of the functions of one item of FROM."""
    functions = entry.nodes("functions")
    if entry.flag("funcordinality") and attribute == 1 + sum(f.number("funccolcount") for f in functions):
        return never_null("the ordinal number of a row")
    if len(functions) != 1:
        return maybe_null("the shorter of several functions is filled up with NULL")
    if attribute <= 0:
        return maybe_null("a function may return a NULL instead of a row")
    expr = functions[0].node("funcexpr")
    if expr is None:
        return maybe_null("nothing is known of the function")
    if expr.kind != "FUNCEXPR":
        is_scalar = functions[0].number("funccolcount") == 1
        return expression_verdict(expr, scope) if is_scalar else maybe_null("a column of a function may be NULL")
    function = scope.references.function(expr.number("funcid"))
    if function is None or function.signature is None:
        return maybe_null("a function may return NULL")
    if function.returns_set:
        return set_column_verdict(function, expr.nodes("args"), attribute - 1, scope)
    if functions[0].number("funccolcount") != 1 or functions[0].items("funccolnames"):
        return maybe_null("the columns of a composite value may be NULL")
    return expression_verdict(expr, scope)


def table_function_column(entry: Node, attribute: int) -> Verdict:
    """Return the verdict on a column of XMLTABLE or JSON_TABLE; only an ordinal number of XMLTABLE is known."""
    function = entry.node("tablefunc")
    is_xml = function is not None and function.number("functype") == TABLE_FUNCTION_OF_XML
    if is_xml and function is not None and function.number("ordinalitycol") + 1 == attribute:
        return never_null("the ordinal number of a row")
    return maybe_null("a column of a table function may be NULL")
