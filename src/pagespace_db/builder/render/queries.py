"""SELECT, set operations and what stands in FROM, as SQL text."""

# Keys are nested tuples of anything hashable, and a pattern over them cannot tell pyright what a class was generic in.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pagespace_db.builder.columns import Source
from pagespace_db.builder.expressions import Key
from pagespace_db.builder.reading import family_of, reads_none
from pagespace_db.builder.render import dialect
from pagespace_db.builder.render.chain import FromClause, SelectClauses, SetOperation, Tail, unroll
from pagespace_db.builder.render.expressions import Renderer
from pagespace_db.builder.render.scope import Scope, check_nullability, ctes_of, grouped_scope, identity_of
from pagespace_db.builder.rows import columns_of
from pagespace_db.errors import StatementError

RenderStatement = Callable[[Key, Scope], tuple[str, tuple[Key, ...]]]


@dataclass(frozen=True, slots=True)
class Queries:
    """Renders queries; what stands in WITH may also be a write, which `render_statement` knows."""

    render_statement: RenderStatement

    def renderer(self, scope: Scope) -> Renderer:
        """Return what renders the expressions of `scope`."""
        return Renderer(scope, lambda key, inside: self.query(key, inside)[0])

    def query(self, key: Key, around: Scope) -> tuple[str, tuple[Key, ...]]:
        """Return the text of a SELECT or a set operation inside the scope `around`, and the keys of what it returns."""
        body, tail = unroll(key)
        with_, around = self.with_clause(tail.ctes, around)
        if isinstance(body, SelectClauses):
            scope = around.nested(body.from_)
            renderer = self.renderer(scope)
            render_term: Callable[[Key], str] = renderer.text
            sql, items = self._select(body, renderer), tuple(body.items)
        else:
            sql, items, render_term = self._combined(body, around)
            renderer = self.renderer(around)
        return with_ + sql + _tail(tail, renderer, render_term), items

    def _combined(self, body: SetOperation, around: Scope) -> tuple[str, tuple[Key, ...], Callable[[Key], str]]:
        left, items = self.query(body.left, around)
        right, others = self.query(body.right, around)
        _check_alike(body.operator, items, others)
        columns = [column for item in items for column in columns_of(item)]
        positions = {column: index for index, column in reversed(list(enumerate(columns, start=1)))}

        def position(term: Key) -> str:
            match term:
                case ("ordinal", place):
                    return str(place)
                case _ if term in positions:
                    return str(positions[term])
                case _:
                    raise StatementError("a set operation can only be ordered by what it selects")

        return f"({left}) {body.operator} ({right})", items, position

    def _select(self, clauses: SelectClauses, renderer: Renderer) -> str:
        scope = renderer.scope
        listed = grouped_scope(scope, clauses.group_by)
        for item in clauses.items:
            check_nullability(item, listed)
        sources, joins = self.from_items(clauses.from_, scope)
        columns = [renderer.text(column) for item in clauses.items for column in columns_of(item)]
        return dialect.select(
            dialect.SelectText(
                columns=columns or ["NULL"],  # of a table without columns, whose rows are there all the same
                is_distinct=clauses.is_distinct,
                distinct_on=[renderer.text(key) for key in clauses.distinct_on],
                sources=sources,
                joins=joins,
                where=renderer.conditions(clauses.from_.where),
                group_by=[_grouping(key, renderer) for key in clauses.group_by],
                having=renderer.conditions(clauses.having),
            )
        )

    # ---- FROM

    def from_items(self, clause: FromClause, scope: Scope) -> tuple[list[str], list[dialect.JoinText]]:
        """Return the sources of FROM and the joins of a statement whose scope is `scope`."""
        before: dict[Key, str] = {}
        sources = [self._source(source, scope, before) for source in clause.sources]
        joins: list[dialect.JoinText] = []
        for join in clause.joins:
            source = self._source(join.source, scope, before)
            # A condition sees the sources up to its own; the server says so where we do not.
            on = None if join.condition is None else self.renderer(scope).text(join.condition)
            joins.append(dialect.JoinText(join.kind, source, on))
        return sources, joins

    def _source(self, source: Key, scope: Scope, before: dict[Key, str]) -> str:
        """Return a source as it stands in FROM, with its alias; `before` are the names that a lateral one may use."""
        identity = identity_of(source)
        name = scope.name_of(identity)
        inside = replace(scope, names=dict(before))
        before[identity] = name
        match source:
            case Source():
                return self.table(source, name)
            case ("related", Source() as related):
                return self.table(related, name)
            case ("subquery", _, key):
                sql, items = self.query(key, scope.outer or scope)
                return f"({sql}) AS {dialect.quoted(name)} {column_names(items)}"
            case ("lateral_subquery", _, key):
                sql, items = self.query(key, inside)
                _check_lateral(key, items, scope)
                return f"LATERAL ({sql}) AS {dialect.quoted(name)} {column_names(items)}"
            case ("cte_reference", str() as cte, _, _):
                scope.check_cte(cte)
                return dialect.quoted(cte) if cte == name else f"{dialect.quoted(cte)} AS {dialect.quoted(name)}"
            case ("set_of", _, call):
                return f'{self.renderer(inside).text(call)} AS {dialect.quoted(name)} ("c1")'
            case ("unnest", _, tuple() as places):
                names = ", ".join(dialect.quoted(f"c{number}") for number in range(1, len(places) + 1))
                return f"unnest({self.renderer(inside).list(places)}) AS {dialect.quoted(name)} ({names})"
            case _:
                raise AssertionError(source)

    def table(self, source: Source[Any], name: str | None = None) -> str:
        """Return a table as it stands in FROM, under `name`, or its alias when it has one."""
        name = name or source._alias or source._name
        table = dialect.table_name(source._schema, source._name)
        return table if name == source._name else f"{table} AS {dialect.quoted(name)}"

    # ---- WITH

    def with_clause(self, definitions: Sequence[Key], around: Scope) -> tuple[str, Scope]:
        """Return `WITH ... ` or nothing, and the scope in which what it defines is known."""
        if not definitions:
            return "", around
        known = replace(around, ctes=ctes_of(definitions, around))
        inside = around
        texts: list[str] = []
        is_recursive = False
        for definition in definitions:
            match definition:
                case ("cte", str() as name, mode, key):
                    sql, items = self.render_statement(key, inside)
                    how = f"{mode} " if mode else ""
                    texts.append(f"{dialect.quoted(name)} {column_names(items)} AS {how}({sql})")
                case ("recursive_cte", str() as name, str() as operator, start, step):
                    is_recursive = True
                    sql, items = self.query(start, inside)
                    following, others = self.query(step, replace(inside, ctes=inside.ctes | {name}))
                    _check_alike(operator, items, others)
                    texts.append(f"{dialect.quoted(name)} {column_names(items)} AS (({sql}) {operator} ({following}))")
                case _:
                    raise AssertionError(definition)
            inside = replace(inside, ctes=inside.ctes | {name})
        return f"WITH {'RECURSIVE ' if is_recursive else ''}{', '.join(texts)} ", known


def _check_lateral(key: Key, items: Sequence[Key], around: Scope) -> None:
    """Refuse an item of a lateral subquery that is read as never NULL, and comes from an optional source around it."""
    body, _ = unroll(key)
    if isinstance(body, SelectClauses):
        own = {identity_of(source) for source in (*body.from_.sources, *[join.source for join in body.from_.joins])}
        for item in items:
            check_nullability(item, replace(around, nullable=around.nullable - own))


def column_names(items: Sequence[Key]) -> str:
    """Return the names of the columns of a derived source, by number."""
    count = sum(len(columns_of(item)) for item in items)
    return f"({', '.join([dialect.quoted(f'c{number}') for number in range(1, count + 1)])})"


def _grouping(key: Key, renderer: Renderer) -> str:
    match key:
        case ("grouping_list", str() as kind, tuple() as keys):
            return f"{kind} ({renderer.list(keys)})"
        case ("grouping_sets", tuple() as sets):
            return f"GROUPING SETS ({', '.join([f'({renderer.list(keys)})' for keys in sets])})"
        case _:
            return renderer.text(key)


def _tail(tail: Tail, renderer: Renderer, render_term: Callable[[Key], str]) -> str:
    sql = ""
    if tail.order_by:
        sql += f" ORDER BY {renderer.order(tail.order_by, render_term)}"
    if tail.is_limit_with_ties:
        # OFFSET comes first where FETCH is used, and a cast wants brackets there (SELECT, manual).
        sql += f" OFFSET {tail.offset}" if tail.offset is not None else ""
        return f"{sql} FETCH FIRST ({tail.limit}) ROWS WITH TIES" + _locks(tail, renderer)
    if tail.limit is not None:
        sql += f" LIMIT {tail.limit}"
    if tail.offset is not None:
        sql += f" OFFSET {tail.offset}"
    return sql + _locks(tail, renderer)


def _locks(tail: Tail, renderer: Renderer) -> str:
    sql = ""
    for strength, waiting, sources in tail.locks:
        sql += f" FOR {strength}"
        if sources:
            names = [dialect.quoted(renderer.scope.name_of(identity_of(source))) for source in sources]
            sql += f" OF {', '.join(names)}"
        sql += f" {waiting}" if waiting else ""
    return sql


def _check_alike(operator: str, left: Sequence[Key], right: Sequence[Key]) -> None:
    """Refuse to combine rows that are not made of the same things."""
    widths = [sum(len(columns_of(item)) for item in side) for side in (left, right)]
    if widths[0] != widths[1]:
        raise StatementError(
            f"{operator} combines {widths[0]} columns with {widths[1]}", help="select the same columns on both sides"
        )
    kinds = [[_row_class(item) for item in side] for side in (left, right)]
    if kinds[0] != kinds[1]:
        raise StatementError(
            f"{operator} combines rows of {_described(kinds[0])} with rows of {_described(kinds[1])}",
            help="select the same tables, columns and shapes on both sides",
        )
    # With equal kinds the items of both sides pair up.
    for one, other in zip(left, right, strict=True):
        families = family_of(one), family_of(other)
        if None not in families and families[0] != families[1]:
            raise StatementError(
                f"{operator} combines {families[0]} with {families[1]}", help="cast one of them to the other's type"
            )
        if operator.startswith("UNION") and reads_none(other) and not reads_none(one):
            raise StatementError(
                f"{operator} has rows whose column may be NULL, and is read as if it never were",
                help="wrap it in opt() on the left side, or in coalesce() on the right one",
            )


def _row_class(item: Key) -> Any:
    """Return the class of the object that an item becomes; None for the value of one column."""
    match item:
        case Source():
            return item._row
        case ("subrow", _, _, item):
            return _row_class(item)
        case ("shape", shape, _):
            return shape
        case ("opt", part):
            return _row_class(part)
        case _:
            return None


def _described(kinds: Sequence[Any]) -> str:
    return ", ".join("a value" if kind is None else kind.__name__ for kind in kinds)
