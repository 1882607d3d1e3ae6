"""The names that a generated module imports, and how its annotations spell them."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from pagespace_codegen.python.pytypes import PyType
from pagespace_codegen.python.text import LINE_LENGTH, call, width

_RUN_TIME: Final = "pagespace_db"


class ImportScope:
    """Collects what a module imports; a name that the module uses for something else is imported as `_name`.

    Names that a schema gives never begin with an underscore, so that such an alias is always free.
    """

    def __init__(self, own_names: Iterable[str], *, own_module: str = "") -> None:
        self._own_names = frozenset(own_names)
        self._own_module = own_module
        self._spellings: dict[tuple[str, str], str] = {}

    def use(self, module: str, name: str) -> str:
        """Return how `name` of `module` is spelled here, and import it unless it is a builtin or our own."""
        if module == self._own_module or (module == "builtins" and name not in self._own_names):
            return name
        key = (module, name)
        if key not in self._spellings:
            spelling = f"_{name}" if name in self._own_names else name
            while spelling in self._spellings.values():
                spelling = f"_{spelling}"
            self._spellings[key] = spelling
        return self._spellings[key]

    def annotation(self, type: PyType) -> str:
        """Return the annotation for a type."""
        spelled = self.use(type.module, type.name)
        if type.arguments:
            spelled += f"[{', '.join(map(self.annotation, type.arguments))}]"
        return f"{spelled} | None" if type.is_optional else spelled

    def blocks(self, *, relative: bool) -> tuple[tuple[str, ...], ...]:
        """Return the import statements, sorted, in blocks: standard library, installed, or those of our own package."""
        modules: defaultdict[str, list[str]] = defaultdict(list)
        for (module, name), spelling in self._spellings.items():
            if module.startswith(".") == relative:
                modules[module].append(name if spelling == name else f"{name} as {spelling}")
        blocks: defaultdict[int, list[str]] = defaultdict(list)
        for module in sorted(modules):
            blocks[_block(module)] += _statements(module, sorted(modules[module], key=import_order))
        return tuple(tuple(blocks[block]) for block in sorted(blocks))


def _statements(module: str, names: list[str]) -> Iterable[str]:
    """Return one statement for the names that keep theirs, and one for each that is renamed, by their first names."""
    plain = [name for name in names if " as " not in name]
    statement = f"from {module} import {', '.join(plain)}"
    if width(statement) > LINE_LENGTH:
        statement = call(f"from {module} import ", plain, "")
    ordered = {name: f"from {module} import {name}" for name in names if " as " in name}
    if plain:
        ordered[plain[0]] = statement
    return [ordered[name] for name in sorted(ordered, key=import_order)]


def import_order(name: str) -> tuple[int, list[tuple[int, str]], str]:
    """Return isort's order of names: constants, classes, then the rest; digits as numbers, case ignored."""
    plain = name.partition(" ")[0]
    return _kind(plain), _natural(plain.lower()), name


def export_order(name: str) -> tuple[int, list[tuple[int, str]]]:
    """Return the order of `__all__`: as that of imports, capitals before small letters."""
    return _kind(name), _natural(name)


def _kind(name: str) -> int:
    return 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2


def _natural(name: str) -> list[tuple[int, str]]:
    words = re.findall(r"\d+|\D+", name)
    return [(int(word), "") if word.isdecimal() else (-1, word) for word in words]


def _block(module: str) -> int:
    root = module.partition(".")[0]
    if root in sys.stdlib_module_names:
        return 0
    return 1 if root == _RUN_TIME else 2
