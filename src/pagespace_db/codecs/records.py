"""Converters of classes with named parts: dataclasses, TypedDicts, and the models of pydantic."""

from __future__ import annotations

import dataclasses
import importlib
import json
from collections.abc import Callable, Mapping
from typing import Any

import typing_extensions

from pagespace_db.codecs.base import Converter, Misfit, kind_of

Parts = Callable[[], Mapping[str, Converter]]
"""Returns the converter of each part; only when it is needed, because a class may have parts of its own kind."""


def dataclass_converter(cls: type[Any], parts: Parts) -> Converter:
    """Return the converter of a dataclass: an object with a member for each field.

    A member that is missing takes the field's default; members that are no fields are left out, as older and newer
    versions of a class may have them.
    """
    fields = [field for field in dataclasses.fields(cls) if field.init]
    required = {
        field.name
        for field in fields
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    }

    def decode(value: Any) -> Any:
        if isinstance(value, cls):  # of a composite type, which is read as the dataclass
            return value
        members = _object(value)
        converters = parts()
        given: dict[str, Any] = {}
        for field in fields:
            name = field.name
            if name in members:
                given[name] = _part(name, converters[name].decode, members[name])
            elif name in required:
                raise Misfit("is missing", (name,))
        try:
            return cls(**given)
        except (ValueError, TypeError) as error:  # raised by the class's own __post_init__
            raise Misfit(f"is refused by {cls.__name__} ({type(error).__name__})") from error

    def encode(value: Any) -> dict[str, Any]:
        if not isinstance(value, cls):
            raise Misfit(f"must be a {cls.__name__}, not {kind_of(value)}")
        converters = parts()
        return {
            field.name: _part(field.name, converters[field.name].encode, getattr(value, field.name)) for field in fields
        }

    return Converter(decode, encode)


def typed_dict_converter(parts: Parts, required: frozenset[str]) -> Converter:
    """Return the converter of a TypedDict; keys that it does not name are kept as they are."""

    def converted(value: Any, direction: str) -> dict[str, Any]:
        members = _object(value)
        converters = parts()
        missing = sorted(required - members.keys())
        if missing:
            raise Misfit("is missing", (missing[0],))
        return {
            name: _part(name, getattr(converters[name], direction), member) if name in converters else member
            for name, member in members.items()
        }

    return Converter(lambda value: converted(value, "decode"), lambda value: converted(value, "encode"))


def is_document_class(cls: type[Any]) -> bool:
    """Tell whether the values of a class are whole documents: a dataclass, a TypedDict or a model."""
    return dataclasses.is_dataclass(cls) or typing_extensions.is_typeddict(cls) or is_pydantic(cls)


def is_pydantic(cls: type[Any]) -> bool:
    """Tell whether a class is a model or a dataclass of pydantic, which is never imported for it."""
    return hasattr(cls, "__pydantic_core_schema__")


def pydantic_converter(cls: type[Any]) -> Converter:
    """Return the converter of a model of pydantic, by pydantic's own rules for JSON; names are its aliases."""
    adapter: Any = importlib.import_module("pydantic").TypeAdapter(cls)

    def decode(value: Any) -> Any:
        try:
            return adapter.validate_json(json.dumps(value))
        except ValueError as error:  # base of pydantic's ValidationError
            raise _misfit(error) from None

    def encode(value: Any) -> Any:
        if not isinstance(value, cls):
            raise Misfit(f"must be a {cls.__name__}, not {kind_of(value)}")
        return json.loads(adapter.dump_json(value, by_alias=True))

    return Converter(decode, encode)


def _misfit(error: Any) -> Misfit:
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return Misfit(f"is refused by pydantic: {found[0]['msg']}", tuple(found[0]["loc"]))


def _object(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value  # pyright: ignore[reportUnknownVariableType]  # keys of JSON are texts
    raise Misfit(f"must be an object, not {kind_of(value)}")


def _part(name: str, convert: Callable[[Any], Any], value: Any) -> Any:
    try:
        return convert(value)
    except Misfit as misfit:
        raise misfit.under(name) from None
