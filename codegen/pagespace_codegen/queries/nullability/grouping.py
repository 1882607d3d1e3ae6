"""GROUP BY: which keys grouping sets replace by NULL, and whether a group can be empty (manual, section 7.2.4).

Up to PostgreSQL 17 a key is repeated wherever it is used; from 18 it is a column of an entry of the range table.
"""

from __future__ import annotations

from functools import cached_property

from pagespace_codegen.queries.nullability.narrowing import ColumnKey
from pagespace_codegen.queries.tree.enums import GroupingSet
from pagespace_codegen.queries.tree.nodetree import Node, Value


class Grouping:
    """The GROUP BY clause of a query."""

    def __init__(self, query: Node) -> None:
        self._query = query

    @cached_property
    def _always(self) -> frozenset[int]:
        """The keys that are in every grouping set, by their numbers."""
        keys = {clause.number("tleSortGroupRef") for clause in self._query.nodes("groupClause")}
        sets = self._query.nodes("groupingSets")
        if not sets:
            return frozenset(keys)
        # Several items of GROUP BY are multiplied: every resulting set has the keys that one item always has.
        return frozenset[int]().union(*map(_keys_of_all_sets, sets))

    @property
    def groups_have_rows(self) -> bool:
        """Whether no group is empty; the group of the empty grouping set is there even for no rows."""
        return bool(self._always)

    @cached_property
    def _keys(self) -> tuple[tuple[Node, bool], ...]:
        """The keys, and whether each is in every grouping set; all are in it unless there are grouping sets."""
        grouped = {clause.number("tleSortGroupRef") for clause in self._query.nodes("groupClause")}
        entries = [(e.node("expr"), e.number("ressortgroupref")) for e in self._query.nodes("targetList")]
        return tuple((expr, ref in self._always) for expr, ref in entries if expr is not None and ref in grouped)

    @cached_property
    def _nulled(self) -> frozenset[Value]:
        return frozenset(expr.shape() for expr, is_always in self._keys if not is_always)

    @cached_property
    def _kept(self) -> frozenset[Value]:
        return frozenset(expr.shape() for expr, is_always in self._keys if is_always) - self._nulled

    @cached_property
    def _kept_columns(self) -> frozenset[ColumnKey]:
        kept = (expr for expr, is_always in self._keys if is_always and expr.kind == "VAR")
        return frozenset(ColumnKey(var.number("varno"), var.number("varattno")) for var in kept)

    def nulls(self, expr: Node) -> bool:
        """Return whether an expression is a key that some grouping set lacks."""
        return bool(self._nulled) and expr.shape() in self._nulled

    def keeps(self, expr: Node) -> bool:
        """Return whether an expression is a key of every grouping set, where some set lacks another key."""
        return bool(self._nulled) and expr.shape() in self._kept

    def nulls_column(self, key: ColumnKey) -> bool:
        """Return whether a column outside of aggregates may be, or hang on, a key that some grouping set lacks.

        A key may be spelled in two ways, as a column of a table and as one of a join that has an alias. Only a column
        that is itself a key of all sets is surely none of that.
        """
        return bool(self._nulled) and key not in self._kept_columns


def _keys_of_all_sets(item: Node) -> frozenset[int]:
    """Return the keys that all the sets of one item of GROUP BY have."""
    match item.number("kind"):
        case GroupingSet.SIMPLE:
            return frozenset(item.numbers("content"))
        case GroupingSet.SETS:
            parts = [_keys_of_all_sets(part) for part in item.nodes("content")]
            return parts[0].intersection(*parts[1:]) if parts else frozenset()
        case _:  # ROLLUP and CUBE have the empty set, as has `()`
            return frozenset()
