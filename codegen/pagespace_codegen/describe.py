"""What the server's own analysis adds to a catalog: which columns of views can be NULL."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from psycopg import Connection

from pagespace_codegen.catalog.model import VIEWS, Catalog, QualifiedName, Relation
from pagespace_codegen.queries.views import view_columns


def describe_views(catalog: Catalog, connection: Connection[Any]) -> Catalog:
    """Return the catalog with `is_not_null` for the columns of views that can never be NULL.

    `connection` is to the database that the catalog was read from.
    """
    if not any(relation.kind in VIEWS for relation in catalog.relations):
        return catalog
    oids = {
        QualifiedName(schema, name): int(oid)
        for schema, name, oid in connection.execute(
            "SELECT n.nspname, c.relname, c.oid::int8 FROM pg_catalog.pg_class c"
            " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('v', 'm')"
        )
    }
    views = {name: oid for name, oid in oids.items() if name in {relation.name for relation in catalog.relations}}
    verdicts = view_columns(connection, views.values())
    not_null = {
        (name, attribute)
        for name, oid in views.items()
        for attribute, verdict in verdicts[oid].items()
        if not verdict.is_nullable
    }

    def described(relation: Relation) -> Relation:
        # No column of a view can be dropped, so that numbers of attributes and places of columns agree.
        columns = tuple(
            replace(column, is_not_null=True) if (relation.name, attribute) in not_null else column
            for attribute, column in enumerate(relation.columns, 1)
        )
        return replace(relation, columns=columns)

    return replace(
        catalog,
        relations=tuple(described(relation) if relation.kind in VIEWS else relation for relation in catalog.relations),
    )
