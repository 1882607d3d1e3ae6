"""What a client can run: statements that return rows, and commands that do not."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any, Generic, TypeAlias, TypeVar

from pagespace_db.builder.compile import Compiled, compile_shape
from pagespace_db.builder.expressions import Node

R = TypeVar("R")

Request: TypeAlias = tuple[Compiled[Any], Sequence[object]]
"""A compiled statement and its values, in the order of the shape."""

Plan: TypeAlias = Generator[Sequence[Request], Sequence[list[Any]], list[R]]
"""The steps of a read, without I/O: yields statements that may be sent together, is sent the rows of each."""


class Fetchable(Generic[R]):
    """Something that yields rows of type R when a client runs it, in one or more statements."""

    __slots__ = ()

    def _plan(self) -> Plan[R]:
        """Return the steps that read the rows."""
        raise NotImplementedError


class Executable(Node):
    """One statement, whether it returns rows or not."""

    __slots__ = ()

    def to_sql(self) -> tuple[str, list[object]]:
        """Return the text of the statement and its parameters, for looking at: a client sends them by itself.

        Errors: StatementError when the statement cannot be right, whatever its values.
        """
        compiled = compile_shape(self._key)
        return compiled.sql.decode(), list(compiled.bind(self._values))


class Command(Executable):
    """One statement that returns no rows, only their number."""

    __slots__ = ()

    @property
    def _compiled(self) -> Compiled[Any]:
        return compile_shape(self._key)


class Statement(Executable, Fetchable[R], Generic[R]):
    """One statement that returns rows of type R."""

    __slots__ = ()

    @property
    def _compiled(self) -> Compiled[R]:
        return compile_shape(self._key)

    def _plan(self) -> Plan[R]:
        (rows,) = yield [(self._compiled, self._values)]
        return rows
