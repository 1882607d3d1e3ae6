"""Reading constants in a query tree: their bytes are printed as the server holds them in memory."""

from __future__ import annotations

from typing import Final

from pagespace_codegen.queries.tree.nodetree import Node

_BOOLEAN: Final = 16
_INTEGERS: Final = frozenset({20, 21, 23})  # bigint, smallint, integer
_TIMES: Final = frozenset({1082, 1114, 1184})  # date, timestamp, timestamptz
_TEXT: Final = 25
_VARLENA_HEADER: Final = 4
_FIXED_LENGTH_ARRAY_HEADER: Final = 12


def is_null(expr: Node) -> bool:
    """Return whether the expression is the constant NULL."""
    return expr.kind == "CONST" and expr.flag("constisnull")


def is_not_null(expr: Node) -> bool:
    """Return whether the expression is a constant other than NULL."""
    return expr.kind == "CONST" and not expr.flag("constisnull")


def is_false(expr: Node) -> bool:
    """Return whether the expression is the constant false."""
    return is_not_null(expr) and expr.number("consttype") == _BOOLEAN and not any(_bytes(expr))


def text_of(expr: Node) -> str | None:
    """Return the text of a constant of type text, or None."""
    if not is_not_null(expr) or expr.number("consttype") != _TEXT:
        return None
    return _bytes(expr)[_VARLENA_HEADER:].decode(errors="replace")


def integer_of(expr: Node) -> int | None:
    """Return the number of a constant of an integer type, or None."""
    if not is_not_null(expr) or expr.number("consttype") not in _INTEGERS:
        return None
    return int.from_bytes(_bytes(expr)[: expr.number("constlen")], "little", signed=True)


def is_finite_time(expr: Node) -> bool:
    """Return whether the expression is a constant date or timestamp other than infinity and -infinity."""
    if not is_not_null(expr) or expr.number("consttype") not in _TIMES:
        return False
    length = expr.number("constlen")
    bound = 1 << (8 * length - 1)
    return -bound < int.from_bytes(_bytes(expr)[:length], "little", signed=True) < bound - 1


def may_be_empty_array(expr: Node) -> bool:
    """Return whether an array expression may have no elements."""
    if expr.kind == "ARRAYEXPR":
        return expr.flag("multidims") or not expr.nodes("elements")
    return not is_not_null(expr) or not any(_bytes(expr)[_VARLENA_HEADER : 2 * _VARLENA_HEADER])


def has_no_null_element(constant: Node) -> bool:
    """Return whether a constant array holds no NULL: it then has no bitmap of NULLs (src/include/utils/array.h)."""
    return is_not_null(constant) and not any(_bytes(constant)[2 * _VARLENA_HEADER : _FIXED_LENGTH_ARRAY_HEADER])


def _bytes(constant: Node) -> bytes:
    value = constant.text("constvalue") or ""
    return bytes(int(byte) & 0xFF for byte in value.split())
