"""The types of parameters and columns by their qualified names, as the catalog has them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, LiteralString

from psycopg import Connection

from pagespace_codegen.catalog.model import QualifiedName, TypeRef

_TYPES: Final[LiteralString] = """
SELECT t.oid, n.nspname, base.typname, base.oid <> t.oid, pg_catalog.format_type(t.oid, NULL)
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_type base
  ON base.oid = CASE WHEN t.typsubscript = 'array_subscript_handler'::regproc THEN t.typelem ELSE t.oid END
JOIN pg_catalog.pg_namespace n ON n.oid = base.typnamespace
WHERE t.oid = ANY (%s::oid[])
"""


def load_type_refs(connection: Connection[Any], oids: Iterable[int]) -> dict[int, TypeRef]:
    """Return the types by oid; their texts name the schema of whatever is not PostgreSQL's own."""
    with connection.transaction():
        connection.execute("SET LOCAL search_path = pg_catalog")
        rows = connection.execute(_TYPES, [sorted(set(oids))]).fetchall()
    return {
        oid: TypeRef(name=QualifiedName(schema, name), is_array=is_array, text=text, text_unmodified=text)
        for oid, schema, name, is_array, text in rows
    }
