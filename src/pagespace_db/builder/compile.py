"""From a shape to what a connection needs: SQL text, the order of the values, and a maker of rows.

A shape is compiled once and kept; executing a statement again only looks it up and binds its values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Generic, TypeVar

from pagespace_db.builder.expressions import Key
from pagespace_db.builder.flaws import refused_text
from pagespace_db.builder.render import render_statement
from pagespace_db.builder.rows import row_maker
from pagespace_db.errors import StatementError

R = TypeVar("R")

CACHED_SHAPES: Final = 4096
"""Shapes that stay compiled; those used last are kept."""

MAX_PARAMETERS: Final = 65_535
"""The protocol counts parameters in 16 bits (manual, 55.7, Bind)."""


@dataclass(frozen=True, slots=True, eq=False)
class Compiled(Generic[R]):
    """A rendered shape; instances are compared by identity, one lives as long as its shape is cached.

    Attributes:
        sql: The statement with PostgreSQL's own placeholders, `$1` and so on.
        order: For each parameter the index of its value, or None when they are in order already.
        parameter_count: How many parameters it has.
        make_row: Makes a row from the values of one result row.
        key: The shape itself, with which errors about values are explained.
    """

    sql: bytes
    order: tuple[int, ...] | None
    parameter_count: int
    make_row: Callable[[Sequence[Any]], R]
    key: Key

    def bind(self, values: Sequence[object]) -> Sequence[object]:
        """Return `values` in the order of the parameters."""
        return values if self.order is None else [values[index] for index in self.order]

    def refused_text(self, values: Sequence[object]) -> StatementError | None:
        """Return the error that names the column of a text which PostgreSQL cannot hold, or None when all can be."""
        return refused_text(self.key, values)


@lru_cache(maxsize=CACHED_SHAPES)
def compile_shape(key: Key) -> Compiled[Any]:
    """Return the compiled statement of a shape.

    Errors: StatementError when the statement cannot be right, whatever its values.
    """
    rendered = render_statement(key)
    order = rendered.order
    if len(order) > MAX_PARAMETERS:
        raise StatementError(
            f"the statement has {len(order):,} parameters, and PostgreSQL takes {MAX_PARAMETERS:,}",
            help="send many rows with .rows(), which makes one array per column, or with copy_in()",
        )
    return Compiled(
        sql=rendered.sql.encode(),
        parameter_count=len(order),
        order=None if order == tuple(range(len(order))) else order,
        make_row=row_maker(rendered.items) if rendered.items else tuple,
        key=key,
    )
