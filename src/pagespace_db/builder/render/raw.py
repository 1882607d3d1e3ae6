"""Whole statements of raw SQL as text."""

# Keys are nested tuples of anything hashable, and a pattern over them cannot tell pyright what a class was generic in.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pagespace_db.builder.columns import ColumnBase, Source
from pagespace_db.builder.expressions import Key
from pagespace_db.builder.render.queries import Queries
from pagespace_db.builder.render.scope import Scope


def render_raw(key: Any, around: Scope, queries: Queries) -> tuple[str, tuple[Key, ...] | None]:
    """Return the text of a raw statement, and the keys of its items, or None when it has none."""
    items: tuple[Key, ...] | None = None
    if key[0] == "raw_rows":
        _, key, items = key
    _, (_, pieces, arguments) = key
    # Nobody knows what the text has in FROM: its author puts the tables there, under their names or aliases.
    names: dict[Key, str] = {source: source._alias or source._name for source in _sources_in(arguments)}
    renderer = queries.renderer(replace(around, names=names))
    sql = str(pieces[0])
    for piece, argument in zip(pieces[1:], arguments, strict=True):
        sql += queries.table(argument) if isinstance(argument, Source) else renderer.operand(argument)
        sql += piece
    return sql, items


def _sources_in(key: Any) -> Iterator[Source[Any]]:
    match key:
        case Source():
            yield key
        case ColumnBase():
            if key._table is not None:
                yield key._table
        case tuple():
            for part in key:
                yield from _sources_in(part)
        case _:
            pass
