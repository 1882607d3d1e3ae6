"""Which parameters of a statement may be NULL: those for which NULL has a meaning of its own.

NULL has a meaning where COALESCE replaces it, where IS NULL or IS DISTINCT FROM asks for it, and where it is stored in
a column that takes it. A parameter that is only compared is not nullable, for NULL would find nothing; nor is one that
a column refuses, or that is a column of the result as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pagespace_codegen.queries.nullability.functions import UNNEST
from pagespace_codegen.queries.nullability.narrowing import ColumnKey, Narrowing
from pagespace_codegen.queries.tree.enums import Command, EntryKind, ParameterKind
from pagespace_codegen.queries.tree.nodetree import Node
from pagespace_codegen.queries.tree.references import References, Relation

_CASTS = frozenset({"RELABELTYPE", "COERCEVIAIO", "ARRAYCOERCEEXPR", "COERCETODOMAIN", "COLLATEEXPR"})
_CAST_FORMATS = frozenset({1, 2})  # COERCE_EXPLICIT_CAST, COERCE_IMPLICIT_CAST
_ASKED_FOR_NULL = frozenset({"NULLTEST", "BOOLEANTEST", "DISTINCTEXPR"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterVerdict:
    """Whether a parameter may be NULL, and whether the elements of an array parameter may be."""

    is_nullable: bool = False
    has_nullable_elements: bool = False


def parameter_verdicts(query: Node, references: References) -> dict[int, ParameterVerdict]:
    """Return a verdict for each parameter that the statement uses, by number."""
    uses = _Uses(references)
    uses.visit(query, ())
    uses.pass_through(query)
    return {number: use.verdict() for number, use in uses.by_number.items()}


@dataclass(slots=True)
class _Use:
    """How a parameter is used."""

    has_meaning: bool = False
    is_refused: bool = False
    is_passed_through: bool = False
    elements_are_stored: bool = False
    elements_are_refused: bool = False

    def verdict(self) -> ParameterVerdict:
        return ParameterVerdict(
            is_nullable=self.has_meaning and not self.is_refused and not self.is_passed_through,
            has_nullable_elements=self.elements_are_stored and not self.elements_are_refused,
        )


@dataclass(slots=True)
class _Uses:
    references: References
    by_number: dict[int, _Use] = field(default_factory=dict[int, _Use])

    def visit(self, query: Node, outer: tuple[Node, ...]) -> None:
        """Look at the uses in a query and in the queries below it; `outer` are those around it, innermost first."""
        self._assignments(query, outer)
        stack = list(query.children())
        while stack:
            node = stack.pop()
            if node.kind == "QUERY":
                self.visit(node, (query, *outer))
                continue
            self._expression(node)
            stack.extend(node.children())

    def pass_through(self, query: Node) -> None:
        """Note the parameters that are columns of the result as they stand."""
        entries = query.nodes("targetList" if query.number("commandType") == Command.SELECT else "returningList")
        for entry in entries:
            number = _parameter_of(entry.node("expr"))
            if number is not None and not entry.flag("resjunk"):
                self._use(number).is_passed_through = True

    def _use(self, number: int) -> _Use:
        return self.by_number.setdefault(number, _Use())

    def _expression(self, node: Node) -> None:
        if node.kind == "PARAM" and node.number("paramkind") == ParameterKind.EXTERNAL:
            self._use(node.number("paramid"))
        elif node.kind == "COALESCEEXPR":
            for argument in node.nodes("args")[:-1]:  # the last is the default itself
                self._has_meaning(argument)
        elif node.kind in _ASKED_FOR_NULL:
            for argument in (*node.nodes("args"), *filter(None, [node.node("arg")])):
                self._has_meaning(argument)

    def _has_meaning(self, expr: Node) -> None:
        number = _parameter_of(expr)
        if number is not None:
            self._use(number).has_meaning = True

    def _assignments(self, query: Node, outer: tuple[Node, ...]) -> None:
        command, target = query.number("commandType"), query.number("resultRelation")
        if command == Command.SELECT or not target:
            return
        relation = self.references.relation(query.nodes("rtable")[target - 1].number("relid"))
        if relation is None:
            return
        conflict = query.node("onConflict")
        lists = [
            query.nodes("targetList") if command in {Command.INSERT, Command.UPDATE} else (),
            conflict.nodes("onConflictSet") if conflict is not None else (),
            *(action.nodes("targetList") for action in query.nodes("mergeActionList")),
        ]
        for entry in (entry for entries in lists for entry in entries if not entry.flag("resjunk")):
            expr = entry.node("expr")
            if expr is None:
                continue
            is_refused = _rejects_null(relation, entry.number("resno"), self.references)
            for source in _sources(expr, query, outer):
                self._assigned(source, is_refused=is_refused)

    def _assigned(self, source: Node, *, is_refused: bool) -> None:
        number = _parameter_of(source)
        if number is not None:
            use = self._use(number)
            use.is_refused |= is_refused
            use.has_meaning |= not is_refused
            return
        function = self.references.function(source.number("funcid"))
        if function is None or function.signature != UNNEST:
            return
        number = _parameter_of(source.nodes("args")[0])
        if number is not None:
            use = self._use(number)
            use.elements_are_refused |= is_refused
            use.elements_are_stored |= not is_refused


def _rejects_null(relation: Relation, attribute: int, references: References) -> bool:
    column = relation.columns.get(attribute)
    key, narrowing = ColumnKey(1, attribute), Narrowing(references)
    is_checked = any(key in narrowing.if_checked(check) for check in relation.checks)
    return column is not None and (column.rejects_null or is_checked)


def _parameter_of(expr: Node | None) -> int | None:
    """Return the number of the parameter that an expression is, apart from casts."""
    while expr is not None:
        if expr.kind == "PARAM":
            return expr.number("paramid") if expr.number("paramkind") == ParameterKind.EXTERNAL else None
        is_call = expr.kind == "FUNCEXPR" and expr.number("funcformat") in _CAST_FORMATS
        expr = expr.nodes("args")[0] if is_call else expr.node("arg") if expr.kind in _CASTS else None
    return None


def _uncast(expr: Node) -> Node:
    argument = expr.node("arg")
    return _uncast(argument) if expr.kind in _CASTS and argument is not None else expr


def _sources(expr: Node, query: Node, outer: tuple[Node, ...]) -> Iterator[Node]:
    """Yield the expressions that a column of FROM stands for, through VALUES, subqueries, CTEs and UNION."""
    var = _uncast(expr)
    if var.kind == "CASEEXPR":  # what a branch gives is stored as it is
        branches = (*(when.node("result") for when in var.nodes("args")), var.node("defresult"))
        for branch in filter(None, branches):
            yield from _sources(branch, query, outer)
        return
    if var.kind != "VAR" or var.number("varlevelsup"):
        yield expr
        return
    entry, attribute = query.nodes("rtable")[var.number("varno") - 1], var.number("varattno")
    match entry.number("rtekind"):
        case EntryKind.VALUES:
            rows = (row for row in entry.items("values_lists") if isinstance(row, tuple))
            yield from (cell for row in rows if isinstance(cell := row[attribute - 1], Node))
        case EntryKind.SUBQUERY:
            yield from _column_sources(entry.node("subquery"), attribute, (query, *outer))
        case EntryKind.CTE:
            around = (query, *outer)[entry.number("ctelevelsup") :]
            name = entry.text("ctename")
            found = [c for c in around[0].nodes("cteList") if c.text("ctename") == name] if around else []
            if found and not found[0].flag("cterecursive"):
                yield from _column_sources(found[0].node("ctequery"), attribute, around)
        case EntryKind.FUNCTION:
            functions = entry.nodes("functions")
            if all(function.number("funccolcount") == 1 for function in functions) and attribute <= len(functions):
                called = functions[attribute - 1].node("funcexpr")
                yield from () if called is None else (called,)
        case _:
            yield expr


def _column_sources(query: Node | None, attribute: int, outer: tuple[Node, ...]) -> Iterator[Node]:
    """Yield the expressions that a column of a subquery stands for."""
    if query is None or query.number("commandType") != Command.SELECT:
        return
    if query.node("setOperations") is not None:
        for entry in query.nodes("rtable"):
            yield from _column_sources(entry.node("subquery"), attribute, (query, *outer))
        return
    for entry in query.nodes("targetList"):
        expr = entry.node("expr")
        if entry.number("resno") == attribute and expr is not None:
            yield from _sources(expr, query, outer)
