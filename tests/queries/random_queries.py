"""Random queries over the sample schema: valid by construction, and as twisted as real ones seldom are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, NamedTuple

from tests.queries.random_forms import AGGREGATES, CASTS, CONSTANTS, FORMS, FRAMES, TABLES, WINDOWS


class Column(NamedTuple):
    """A column that an expression may use: how it is spelled, and its type."""

    spelling: str
    type: str


@dataclass(frozen=True, slots=True)
class Query:
    """A query without its ORDER BY, and the names and types of its columns."""

    sql: str
    columns: tuple[Column, ...]


_CHECKED: Final[tuple[Column, ...]] = (Column("id", "i"), Column("v", "i"), Column("w", "i"))
_KV: Final[tuple[Column, ...]] = (Column("kv.k", "t"), Column("kv.v", "t"))
_RETURNS_FROM_MERGE: Final = 170_000
_RETURNS_OLD_AND_NEW: Final = 180_000
_JOINS: Final = ("JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN", "LEFT JOIN", "JOIN")


class QueryGenerator:
    """Makes queries from a source of chance; the same seed and version of the server give the same queries."""

    def __init__(self, seed: int, version: int = 0) -> None:
        self._version = version
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
        if self._chance(0.1):
            return self._guarded(columns)
        if depth and self._chance(0.2):
            return self._subquery_expr(columns, depth)
        type_ = self._random.choice(list(FORMS))
        return Column(self._expr(type_, columns, 2), type_)

    def _guarded(self, columns: tuple[Column, ...]) -> Column:
        """Return a column in a branch of CASE whose condition is about it, or about another column of its table."""
        column = self._random.choice(columns)
        near = [c for c in columns if c.spelling.partition(".")[0] == column.spelling.partition(".")[0]]
        condition = self._about(self._random.choice((column, column, *near)))
        constant = self._constant(column.type)
        if self._chance(0.5):
            return Column(f"CASE WHEN {condition} THEN {column.spelling} ELSE {constant} END", column.type)
        return Column(f"CASE WHEN {condition} THEN {constant} ELSE {column.spelling} END", column.type)

    def _about(self, column: Column) -> str:
        """Return a condition about a column, which may or may not say that it is not NULL."""
        name, constant = column.spelling, self._constant(column.type)
        forms = ["{c} IS NOT NULL", "{c} IS NULL", "NOT ({c} IS NULL)", "coalesce({c}, {k}) IS NOT NULL"]
        if column.type != "j":
            forms += ["{c} = {k}", "({c} = {k}) IS NOT TRUE", "({c} = {k}) IS NOT FALSE", "{c} IS DISTINCT FROM {k}"]
            forms += [
                "NOT ({c} <> {k})",
                "{c} IS NOT DISTINCT FROM {k}",
                "({c} > {k}) IS UNKNOWN",
                "nullif({c}, {k}) IS NULL",
            ]
            forms += ["coalesce({c} = {k}, false)", "coalesce({c} = {k}, true)", "({c} = {k} OR {c} IS NULL)"]
        return self._random.choice(forms).replace("{c}", name).replace("{k}", constant)

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
        type_ = self._random.choice(list(AGGREGATES))
        form = self._random.choice(AGGREGATES[type_].split(";"))
        return Column(self._fill(form, columns, 1), type_)

    def _windowed(self, outer: tuple[Column, ...], depth: int) -> Query:
        tables, columns = self._from(outer, depth)
        exprs: list[Column] = []
        for _ in range(3):
            type_ = self._random.choice(list(WINDOWS))
            order = f"ORDER BY {self._random.choice(columns).spelling}" if self._chance(0.7) else ""
            partition = f"PARTITION BY {self._random.choice(columns).spelling} " if self._chance(0.5) else ""
            form = self._random.choice(WINDOWS[type_].split(";"))
            frame = self._random.choice(FRAMES)
            if "GROUPS" in frame and not order:
                frame = ""
            form = form.replace("{w}", partition + order).replace("{f}", frame)
            numbers = [column for column in columns if column.type == "i"]
            if "{c:i}" in form:
                guarded = self._random.choice(numbers or [Column("NULL::int", "i")])
                form = form.replace("{c:i}", self._about(guarded).replace("{", "{{")).replace("{c}", guarded.spelling)
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
            is_lateral = bool(depth) and join in {"JOIN", "LEFT JOIN"} and self._chance(0.2)
            if is_lateral:
                other, more = self._lateral(columns + outer, depth)
            elif self._chance(0.25):
                left, left_columns = self._item(outer, 0)
                right, right_columns = self._item(outer, 0)
                more = left_columns + right_columns
                other = f"({left} {self._random.choice(_JOINS[:4])} {right} ON {self._condition(more)})"
            else:
                other, more = self._item(outer, depth)
            condition = "" if join == "CROSS JOIN" else f" ON {self._join_condition(join, columns, more)}"
            if is_lateral and self._chance(0.5):
                condition = " ON true"
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
        if self._chance(0.1):
            return self._joined_by_name()
        return self._table()

    def _joined_by_name(self) -> tuple[str, tuple[Column, ...]]:
        """Return a join of two tables by a column of one name, with an alias that hides them, or none."""
        first, second = self._random.sample(["users", "posts", "checked", "gen"], 2)
        join = self._random.choice(("JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"))
        columns = {t: [spec.partition(":") for spec in TABLES[t].split() if spec != "id:i"] for t in (first, second)}
        a, b = self._name("t"), self._name("t")
        if self._chance(0.5):
            alias = self._name("j")
            listed = [Column(f"{alias}.{name}", type_) for t in (first, second) for name, _, type_ in columns[t]]
            names = [column.spelling for column in listed]
            unique = tuple(column for column in listed if names.count(column.spelling) == 1)
            return f"({first} {a} {join} {second} {b} USING (id)) AS {alias}", (Column(f"{alias}.id", "i"), *unique)
        listed = [Column(f"{x}.{name}", type_) for x, t in ((a, first), (b, second)) for name, _, type_ in columns[t]]
        return f"({first} {a} {join} {second} {b} USING (id))", (
            Column(f"{a}.id", "i"),
            *listed,
            Column(f"{b}.id", "i"),
        )

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
        inner = self._aggregate(columns, 0) if self._chance(0.3) else self._query(columns, depth - 1)
        name = self._name("l")
        limit = self._random.choice(("", "", " LIMIT 1", " LIMIT 2 OFFSET 1"))
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
        if self._version >= _RETURNS_FROM_MERGE and self._chance(0.3):
            return self._merge()
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

    def _merge(self) -> str:
        source = self._random.choice(
            (
                "(SELECT nick AS k, name AS v FROM users WHERE nick IS NOT NULL ORDER BY id LIMIT 1)",
                "(VALUES ('a', NULL), ('new', 'x'))",
                "(SELECT p.title, c.body FROM posts p LEFT JOIN comments c ON c.post_id = p.id ORDER BY 1, 2 LIMIT 1)",
            )
        )
        actions = ["WHEN NOT MATCHED BY TARGET AND s.k IS NOT NULL THEN INSERT (k, v) VALUES (s.k || 'n', s.v)"]
        actions.append(self._random.choice(("WHEN MATCHED THEN UPDATE SET v = NULL", "WHEN MATCHED THEN DELETE")))
        actions.append(
            self._random.choice(
                ("", "WHEN NOT MATCHED BY SOURCE THEN DELETE", "WHEN NOT MATCHED BY SOURCE THEN UPDATE SET v = 'y'")
            )
        )
        chosen = self._random.sample(actions, self._random.randint(1, 3))
        if not any(chosen):
            chosen = actions
        columns = (*_KV, Column("s.k", "t"), Column("s.v", "t"))
        condition = self._random.choice(("kv.k = s.k", "kv.k = s.k AND s.v IS NOT NULL", "kv.k = s.k AND kv.v <> ''"))
        return f"MERGE INTO kv USING {source} s(k, v) ON {condition} {' '.join(chosen)} {self._returning(columns)}"

    def _returning(self, columns: tuple[Column, ...]) -> str:
        if self._version >= _RETURNS_OLD_AND_NEW and self._chance(0.5) and columns[0] in _KV:
            both = [Column(f"{side}.{name}", "t") for side in ("old", "new") for name in ("k", "v")]
            columns = (*columns, *both)
        exprs = [*columns, *(self._output(columns, 0) for _ in range(3))]
        return f"RETURNING {', '.join(expr.spelling for expr in exprs)}"

    # Expressions.

    def _expr(self, type_: str, columns: tuple[Column, ...], depth: int) -> str:
        own = [column.spelling for column in columns if column.type == type_]
        if own and (not depth or self._chance(0.4)):
            return self._random.choice(own)
        if not depth or self._chance(0.15):
            return self._constant(type_)
        form = self._random.choice(FORMS[type_].split(";"))
        return f"({self._fill(form, columns, depth - 1)})"

    def _constant(self, type_: str) -> str:
        return self._random.choice(CONSTANTS[type_])

    def _fill(self, form: str, columns: tuple[Column, ...], depth: int) -> str:
        filled, rest = "", form
        while "{" in rest:
            before, _, rest = rest.partition("{")
            if rest.startswith("{"):  # an escaped brace
                literal, _, rest = rest[1:].partition("}}")
                filled += f"{before}{{{literal}}}"
                continue
            type_, _, rest = rest.partition("}")
            filled += before + f"({self._expr(type_, columns, depth)})::{CASTS[type_]}"
        return filled + rest

    def _chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def _name(self, prefix: str) -> str:
        self._names += 1
        return f"{prefix}{self._names}"
