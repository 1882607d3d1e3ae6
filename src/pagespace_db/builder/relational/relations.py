"""Relations between tables: what a generated table class says about its foreign keys, and how it is refined.

A relation is loaded by query(), as an item of .include() or as an attribute of a Shape; its any(), none(), every() and
count() are expressions over the related rows of each parent.
"""

# Keys are nested tuples of anything hashable, and a pattern over them cannot tell pyright what a class was generic in.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Generic, Literal, Self, TypeVar, TypeVarTuple, overload

from pagespace_db.builder.clauses import check_bound
from pagespace_db.builder.columns import Source
from pagespace_db.builder.expressions import Cond, Expr, Key, Loaded, Node, Operand, Order, Values_, check_condition
from pagespace_db.builder.params import param
from pagespace_db.builder.shapes import Shape
from pagespace_db.errors import StatementError

P = TypeVar("P")
C = TypeVar("C")
S = TypeVar("S")
R_co = TypeVar("R_co", covariant=True)
LoadedT = TypeVar("LoadedT", bound=Loaded)
Ts = TypeVarTuple("Ts")

Junction = tuple[Callable[[], Source[Any]], tuple[str, ...], tuple[str, ...]]
"""The table between two others: it, its columns that point back at the parent, and those that point at the child."""

Cardinality = Literal["many", "one", "opt"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refinement:
    """Which of the rows are wanted, in which order, as what, and with which relations.

    Attributes:
        shape: The class to make of each row; None is the row class of the table.
        includes: Relations loaded beside each row, which make it a tuple.
        where: Conditions that must all hold.
        order_by: Terms of the order.
        limit: Rows at most: of the whole query, or for each parent; None is all.
        offset: Rows left out first.
    """

    shape: type[Loaded] | None = None
    includes: tuple[Relation[Any, Any], ...] = ()
    where: tuple[Operand[bool], ...] = ()
    order_by: tuple[Order[Any] | Expr[Any, Any], ...] = ()
    limit: int | None = None
    offset: int | None = None

    def filtered(self, conditions: tuple[Operand[bool] | None, ...]) -> Refinement:
        """Return it with `conditions` added; None is left out."""
        added = tuple([check_condition(condition) for condition in conditions if condition is not None])
        return replace(self, where=self.where + added)

    def ordered(self, terms: tuple[Order[Any] | Expr[Any, Any], ...]) -> Refinement:
        """Return it with `terms` added to its order."""
        return replace(self, order_by=self.order_by + terms)

    def bounded(self, *, limit: int | None = None, offset: int | None = None) -> Refinement:
        """Return it with another limit or offset.

        Errors: StatementError when one is negative.
        """
        for name, number in (("limit", limit), ("offset", offset)):
            if number is not None:
                check_bound(name, number)
        return replace(
            self,
            limit=self.limit if limit is None else limit,
            offset=self.offset if offset is None else offset,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """How the rows of two tables belong together.

    Attributes:
        target: Returns the related table, which may be defined later than the relation.
        local: Python names of the parent's columns.
        remote: Python names of the related columns, in the order of `local`, or of those that `through` points at.
        through: The junction of a many-to-many relation, or None.
    """

    target: Callable[[], Source[Any]]
    local: tuple[str, ...]
    remote: tuple[str, ...]
    through: Junction | None = field(default=None)


class Relation(Node, Generic[P, R_co]):
    """What a row P is related to; loading it yields R."""

    __slots__ = ("_attribute", "_link", "_owner", "_refinement")

    _cardinality: ClassVar[Cardinality] = "many"

    def __init__(
        self,
        target: Callable[[], Source[Any]],
        local: tuple[str, ...],
        remote: tuple[str, ...],
        *,
        through: Junction | None = None,
    ) -> None:
        super().__init__(None)
        self._link = Link(target=target, local=local, remote=remote, through=through)
        self._refinement = Refinement()
        self._owner: Source[Any] | None = None
        self._attribute = ""

    def __set_name__(self, owner: type, name: str) -> None:
        if not self._attribute:
            self._attribute = name

    def __repr__(self) -> str:
        return f"{self._owner!r}.{self._attribute}" if self._owner is not None else f"relation {self._attribute}"

    @overload
    def __get__(self, obj: None, owner: Any) -> Self: ...
    @overload
    def __get__(self, obj: Source[Any], owner: Any) -> Self: ...
    @overload
    def __get__(self, obj: P | Shape[P], owner: Any) -> R_co: ...
    def __get__(self, obj: object, owner: Any) -> Any:
        """Return the relation, bound to the table object that it is asked of.

        Errors: AttributeError on a row whose query did not load it.
        """
        if isinstance(obj, Source):
            bound = self._copy(type(self), self._refinement)
            bound._owner = obj
            vars(obj)[self._attribute] = bound
            return bound
        if isinstance(obj, Loaded):
            msg = f"{type(obj).__name__} was made without {self._attribute!r}: the query did not load it"
            raise AttributeError(msg)
        return self

    def order_by(self, *terms: Order[Any] | Expr[Any, Any]) -> Self:
        """Return the relation with `terms` added to the order of its rows."""
        return self._refined(self._refinement.ordered(terms))

    def any(self, *conditions: Operand[bool] | None) -> Cond:
        """Tell of each parent whether it has a related row where all of `conditions` hold."""
        key, values = self._related(conditions)
        return Cond(("exists", key), values)

    def none(self, *conditions: Operand[bool] | None) -> Cond:
        """Tell of each parent whether it has no related row where all of `conditions` hold."""
        key, values = self._related(conditions)
        return Cond(("not", ("exists", key)), values)

    def every(self, condition: Operand[bool]) -> Cond:
        """Tell of each parent whether `condition` is true of every related row; so it is when there is none."""
        # A row for which the condition is NULL is one for which it does not hold.
        failed = Cond(("is", "NOT TRUE", condition._key), condition._values)
        return self.none(failed)

    def count(self, *conditions: Operand[bool] | None) -> Expr[int, int]:
        """Return of each parent the number of related rows where all of `conditions` hold."""
        key, values = self._related(conditions, item=("count",))
        return Expr(("scalar", key), values, param("bigint"))

    def _refined(self, refinement: Refinement) -> Self:
        refined: Self = self._copy(type(self), refinement)
        return refined

    def _copy(self, kind: type[Relation[Any, Any]], refinement: Refinement) -> Any:
        copy = kind.__new__(kind)
        copy._key, copy._values = None, ()
        copy._link, copy._owner, copy._attribute = self._link, self._owner, self._attribute
        copy._refinement = refinement
        return copy

    def _with_shape(self, kind: type[Any], shape: type[Loaded]) -> Any:
        return self._copy(kind, replace(self._refinement, shape=shape))

    def _with_include(self, kind: type[Any], relation: Relation[Any, Any]) -> Any:
        return self._copy(kind, replace(self._refinement, includes=(*self._refinement.includes, relation)))

    def _related(
        self, conditions: tuple[Operand[bool] | None, ...], item: Key = ("sql", ("1",), ())
    ) -> tuple[Key, Values_]:
        """Return the key and values of a SELECT over the related rows of each row of the owner."""
        if self._owner is None:
            raise StatementError(f"{self!r} is not bound to a table", help="ask the table object for it: users.drives")
        if (self._refinement.limit, self._refinement.offset) != (None, None):
            raise StatementError(f"{self!r} has a limit or an offset, which conditions and counts do not know")
        # Inside, a table means the related rows, even if it is the owner's own; only the link looks outside.
        target = self._link.target()
        parent_key: list[Key] = [("outer", self._owner._column(name)) for name in self._link.local]
        key: Key = ("from", ("select", item), ("related", target))
        if self._link.through is None:
            back = [target._column(name) for name in self._link.remote]
        else:
            get_junction, to_parent, to_child = self._link.through
            junction = get_junction()
            remote = [target._column(name) for name in self._link.remote]
            condition = all_equal([junction._column(name) for name in to_child], remote)
            key = ("join", key, ("related", junction), condition)
            back = [junction._column(name) for name in to_parent]
        key = ("where", key, all_equal(back, parent_key))
        values: Values_ = ()
        for condition in self._refinement.filtered(conditions).where:
            key = ("where", key, condition._key)
            values += condition._values
        return key, values


def all_equal(left: Sequence[Key], right: Sequence[Key]) -> Key:
    """Return the key of the condition that each of `left` equals its partner in `right`."""
    keys = [("op", "=", a, b) for a, b in zip(left, right, strict=True)]
    return keys[0] if len(keys) == 1 else ("and", *keys)


class Filterable(Relation[P, R_co], Generic[P, R_co]):
    """A relation that may find no row, so that conditions do not change what it loads."""

    __slots__ = ()

    def where(self, *conditions: Operand[bool] | None) -> Self:
        """Return the relation to those rows where all of `conditions` hold; None is left out."""
        return self._refined(self._refinement.filtered(conditions))


class Many(Filterable[P, list[C]], Generic[P, C]):
    """Any number of related rows, also none."""

    __slots__ = ()

    def limit(self, count: int) -> Self:
        """Return the relation to the first `count` rows of each parent."""
        return self._refined(self._refinement.bounded(limit=count))

    def offset(self, count: int) -> Self:
        """Return the relation that leaves out the first `count` rows of each parent."""
        return self._refined(self._refinement.bounded(offset=count))

    def as_(self, shape: type[LoadedT]) -> Many[P, LoadedT]:
        """Return the relation whose rows are loaded as `shape`."""
        made: Many[P, LoadedT] = self._with_shape(Many, shape)
        return made

    def include(self, relation: Relation[C, S]) -> ManyN[P, C, C, S]:
        """Return the relation whose rows are tuples with what `relation` loads for each."""
        made: ManyN[P, C, C, S] = self._with_include(ManyN, relation)
        return made


class One(Relation[P, C], Generic[P, C]):
    """Exactly one related row."""

    __slots__ = ()
    _cardinality = "one"

    def where(self, *conditions: Operand[bool] | None) -> Opt[P, C]:
        """Return the relation to the row if all of `conditions` hold of it, and else to none; None is left out."""
        made: Opt[P, C] = self._copy(Opt, self._refinement.filtered(conditions))
        return made

    def as_(self, shape: type[LoadedT]) -> One[P, LoadedT]:
        """Return the relation whose row is loaded as `shape`."""
        made: One[P, LoadedT] = self._with_shape(One, shape)
        return made

    def include(self, relation: Relation[C, S]) -> OneN[P, C, C, S]:
        """Return the relation whose row is a tuple with what `relation` loads for it."""
        made: OneN[P, C, C, S] = self._with_include(OneN, relation)
        return made


class Opt(Filterable[P, C | None], Generic[P, C]):
    """One related row, or none."""

    __slots__ = ()
    _cardinality = "opt"

    def as_(self, shape: type[LoadedT]) -> Opt[P, LoadedT]:
        """Return the relation whose row is loaded as `shape`."""
        made: Opt[P, LoadedT] = self._with_shape(Opt, shape)
        return made

    def include(self, relation: Relation[C, S]) -> OptN[P, C, C, S]:
        """Return the relation whose row is a tuple with what `relation` loads for it."""
        made: OptN[P, C, C, S] = self._with_include(OptN, relation)
        return made


class ManyN(Filterable[P, list[tuple[*Ts]]], Generic[P, C, *Ts]):
    """Related rows C as tuples: each with what its own relations loaded."""

    __slots__ = ()

    def include(self, relation: Relation[C, S]) -> ManyN[P, C, *Ts, S]:
        """Return the relation with one more loaded relation in its tuples."""
        made: ManyN[P, C, *Ts, S] = self._with_include(ManyN, relation)
        return made


class OneN(Relation[P, tuple[*Ts]], Generic[P, C, *Ts]):
    """Exactly one related row C as a tuple with what its own relations loaded."""

    __slots__ = ()
    _cardinality = "one"

    def where(self, *conditions: Operand[bool] | None) -> OptN[P, C, *Ts]:
        """Return the relation to the row if all of `conditions` hold of it, and else to none; None is left out."""
        made: OptN[P, C, *Ts] = self._copy(OptN, self._refinement.filtered(conditions))
        return made

    def include(self, relation: Relation[C, S]) -> OneN[P, C, *Ts, S]:
        """Return the relation with one more loaded relation in its tuple."""
        made: OneN[P, C, *Ts, S] = self._with_include(OneN, relation)
        return made


class OptN(Filterable[P, tuple[*Ts] | None], Generic[P, C, *Ts]):
    """One related row C, or none, as a tuple with what its own relations loaded."""

    __slots__ = ()
    _cardinality = "opt"

    def include(self, relation: Relation[C, S]) -> OptN[P, C, *Ts, S]:
        """Return the relation with one more loaded relation in its tuple."""
        made: OptN[P, C, *Ts, S] = self._with_include(OptN, relation)
        return made
