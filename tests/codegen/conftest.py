"""Packages generated from a schema, as text and as imported modules."""

from __future__ import annotations

import importlib
import itertools
import sys
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import ModuleType

import pytest

from pagespace_codegen.pipeline import codegen, generate
from tests.projects import write_project

Generate = Callable[..., dict[str, str]]
ImportGenerated = Callable[..., ModuleType]

_numbers = itertools.count()


@contextmanager
def package_in(folder: Path, schema: str, server_url: str) -> Generator[ModuleType]:
    """Yield the imported package for a schema, for fixtures that live longer than a test."""
    name = f"generated_{next(_numbers)}"
    codegen(write_project(folder, {"schema.sql": schema}, f'out = "{name}"'), server_url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(folder), *sys.path])
        yield importlib.import_module(name)
    for module in [module for module in sys.modules if module.partition(".")[0] == name]:
        del sys.modules[module]


@pytest.fixture
def generate_files(tmp_path: Path, server_url: str) -> Generate:
    """Return the files for a schema: `generate_files(sql, config="")`."""

    def run(schema: str, config: str = "") -> dict[str, str]:
        return generate(write_project(tmp_path, {"schema.sql": schema}, config), server_url)

    return run


@contextmanager
def imported_package(
    folder: Path, server_url: str, files: Mapping[str, str], config: str = ""
) -> Generator[ModuleType]:
    """Generate the package of a project in `folder`, import it, and forget it at the end."""
    name = f"generated_{next(_numbers)}"
    codegen(write_project(folder, files, f'out = "{name}"\n{config}'), server_url)
    sys.path.insert(0, str(folder))
    try:
        importlib.invalidate_caches()
        yield importlib.import_module(name)
    finally:
        sys.path.remove(str(folder))
        for module in [module for module in sys.modules if module.partition(".")[0] == name]:
            del sys.modules[module]


@pytest.fixture
def import_generated(tmp_path: Path, server_url: str) -> Iterator[ImportGenerated]:
    """Return the imported package for a schema: `import_generated(sql, config="")`."""
    with ExitStack() as packages:

        def run(schema: str, config: str = "") -> ModuleType:
            files = {"schema.sql": schema}
            return packages.enter_context(imported_package(tmp_path, server_url, files, config))

        yield run
