"""The columns of stored rows: what constraints and the expressions of generated columns guarantee."""

from __future__ import annotations

from dataclasses import dataclass

from pagespace_codegen.queries.nullability.expressions import expression_verdict
from pagespace_codegen.queries.nullability.narrowing import ColumnKey, Narrowing
from pagespace_codegen.queries.nullability.scope import SubqueryResult
from pagespace_codegen.queries.nullability.verdict import Verdict, maybe_null, never_null
from pagespace_codegen.queries.tree.enums import EntryKind
from pagespace_codegen.queries.tree.nodetree import Node
from pagespace_codegen.queries.tree.references import References, Relation

_OWN_ENTRY = 1  # a CHECK constraint and a generated column see the row as the first entry of a range table


def stored_column(relation: Relation, attribute: int, references: References, *, is_only: bool = False) -> Verdict:
    """Return the verdict on a column of a table; `is_only` leaves out inheritance children."""
    if attribute == 0:
        return never_null(f"a row of {relation.name}")
    if not relation.stores_rows:
        return maybe_null(f"{relation.name} is kept elsewhere, where no constraint of ours is enforced")
    if attribute < 0:
        return never_null("a system column")
    column = relation.columns.get(attribute)
    if column is None:
        return maybe_null("nothing is known of the column")
    name = f"{relation.name}.{column.name}"
    if column.is_not_null or (is_only and column.is_not_null_here):
        return never_null(f"{name} is NOT NULL")
    narrowing = Narrowing(references)
    if any(ColumnKey(_OWN_ENTRY, attribute) in narrowing.if_checked(check) for check in relation.checks):
        return never_null(f"a CHECK constraint keeps NULL out of {name}")
    if column.generated is not None:
        verdict = expression_verdict(column.generated, _RowScope(relation, references))
        return Verdict(is_nullable=verdict.is_nullable, why=f"{name} is generated: {verdict.why}")
    return maybe_null(f"{name} may be NULL")


def written_column(relation: Relation, attribute: int, references: References) -> Verdict:
    """Return the verdict on a column of a row that was just written, perhaps through a view.

    The view's conditions do not bind the new row, unless there is a CHECK OPTION: only the constraints of its table do.
    """
    if not relation.is_view or attribute == 0:
        return stored_column(relation, attribute, references)
    entries = relation.definition.nodes("targetList") if relation.definition is not None else ()
    expr = next((entry.node("expr") for entry in entries if entry.number("resno") == attribute), None)
    if relation.definition is None or relation.rewrites_writes or expr is None or expr.kind != "VAR":
        return maybe_null("a view decides what is returned")
    source = relation.definition.nodes("rtable")[expr.number("varno") - 1]
    below = references.relation(source.number("relid"))
    is_relation = source.number("rtekind") == EntryKind.RELATION and not expr.number("varlevelsup")
    if below is None or not is_relation or below.rewrites_writes:
        return maybe_null("a view decides what is returned")
    return written_column(below, expr.number("varattno"), references)


@dataclass(frozen=True, slots=True)
class _RowScope:
    """The scope of the expression of a generated column: one row, nothing around it."""

    relation: Relation
    references: References

    def groups_have_rows(self) -> bool:
        return False

    def has_one_set_returning_call(self) -> bool:
        return False

    def column(self, var: Node) -> Verdict:
        return stored_column(self.relation, var.number("varattno"), self.references)

    def parameter(self, number: int) -> Verdict:
        return maybe_null(f"parameter ${number}")

    def sublink_column(self, number: int) -> Verdict:
        return maybe_null(f"column {number} of a subquery")

    def is_nulled_by_grouping_sets(self, expr: Node) -> bool:
        return False

    def is_key_of_all_grouping_sets(self, expr: Node) -> bool:
        return False

    def before_grouping(self) -> _RowScope:
        return self

    def assuming(self, proven: frozenset[ColumnKey]) -> _RowScope:
        return self

    def of_other_rows(self) -> _RowScope:
        return self

    def with_sublink(self, columns: tuple[Verdict, ...]) -> _RowScope:
        return self

    def window(self, number: int) -> Node | None:
        return None

    def subquery(self, query: Node) -> SubqueryResult:
        return SubqueryResult(columns=(maybe_null("a subquery"),), has_row=False)
