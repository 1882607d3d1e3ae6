"""Project folders for tests of the tools that read one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pagespace_db.settings import Project, load_project


def write_project(root: Path, files: Mapping[str, str], config: str = "") -> Project:
    """Write `files` and a pyproject.toml with `[tool.pagespace_db]` into `root`; return the project."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (root / "pyproject.toml").write_text(f"[tool.pagespace_db]\n{config}\n", encoding="utf-8")
    return load_project(root)
