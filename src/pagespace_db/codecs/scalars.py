"""Converters of single values. JSON's own are taken as they are, never made from one another: "1" is no int."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import math
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, Final
from uuid import UUID

from pagespace_db.codecs.base import Converter, Misfit, kind_of


def _same(kind: type, named: str) -> Converter:
    """Return the converter of a type that JSON has itself; True and False are no numbers."""

    def check(value: Any) -> Any:
        if isinstance(value, kind) and not (isinstance(value, bool) and kind is not bool):
            return value
        raise Misfit(f"must be {named}, not {kind_of(value)}")

    return Converter(check, check)


def _text(kind: type, named: str, parse: Callable[[str], Any], show: Callable[[Any], str]) -> Converter:
    """Return the converter of a type that is written as text."""

    def decode(value: Any) -> Any:
        if not isinstance(value, str):
            raise Misfit(f"must be the text of {named}, not {kind_of(value)}")
        try:
            return parse(value)
        except (ValueError, InvalidOperation, binascii.Error):
            raise Misfit(f"must be the text of {named}") from None

    def encode(value: Any) -> str:
        # A datetime is a date to Python, but not the same text.
        if isinstance(value, kind) and not (kind is dt.date and isinstance(value, dt.datetime)):
            return show(value)
        raise Misfit(f"must be {named}, not {kind_of(value)}")

    return Converter(decode, encode)


def _decode_float(value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise Misfit(f"must be a number, not {kind_of(value)}")


def _encode_float(value: Any) -> float:
    number = _decode_float(value)
    if math.isfinite(number):
        return number
    raise Misfit("must be a finite number, as JSON has no other")


_DECIMAL_TEXT: Final = _text(Decimal, "a Decimal", Decimal, str)


def _decode_decimal(value: Any) -> Any:
    # A number of JSON came as a float, whose shortest text is what the document says, up to 15 digits.
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return _DECIMAL_TEXT.decode(str(value) if is_number else value)


def _decode_timedelta(value: Any) -> dt.timedelta:
    try:
        return dt.timedelta(seconds=_decode_float(value))
    except OverflowError:
        raise Misfit("must be a number of seconds that a timedelta can hold") from None


def _encode_timedelta(value: Any) -> float:
    if isinstance(value, dt.timedelta):
        return value.total_seconds()
    raise Misfit(f"must be a timedelta, not {kind_of(value)}")


def _check_none(value: Any) -> None:
    if value is not None:
        raise Misfit(f"must be null, not {kind_of(value)}")


ANYTHING: Final = Converter(lambda value: value, lambda value: value)
NOTHING: Final = Converter(_check_none, _check_none)
STR: Final = _same(str, "a str")

SCALARS: Final[dict[object, Converter]] = {
    None: NOTHING,
    type(None): NOTHING,
    object: ANYTHING,
    Any: ANYTHING,
    bool: _same(bool, "a bool"),
    int: _same(int, "an int"),
    str: STR,
    float: Converter(_decode_float, _encode_float),
    Decimal: Converter(_decode_decimal, _DECIMAL_TEXT.encode),
    dt.datetime: _text(dt.datetime, "a datetime", dt.datetime.fromisoformat, dt.datetime.isoformat),
    dt.date: _text(dt.date, "a date", dt.date.fromisoformat, dt.date.isoformat),
    dt.time: _text(dt.time, "a time", dt.time.fromisoformat, dt.time.isoformat),
    dt.timedelta: Converter(_decode_timedelta, _encode_timedelta),
    UUID: _text(UUID, "a UUID", UUID, str),
    bytes: _text(
        bytes,
        "bytes in base64",
        lambda text: base64.b64decode(text, validate=True),
        lambda value: base64.b64encode(value).decode("ascii"),
    ),
}
"""The types that have no parts. A timedelta is a number of seconds; a Decimal is text, so that no digit is lost."""


def enum_converter(cls: type[Enum]) -> Converter:
    """Return the converter of an enum: a document has the value of the member."""

    def decode(value: Any) -> Enum:
        try:
            return cls(value)
        except ValueError:
            raise Misfit(f"must be one of the values of {cls.__name__}") from None

    def encode(value: Any) -> Any:
        if isinstance(value, cls):
            return value.value
        raise Misfit(f"must be a member of {cls.__name__}, not {kind_of(value)}")

    return Converter(decode, encode)


def literal_converter(choices: tuple[object, ...]) -> Converter:
    """Return the converter of a Literal, whose members may be enum members too."""
    pairs: list[tuple[Any, object]] = [
        (choice.value if isinstance(choice, Enum) else choice, choice) for choice in choices
    ]
    listed = ", ".join(map(repr, choices))

    def decode(value: Any) -> object:
        for plain, choice in pairs:
            # True equals 1, but is another value of JSON.
            if value == plain and isinstance(value, bool) == isinstance(plain, bool):
                return choice
        raise Misfit(f"must be one of {listed}")

    def encode(value: Any) -> Any:
        plain: Any = value.value if isinstance(value, Enum) else value
        decode(plain)
        return plain

    return Converter(decode, encode)
