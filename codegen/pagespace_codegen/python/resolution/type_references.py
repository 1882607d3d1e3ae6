"""Types as the configuration writes them: `shop.models:Page`, `list[shop.models:Block]`, `dict[str, float]`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pagespace_codegen.python.pytypes import PyType

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<module>[^\W\d]\w*(?:\.[^\W\d]\w*)*):)?(?P<name>[^\W\d]\w*)|\s*(?P<mark>[\[\],|])"
)
_PLAIN: Final = frozenset({"bool", "bytes", "float", "int", "object", "str"})
_GENERIC: Final = frozenset({"dict", "frozenset", "list", "set", "tuple"})

FORM: Final = "write `package.module:Name`, or `list[...]` and `dict[str, ...]` of such"


def parse_type(text: str) -> PyType | None:
    """Return the type that a text of the configuration names, or None when it is of no known form."""
    tokens = list(_tokens(text))
    if not tokens or None in tokens:
        return None
    parser = _Parser([token for token in tokens if token is not None])
    found = parser.type()
    is_name_alone = found is not None and found.module == "builtins" and len(tokens) == 1 and ":" not in text
    return found if parser.is_at_end() and not is_name_alone else None


def modules_of(type: PyType) -> Iterator[tuple[str, str]]:
    """Yield the module and the name of each type that is named in `type`, builtins left out."""
    if type.module != "builtins":
        yield type.module, type.name
    for argument in type.arguments:
        yield from modules_of(argument)


Token = tuple[str | None, str]


def _tokens(text: str) -> Iterator[Token | None]:
    """Yield names with their modules, and marks; None for what is neither."""
    position, text = 0, text.strip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            yield None
            return
        yield (match["module"], match["name"]) if match["name"] else ("", match["mark"])
        position = match.end()


class _Parser:
    """Reads a type from tokens; None wherever it is of another form."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._position = 0

    def is_at_end(self) -> bool:
        return self._position == len(self._tokens)

    def type(self) -> PyType | None:
        made = self._one()
        if made is not None and self._takes(("", "|")):
            return made.optional() if self._takes((None, "None")) else None
        return made

    def _one(self) -> PyType | None:
        if self.is_at_end():
            return None
        module, name = self._tokens[self._position]
        self._position += 1
        if module == "" or (module is None and name not in _PLAIN | _GENERIC):
            return None
        arguments: list[PyType] = []
        if self._takes(("", "[")):
            while (argument := self.type()) is not None:
                arguments.append(argument)
                if not self._takes(("", ",")):
                    break
            if not arguments or not self._takes(("", "]")):
                return None
        return PyType(module or "builtins", name, tuple(arguments))

    def _takes(self, token: Token) -> bool:
        if self.is_at_end() or self._tokens[self._position] != token:
            return False
        self._position += 1
        return True
