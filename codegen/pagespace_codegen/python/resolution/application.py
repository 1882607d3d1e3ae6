"""What can be told of the application's modules without importing them: which names they define, and as what.

Importing them could run anything, or need the package that is about to be generated. A module that is not found as a
file of the project is not judged.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pagespace_db.settings import Project


@dataclass(frozen=True, slots=True)
class Module:
    """The top level of a module of the application.

    Attributes:
        classes: Its classes.
        names: Every name that it binds, those of the classes among them.
        is_open: It binds names that cannot be told, by `from x import *` or a `__getattr__`.
    """

    classes: dict[str, ast.ClassDef]
    names: frozenset[str]
    is_open: bool

    def lacks(self, name: str) -> bool:
        """Tell whether the module certainly does not define `name`."""
        return name not in self.names and not self.is_open

    def has_no_fields(self, name: str) -> bool:
        """Tell whether `name` is a class without base and decorator, of which no document can be made."""
        found = self.classes.get(name)
        return found is not None and not found.bases and not found.decorator_list


def application_folders(project: Project) -> tuple[Path, ...]:
    """Return where an application keeps its modules: beside the configuration, or below src."""
    return project.root, project.root / "src"


def find_module(name: str, folders: Iterable[Path]) -> Module | None:
    """Return the module called `name` below one of `folders`, or None when it is no readable file there."""
    for path in module_paths(name, folders):
        if path.is_file():
            try:
                return _module(ast.parse(path.read_text(encoding="utf-8")))
            except (SyntaxError, UnicodeDecodeError):
                return None
    return None


def module_paths(name: str, folders: Iterable[Path]) -> Iterator[Path]:
    """Yield where a module may be: the first of these that is a file is the module."""
    relative = Path(*name.split("."))
    for folder in folders:
        yield from (folder / relative.with_suffix(".py"), folder / relative / "__init__.py")


def _module(tree: ast.Module) -> Module:
    statements = list(_top_level(tree.body))
    names = {name for statement in statements for name in _bound(statement)}
    return Module(
        classes={statement.name: statement for statement in statements if isinstance(statement, ast.ClassDef)},
        names=frozenset(names),
        is_open=not names.isdisjoint({"*", "__getattr__"}),
    )


def _top_level(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that run when a module is imported, those inside of conditions included."""
    for statement in body:
        yield statement
        for inner in ast.iter_child_nodes(statement):
            if isinstance(statement, ast.If | ast.Try | ast.With):
                if isinstance(inner, ast.stmt):
                    yield from _top_level([inner])
                elif isinstance(inner, ast.ExceptHandler):
                    yield from _top_level(inner.body)


def _bound(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield name
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            for alias in aliases:
                yield alias.asname or alias.name.partition(".")[0]
        case _:
            # Assignments, `type` statements of newer versions, loops: whatever they bind is a name that is stored to.
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    yield node.id
