"""What a condition proves about columns: those that cannot be NULL when it is true, or false, or not NULL.

It rests on strictness: a strict function gives NULL as soon as one argument is NULL, so where its result is not NULL,
no argument was (manual, section 38.7, `proisstrict`). Columns are named by their place in the range table of one query;
columns of outer and inner queries are never meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from pagespace_codegen.queries.tree.constants import is_false, is_not_null, is_null, may_be_empty_array
from pagespace_codegen.queries.tree.enums import BooleanTest, EntryKind, Join, NullTest, Sublink
from pagespace_codegen.queries.tree.nodetree import Node
from pagespace_codegen.queries.tree.references import References

# These give NULL for NULL, and have one argument.
_STRICT_NODES: Final = frozenset(
    {
        "RELABELTYPE",
        "COERCEVIAIO",
        "ARRAYCOERCEEXPR",
        "COLLATEEXPR",
        "COERCETODOMAIN",
        "CONVERTROWTYPEEXPR",
        "FIELDSELECT",
    }
)


class ColumnKey(NamedTuple):
    """A column by its place: the entry of the range table, from 1, and the attribute; 0 is the whole row."""

    entry: int
    attribute: int


# What is proven: a set of columns, or None where the assumption cannot hold at all, so that anything follows.
Proof = frozenset[ColumnKey] | None
_NOTHING: frozenset[ColumnKey] = frozenset()
_WHOLE_ROW: Final = 0


def _both(proofs: Iterable[Proof]) -> Proof:
    """Return what follows when all of several assumptions hold."""
    together = _NOTHING
    for proof in proofs:
        if proof is None:
            return None
        together |= proof
    return together


def _either(proofs: Iterable[Proof]) -> Proof:
    """Return what follows when at least one of several assumptions holds."""
    common: Proof = None
    for proof in proofs:
        common = proof if common is None else common if proof is None else common & proof
    return common


class Narrowing:
    """The rules, with what the catalog says of the functions in a condition."""

    def __init__(self, references: References, range_table: tuple[Node, ...] = (), *, level: int = 0) -> None:
        self._references = references
        self._range_table = range_table
        self._level = level  # how many queries the condition stands below the one whose columns are meant

    def if_true(self, condition: Node | None) -> frozenset[ColumnKey]:
        """Return the columns that are not NULL in every row where the condition is true."""
        return _NOTHING if condition is None else self._true(condition) or _NOTHING

    def if_checked(self, condition: Node) -> frozenset[ColumnKey]:
        """Return the columns that are not NULL in every row where the condition is not false, as CHECK wants it."""
        return self._not_false(condition) or _NOTHING

    def if_not_true(self, condition: Node) -> frozenset[ColumnKey]:
        """Return the columns that are not NULL in every row where the condition is false or NULL."""
        return self._not_true(condition) or _NOTHING

    def if_found(self, number: int) -> frozenset[ColumnKey]:
        """Return the columns that are not NULL wherever an entry of FROM has a row: those that a lateral one needs."""
        entry = self._range_table[number - 1] if number <= len(self._range_table) else None
        if entry is None:
            return _NOTHING
        select, functions = entry.node("subquery"), entry.nodes("functions")
        if entry.number("rtekind") == EntryKind.SUBQUERY and select is not None:
            return self._met(select) or _NOTHING
        call = functions[0].node("funcexpr") if len(functions) == 1 else None
        function = self._references.function(call.number("funcid")) if call is not None else None
        if call is None or call.kind != "FUNCEXPR" or function is None:
            return _NOTHING
        # Of a set-returning function that is strict, no row comes for NULL.
        is_needy = function.is_strict and function.returns_set
        return _both(map(self._not_null, call.nodes("args"))) or _NOTHING if is_needy else _NOTHING

    def _true(self, expr: Node) -> Proof:
        match expr.kind:
            case "BOOLEXPR":
                parts = expr.nodes("args")
                match expr.text("boolop"):
                    case "and":
                        return _both(map(self._true, parts))
                    case "or":
                        return _either(map(self._true, parts))
                    case _:
                        return _both(map(self._false, parts))
            case "CONST":
                return None if is_null(expr) or is_false(expr) else _NOTHING
            case "NULLTEST":
                return _NOTHING if expr.number("nulltesttype") == NullTest.IS_NULL else self._row_or_argument(expr)
            case "BOOLEANTEST":
                return self._tested(expr, holds=True)
            case "COALESCEEXPR":
                return _either(map(self._true, expr.nodes("args")))
            case "SCALARARRAYOPEXPR":
                return self._compared_with_array(expr, is_true=True)
            case "SUBLINK":
                return self._has_found(expr)
            case "OPEXPR":
                return _both((self._not_null(expr), self._substituted(expr)))
            case _:
                return self._not_null(expr)

    def _false(self, expr: Node) -> Proof:
        match expr.kind:
            case "BOOLEXPR":
                parts = expr.nodes("args")
                match expr.text("boolop"):
                    case "and":
                        return _either(map(self._false, parts))
                    case "or":
                        return _both(map(self._false, parts))
                    case _:
                        return _both(map(self._true, parts))
            case "CONST":
                return _NOTHING if is_false(expr) else None
            case "NULLTEST":
                return self._argument(expr) if expr.number("nulltesttype") == NullTest.IS_NULL else _NOTHING
            case "BOOLEANTEST":
                return self._tested(expr, holds=False)
            case "DISTINCTEXPR":
                return self._not_distinct(expr)
            case "COALESCEEXPR":
                return _either(map(self._false, expr.nodes("args")))
            case "SCALARARRAYOPEXPR":
                return self._compared_with_array(expr, is_true=False)
            case _:
                return self._not_null(expr)

    def _not_false(self, expr: Node) -> Proof:
        """Return what holds when the condition is true or NULL: only of tests that are never NULL is anything known."""
        match expr.kind, expr.text("boolop"):
            case "BOOLEXPR", "and":
                return _both(map(self._not_false, expr.nodes("args")))
            case "BOOLEXPR", "or":
                return _either(map(self._not_false, expr.nodes("args")))
            case "BOOLEXPR", _:
                return _both(map(self._not_true, expr.nodes("args")))
            case "NULLTEST" | "BOOLEANTEST" | "DISTINCTEXPR", _:
                return self._true(expr)
            case _:
                return _NOTHING

    def _not_true(self, expr: Node) -> Proof:
        """Return what holds when the condition is false or NULL."""
        match expr.kind, expr.text("boolop"):
            case "BOOLEXPR", "and":
                return _either(map(self._not_true, expr.nodes("args")))
            case "BOOLEXPR", "or":
                return _both(map(self._not_true, expr.nodes("args")))
            case "BOOLEXPR", _:
                return _both(map(self._not_false, expr.nodes("args")))
            case "NULLTEST" | "BOOLEANTEST" | "DISTINCTEXPR", _:
                return self._false(expr)
            case _:
                return _NOTHING

    def _not_null(self, expr: Node) -> Proof:
        match expr.kind:
            case "VAR":
                if expr.number("varlevelsup") != self._level or expr.number("varreturningtype"):
                    return _NOTHING
                return self._column(ColumnKey(expr.number("varno"), expr.number("varattno")))
            case "CONST":
                return None if is_null(expr) else _NOTHING
            case "FUNCEXPR" | "OPEXPR":
                function = self._references.function(expr.number("funcid") or expr.number("opfuncid"))
                is_strict = function is not None and function.is_strict and not function.returns_set
                return _both(map(self._not_null, expr.nodes("args"))) if is_strict else _NOTHING
            case "BOOLEXPR":
                return _either((self._true(expr), self._false(expr)))
            case "COALESCEEXPR" | "MINMAXEXPR":
                return _either(map(self._not_null, expr.nodes("args")))
            case "NULLIFEXPR":
                return self._not_null(expr.nodes("args")[0])
            case "SCALARARRAYOPEXPR":
                return self._not_null(expr.nodes("args")[1])
            case "ROWCOMPAREEXPR":
                # Later pairs are looked at only if the first ones are equal.
                pairs = (*expr.nodes("largs")[:1], *expr.nodes("rargs")[:1])
                return _both(map(self._not_null, pairs))
            case kind if kind in _STRICT_NODES:
                return self._argument(expr)
            case _:
                return _NOTHING

    def _column(self, key: ColumnKey) -> Proof:
        """Return the column, its row, and what it stands for in a join or, from PostgreSQL 18, in GROUP BY."""
        entry = self._range_table[key.entry - 1] if key.entry <= len(self._range_table) else None
        kind = EntryKind.RELATION if entry is None else entry.number("rtekind")
        if kind == EntryKind.GROUP and entry is not None:
            return _both((frozenset({key}), self._not_null(entry.nodes("groupexprs")[key.attribute - 1])))
        proof = frozenset({key, ColumnKey(key.entry, _WHOLE_ROW)})
        if entry is None or key.attribute <= 0 or kind != EntryKind.JOIN:
            return proof
        return _both((proof, self._not_null(entry.nodes("joinaliasvars")[key.attribute - 1])))

    def _row_or_argument(self, test: Node) -> Proof:
        """`ROW(a, b) IS NOT NULL`: neither is NULL."""
        row = test.node("arg")
        if row is None or row.kind != "ROWEXPR":
            return self._argument(test)
        return _both(map(self._not_null, row.nodes("args")))

    def _argument(self, expr: Node) -> Proof:
        argument = expr.node("arg")
        return _NOTHING if argument is None else self._not_null(argument)

    def _tested(self, expr: Node, *, holds: bool) -> Proof:
        argument = expr.node("arg")
        if argument is None:
            return _NOTHING
        match (expr.number("booltesttype"), holds):
            case (BooleanTest.IS_TRUE, True) | (BooleanTest.IS_NOT_TRUE, False):
                return self._true(argument)
            case (BooleanTest.IS_FALSE, True) | (BooleanTest.IS_NOT_FALSE, False):
                return self._false(argument)
            case (BooleanTest.IS_NOT_UNKNOWN, True) | (BooleanTest.IS_UNKNOWN, False):
                return self._not_null(argument)
            case _:
                return _NOTHING

    def _not_distinct(self, expr: Node) -> Proof:
        """`a IS NOT DISTINCT FROM 'x'`: a is not NULL."""
        args = expr.nodes("args")
        return _both(map(self._not_null, args)) if any(map(is_not_null, args)) else _NOTHING

    def _substituted(self, expr: Node) -> Proof:
        """`coalesce(a, 'x') <> 'x'`: a is not NULL, for the default would have failed."""
        operator = self._references.operator(expr.number("opno"))
        if operator is None or not operator.is_built_in or operator.name != "<>":
            return _NOTHING
        left, right = expr.nodes("args")
        if left.kind != "COALESCEEXPR":
            left, right = right, left
        parts = left.nodes("args")
        if left.kind == "COALESCEEXPR" and right.kind == "CONST" and parts[-1].shape() == right.shape():
            return _either(map(self._not_null, parts[:-1]))
        return _NOTHING

    def _compared_with_array(self, expr: Node, *, is_true: bool) -> Proof:
        """`a = ANY (array)`, `a <> ALL (array)`: over an empty array they are false and true whatever `a` is."""
        function = self._references.function(expr.number("opfuncid"))
        scalar, array = expr.nodes("args")
        was_compared = expr.flag("useOr") if is_true else not expr.flag("useOr")
        if function is None or not function.is_strict:
            return _NOTHING
        if not was_compared and may_be_empty_array(array):
            return self._not_null(array)
        return _both((self._not_null(scalar), self._not_null(array)))

    def _has_found(self, expr: Node) -> Proof:
        """`EXISTS (SELECT ...)`, `a IN (SELECT ...)` that is true: a row met the conditions, and the comparison."""
        select, kind = expr.node("subselect"), expr.number("subLinkType")
        if select is None or kind not in {Sublink.EXISTS, Sublink.ANY}:
            return _NOTHING
        test = expr.node("testexpr")
        compared = self._true(test) if test is not None and kind == Sublink.ANY else _NOTHING
        return _both((compared, self._met(select)))

    def _met(self, select: Node) -> Proof:
        """Return what the conditions within a query say of the level around it, given that the query has a row."""
        tree = select.node("jointree")
        # Without keys, and in an empty grouping set, there is a group even if no row met the conditions.
        is_one_group = not select.items("groupClause") and (select.flag("hasAggs") or select.node("havingQual"))
        has_empty_group = is_one_group or select.items("groupingSets")
        if tree is None or select.node("setOperations") is not None or has_empty_group:
            return _NOTHING
        inner = Narrowing(self._references, self._range_table, level=self._level + 1)
        return _both(inner._true(condition) for condition in _met_conditions(tree))


def _met_conditions(item: Node) -> Iterator[Node]:
    """Yield the conditions that hold for every row of a part of FROM."""
    is_join = item.kind == "JOINEXPR"
    condition = item.node("quals")
    if is_join and item.number("jointype") != Join.INNER:
        return
    if condition is not None:
        yield condition
    parts = [item.node("larg"), item.node("rarg")] if is_join else list(item.nodes("fromlist"))
    for part in parts:
        if part is not None:
            yield from _met_conditions(part)
