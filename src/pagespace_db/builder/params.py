"""How a value is bound: the cast that its placeholder needs, and what psycopg is given in its place.

A `Param` is a leaf of a statement's key: it says *that* a value goes there, never which.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
import uuid
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cache
from typing import Final

from psycopg.types.json import Json, Jsonb

from pagespace_db.codecs import Codec, array_codec, dump_json
from pagespace_db.errors import StatementError

Adapter = Callable[[object], object]

_TYPE_MODIFIER: Final = re.compile(r"\([0-9, -]+\)")

_UNBOUNDED: Final = {"bit": "bit varying", "character": "bpchar"}

# The type that a bare Python value has in SQL when nothing around it says otherwise.
_TYPE_OF_CLASS: Final[dict[type, str]] = {
    bool: "boolean",
    bytes: "bytea",
    dt.date: "date",
    dt.datetime: "timestamp with time zone",
    dt.time: "time",
    dt.timedelta: "interval",
    Decimal: "numeric",
    dict: "jsonb",
    float: "double precision",
    int: "bigint",
    ipaddress.IPv4Address: "inet",
    ipaddress.IPv4Interface: "inet",
    ipaddress.IPv4Network: "cidr",
    ipaddress.IPv6Address: "inet",
    ipaddress.IPv6Interface: "inet",
    ipaddress.IPv6Network: "cidr",
    str: "text",
    uuid.UUID: "uuid",
}


# These have no operators of their own: beside them, text that says no type is taken for a number (manual, 8.19).
_COMPARED_AS_OID: Final = frozenset(
    {
        "regclass", "regcollation", "regconfig", "regdictionary", "regnamespace", "regoper", "regoperator", "regproc",
        "regprocedure", "regrole", "regtype",
    }
)  # fmt: skip


class Param:
    """A place for one value; instances are shared, so that equal shapes have equal keys.

    Attributes:
        pg_type: The PostgreSQL type of the value, as format_type prints it; None when the server infers it.
        cast: The type to cast the placeholder to, or None where the server infers it from its surroundings.
        adapt: What to do with a value before psycopg sees it, or None.
        codec: How the values of a column with a type of the application are read and written; None for all others.
        is_named: The type is one of the schema's own, such as an enum or a composite.
    """

    __slots__ = ("adapt", "cast", "codec", "is_named", "pg_type")

    def __init__(
        self, pg_type: str | None, cast: str | None, adapt: Adapter | None, codec: Codec | None = None
    ) -> None:
        self.pg_type = pg_type
        self.cast = cast
        self.adapt = adapt if codec is None else _coded(codec)
        self.codec = codec
        self.is_named = pg_type is not None and "." in pg_type

    def __repr__(self) -> str:
        return f"Param({self.pg_type!r}, cast={self.cast!r})"

    def lift(self, value: object) -> object:
        """Return what psycopg is to be given for `value`."""
        return value if self.adapt is None or value is None else self.adapt(value)

    def alone(self) -> Param:
        """Return the param of the same type for a place that does not tell the server that type."""
        return self if self.cast is not None or self.pg_type is None else cast_param(self.pg_type, self.codec)

    def array(self) -> Param:
        """Return the param for a list of such values, sent as one array."""
        return array_param(self.pg_type, self.codec)


@cache
def param(pg_type: str | None, codec: Codec | None = None) -> Param:
    """Return the param for a value that is compared with, or written to, a value of `pg_type`.

    Arrays are cast, because psycopg sends a list of str as text[], which no enum or domain array takes; everything
    else is left to the server, which knows the column that stands beside it.
    """
    if pg_type is None:
        return Param(None, None, None)
    if pg_type.endswith("[]"):
        return Param(pg_type, _without_modifier(pg_type), _array_adapter(pg_type), codec)
    if pg_type in _COMPARED_AS_OID:
        return Param(pg_type, pg_type, None, codec)
    return Param(pg_type, None, _JSON_ADAPTERS.get(pg_type), codec)


@cache
def cast_param(pg_type: str, codec: Codec | None = None) -> Param:
    """Return the param for a value of `pg_type` in a place that does not tell the server its type."""
    plain = param(pg_type)
    return Param(pg_type, _without_modifier(pg_type), plain.adapt, codec)


@cache
def array_param(pg_type: str | None, codec: Codec | None = None) -> Param:
    """Return the param for a list of values of `pg_type`, which have `codec`, sent as one array."""
    if pg_type is None:
        return Param(None, None, _as_list)
    array_type = _without_modifier(pg_type) + "[]"
    return Param(array_type, array_type, _array_adapter(array_type), array_codec(codec))


UNTYPED: Final = param(None)
"""The param of a value of which nothing is known: it takes the type of its Python class."""


def param_of_value(value: object) -> Param:
    """Return the param for a value that stands alone, with the PostgreSQL type of its Python class.

    A list has the type of its first element.

    Errors: StatementError when that class has no one type.
    """
    pg_type = type_of_class(type(value))
    if pg_type is None and _is_list(value):
        element_type = next((type_of_class(type(each)) for each in _iterate(value) if each is not None), None)
        pg_type = element_type and f"{element_type}[]"
    if pg_type is None:
        raise StatementError(
            f"a {type(value).__name__} has no PostgreSQL type of its own here",
            help="compare it with a column, or write constant_of(column, value)",
        )
    return cast_param(pg_type)


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple)


def type_of_class(python_class: type) -> str | None:
    """Return the PostgreSQL type of the values of a Python class, or None when it has no one type."""
    return next((_TYPE_OF_CLASS[base] for base in python_class.__mro__ if base in _TYPE_OF_CLASS), None)


def _without_modifier(pg_type: str) -> str:
    # varchar(5) as a cast would cut the value silently where a comparison must not. Without its modifier, `character`
    # would be character(1), and `bit` bit(1).
    plain = _TYPE_MODIFIER.sub("", pg_type)
    name = plain.removesuffix("[]")
    return _UNBOUNDED.get(name, name) + plain[len(name) :]


def _array_adapter(array_type: str) -> Adapter:
    if array_type == "box[]":
        return _box_array
    if array_type in ("real[]", "double precision[]"):
        return _float_array
    element = _JSON_ADAPTERS.get(array_type.removesuffix("[]"))
    if element is None:
        return _as_list
    return lambda values: [None if value is None else element(value) for value in _iterate(values)]


def _as_list(values: object) -> object:
    return list(_iterate(values))


def _float_array(values: object) -> list[object]:
    """Return a list without ints, unless it has nothing else: they are floats to type checkers, but not to psycopg."""
    listed = list(_iterate(values))
    kinds = set(map(type, listed))
    is_alike = kinds.isdisjoint({list, tuple}) and not {int, float} <= kinds
    return listed if is_alike else [_without_ints(each) for each in listed]


def _without_ints(value: object) -> object:
    if _is_list(value):
        return [_without_ints(each) for each in _iterate(value)]
    return float(value) if isinstance(value, int) else value


def _box_array(values: object) -> str:
    """Return the text of an array of boxes: the one type with semicolons between its elements (manual, 8.15.2)."""
    boxes = [
        "NULL" if box is None else f'"{box}"' if isinstance(box, str) else _box_array(box) for box in _iterate(values)
    ]
    return f"{{{';'.join(boxes)}}}"


def _iterate(values: object) -> Iterable[object]:
    if not isinstance(values, Iterable) or isinstance(values, str | bytes):
        msg = f"a list of values is needed here, not {type(values).__name__}"
        raise StatementError(msg)
    return values  # pyright: ignore[reportUnknownVariableType]  # elements are checked by the server


def _coded(codec: Codec) -> Adapter:
    if codec.element is not None:
        return lambda values: codec.encode(_iterate(values))
    # What is Json already was made by the builder, or by a caller who knows what he writes.
    return lambda value: value if isinstance(value, Json | Jsonb) else codec.encode(value)


def _as_json(value: object) -> object:
    return value if isinstance(value, Json) else Json(value, dumps=dump_json)


def _as_jsonb(value: object) -> object:
    # Jsonb(None) is JSON null, where None alone is SQL NULL.
    return value if isinstance(value, Jsonb) else Jsonb(value, dumps=dump_json)


_JSON_ADAPTERS: Final[dict[str, Adapter]] = {"json": _as_json, "jsonb": _as_jsonb}
