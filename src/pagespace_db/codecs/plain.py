"""JSON text of values whose column says nothing of their type: dataclasses and their kin become what JSON has."""

# Values of any kind come here, and a pattern over them cannot tell pyright what a class was generic in.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from decimal import Decimal
from enum import Enum
from typing import Any, Final
from uuid import UUID

from psycopg import DataError

from pagespace_db.codecs.base import Misfit, described
from pagespace_db.codecs.records import is_pydantic
from pagespace_db.codecs.resolve import converter_of
from pagespace_db.errors import ValueMisfit

_NUL: Final = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def dump_json(value: object) -> str:
    """Return the JSON text of `value`.

    Besides what json takes: dataclasses, models of pydantic, enums, sets, UUIDs, Decimals, dates and times.

    Errors: TypeError for anything else, psycopg's DataError for a NUL character, which jsonb cannot hold.
    """
    text = _encode(value)
    if "\\u0000" in text and _NUL.search(text):
        raise DataError("a text in a document has a NUL character, which PostgreSQL cannot hold")
    return text


def _plain(value: Any) -> Any:
    """Return what `value` is in JSON, or what has parts for which the same is asked."""
    if dataclasses.is_dataclass(value) or is_pydantic(type(value)):
        try:
            return converter_of(type(value)).encode(value)
        except Misfit as misfit:
            name = type(value).__name__
            raise ValueMisfit(f"a {name} has a part that does not fit its type: {described(misfit)}") from None
    match value:
        case Enum():
            return value.value
        case set() | frozenset():
            return list(value)
        case UUID() | Decimal():
            return str(value)
        case dt.datetime() | dt.date() | dt.time():
            return value.isoformat()
        case dt.timedelta():
            return value.total_seconds()
        case _:
            msg = f"a {type(value).__name__} has no form in JSON"
            raise TypeError(msg)


_encode: Final = json.JSONEncoder(default=_plain, ensure_ascii=False).encode
