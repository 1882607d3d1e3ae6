"""INSERT, UPDATE and DELETE as SQL text."""

# Keys are nested tuples of anything hashable, and a pattern over them cannot tell pyright what a class was generic in.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownLambdaType=false

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from pagespace_db.query.columns import ColumnBase, Table
from pagespace_db.query.expressions import Key
from pagespace_db.query.render import dialect
from pagespace_db.query.render.expressions import render_conditions, render_expression
from pagespace_db.query.render.scope import EXCLUDED, Scope, scope_of
from pagespace_db.query.rows import columns_of

WRITES: Final = frozenset({"insert", "insert_arrays", "update", "delete"})


def render_write(key: Key) -> tuple[str, tuple[Key, ...] | None]:
    """Return the text of a write, and the keys of the items that it returns, or None when it returns none."""
    body, where, suffix = _unroll(key)
    table: Table[Any, Any, Any] = body[1]
    scope = scope_of([table])
    sql = _body(body, table, scope)
    condition = render_conditions(where, scope)
    if condition is not None:
        sql += f" WHERE {condition}"
    items: tuple[Key, ...] | None = None
    for tag, rest in suffix:
        if tag == "on_conflict":
            columns, assignments = rest
            sql += _on_conflict(columns, assignments, scope)
        else:
            items = tuple(rest)
            returned = [render_expression(column, scope) for item in items for column in columns_of(item)]
            sql += f" RETURNING {', '.join(returned)}"
    return sql, items


def _unroll(key: Any) -> tuple[tuple[Any, ...], list[Key], list[tuple[str, list[Any]]]]:
    """Return the write itself, its conditions, and the clauses that follow them, in order."""
    where: list[Key] = []
    suffix: list[tuple[str, list[Any]]] = []
    while key[0] not in WRITES:
        tag, before, *rest = key
        if tag == "where":
            where[:0] = rest
        elif tag != "all_rows":
            suffix.insert(0, (tag, rest))
        key = before
    return key, where, suffix


def _body(key: tuple[Any, ...], table: Table[Any, Any, Any], scope: Scope) -> str:
    target = dialect.table_name(table._schema, table._name)
    if table._alias is not None:
        target += f" AS {dialect.quoted(table._alias)}"
    match key:
        case ("insert", _, tuple() as columns, ((),)) if not columns:
            return f"INSERT INTO {target} DEFAULT VALUES"
        case ("insert", _, tuple() as columns, tuple() as rows):
            values = ", ".join(f"({', '.join(_value(value) for value in row)})" for row in rows)
            return f"INSERT INTO {target} ({_names(columns)}) VALUES {values}"
        case ("insert_arrays", _, tuple() as columns, tuple() as arrays):
            unnested = ", ".join(str(array) for array in arrays)
            return f"INSERT INTO {target} ({_names(columns)}) SELECT * FROM unnest({unnested})"
        case ("update", _, tuple() as assignments):
            return f"UPDATE {target} SET {_assignments(assignments, scope)}"
        case ("delete", _):
            return f"DELETE FROM {target}"
        case _:
            raise AssertionError(key)


def _value(value: Key) -> str:
    # VALUES stands alone: there is no row of the table to refer to.
    return "DEFAULT" if value is None else render_expression(value, Scope({}))


def _names(columns: Sequence[ColumnBase[Any, Any]]) -> str:
    return ", ".join(dialect.quoted(column._name) for column in columns)


def _assignments(assignments: Sequence[Any], scope: Scope) -> str:
    return ", ".join(
        f"{dialect.quoted(column._name)} = {render_expression(value, scope)}" for column, value in assignments
    )


def _on_conflict(target: Sequence[ColumnBase[Any, Any]], assignments: Sequence[Any] | None, scope: Scope) -> str:
    where = f" ({_names(target)})" if target else ""
    if assignments is None:
        return f" ON CONFLICT{where} DO NOTHING"
    both = Scope({**scope.names, EXCLUDED: EXCLUDED})
    return f" ON CONFLICT{where} DO UPDATE SET {_assignments(assignments, both)}"
