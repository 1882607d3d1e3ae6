"""Pages by the place of the last row, which stay right and fast where OFFSET does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar, TypeVarTuple, overload

from pagespace_db.builder.expressions import Cond, Key, Operand, Order, lift, parts_of
from pagespace_db.builder.operators import Nulls, and_, or_
from pagespace_db.builder.reading import reads_none
from pagespace_db.errors import StatementError

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
Ts = TypeVarTuple("Ts")


class Keyset(Generic[*Ts]):
    """A total order of rows, and the conditions that find those after or before a place in it.

    Attributes:
        terms: What goes to order_by().
    """

    __slots__ = ("_sorts", "terms")

    def __init__(self, terms: tuple[Order[Any], ...]) -> None:
        self.terms = terms
        self._sorts = [_Sort.of(term) for term in terms]

    def after(self, place: tuple[*Ts] | None) -> Cond | None:
        """Return the condition on rows after `place`, the values of the last row of a page; None is the beginning.

        Errors: StatementError when `place` has another number of values.
        """
        return None if place is None else _beyond(self._sorts, place)

    def before(self, place: tuple[*Ts] | None) -> Cond | None:
        """Return the condition on rows before `place`; read them in the order of `backwards`."""
        return None if place is None else _beyond([sort.reversed() for sort in self._sorts], place)

    @property
    def backwards(self) -> tuple[Order[Any], ...]:
        """The terms of the opposite order."""
        return tuple([sort.reversed().term() for sort in self._sorts])


@dataclass(frozen=True, slots=True)
class _Sort:
    """A term of an order.

    Attributes:
        node: What is sorted by.
        is_ascending: Whether it grows.
        nulls: Where NULLs are said to come; None leaves it to the server, to which they are greater than any value.
    """

    node: Order[Any]
    is_ascending: bool
    nulls: Nulls | None

    @classmethod
    def of(cls, term: Order[Any]) -> _Sort:
        _, _, direction, nulls = parts_of(term._key)
        return cls(term, direction == "ASC", nulls)

    @property
    def key(self) -> Key:
        key: Key = parts_of(self.node._key)[1]
        return key

    @property
    def may_be_null(self) -> bool:
        return reads_none(self.key)

    @property
    def has_nulls_last(self) -> bool:
        return self.nulls == "last" if self.nulls else self.is_ascending

    @property
    def operator(self) -> str:
        return ">" if self.is_ascending else "<"

    def reversed(self) -> _Sort:
        opposite: dict[Nulls | None, Nulls | None] = {"first": "last", "last": "first", None: None}
        return _Sort(self.node, not self.is_ascending, opposite[self.nulls])

    def term(self) -> Order[Any]:
        direction = "ASC" if self.is_ascending else "DESC"
        return Order(("order", self.key, direction, self.nulls), self.node._values, self.node._param)

    def is_at(self, value: object) -> Operand[bool]:
        """Return the condition that the term has the value, which may be None."""
        if value is None and self.may_be_null:
            return Cond(("is", "NULL", self.key), self.node._values)
        key, values = lift(value, self.node._param)
        return Cond(("op", "=", self.key, key), self.node._values + values)

    def is_beyond(self, value: object) -> Operand[bool] | None:
        """Return the condition that the term comes after the value; None when nothing can."""
        if value is None and self.may_be_null:
            return None if self.has_nulls_last else Cond(("is", "NOT NULL", self.key), self.node._values)
        key, values = lift(value, self.node._param)
        beyond = Cond(("op", self.operator, self.key, key), self.node._values + values)
        if self.may_be_null and self.has_nulls_last:
            return or_(beyond, Cond(("is", "NULL", self.key), self.node._values))
        return beyond


def _beyond(sorts: Sequence[_Sort], place: Sequence[object]) -> Cond:
    if len(place) != len(sorts):
        raise StatementError(f"the place has {len(place)} values, for an order of {len(sorts)} terms")
    if len({sort.is_ascending for sort in sorts}) == 1 and not any(sort.may_be_null for sort in sorts):
        return _beyond_row(sorts, place)
    # a > 1 OR (a = 1 AND b < 2) OR ...
    branches: list[Operand[bool] | None] = []
    for index, sort in enumerate(sorts):
        beyond = sort.is_beyond(place[index])
        if beyond is not None:
            branches.append(and_(*[sorts[before].is_at(place[before]) for before in range(index)], beyond))
    found = or_(*branches)
    return _NOTHING if found is None else found


def _beyond_row(sorts: Sequence[_Sort], place: Sequence[object]) -> Cond:
    """Return a comparison of rows, which one scan of an index can answer (manual, 9.25.5)."""
    lifted = [lift(value, sort.node._param) for sort, value in zip(sorts, place, strict=True)]
    left = tuple([value for sort in sorts for value in sort.node._values])
    right = tuple([value for _, values in lifted for value in values])
    keys = [sort.key for sort in sorts]
    if len(keys) == 1:
        return Cond(("op", sorts[0].operator, keys[0], lifted[0][0]), left + right)
    row: Key = ("row", *[key for key, _ in lifted])
    return Cond(("op", sorts[0].operator, ("row", *keys), row), left + right)


_NOTHING: Final = Cond(("sql", ("false",), ()))
"""No row comes after the last one."""


@overload
def keyset(a: Order[A], /) -> Keyset[A]: ...
@overload
def keyset(a: Order[A], b: Order[B], /) -> Keyset[A, B]: ...
@overload
def keyset(a: Order[A], b: Order[B], c: Order[C], /) -> Keyset[A, B, C]: ...
def keyset(*terms: Order[Any]) -> Keyset[*tuple[Any, ...]]:
    """Return the order by `terms`, of which the last should be unique, for reading it in pages.

        newest = keyset(desc(messages.created_at), desc(messages.id))
        select(messages).from_(messages).where(newest.after(place)).order_by(*newest.terms).limit(50)

    A term that may be NULL is fine: its NULLs have their place in the order like any value.
    """
    return Keyset(terms)
