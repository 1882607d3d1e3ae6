"""Expressions and queries as SQL text.

Both live here because each may hold the other. Operands that are not atoms are bracketed, so precedence is never
a question; only AND, OR and NOT spare the conditions that bind tighter than they do.
"""

# Keys are nested tuples of anything hashable, and a pattern over them cannot tell pyright what a class was generic in.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownLambdaType=false

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pagespace_db.errors import StatementError
from pagespace_db.query.columns import ColumnBase, Source
from pagespace_db.query.expressions import Key
from pagespace_db.query.render import dialect
from pagespace_db.query.render.chain import SelectClauses, SetOperation, Tail, unroll
from pagespace_db.query.render.scope import EXCLUDED, Scope, check_nullability, scope_of
from pagespace_db.query.rows import columns_of


@dataclass(frozen=True, slots=True)
class Bind:
    """A numbered place for a value; its text cannot be that of anything else, since no name or fragment has a NUL."""

    index: int
    cast: str | None

    def __str__(self) -> str:
        return f"\0{self.index}\0" + (f"::{self.cast}" if self.cast else "")


# Keys that render to something no operator can tear apart.
_ATOMS: Final = frozenset({"count", "agg", "func", "coalesce", "cast", "exists", "scalar", "subcolumn", "excluded"})


# Conditions that AND, OR and NOT, which bind loosest of all, would tear apart. A fragment may hold anything.
_LOOSE: Final = frozenset({"and", "or", "sql"})


def render_operand(key: Key, scope: Scope) -> str:
    """Return an expression that may stand beside any operator."""
    while isinstance(key, tuple) and key[0] == "opt":
        key = key[1]
    sql = render_expression(key, scope)
    return dialect.bracketed(sql) if isinstance(key, tuple) and key[0] not in _ATOMS else sql


def render_conditions(conditions: Sequence[Key], scope: Scope) -> str | None:
    """Return all of `conditions` together, or None when there is none."""
    if not conditions:
        return None
    return render_expression(("and", *conditions) if len(conditions) > 1 else conditions[0], scope)


def render_expression(key: Key, scope: Scope) -> str:
    """Return the text of an expression.

    Errors: StatementError when it refers to a source that is not in scope.
    """

    def text(part: Any) -> str:
        return render_expression(part, scope)

    def operand(part: Any) -> str:
        return render_operand(part, scope)

    def condition_operand(part: Any) -> str:
        return dialect.bracketed(text(part)) if isinstance(part, tuple) and part[0] in _LOOSE else text(part)

    def query(part: Any) -> str:
        return dialect.bracketed(render_query(part, scope)[0])

    match key:
        case ColumnBase():
            return dialect.column_name(scope.name_of(key._table, key), key._name)
        case Bind():
            return str(key)
        case ("op", str() as operator, a, b):
            return dialect.binary(operator, operand(a), operand(b))
        case ("and" | "or" as connective, *conditions):
            return dialect.connected(connective, [condition_operand(condition) for condition in conditions])
        case ("not", condition):
            return dialect.negated(condition_operand(condition))
        case ("is", "NOT TRUE", a):
            return f"{operand(a)} IS NOT TRUE"
        case ("is", what, a):
            return dialect.null_test(operand(a), is_null=what == "NULL")
        case ("between", a, low, high):
            return dialect.between(operand(a), operand(low), operand(high))
        case ("any", negated, a, place):
            return f"{operand(a)} {'<> ALL' if negated else '= ANY'}({text(place)})"
        case ("in_arrays", (column,), (place,)):
            return f"{text(column)} = ANY({text(place)})"
        case ("in_arrays", tuple() as columns, tuple() as places):
            row = ", ".join(text(column) for column in columns)
            return f"({row}) IN (SELECT * FROM unnest({', '.join(text(place) for place in places)}))"
        case ("in", negated, a, part):
            return f"{operand(a)} {'NOT IN' if negated else 'IN'} {query(part)}"
        case ("exists", part):
            return f"EXISTS {query(part)}"
        case ("scalar", part):
            return query(part)
        case ("count",):
            return "count(*)"
        case ("agg", str() as name, ("distinct", a)):
            return dialect.call(name, [f"DISTINCT {text(a)}"])
        case ("agg" | "func", str() as name, *arguments):
            return dialect.call(name, [text(argument) for argument in arguments])
        case ("coalesce", *arguments):
            return dialect.call("coalesce", [text(argument) for argument in arguments])
        case ("cast", a, str() as pg_type):
            return f"CAST({text(a)} AS {pg_type})"
        case ("case", tuple() as branches, default):
            pairs = [(text(condition), text(value)) for condition, value in branches]
            return dialect.case(pairs, None if default is None else text(default))
        case ("opt", a):
            return text(a)
        case ("present", source):
            return f"({dialect.quoted(scope.name_of(source))}.*) IS DISTINCT FROM NULL"
        case ("subcolumn", alias, int() as index):
            return dialect.column_name(scope.name_of(alias), f"c{index + 1}")
        case ("excluded", ColumnBase() as column):
            return f"{scope.name_of(EXCLUDED)}.{dialect.quoted(column._name)}"
        case ("sql", tuple() as pieces, tuple() as arguments):
            return _fragment(pieces, arguments, scope, operand)
        case _:
            raise AssertionError(key)


def _fragment(pieces: Sequence[Any], arguments: Sequence[Any], scope: Scope, operand: Callable[[Any], str]) -> str:
    sql = str(pieces[0])
    for piece, argument in zip(pieces[1:], arguments, strict=True):
        sql += dialect.quoted(scope.name_of(argument)) if isinstance(argument, Source) else operand(argument)
        sql += piece
    return sql


def render_query(key: Key, outer: Scope | None) -> tuple[str, tuple[Key, ...]]:
    """Return the text of a SELECT or a set operation, and the keys of the items it returns."""
    body, tail = unroll(key)
    if isinstance(body, SelectClauses):
        scope = scope_of(body.all_sources(), [join.source for join in body.joins if join.kind == "left_join"], outer)
        return _select(body, scope) + _tail(tail, lambda term: render_expression(term, scope)), tuple(body.items)
    left, items = render_query(body.left, outer)
    right, others = render_query(body.right, outer)
    _check_widths(body, items, others)
    positions = _positions(items)

    def position(term: Key) -> str:
        if term not in positions:
            raise StatementError("a set operation can only be ordered by what it selects")
        return str(positions[term])

    return f"({left}) {body.operator} ({right}){_tail(tail, position)}", items


def _select(clauses: SelectClauses, scope: Scope) -> str:
    for item in clauses.items:
        check_nullability(item, scope)
    return dialect.select(
        dialect.SelectText(
            columns=[render_expression(column, scope) for item in clauses.items for column in columns_of(item)],
            is_distinct=clauses.is_distinct,
            sources=[render_source(source, scope) for source in clauses.sources],
            joins=[
                (join.kind, render_source(join.source, scope), render_expression(join.condition, scope))
                for join in clauses.joins
            ],
            where=render_conditions(clauses.where, scope),
            group_by=[render_expression(key, scope) for key in clauses.group_by],
            having=render_conditions(clauses.having, scope),
        )
    )


def render_source(source: Key, scope: Scope) -> str:
    """Return a source as it stands in FROM, with its alias."""
    match source:
        case Source():
            name = scope.name_of(source)
            table = dialect.table_name(source._schema, source._name)
            return table if name == source._name else f"{table} AS {dialect.quoted(name)}"
        case ("subquery", str() as alias, key):
            sql, items = render_query(key, scope.outer)
            count = sum(len(columns_of(item)) for item in items)
            names = ", ".join(dialect.quoted(f"c{number}") for number in range(1, count + 1))
            return f"({sql}) AS {dialect.quoted(alias)} ({names})"
        case ("unnest", str() as alias, tuple() as places):
            names = ", ".join(dialect.quoted(f"c{number}") for number in range(1, len(places) + 1))
            arrays = ", ".join(str(place) for place in places)
            return f"unnest({arrays}) AS {dialect.quoted(alias)} ({names})"
        case ("lateral", Source() as table, key):
            return f"LATERAL ({render_query(key, scope)[0]}) AS {dialect.quoted(scope.name_of(table))}"
        case _:
            raise AssertionError(source)


def _tail(tail: Tail, render_term: Callable[[Key], str]) -> str:
    sql = ""
    if tail.order_by:
        sql += " ORDER BY " + ", ".join(_order(term, render_term) for term in tail.order_by)
    if tail.limit is not None:
        sql += f" LIMIT {tail.limit}"
    if tail.offset is not None:
        sql += f" OFFSET {tail.offset}"
    return f"{sql} {tail.lock}" if tail.lock else sql


def _order(term: Key, render_term: Callable[[Key], str]) -> str:
    match term:
        case ("order", key, str() as direction, nulls):
            return f"{render_term(key)} {direction}" + (f" NULLS {str(nulls).upper()}" if nulls else "")
        case _:
            return render_term(term)


def _check_widths(operation: SetOperation, left: Sequence[Key], right: Sequence[Key]) -> None:
    widths = [sum(len(columns_of(item)) for item in side) for side in (left, right)]
    if widths[0] != widths[1]:
        raise StatementError(
            f"{operation.operator} combines {widths[0]} columns with {widths[1]}",
            help="select the same columns on both sides",
        )


def _positions(items: Sequence[Key]) -> dict[Key, int]:
    columns = [column for item in items for column in columns_of(item)]
    return {column: index for index, column in reversed(list(enumerate(columns, start=1)))}
