"""Text that PostgreSQL cannot hold: who gave it, and to which column.

Nothing here runs while all is well. The client asks when a value could not be written as text, which psycopg finds
out before it sends anything.
"""

# Keys are nested tuples of anything hashable, and a pattern over them cannot tell pyright what a class was generic in.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from psycopg.types.json import Json, Jsonb
from psycopg.types.multirange import Multirange
from psycopg.types.range import Range

from pagespace_db.builder.columns import ColumnBase
from pagespace_db.builder.expressions import Key
from pagespace_db.builder.params import Param
from pagespace_db.errors import StatementError

AnyColumn: TypeAlias = ColumnBase[Any, Any]


def refused_text(key: Key, values: Sequence[object]) -> StatementError | None:
    """Return the error for the first text among `values` that PostgreSQL cannot hold, or None when there is none.

    The column named is the one that the value is compared with, or written to.
    """
    for column, value in zip(_columns_of_params(key, None), values, strict=True):
        flaw = flaw_in(value)
        if flaw is not None:
            return flawed("a text of this statement" if column is None else f"the text for {column!r}", flaw)
    return None


def flaw_in(value: object) -> str | None:
    """Return what PostgreSQL cannot hold of the texts in a value, however deep they are, or None when it holds all."""
    return next((flaw for text in _texts_in(value) if (flaw := _flaw_of(text)) is not None), None)


def flawed(whose: str, flaw: str) -> StatementError:
    """Return the error for a text with a flaw."""
    return StatementError(
        f"{whose} has {flaw}, which PostgreSQL cannot hold",
        help="refuse such text where it comes in, or keep it as bytes in a bytea column",
    )


def encoded(text: str, whose: str) -> bytes:
    """Return a text as it is sent.

    Errors: StatementError, which says whose it is, for one that PostgreSQL cannot hold.
    """
    flaw = _flaw_of(text)
    if flaw is not None:
        raise flawed(whose, flaw)
    return text.encode()


def _flaw_of(text: str) -> str | None:
    if "\0" in text:
        return "a NUL character"
    try:
        text.encode()
    except UnicodeEncodeError:
        return "a lone surrogate"
    return None


def _texts_in(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            yield from _texts_in_all([*value.keys(), *value.values()])
        case list() | tuple() | set() | frozenset() | Multirange():
            yield from _texts_in_all(value)
        case Json() | Jsonb():
            yield from _texts_in(value.obj)
        case Range():
            yield from _texts_in_all([value.lower, value.upper])
        case _ if dataclasses.is_dataclass(value):
            yield from _texts_in_all(getattr(value, field.name) for field in dataclasses.fields(value))
        case _:
            pass


def _texts_in_all(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        yield from _texts_in(value)


def _columns_of_params(key: Key, beside: AnyColumn | None) -> Iterator[AnyColumn | None]:
    """Yield, for each param of `key` in order, the column that its value is for, as far as that can be told."""
    match key:
        case Param():
            yield beside
        case ("again", _, _):
            pass
        case ("insert", _, tuple() as columns, tuple() as rows):
            for row in rows:
                yield from _paired(columns, row)
        case ("insert_bulk", _, tuple() as columns, source):
            yield from _columns_of_bulk(columns, source)
        case ("update_rows", _, tuple() as identifying, tuple() as changed, source, tuple() as assignments):
            yield from _columns_of_bulk((*identifying, *changed), source)
            yield from _columns_of_params(assignments, None)
        case ("op" | "between" | "any" | "any_element" | "in" | ColumnBase(), *parts):
            beside = beside or next(_columns_in(key), None)
            for part in parts:
                yield from _columns_of_params(part, beside)
        case (
            "packed" | "func" | "total" | "choice" | "coalesce" | "cast" | "case" | "opt" | "claimed" | "row",
            *parts,
        ):
            for part in parts:
                yield from _columns_of_params(part, beside)
        case ("decoded", part, *_):
            yield from _columns_of_params(part, beside)
        case tuple():
            for part in key:
                yield from _columns_of_params(part, None)
        case _:
            pass


def _columns_of_bulk(columns: tuple[Any, ...], source: Key) -> Iterator[AnyColumn | None]:
    match source:
        case ("unnest", tuple() as arrays):
            yield from _paired(columns, arrays)
        case _:
            pass


def _paired(columns: Iterable[Any], parts: Iterable[Any]) -> Iterator[AnyColumn | None]:
    for column, part in zip(columns, parts, strict=True):
        yield from _columns_of_params(part, column)


def _columns_in(key: Any) -> Iterator[AnyColumn]:
    if isinstance(key, ColumnBase):
        yield key
    elif isinstance(key, tuple):
        for part in key:
            yield from _columns_in(part)
