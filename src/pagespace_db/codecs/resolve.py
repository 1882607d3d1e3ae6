"""From a type, as annotations have it, to its converter."""

# Types are values here, of any kind that Python has for them, and pyright cannot know their arguments.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

import dataclasses
import types
from collections import abc
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    NewType,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

import typing_extensions

from pagespace_db.codecs.base import Converter, UnsupportedType
from pagespace_db.codecs.containers import (
    array_converter,
    dict_converter,
    number_key_converter,
    tuple_converter,
    union_converter,
)
from pagespace_db.codecs.records import (
    Parts,
    dataclass_converter,
    is_pydantic,
    pydantic_converter,
    typed_dict_converter,
)
from pagespace_db.codecs.scalars import ANYTHING, SCALARS, enum_converter, literal_converter

_LISTS: Final[Mapping[object, Any]] = {
    list: list,
    abc.Sequence: list,
    abc.MutableSequence: list,
    abc.Iterable: list,
    abc.Collection: list,
    set: set,
    abc.Set: set,
    abc.MutableSet: set,
    frozenset: frozenset,
}
_DICTS: Final = (dict, abc.Mapping, abc.MutableMapping)
_WRAPPERS: Final = (Annotated, Required, NotRequired, typing_extensions.Required, typing_extensions.NotRequired)


def converter_of(type_: Any) -> Converter:
    """Return the converter of a type, which is made once.

    Errors: UnsupportedType for one that has no form in JSON, or has a part that has none.
    """
    return _made(type_)


@cache
def _made(type_: Any) -> Converter:
    return _Resolver().resolve(type_)


class _Resolver:
    """Resolves one type and the types in it, each class once."""

    def __init__(self) -> None:
        self._records: dict[type[Any], Converter] = {}

    def resolve(self, type_: Any) -> Converter:
        type_ = _unwrapped(type_)
        origin, arguments = get_origin(type_), get_args(type_)
        if _is_hashable(type_) and type_ in SCALARS:
            return SCALARS[type_]
        if origin in (Union, types.UnionType):
            return union_converter([self.resolve(each) for each in arguments])
        if origin is Literal:
            return literal_converter(arguments)
        if type_ in _LISTS or origin in _LISTS:
            element = self.resolve(arguments[0]) if arguments else ANYTHING
            return array_converter(_LISTS[origin or type_], element)
        if type_ in _DICTS or origin in _DICTS:
            key, value = arguments or (str, Any)
            return dict_converter(self._key(key), self.resolve(value))
        if type_ is tuple or origin is tuple:
            return self._tuple(arguments)
        if isinstance(type_, type) and not arguments:
            return self._class(type_)
        raise _unsupported(type_)

    def _tuple(self, arguments: tuple[Any, ...]) -> Converter:
        if not arguments or arguments[-1] is Ellipsis:
            return array_converter(tuple, self.resolve(arguments[0]) if arguments else ANYTHING)
        return tuple_converter([self.resolve(each) for each in arguments])

    def _key(self, type_: Any) -> Converter:
        plain = _unwrapped(type_)
        converter = self.resolve(plain)
        return number_key_converter(plain, converter) if plain in (int, float) else converter

    def _class(self, cls: type[Any]) -> Converter:
        if is_pydantic(cls):
            return pydantic_converter(cls)
        if issubclass(cls, Enum):
            return enum_converter(cls)
        if cls not in self._records:
            self._records[cls] = self._record(cls)
        return self._records[cls]

    def _record(self, cls: type[Any]) -> Converter:
        if is_typeddict(cls) or typing_extensions.is_typeddict(cls):
            return typed_dict_converter(self._parts(cls), _required_keys(cls))
        if dataclasses.is_dataclass(cls):
            return dataclass_converter(cls, self._parts(cls))
        raise _unsupported(cls)

    def _parts(self, cls: type[Any]) -> Parts:
        made: dict[str, Converter] = {}

        def parts() -> Mapping[str, Converter]:
            if not made:
                names = {field.name for field in dataclasses.fields(cls)} if dataclasses.is_dataclass(cls) else None
                for name, hint in _hints(cls).items():
                    if names is None or name in names:
                        made[name] = self._part(cls, name, hint)
            return made

        return parts

    def _part(self, cls: type[Any], name: str, hint: Any) -> Converter:
        try:
            return self.resolve(hint)
        except UnsupportedType as error:
            raise UnsupportedType(f"{cls.__name__}.{name}: {error.message}", help=error.help) from None


def _unwrapped(type_: Any) -> Any:
    """Return a type without what says nothing of its values: Annotated, NewType, an alias."""
    while True:
        if get_origin(type_) in _WRAPPERS:
            type_ = get_args(type_)[0]
        elif isinstance(type_, NewType):
            type_ = type_.__supertype__
        elif isinstance(type_, typing_extensions.TypeAliasType):
            type_ = type_.__value__
        else:
            return type_


def _hints(cls: type[Any]) -> dict[str, Any]:
    try:
        return get_type_hints(cls, include_extras=True)
    except NameError as error:
        raise UnsupportedType(
            f"an annotation of {cls.__name__} names `{error.name}`, which is not defined in its module",
            help="import it there at run time, not only under TYPE_CHECKING",
        ) from None


def _required_keys(cls: Any) -> frozenset[str]:
    """Return the keys that a TypedDict must have; annotations that are text hide what they wrap from Python itself."""
    required = set(cls.__required_keys__)
    for name, hint in _hints(cls).items():
        if get_origin(hint) in (NotRequired, typing_extensions.NotRequired):
            required.discard(name)
        elif get_origin(hint) in (Required, typing_extensions.Required):
            required.add(name)
    return frozenset(required)


def _is_hashable(type_: Any) -> bool:
    return isinstance(type_, abc.Hashable)


def _unsupported(type_: Any) -> UnsupportedType:
    name = getattr(type_, "__name__", None) or repr(type_)
    return UnsupportedType(
        f"`{name}` cannot be the type of a JSON document or of a part of one",
        help="use a dataclass, a TypedDict, a model of pydantic, an enum, a Literal, str, int, float, bool, Decimal, "
        "datetime, date, time, timedelta, UUID, bytes, or a list, tuple, set, dict or union of these",
    )
