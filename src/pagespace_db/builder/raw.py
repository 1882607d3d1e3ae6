"""Whole statements of raw SQL, for what the builder does not write: MERGE, DDL, EXPLAIN."""

from __future__ import annotations

from typing import Any, LiteralString, TypeVar, overload

from pagespace_db.builder.expressions import Key, Selectable, item_of
from pagespace_db.builder.fragments import fragment
from pagespace_db.builder.select import is_shape, selected_node
from pagespace_db.builder.sources import without_values
from pagespace_db.builder.statement import Command, Statement

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

        A table or a Shape takes as many columns as it has, in its order; a column, an expression or a class takes one.
        Nothing checks that the SQL returns them: that is on whoever writes it.
        """
        keys: list[Key] = []
        for item in items:
            # Only what is made of the result counts here: what an item would bind is not in the text.
            keys.append("value" if _is_value(item) else without_values(item_of(selected_node(item))))
        return Statement(("raw_rows", self._key, tuple(keys)), self._values)


def _is_value(item: object) -> bool:
    return not is_shape(item) and isinstance(item, type)


def raw(template: LiteralString, *args: object) -> Raw:
    """Return a statement of raw SQL.

    `{}` stands for the next argument: a table, which is written with its schema, a column, an expression, an
    identifier() or a value, which is bound as a parameter. The template must be a literal in the source.
    """
    key, values = fragment(template, args)
    return Raw(("raw", key), values)
