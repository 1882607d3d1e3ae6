"""Constraints and unique indexes -> the constants that errors are compared with and upserts name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from pagespace_codegen.catalog.model import Catalog, ConstraintKind, QualifiedName
from pagespace_codegen.python.naming import constraint_names
from pagespace_codegen.python.package import ConstraintClass, ConstraintPlan

_CLASSES: Final[Mapping[ConstraintKind, ConstraintClass]] = {
    ConstraintKind.CHECK: ConstraintClass.PLAIN,
    ConstraintKind.EXCLUSION: ConstraintClass.EXCLUSION,
    ConstraintKind.FOREIGN_KEY: ConstraintClass.PLAIN,
    ConstraintKind.PRIMARY_KEY: ConstraintClass.UNIQUE,
    ConstraintKind.UNIQUE: ConstraintClass.UNIQUE,
}


def plan_constraints(catalog: Catalog) -> Mapping[QualifiedName, tuple[ConstraintPlan, ...]]:
    """Return the constants of each table, sorted by the names in the database.

    NOT NULL has none: the server names the column that it is about, never the constraint.
    """
    found: defaultdict[QualifiedName, dict[str, tuple[ConstraintClass, str | None]]] = defaultdict(dict)
    for constraint in catalog.constraints:
        found[constraint.relation][constraint.name] = _CLASSES[constraint.kind], None
    for index in catalog.indexes:
        if index.is_unique and index.constraint is None:
            # A check may have the name of an index; what an upsert can name wins.
            found[index.relation][index.name.name] = ConstraintClass.UNIQUE_INDEX, index.inference
    plans: dict[QualifiedName, tuple[ConstraintPlan, ...]] = {}
    for table, kinds in found.items():
        names = constraint_names(table.name, kinds)
        plans[table] = tuple(
            ConstraintPlan(db=db, py=names[db], kind=kind, inference=inference)
            for db, (kind, inference) in sorted(kinds.items())
        )
    return plans
