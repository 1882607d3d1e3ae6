"""What codecs are made of: converters, and the two ways in which a conversion can fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from pagespace_db.errors import ConfigError, ValueMisfit

Step: TypeAlias = str | int
"""A key or an index: one step from a document to a part of it."""


class Misfit(Exception):
    """A part of a document does not fit the type that it should have.

    Attributes:
        message: What is wrong, as the end of a sentence that begins with the name of the part; it holds no value.
        path: The steps from the document to the part, the outermost first.
    """

    def __init__(self, message: str, path: tuple[Step, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.path = path

    def under(self, step: Step) -> Misfit:
        """Return the same of the document in which this one is found at `step`."""
        return Misfit(self.message, (step, *self.path))


class UnsupportedType(ConfigError):
    """A type of the configuration, or a part of it, that no JSON document can be turned into."""


@dataclass(frozen=True, slots=True)
class Converter:
    """The two directions between a type and what JSON has for it: str, int, float, bool, None, list and dict.

    Both raise Misfit.

    Attributes:
        decode: Returns the value of the type.
        encode: Returns what is to be written.
    """

    decode: Callable[[Any], Any]
    encode: Callable[[Any], Any]


@dataclass(frozen=True, slots=True, eq=False)
class Codec:
    """How the values of one column are read and written; None, which is NULL, never gets here.

    Attributes:
        converter: Returns the converter, which is made when a value is converted for the first time: types of the
            application may refer to each other, and to the generated package.
        wrap: Makes of an encoded value what psycopg is given.
        label: The column's name, for errors.
        element: The codec of an element, of an array.
    """

    converter: Callable[[], Converter]
    wrap: Callable[[Any], Any]
    label: str = "a parameter"
    element: Codec | None = None

    def named(self, label: str) -> Codec:
        """Return the codec whose errors call the column `label`."""
        return self if label == self.label else replace(self, label=label)

    def decode(self, value: Any) -> Any:
        """Return the object for what psycopg has read.

        Errors: ValueMisfit that names the column and the part of the value.
        """
        try:
            return self._made().decode(value)
        except Misfit as misfit:
            raise ValueMisfit(f"{self.label} has a value that does not fit its type: {described(misfit)}") from None

    def decode_nullable(self, value: Any) -> Any:
        """Return the same, and None of None."""
        return None if value is None else self.decode(value)

    def encode(self, value: Any) -> Any:
        """Return what psycopg is given for an object.

        Errors: ValueMisfit that names the column and the part of the value.
        """
        try:
            return self.wrap(self._made().encode(value))
        except Misfit as misfit:
            raise ValueMisfit(f"{self.label} cannot take a value of another type: {described(misfit)}") from None

    def _made(self) -> Converter:
        try:
            return self.converter()
        except UnsupportedType as error:
            raise UnsupportedType(f"{self.label}: {error.message}", help=error.help) from None


def described(misfit: Misfit) -> str:
    """Return `blocks[2].title must be a str, not an int`, or the same of the whole value."""
    text = ""
    for step in misfit.path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return f"{f'`{text}`' if text else 'it'} {misfit.message}"


def kind_of(value: object) -> str:
    """Return what a value is, for a message: its type, in the words of JSON where it is a document's."""
    if value is None:
        return "null"
    name = type(value).__name__
    return f"an {name}" if name[:1].lower() in "aeiou" else f"a {name}"
