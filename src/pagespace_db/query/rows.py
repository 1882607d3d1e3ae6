"""What a result row looks like: which columns an item needs, and how an object is made of them.

Row makers are compiled from an expression over the tuple of values, so that a row costs one call.
"""

# Keys are nested tuples of anything hashable, and a pattern over them cannot tell pyright what a class was generic in.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownLambdaType=false

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from pagespace_db.query.columns import Source
from pagespace_db.query.expressions import Key


def columns_of(item: Key) -> tuple[Key, ...]:
    """Return the keys of the columns that a selected item is read from, in order."""
    match item:
        case Source():
            return item._columns
        case ("opt", Source() as source):
            return source._columns if source._primary_key else (*source._columns, ("present", source))
        case ("shape", shape, fields):
            members = [column for field in _keys(fields) for column in columns_of(field)]
            return (*_base_columns(shape), *members)
        case _:
            return (item,)


def row_maker(items: Sequence[Key]) -> Callable[[Sequence[Any]], Any]:
    """Return a function from the values of a result row to the row: a value for one item, else a tuple."""
    if all(columns_of(item) == (item,) for item in items):
        return itemgetter(0) if len(items) == 1 else tuple
    if len(items) == 1 and isinstance(items[0], Source):
        row = items[0]._row
        return lambda values: row(*values)
    names: dict[str, object] = {}
    parts: list[str] = []
    start = 0
    for item in items:
        parts.append(_expression(item, start, names))
        start += len(columns_of(item))
    body = parts[0] if len(parts) == 1 else f"({', '.join(parts)})"
    maker: Callable[[Sequence[Any]], Any] = eval(f"lambda v: {body}", names)  # noqa: S307  # text made here alone
    return maker


def _expression(item: Key, start: int, names: dict[str, object]) -> str:
    """Return Python for `item`, whose first value is `v[start]`; `names` gets what the text refers to."""
    end = start + len(columns_of(item))
    match item:
        case Source():
            return f"{_named(item._row, names)}(*v[{start}:{end}])"
        case ("opt", Source() as source):
            if not source._primary_key:
                return f"({_named(source._row, names)}(*v[{start}:{end - 1}]) if v[{end - 1}] else None)"
            key = start + [column._attribute for column in source._columns].index(source._primary_key[0])
            return f"({_named(source._row, names)}(*v[{start}:{end}]) if v[{key}] is not None else None)"
        case ("shape", shape, fields):
            base = len(_base_columns(shape))
            arguments = [f"v[{start}:{start + base}]"]
            start += base
            for field in _keys(fields):
                arguments.append(_expression(field, start, names))
                start += len(columns_of(field))
            return f"{_named(shape, names)}._make({', '.join(arguments)})"
        case _:
            return f"v[{start}]"


def _base_columns(shape: Any) -> tuple[Key, ...]:
    """Return the columns of the row class that a shape adds to, if it does."""
    return () if shape._base_row is None else shape._base_row._source._columns


def _named(value: object, names: dict[str, object]) -> str:
    name = f"c{len(names)}"
    names[name] = value
    return name


def _keys(keys: object) -> tuple[Key, ...]:
    assert isinstance(keys, tuple)  # noqa: S101  # keys are made by this package
    return keys
