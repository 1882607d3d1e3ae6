"""Shapes: named result types, made of columns, expressions and relations.

A subclass of Shape lists what to read; a subclass of a row class is that row with relations added:

    class UserCard(Shape):                  class DriveWithPages(Drive):
        id = users.id                           pages = drives.pages
        drive_count = count(drives.id)          owner = drives.owner.as_(UserCard)

At run time both are dataclasses: they compare, print and convert like any other.
"""

# Keys are nested tuples of anything hashable, and a pattern over them cannot tell pyright what a class was generic in.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownLambdaType=false

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, Self

from typing_extensions import TypeVar

from pagespace_db.errors import StatementError
from pagespace_db.query.expressions import Loaded, Node, Selectable, Values_

PD = TypeVar("PD", default=Any)
"""The row class whose relations a shape may hold."""


class Shape(Loaded, Generic[PD]):
    """Base of named result types; `Shape[Page]` may also hold relations of Page."""

    _fields: ClassVar[Mapping[str, Node]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        own = {name: member for name, member in vars(cls).items() if isinstance(member, Node)}
        cls._fields = {**cls._fields, **own}
        make_dataclass(cls, own)

    @classmethod
    def _make(cls, *values: object) -> Self:
        made = cls.__new__(cls)
        vars(made).update(zip(cls._fields, values, strict=True))
        return made


def make_dataclass(cls: type[Any], members: Mapping[str, Node]) -> None:
    """Turn `cls` into a dataclass with a keyword field for each of `members`, which stay readable on the class."""
    for name in members:
        delattr(cls, name)
    cls.__annotations__ = {**inspect.get_annotations(cls), **dict.fromkeys(members, "Any")}
    dataclasses.dataclass(kw_only=True)(cls)
    for name, member in members.items():
        setattr(cls, name, member)


def shape_node(shape: type[Shape[Any]]) -> Node:
    """Return the node that selects a shape made of expressions.

    Errors: StatementError when the shape has no field, or holds a relation, which only query() can load.
    """
    if not shape._fields:
        raise StatementError(f"{shape.__name__} has no field to select")
    for name, member in shape._fields.items():
        if not isinstance(member, Selectable):
            raise StatementError(
                f"{shape.__name__}.{name} is a relation, which select() cannot load",
                help=f"read it with query({shape.__name__})",
            )
    values: Values_ = ()
    for member in shape._fields.values():
        values += member._values
    return Node(("shape", shape, tuple(member._key for member in shape._fields.values())), values)
