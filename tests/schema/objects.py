"""Every object of a database as text, read from the server's own catalogs, so that two databases can be compared.

Texts of two servers must not be compared: what the server prints changes even between minor releases.
"""

from __future__ import annotations

from typing import Final, LiteralString

import psycopg

# Each query gives (identity, definition). Members of extensions and the runner's own tables are left out.
_FAMILIES: Final[dict[str, LiteralString]] = {
    "extension": "SELECT extname, extnamespace::regnamespace::text FROM pg_extension",
    "enum": """
        SELECT t.oid::regtype::text, string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
          FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid
         GROUP BY t.oid""",
    "domain": """
        SELECT t.oid::regtype::text,
               concat_ws(' ', format_type(t.typbasetype, t.typtypmod), t.typdefault, t.typnotnull,
                         t.typcollation::regcollation)
          FROM pg_type t WHERE t.typtype = 'd' AND t.oid >= 16384""",
    "relation": """
        SELECT c.oid::regclass::text,
               concat_ws(' ', c.relkind, c.relpersistence, c.reloptions, c.relacl, c.relreplident, c.relrowsecurity,
                         c.relam, pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid),
                         (SELECT inhparent::regclass FROM pg_inherits WHERE inhrelid = c.oid))
          FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'c', 'S', 'f') AND c.oid >= 16384
           AND c.relnamespace::regnamespace::text NOT LIKE 'pg\\_%'""",
    "column": """
        SELECT format('%s.%I', c.oid::regclass, a.attname),
               concat_ws(' ', row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum),
                         format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'NOT NULL' END,
                         'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), 'identity ' || nullif(a.attidentity::text, ''),
                         'generated ' || nullif(a.attgenerated::text, ''), a.attcollation::regcollation, a.attstorage,
                         nullif(a.attcompression::text, ''))
          FROM pg_class c
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
          LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
         WHERE c.relkind IN ('r', 'p', 'v', 'm', 'c', 'f') AND c.oid >= 16384
           AND c.relnamespace::regnamespace::text NOT LIKE 'pg\\_%'""",
    "constraint": """
        SELECT format('%s %I', coalesce(nullif(conrelid, 0)::regclass::text, contypid::regtype::text), conname),
               concat_ws(' ', pg_get_constraintdef(oid), convalidated, coninhcount)
          FROM pg_constraint WHERE oid >= 16384""",
    "index": """
        SELECT indexrelid::regclass::text,
               concat_ws(' ', pg_get_indexdef(indexrelid), indisvalid, indisclustered, indisreplident)
          FROM pg_index WHERE indexrelid >= 16384 AND indexrelid::regclass::text NOT LIKE 'pg\\_toast.%'""",
    "view": """
        SELECT oid::regclass::text, pg_get_viewdef(oid) FROM pg_class WHERE relkind IN ('v', 'm') AND oid >= 16384""",
    "function": """
        SELECT p.oid::regprocedure::text, pg_get_functiondef(p.oid)
          FROM pg_proc p
         WHERE p.oid >= 16384
           AND NOT EXISTS (SELECT FROM pg_depend d
                            WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')""",
    "trigger": """
        SELECT format('%s %I', tgrelid::regclass, tgname), concat_ws(' ', pg_get_triggerdef(oid), tgenabled)
          FROM pg_trigger WHERE NOT tgisinternal""",
    "sequence": """
        SELECT s.seqrelid::regclass::text,
               concat_ws(' ', format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax,
                         s.seqcache, s.seqcycle, d.deptype, d.refobjid::regclass, d.refobjsubid)
          FROM pg_sequence s
          LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid
                               AND d.deptype IN ('a', 'i')""",
    "comment": """
        SELECT concat_ws(' ', o.type, o.identity), d.description
          FROM pg_description d, pg_identify_object(d.classoid, d.objoid, d.objsubid) o
         WHERE d.objoid >= 16384
           AND NOT EXISTS (SELECT FROM pg_depend e
                            WHERE e.classid = d.classoid AND e.objid = d.objoid AND e.deptype = 'e')""",
}
_OF_THE_RUNNER: Final = "schema_migrations"


def read_objects(conninfo: str) -> dict[str, str]:
    """Return every object of a database: what it is and its name, to its definition."""
    with psycopg.connect(conninfo) as connection:
        connection.execute("SET search_path = pg_catalog")
        connection.execute("SET TimeZone = 'UTC'")
        return {
            f"{family} {identity}": definition
            for family, query in _FAMILIES.items()
            for identity, definition in connection.execute(query)
            if _OF_THE_RUNNER not in identity
        }


def render_difference(actual: dict[str, str], expected: dict[str, str]) -> str:
    """Return what is missing, left over or different, a paragraph for each object; empty when all is equal."""
    paragraphs: list[str] = []
    for name in sorted(actual.keys() | expected.keys()):
        if name not in actual:
            paragraphs.append(f"missing {name}\n  {expected[name]}")
        elif name not in expected:
            paragraphs.append(f"left over {name}\n  {actual[name]}")
        elif actual[name] != expected[name]:
            paragraphs.append(f"different {name}\n  expected {expected[name]}\n  actual   {actual[name]}")
    return "\n".join(paragraphs)
