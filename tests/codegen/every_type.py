"""Every type of PostgreSQL 14 to 18 and of the usual extensions: a table with a value, arrays and a matrix of each."""

from __future__ import annotations

from typing import Final

DEFINITIONS: Final = """
CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE EXTENSION ltree; CREATE EXTENSION cube; CREATE EXTENSION seg;
CREATE EXTENSION isn; CREATE EXTENSION intarray; CREATE EXTENSION lo;
CREATE TYPE mood AS ENUM ('happy', 'so "so"', 'it''s, {bad}', '');
CREATE DOMAIN word AS text CHECK (VALUE <> 'no');
CREATE DOMAIN short_word AS word CHECK (length(VALUE) < 9);
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN moods AS mood;
CREATE DOMAIN document AS jsonb;
CREATE DOMAIN words AS text[];
CREATE DOMAIN documents AS jsonb[];
CREATE TYPE inner_type AS (x int, y text, m mood, j jsonb, k json[], b bytea);
CREATE TYPE outer_type AS (one inner_type, many inner_type[], n numeric, w short_word, t timestamptz, d document);
CREATE DOMAIN outer_domain AS outer_type;
CREATE TYPE float_range AS RANGE (subtype = float8);
CREATE TYPE text_range AS RANGE (subtype = text);
CREATE DOMAIN int_range AS int4range;
"""

VALUES: Final[tuple[tuple[str, str], ...]] = (
    ("boolean", "true"),
    ("smallint", "'-32768'"),
    ("integer", "2147483647"),
    ("bigint", "9007199254740993"),
    ("real", "1.5"),
    ("double precision", "0.1"),
    ("double precision", "'-Infinity'"),
    ("numeric", "12.30"),
    ("numeric(50,20)", "123456789012345678901234567890.12345678901234567890"),
    ("numeric", "'-Infinity'"),
    ("text", r"E'a''b\"c\\d\n\t,{}()%s é😀'"),
    ("text", "''"),
    ("text", "'NULL'"),
    ("varchar(10)", "'v'"),
    ("char(3)", "'c'"),
    ('"char"', "'x'"),
    ("name", "'n'"),
    ("bytea", r"'\x00ff5c27'"),
    ("uuid", "'00000000-0000-0000-0000-000000000001'"),
    ("date", "'2026-02-28'"),
    ("time", "'23:59:59.999999'"),
    ("timetz", "'12:00:00.5+02:30'"),
    ("timestamp", "'2026-01-01 00:00:00.000001'"),
    ("timestamptz", "'2026-01-01 00:00:00.123+00'"),
    ("interval", "'-1 day 02:03:04.5'"),
    ("json", "'{\"a\": [1, null]}'"),
    ("json", "'\"123\"'"),
    ("jsonb", "'\"123\"'"),
    ("jsonb", '\'[1, 2.5, "x", {"k": null}]\''),
    ("jsonpath", "'$.\"a\"[*]'"),
    ("inet", "'10.0.0.1'"),
    ("inet", "'10.0.0.1/24'"),
    ("inet", "'::1'"),
    ("cidr", "'10.0.0.0/24'"),
    ("macaddr", "'08:00:2b:01:02:03'"),
    ("macaddr8", "'08:00:2b:01:02:03:04:05'"),
    ("point", "'(1,2)'"),
    ("line", "'{1,2,3}'"),
    ("lseg", "'[(1,2),(3,4)]'"),
    ("box", "'(3,4),(1,2)'"),
    ("path", "'((1,2),(3,4))'"),
    ("polygon", "'((1,2),(3,4),(5,6))'"),
    ("circle", "'<(1,2),3>'"),
    ("bit", "B'1'"),
    ("bit(5)", "B'10101'"),
    ("varbit", "B'101'"),
    ("money", "'$1,234.50'"),
    ("tsvector", "'a:1B b:2'"),
    ("tsquery", "'a & !b'"),
    ("pg_lsn", "'16/B374D848'"),
    ("pg_snapshot", "'10:20:10,14'"),
    ("txid_snapshot", "'10:20:10,14'"),
    ("oid", "7"),
    ("regclass", "'pg_class'"),
    ("regtype", "'int4'"),
    ("regproc", "'now'"),
    ("regprocedure", "'now()'"),
    ("regrole", "'pg_monitor'"),
    ("regnamespace", "'public'"),
    ("regconfig", "'english'"),
    ("regdictionary", "'simple'"),
    ("regoper", "'||/'"),
    ("regoperator", "'+(integer,integer)'"),
    ("regcollation", "'\"C\"'"),
    ("xid", "'3'"),
    ("xid8", "'5'"),
    ("cid", "'4'"),
    ("tid", "'(0,1)'"),
    ("refcursor", "'c'"),
    ("int4range", "'[1,5)'"),
    ("int4range", "'empty'"),
    ("int8range", "'[1,)'"),
    ("numrange", "'(1.5,2.5]'"),
    ("daterange", "'[2026-01-01,2026-02-01)'"),
    ("tsrange", "'[2026-01-01 00:00,)'"),
    ("tstzrange", "'(,2026-01-01 00:00+00)'"),
    ("int4multirange", "'{[1,2),[5,6)}'"),
    ("int8multirange", "'{[1,)}'"),
    ("nummultirange", "'{}'"),
    ("datemultirange", "'{[2026-01-01,2026-01-02)}'"),
    ("tsmultirange", "'{}'"),
    ("tstzmultirange", "'{}'"),
    ("mood", "'so \"so\"'"),
    ("mood", "''"),
    ("word", "'a'"),
    ("short_word", "'b'"),
    ("positive", "5"),
    ("moods", "'it''s, {bad}'"),
    ("document", "'{\"a\": 1}'"),
    ("document", "'[1,[2]]'"),
    ("int_range", "'[1,3)'"),
    ("inner_type", r"""ROW(1, 'a,"(b', NULL, '{"k": [1]}', ARRAY['[]', '{}']::json[], '\x00')"""),
    (
        "outer_type",
        (
            "ROW(ROW(1, 'x', 'happy', '[]', NULL, NULL), ARRAY[ROW(2, NULL, NULL, '{}', '{}', NULL)]::inner_type[], "
            "1.50, 'w', '2026-01-01 00:00+00', '[{}]')"
        ),
    ),
    ("outer_domain", "ROW(NULL, NULL, NULL, NULL, NULL, NULL)"),
    ("float_range", "'[1.5,2.5)'"),
    ("float_multirange", "'{[1.5,2.5)}'"),
    ("text_range", "'[a,\"b,c\")'"),
    ("citext", "'CI'"),
    ("hstore", '\'a=>1, b=>NULL, "c,\\"d"=>""\''),
    ("ltree", "'a.b'"),
    ("lquery", "'a.*'"),
    ("ltxtquery", "'a & b'"),
    ("cube", "'(1,2)'"),
    ("seg", "'1..2'"),
    ("isbn13", "'978-0-393-04002-9'"),
    ("ean13", "'9780393040029'"),
    ("query_int", "'1&2'"),
    ("lo", "5"),
)
"""A type, and the SQL of a value of it. XML is left out: not every server is built with it."""

LONE: Final[tuple[tuple[str, str], ...]] = (
    ("int2vector", "'1 2'"),
    ("oidvector", "'1 2'"),
    ("words", "'{a,NULL,\"b,c\"}'"),
    ("documents", "ARRAY['{}', '[1]']::jsonb[]"),
)
"""Types that have no arrays of their own to speak of."""


def columns() -> dict[str, tuple[str, str]]:
    """Return the type and the SQL of the value of each column."""
    found: dict[str, tuple[str, str]] = {f"lone_{number}": pair for number, pair in enumerate(LONE)}
    for number, (type_, value) in enumerate(VALUES):
        found[f"one_{number}"] = (type_, f"{value}::{type_}")
        found[f"many_{number}"] = (f"{type_}[]", f"ARRAY[{value}::{type_}, NULL]")
        found[f"matrix_{number}"] = (f"{type_}[][]", f"ARRAY[ARRAY[{value}::{type_}], ARRAY[NULL::{type_}]]")
        found[f"none_{number}"] = (f"{type_}[]", "'{}'")
    return found


def schema() -> str:
    """Return the schema: `parents`, and `samples` with a column for each of `columns()`."""
    listed = ",\n  ".join(f"{name} {type_}" for name, (type_, _) in columns().items())
    tables = (
        f"CREATE TABLE samples (\n  id int PRIMARY KEY,\n  parent_id int NOT NULL REFERENCES parents,\n  {listed}\n);"
    )
    return f"{DEFINITIONS}\nCREATE TABLE parents (id int PRIMARY KEY);\n{tables}\n"


def rows() -> str:
    """Return the statements that write a parent, and a sample of every type."""
    names, values = ", ".join(columns()), ",\n  ".join(value for _, value in columns().values())
    return f"INSERT INTO parents VALUES (1);\nINSERT INTO samples (id, parent_id, {names}) VALUES (1, 1, {values});\n"
