"""Which module a table stands in, and what the tables of a package are called: one namespace for the whole package."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pagespace_codegen.catalog.model import VIEWS, QualifiedName, Relation
from pagespace_codegen.python.naming import attribute_name, attribute_names, class_name, free_name, singular_name
from pagespace_codegen.python.package import TableNames
from pagespace_codegen.python.resolution.overrides import HOME_SCHEMA, Overrides, matches_table

DEFAULT_MODULE: Final = "tables"
RESERVED_MODULES: Final = frozenset({"queries", "registry", "types"})
_RESERVED_TABLES: Final = frozenset({"annotations"})
"""What every module imports from `__future__`, where no name can be changed."""


def module_of(name: QualifiedName, modules: Mapping[str, Sequence[str]]) -> str:
    """Return the module of a table: the first that is configured for it, else one for each schema."""
    for module, patterns in modules.items():
        if any(matches_table(pattern, name) for pattern in patterns):
            return module
    if name.schema == HOME_SCHEMA:
        return DEFAULT_MODULE
    module = attribute_name(name.schema, prefix="s")
    return f"{module}_" if module in RESERVED_MODULES else module


def table_names(relations: Iterable[Relation], overrides: Overrides) -> dict[QualifiedName, TableNames]:
    """Return the Python names of every relation.

    A table of another schema that would share a name with one of `public` has its schema in front: `auth_users`.
    """
    by_schema: defaultdict[str, list[str]] = defaultdict(list)
    views: set[QualifiedName] = set()
    for relation in relations:
        if relation.kind in VIEWS:
            views.add(relation.name)
        by_schema[relation.name.schema].append(relation.name.name)
    tables: dict[QualifiedName, str] = {}
    for schema, dbs in by_schema.items():
        configured = {
            db: table
            for db in dbs
            for table in [overrides.table_names.get(QualifiedName(schema, db), (None, None))[0]]
            if table is not None
        }
        names = attribute_names(dbs, prefix="t", overrides=configured)
        tables.update((QualifiedName(schema, db), free_name(py, _RESERVED_TABLES)) for db, py in names.items())
    rows = {name: _row_name(name, py, overrides) for name, py in tables.items()}
    for name in _strangers(tables) | _strangers(rows):
        table, row = overrides.table_names.get(name, (None, None))
        schema = attribute_name(name.schema, prefix="s")
        if table is None:
            tables[name] = f"{schema}_{tables[name]}"
        if row is None:
            rows[name] = class_name(schema) + rows[name]
    return {name: _names(py, rows[name], "View" if name in views else "Table") for name, py in tables.items()}


def _row_name(name: QualifiedName, table: str, overrides: Overrides) -> str:
    configured = overrides.table_names.get(name, (None, None))[1]
    if configured is not None:
        return configured
    row = class_name(singular_name(table))
    # A script without capitals: the class would be called like the table object.
    return f"{row}Row" if row == table else row


def _names(table: str, row: str, kind: str) -> TableNames:
    return TableNames(
        table=table, table_class=f"{class_name(table)}{kind}", row=row, insert=f"{row}Insert", update=f"{row}Update"
    )


def _strangers(names: Mapping[QualifiedName, str]) -> set[QualifiedName]:
    """Return the tables outside of `public` whose name is also that of a table in another schema."""
    schemas: defaultdict[str, set[str]] = defaultdict(set)
    for name, py in names.items():
        schemas[py].add(name.schema)
    return {name for name, py in names.items() if len(schemas[py]) > 1 and name.schema != HOME_SCHEMA}
