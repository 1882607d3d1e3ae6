"""Database -> catalog: one read-only snapshot, one SQL file for each family of objects.

The queries run under `search_path = pg_catalog`, so that the server prints every other name with its schema, and go
out together in one pipeline.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any, Final, TypeVar

from psycopg import Connection, Cursor, IsolationLevel
from psycopg.rows import kwargs_row

from pagespace_codegen.catalog import rows
from pagespace_codegen.catalog.model import Catalog

T = TypeVar("T")

# What the deparsed text depends on; `pg_dump` pins the same settings. To compile queries that run once costs more than
# it saves.
_SESSION: Final = """
SELECT set_config(name, value, true) FROM (VALUES
    ('search_path', 'pg_catalog'),
    ('quote_all_identifiers', 'off'),
    ('DateStyle', 'ISO, YMD'),
    ('IntervalStyle', 'postgres'),
    ('extra_float_digits', '1'),
    ('TimeZone', 'UTC'),
    ('xmloption', 'content'),
    ('jit', 'off')
) AS settings (name, value)
"""


def introspect(connection: Connection[Any]) -> Catalog:
    """Return the catalog of the database that `connection` is connected to.

    The connection must be outside of a transaction, and is left outside of one.
    """
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    try:
        with connection.transaction(), connection.pipeline():
            connection.execute(_SESSION)
            schemas = _send(connection, "schemas", rows.make_schema)
            extensions = _send(connection, "extensions", rows.make_extension)
            enums = _send(connection, "enums", rows.make_enum)
            domains = _send(connection, "domains", rows.make_domain)
            composites = _send(connection, "composites", rows.make_composite_field)
            ranges = _send(connection, "ranges", rows.make_range)
            base_types = _send(connection, "base_types", rows.make_base_type)
            relations = _send(connection, "relations", rows.make_relation)
            columns = _send(connection, "columns", rows.make_column)
            constraints = _send(connection, "constraints", rows.make_constraint)
            indexes = _send(connection, "indexes", rows.make_index)
            return Catalog(
                server_version=connection.info.server_version,
                schemas=tuple(schemas.fetchall()),
                extensions=tuple(extensions.fetchall()),
                enums=tuple(enums.fetchall()),
                domains=tuple(domains.fetchall()),
                composites=rows.assemble_composites(composites.fetchall()),
                ranges=tuple(ranges.fetchall()),
                base_types=tuple(base_types.fetchall()),
                relations=rows.assemble_relations(relations.fetchall(), columns.fetchall()),
                constraints=tuple(constraints.fetchall()),
                indexes=tuple(indexes.fetchall()),
            )
    finally:
        connection.isolation_level = None
        connection.read_only = None


def _send(connection: Connection[Any], family: str, make: Callable[..., T]) -> Cursor[T]:
    return connection.cursor(row_factory=kwargs_row(make)).execute(_load_query(family))


@cache
def _load_query(family: str) -> bytes:
    return (files("pagespace_codegen.catalog") / "sql" / f"{family}.sql").read_bytes()
