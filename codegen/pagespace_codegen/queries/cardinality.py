"""How many rows a statement can yield: at least one, at most one.

A row is the only one when every table of FROM is pinned to one row: a unique key of it is compared, by an equality of
the key's own operator family, with values that are fixed before the table is read. Triggers that suppress a write and
policies that hide rows are not counted on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from pagespace_codegen.queries.tree.constants import integer_of, is_false, is_not_null
from pagespace_codegen.queries.tree.enums import Command, EntryKind, GroupingSet, Join, OnConflict, SetOperation
from pagespace_codegen.queries.tree.nodetree import Node
from pagespace_codegen.queries.tree.references import References, Relation

_CALLS: Final = frozenset({"FUNCEXPR", "OPEXPR", "DISTINCTEXPR", "NULLIFEXPR", "SCALARARRAYOPEXPR"})
_FIRST_USER_OID: Final = 16_384
"""A collation below is PostgreSQL's own, and calls only the same bytes equal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cardinality:
    """The number of rows of a statement, as far as it is known."""

    has_row: bool
    at_most_one: bool

    def __str__(self) -> str:
        if not self.at_most_one:
            return "0..n"
        return "1" if self.has_row else "0..1"


def cardinality(query: Node, references: References) -> Cardinality:
    """Return how many rows a statement can yield; of a write without RETURNING, how many it can affect."""
    rows = _Rows(query=query, references=references)
    return Cardinality(has_row=rows.has_row(), at_most_one=rows.at_most_one())


def has_row(query: Node, references: References, outer: tuple[Node, ...] = ()) -> bool:
    """Return whether a query surely yields a row; `outer` are the queries around it, innermost first."""
    return _Rows(query=query, references=references, outer=outer).has_row()


def finds_rows(join: Node, side: Node, query: Node, references: References, outer: tuple[Node, ...]) -> bool:
    """Return whether an outer join surely finds rows of a side: its condition is always true, and the side has rows."""
    condition = join.node("quals")
    is_always_true = condition is None or (is_not_null(condition) and not is_false(condition))
    return is_always_true and _Rows(query=query, references=references, outer=outer).item_has_row(side)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """The rows of a query; `outer` are the queries around it, innermost first."""

    query: Node
    references: References
    outer: tuple[Node, ...] = ()

    def has_row(self) -> bool:
        """Return whether there is surely a row."""
        query = self.query
        if query.number("commandType") == Command.INSERT:
            return self._keeps_rows() and self._source_has_row()
        if query.number("commandType") != Command.SELECT or query.node("limitOffset") is not None:
            return False
        if query.node("limitCount") is not None and (_limit(query) or 0) < 1:
            return False
        if query.items("rowMarks"):
            return False  # SKIP LOCKED, or a row that is gone when its lock is granted
        operation = query.node("setOperations")
        if operation is not None:
            return self._operation_has_row(operation)
        if query.flag("hasTargetSRFs") or query.node("havingQual") is not None:
            return False
        return _is_plain_aggregate(query) or self._source_has_row()

    def at_most_one(self) -> bool:
        """Return whether there is surely no second row."""
        query = self.query
        if _limit(query) in {0, 1} and not query.number("limitOption"):
            return True
        operation = query.node("setOperations")
        if operation is not None:
            return self._operation_has_one(operation)
        if query.flag("hasTargetSRFs") or query.number("commandType") == Command.MERGE:
            return False
        if query.number("commandType") != Command.SELECT and self._written_relation() is None:
            return False
        if _is_plain_aggregate(query):
            return True
        return not query.items("groupingSets") and self._is_pinned()

    def entry(self, number: int) -> Node:
        """Return an entry of the range table."""
        return self.query.nodes("rtable")[number - 1]

    def below(self, entry: Node) -> _Rows | None:
        """Return the rows of a subquery, of a view or of a CTE that is not recursive; None for other entries."""
        query: Node | None
        outer: tuple[Node, ...]
        if entry.number("rtekind") == EntryKind.RELATION:
            relation = self.references.relation(entry.number("relid"))
            query, outer = (None if relation is None else relation.definition), ()
        elif entry.number("rtekind") == EntryKind.SUBQUERY:
            query, outer = entry.node("subquery"), (self.query, *self.outer)
        elif entry.number("rtekind") == EntryKind.CTE:
            outer = (self.query, *self.outer)[entry.number("ctelevelsup") :]
            name = entry.text("ctename")
            found = [cte for cte in outer[0].nodes("cteList") if cte.text("ctename") == name] if outer else []
            query = found[0].node("ctequery") if found and not found[0].flag("cterecursive") else None
        else:
            return None
        return None if query is None else _Rows(query=query, references=self.references, outer=outer)

    def calls_one_row(self, entry: Node) -> bool:
        """Return whether the functions of an entry give one row each."""
        for item in entry.nodes("functions"):
            expr = item.node("funcexpr")
            function = self.references.function(expr.number("funcid")) if expr is not None else None
            if expr is None or (expr.kind == "FUNCEXPR" and (function is None or function.returns_set)):
                return False
        return True

    def _keeps_rows(self) -> bool:
        """Return whether an INSERT returns every row that it is given: ON CONFLICT, if there is one, always updates."""
        relation = self._written_relation()
        if relation is None or relation.may_skip_inserts:
            return False
        conflict = self.query.node("onConflict")
        if conflict is None:
            return True
        return conflict.number("action") == OnConflict.UPDATE and conflict.node("onConflictWhere") is None

    def _written_relation(self) -> Relation | None:
        """Return the table that is written, perhaps through views; None where a rule or a trigger decides that."""
        entry: Node | None = self.entry(self.query.number("resultRelation"))
        while entry is not None:
            relation = self.references.relation(entry.number("relid"))
            if relation is None or relation.rewrites_writes:
                return None
            if relation.definition is None:
                return relation
            entry = _only_entry(relation.definition)
        return None

    def _source_has_row(self) -> bool:
        tree = self.query.node("jointree")
        if tree is None:
            return True
        return tree.node("quals") is None and all(map(self.item_has_row, tree.nodes("fromlist")))

    def item_has_row(self, item: Node) -> bool:
        """Return whether an item of FROM surely has a row, for every row of the items that it refers to."""
        if item.kind == "JOINEXPR":
            left, right = item.node("larg"), item.node("rarg")
            has_left = left is not None and self.item_has_row(left)
            has_right = right is not None and self.item_has_row(right)
            match item.number("jointype"):
                case Join.LEFT:
                    return has_left
                case Join.RIGHT:
                    return has_right
                case Join.FULL:
                    return has_left or has_right
                case _:
                    return has_left and has_right and item.node("quals") is None
        entry = self.entry(item.number("rtindex"))
        match entry.number("rtekind"):
            case EntryKind.VALUES:
                return True
            case EntryKind.FUNCTION:
                return self.calls_one_row(entry)
            case _:
                rows = self.below(entry)
                return rows is not None and rows.has_row()

    def _operation_has_row(self, operation: Node) -> bool:
        if operation.kind == "RANGETBLREF":
            return self.item_has_row(operation)
        sides = [side for side in (operation.node("larg"), operation.node("rarg")) if side is not None]
        return operation.number("op") == SetOperation.UNION and any(map(self._operation_has_row, sides))

    def _operation_has_one(self, operation: Node) -> bool:
        if operation.kind == "RANGETBLREF":
            rows = self.below(self.entry(operation.number("rtindex")))
            return rows is not None and rows.at_most_one()
        left, right = operation.node("larg"), operation.node("rarg")
        has_left = left is not None and self._operation_has_one(left)
        match operation.number("op"):
            case SetOperation.INTERSECT:
                return has_left or (right is not None and self._operation_has_one(right))
            case SetOperation.EXCEPT:
                return has_left
            case _:
                return False

    def _is_pinned(self) -> bool:
        """Return whether every entry of FROM is pinned to one row."""
        tree = self.query.node("jointree")
        if tree is None:
            return True
        pinning = _Pinning(self)
        conditions = list(_conjuncts(tree.node("quals")))
        items = list(tree.nodes("fromlist"))
        target = self.query.number("resultRelation")
        if self.query.number("commandType") in {Command.UPDATE, Command.DELETE} and pinning.pin_row(target, conditions):
            return True  # a row is written once, whatever it is joined with
        # An item may be pinned by the columns of one that comes later, so go on as long as there is progress.
        while items:
            still_open = [item for item in items if not pinning.pin(item, conditions)]
            if len(still_open) == len(items):
                return False
            items = still_open
        return True


class _Equality(NamedTuple):
    """A column that is equal to something fixed: in which operator families, by which collation (0: a plain one)."""

    attribute: int
    families: frozenset[int]
    collation: int

    def fits(self, attribute: int, family: int, collation: int) -> bool:
        """Return whether at most one value of a column of a unique index is equal."""
        is_as_fine = self.collation < _FIRST_USER_OID or self.collation == collation
        return self.attribute == attribute and family in self.families and is_as_fine


class _Pinning:
    """The entries of a range table that are known to be pinned to one row."""

    def __init__(self, rows: _Rows) -> None:
        self._rows = rows
        self._references = rows.references
        self._pinned: set[int] = set()

    def pin(self, item: Node, conditions: list[Node]) -> bool:
        """Pin an item of FROM if the conditions and what is pinned so far allow it, and return whether they do."""
        if item.kind == "RANGETBLREF":
            return self.pin_row(item.number("rtindex"), conditions)
        left, right = item.node("larg"), item.node("rarg")
        if left is None or right is None:
            return False
        own = list(_conjuncts(item.node("quals")))
        match item.number("jointype"):
            case Join.LEFT:  # WHERE may look at rows without a partner: only ON finds the partner
                return self.pin(left, conditions) and self.pin(right, own)
            case Join.RIGHT:
                return self.pin(right, conditions) and self.pin(left, own)
            case Join.FULL:
                return False
            case _:
                both = [*conditions, *own]
                in_order = self.pin(left, both) and self.pin(right, both)
                return in_order or (self.pin(right, both) and self.pin(left, both))

    def pin_row(self, number: int, conditions: list[Node]) -> bool:
        """Pin an entry of the range table if the conditions and what is pinned so far allow it."""
        if number not in self._pinned and self._is_one_row(number, conditions):
            self._pinned.add(number)
        return number in self._pinned

    def _is_one_row(self, number: int, conditions: list[Node]) -> bool:
        entry = self._rows.entry(number)
        match entry.number("rtekind"):
            case EntryKind.RELATION if self._has_pinned_key(number, entry, conditions):
                return True
            case EntryKind.VALUES:
                return len(entry.items("values_lists")) == 1
            case EntryKind.FUNCTION:
                return self._rows.calls_one_row(entry)
            case _:
                rows = self._rows.below(entry)
                return rows is not None and rows.at_most_one()

    def _has_pinned_key(self, number: int, entry: Node, conditions: list[Node]) -> bool:
        relation = self._references.relation(entry.number("relid"))
        equalities = [found for condition in conditions for found in self._equalities(number, condition)]
        return relation is not None and any(
            all(
                any(found.fits(column, family, collation) for found in equalities)
                for column, family, collation in zip(key.columns, key.families, key.collations, strict=True)
            )
            for key in relation.unique_keys
            if key.covers_children or not entry.flag("inh")
        )

    def _equalities(self, number: int, condition: Node) -> Iterator[_Equality]:
        """Yield the equalities of columns of an entry with something fixed that a condition asks for."""
        operator = self._references.operator(condition.number("opno"))
        args = condition.nodes("args")
        if condition.kind != "OPEXPR" or operator is None or len(args) != 2:
            return
        for column, other in (args, args[::-1]):
            var = _uncast(column)
            is_own = var.kind == "VAR" and var.number("varno") == number and not var.number("varlevelsup")
            if is_own and self._is_fixed(other):
                yield _Equality(
                    attribute=var.number("varattno"),
                    families=operator.equality_families,
                    collation=condition.number("inputcollid"),
                )

    def _is_fixed(self, expr: Node) -> bool:
        """Return whether an expression has one value for all rows: no column but of outer levels and pinned entries."""
        stack = [(expr, 0)]  # with the number of queries around it
        while stack:
            node, depth = stack.pop()
            # In a subquery that refers to a row, even to a pinned one, another row may come each time.
            is_pinned = not depth and node.number("varno") in self._pinned
            if node.kind == "VAR" and node.number("varlevelsup") == depth and not is_pinned:
                return False
            function = self._references.function(node.number("funcid") or node.number("opfuncid"))
            if node.kind in _CALLS and (function is None or function.is_volatile):
                return False
            inner = depth + (node.kind == "QUERY")
            stack.extend((child, inner) for child in node.children())
        return True


def _only_entry(query: Node) -> Node | None:
    """Return the entry of the range table that a query reads, if it is a single one."""
    tree = query.node("jointree")
    items = [] if tree is None else list(tree.nodes("fromlist"))
    is_single = len(items) == 1 and items[0].kind == "RANGETBLREF"
    return query.nodes("rtable")[items[0].number("rtindex") - 1] if is_single else None


def _limit(query: Node) -> int | None:
    """Return the number of LIMIT; None when there is none or it is not a constant."""
    limit = query.node("limitCount")
    if limit is not None and limit.kind == "FUNCEXPR":
        limit = limit.nodes("args")[0]  # it is cast to bigint
    return None if limit is None else integer_of(limit)


def _is_plain_aggregate(query: Node) -> bool:
    """Return whether the whole input is one group, even if it is empty."""
    sets = query.nodes("groupingSets")
    if sets:
        return len(sets) == 1 and sets[0].number("kind") == GroupingSet.EMPTY
    has_aggregate = query.flag("hasAggs") or query.node("havingQual") is not None
    return has_aggregate and not query.items("groupClause")


def _uncast(expr: Node) -> Node:
    """Return what a binary-compatible cast is about, such as varchar to text."""
    argument = expr.node("arg")
    return _uncast(argument) if expr.kind == "RELABELTYPE" and argument is not None else expr


def _conjuncts(condition: Node | None) -> Iterable[Node]:
    if condition is None:
        return
    if condition.kind == "BOOLEXPR" and condition.text("boolop") == "and":
        for part in condition.nodes("args"):
            yield from _conjuncts(part)
    else:
        yield condition
