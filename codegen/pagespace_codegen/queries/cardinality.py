"""How many rows a statement can yield: at least one, at most one.

A row is the only one when every table of FROM is pinned to one row: a unique key of it is compared, by an equality of
the key's own operator family, with values that are fixed before the table is read. Triggers that suppress a write and
policies that hide rows are not counted on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pagespace_codegen.queries.constants import integer_of, is_null
from pagespace_codegen.queries.enums import Command, EntryKind, Join, OnConflict, SetOperation
from pagespace_codegen.queries.nodetree import Node
from pagespace_codegen.queries.references import References, Relation


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
    return Cardinality(has_row=has_row(query, references), at_most_one=at_most_one_row(query, references))


def has_row(query: Node, references: References) -> bool:
    """Return whether a query surely yields a row."""
    if query.number("commandType") == Command.INSERT:
        conflict = query.node("onConflict")
        is_kept = conflict is None or (
            conflict.number("action") == OnConflict.UPDATE and conflict.node("onConflictWhere") is None
        )
        return is_kept and _source_has_row(query, references)
    if query.number("commandType") != Command.SELECT or query.node("limitOffset") is not None:
        return False
    limit = query.node("limitCount")
    if limit is not None and not is_null(limit) and (integer_of(limit) or 0) < 1:
        return False
    if query.items("rowMarks") and query.items("rtable"):
        return False  # SKIP LOCKED, or a row that is gone when its lock is granted
    operation = query.node("setOperations")
    if operation is not None:
        return _set_operation_has_row(operation, query, references)
    if query.flag("hasTargetSRFs") or query.node("havingQual") is not None:
        return False
    if _is_plain_aggregate(query):
        return True
    return _source_has_row(query, references)


def at_most_one_row(query: Node, references: References) -> bool:
    """Return whether a query yields one row at the most."""
    limit = query.node("limitCount")
    if limit is not None and (integer_of(limit) or 0) == 1 and not query.number("limitOption"):
        return True
    operation = query.node("setOperations")
    if operation is not None:
        return _set_operation_has_one(operation, query, references)
    if query.flag("hasTargetSRFs") or query.number("commandType") == Command.MERGE:
        return False
    if _is_plain_aggregate(query):
        return True
    if query.items("groupingSets"):
        return False
    return _all_pinned(query, references)


def _is_plain_aggregate(query: Node) -> bool:
    """Return whether the whole input is one group, even if it is empty."""
    has_groups = bool(query.items("groupClause") or query.items("groupingSets"))
    return not has_groups and (query.flag("hasAggs") or query.node("havingQual") is not None)


def _source_has_row(query: Node, references: References) -> bool:
    tree = query.node("jointree")
    if tree is None:
        return True
    return tree.node("quals") is None and all(_item_has_row(i, query, references) for i in tree.nodes("fromlist"))


def _item_has_row(item: Node, query: Node, references: References) -> bool:
    if item.kind == "JOINEXPR":
        left, right = item.node("larg"), item.node("rarg")
        has_left = left is not None and _item_has_row(left, query, references)
        has_right = right is not None and _item_has_row(right, query, references)
        match item.number("jointype"):
            case Join.LEFT:
                return has_left
            case Join.RIGHT:
                return has_right
            case Join.FULL:
                return has_left or has_right
            case _:
                return has_left and has_right and item.node("quals") is None
    entry = query.nodes("rtable")[item.number("rtindex") - 1]
    match entry.number("rtekind"):
        case EntryKind.SUBQUERY:
            subquery = entry.node("subquery")
            return subquery is not None and has_row(subquery, references)
        case EntryKind.VALUES:
            return True
        case EntryKind.FUNCTION:
            return _calls_one_row(entry, references)
        case EntryKind.CTE if not entry.number("ctelevelsup"):
            cte = _cte_query(entry, query)
            return cte is not None and cte.number("commandType") == Command.SELECT and has_row(cte, references)
        case _:
            return False


def _calls_one_row(entry: Node, references: References) -> bool:
    """Return whether the functions of an entry give one row each."""
    for item in entry.nodes("functions"):
        expr = item.node("funcexpr")
        function = references.function(expr.number("funcid")) if expr is not None else None
        if expr is None or (expr.kind == "FUNCEXPR" and (function is None or function.returns_set)):
            return False
    return True


def _cte_query(entry: Node, query: Node) -> Node | None:
    name = entry.text("ctename")
    found = next((cte for cte in query.nodes("cteList") if cte.text("ctename") == name), None)
    return None if found is None or found.flag("cterecursive") else found.node("ctequery")


def _set_operation_has_row(operation: Node, query: Node, references: References) -> bool:
    if operation.kind == "RANGETBLREF":
        return _item_has_row(operation, query, references)
    sides = [side for side in (operation.node("larg"), operation.node("rarg")) if side is not None]
    is_union = operation.number("op") == SetOperation.UNION
    return is_union and any(_set_operation_has_row(side, query, references) for side in sides)


def _set_operation_has_one(operation: Node, query: Node, references: References) -> bool:
    if operation.kind == "RANGETBLREF":
        subquery = query.nodes("rtable")[operation.number("rtindex") - 1].node("subquery")
        return subquery is not None and at_most_one_row(subquery, references)
    left, right = operation.node("larg"), operation.node("rarg")
    has_left = left is not None and _set_operation_has_one(left, query, references)
    match operation.number("op"):
        case SetOperation.INTERSECT:
            return has_left or (right is not None and _set_operation_has_one(right, query, references))
        case SetOperation.EXCEPT:
            return has_left
        case _:
            return False


def _all_pinned(query: Node, references: References) -> bool:
    """Return whether every entry of FROM is pinned to one row."""
    tree = query.node("jointree")
    if tree is None:
        return True
    pinning = _Pinning(query, references)
    conditions = list(_conjuncts(tree.node("quals")))
    items = list(tree.nodes("fromlist"))
    # An item may be pinned by the columns of one that comes later, so go on as long as there is progress.
    while items:
        open_items = [item for item in items if not pinning.pin(item, conditions)]
        if len(open_items) == len(items):
            return False
        items = open_items
    return True


class _Pinning:
    """The entries of a range table that are known to be pinned to one row."""

    def __init__(self, query: Node, references: References) -> None:
        self._query = query
        self._entries = query.nodes("rtable")
        self._references = references
        self._pinned: set[int] = set()

    def pin(self, item: Node, conditions: list[Node]) -> bool:
        """Pin an item of FROM if the conditions and what is pinned so far allow it, and return whether they do."""
        if item.kind == "RANGETBLREF":
            number = item.number("rtindex")
            if number not in self._pinned and self._is_one_row(number, conditions):
                self._pinned.add(number)
            return number in self._pinned
        left, right = item.node("larg"), item.node("rarg")
        if left is None or right is None:
            return False
        own = [*_conjuncts(item.node("quals"))]
        match item.number("jointype"):
            case Join.LEFT:  # WHERE may look at rows without a partner: only ON finds the partner
                return self.pin(left, conditions) and self.pin(right, own)
            case Join.RIGHT:
                return self.pin(right, conditions) and self.pin(left, own)
            case Join.FULL:
                return False
            case _:
                both = [*conditions, *own]
                return (self.pin(left, both) and self.pin(right, both)) or (
                    self.pin(right, both) and self.pin(left, both)
                )

    def _is_one_row(self, number: int, conditions: list[Node]) -> bool:
        entry = self._entries[number - 1]
        match entry.number("rtekind"):
            case EntryKind.RELATION:
                relation = self._references.relation(entry.number("relid"))
                return relation is not None and self._has_pinned_key(number, relation, conditions)
            case EntryKind.SUBQUERY:
                subquery = entry.node("subquery")
                return subquery is not None and at_most_one_row(subquery, self._references)
            case EntryKind.VALUES:
                return len(entry.items("values_lists")) == 1
            case EntryKind.FUNCTION:
                return _calls_one_row(entry, self._references)
            case EntryKind.CTE if not entry.number("ctelevelsup"):
                cte = _cte_query(entry, self._query)
                return cte is not None and at_most_one_row(cte, self._references)
            case _:
                return False

    def _has_pinned_key(self, number: int, relation: Relation, conditions: list[Node]) -> bool:
        equalities = [found for condition in conditions for found in self._equalities(number, condition)]
        return any(
            all(
                any(column == attribute and family in families for attribute, families in equalities)
                for column, family in zip(key.columns, key.families, strict=True)
            )
            for key in relation.unique_keys
        )

    def _equalities(self, number: int, condition: Node) -> Iterator[tuple[int, frozenset[int]]]:
        """Yield the columns of an entry that a condition compares with something fixed, by equality."""
        operator = self._references.operator(condition.number("opno"))
        args = condition.nodes("args")
        if condition.kind != "OPEXPR" or operator is None or len(args) != 2:
            return
        for column, other in (args, args[::-1]):
            var = _uncast(column)
            is_own = var.kind == "VAR" and var.number("varno") == number and not var.number("varlevelsup")
            if is_own and self._is_fixed(other):
                yield var.number("varattno"), operator.equality_families

    def _is_fixed(self, expr: Node) -> bool:
        """Return whether an expression has one value for all rows: no column but of outer levels and pinned entries."""
        for node in expr.walk():
            if node.kind == "SUBLINK":
                return False
            if node.kind == "VAR" and not node.number("varlevelsup") and node.number("varno") not in self._pinned:
                return False
            function = self._references.function(node.number("funcid") or node.number("opfuncid"))
            if node.kind in {"FUNCEXPR", "OPEXPR"} and (function is None or function.is_volatile):
                return False
        return True


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
