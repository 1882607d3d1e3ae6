"""What reading an expression may yield, told from its key: whether its static type has None in it."""

# Keys are nested tuples of anything hashable, and a pattern over them cannot tell pyright what a class was generic in.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pagespace_db.builder.columns import ColumnBase
from pagespace_db.builder.expressions import Key


def reads_none(key: Key) -> bool:
    """Tell whether an expression is typed as something that may be None.

    This follows the signatures of the functions that make keys: what they type as Optional for reasons of its own is
    wrapped in `opt`, and the rest is as Optional as its first argument.
    """
    match key:
        case ColumnBase():
            return key._is_nullable
        case ("opt", _) | ("scalar", _) | ("subcolumn", _, _, True):
            return True
        case ("op", operator, a, _):
            return operator in ARITHMETIC and reads_none(a)
        case ("func", _, *arguments):
            return any(reads_none(argument) for argument in arguments)
        case ("choice", _, first, *_) | ("cast", first, _):
            return reads_none(first)
        case ("case", tuple() as branches, default):
            return any(reads_none(value) for _, value in branches) or reads_none(default)
        case ("over", call, *_):
            return reads_none(call)
        case _:
            return False


ARITHMETIC = frozenset({"+", "-", "*", "/", "%", "||", "#-"})
"""Operators whose result has the type of their first operand; the others make conditions."""


def nullable_part(key: Key, is_nullable: Callable[[Key], bool]) -> Key:
    """Return the part of an expression through which its value may be NULL, or None when it cannot be.

    `is_nullable` decides about columns, tables and columns of subqueries.
    """

    def first(parts: Any) -> Key:
        return next((found for part in parts if (found := nullable_part(part, is_nullable)) is not None), None)

    match key:
        case ("op", "IS DISTINCT FROM" | "IS NOT DISTINCT FROM", _, _):
            return None
        case ("op", _, *parts) | ("func", _, *parts) | ("and" | "or" | "not", *parts) | ("between", _, *parts):
            return first(parts)
        case ("any" | "in" | "any_element", *parts):
            return first(parts)
        case ("cast", part, _):
            return nullable_part(part, is_nullable)
        case ("coalesce" | "choice", *parts):
            found = [nullable_part(part, is_nullable) for part in parts if not isinstance(part, str)]
            return None if any(part is None for part in found) else found[0]
        case ("case", tuple() as branches, default):
            return first([*[value for _, value in branches], default])
        case ("claimed", _):
            return None
        case _:
            return key if is_nullable(key) else None
