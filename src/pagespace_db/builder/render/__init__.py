"""From the shape of a statement to its SQL text. Values are not known here: a parameter is a numbered place."""

# Keys are nested tuples of anything hashable, and a pattern over them cannot tell pyright what a class was generic in.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownLambdaType=false

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pagespace_db.builder.expressions import Key
from pagespace_db.builder.params import Param
from pagespace_db.builder.render.chain import body_of
from pagespace_db.builder.render.expressions import Bind
from pagespace_db.builder.render.queries import Queries
from pagespace_db.builder.render.raw import render_raw
from pagespace_db.builder.render.scope import ROOT, Scope
from pagespace_db.builder.render.writes import render_write

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
    sql, items = _render(_number(key, _Counter(0)), ROOT)
    numbers: dict[int, int] = {}

    def placeholder(place: re.Match[str]) -> str:
        return f"${numbers.setdefault(int(place[1]), len(numbers) + 1)}"

    return Rendered(_PLACE.sub(placeholder, sql), tuple(numbers), items)


@dataclass(slots=True)
class _Counter:
    """Counts the values of a statement."""

    count: int


def _number(key: Key, counter: _Counter) -> Key:
    """Return `key` with each Param replaced by a numbered place: the values stand in the order of the params."""
    match key:
        case Param():
            counter.count += 1
            return Bind(counter.count - 1, key.cast)
        case ("again", part, int() as distance):
            return _number(part, _Counter(counter.count - distance))
        case tuple():
            return tuple([_number(part, counter) for part in key])
        case _:
            return key


def _render(key: Key, scope: Scope) -> tuple[str, tuple[Key, ...] | None]:
    """Return the text of a statement of any kind, and the keys of what it returns; None when it returns nothing."""
    match body_of(key):
        case ("select" | "set", *_):
            return _QUERIES.query(key, scope)
        case ("raw" | "raw_rows", *_):
            return render_raw(key, scope, _QUERIES)
        case _:
            return render_write(key, scope, _QUERIES)


def _render_part(key: Key, scope: Scope) -> tuple[str, tuple[Key, ...]]:
    sql, items = _render(key, scope)
    return sql, items or ()


_QUERIES: Final = Queries(_render_part)
