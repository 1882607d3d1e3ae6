"""Random queries over the sample schema: valid by construction, and as twisted as real ones seldom are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, NamedTuple


class Column(NamedTuple):
    """A column that an expression may use: how it is spelled, and its type."""

    spelling: str
    type: str


@dataclass(frozen=True, slots=True)
class Query:
    """A query without its ORDER BY, and the names and types of its columns."""

    sql: str
    columns: tuple[Column, ...]


TABLES: Final = {
    "users": "id:i name:t nick:t age:i boss_id:i tags:ta scores:ia prefs:j extra:j created_at:z deleted_at:z level:i",
    "posts": "id:i author_id:i editor_id:i title:t body:t score:n views:i published:b hidden:b",
    "comments": "id:i post_id:i user_id:i body:t rating:i",
    "kv": "k:t v:t",
    "checked": "id:i v:i w:i",
    "gen": "id:i a:t b:t up:t ub:t",
    "events": "id:i kind:t payload:t",
    "mails": "id:i addr:t",
    "v_users": "id:i name:t nick:t",
    "v_posts": "id:i title:t author:t editor:t",
    "v_stats": "author_id:i n:i total:n",
    "m_titles": "id:i title:t body:t",
}
_CONSTANTS: Final = {
    "i": ("0", "1", "2", "NULL::int"),
    "t": ("''", "'a'", "'x'", "NULL::text"),
    "b": ("true", "false", "NULL::boolean"),
    "n": ("1.5", "'NaN'::numeric", "NULL::numeric"),
    "z": ("now()", "'infinity'::timestamptz", "NULL::timestamptz"),
    "j": ("'{}'::jsonb", "'null'::jsonb", "NULL::jsonb"),
    "ta": ("'{}'::text[]", "'{a,NULL}'::text[]", "NULL::text[]"),
    "ia": ("ARRAY[1,2]", "ARRAY[1,NULL]", "NULL::int[]"),
}
_CASTS: Final = {
    "i": "int",
    "t": "text",
    "b": "boolean",
    "n": "numeric",
    "z": "timestamptz",
    "j": "jsonb",
    "ta": "text[]",
    "ia": "int[]",
}
# An expression of a type, from expressions of other types: {i}, {t} and so on are filled in.
_FORMS: Final = {
    "i": "{i} + {i};- {i};abs({i});length({t});({n})::int;coalesce({i}, {i});nullif({i}, {i});greatest({i}, {i});"
    "least({i}, {i});CASE WHEN {b} THEN {i} END;CASE WHEN {b} THEN {i} ELSE {i} END;cardinality({ta});"
    "array_length({ta}, 1);({ia})[1];num_nulls({i}, {t});position({t} in {t});array_position({ta}, {t});ascii({t});"
    "jsonb_array_length(jsonb_build_array({i}));extract(epoch from {z})::int;extract(dow from {z})::int;"
    "CASE WHEN {i} IS NULL THEN 0 ELSE {i} END;({j} ->> 'a')::int;scale({n});mod({i}, 3);{i} * {i}",
    "t": "{t} || {t};lower({t});concat({t}, {i});concat_ws({t}, {t}, {t});coalesce({t}, {t});nullif({t}, {t});"
    "substr({t}, 1, 2);split_part({t}, 'a', 1);format('%s', {t});format({t}, {i});({i})::text;{j} ->> 'a';"
    "jsonb_typeof({j});replace({t}, 'a', {t});md5({t});substring({t} from 'z+');regexp_replace({t}, 'a', 'b');"
    "to_char({z}, 'YYYY');array_to_string({ta}, ',');CASE {t} WHEN 'a' THEN {t} ELSE {t} END;({ta})[2];"
    "quote_nullable({t});substring({t} from 'q');least({t}, {t});CASE WHEN {t} = 'a' THEN {t} ELSE 'z' END;"
    "CASE WHEN {t} IS NOT NULL THEN {t} ELSE 'q' END;({b})::text;to_char({i}, '999')",
    "b": "{i} = {i};{i} < {i};{t} <> {t};{t} LIKE {t};{b} AND {b};{b} OR {b};NOT ({b});{i} IS NULL;{t} IS NOT NULL;"
    "{t} IS DISTINCT FROM {t};({b}) IS TRUE;({b}) IS NOT TRUE;({b}) IS UNKNOWN;{i} IN ({i}, 1);{i} NOT IN (1, 2);"
    "{i} BETWEEN {i} AND {i};{t} = ANY ({ta});{i} <> ALL ({ia});{j} ? 'a';{j} @> '{{}}';{ta} @> {ta};{t} ~ 'a';"
    "{t} IS NOT DISTINCT FROM 'a';({i}, {t}) = ({i}, {t});({i}, {i}) < ({i}, 3);({b}) IS NOT FALSE;"
    "coalesce({b}, false);coalesce({t}, '') <> '';({b}) IS FALSE;{i} = ANY (ARRAY[{i}, 2]);NOT ({i} IS NULL);"
    "({b}) = ({b});({i} IS NULL) = ({b});CASE WHEN {b} THEN {b} ELSE {b} END;{z} < {z};({b}) IS NOT UNKNOWN;"
    "({z}, {z}) OVERLAPS ({z}, {z});{i} <> ALL (ARRAY[{i}, 7])",
    "n": "{n} + {n};({i})::numeric;round({n}, 1);coalesce({n}, {n});nullif({n}, 0);abs({n});trunc({n})",
    "z": "date_trunc('day', {z});coalesce({z}, {z});{z} + interval '1 day';CASE WHEN {b} THEN {z} ELSE {z} END",
    "j": "jsonb_build_object('a', {t});to_jsonb({t});{j} -> 'a';{j} || {j};jsonb_set({j}, '{{a}}', {j});"
    "coalesce({j}, {j});jsonb_strip_nulls({j});{j} #> '{{a,b}}';{j} - 'a'",
    "ta": "{ta} || {t};array_append({ta}, {t});string_to_array({t}, ',');ARRAY[{t}, {t}];({ta})[1:1];{ta} || {ta};"
    "array_remove({ta}, 'a');regexp_match({t}, 'a');coalesce({ta}, {ta})",
    "ia": "ARRAY[{i}, {i}];{ia} || {i};array_cat({ia}, {ia});coalesce({ia}, {ia})",
}
_AGGREGATES: Final = {
    "i": "count(*)::int;count({i})::int;max({i});min({i});sum({i})::int;count(*) FILTER (WHERE {b})::int;"
    "max({i}) FILTER (WHERE {b});coalesce(sum({i}), 0)::int;count(DISTINCT {t})::int;bit_and({i})",
    "t": "max({t});min({t});string_agg({t}, ',');mode() WITHIN GROUP (ORDER BY {t})",
    "b": "bool_or({b});bool_and({b});every({b})",
    "n": "avg({i});sum({n});stddev({i});stddev_pop({i});var_samp({n})",
    "j": "jsonb_agg({t});jsonb_object_agg(coalesce({t}, 'k'), {i});json_agg({i})::jsonb",
    "ta": "array_agg({t});array_agg({t}) FILTER (WHERE {b})",
    "ia": "array_agg({i})",
    "z": "max({z})",
}
_WINDOWS: Final = {
    "i": "row_number() OVER ({w})::int;sum({i}) OVER ({w} {f})::int;count({i}) OVER ({w} {f})::int;"
    "lag({i}) OVER ({w});lag({i}, 1, {i}) OVER ({w});lead({i}, 1, 0) OVER ({w});first_value({i}) OVER ({w} {f});"
    "last_value({i}) OVER ({w} {f});nth_value({i}, 2) OVER ({w});ntile(2) OVER ({w});max({i}) OVER ({w} {f})",
    "t": "first_value({t}) OVER ({w} {f});max({t}) FILTER (WHERE {b}) OVER ({w});min({t}) OVER ({w} {f});"
    "string_agg({t}, {t}) OVER ({w} {f})",
}
_FRAMES: Final = (
    "",
    "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW",
    "ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING",
    "ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING",
    "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW",
    "ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE TIES",
    "ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING",
)
_CHECKED: Final[tuple[Column, ...]] = (Column("id", "i"), Column("v", "i"), Column("w", "i"))
_KV: Final[tuple[Column, ...]] = (Column("kv.k", "t"), Column("kv.v", "t"))
_JOINS: Final = ("JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN", "LEFT JOIN", "JOIN")


class QueryGenerator:
    """Makes queries from a source of chance; the same seed gives the same queries."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - repeatable on purpose
        self._names = 0

    def statement(self) -> str:
        """Return a statement of any kind."""
        if self._chance(0.12):
            return self._write()
        return self._query((), 2).sql

    # Queries.

    def _query(self, outer: tuple[Column, ...], depth: int) -> Query:
        kinds = {"plain": 6, "grouped": 3, "windowed": 1, "set": 1, "cte": 1, "values": 1, "recursive": 0.5, "one": 1.0}
        kind = self._random.choices(list(kinds), list(kinds.values()))[0] if depth else "plain"
        match kind:
            case "grouped":
                return self._grouped(outer, depth)
            case "windowed":
                return self._windowed(outer, depth)
            case "set":
                return self._set_operation(outer, depth)
            case "cte":
                return self._with(outer, depth)
            case "values":
                return self._values(outer, depth)
            case "recursive":
                return self._recursive()
            case "one":
                return self._aggregate(outer, depth)
            case _:
                return self._plain(outer, depth)

    def _plain(self, outer: tuple[Column, ...], depth: int) -> Query:
        tables, columns = self._from(outer, depth)
        exprs = [self._output(columns + outer, depth) for _ in range(self._random.randint(2, 5))]
        tail = self._where(columns + outer)
        distinct = "DISTINCT " if self._chance(0.1) and all(e.type in "itbnz" for e in exprs) else ""
        return self._select(exprs, f"FROM {tables}{tail}", distinct)

    def _select(self, exprs: Sequence[Column], rest: str, distinct: str = "") -> Query:
        columns = [Column(self._name("c"), expr.type) for expr in exprs]
        listed = ", ".join(f"{e.spelling} AS {c.spelling}" for e, c in zip(exprs, columns, strict=True))
        return Query(f"SELECT {distinct}{listed} {rest}", tuple(columns))

    def _output(self, columns: tuple[Column, ...], depth: int) -> Column:
        if self._chance(0.4):
            return self._random.choice(columns)
        if depth and self._chance(0.2):
            return self._subquery_expr(columns, depth)
        type_ = self._random.choice(list(_FORMS))
        return Column(self._expr(type_, columns, 2), type_)

    def _subquery_expr(self, columns: tuple[Column, ...], depth: int) -> Column:
        inner = self._query(columns, depth - 1)
        first, kind = inner.columns[0], self._random.randint(0, 4)
        name = self._name("s")
        alone = f"SELECT {name}.{first.spelling} FROM ({inner.sql}) {name}"
        match kind:
            case 0:
                return Column(f"EXISTS ({inner.sql})", "b")
            case 1:
                return Column(f"({alone} LIMIT 1)", first.type)
            case 2 if first.type in "it":
                return Column(f"({self._expr(first.type, columns, 1)} IN ({alone}))", "b")
            case 3 if first.type in "it":
                return Column(f"({self._expr(first.type, columns, 1)} <> ALL ({alone}))", "b")
            case _:
                return Column(f"(SELECT count(*)::int FROM ({inner.sql}) {name})", "i")

    def _grouped(self, outer: tuple[Column, ...], depth: int) -> Query:
        tables, columns = self._from(outer, depth)
        keys = self._random.sample([c for c in columns if c.type in "itb"] or [Column("1 + 1", "i")], 1)
        second = self._random.choice([c for c in columns if c.type in "it"] or keys)
        if second != keys[0] and self._chance(0.7):
            keys.append(second)
        expression = Column(f"coalesce({keys[0].spelling}, {self._constant(keys[0].type)})", keys[0].type)
        if self._chance(0.3):
            keys[0] = expression
        names = [key.spelling for key in keys]
        clause = self._random.choice(
            (
                ", ".join(names),
                ", ".join(names),
                f"ROLLUP ({', '.join(names)})",
                f"CUBE ({', '.join(names)})",
                f"{names[0]}, ROLLUP ({names[-1]})",
                f"GROUPING SETS (({', '.join(names)}), ({names[0]}))",
                f"GROUPING SETS (({names[0]}), ())",
            )
        )
        used = [key for key in keys if key.spelling in clause]
        exprs = [*used]
        exprs += [Column(self._expr(key.type, tuple(used), 1), key.type) for key in used]
        exprs += [self._aggregate_call(columns) for _ in range(3)]
        having = ""
        if self._chance(0.4):
            choices = [f"count(*) > {self._random.choice('01')}", f"{used[0].spelling} IS NOT NULL"]
            choices.append(self._expr("b", tuple(used), 1))
            having = f" HAVING {self._random.choice(choices)}"
        return self._select(exprs, f"FROM {tables}{self._where(columns + outer)} GROUP BY {clause}{having}")

    def _aggregate(self, outer: tuple[Column, ...], depth: int) -> Query:
        tables, columns = self._from(outer, depth)
        having = " HAVING count(*) > 0" if self._chance(0.3) else ""
        exprs = [self._aggregate_call(columns) for _ in range(3)]
        return self._select(exprs, f"FROM {tables}{self._where(columns + outer)}{having}")

    def _aggregate_call(self, columns: tuple[Column, ...]) -> Column:
        type_ = self._random.choice(list(_AGGREGATES))
        form = self._random.choice(_AGGREGATES[type_].split(";"))
        return Column(self._fill(form, columns, 1), type_)

    def _windowed(self, outer: tuple[Column, ...], depth: int) -> Query:
        tables, columns = self._from(outer, depth)
        exprs: list[Column] = []
        for _ in range(3):
            type_ = self._random.choice(list(_WINDOWS))
            order = f"ORDER BY {self._random.choice(columns).spelling}" if self._chance(0.7) else ""
            partition = f"PARTITION BY {self._random.choice(columns).spelling} " if self._chance(0.5) else ""
            form = self._random.choice(_WINDOWS[type_].split(";"))
            form = form.replace("{w}", partition + order).replace("{f}", self._random.choice(_FRAMES))
            exprs.append(Column(self._fill(form, columns, 1), type_))
        return self._select(exprs, f"FROM {tables}{self._where(columns + outer)}")

    def _set_operation(self, outer: tuple[Column, ...], depth: int) -> Query:
        types = [self._random.choice("itb") for _ in range(2)]
        sides: list[str] = []
        for _ in range(self._random.randint(2, 3)):
            tables, columns = self._from(outer, 0)
            listed = ", ".join(f"{self._expr(t, columns, 1)} AS c{n}" for n, t in enumerate(types))
            sides.append(f"(SELECT {listed} FROM {tables}{self._where(columns + outer)})")
        sql = sides[0]
        for side in sides[1:]:
            sql = f"({sql} {self._random.choice(('UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT', 'EXCEPT ALL'))} {side})"
        name = self._name("u")
        return self._select([Column(f"{name}.c{n}", t) for n, t in enumerate(types)], f"FROM ({sql}) {name}")

    def _with(self, outer: tuple[Column, ...], depth: int) -> Query:
        inner, name = self._query(outer, depth - 1), self._name("w")
        columns = tuple(Column(f"{name}.{c.spelling}", c.type) for c in inner.columns)
        other, more = self._table()
        join = self._random.choice(_JOINS)
        condition = "" if join == "CROSS JOIN" else f" ON {self._condition(columns + more)}"
        exprs = [self._output(columns + more, 0) for _ in range(3)]
        query = self._select(exprs, f"FROM {name} {join} {other}{condition}{self._where(columns + more)}")
        return Query(f"WITH {name} AS ({inner.sql}) {query.sql}", query.columns)

    def _recursive(self) -> Query:
        name = self._name("r")
        steps = self._random.sample(["a", "b", "NULL::int", "t.age", "coalesce(a, b)", "b + 1", "t.boss_id"], 2)
        start = self._random.sample(["1", "age", "id", "boss_id", "NULL::int"], 2)
        join = self._random.choice(("JOIN users t ON t.id = i + 1", "LEFT JOIN users t ON t.id = i + 10"))
        sql = (
            f"WITH RECURSIVE {name}(a, b, i) AS (SELECT {start[0]}::int, {start[1]}::int, 0 FROM users UNION "
            f"SELECT ({steps[0]})::int, ({steps[1]})::int, i + 1 FROM {name} {join} WHERE i < 3) "
        )
        query = self._select([Column(c, "i") for c in ("a", "b", "i")], f"FROM {name}")
        return Query(sql + query.sql, query.columns)

    def _values(self, outer: tuple[Column, ...], depth: int) -> Query:
        del depth
        types = [self._random.choice("itb") for _ in range(2)]
        rows = [
            f"({', '.join(f'({self._expr(t, outer, 1)})' for t in types)})" for _ in range(self._random.randint(1, 3))
        ]
        name = self._name("v")
        exprs = [Column(f"{name}.c{n}", t) for n, t in enumerate(types)]
        return self._select(exprs, f"FROM (VALUES {', '.join(rows)}) {name}(c0, c1)")

    # FROM and WHERE.

    def _from(self, outer: tuple[Column, ...], depth: int) -> tuple[str, tuple[Column, ...]]:
        sql, columns = self._item(outer, depth)
        for _ in range(self._random.choice((0, 0, 1, 1, 2, 3) if depth else (0, 0, 1))):
            join = self._random.choice(_JOINS)
            if depth and self._chance(0.2) and join in {"JOIN", "LEFT JOIN"}:
                other, more = self._lateral(columns + outer, depth)
            elif self._chance(0.25):
                left, left_columns = self._item(outer, 0)
                right, right_columns = self._item(outer, 0)
                more = left_columns + right_columns
                other = f"({left} {self._random.choice(_JOINS[:4])} {right} ON {self._condition(more)})"
            else:
                other, more = self._item(outer, depth)
            condition = "" if join == "CROSS JOIN" else f" ON {self._join_condition(join, columns, more)}"
            sql, columns = f"{sql} {join} {other}{condition}", columns + more
        return sql, columns

    def _join_condition(self, join: str, left: tuple[Column, ...], right: tuple[Column, ...]) -> str:
        if join == "FULL JOIN":  # it needs a condition to merge or hash by
            pairs = [(a, b) for a in left for b in right if a.type == b.type and a.type in "it"]
            left_column, right_column = self._random.choice(pairs) if pairs else (None, None)
            return f"{left_column.spelling} = {right_column.spelling}" if left_column and right_column else "false"
        return self._condition(left + right)

    def _item(self, outer: tuple[Column, ...], depth: int) -> tuple[str, tuple[Column, ...]]:
        if depth and self._chance(0.2):
            inner, name = self._query(outer, depth - 1), self._name("q")
            return f"({inner.sql}) {name}", tuple(Column(f"{name}.{c.spelling}", c.type) for c in inner.columns)
        if self._chance(0.08):
            return self._function(outer)
        return self._table()

    def _table(self) -> tuple[str, tuple[Column, ...]]:
        table, name = self._random.choice(list(TABLES)), self._name("t")
        columns = [spec.partition(":") for spec in TABLES[table].split()]
        return f"{table} {name}", tuple(Column(f"{name}.{column}", type_) for column, _, type_ in columns)

    def _function(self, outer: tuple[Column, ...]) -> tuple[str, tuple[Column, ...]]:
        name = self._name("f")
        call, types = self._random.choice(
            (
                ("generate_series(1, {i} % 5)", "i"),
                ("unnest({ta})", "t"),
                ("unnest({ia}, {ta})", "it"),
                ("unnest(ARRAY[1, {i}])", "i"),
                ("jsonb_each_text({j})", "tt"),
                ("jsonb_array_elements(jsonb_build_array({i}))", "j"),
                ("ROWS FROM (generate_series(1, 2), unnest({ta}))", "it"),
                ("f_rows(3)", "it"),
                ("string_to_table({t}, ',')", "t"),
                ("regexp_matches({t}, 'a')", "a"),
                ("coalesce({i}, 1)", "i"),
            )
        )
        columns = ["ta" if t == "a" else t for t in types]
        names = [f"c{n}" for n in range(len(columns))]
        ordinality = ""
        if self._chance(0.3) and "coalesce" not in call:
            ordinality, names, columns = " WITH ORDINALITY", [*names, "o"], [*columns, "i"]
        listed = tuple(Column(f"{name}.{n}", t) for n, t in zip(names, columns, strict=True))
        return f"{self._fill(call, outer, 1)}{ordinality} {name}({', '.join(names)})", listed

    def _lateral(self, columns: tuple[Column, ...], depth: int) -> tuple[str, tuple[Column, ...]]:
        if self._chance(0.3):
            return self._function(columns)
        inner, name = self._query(columns, depth - 1), self._name("l")
        limit = " LIMIT 1" if self._chance(0.5) else ""
        listed = tuple(Column(f"{name}.{c.spelling}", c.type) for c in inner.columns)
        return f"LATERAL ({inner.sql}{limit}) {name}", listed

    def _where(self, columns: tuple[Column, ...]) -> str:
        return f" WHERE {self._condition(columns)}" if self._chance(0.7) else ""

    def _condition(self, columns: tuple[Column, ...]) -> str:
        parts = [self._simple_condition(columns) for _ in range(self._random.choice((1, 1, 2, 3)))]
        joined = f" {self._random.choice(('AND', 'AND', 'OR'))} ".join(f"({part})" for part in parts)
        return f"NOT ({joined})" if self._chance(0.1) else joined

    def _simple_condition(self, columns: tuple[Column, ...]) -> str:
        column = self._random.choice(columns)
        match self._random.randint(0, 5):
            case 0:
                return f"{column.spelling} IS NOT NULL"
            case 1:
                return f"{column.spelling} IS NULL"
            case 2 | 3:
                same = [other for other in columns if other.type == column.type and column.type in "itbnz"]
                return f"{column.spelling} = {self._random.choice(same).spelling}" if same else "true"
            case _:
                return self._expr("b", columns, 2)

    # Writes.

    def _write(self) -> str:
        columns: tuple[Column, ...]
        match self._random.randint(0, 4):
            case 0:
                setting = self._random.choice(("v = NULL", "v = u.nick", "v = coalesce(u.nick, 'x')"))
                columns = (*_KV, Column("u.nick", "t"), Column("u.age", "i"))
                return (
                    f"UPDATE kv SET {setting} FROM users u WHERE {self._condition(columns)} {self._returning(columns)}"
                )
            case 1:
                columns = (*_KV, Column("p.title", "t"), Column("p.body", "t"))
                source = f"posts p {self._random.choice(_JOINS[:3])} comments c ON c.post_id = p.id"
                return f"DELETE FROM kv USING {source} WHERE {self._condition(columns)} {self._returning(columns)}"
            case 2:
                conflict = self._random.choice(
                    ("DO NOTHING", "DO UPDATE SET v = EXCLUDED.v", "DO UPDATE SET v = NULL WHERE kv.v IS NOT NULL")
                )
                source = self._random.choice(
                    ("VALUES ('a', NULL), ('n2', 'y')", "SELECT DISTINCT ON (title) title, body FROM posts")
                )
                return f"INSERT INTO kv (k, v) {source} ON CONFLICT (k) {conflict} {self._returning(_KV)}"
            case 3:
                inner = "UPDATE kv SET v = NULL WHERE v IS NOT NULL RETURNING k, v"
                join = f"{self._random.choice(_JOINS[:3])} users u ON u.name = w.k"
                return f"WITH w AS ({inner}) SELECT w.k, w.v, u.id, u.nick FROM w {join}"
            case _:
                columns = _CHECKED
                return f"UPDATE checked SET w = NULL WHERE {self._condition(columns)} {self._returning(columns)}"

    def _returning(self, columns: tuple[Column, ...]) -> str:
        exprs = [*columns, *(self._output(columns, 0) for _ in range(3))]
        return f"RETURNING {', '.join(expr.spelling for expr in exprs)}"

    # Expressions.

    def _expr(self, type_: str, columns: tuple[Column, ...], depth: int) -> str:
        own = [column.spelling for column in columns if column.type == type_]
        if own and (not depth or self._chance(0.4)):
            return self._random.choice(own)
        if not depth or self._chance(0.15):
            return self._constant(type_)
        form = self._random.choice(_FORMS[type_].split(";"))
        return f"({self._fill(form, columns, depth - 1)})"

    def _constant(self, type_: str) -> str:
        return self._random.choice(_CONSTANTS[type_])

    def _fill(self, form: str, columns: tuple[Column, ...], depth: int) -> str:
        filled, rest = "", form
        while "{" in rest:
            before, _, rest = rest.partition("{")
            if rest.startswith("{"):  # an escaped brace
                literal, _, rest = rest[1:].partition("}}")
                filled += f"{before}{{{literal}}}"
                continue
            type_, _, rest = rest.partition("}")
            filled += before + f"({self._expr(type_, columns, depth)})::{_CASTS[type_]}"
        return filled + rest

    def _chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def _name(self, prefix: str) -> str:
        self._names += 1
        return f"{prefix}{self._names}"
