"""The codecs that generated code gives to columns."""

from __future__ import annotations

import json
import typing
from collections.abc import Callable
from enum import Enum
from functools import partial
from typing import Any

from psycopg.types.json import Json, Jsonb

from pagespace_db.codecs.base import Codec, Converter, Misfit, kind_of
from pagespace_db.codecs.plain import dump_json
from pagespace_db.codecs.resolve import converter_of


def json_codec(type_: object, *, is_binary: bool = True) -> Codec:
    """Return the codec of a column of jsonb, or of json when not `is_binary`, whose documents are of a type.

    The type is a dataclass, a TypedDict, a model of pydantic, or anything made of them and of plain types.
    """
    wrapper = Jsonb if is_binary else Json
    return Codec(partial(converter_of, type_), partial(wrapper, dumps=dump_json))


def class_codec(class_: object) -> Codec | None:
    """Return the codec of a column whose values are made by calling a class with what psycopg reads.

    What is no class to Python (a NewType, a Literal, an alias of them) says only how type checkers see the value; for
    that no codec is needed, and None is returned.
    """
    if not isinstance(class_, type) or typing.is_typeddict(class_):
        return None
    return Codec(partial(_class_converter, class_), _as_is)


def vector_codec() -> Codec:
    """Return the codec of a vector of pgvector, which psycopg reads as its text: a list of floats."""
    return Codec(_vector_converter, _as_is)


def _vector_converter() -> Converter:
    def decode(value: Any) -> list[float]:
        return [float(number) for number in (json.loads(value) if isinstance(value, str) else value)]

    def encode(value: Any) -> str:
        try:
            return f"[{','.join([repr(float(number)) for number in value])}]"
        except (TypeError, ValueError):
            raise Misfit(f"must be a list of numbers, not {kind_of(value)}") from None

    return Converter(decode, encode)


def array_codec(element: Codec | None, dimensions: int = 1) -> Codec | None:
    """Return the codec of an array of so many dimensions whose elements have the codec `element`."""
    if element is None:
        return None
    return Codec(partial(_array_converter, element, dimensions), _as_is, element=element)


def _class_converter(class_: type[Any]) -> Converter:
    def decode(value: Any) -> Any:
        if isinstance(value, class_):
            return value
        try:
            return class_(value)
        except (ValueError, TypeError, ArithmeticError) as error:
            raise Misfit(f"is refused by {class_.__name__} ({type(error).__name__})") from error

    def encode(value: Any) -> Any:
        if isinstance(value, Enum):
            return value.value  # psycopg would write the name of the member
        # An int is a float to type checkers, but psycopg takes no list of both.
        return float(value) if class_ is float and isinstance(value, int) else value

    return Converter(decode, encode)


def _array_converter(element: Codec, dimensions: int) -> Converter:
    converter = element.converter()

    def each(values: Any, depth: int, convert: Callable[[Any], Any]) -> list[Any]:
        converted: list[Any] = []
        for index, value in enumerate(values):
            try:
                converted.append(
                    None if value is None else convert(value) if depth == 1 else each(value, depth - 1, convert)
                )
            except Misfit as misfit:
                raise misfit.under(index) from None
        return converted

    def encode(value: Any) -> Any:
        return element.wrap(converter.encode(value))

    return Converter(
        lambda values: each(values, dimensions, converter.decode), lambda values: each(values, dimensions, encode)
    )


def _as_is(value: Any) -> Any:
    return value
