"""Shapes: named result types, made of columns, expressions and relations.

A subclass of Shape lists what to read; a subclass of a row class is that row with more:

    class UserCard(Shape):                  class DriveWithPages(Drive):
        id = users.id                           pages = drives.pages
        drive_count = count(drives.id)          owner = drives.owner.as_(UserCard)

At run time both are dataclasses: they compare, print and convert like any other.
"""

# Keys are nested tuples of anything hashable, and a pattern over them cannot tell pyright what a class was generic in.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

from typing import Any, Generic

from typing_extensions import TypeVar

from pagespace_db.builder.expressions import Key, Loaded, Node, Selectable, Values_, item_of
from pagespace_db.errors import StatementError

PD = TypeVar("PD", default=Any)
"""The row class whose relations a shape may hold."""


class Shape(Loaded, Generic[PD]):
    """Base of named result types; `Shape[Page]` may also hold relations of Page."""


def shape_node(shape: type[Shape[Any]]) -> Node:
    """Return the node that selects a shape made of expressions.

    Errors: StatementError when the shape has no field, or holds a relation, which only query() can load.
    """
    if not shape._members:
        raise StatementError(f"{shape.__name__} has no field to select")
    for name, member in shape._members.items():
        if not isinstance(member, Selectable):
            raise StatementError(
                f"{shape.__name__}.{name} is a relation, which select() cannot load",
                help=f"read it with query({shape.__name__})",
            )
    return Node(*selected(shape))


def selected(shape: type[Loaded]) -> tuple[Key, Values_]:
    """Return the key and values of what a shape selects itself, without its relations."""
    members = [member for member in shape._members.values() if isinstance(member, Selectable)]
    values: Values_ = ()
    for member in members:
        values += member._values
    return ("shape", shape, tuple([item_of(member) for member in members])), values
