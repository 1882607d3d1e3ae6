"""Relations between tables: what a generated table class says about its foreign keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

from pagespace_db.query.columns import Source
from pagespace_db.query.expressions import Loaded, Node
from pagespace_db.query.shapes import Shape

P = TypeVar("P")
C = TypeVar("C")
R_co = TypeVar("R_co", covariant=True)

Junction = tuple[Callable[[], Source[Any]], tuple[str, ...], tuple[str, ...]]
"""The table between two others: it, its columns that point back at the parent, and those that point at the child."""


class Relation(Node, Generic[P, R_co]):
    """What a row P is related to; loading it yields R.

    Attributes:
        _target: Returns the related table, which may be defined later in the module.
        _local: Python names of the parent's columns.
        _remote: Python names of the related columns, in the order of `_local`.
        _through: The junction of a many-to-many relation, or None.
    """

    __slots__ = ("_local", "_remote", "_target", "_through")

    def __init__(
        self,
        target: Callable[[], Source[Any]],
        local: tuple[str, ...],
        remote: tuple[str, ...],
        *,
        through: Junction | None = None,
    ) -> None:
        super().__init__(self)
        self._target = target
        self._local = local
        self._remote = remote
        self._through = through

    @overload
    def __get__(self, obj: None, owner: Any) -> Self: ...
    @overload
    def __get__(self, obj: Source[Any], owner: Any) -> Self: ...
    @overload
    def __get__(self, obj: P | Shape[P], owner: Any) -> R_co: ...
    def __get__(self, obj: object, owner: Any) -> Any:
        """Return the relation itself: a loaded value lies in the instance and is found before this is asked.

        Errors: AttributeError on a row whose query did not load it.
        """
        if isinstance(obj, Loaded):
            msg = f"{type(obj).__name__} was made without this relation"
            raise AttributeError(msg)
        return self


class Many(Relation[P, list[C]], Generic[P, C]):
    """Any number of related rows, also none."""

    __slots__ = ()


class One(Relation[P, C], Generic[P, C]):
    """Exactly one related row."""

    __slots__ = ()


class Opt(Relation[P, C | None], Generic[P, C]):
    """One related row, or none."""

    __slots__ = ()
