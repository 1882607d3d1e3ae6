"""Schemas made by hypothesis: small, but whatever can hang together in them does."""

from __future__ import annotations

from hypothesis import strategies as st

_TABLES = ("alpha", "beta", '"Odd one"')
_COLUMNS = ("a", "b", "c", '"order"')
_TYPES = {
    "integer": ("1", "{} > 0"),
    "bigint": ("2", "{} < 100"),
    "text": ("'x'", "{} <> ''"),
    "varchar(10)": ("'y'", "{} IN ('y', 'z')"),
    "numeric(8,2)": ("0.5", "{} >= 0"),
    "timestamptz": ("now()", "{} > '2020-01-01'"),
    "boolean": ("true", "{} IS NOT FALSE"),
    "mood": ("'ok'", "{} <> 'ok'"),
    "code": ("'q'", "{} <> 'w'"),
    "integer[]": ("'{1}'", "cardinality({}) < 5"),
}
_LABELS = ("'sad'", "'ok'", "'happy'", "'it''s'")


@st.composite
def schemas(draw: st.DrawFn) -> str:
    """Return the text of a schema."""
    labels = draw(st.permutations(_LABELS))[: draw(st.integers(1, 4))]
    labels = [*dict.fromkeys(["'ok'", *labels])] if draw(st.booleans()) else [*dict.fromkeys([*labels, "'ok'"])]
    result = draw(st.sampled_from(("integer", "bigint")))
    parts = [
        f"CREATE TYPE mood AS ENUM ({', '.join(labels)});",
        f"CREATE DOMAIN code AS {draw(st.sampled_from(('text', 'varchar(20)')))} CHECK (VALUE <> '');",
        f"CREATE FUNCTION twice(n integer) RETURNS {result} LANGUAGE sql IMMUTABLE AS 'SELECT n * 2';",
    ]
    tables = draw(st.lists(st.sampled_from(_TABLES), unique=True, max_size=3))
    for table in tables:
        parts += draw(_tables(table))
    for table, other in zip(tables, tables[1:] + tables[:1], strict=True):
        if draw(st.booleans()):
            action = draw(st.sampled_from(("CASCADE", "SET NULL", "RESTRICT")))
            parts.append(f"ALTER TABLE {table} ADD FOREIGN KEY (id) REFERENCES {other} ON DELETE {action};")
    for place, table in enumerate(tables):
        if draw(st.booleans()):
            kind = draw(st.sampled_from(("VIEW", "MATERIALIZED VIEW")))
            parts.append(f"CREATE {kind} v{place} AS SELECT * FROM {table} WHERE id > {draw(st.integers(0, 2))};")
            parts.append(f"CREATE VIEW w{place} AS SELECT id, count(*) AS n FROM v{place} GROUP BY id;")
            parts.append(f"COMMENT ON VIEW w{place} IS 'w';")
    return "\n".join(parts)


@st.composite
def _tables(draw: st.DrawFn, table: str) -> list[str]:
    columns = draw(st.lists(st.sampled_from(_COLUMNS), unique=True, max_size=4))
    key = draw(st.sampled_from(("integer", "serial", "integer GENERATED ALWAYS AS IDENTITY")))
    lines = [f"id {key} PRIMARY KEY"]
    after: list[str] = []
    for column in columns:
        type_ = draw(st.sampled_from(sorted(_TYPES)))
        default, check = _TYPES[type_]
        line = f"{column} {type_}"
        if draw(st.booleans()):
            line += f" DEFAULT {default}"
        if draw(st.booleans()):
            line += " NOT NULL"
        if draw(st.booleans()):
            line += f" CHECK ({check.format(column)})"
        lines.append(line)
        what = draw(st.sampled_from(("nothing", "index", "unique", "partial", "comment")))
        if what == "index":
            after.append(f"CREATE INDEX ON {table} ({column});")
        elif what == "unique":
            after.append(f"ALTER TABLE {table} ADD UNIQUE ({column}, id);")
        elif what == "partial":
            after.append(f"CREATE INDEX ON {table} (twice(id)) WHERE {check.format(column)};")
        elif what == "comment":
            after.append(f"COMMENT ON COLUMN {table}.{column} IS 'about {type_}';")
    if draw(st.booleans()):
        lines.append("g integer GENERATED ALWAYS AS (twice(id)::integer + 1) STORED")
    return [f"CREATE TABLE {table} (\n  {f',{chr(10)}  '.join(lines)}\n);", *after]
