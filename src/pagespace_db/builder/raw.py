"""Whole statements of raw SQL, for what the builder does not write: MERGE, DDL, EXPLAIN."""

from __future__ import annotations

from functools import cache
from typing import Any, LiteralString, TypeVar, cast, overload

from pagespace_db.builder.columns import Row
from pagespace_db.builder.expressions import Key, Selectable, item_of
from pagespace_db.builder.fragments import fragment
from pagespace_db.builder.select import is_shape, selected_node
from pagespace_db.builder.shapes import selected, shape_node
from pagespace_db.builder.sources import without_values
from pagespace_db.builder.statement import Command, Statement
from pagespace_db.codecs import is_document_class, json_codec

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")


class Raw(Command):
    """A statement of raw SQL: execute it for the number of its rows, or say by .rows() what they are made of."""

    __slots__ = ()

    @overload
    def rows(self, a: Selectable[A] | type[A], /) -> Statement[A]: ...
    @overload
    def rows(self, a: Selectable[A] | type[A], b: Selectable[B] | type[B], /) -> Statement[tuple[A, B]]: ...
    @overload
    def rows(
        self, a: Selectable[A] | type[A], b: Selectable[B] | type[B], c: Selectable[C] | type[C], /
    ) -> Statement[tuple[A, B, C]]: ...
    @overload
    def rows(
        self,
        a: Selectable[A] | type[A],
        b: Selectable[B] | type[B],
        c: Selectable[C] | type[C],
        d: Selectable[D] | type[D],
        /,
    ) -> Statement[tuple[A, B, C, D]]: ...
    def rows(self, *items: Selectable[Any] | type[Any]) -> Statement[Any]:
        """Return the statement as one that returns rows of `items`.

        A table, its row class or a Shape takes as many columns as it has, in its order; a column, an expression or any
        other class takes one, and a dataclass, a TypedDict or a model of pydantic takes the document in it.
        Nothing checks that the SQL returns them: that is on whoever writes it.
        """
        keys: list[Key] = []
        for item in items:
            # Only what is made of the result counts here: what an item would bind is not in the text.
            is_class = isinstance(item, type)
            keys.append(_value_of(cast("Any", item)) if is_class else without_values(item_of(selected_node(item))))
        return Statement(("raw_rows", self._key, tuple(keys)), self._values)


@cache
def _value_of(cls: type[Any]) -> Key:
    """Return the key of an item that is given as a class: its own columns, a document, or any value."""
    if is_shape(cls):
        return without_values(shape_node(cls)._key)
    if issubclass(cls, Row):
        return cls._source if cls._source._row is cls else without_values(selected(cls)[0])
    return ("decoded", "value", json_codec(cls), None) if is_document_class(cls) else "value"


def raw(template: LiteralString, *args: object) -> Raw:
    """Return a statement of raw SQL.

    `{}` stands for the next argument: a table, which is written with its schema, a column, an expression, an
    identifier() or a value, which is bound as a parameter. The template must be a literal in the source.
    """
    key, values = fragment(template, args)
    return Raw(("raw", key), values)
