"""Windows: the functions that see the rows around the current one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, Literal, TypeVar, overload

from pagespace_db.builder.expressions import Expr, Key, NonNull, Order, Values_, lift_alone
from pagespace_db.builder.params import UNTYPED, Param, cast_param, param
from pagespace_db.errors import StatementError

T = TypeVar("T")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

_BIGINT: Final = param("bigint")
_OFFSET: Final = cast_param("bigint")
_INTEGER: Final = cast_param("integer")

Unit = Literal["ROWS", "GROUPS", "RANGE"]
Exclusion = Literal["current row", "group", "ties"]


@dataclass(frozen=True, slots=True)
class Frame:
    """The rows around the current one that a window function sees; made by rows_between() and its kin.

    Attributes:
        unit: What the bounds count.
        start: Where it begins; None is the beginning of the partition.
        end: Where it ends; None is the end of the partition.
        exclude: What around the current row is left out.
    """

    unit: Unit
    start: int | None
    end: int | None
    exclude: Exclusion | None

    def __post_init__(self) -> None:
        if self.start is not None and self.end is not None and self.start > self.end:
            raise StatementError(f"a frame cannot begin at {self.start} and end at {self.end}")


def rows_between(start: int | None, end: int | None, *, exclude: Exclusion | None = None) -> Frame:
    """Return the frame from one row to another, both included.

    Bounds count from the current row, which is 0: -2 is the second row before it, 3 the third one after it, and None
    the beginning or the end of the partition.
    """
    return Frame("ROWS", start, end, exclude)


def groups_between(start: int | None, end: int | None, *, exclude: Exclusion | None = None) -> Frame:
    """Return the frame like that of rows_between(), where rows of one place in the order count as one."""
    return Frame("GROUPS", start, end, exclude)


def range_between(start: Literal[0] | None, end: Literal[0] | None, *, exclude: Exclusion | None = None) -> Frame:
    """Return the frame from or to the rows that share the place of the current one (0), or all of them (None)."""
    return Frame("RANGE", start, end, exclude)


class Windowed(Generic[T, R_co]):
    """A call that can be taken over a window."""

    __slots__ = ()

    def _call(self) -> tuple[Key, Values_, Param]:
        """Return the call as it stands before OVER."""
        raise NotImplementedError

    def over(
        self,
        *,
        partition_by: Sequence[Expr[Any, Any]] = (),
        order_by: Sequence[Order[Any] | Expr[Any, Any]] = (),
        frame: Frame | None = None,
    ) -> Expr[T, R_co]:
        """Return the value of the call for each row, over the rows of its partition.

        Args:
            partition_by: Rows that agree in all of these make a partition; all rows do when it is empty.
            order_by: The order within a partition; without one its rows are peers of each other.
            frame: The rows that count; from the first one to the peers of the current one when left out.
        """
        call, values, place = self._call()
        for node in (*partition_by, *order_by):
            values += node._values
        bounds: Key = None
        if frame is not None:
            start, start_values = _bound(frame.start)
            end, end_values = _bound(frame.end)
            bounds = (frame.unit, start, end, frame.exclude)
            values += start_values + end_values
        partition = tuple([expression._key for expression in partition_by])
        return Expr(("over", call, partition, tuple([term._key for term in order_by]), bounds), values, place)


def _bound(offset: int | None) -> tuple[Key, Values_]:
    if offset is None:
        return ("UNBOUNDED", None), ()
    if offset == 0:
        return ("CURRENT ROW", None), ()
    return ("PRECEDING" if offset < 0 else "FOLLOWING", _OFFSET), (abs(offset),)


class WindowFunction(Windowed[T, R_co], Generic[T, R_co]):
    """A function that has a value only over a window: go on with .over()."""

    __slots__ = ("_key", "_param", "_values")

    def __init__(self, key: Key, values: Values_ = (), beside: Param = UNTYPED) -> None:
        self._key = key
        self._values = values
        self._param = beside

    def _call(self) -> tuple[Key, Values_, Param]:
        return self._key, self._values, self._param


def row_number() -> WindowFunction[int, int]:
    """Return the number of the row within its partition, from 1."""
    return WindowFunction(("total", "row_number"), (), _BIGINT)


def rank() -> WindowFunction[int, int]:
    """Return the place of the row, from 1; peers share one, and the next place is left out for each of them."""
    return WindowFunction(("total", "rank"), (), _BIGINT)


def dense_rank() -> WindowFunction[int, int]:
    """Return the place of the row, from 1; peers share one, and no place is left out."""
    return WindowFunction(("total", "dense_rank"), (), _BIGINT)


def percent_rank() -> WindowFunction[float, float]:
    """Return the place of the row as a fraction from 0 to 1."""
    return WindowFunction(("total", "percent_rank"), (), param("double precision"))


def cume_dist() -> WindowFunction[float, float]:
    """Return the fraction of the rows that are not after this one."""
    return WindowFunction(("total", "cume_dist"), (), param("double precision"))


def ntile(buckets: int) -> WindowFunction[int, int]:
    """Return the number of the row's bucket, from 1, when the partition is cut into `buckets` of equal size."""
    return WindowFunction(("total", "ntile", _INTEGER), (buckets,), param("integer"))


@overload
def lag(e: Expr[T, R], offset: int = 1) -> WindowFunction[T, R | None]: ...
@overload
def lag(e: Expr[T, R], offset: int, default: NonNull[T]) -> WindowFunction[T, R]: ...
def lag(e: Expr[Any, Any], offset: int = 1, default: object = None) -> WindowFunction[Any, Any]:
    """Return `e` of the row `offset` places before; without such a row `default`, or None."""
    return _neighbour("lag", e, offset, default)


@overload
def lead(e: Expr[T, R], offset: int = 1) -> WindowFunction[T, R | None]: ...
@overload
def lead(e: Expr[T, R], offset: int, default: NonNull[T]) -> WindowFunction[T, R]: ...
def lead(e: Expr[Any, Any], offset: int = 1, default: object = None) -> WindowFunction[Any, Any]:
    """Return `e` of the row `offset` places after; without such a row `default`, or None."""
    return _neighbour("lead", e, offset, default)


def _neighbour(function: str, e: Expr[Any, Any], offset: int, default: object) -> WindowFunction[Any, Any]:
    key: Key = ("func", function, e._key, _INTEGER)
    values = (*e._values, offset)
    if default is None:
        return WindowFunction(("opt", key), values, e._param)
    default_key, default_values = lift_alone(default, e._param)
    return WindowFunction(("func", function, e._key, _INTEGER, default_key), values + default_values, e._param)


def first_value(e: Expr[T, R]) -> WindowFunction[T, R | None]:
    """Return `e` of the first row of the frame; None when the frame is empty."""
    return WindowFunction(("opt", ("func", "first_value", e._key)), e._values, e._param)


def last_value(e: Expr[T, R]) -> WindowFunction[T, R | None]:
    """Return `e` of the last row of the frame, which ends with the current row's peers unless it is said otherwise."""
    return WindowFunction(("opt", ("func", "last_value", e._key)), e._values, e._param)


def nth_value(e: Expr[T, R], number: int) -> WindowFunction[T, R | None]:
    """Return `e` of the row of the frame with that number, from 1; None when there is none."""
    return WindowFunction(("opt", ("func", "nth_value", e._key, _INTEGER)), (*e._values, number), e._param)
