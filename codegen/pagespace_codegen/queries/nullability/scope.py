"""What the rules for expressions ask of the query around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from pagespace_codegen.queries.nullability.narrowing import ColumnKey
from pagespace_codegen.queries.nullability.verdict import Verdict
from pagespace_codegen.queries.tree.nodetree import Node
from pagespace_codegen.queries.tree.references import References


@dataclass(frozen=True, slots=True, kw_only=True)
class SubqueryResult:
    """The columns of a query in an expression, and whether it surely returns a row."""

    columns: tuple[Verdict, ...]
    has_row: bool


class Scope(Protocol):
    """The place where an expression stands."""

    @property
    def references(self) -> References:
        """What the catalog says of the objects that the query names."""
        ...

    def groups_have_rows(self) -> bool:
        """Whether every group that an aggregate sees holds at least one row."""
        ...

    def has_one_set_returning_call(self) -> bool:
        """Whether the target list holds a single set-returning function, so that nothing is padded with NULL."""
        ...

    def column(self, var: Node) -> Verdict:
        """Return the verdict on a VAR, at whatever level it belongs to."""
        ...

    def parameter(self, number: int) -> Verdict:
        """Return the verdict on `$number`."""
        ...

    def sublink_column(self, number: int) -> Verdict:
        """Return the verdict on column `number` of the subquery that the expression is compared with."""
        ...

    def is_nulled_by_grouping_sets(self, expr: Node) -> bool:
        """Return whether grouping sets replace the expression by NULL in some rows."""
        ...

    def is_key_of_all_grouping_sets(self, expr: Node) -> bool:
        """Return whether the expression is a key of GROUP BY that grouping sets leave alone."""
        ...

    def before_grouping(self) -> Scope:
        """Return the scope of what is inside an aggregate or a key of GROUP BY."""
        ...

    def assuming(self, proven: frozenset[ColumnKey]) -> Scope:
        """Return the scope of a branch in which these columns are not NULL."""
        ...

    def of_other_rows(self) -> Scope:
        """Return this scope without what a branch of CASE knows of its row."""
        ...

    def with_sublink(self, columns: tuple[Verdict, ...]) -> Scope:
        """Return this scope with the columns of a subquery to compare with."""
        ...

    def window(self, number: int) -> Node | None:
        """Return the WINDOWCLAUSE of that number."""
        ...

    def subquery(self, query: Node) -> SubqueryResult:
        """Return what a query nested in the expression gives."""
        ...
