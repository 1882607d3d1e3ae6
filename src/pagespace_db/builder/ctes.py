"""WITH: statements that are named once and used as sources."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pagespace_db.builder.expressions import Key, Node, check_name, parts_of
from pagespace_db.builder.select import Select
from pagespace_db.builder.sources import Cte
from pagespace_db.builder.statement import Statement
from pagespace_db.errors import StatementError

R = TypeVar("R")


def cte(name: str, statement: Statement[R], *, materialized: bool | None = None) -> Cte[R]:
    """Return `statement` as a common table expression; declare it by .with_(), then use it like a subquery.

    Args:
        name: What it is called.
        statement: A SELECT, or a write with .returning(), which is carried out whether it is used or not.
        materialized: Compute it once and apart (True), or merge it into the statement (False); the server decides
            when it is left out.
    """
    mode = None if materialized is None else "MATERIALIZED" if materialized else "NOT MATERIALIZED"
    key: Key = ("cte", check_name(name), mode, statement._key)
    return Cte(name, statement, Node(key, statement._values))


def recursive(name: str, start: Select[R], step: Callable[[Cte[R]], Select[R]], *, is_distinct: bool = False) -> Cte[R]:
    """Return a common table expression that grows out of itself until `step` finds no more rows.

    Args:
        name: What it is called.
        start: The first rows.
        step: Is given the expression, and returns the SELECT of the rows that follow from those found last.
        is_distinct: Leave out rows that were found before, which ends a walk through a graph with circles.
    """
    itself: Cte[R] = Cte(check_name(name), start, Node(None))
    following = step(itself)
    operator = "UNION" if is_distinct else "UNION ALL"
    key: Key = ("recursive_cte", name, operator, start._key, following._key)
    if not _mentions(following._key, itself._key):
        raise StatementError(f"the step of {name!r} does not read from {name!r}", help="use cte() when it need not")
    return Cte(name, start, Node(key, start._values + following._values))


def _mentions(key: Key, part: Key) -> bool:
    return key == part or any(_mentions(each, part) for each in parts_of(key))
