"""Dates and times."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, Literal, TypeVar, get_args

from pagespace_db.builder.expressions import Expr, Key, Operand, Value, lift_alone
from pagespace_db.builder.params import cast_param, param
from pagespace_db.errors import StatementError

T = TypeVar("T")
R = TypeVar("R")

Field = Literal[
    "microseconds", "milliseconds", "second", "minute", "hour", "day", "week", "month", "quarter", "year", "decade",
    "century", "millennium",
]  # fmt: skip
Part = Literal[
    "century", "day", "decade", "dow", "doy", "epoch", "hour", "isodow", "isoyear", "microseconds", "millennium",
    "milliseconds", "minute", "month", "quarter", "second", "timezone", "week", "year",
]  # fmt: skip

_WORDS: Final = frozenset((*get_args(Field), *get_args(Part)))

_DATE: Final = param("date")
_INTERVAL: Final = cast_param("interval")
_TEXT: Final = cast_param("text")
_TIMESTAMP: Final = param("timestamp without time zone")
_TIMESTAMPTZ: Final = param("timestamp with time zone")


def now() -> Expr[dt.datetime, dt.datetime]:
    """Return the time at which the transaction began: the same in all of its statements."""
    return Expr(("total", "now"), (), _TIMESTAMPTZ)


def clock_timestamp() -> Expr[dt.datetime, dt.datetime]:
    """Return the time at which the row is read: another one in each row."""
    return Expr(("total", "clock_timestamp"), (), _TIMESTAMPTZ)


def current_date() -> Expr[dt.date, dt.date]:
    """Return today's date in the time zone of the session."""
    return Expr(("cast", ("total", "now"), "date"), (), _DATE)


def date_trunc(field: Field, e: Expr[dt.datetime, R], *, time_zone: str | None = None) -> Expr[dt.datetime, R]:
    """Return the beginning of the `field` that `e` lies in: of its hour, its day, its month.

    `time_zone` says whose days they are, of a timestamp with time zone; it is the session's when left out.
    """
    if time_zone is None:
        return Expr(("func", "date_trunc", _word(field), e._key), e._values, e._param)
    return Expr(("func", "date_trunc", _word(field), e._key, _TEXT), (*e._values, time_zone), e._param)


def extract(
    part: Part, e: Operand[dt.datetime] | Operand[dt.date] | Operand[dt.timedelta]
) -> Expr[float, float | None]:
    """Return a part of a date, time or interval as a number; `epoch` is in seconds. None of NULL."""
    return Expr(("opt", ("func", "date_part", _word(part), e._key)), e._values, param("double precision"))


def date_add(e: Expr[dt.datetime, R], span: Value[dt.timedelta]) -> Expr[dt.datetime, R]:
    """Return the time that is `span` later."""
    key, values = lift_alone(span, _INTERVAL)
    return Expr(("op", "+", e._key, key), e._values + values, e._param)


def date_subtract(e: Expr[dt.datetime, R], span: Value[dt.timedelta]) -> Expr[dt.datetime, R]:
    """Return the time that is `span` earlier."""
    key, values = lift_alone(span, _INTERVAL)
    return Expr(("op", "-", e._key, key), e._values + values, e._param)


def date_difference(a: Expr[dt.datetime, R], b: Value[dt.datetime]) -> Expr[dt.timedelta, dt.timedelta | None]:
    """Return the time from `b` to `a`; None when one is NULL."""
    key, values = lift_alone(b, a._param)
    return Expr(("opt", ("op", "-", a._key, key)), a._values + values, _INTERVAL)


def at_time_zone(e: Expr[dt.datetime, R], zone: str) -> Expr[dt.datetime, R]:
    """Return what clocks show in `zone` at a timestamp with time zone, or the moment at which they show one without."""
    place = _TIMESTAMP if e._param.pg_type == _TIMESTAMPTZ.pg_type else _TIMESTAMPTZ
    return Expr(("func", "timezone", _TEXT, e._key), (zone, *e._values), place)


def to_char(e: Operand[Any], pattern: str) -> Expr[str, str | None]:
    """Return a date, time or number as text, by a pattern of the manual (9.8); None of NULL."""
    return Expr(("opt", ("func", "to_char", e._key, _TEXT)), (*e._values, pattern), param("text"))


def _word(word: Field | Part) -> Key:
    """Return the key of a word of SQL, which stands in the text so that GROUP BY can repeat it.

    Errors: StatementError when it is none of those that the manual lists.
    """
    if word not in _WORDS:
        raise StatementError(f"{word!r} is no part of a date or time", help=f"one of {', '.join(sorted(_WORDS))}")
    return ("word", word)
