"""What joins the builder to psycopg, for both clients."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from typing import Any, TypeAlias, TypeVar

from psycopg.rows import RowMaker

from pagespace_db.query.compile import Compiled

R = TypeVar("R")
T = TypeVar("T")

AsyncYields: TypeAlias = AsyncGenerator[T, None]
Yields: TypeAlias = Generator[T, None, None]


class RowFactory:
    """Psycopg's row factory of a compiled statement."""

    __slots__ = ("make_row",)

    def __init__(self, compiled: Compiled[Any]) -> None:
        self.make_row = compiled.make_row

    def __call__(self, cursor: object) -> RowMaker[Any]:
        """Return the maker of the rows, whatever the result looks like: the statement knows."""
        return self.make_row
