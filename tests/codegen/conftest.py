"""Packages generated from a schema, as text and as imported modules."""

from __future__ import annotations

import importlib
import itertools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from pagespace_codegen.pipeline import codegen, generate
from tests.projects import write_project

Generate = Callable[..., dict[str, str]]
ImportGenerated = Callable[..., ModuleType]

_numbers = itertools.count()


@pytest.fixture
def generate_files(tmp_path: Path, server_url: str) -> Generate:
    """Return the files for a schema: `generate_files(sql, config="")`."""

    def run(schema: str, config: str = "") -> dict[str, str]:
        return generate(write_project(tmp_path, {"schema.sql": schema}, config), server_url)

    return run


@pytest.fixture
def import_generated(tmp_path: Path, server_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[ImportGenerated]:
    """Return the imported package for a schema: `import_generated(sql, config="")`."""
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    made: list[str] = []

    def run(schema: str, config: str = "") -> ModuleType:
        name = f"generated_{next(_numbers)}"
        made.append(name)
        codegen(write_project(tmp_path, {"schema.sql": schema}, f'out = "{name}"\n{config}'), server_url)
        importlib.invalidate_caches()
        return importlib.import_module(name)

    yield run
    for module in [module for module in sys.modules if module.partition(".")[0] in made]:
        del sys.modules[module]
