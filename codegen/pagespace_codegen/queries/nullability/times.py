"""Points in time that are surely finite: of infinity most of what is asked about a time is NULL."""

from __future__ import annotations

from typing import Final

from pagespace_codegen.queries.tree.constants import is_finite_time, text_of
from pagespace_codegen.queries.tree.enums import LAST_TIME_OF_CLOCK
from pagespace_codegen.queries.tree.nodetree import Node
from pagespace_codegen.queries.tree.references import References

_TIMES: Final = ("date", "timestamp with time zone", "timestamp without time zone")
_CLOCKS: Final = frozenset({"clock_timestamp()", "now()", "statement_timestamp()", "transaction_timestamp()"})
# These give a finite time for a finite one.
_CONVERSIONS: Final = frozenset(
    {
        *("date(timestamp with time zone)", "date(timestamp without time zone)", "timestamp(date)"),
        *("timestamp(timestamp with time zone)", "timestamptz(date)", "timestamptz(timestamp without time zone)"),
        *("timezone(text,timestamp with time zone)", "timezone(text,timestamp without time zone)"),
        *("date_trunc(text,timestamp with time zone)", "date_trunc(text,timestamp without time zone)"),
    }
)
# These are NULL for infinity only.
_QUESTIONS: Final = frozenset(
    {
        *(f"{name}(text,{type_})" for name in ("date_part", "extract") for type_ in _TIMES),
        *("time(timestamp with time zone)", "time(timestamp without time zone)", "timetz(timestamp with time zone)"),
    }
)
_FORMATS: Final = frozenset(f"to_char({type_},text)" for type_ in _TIMES)


def asks_finite_time(expr: Node, references: References) -> bool:
    """Return whether a call asks for a part of a finite time, or for its text by a format that is not empty."""
    signature, args = _signature(expr, references), expr.nodes("args")
    if signature in _QUESTIONS:
        return _is_finite(args[-1], references)
    return signature in _FORMATS and bool(text_of(args[1])) and _is_finite(args[0], references)


def _is_finite(expr: Node, references: References) -> bool:
    if expr.kind == "SQLVALUEFUNCTION":
        return expr.number("op") <= LAST_TIME_OF_CLOCK
    if expr.kind == "CONST":
        return is_finite_time(expr)
    signature = _signature(expr, references)
    return signature in _CLOCKS or (signature in _CONVERSIONS and _is_finite(expr.nodes("args")[-1], references))


def _signature(expr: Node, references: References) -> str | None:
    function = references.function(expr.number("funcid")) if expr.kind == "FUNCEXPR" else None
    return None if function is None else function.signature
