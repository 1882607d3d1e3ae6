"""Relational reads: query(users).include(...), and Shapes with relations, at any depth.

One statement for each relation, whatever the number of rows: the root is read, then for each relation the rows whose
key is in the array of keys just read, and so on; statements of one depth are sent together. A limit for each parent
makes it a LATERAL join over the array. Values keep the types that they have at top level, because nothing passes
through JSON (docs/decisions/ says what was measured).
"""

# Keys are nested tuples of anything hashable, and a pattern over them cannot tell pyright what a class was generic in.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from dataclasses import replace
from typing import Any, Generic, Self, TypeVar, TypeVarTuple, get_args, get_origin, overload

from pagespace_db.builder.columns import ColumnBase, Row, Source
from pagespace_db.builder.expressions import Expr, Loaded, Operand, Order
from pagespace_db.builder.relational.collecting import collection_paused
from pagespace_db.builder.relational.levels import Level
from pagespace_db.builder.relational.relations import Refinement, Relation
from pagespace_db.builder.shapes import Shape
from pagespace_db.builder.statement import Fetchable, Plan
from pagespace_db.errors import StatementError

P = TypeVar("P")
R = TypeVar("R")
S = TypeVar("S")
LoadedT = TypeVar("LoadedT", bound=Loaded)
Ts = TypeVarTuple("Ts")


class Query(Fetchable[R], Generic[R]):
    """A relational read whose rows are R."""

    __slots__ = ("_refinement", "_source")

    def __init__(self, source: Source[Any], refinement: Refinement) -> None:
        self._source = source
        self._refinement = refinement

    def where(self, *conditions: Operand[bool] | None) -> Self:
        """Return the query with `conditions` added, all of which must hold; None is left out."""
        return self._refined(self._refinement.filtered(conditions))

    def order_by(self, *terms: Order[Any] | Expr[Any, Any]) -> Self:
        """Return the query with `terms` added to its order."""
        return self._refined(self._refinement.ordered(terms))

    def limit(self, count: int) -> Self:
        """Return the query for at most `count` root rows."""
        return self._refined(self._refinement.bounded(limit=count))

    def offset(self, count: int) -> Self:
        """Return the query that leaves out its first `count` root rows."""
        return self._refined(self._refinement.bounded(offset=count))

    def _refined(self, refinement: Refinement) -> Self:
        return type(self)(self._source, refinement)

    def _plan(self) -> Plan[R]:
        root = Level(self._source, self._refinement)
        waiting = [root]
        count = 0
        while waiting:
            results = yield [level.request() for level in waiting]
            for level, rows in zip(waiting, results, strict=True):
                level.rows = rows
            count += sum(map(len, results))
            waiting = [child for level in waiting for child in level.descend()]
        with collection_paused(count):
            return root.objects()


class Query1(Query[R], Generic[R]):
    """A relational read of the rows of one table, before anything is included."""

    __slots__ = ()

    def include(self, relation: Relation[R, S]) -> QueryN[R, R, S]:
        """Return the query whose rows are tuples: the row, and what `relation` loads for it."""
        return QueryN(self._source, _including(self._refinement, relation))


class QueryN(Query[tuple[*Ts]], Generic[P, *Ts]):
    """A relational read of tuples: a row P, and what its relations loaded for it."""

    __slots__ = ()

    def include(self, relation: Relation[P, S]) -> QueryN[P, *Ts, S]:
        """Return the query with one more loaded relation in its tuples."""
        return QueryN(self._source, _including(self._refinement, relation))


@overload
def query(what: Source[R]) -> Query1[R]: ...
@overload
def query(what: type[LoadedT]) -> Query[LoadedT]: ...
def query(what: Source[Any] | type[Loaded]) -> Query[Any]:
    """Begin a relational read of a table or view, or of a Shape.

    Errors: StatementError when it cannot be told which table a Shape is of.
    """
    if isinstance(what, Source):
        return Query1(what, Refinement())
    return Query(_source_of(what), Refinement(shape=what))


def _including(refinement: Refinement, relation: Relation[Any, Any]) -> Refinement:
    return replace(refinement, includes=(*refinement.includes, relation))


def _source_of(shape: type[Loaded]) -> Source[Any]:
    """Return the table or view that a shape is read from."""
    if issubclass(shape, Row):
        return shape._source
    for base in getattr(shape, "__orig_bases__", ()):
        row = next(iter(get_args(base)), None) if get_origin(base) is Shape else None
        if isinstance(row, type) and issubclass(row, Row):
            return row._source
    owners = {member._table for member in shape._members.values() if isinstance(member, ColumnBase)}
    if len(owners) == 1 and (owner := owners.pop()) is not None:
        return owner
    raise StatementError(
        f"it cannot be told which table {shape.__name__} is read from",
        help=f"name its row class: class {shape.__name__}(Shape[User])",
    )
