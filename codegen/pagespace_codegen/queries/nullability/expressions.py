"""The rules for expressions: what a node can be, given what its arguments can be.

A kind of node that is not named here may be NULL.
"""

from __future__ import annotations

from typing import Final

from pagespace_codegen.queries.nullability.functions import (
    UNNEST,
    aggregate_needs,
    column_is_never_null,
    has_no_null_elements,
    needed_arguments,
    window_function_needs,
)
from pagespace_codegen.queries.nullability.narrowing import Narrowing
from pagespace_codegen.queries.nullability.scope import Scope
from pagespace_codegen.queries.nullability.times import asks_finite_time
from pagespace_codegen.queries.nullability.verdict import (
    Verdict,
    first_not_null,
    maybe_null,
    never_null,
    unless_null,
)
from pagespace_codegen.queries.tree.constants import has_no_null_element, integer_of, is_null
from pagespace_codegen.queries.tree.enums import (
    CURRENT_SCHEMA,
    JSON_EXISTS,
    JSON_UNKNOWN_ON_ERROR,
    Frame,
    JsonConstructor,
    ParameterKind,
    Sublink,
    Xml,
)
from pagespace_codegen.queries.tree.nodetree import Node
from pagespace_codegen.queries.tree.references import Function


def expression_verdict(expr: Node, scope: Scope) -> Verdict:
    """Return whether an expression of a query can be NULL."""
    if scope.is_nulled_by_grouping_sets(expr):
        return maybe_null("grouping sets replace it by NULL in the rows of other sets")
    if scope.is_key_of_all_grouping_sets(expr):
        scope = scope.before_grouping()
    match expr.kind:
        case "VAR":
            return scope.column(expr)
        case "CONST":
            return maybe_null("NULL") if is_null(expr) else never_null("a constant")
        case "PARAM":
            return _parameter(expr, scope)
        case "FUNCEXPR" | "OPEXPR":
            return _call(expr, scope)
        case "BOOLEXPR":
            return _all(expr.nodes("args"), scope, f"{(expr.text('boolop') or '').upper()} of what is not NULL")
        case "SCALARARRAYOPEXPR":
            return _compared_with_array(expr, scope)
        case "SUBLINK":
            return _sublink(expr, scope)
        case "CASEEXPR":
            return _case(expr, scope)
        case "COALESCEEXPR" | "MINMAXEXPR":
            args = expr.nodes("args")
            return first_not_null((expression_verdict(arg, scope) for arg in args), "one argument is never NULL")
        case "ROWCOMPAREEXPR":
            return _all((*expr.nodes("largs"), *expr.nodes("rargs")), scope, "comparison of what is not NULL")
        case "RELABELTYPE" | "COERCEVIAIO" | "ARRAYCOERCEEXPR" | "COLLATEEXPR" | "COERCETODOMAIN":
            return _argument(expr, "arg", scope)
        case "CONVERTROWTYPEEXPR" | "NAMEDARGEXPR":
            return _argument(expr, "arg", scope)
        case "SUBSCRIPTINGREF":
            return _subscript(expr, scope)
        case "AGGREF":
            return _aggregate(expr, scope)
        case "WINDOWFUNC":
            return _window_function(expr, scope)
        case "SQLVALUEFUNCTION":
            is_schema = expr.number("op") == CURRENT_SCHEMA
            return (
                maybe_null("no schema of the search path may exist") if is_schema else never_null("always has a value")
            )
        case "JSONCONSTRUCTOREXPR":
            return _json_constructor(expr, scope)
        case "XMLEXPR":
            return _xml(expr, scope)
        case "JSONEXPR":
            return _json_query(expr, scope)
        case "JSONVALUEEXPR":
            return _argument(expr, "formatted_expr" if expr.node("formatted_expr") else "raw_expr", scope)
        case "JSONISPREDICATE":
            return _argument(expr, "expr", scope)
        case kind if kind in _NEVER_NULL:
            return never_null(_NEVER_NULL[kind])
        case kind:
            return maybe_null(_NULLABLE.get(kind, f"nothing is known of {kind}"))


_NEVER_NULL: Final = {
    "NULLTEST": "IS [NOT] NULL is true or false",
    "BOOLEANTEST": "IS [NOT] TRUE, FALSE or UNKNOWN is true or false",
    "DISTINCTEXPR": "IS [NOT] DISTINCT FROM is true or false",
    "ARRAYEXPR": "ARRAY[...] is an array, whatever its elements",
    "ROWEXPR": "ROW(...) is a row, whatever its fields",
    "NEXTVALUEEXPR": "the next value of a sequence",
    "GROUPINGFUNC": "GROUPING is a number",
    "MERGESUPPORTFUNC": "the action that MERGE took",
}
_NULLABLE: Final = {
    "NULLIFEXPR": "NULLIF gives NULL when both are equal",
    "FIELDSELECT": "a field of a composite value may be NULL",
    "SETTODEFAULT": "the default may be NULL",
}


def _all(exprs: tuple[Node, ...], scope: Scope, why: str) -> Verdict:
    return unless_null((expression_verdict(expr, scope) for expr in exprs), why)


def _argument(expr: Node, field: str, scope: Scope) -> Verdict:
    argument = expr.node(field)
    return maybe_null(f"{expr.kind} without an argument") if argument is None else expression_verdict(argument, scope)


def _parameter(expr: Node, scope: Scope) -> Verdict:
    if expr.number("paramkind") == ParameterKind.EXTERNAL:
        return scope.parameter(expr.number("paramid"))
    if expr.number("paramkind") == ParameterKind.SUBLINK:
        return scope.sublink_column(expr.number("paramid"))
    return maybe_null("a value from elsewhere in the plan")


def _call(expr: Node, scope: Scope) -> Verdict:
    function = scope.references.function(expr.number("funcid") or expr.number("opfuncid"))
    if function is None:
        return maybe_null("nothing is known of the function")
    args = expr.nodes("args")
    if function.returns_set:
        return _set_returning_call(function, args, scope)
    needed = "all" if asks_finite_time(expr, scope.references) else needed_arguments(function, args)
    if needed is None:
        return maybe_null(f"{function.name} may give NULL for arguments that are not NULL")
    if expr.flag("funcvariadic") and needed != "any":
        needed = "all"  # VARIADIC NULL::text[] is no argument at all, and gives NULL
    if needed in {"first", "first two"} and any(arg.kind == "NAMEDARGEXPR" for arg in args):
        needed = "all"  # they stand in the order of the call
    match needed:
        case "all":
            return _all(args, scope, f"{function.name} of what is not NULL")
        case "none":
            return never_null(f"{function.name} never gives NULL")
        case "first":
            return _all(args[:1], scope, f"{function.name} of what is not NULL")
        case "first two":
            return _all(args[:2], scope, f"{function.name} of what is not NULL")
        case "any":
            return first_not_null((expression_verdict(arg, scope) for arg in args), "one argument is never NULL")


def _set_returning_call(function: Function, args: tuple[Node, ...], scope: Scope) -> Verdict:
    if not scope.has_one_set_returning_call():
        return maybe_null("the shorter of several set-returning functions is filled up with NULL")
    return set_column_verdict(function, args, 0, scope)


def set_column_verdict(function: Function, args: tuple[Node, ...], column: int, scope: Scope) -> Verdict:
    """Return whether a column, from 0, of the rows of a set-returning function can be NULL."""
    if function.signature == UNNEST:
        return _elements(args[0], scope)
    if column_is_never_null(function, column):
        return never_null(f"{function.name} gives no NULL")
    return maybe_null(f"{function.name} may give NULL")


def _elements(array: Node, scope: Scope) -> Verdict:
    """Return whether an element of an array can be NULL: something is known of those that are made here only."""
    if array.kind == "SUBLINK" and array.number("subLinkType") == Sublink.ARRAY:
        select = array.node("subselect")
        return maybe_null("a subquery may give NULL") if select is None else scope.subquery(select).columns[0]
    function = scope.references.function(array.number("funcid"))
    if array.kind == "FUNCEXPR" and function is not None and has_no_null_elements(function, array.nodes("args")):
        return never_null(f"{function.name} gives no element that is NULL")
    if array.kind == "ARRAYEXPR" and not array.flag("multidims"):
        return _all(array.nodes("elements"), scope, "no element is NULL")
    if has_no_null_element(array):
        return never_null("no element is NULL")
    return maybe_null("an element of the array may be NULL")


def _compared_with_array(expr: Node, scope: Scope) -> Verdict:
    scalar, array = expr.nodes("args")
    function = scope.references.function(expr.number("opfuncid"))
    if function is None or needed_arguments(function, (scalar, array)) != "all":
        return maybe_null("the comparison may give NULL")
    parts = (expression_verdict(scalar, scope), expression_verdict(array, scope), _elements(array, scope))
    return unless_null(parts, "comparison of what is not NULL")


def _subscript(expr: Node, scope: Scope) -> Verdict:
    """`array[1]` may be out of range; `array[1:2]` is at worst the empty array; jsonb has no slices."""
    if not expr.items("reflowerindexpr") or expr.node("refassgnexpr") is not None:
        return maybe_null("the subscript may be out of range")
    # A bound that is left out is `<>`, which is no node.
    bounds = (*expr.nodes("refupperindexpr"), *expr.nodes("reflowerindexpr"))
    container = expr.node("refexpr")
    return _all((*bounds, container), scope, "a slice of an array") if container else maybe_null("an assignment")


def _case(expr: Node, scope: Scope) -> Verdict:
    default = expr.node("defresult")
    if default is None or is_null(default):
        return maybe_null("CASE without ELSE gives NULL")
    narrowing = Narrowing(scope.references)
    verdicts: list[Verdict] = []
    for when in expr.nodes("args"):
        condition, result = when.node("expr"), when.node("result")
        if condition is None or result is None:
            return maybe_null("a branch of CASE that is not understood")
        verdicts.append(expression_verdict(result, scope.assuming(narrowing.if_true(condition))))
        scope = scope.assuming(narrowing.if_not_true(condition))
    return unless_null((*verdicts, expression_verdict(default, scope)), "no branch of CASE gives NULL")


def _sublink(expr: Node, scope: Scope) -> Verdict:
    select, kind = expr.node("subselect"), expr.number("subLinkType")
    if kind == Sublink.EXISTS:
        return never_null("EXISTS is true or false")
    if kind == Sublink.ARRAY:
        return never_null("ARRAY(...) is an array, at worst an empty one")
    if select is None or kind not in {Sublink.SCALAR, Sublink.ROW_COMPARE, Sublink.ANY, Sublink.ALL}:
        return maybe_null("a subquery may give NULL")
    result = scope.subquery(select)
    if kind in {Sublink.SCALAR, Sublink.ROW_COMPARE} and not result.has_row:
        return maybe_null("the subquery may find no row")
    if kind == Sublink.SCALAR:
        return result.columns[0]
    test = expr.node("testexpr")
    if test is None:
        return maybe_null("a subquery may give NULL")
    return expression_verdict(test, scope.with_sublink(result.columns))


def _aggregate(expr: Node, scope: Scope) -> Verdict:
    function = scope.references.function(expr.number("aggfnoid"))
    needs = None if function is None else aggregate_needs(function)
    if function is None or needs is None:
        return maybe_null("the aggregate may give NULL")
    if needs == "nothing":
        return never_null(f"{function.name} is a number")
    if not scope.groups_have_rows() or expr.number("agglevelsup"):
        return maybe_null(f"{function.name} of no rows is NULL")
    if expr.node("aggfilter") is not None:
        return maybe_null(f"FILTER may leave no row to {function.name}")
    if needs == "a row":
        return never_null(f"{function.name} of a group with rows")
    inner = scope.before_grouping()
    args = [entry.node("expr") for entry in expr.nodes("args") if not entry.flag("resjunk")]
    exprs = _values_of(function, tuple(arg for arg in args if arg is not None))
    # The direct arguments of an ordered-set aggregate are evaluated once for a group, when its keys may be replaced.
    verdicts = (
        *(expression_verdict(arg, inner) for arg in exprs),
        *(expression_verdict(arg, scope) for arg in expr.nodes("aggdirectargs")),
    )
    return unless_null(verdicts, f"{function.name} of a group with rows that are not NULL")


def _window_function(expr: Node, scope: Scope) -> Verdict:
    function = scope.references.function(expr.number("winfnoid"))
    if function is None:
        return maybe_null("nothing is known of the function")
    args = expr.nodes("args")
    why = f"{function.name} over what is not NULL"
    if expr.flag("winagg"):
        needs = aggregate_needs(function)
        if needs == "nothing":
            return never_null(f"{function.name} is a number")
        if needs is None or expr.node("aggfilter") is not None or not _frame_has_current_row(expr, scope):
            return maybe_null("the frame of the window may be empty")
        return (
            never_null(f"{function.name} of a frame with rows")
            if needs == "a row"
            else _all(_values_of(function, args), scope, why)
        )
    other_rows = scope.of_other_rows()
    match window_function_needs(function):
        case "nothing":
            return never_null(f"{function.name} is a number")
        case "arguments":
            return _all(args, other_rows, why)
        case "the current row" if _frame_has_current_row(expr, scope):
            return _all(args, other_rows, why)
        case _:
            return maybe_null(f"{function.name} may find no row")


def _values_of(aggregate: Function, args: tuple[Node, ...]) -> tuple[Node, ...]:
    """Return the arguments that an aggregate skips when they are NULL; a delimiter that is NULL is an empty one."""
    return args[:1] if aggregate.name == "string_agg" else args


def _frame_has_current_row(expr: Node, scope: Scope) -> bool:
    """Return whether the frame always holds the current row.

    An offset is trusted only for ROWS: by RANGE it goes through an operator, where NULL and infinity are special.
    """
    window = scope.window(expr.number("winref"))
    if window is None or expr.number("ignore_nulls"):
        return False
    frame = Frame(window.number("frameOptions"))
    starts = Frame.START_UNBOUNDED_PRECEDING | Frame.START_CURRENT_ROW
    ends = Frame.END_UNBOUNDED_FOLLOWING | Frame.END_CURRENT_ROW
    if Frame.ROWS in frame:
        starts |= Frame.START_OFFSET_PRECEDING
        ends |= Frame.END_OFFSET_FOLLOWING
    excludes = frame & (Frame.EXCLUDE_CURRENT_ROW | Frame.EXCLUDE_GROUP)
    return bool(frame & starts) and bool(frame & ends) and not excludes


def _json_constructor(expr: Node, scope: Scope) -> Verdict:
    coercion = expr.node("coercion")
    if coercion is not None and not all(_keeps_not_null(node, scope) for node in coercion.walk()):
        return maybe_null("the cast to its type may give NULL")
    function = expr.node("func")
    if function is not None:
        return expression_verdict(function, scope)
    match expr.number("type"):
        case JsonConstructor.OBJECT | JsonConstructor.ARRAY:
            return never_null("a JSON object or array")
        case JsonConstructor.PARSE | JsonConstructor.SCALAR | JsonConstructor.SERIALIZE:
            return _all(expr.nodes("args"), scope, "JSON of what is not NULL")
        case _:
            return maybe_null("a JSON function")


def _keeps_not_null(node: Node, scope: Scope) -> bool:
    """Return whether a node of a cast gives no NULL for what is not NULL."""
    function = scope.references.function(node.number("funcid"))
    return node.kind != "FUNCEXPR" or (function is not None and needed_arguments(function, node.nodes("args")) == "all")


def _json_query(expr: Node, scope: Scope) -> Verdict:
    """Of JSON_EXISTS, JSON_VALUE and JSON_QUERY only the first always has an answer, unless asked for UNKNOWN."""
    behavior = expr.node("on_error")
    if expr.number("op") != JSON_EXISTS or behavior is None or behavior.number("btype") == JSON_UNKNOWN_ON_ERROR:
        return maybe_null("a JSON path may find nothing")
    inputs = filter(None, (expr.node("formatted_expr"), expr.node("path_spec")))
    return unless_null((expression_verdict(part, scope) for part in inputs), "JSON_EXISTS is true or false")


def _xml(expr: Node, scope: Scope) -> Verdict:
    args = expr.nodes("args")
    match expr.number("op"):
        case Xml.ELEMENT:
            return never_null("an element, whatever its content")
        case Xml.CONCAT | Xml.FOREST:
            parts = (*args, *expr.nodes("named_args"))
            return first_not_null((expression_verdict(part, scope) for part in parts), "one part is never NULL")
        case Xml.PROCESSING_INSTRUCTION:
            return _all(args, scope, "its content is not NULL")
        case Xml.PARSE | Xml.ROOT | Xml.SERIALIZE | Xml.IS_DOCUMENT:
            return _all(args[:1], scope, "XML of what is not NULL")
        case _:
            return maybe_null("an XML function")


def requires_rows(condition: Node | None, scope: Scope) -> bool:
    """Return whether HAVING holds only for groups with rows: one of its conjuncts is `count(...) > 0` or the like."""
    if condition is None:
        return False
    if condition.kind == "BOOLEXPR" and condition.text("boolop") == "and":
        return any(requires_rows(part, scope) for part in condition.nodes("args"))
    operator = scope.references.operator(condition.number("opno"))
    if condition.kind != "OPEXPR" or operator is None or not operator.is_built_in:
        return False
    left, right = condition.nodes("args")
    least = integer_of(right)
    function = scope.references.function(left.number("aggfnoid"))
    if left.kind != "AGGREF" or left.number("agglevelsup") or function is None:
        return False
    if function.signature is None or function.name != "count":
        return False
    return least is not None and ((operator.name == ">" and least >= 0) or (operator.name in {">=", "="} and least > 0))
