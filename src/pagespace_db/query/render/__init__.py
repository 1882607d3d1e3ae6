"""From the shape of a statement to its SQL text. Values are not known here: a parameter is a numbered place."""

# Keys are nested tuples of anything hashable, and a pattern over them cannot tell pyright what a class was generic in.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownLambdaType=false

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Final

from pagespace_db.query.expressions import Key
from pagespace_db.query.params import Param
from pagespace_db.query.render.expressions import Bind, render_query
from pagespace_db.query.render.writes import WRITES, render_write

_PLACE: Final = re.compile("\0([0-9]+)\0")


@dataclass(frozen=True, slots=True)
class Rendered:
    """The text of a statement.

    Attributes:
        sql: The statement with PostgreSQL's own placeholders, `$1` and so on, in the order of the text.
        order: For each parameter the index of its value.
        items: The keys of what it returns, or None for a command.
    """

    sql: str
    order: tuple[int, ...]
    items: tuple[Key, ...] | None


def render_statement(key: Key) -> Rendered:
    """Return the SQL of the statement whose shape is `key`.

    Errors: StatementError when a column's table is not in the statement, or when what an outer join may leave NULL
    is read as something that never is.
    """
    numbered = _number(key, count())
    sql, items = render_write(numbered) if _is_write(numbered) else render_query(numbered, None)
    order: list[int] = []

    def placeholder(place: re.Match[str]) -> str:
        order.append(int(place[1]))
        return f"${len(order)}"

    return Rendered(_PLACE.sub(placeholder, sql), tuple(order), items)


def _number(key: Key, indexes: Iterator[int]) -> Key:
    """Return `key` with each Param replaced by a numbered place: the values stand in the order of the params."""
    match key:
        case Param():
            return Bind(next(indexes), key.cast)
        case tuple():
            return tuple([_number(part, indexes) for part in key])
        case _:
            return key


def _is_write(key: Key) -> bool:
    while isinstance(key, tuple) and key[0] not in ("select", "set"):
        if key[0] in WRITES:
            return True
        key = key[1]
    return False
