"""What reading an expression may yield, told from its key: its type, and whether that has None in it."""

# Keys are nested tuples of anything hashable, and a pattern over them cannot tell pyright what a class was generic in.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from pagespace_db.builder.columns import ColumnBase
from pagespace_db.builder.expressions import Key
from pagespace_db.builder.params import Param


def reads_none(key: Key) -> bool:
    """Tell whether an expression is typed as something that may be None.

    This follows the signatures of the functions that make keys: what they type as Optional for reasons of its own is
    wrapped in `opt`, and the rest is as Optional as its first argument.
    """
    match key:
        case ColumnBase():
            return key._is_nullable
        case ("opt", _) | ("scalar", _) | ("subcolumn", _, _, True, *_):
            return True
        case ("decoded", a, *_):
            return reads_none(a)
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


def type_of(key: Key) -> str | None:
    """Return the PostgreSQL type of an expression, or None when its key does not tell."""
    match key:
        case ColumnBase():
            return key._pg_type
        case Param():
            return key.pg_type
        case ("cast", _, str() as pg_type) | ("subcolumn", _, _, _, str() as pg_type):
            return pg_type
        case ("agg", "count", *_) | ("count",) | ("total", "row_number" | "rank" | "dense_rank"):
            return "bigint"
        case ("agg", "sum" | "min" | "max", (part,), *_):
            return type_of(part)
        case ("opt" | "claimed" | "decoded" | "coalesce" | "over", part, *_) | ("choice", _, part, *_):
            return type_of(part)
        case ("case", ((_, part), *_), _):
            return type_of(part)
        case ("op", operator, part, _) if operator in ARITHMETIC:
            # The difference of two times is no time: only numbers stay what they are.
            number = type_of(part)
            return number if number in _NUMBERS else None
        case ("op", "#>>", _, _):
            return "text"
        case ("and" | "or" | "not" | "is" | "between" | "any" | "any_element" | "in" | "exists", *_):
            return "boolean"
        case _:
            return None


_NUMBERS: Final[frozenset[str | None]] = frozenset(
    {"smallint", "integer", "bigint", "real", "double precision", "numeric"}
)
_FAMILIES: Final = {
    **dict.fromkeys(("smallint", "integer", "bigint", "real", "double precision", "numeric"), "a number"),
    **dict.fromkeys(("text", "character varying", "character"), "text"),
    **dict.fromkeys(("date", "timestamp without time zone", "timestamp with time zone"), "a date or time"),
    **{pg_type: pg_type for pg_type in ("boolean", "bytea", "interval", "json", "jsonb", "uuid")},
}


def family_of(key: Key) -> str | None:
    """Return a word for the types that a set operation can combine with that of an expression (manual, 10.5).

    It is None when the type is unknown, or one of the schema's own, which may be a domain over anything.
    """
    return _FAMILIES.get((type_of(key) or "").partition("(")[0])


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
