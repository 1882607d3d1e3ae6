"""INSERT, UPDATE and DELETE as SQL text."""

# Keys are nested tuples of anything hashable, and a pattern over them cannot tell pyright what a class was generic in.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from pagespace_db.builder.columns import ColumnBase, Table
from pagespace_db.builder.constraints import Constraint, UniqueIndex
from pagespace_db.builder.expressions import Key
from pagespace_db.builder.render import dialect
from pagespace_db.builder.render.chain import FromClause, unrolled
from pagespace_db.builder.render.expressions import Renderer
from pagespace_db.builder.render.queries import Queries
from pagespace_db.builder.render.scope import EXCLUDED, Scope, check_nullability
from pagespace_db.builder.rows import columns_of
from pagespace_db.errors import StatementError

_ROWS: Final = "new_rows"
"""What the rows of an update of many rows are called."""


@dataclass(slots=True, kw_only=True)
class _Clauses:
    """What follows the table of a write."""

    from_: FromClause = field(default_factory=FromClause)
    ctes: list[Key] = field(default_factory=list[Key])
    conflict: tuple[Any, Any] | None = None
    returning: tuple[Key, ...] | None = None
    overrides_system: bool = False


def render_write(key: Key, around: Scope, queries: Queries) -> tuple[str, tuple[Key, ...] | None]:
    """Return the text of a write, and the keys of the items that it returns, or None when it returns none."""
    body, clauses = _unrolled(key)
    table: Table[Any, Any, Any] = body[1]
    with_, around = queries.with_clause(clauses.ctes, around)
    scope = around.nested(replace(clauses.from_, sources=[table, *clauses.from_.sources]))
    renderer = queries.renderer(scope)
    sql = with_ + _body(body, clauses, renderer, queries)
    if clauses.conflict is not None:
        sql += _on_conflict(*clauses.conflict, queries, scope)
    if clauses.returning is None:
        return sql, None
    for item in clauses.returning:
        check_nullability(item, scope)
    returned = [renderer.text(column) for item in clauses.returning for column in columns_of(item)]
    return f"{sql} RETURNING {', '.join(returned or ['NULL'])}", clauses.returning


def _unrolled(key: Key) -> tuple[tuple[Any, ...], _Clauses]:
    body, steps = unrolled(key)
    clauses = _Clauses()
    for tag, *rest in steps:
        match tag:
            case "with":
                clauses.ctes += rest
            case "on_conflict":
                clauses.conflict = (rest[0], rest[1])
            case "returning":
                clauses.returning = tuple(rest)
            case "overriding":
                clauses.overrides_system = True
            case "all_rows":
                pass
            case _ if clauses.from_.add(tag, rest):
                pass
            case _:
                raise AssertionError(tag)
    if clauses.from_.joins and not clauses.from_.sources:
        raise StatementError(
            "a join needs a source before it", help="add .from_(...) to an update, .using() to a delete"
        )
    return body, clauses


def _body(key: tuple[Any, ...], clauses: _Clauses, renderer: Renderer, queries: Queries) -> str:
    target = _target(key[1])
    into = f"INSERT INTO {target}"
    overriding = " OVERRIDING SYSTEM VALUE" if clauses.overrides_system else ""
    # What is inserted stands alone: there is no row of the table to refer to.
    outside = renderer.scope.outer or renderer.scope
    match key:
        case ("insert", _, tuple() as columns, ((),)) if not columns:
            return f"{into} DEFAULT VALUES"
        case ("insert", _, tuple() as columns, tuple() as rows):
            return f"{into} ({_names(columns)}){overriding} {_values(rows, queries.renderer(outside))}"
        case ("insert_bulk", _, tuple() as columns, source):
            return f"{into} ({_names(columns)}){overriding} {_bulk(source, queries.renderer(outside))}"
        case ("insert_select", _, tuple() as columns, select):
            return f"{into} ({_names(columns)}) {queries.query(select, outside)[0]}"
        case ("update", _, tuple() as assignments):
            sql = f"UPDATE {target} SET {_assignments(assignments, renderer)}"
            return sql + _from("FROM", clauses.from_, renderer, queries)
        case ("update_rows", *_):
            return _update_rows(target, key, renderer)
        case ("delete", _):
            return f"DELETE FROM {target}" + _from("USING", clauses.from_, renderer, queries)
        case _:
            raise AssertionError(key)


def _target(table: Table[Any, Any, Any]) -> str:
    name = dialect.table_name(table._schema, table._name)
    return name if table._alias is None else f"{name} AS {dialect.quoted(table._alias)}"


def _from(word: str, clause: FromClause, renderer: Renderer, queries: Queries) -> str:
    sql = ""
    if clause.sources:
        sources, joins = queries.from_items(clause, renderer.scope)
        sql += f" {word} {dialect.from_list(sources, joins)}"
    condition = renderer.conditions(clause.where)
    return sql if condition is None else f"{sql} WHERE {condition}"


def _update_rows(target: str, key: tuple[Any, ...], renderer: Renderer) -> str:
    _, _, identifying, changed, source, assignments = key
    rows = dialect.quoted(_ROWS)
    names = [dialect.quoted(f"c{number}") for number in range(1, len(identifying) + len(changed) + 1)]
    new = {column: f"{rows}.{name}" for column, name in zip((*identifying, *changed), names, strict=True)}
    set_ = [f"{dialect.quoted(column._name)} = {new[column]}" for column in changed]
    if assignments:
        set_.append(_assignments(assignments, renderer))
    where = [f"{renderer.text(column)} = {new[column]}" for column in identifying]
    return (
        f"UPDATE {target} SET {', '.join(set_)} FROM ({_bulk(source, renderer)}) AS {rows} ({', '.join(names)})"
        f" WHERE {' AND '.join(where)}"
    )


def _bulk(source: Key, renderer: Renderer) -> str:
    match source:
        case ("unnest", tuple() as arrays):
            # In the select list, where they advance together, arrays of composites are not spread over columns.
            return f"SELECT {', '.join([_unnested(array, renderer) for array in arrays])}"
        case ("no_rows", tuple() as pg_types):
            return f"SELECT {', '.join([f'NULL::{pg_type}' for pg_type in pg_types])} WHERE false"
        case _:
            raise AssertionError(source)


def _unnested(array: Any, renderer: Renderer) -> str:
    match array:
        case ("packed", place, str() as pg_type):
            return f"unnest({renderer.text(place)})::{pg_type}"
        case _:
            return f"unnest({renderer.text(array)})"


def _values(rows: Sequence[Any], renderer: Renderer) -> str:
    texts = [", ".join(["DEFAULT" if value is None else renderer.text(value) for value in row]) for row in rows]
    return f"VALUES {', '.join([f'({text})' for text in texts])}"


def _names(columns: Sequence[ColumnBase[Any, Any]]) -> str:
    return ", ".join([dialect.quoted(column._name) for column in columns])


def _assignments(assignments: Sequence[Any], renderer: Renderer) -> str:
    return ", ".join([f"{dialect.quoted(column._name)} = {renderer.text(value)}" for column, value in assignments])


def _on_conflict(target: Any, action: Any, queries: Queries, scope: Scope) -> str:
    sql = " ON CONFLICT"
    match target:
        case ("constraint", UniqueIndex() as index):
            sql += f" {index.inference}"
        case ("constraint", Constraint() as constraint):
            sql += f" ON CONSTRAINT {dialect.quoted(constraint.name)}"
        case ("constraint", str() as name):
            sql += f" ON CONSTRAINT {dialect.quoted(name)}"
        case ("unique", tuple() as expressions, where):
            bare = queries.renderer(replace(scope, is_bare=True))
            # An expression of an index wants brackets, unless it is a call or a column.
            sql += f" ({', '.join([bare.operand(expression) for expression in expressions])})"
            sql += "" if where is None else f" WHERE {bare.text(where)}"
        case _:
            pass
    assignments, where = action
    if assignments is None:
        return f"{sql} DO NOTHING"
    renderer = queries.renderer(replace(scope, names={**scope.names, EXCLUDED: EXCLUDED}))
    sql += f" DO UPDATE SET {_assignments(assignments, renderer)}"
    return sql if where is None else f"{sql} WHERE {renderer.text(where)}"
