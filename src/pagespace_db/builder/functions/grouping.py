"""Several groupings in one GROUP BY: rollup, cube and grouping sets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pagespace_db.builder.expressions import Expr, Node


class GroupingSets(Node):
    """Several groupings at once; what one of them leaves out is NULL in its rows, and is read through opt()."""

    __slots__ = ()


def rollup(*expressions: Expr[Any, Any]) -> GroupingSets:
    """Return the groupings by all of `expressions`, by all but the last, and so on down to one of all rows."""
    return _sets("ROLLUP", expressions)


def cube(*expressions: Expr[Any, Any]) -> GroupingSets:
    """Return the groupings by every subset of `expressions`."""
    return _sets("CUBE", expressions)


def grouping_sets(*sets: Sequence[Expr[Any, Any]]) -> GroupingSets:
    """Return the groupings by each of `sets`; an empty one makes one group of all rows."""
    values = tuple([value for expressions in sets for expression in expressions for value in expression._values])
    keys = tuple([tuple([expression._key for expression in expressions]) for expressions in sets])
    return GroupingSets(("grouping_sets", keys), values)


def _sets(kind: str, expressions: tuple[Expr[Any, Any], ...]) -> GroupingSets:
    values = tuple([value for expression in expressions for value in expression._values])
    return GroupingSets(("grouping_list", kind, tuple([expression._key for expression in expressions])), values)
