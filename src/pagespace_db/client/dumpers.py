"""How lists are written as parameters: at the speed of str.join where psycopg looks at each value on its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

import psycopg
from psycopg.abc import AdaptContext, Buffer
from psycopg.types.array import ListDumper

_Write: TypeAlias = Callable[[Sequence[Any]], str]


class FlatListDumper(ListDumper):
    """Writes a list of one plain type whole; everything else is left to psycopg.

    The text is what PostgreSQL reads as an array (manual, 8.15.6), with every string in quotes.
    """

    def dump(self, obj: list[Any]) -> Buffer | None:
        """Return the array's text.

        Errors: DataError for a text with a NUL, UnicodeEncodeError for one with a lone surrogate.
        """
        kinds = set(map(type, obj))
        has_null = _NONE in kinds
        kinds.discard(_NONE)
        write = _WRITERS.get(kinds.pop()) if len(kinds) == 1 else None
        if write is None or not self._is_plain():
            return super().dump(obj)
        if not has_null:
            return f"{{{write(obj)}}}".encode()
        return ("{" + ",".join(["NULL" if value is None else write((value,)) for value in obj]) + "}").encode()

    def _is_plain(self) -> bool:
        # An application may have given the elements a dumper of its own.
        package = type(self.sub_dumper).__module__.partition(".")[0]
        return self.delimiter == b"," and package in _PSYCOPG and self._tx.encoding == "utf-8"


def register_dumpers(context: AdaptContext) -> None:
    """Make a connection write lists faster."""
    context.adapters.register_dumper(list, FlatListDumper)


def _write_texts(values: Sequence[str]) -> str:
    joined = "\0".join(values)
    if joined.count("\0") != len(values) - 1:
        raise psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    return '"' + joined.replace("\\", "\\\\").replace('"', '\\"').replace("\0", '","') + '"'


def _write_plain(values: Sequence[object]) -> str:
    return ",".join(map(str, values))


def _write_quoted(values: Sequence[object]) -> str:
    return '"' + '","'.join(map(str, values)) + '"'


_NONE: Final = type(None)
_PSYCOPG: Final = ("psycopg", "psycopg_binary", "psycopg_c")
_WRITERS: Final[dict[type, _Write]] = {
    str: _write_texts,
    bool: _write_plain,
    int: _write_plain,
    float: _write_plain,
    date: _write_plain,
    UUID: _write_plain,
    datetime: _write_quoted,
}
"""By the exact class: a member of an enum, or another subclass, may be written differently."""
