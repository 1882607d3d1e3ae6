"""Arrays of many rows, sent as one array of their texts.

unnest() makes no difference between the rows of an array of arrays and the elements of one, so the arrays of a column
of arrays go as texts, each of which the server reads as the array that it is.
"""

from __future__ import annotations

import re
from typing import Final

import psycopg
from psycopg.abc import AdaptContext, Buffer
from psycopg.adapt import Dumper, PyFormat, Transformer

_NEEDS_ESCAPE: Final = re.compile(rb'["\\]')


class Packed(list[object]):
    """Values of any type; each is an element of an array of text that holds its own text, or NULL for None."""

    __slots__ = ()


class PackedDumper(Dumper):
    """Writes a `Packed` as an array of text (manual, 8.15.6)."""

    def __init__(self, cls: type, context: AdaptContext | None = None) -> None:
        super().__init__(cls, context)
        self._transformer = Transformer.from_context(context)

    def dump(self, obj: Packed) -> Buffer:
        """Return the text of the array."""
        return b"{" + b",".join([b"NULL" if value is None else self._element(value) for value in obj]) + b"}"

    def _element(self, value: object) -> bytes:
        text = self._transformer.get_dumper(value, PyFormat.TEXT).dump(value)
        return b"NULL" if text is None else b'"' + _NEEDS_ESCAPE.sub(rb"\\\g<0>", bytes(text)) + b'"'


psycopg.adapters.register_dumper(Packed, PackedDumper)
