"""Pages by the place of the last row, which stay right and fast where OFFSET does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar, TypeVarTuple, overload

from pagespace_db.builder.expressions import Cond, Key, Order, Values_, lift, parts_of
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

    __slots__ = ("terms",)

    def __init__(self, terms: tuple[Order[Any], ...]) -> None:
        for term in terms:
            if reads_none(_parts(term)[0]):
                raise StatementError(
                    "a page cannot be found by an expression that may be NULL", help="order by coalesce(x, value)"
                )
        self.terms = terms

    def after(self, place: tuple[*Ts] | None) -> Cond | None:
        """Return the condition on rows after `place`, the values of the last row of a page; None is the beginning.

        Errors: StatementError when `place` has another number of values.
        """
        return None if place is None else self._beyond(place, {"ASC": ">", "DESC": "<"})

    def before(self, place: tuple[*Ts] | None) -> Cond | None:
        """Return the condition on rows before `place`; read them in the order of `backwards`."""
        return None if place is None else self._beyond(place, {"ASC": "<", "DESC": ">"})

    @property
    def backwards(self) -> tuple[Order[Any], ...]:
        """The terms of the opposite order."""
        opposite = {"ASC": "DESC", "DESC": "ASC"}
        return tuple(
            [Order(("order", k, opposite[d], None), t._values, t._param) for t in self.terms for k, d in [_parts(t)]]
        )

    def _beyond(self, place: Sequence[object], operators: dict[str, str]) -> Cond:
        if len(place) != len(self.terms):
            raise StatementError(f"the place has {len(place)} values, for an order of {len(self.terms)} terms")
        keys, directions = zip(*[_parts(term) for term in self.terms], strict=True)
        lifted = [lift(value, term._param) for term, value in zip(self.terms, place, strict=True)]
        if len(set(directions)) == 1:
            # A comparison of rows can be answered by one scan of an index (manual, 9.25.5).
            left = tuple([value for term in self.terms for value in term._values])
            right = tuple([value for _, values in lifted for value in values])
            operator = operators[directions[0]]
            if len(keys) == 1:
                return Cond(("op", operator, keys[0], lifted[0][0]), left + right)
            return Cond(("op", operator, ("row", *keys), ("row", *[key for key, _ in lifted])), left + right)
        return self._mixed(lifted, [operators[direction] for direction in directions])

    def _mixed(self, lifted: list[tuple[Key, Values_]], operators: list[str]) -> Cond:
        """Return `a > $1 OR (a = $1 AND b < $2) OR ...`, for terms that do not all have one direction."""
        branches: list[Key] = []
        values: Values_ = ()
        for last, operator in enumerate(operators):
            parts: list[Key] = []
            for index in range(last + 1):
                term, (key, bound) = self.terms[index], lifted[index]
                parts.append(("op", operator if index == last else "=", _parts(term)[0], key))
                values += term._values + bound
            branches.append(parts[0] if len(parts) == 1 else ("and", *parts))
        return Cond(("or", *branches), values)


def _parts(term: Order[Any]) -> tuple[Key, str]:
    """Return the expression of a term and its direction."""
    _, key, direction, _ = parts_of(term._key)
    return key, direction


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

    Errors: StatementError for a term that may be NULL.
    """
    return Keyset(terms)
