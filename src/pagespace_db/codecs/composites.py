"""How the values of a composite type become objects of a dataclass, and are taken apart again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

from psycopg import postgres
from psycopg.types.json import Json, Jsonb

from pagespace_db.codecs.base import Codec
from pagespace_db.codecs.plain import dump_json


def composite_converters(
    row_class: type[Any], field_types: Sequence[int], codecs: Mapping[str, Codec]
) -> tuple[Callable[[Sequence[Any], object], Any], Callable[[Any, object], Sequence[Any]]]:
    """Return what makes an object of the values of a composite's fields, and what gives the values of an object.

    Args:
        row_class: A dataclass with the fields of the type, in order.
        field_types: The oids of their types.
        codecs: The codecs of some, by the names in the dataclass.
    """
    attributes = tuple(field.name for field in fields(row_class))
    decoders = [(attributes.index(name), codec.decode_nullable) for name, codec in codecs.items()]
    encoders = [
        (place, codecs[name].encode if name in codecs else _JSON_DUMPERS[oid])
        for place, (name, oid) in enumerate(zip(attributes, field_types, strict=False))
        if name in codecs or oid in _JSON_DUMPERS
    ]

    def made(values: Sequence[Any], _: object) -> Any:
        # As text, `()` is a row without fields as well as a row of one field that is NULL.
        if not values and attributes:
            return row_class(None)
        if decoders:
            values = list(values)
            for place, decode in decoders:
                values[place] = decode(values[place])
        return row_class(*values)

    def parts(value: Any, _: object) -> list[Any]:
        taken = [getattr(value, name) for name in attributes]
        for place, encode in encoders:
            if taken[place] is not None:
                taken[place] = encode(taken[place])
        return taken

    return made, parts


def _dumper(wrapper: type[Json | Jsonb]) -> Callable[[Any], Any]:
    return lambda value: value if isinstance(value, Json | Jsonb) else wrapper(value, dumps=dump_json)


def _array_dumper(element: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda values: [None if value is None else element(value) for value in values]


# In a field of a composite psycopg does not see the type: it would write a dict as hstore, and a list as an array.
_JSON_DUMPERS: Final[Mapping[int, Callable[[Any], Any]]] = {
    oid: dumper
    for name, element in (("json", _dumper(Json)), ("jsonb", _dumper(Jsonb)))
    for info in [postgres.types[name]]
    for oid, dumper in ((info.oid, element), (info.array_oid, _array_dumper(element)))
}
