"""Annotated queries of which the caller decides some parts: one fixed statement for each decision.

Every statement was written into the generated module when the server analysed it. A decision is a key that finds one of
them, so that nothing which a caller gives can become SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any, Final, Generic, Literal, TypeVar

from pagespace_db.client.queries import AnnotatedQuery, ParameterType
from pagespace_db.errors import StatementError

R = TypeVar("R")


class Absent(Enum):
    """The type of `ABSENT`."""

    ABSENT = "ABSENT"

    def __repr__(self) -> str:
        return self.name


ABSENT: Final[Literal[Absent.ABSENT]] = Absent.ABSENT
"""Stands for an optional parameter that is left out, where None is a value like others."""


class Variants(Generic[R]):
    """The statements of one query, by the settings of its switches."""

    __slots__ = ("_queries", "_source")

    def __init__(
        self,
        statements: Mapping[tuple[bool | str, ...], tuple[str, tuple[int, ...]]],
        *,
        types: Sequence[ParameterType],
        make_row: Callable[[Sequence[Any]], R],
        source: str,
    ) -> None:
        """Make the queries of `statements`, each with the places in `types` of the parameters that it has."""
        self._source = source
        self._queries = {
            settings: AnnotatedQuery(
                sql, types=[types[pick] for pick in picks], make_row=make_row, source=source, picks=picks
            )
            for settings, (sql, picks) in statements.items()
        }

    def of(self, *settings: bool | str) -> AnnotatedQuery[R]:
        """Return the query for these settings, one for each switch.

        Errors: StatementError for a label that there is not.
        """
        try:
            return self._queries[settings]
        except (KeyError, TypeError):
            raise StatementError(f"{self._source} has no such variant", help=self._choices()) from None

    def _choices(self) -> str | None:
        labels = sorted({setting for key in self._queries for setting in key if isinstance(setting, str)})
        return f"labels: {', '.join(labels)}" if labels else None


def together(names: str, *given: bool) -> bool:
    """Return whether the parameters of one optional part are given.

    Errors: StatementError when some are, and others are not.
    """
    if any(given) and not all(given):
        raise StatementError(f"{names} are given together or not at all")
    return all(given)
