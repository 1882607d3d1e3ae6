"""Converters of what holds other values: lists, tuples, sets, dicts, and unions, which hold one of several types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from pagespace_db.codecs.base import Converter, Misfit, kind_of
from pagespace_db.codecs.scalars import NOTHING

_ARRAYS: Final = (list, tuple, set, frozenset)


def _each(values: Any, convert: Callable[[Any], Any]) -> list[Any]:
    converted: list[Any] = []
    for index, value in enumerate(values):
        try:
            converted.append(convert(value))
        except Misfit as misfit:
            raise misfit.under(index) from None
    return converted


def _checked(value: Any, kinds: type | tuple[type, ...], named: str) -> Any:
    if isinstance(value, kinds):
        return value
    raise Misfit(f"must be {named}, not {kind_of(value)}")


def array_converter(made: Callable[[list[Any]], Any], element: Converter) -> Converter:
    """Return the converter of a list, set or tuple of any length."""
    return Converter(
        lambda value: made(_each(_checked(value, list, "a list"), element.decode)),
        lambda value: _each(_checked(value, _ARRAYS, "a list"), element.encode),
    )


def tuple_converter(elements: Sequence[Converter]) -> Converter:
    """Return the converter of a tuple whose length is fixed."""

    def paired(value: Any, kinds: tuple[type, ...], directions: Sequence[Callable[[Any], Any]]) -> list[Any]:
        if len(_checked(value, kinds, "a list")) != len(elements):
            raise Misfit(f"must have {len(elements)} elements, not {len(value)}")
        return _each(zip(directions, value, strict=True), lambda pair: pair[0](pair[1]))

    decoders, encoders = [each.decode for each in elements], [each.encode for each in elements]
    return Converter(
        lambda value: tuple(paired(value, (list,), decoders)), lambda value: paired(value, _ARRAYS, encoders)
    )


def dict_converter(key: Converter, value: Converter) -> Converter:
    """Return the converter of a dict, whose keys are texts in JSON."""

    def converted(pairs: Any, of_key: Callable[[Any], Any], of_value: Callable[[Any], Any]) -> dict[Any, Any]:
        made: dict[Any, Any] = {}
        for name, each in _checked(pairs, dict, "an object").items():
            try:
                made[of_key(name)] = of_value(each)
            except Misfit as misfit:
                raise misfit.under(str(name)) from None
        return made

    return Converter(
        lambda pairs: converted(pairs, key.decode, value.decode),
        lambda pairs: converted(pairs, key.encode, value.encode),
    )


def number_key_converter(number: type, converter: Converter) -> Converter:
    """Return the converter of a key that is a number in Python, and its text in JSON."""

    def decode(key: Any) -> Any:
        try:
            return number(key)
        except ValueError:
            raise Misfit(f"must have keys that are the text of {number.__name__} values") from None

    return Converter(decode, lambda key: str(converter.encode(key)))


def union_converter(members: Sequence[Converter]) -> Converter:
    """Return the converter of a value that is of one of several types; the first that fits is taken."""
    if len(members) == 2 and NOTHING in members:
        return _optional(members[0] if members[1] is NOTHING else members[1])

    def first(value: Any, directions: Sequence[Callable[[Any], Any]]) -> Any:
        deepest = Misfit(f"fits none of its {len(members)} types")
        for convert in directions:
            try:
                return convert(value)
            except Misfit as misfit:
                # What failed furthest inside is most likely what was meant.
                deepest = max(deepest, misfit, key=lambda each: len(each.path))
        raise deepest

    decoders, encoders = [each.decode for each in members], [each.encode for each in members]
    return Converter(lambda value: first(value, decoders), lambda value: first(value, encoders))


def _optional(member: Converter) -> Converter:
    return Converter(
        lambda value: None if value is None else member.decode(value),
        lambda value: None if value is None else member.encode(value),
    )
