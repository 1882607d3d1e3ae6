"""One level of a query: its range table, its conditions, and the columns that it yields.

A subquery is a level of its own, whose parent is the level that it stands in; a VAR names its level by counting
outwards. Every verdict about a column of FROM is made here.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from pagespace_codegen.queries.cardinality import finds_rows, has_row
from pagespace_codegen.queries.nullability.expressions import expression_verdict, requires_rows
from pagespace_codegen.queries.nullability.from_items import function_column, table_function_column, values_column
from pagespace_codegen.queries.nullability.grouping import Grouping
from pagespace_codegen.queries.nullability.joins import JoinState, join_state
from pagespace_codegen.queries.nullability.narrowing import ColumnKey, Narrowing
from pagespace_codegen.queries.nullability.scope import SubqueryResult
from pagespace_codegen.queries.nullability.stored import stored_column, written_column
from pagespace_codegen.queries.nullability.verdict import JoinSide, Verdict, maybe_null, never_null, unless_null
from pagespace_codegen.queries.tree.enums import Command, EntryKind, MergeMatch, Returning, SetOperation
from pagespace_codegen.queries.tree.nodetree import Node
from pagespace_codegen.queries.tree.references import References, Relation

_MERGE_SOURCE: Final = JoinSide(0, "right")


class Analysis:
    """What stays the same for all levels of a statement: the catalog, the parameters, the views seen so far.

    Attributes:
        references: What the catalog says.
        nullable_parameters: The numbers of the parameters that the caller may set to NULL.
    """

    def __init__(self, references: References, nullable_parameters: frozenset[int] = frozenset()) -> None:
        self.references = references
        self.nullable_parameters = nullable_parameters
        self._views: dict[int, tuple[Verdict, ...]] = {}

    def output(self, query: Node) -> tuple[Verdict, ...]:
        """Return a verdict for each column that a statement yields; none when it yields no rows."""
        return Level(query, self).output()

    def view_output(self, view: Relation) -> tuple[Verdict, ...]:
        """Return a verdict for each column of a view or materialized view."""
        if view.oid not in self._views:
            self._views[view.oid] = ()  # a view cannot contain itself
            if view.definition is not None:
                self._views[view.oid] = Level(view.definition, Analysis(self.references)).output()
        return self._views[view.oid]


class Level:
    """A query, seen from inside: the scope of its expressions."""

    def __init__(self, query: Node, analysis: Analysis, parent: Level | None = None) -> None:
        self._query = query
        self._analysis = analysis
        self._parent = parent
        self._entries = query.nodes("rtable")
        self._assumed: frozenset[ColumnKey] = frozenset()
        self._sublink: tuple[Verdict, ...] = ()
        self._grouping: Grouping | None = Grouping(query)
        self._subqueries: dict[int, tuple[Verdict, ...]] = {}
        self._ctes: dict[str, tuple[Verdict, ...]] = {}

    # What the statement yields.

    def output(self) -> tuple[Verdict, ...]:
        """Return a verdict for each column of the result."""
        operation = self._query.node("setOperations")
        if operation is not None:
            return self._set_operation(operation)
        is_select = self._query.number("commandType") == Command.SELECT
        entries = self._query.nodes("targetList" if is_select else "returningList")
        exprs = [(entry.node("expr"), entry.flag("resjunk")) for entry in entries]
        return tuple(expression_verdict(expr, self) for expr, is_junk in exprs if expr is not None and not is_junk)

    def _set_operation(self, operation: Node) -> tuple[Verdict, ...]:
        if operation.kind == "RANGETBLREF":
            return self._subquery_of(operation.number("rtindex"))
        left, right = (
            self._set_operation(side) for side in (operation.node("larg"), operation.node("rarg")) if side is not None
        )
        match operation.number("op"):
            case SetOperation.UNION:
                return tuple(unless_null(pair, "not null in both branches") for pair in zip(left, right, strict=True))
            case SetOperation.INTERSECT:
                return tuple(a if not a.is_nullable else b for a, b in zip(left, right, strict=True))
            case _:
                return left

    # The scope of expressions (see `scope.Scope`).

    @property
    def references(self) -> References:
        """What the catalog says."""
        return self._analysis.references

    def groups_have_rows(self) -> bool:
        """Return whether no group is empty."""
        return Grouping(self._query).groups_have_rows or requires_rows(self._query.node("havingQual"), self)

    def has_one_set_returning_call(self) -> bool:
        """Return whether the target list calls one set-returning function only."""
        calls = [
            node
            for entry in self._query.nodes("targetList")
            for node in entry.walk()
            if node.flag("funcretset") or node.flag("opretset")
        ]
        return len(calls) == 1

    def parameter(self, number: int) -> Verdict:
        """Return the verdict on a parameter."""
        if number in self._analysis.nullable_parameters:
            return maybe_null(f"parameter ${number} may be NULL")
        return never_null(f"parameter ${number} is not NULL")

    def sublink_column(self, number: int) -> Verdict:
        """Return the verdict on a column of the subquery compared with."""
        found = self._sublink[number - 1 : number]
        return found[0] if found else maybe_null("a subquery may give NULL")

    def is_nulled_by_grouping_sets(self, expr: Node) -> bool:
        """Return whether the expression is a key that some grouping set lacks."""
        return self._grouping is not None and self._grouping.nulls(expr)

    def is_key_of_all_grouping_sets(self, expr: Node) -> bool:
        """Return whether the expression is a key that every grouping set has, where some lack others."""
        return self._grouping is not None and self._grouping.keeps(expr)

    def before_grouping(self) -> Level:
        """Return this level as it is for the arguments of an aggregate and the keys of GROUP BY."""
        inner = self._copy()
        inner._grouping = None
        return inner

    def assuming(self, proven: frozenset[ColumnKey]) -> Level:
        """Return this level for a branch of CASE."""
        branch = self._copy()
        branch._assumed = self._assumed | proven
        return branch

    def of_other_rows(self) -> Level:
        """Return this level without what branches of CASE know of the current row."""
        if not self._assumed:
            return self
        other = self._copy()
        other._assumed = frozenset()
        return other

    def with_sublink(self, columns: tuple[Verdict, ...]) -> Level:
        """Return this level with the columns of a subquery to compare with."""
        inner = self._copy()
        inner._sublink = columns
        return inner

    def _copy(self) -> Level:
        """Return this level without its verdicts on lateral subqueries, for they see what is assumed here."""
        other = copy.copy(self)
        other._subqueries = {}
        return other

    def window(self, number: int) -> Node | None:
        """Return a WINDOWCLAUSE by its number."""
        clauses = self._query.nodes("windowClause")
        return next((clause for clause in clauses if clause.number("winref") == number), None)

    def subquery(self, query: Node) -> SubqueryResult:
        """Return what a query nested in an expression gives."""
        return SubqueryResult(
            columns=Level(query, self._analysis, self).output(),
            has_row=has_row(query, self.references, (self._query, *self._queries_around())),
        )

    def _queries_around(self) -> tuple[Node, ...]:
        """Return the queries that this one is nested in, innermost first."""
        return () if self._parent is None else (self._parent._query, *self._parent._queries_around())

    def column(self, var: Node) -> Verdict:
        """Return the verdict on a VAR."""
        level: Level | None = self
        for _ in range(var.number("varlevelsup")):
            level = level._parent if level is not None else None
        if level is None:
            return maybe_null("a column of a query that is not known")
        key = ColumnKey(var.number("varno"), var.number("varattno"))
        if not 0 < key.entry <= len(level._entries):
            return maybe_null("a column that is not known")  # OLD and NEW of a rule, EXCLUDED
        if level._grouping is not None and level._grouping.nulls_column(key):
            return maybe_null("grouping sets replace it by NULL in the rows of other sets")
        return level._own_column(key, var.number("varreturningtype"))

    # The columns of the range table.

    @cached_property
    def _joins(self) -> JoinState:
        around = self._queries_around()

        def finds(join: Node, side: Node) -> bool:
            return finds_rows(join, side, self._query, self.references, around)

        state = join_state(self._query, Narrowing(self.references, self._entries), finds)
        if self._query.number("commandType") == Command.MERGE:
            self._null_extend_source(state)
        return state

    def _null_extend_source(self, state: JoinState) -> None:
        """WHEN NOT MATCHED BY SOURCE yields rows without a source."""
        actions = self._query.nodes("mergeActionList")
        if any(action.number("matchKind") == MergeMatch.NOT_MATCHED_BY_SOURCE for action in actions):
            state.absent = {entry: sides | {_MERGE_SOURCE} for entry, sides in state.absent.items()}

    def _own_column(self, key: ColumnKey, returning: int) -> Verdict:
        if returning == Returning.DEFAULT and (key in self._assumed or key in self._having):
            return never_null("the condition excludes NULL")
        command = self._query.number("commandType")
        if command != Command.SELECT and key.entry == self._query.number("resultRelation"):
            return self._written_column(key, command, returning)
        sides = self._joins.absent.get(key.entry, frozenset()) - self._found_sides
        verdict = self._table_column(key)
        if key in self._joins.proven and verdict.is_nullable:
            verdict = never_null("the condition excludes NULL")
        if not sides:
            return verdict
        name = self._entry_name(key.entry)
        why = f"an outer join may find no row of {name}"
        if verdict.is_nullable and not verdict.absent:
            return maybe_null(why)
        return Verdict(is_nullable=True, why=why, absent=sides | verdict.absent)

    @cached_property
    def _having(self) -> frozenset[ColumnKey]:
        return Narrowing(self.references, self._entries).if_true(self._query.node("havingQual"))

    @property
    def _found_sides(self) -> frozenset[JoinSide]:
        """The join sides that are there in a branch of CASE or by HAVING, for one of their columns is not NULL."""
        entries = {key.entry for key in (*self._assumed, *self._having)}
        return frozenset[JoinSide]().union(*(self._joins.absent.get(entry, frozenset()) for entry in entries))

    def _written_column(self, key: ColumnKey, command: int, returning: int) -> Verdict:
        """Return the verdict on a column of the table that the statement writes, in RETURNING.

        The conditions saw the old row. What is returned is the old row only of a DELETE, else the new one, whose
        columns the statement and its triggers may have set to anything that the constraints allow.
        """
        relation = self._relation(key.entry)
        if relation is None or relation.kind == "f" or relation.rewrites_writes:
            return maybe_null("a rule, a trigger or another server decides what is returned")
        is_old = returning == Returning.OLD or (returning == Returning.DEFAULT and command == Command.DELETE)
        if returning == Returning.OLD and command in {Command.INSERT, Command.MERGE}:
            return maybe_null("there may be no old row")
        if returning == Returning.NEW and command in {Command.DELETE, Command.MERGE}:
            return maybe_null("there may be no new row")
        if is_old and key in self._joins.proven and command != Command.MERGE:
            return never_null("the condition excludes NULL")
        return written_column(relation, key.attribute, self.references)

    def _table_column(self, key: ColumnKey) -> Verdict:
        """Return the verdict on a column where its row is present."""
        entry = self._entries[key.entry - 1]
        match entry.number("rtekind"):
            case EntryKind.RELATION:
                return self._relation_column(key, is_only=not entry.flag("inh"))
            case EntryKind.SUBQUERY if entry.node("subquery") is not None:
                return _at(self._subquery_of(key.entry), key.attribute)
            case EntryKind.CTE:
                return _at(self._cte_output(entry), key.attribute)
            case EntryKind.JOIN:
                columns = entry.nodes("joinaliasvars")
                if not 0 < key.attribute <= len(columns):
                    return never_null("a joined row") if key.attribute == 0 else maybe_null("a system column")
                return expression_verdict(columns[key.attribute - 1], self)
            case EntryKind.VALUES:
                return values_column(entry, key.attribute, self)
            case EntryKind.FUNCTION:
                return function_column(entry, key.attribute, self)
            case EntryKind.GROUP:
                return expression_verdict(entry.nodes("groupexprs")[key.attribute - 1], self.before_grouping())
            case EntryKind.TABLE_FUNCTION:
                return table_function_column(entry, key.attribute)
            case _:
                return maybe_null("nothing is known of such a part of FROM")

    def _relation(self, number: int) -> Relation | None:
        return self.references.relation(self._entries[number - 1].number("relid"))

    def _relation_column(self, key: ColumnKey, *, is_only: bool) -> Verdict:
        relation = self._relation(key.entry)
        if relation is None:
            return maybe_null("nothing is known of the table")
        if not relation.is_view:
            return stored_column(relation, key.attribute, self.references, is_only=is_only)
        verdict = _at(self._analysis.view_output(relation), key.attribute)
        column = relation.columns.get(key.attribute)
        if column is None:
            return verdict
        return Verdict(is_nullable=verdict.is_nullable, why=f"{relation.name}.{column.name}: {verdict.why}")

    def _subquery_of(self, number: int) -> tuple[Verdict, ...]:
        if number not in self._subqueries:
            query = self._entries[number - 1].node("subquery")
            found = Level(query, self._analysis, self).output() if query is not None else ()
            self._subqueries[number] = found
        return self._subqueries[number]

    def _cte_output(self, entry: Node) -> tuple[Verdict, ...]:
        name = entry.text("ctename") or ""
        level: Level | None = self
        for _ in range(entry.number("ctelevelsup")):
            level = level._parent if level is not None else None
        return () if level is None else level._own_cte_output(name)

    def _own_cte_output(self, name: str) -> tuple[Verdict, ...]:
        if name in self._ctes:
            return self._ctes[name]
        cte = next((c for c in self._query.nodes("cteList") if c.text("ctename") == name), None)
        query = cte.node("ctequery") if cte is not None else None
        if cte is None or query is None:
            return ()
        if not cte.flag("cterecursive"):
            self._ctes[name] = Level(query, self._analysis, self).output()
            return self._ctes[name]
        # From "nothing is NULL" upwards, until an iteration adds nothing: at most as often as there are columns.
        columns = [entry for entry in query.nodes("targetList") if not entry.flag("resjunk")]
        assumed = tuple(never_null("not null in all terms") for _ in columns)
        while True:
            self._ctes[name] = assumed
            found = Level(query, self._analysis, self).output()
            if not any(f.is_nullable and not a.is_nullable for f, a in zip(found, assumed, strict=True)):
                self._ctes[name] = (*found, *self._added_columns(cte))
                return self._ctes[name]
            assumed = tuple(f if f.is_nullable else a for f, a in zip(found, assumed, strict=True))

    def _added_columns(self, cte: Node) -> Iterator[Verdict]:
        """Yield the verdicts on the columns that SEARCH and CYCLE add, in their order."""
        if cte.node("search_clause") is not None:
            yield never_null("SEARCH computes it for every row")
        cycle = cte.node("cycle_clause")
        if cycle is not None:
            marks = (cycle.node("cycle_mark_value"), cycle.node("cycle_mark_default"))
            yield unless_null((expression_verdict(mark, self) for mark in marks if mark), "neither mark is NULL")
            yield never_null("CYCLE computes it for every row")

    def _entry_name(self, number: int) -> str:
        reference = self._entries[number - 1].node("eref")
        return (reference.text("aliasname") if reference is not None else None) or "the joined table"


def _at(columns: tuple[Verdict, ...], attribute: int) -> Verdict:
    """Return the verdict on an attribute of the rows of a query; 0 is the whole row."""
    if attribute == 0:
        return never_null("a row of a subquery")
    return columns[attribute - 1] if 0 < attribute <= len(columns) else maybe_null("nothing is known of the column")


def levels(query: Node, analysis: Analysis, parent: Level | None = None) -> Iterator[tuple[Node, Level]]:
    """Yield a query and all queries below it, each with its level, the outer ones first."""
    level = Level(query, analysis, parent)
    yield query, level
    stack = list(reversed(query.children()))
    while stack:
        node = stack.pop()
        if node.kind == "QUERY":
            yield from levels(node, analysis, level)
        else:
            stack.extend(reversed(node.children()))
