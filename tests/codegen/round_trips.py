"""A row of made-up values goes into every table of a generated package and comes out again, whatever the schema.

The server says which values a type has: of a list of literals the first that its input function takes. As all columns
of a type get the same value, foreign keys find their rows, and so do the relations made of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from types import ModuleType
from typing import Any, Final

from psycopg import Connection, sql
from psycopg.errors import ObjectNotInPrerequisiteState

from pagespace_db import Database, delete, insert, query, select
from pagespace_db.builder.columns import Source, Table, View
from pagespace_db.builder.relational.relations import Relation
from pagespace_db.connect import connect, parse_conninfo, render_url

_LITERALS: Final = (
    "1", "{1}", "2020-02-29", "00:30", "(1,2)", "((0,0),(1,1))", "<(0,0),1>", "{1,2,3}", "[1,2)", "{[1,2)}",
    "[a,b)", "[2020-01-01,2021-01-01)", "empty", "{}", "10.0.0.1", "08:00:2b:01:02:03", "08:00:2b:ff:fe:01:02:03",
    "0b7e2d9c-6d0a-4b0f-9d3c-111111111111", "0/1A", "1:1:", "a", "aa", "true", '"a"=>"1"', "{a}", "978-0-393-04002-9",
    "1:2:3", "(1,1)", "[1,2,3]", "[0,1]", "$.a", "(0,1)", "1/3", *("(" + "," * commas + ")" for commas in range(30)),
)  # fmt: skip

_PREPARE: Final = """
DO $$
DECLARE found record;
BEGIN
    FOR found IN SELECT format('TRUNCATE %s CASCADE', pg_class.oid::regclass) AS statement
                   FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
                  WHERE relkind IN ('r', 'p') AND nspname !~ '^pg_' AND nspname <> 'information_schema'
                 UNION ALL
                 SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)
                   FROM pg_constraint WHERE contype IN ('c', 'x') AND conrelid <> 0 AND coninhcount = 0
                 UNION ALL
                 SELECT format('ALTER DOMAIN %s DROP CONSTRAINT %I', contypid::regtype, conname)
                   FROM pg_constraint JOIN pg_type t ON t.oid = contypid
                  WHERE contype = 'c' AND typnamespace <> 'information_schema'::regnamespace
                 UNION ALL
                 SELECT format('CREATE TABLE %I.%I PARTITION OF %s %s', relnamespace::regnamespace,
                               'rest_of_' || partrelid, partrelid::regclass,
                               CASE partstrat WHEN 'h' THEN 'FOR VALUES WITH (MODULUS 1, REMAINDER 0)'
                                              ELSE 'DEFAULT' END)
                   FROM pg_partitioned_table JOIN pg_class ON pg_class.oid = partrelid
                  WHERE partdefid = 0 AND NOT (partstrat = 'h' AND EXISTS (
                        SELECT FROM pg_inherits WHERE inhparent = partrelid))
    LOOP EXECUTE found.statement; END LOOP;
END $$;
CREATE FUNCTION pg_temp.sample(type text, literals text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE literal text;
BEGIN
    FOREACH literal IN ARRAY literals LOOP
        BEGIN
            EXECUTE format('SELECT %L::%s', literal, type);
            RETURN literal;
        EXCEPTION WHEN OTHERS THEN NULL;
        END;
    END LOOP;
    RETURN NULL;
END $$;
"""
_COLUMNS: Final = """
SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
       a.attnotnull AND NOT a.atthasdef
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY c.oid, a.attnum
"""


def check_round_trips(package: ModuleType, superuser_conninfo: str) -> list[str]:
    """Return what went wrong: tables whose row came back as another, relations that did not load.

    The database loses its CHECK constraints, and holds the rows afterwards.
    """
    wrong: list[str] = []
    # Foreign keys, triggers and rules do not run: what is written is what is read.
    conninfo = render_url(parse_conninfo(superuser_conninfo) | {"options": "-c session_replication_role=replica"})
    with connect(conninfo, autocommit=True) as connection:
        connection.execute("SET search_path = pg_catalog")
        connection.execute(_PREPARE.encode())
        filled = _fill(connection)
    # A foreign table, or one that requires a value of a type that has none, stays out.
    writable: list[Table[Any, Any, Any]] = []
    readable: list[Source[Any]] = []
    for source in vars(package).values():
        if issubclass(type(source), Table) and (source._schema, source._name) in filled:
            writable.append(source)
        elif issubclass(type(source), View):
            readable.append(source)
    with Database(conninfo) as database:
        wrong += _rewrite(database, writable)
        for source in (*writable, *readable):
            wrong += _load_relations(database, source)
    return wrong


def _fill(connection: Connection[Any]) -> set[tuple[str, str]]:
    """Insert a row into each table by plain SQL; return schema and name of those tables."""
    labels = connection.execute("SELECT DISTINCT ON (enumtypid) enumlabel FROM pg_enum ORDER BY enumtypid").fetchall()
    literals = [*_LITERALS, *(label for (label,) in labels)]
    samples: dict[str, str | None] = {}
    values: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    impossible: set[tuple[str, str]] = set()
    for schema, name, column, type_text, is_required in connection.execute(_COLUMNS).fetchall():
        row = values[schema, name]
        if column is None:
            continue  # a table without columns has rows all the same
        if type_text not in samples:
            samples[type_text] = _sample(connection, type_text, literals)
        sample = samples[type_text]
        if sample is not None:
            row[column] = sample
        elif is_required:
            impossible.add((schema, name))
    filled = values.keys() - impossible
    for table in filled:
        into = sql.SQL("INSERT INTO {}").format(sql.Identifier(*table)).as_string(connection)
        columns = sql.SQL(", ").join(map(sql.Identifier, values[table])).as_string(connection)
        given = f"({columns}) OVERRIDING SYSTEM VALUE VALUES ({', '.join(values[table].values())})"
        connection.execute(f"{into} {given if values[table] else 'DEFAULT VALUES'}".encode())
    return filled


def _sample(connection: Connection[Any], type_text: str, literals: Sequence[str]) -> str | None:
    """Return an expression of a type, or None for a type without values."""
    dimensions = re.fullmatch(r".*vector\((\d+)\)", type_text)
    if dimensions:
        literals = [f"[{','.join('1' * int(dimensions[1]))}]"]
    row = connection.execute("SELECT pg_temp.sample(%s, %s)", (type_text, list(literals))).fetchone()
    # A cast fits a value to `bit(8)`, where an assignment would fail.
    return None if row is None or row[0] is None else f"{sql.Literal(row[0]).as_string(connection)}::{type_text}"


def _rewrite(database: Database, tables: Sequence[Table[Any, Any, Any]]) -> list[str]:
    """Read the row of each table, delete all rows and write them again: they must come back the same."""
    written = {table: _values(table, database.all(select(table).from_(table))[0]) for table in tables}
    for table in tables:
        database.execute(delete(table).all_rows())
    for table, values in written.items():
        database.execute(insert(table).values(values))
    read = {table: [_values(table, row) for row in database.all(select(table).from_(table))] for table in tables}
    # A parent has the rows of the tables that inherit from it, too.
    return [
        f"{table!r}: wrote {written[table]}, read {rows}" for table, rows in read.items() if written[table] not in rows
    ]


def _values(table: Table[Any, Any, Any], row: object) -> dict[str, object]:
    """Return the values of a row that can be written."""
    return {column._attribute: getattr(row, column._attribute) for column in table._columns if not column._generated}


def _load_relations(database: Database, table: Source[Any]) -> list[str]:
    wrong: list[str] = []
    try:
        rows = database.all(select(table).from_(table))
    except ObjectNotInPrerequisiteState:
        return []  # a view of a foreign table, behind which there is nothing
    for name, member in vars(type(table)).items():
        if isinstance(member, Relation):
            relation: Relation[Any, Any] = getattr(table, name)
            found = database.all(query(table).include(relation))
            if len(found) != len(rows):
                wrong.append(f"{table!r}.{name}: {len(found)} rows with their relation, {len(rows)} without")
    return wrong
