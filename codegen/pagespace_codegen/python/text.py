"""Pieces of Python source: string constants, docstrings and calls, laid out as `ruff format` would.

Text from a database becomes source only through `string_constant` and `docstring`, which let nothing out of the quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final
from unicodedata import east_asian_width

LINE_LENGTH: Final = 88
"""Ruff's default. What is longer gets a line for each part and a trailing comma, which no other setting joins again."""

_QUOTE_BEFORE_QUOTE: Final = re.compile(r'"(?="|\Z)')
_PLAIN: Final = re.compile(r"[\w .,:;/()\[\]-]*", re.ASCII)


def string_constant(text: str) -> str:
    """Return `text` as a string constant on one line."""
    if _PLAIN.fullmatch(text):
        return f'"{text}"'
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + _escaped(text, quote) + quote


def docstring(text: str, indent: int) -> str:
    """Return `text` as a docstring, for a place that is already indented by `indent` spaces."""
    lines = [line.strip() for line in text.strip().splitlines()] or [""]
    body = f"\n{' ' * indent}".join(_escaped(line, "") for line in lines)
    body = "\n".join(line.rstrip() for line in body.split("\n"))
    body = _QUOTE_BEFORE_QUOTE.sub('\\\\"', body)
    if len(lines) > 1:
        body += f"\n{' ' * indent}"
    return f'"""{body}"""'


def text_block(text: str) -> str:
    """Return `text` as a string constant: on one line, or for several lines in triple quotes, line by line as it is."""
    lines = text.split("\n")
    if len(lines) == 1:
        return string_constant(text)
    body = "\n".join(_escaped(line, "") for line in lines)
    return '"""\\\n' + _QUOTE_BEFORE_QUOTE.sub('\\"', body) + '"""'


def call(head: str, arguments: Sequence[str], tail: str, *, indent: int = 0, brackets: str = "()") -> str:
    """Return `head(arguments)tail` on one line if it fits, else with each argument on a line of its own."""
    line = f"{head}{brackets[0]}{', '.join(arguments)}{brackets[1]}{tail}"
    if not arguments or (indent + width(line) <= LINE_LENGTH and "\n" not in line):
        return line
    margin = " " * indent
    inner = "".join(f"{margin}    {argument},\n" for argument in arguments)
    return f"{head}{brackets[0]}\n{inner}{margin}{brackets[1]}{tail}"


def width(line: str) -> int:
    """Return how wide a line is shown: wide characters of East Asian scripts take two places."""
    return len(line) if line.isascii() else sum(2 if east_asian_width(c) in "FW" else 1 for c in line)


def string_tuple(texts: Iterable[str]) -> str:
    """Return a tuple of string constants on one line."""
    constants = [string_constant(text) for text in texts]
    return f"({constants[0]},)" if len(constants) == 1 else f"({', '.join(constants)})"


def _escaped(text: str, quote: str) -> str:
    """Return `text` as it stands between two `quote`s; between triple quotes when that is empty."""
    if text.isprintable() and "\\" not in text and (not quote or quote not in text):
        return text
    return "".join(_escaped_character(character, quote) for character in text)


def _escaped_character(character: str, quote: str) -> str:
    if character in {"\\", quote}:
        return f"\\{character}"
    if character.isprintable():
        return character
    return repr(character)[1:-1]
