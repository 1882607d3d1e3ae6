"""How values are read from results: faster loaders than psycopg's where that is worth it, and the choice of format."""

from __future__ import annotations

import json
from typing import Any, Final

import psycopg
from psycopg.abc import AdaptContext, Buffer
from psycopg.adapt import Loader
from psycopg.pq import Format
from psycopg.pq.abc import PGresult
from psycopg.types.json import set_json_dumps
from psycopg.types.string import TextBinaryLoader

from pagespace_db.codecs import dump_json

_FIRST_OWN_OID: Final = 16_384
_GAIN_OF_BINARY_NS: Final = {
    psycopg.adapters.types[name].oid: gain_ns
    for name, gain_ns in (
        ("bool", 0),
        ("bpchar", 0),
        ("bytea", 40),
        ("date", -130),
        ("float8", 290),
        ("int2", 20),
        ("int4", 20),
        ("int8", 15),
        ("jsonb", -20),
        ("name", 0),
        ("oid", 15),
        ("text", 0),
        ("time", 15),
        ("timestamp", -30),
        ("timestamptz", 300),
        ("uuid", 70),
        ("varchar", 0),
    )
}
"""What a value costs less in binary than in text. Types that are missing are not read in binary at all: numeric takes
three times as long, and float4, interval and others do not give the same values."""


def prefers_binary(result: PGresult, context: AdaptContext) -> bool:
    """Tell whether rows like those of `result` are read faster in the binary format, to equal values."""
    gain_ns = 0
    for column in range(result.nfields):
        oid = result.ftype(column)
        gain = _GAIN_OF_BINARY_NS.get(oid)
        if gain is None:
            # Enums of the schema are text in both formats, once they are registered.
            if oid < _FIRST_OWN_OID or context.adapters.get_loader(oid, Format.BINARY) is not TextBinaryLoader:
                return False
            gain = 0
        gain_ns += gain
    return gain_ns > 0


# The server writes jsonb without a space around it, so there is nothing to strip: a third of json.loads().
_decode: Final = json.JSONDecoder().raw_decode


class JsonbTextLoader(Loader):
    """Reads jsonb from its text."""

    def load(self, data: Buffer) -> Any:
        """Return the value."""
        return _decode(str(data, "utf-8"), 0)[0]


class JsonbLoader(Loader):
    """Reads jsonb from the binary format: its text, after the number of the version."""

    format = Format.BINARY

    def load(self, data: Buffer) -> Any:
        """Return the value.

        Errors: DataError for a version that this code does not know.
        """
        text = str(data, "utf-8")
        if text[0] != "\x01":
            raise psycopg.DataError(f"unknown version {ord(text[0])} of binary jsonb")
        return _decode(text, 1)[0]


def register_loaders(context: AdaptContext) -> None:
    """Let `context` read by the loaders of this module, and write JSON by its dumper."""
    context.adapters.register_loader("jsonb", JsonbTextLoader)
    context.adapters.register_loader("jsonb", JsonbLoader)
    set_json_dumps(dump_json, context)
