"""Schemas made by hypothesis: small, but whatever can hang together in them does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hypothesis import strategies as st

_TABLES: Final = ("alpha", "beta", '"Odd one"', "app.gamma")
_COLUMNS: Final = ("a", "b", "c", '"order"')
_TYPES: Final = {
    "integer": ("1", "{} > 0"),
    "bigint": ("nextval('counter')", "{} < 100000"),
    "smallint": ("twice(2)", "twice({}) > -4"),
    "text": ("'x'", "{} <> ''"),
    "varchar(10)": ("'y'", "{} IN ('y', 'z')"),
    'text COLLATE "C"': ("upper('k')", "is_short({}::text)"),
    "numeric(8,2)": ("0.5", "{} >= 0"),
    "timestamptz": ("stamp()", "{} > '2020-01-01'"),
    "date": ("'2024-02-29'", "extract(year FROM {}) > 2000"),
    "boolean": ("true", "{} IS NOT FALSE"),
    "jsonb": ("'{}'", "jsonb_typeof({}) <> 'array'"),
    "mood": ("'ok'", "{} <> 'sad'"),
    "code": ("'q'", "{} <> 'w'"),
    "pair": ("first_pair()", "({}).l IS NOT NULL"),
    "integer[]": ("'{1}'", "cardinality({}) < 5"),
    "mood[]": ("ARRAY['ok'::mood]", "{}[1] = 'ok'"),
}
_UNORDERED: Final = frozenset({"jsonb"})
_LABELS: Final = ("'sad'", "'ok'", "'happy'", "'it''s'")


def _one(*choices: str) -> st.SearchStrategy[str]:
    return st.sampled_from(choices)


@st.composite
def schemas(draw: st.DrawFn) -> str:
    """Return the text of a schema."""
    parts = [*draw(_types()), *draw(_functions()), draw(_sequence()), "CREATE SCHEMA app;"]
    tables = draw(st.lists(st.sampled_from(_TABLES), unique=True, max_size=3))
    for table in tables:
        parts += draw(_table(table))
    for table, other in zip(tables, tables[1:] + tables[:1], strict=True):
        if draw(st.booleans()):
            action = draw(_one("", " ON DELETE CASCADE", " ON DELETE SET NULL", " NOT VALID", " DEFERRABLE"))
            name = draw(_one("", "CONSTRAINT link "))
            parts.append(f"ALTER TABLE {table} ADD {name}FOREIGN KEY (id) REFERENCES {other}{action};")
    for place, table in enumerate(tables):
        if draw(st.booleans()):
            parts += draw(_views(place, table))
    if draw(st.booleans()):
        parts += draw(_partitions())
    if "alpha" in tables and draw(st.booleans()):
        parts.append(f"CREATE TABLE child (own {draw(_one('integer', 'text DEFAULT 1'))}) INHERITS (alpha);")
        parts += draw(st.lists(_one("CREATE INDEX ON child (own);", "COMMENT ON TABLE child IS 'c';"), unique=True))
    return "\n".join(parts)


@st.composite
def _types(draw: st.DrawFn) -> list[str]:
    labels = draw(st.permutations(_LABELS))[: draw(st.integers(1, 4))]
    labels = [*dict.fromkeys(draw(st.permutations(["'ok'", "'sad'", *labels])))]
    limit = draw(_one("VALUE <> ''", "VALUE <> '' AND length(VALUE) < 30", "is_short(VALUE)"))
    default = draw(_one("", " DEFAULT 'd'", " DEFAULT 'e'"))
    attribute = draw(_one("", ", m mood", ", n numeric"))
    parts = [
        f"CREATE TYPE mood AS ENUM ({', '.join(labels)});",
        f"CREATE DOMAIN code AS {draw(_one('text', 'varchar(20)'))}{default} CHECK ({limit});",
        f"CREATE TYPE pair AS (k {draw(_one('integer', 'bigint'))}, l text{attribute});",
    ]
    if draw(st.booleans()):
        parts.append(f"CREATE TYPE span AS RANGE (SUBTYPE = {draw(_one('integer', 'numeric'))});")
    if draw(st.booleans()):
        parts.append(f"COMMENT ON TYPE mood IS '{draw(_one('m', 'n'))}';")
    return parts


@st.composite
def _functions(draw: st.DrawFn) -> list[str]:
    result = draw(_one("integer", "bigint"))
    argument = draw(_one("n", "m"))
    body = draw(_one("AS 'SELECT $1 * 2'", "RETURN $1 * 2"))
    limit = draw(_one("40", "50"))
    parts = [
        f"CREATE FUNCTION twice({argument} integer) RETURNS {result} LANGUAGE sql IMMUTABLE {body};",
        f"CREATE FUNCTION is_short(text) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN length($1) < {limit};",
        f"CREATE FUNCTION stamp() RETURNS timestamptz LANGUAGE {draw(_one('sql', 'sql STABLE'))} AS 'SELECT now()';",
        "CREATE FUNCTION first_pair() RETURNS pair LANGUAGE sql AS 'SELECT NULL::pair';",
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;",
    ]
    extra = (
        "CREATE FUNCTION rate(m mood DEFAULT 'ok') RETURNS integer LANGUAGE sql AS 'SELECT 1';",
        "CREATE FUNCTION swap(INOUT p pair) LANGUAGE sql AS 'SELECT p';",
        "CREATE PROCEDURE tidy(code) LANGUAGE sql AS '';",
        "REVOKE EXECUTE ON FUNCTION twice FROM PUBLIC;",
        "CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer);",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor;",
    )
    return parts + draw(st.lists(_one(*extra), unique=True))


@st.composite
def _sequence(draw: st.DrawFn) -> str:
    options = draw(st.lists(_one("CACHE 5", "CYCLE", "INCREMENT 2", "MAXVALUE 5000"), unique=True))
    return f"CREATE SEQUENCE counter{draw(_one('', ' AS integer'))} {' '.join(options)};"


@st.composite
def _table(draw: st.DrawFn, table: str) -> list[str]:
    columns = draw(st.lists(st.sampled_from(_COLUMNS), unique=True, max_size=4))
    key = draw(
        _one(
            "integer", "serial", "integer GENERATED ALWAYS AS IDENTITY", "bigint GENERATED BY DEFAULT AS IDENTITY",
            "integer GENERATED BY DEFAULT AS IDENTITY (INCREMENT 5)",
        )
    )  # fmt: skip
    lines = [f"id {key} {draw(_one('', 'CONSTRAINT the_key ')) if table == 'beta' else ''}PRIMARY KEY"]
    after: list[str] = []
    for column in columns:
        line, more = draw(_column(table, column))
        lines.append(line)
        after += more
    if draw(st.booleans()):
        lines.append("g integer GENERATED ALWAYS AS (twice(id::integer)::integer + 1) STORED")
    options = draw(_one("", "", " WITH (fillfactor=70)", " WITH (autovacuum_enabled=false)"))
    parts = [f"CREATE TABLE {table} (\n  {f',{chr(10)}  '.join(lines)}\n){options};", *after]
    return parts + [line.format(t=table) for line in draw(_settings())]


@st.composite
def _column(draw: st.DrawFn, table: str, column: str) -> tuple[str, Sequence[str]]:
    """Return the line of a column, and what is said about it afterwards."""
    type_ = draw(st.sampled_from(sorted(_TYPES)))
    default, check = _TYPES[type_][0], _TYPES[type_][1].format(column)
    shown = column.strip('"')
    line = f"{column} {type_}"
    if draw(st.booleans()):
        line += f" DEFAULT {default}"
    if draw(st.booleans()):
        line += " NOT NULL"
    if draw(st.booleans()):
        line += f"{draw(_one('', f' CONSTRAINT bound_{shown}'))} CHECK ({check})"
    after = {
        "nothing": "",
        "index": f"CREATE INDEX {draw(_one('', f'{shown}_idx'))} ON {table} ({column}{draw(_one('', ' DESC'))});",
        "unique": f"ALTER TABLE {table} ADD UNIQUE ({column}, id){draw(_one('', ' DEFERRABLE'))};",
        "partial": f"CREATE INDEX ON {table} (twice(id::integer)) WHERE {check};",
        "comment": f"COMMENT ON COLUMN {table}.{column} IS 'about {type_.replace(chr(34), '')}';",
        "statistics": f"CREATE STATISTICS s_{table.strip(chr(34))[:2]}_{shown} ON {column}, id FROM {table};",
        "grant": f"GRANT SELECT ({column}), UPDATE ({column}) ON {table} TO pg_monitor;",
        "trigger": f"CREATE TRIGGER on_{shown} BEFORE UPDATE OF {column} ON {table} FOR EACH ROW "
        f"WHEN (NEW.{column} IS NOT NULL) EXECUTE FUNCTION touch();",
        "policy": f"CREATE POLICY p_{shown} ON {table} {draw(_one('', 'FOR SELECT '))}USING ({check});",
        "storage": f"ALTER TABLE {table} ALTER {column} SET STATISTICS {draw(_one('10', '20'))};",
    }
    unfit = {"index", "unique", "statistics"} if type_ in _UNORDERED and table != "alpha" else set[str]()
    what = draw(st.sampled_from(sorted(after.keys() - unfit)))
    return line, [after[what]] if after[what] else []


def _settings() -> st.SearchStrategy[list[str]]:
    return st.lists(
        _one(
            "ALTER TABLE {t} ENABLE ROW LEVEL SECURITY;",
            "COMMENT ON TABLE {t} IS 'a table';",
            "GRANT SELECT ON {t} TO PUBLIC;",
            "CREATE TRIGGER touched AFTER INSERT ON {t} FOR EACH STATEMENT EXECUTE FUNCTION touch();",
            "CREATE RULE quiet AS ON DELETE TO {t} DO ALSO NOTHING;",
            "ALTER TABLE {t} REPLICA IDENTITY FULL;",
        ),
        unique=True,
        max_size=3,
    )


@st.composite
def _views(draw: st.DrawFn, place: int, table: str) -> list[str]:
    kind = draw(_one("VIEW", "MATERIALIZED VIEW"))
    chosen = draw(_one("*", "id", "t AS whole, id", "id, twice(id::integer) AS double", "*, 'ok'::mood AS feeling"))
    parts = [
        f"CREATE {kind} v{place} AS SELECT {chosen} FROM {table} t WHERE id > {draw(st.integers(0, 2))};",
        f"CREATE VIEW w{place} AS SELECT id, count(*) AS n FROM v{place} GROUP BY id;",
    ]
    more = [f"COMMENT ON VIEW w{place} IS 'w';", f"GRANT SELECT ON w{place} TO PUBLIC;",
            f"CREATE VIEW x{place} AS SELECT w.* FROM w{place} w JOIN {table} USING (id);"]  # fmt: skip
    if kind == "MATERIALIZED VIEW":
        more += [f"CREATE UNIQUE INDEX ON v{place} (id);", f"COMMENT ON MATERIALIZED VIEW v{place} IS 'v';"]
    return parts + draw(st.lists(st.sampled_from(more), unique=True))


@st.composite
def _partitions(draw: st.DrawFn) -> list[str]:
    type_ = draw(_one("integer", "text", "numeric"))
    end = draw(_one("2025", "2026"))
    parts = [
        f"CREATE TABLE event (day date NOT NULL, size {type_}, PRIMARY KEY (day)) PARTITION BY RANGE (day);",
        "CREATE TABLE event_old PARTITION OF event FOR VALUES FROM (MINVALUE) TO ('2024-01-01');",
    ]
    more = (
        f"CREATE TABLE event_new PARTITION OF event FOR VALUES FROM ('2024-01-01') TO ('{end}-01-01');",
        "CREATE TABLE event_rest PARTITION OF event DEFAULT;",
        "CREATE INDEX by_size ON event (size);",
        "CREATE INDEX ON event_old (size, day);",
        "ALTER TABLE event ADD CHECK (size IS NOT NULL);",
        "CREATE TRIGGER touched BEFORE UPDATE ON event FOR EACH ROW EXECUTE FUNCTION touch();",
        "ALTER TABLE event_old ALTER size SET DEFAULT 1;",
    )
    return parts + draw(st.lists(st.sampled_from(more), unique=True))
