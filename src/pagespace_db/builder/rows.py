"""What a result row looks like: which columns an item needs, and how an object is made of them.

Row makers are compiled from an expression over the tuple of values, so that a row costs one call.
"""

# Keys are nested tuples of anything hashable, and a pattern over them cannot tell pyright what a class was generic in.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownLambdaType=false

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, TypeAlias, cast

from pagespace_db.builder.columns import ColumnBase, Row, Source
from pagespace_db.builder.expressions import Key, Selectable
from pagespace_db.codecs import Codec

RowMaker: TypeAlias = Callable[[Sequence[Any]], Any]


def columns_of(item: Key) -> tuple[Key, ...]:
    """Return the keys of the columns that a selected item is read from, in order."""
    match item:
        case Source():
            return item._columns
        case ("decoded", inner, *_):
            return columns_of(inner)
        case ("opt", Source() as source):
            return source._columns if source._primary_key else (*source._columns, ("present", source))
        case ("subrow", alias, int() as start, inner):
            return tuple([("subcolumn", alias, start + index, True) for index in range(len(columns_of(inner)))])
        case ("opt", ("subrow", _, _, Source() as source) as row):
            columns = columns_of(row)
            return columns if source._primary_key else (*columns, ("any_present", *columns))
        case ("shape", shape, fields):
            members = [column for field in _keys(fields) for column in columns_of(field)]
            return (*_base_columns(shape), *members)
        case _:
            return (item,)


def row_maker(items: Sequence[Key]) -> RowMaker:
    """Return a function from the values of a result row to the row: a value for one item, else a tuple."""
    if all(columns_of(item) == (item,) and _decoder(item) is None for item in items):
        return itemgetter(0) if len(items) == 1 else tuple
    names: dict[str, Any] = {}
    parts: list[str] = []
    start = 0
    for item in items:
        parts.append(_expression(item, start, names))
        start += len(columns_of(item))
    if parts == [f"c0(v[0:{start}])"]:
        whole: RowMaker = names["c0"]
        return whole
    body = parts[0] if len(parts) == 1 else f"({', '.join(parts)})"
    maker: RowMaker = eval(f"lambda v: {body}", names)  # noqa: S307  # text made here alone
    return maker


def _decoder(item: Key) -> Callable[[Any], Any] | None:
    """Return what makes an object of the value of a column or expression; None for a value that is kept as it is."""
    match item:
        case ColumnBase() if item._codec is not None:
            # In a column that is never NULL, None is a document's null.
            return item._codec.decode_nullable if item._is_nullable else item._codec.decode
        case ("decoded", _, codec, _):
            return cast("Codec", codec).decode_nullable
        case _:
            return None


@cache
def object_maker(
    cls: Hashable, attributes: tuple[str, ...], decoders: tuple[tuple[str, Callable[[Any], Any]], ...] = ()
) -> RowMaker:
    """Return a function from the values of `attributes` to an object of `cls`, made without its `__init__`.

    `decoders` are applied to the values of some attributes.
    """
    names: dict[str, Any] = {"cls": cls, "new": object.__new__}
    targets = "".join(f"o.{attribute}, " for attribute in attributes)
    unpacked = f" {targets} = v\n" if targets else ""  # a table may have no columns
    decoded = "".join(f" o.{name} = {_named(decode, names)}(o.{name})\n" for name, decode in decoders)
    text = f"def make(v):\n o = new(cls)\n{unpacked}{decoded} return o"
    exec(text, names)  # noqa: S102  # attributes are identifiers
    maker: RowMaker = names["make"]
    return maker


def _expression(item: Key, start: int, names: dict[str, Any]) -> str:
    """Return Python for `item`, whose first value is `v[start]`; `names` gets what the text refers to."""
    end = start + len(columns_of(item))
    match item:
        case Source() as source:
            return f"{_row(source, names)}(v[{start}:{end}])"
        case ("subrow", _, _, inner):
            return _expression(inner, start, names)
        case ("opt", Source() as source) | ("opt", ("subrow", _, _, Source() as source)):
            if not source._primary_key:
                return f"({_row(source, names)}(v[{start}:{end - 1}]) if v[{end - 1}] else None)"
            key = start + [column._attribute for column in source._columns].index(source._primary_key[0])
            return f"({_row(source, names)}(v[{start}:{end}]) if v[{key}] is not None else None)"
        case ("shape", shape, fields):
            base_columns = _base_columns(shape)
            maker = _named(object_maker(shape, attributes_of(shape), _decoders(base_columns)), names)
            base = len(base_columns)
            is_plain = all(_decoder(field) is None for field in _keys(fields))
            if is_plain and end - start == base + len(_keys(fields)):
                return f"{maker}(v[{start}:{end}])"
            parts = [f"*v[{start}:{start + base}]"]
            start += base
            for field in _keys(fields):
                parts.append(_expression(field, start, names))
                start += len(columns_of(field))
            return f"{maker}(({', '.join(parts)}))"
        case _:
            decode = _decoder(item)
            return f"v[{start}]" if decode is None else f"{_named(decode, names)}(v[{start}])"


def attributes_of(shape: Any) -> tuple[str, ...]:
    """Return the names of the attributes that a shape reads itself, in the order of its columns."""
    base = [column._attribute for column in _base_columns(shape)]
    return (*base, *[name for name, member in shape._members.items() if isinstance(member, Selectable)])


def _row(source: Source[Any], names: dict[str, Any]) -> str:
    row: Hashable = cast("Hashable", source._row)  # the class is hashable, if not its instances
    attributes = tuple([column._attribute for column in source._columns])
    return _named(object_maker(row, attributes, _decoders(source._columns)), names)


def _decoders(columns: Sequence[ColumnBase[Any, Any]]) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    return tuple([(column._attribute, decode) for column in columns if (decode := _decoder(column)) is not None])


def _base_columns(shape: Any) -> tuple[ColumnBase[Any, Any], ...]:
    """Return the columns of the row class that a shape adds to, if it does."""
    base: type[Row] | None = shape._base_row
    return () if base is None else base._source._columns


def _named(value: object, names: dict[str, Any]) -> str:
    name = f"c{len(names)}"
    names[name] = value
    return name


def _keys(keys: object) -> tuple[Key, ...]:
    assert isinstance(keys, tuple)  # noqa: S101  # keys are made by this package
    return keys
