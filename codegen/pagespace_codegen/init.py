"""The files of a new project: a schema, folders for queries and migrations, and `[tool.pagespace_db]`."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Final

from pagespace_db.errors import ConfigError
from pagespace_db.settings import PYPROJECT

_TABLE: Final = """\
[tool.pagespace_db]
schema = "schema.sql"
queries = "queries"
migrations = "migrations"
out = "{out}"
"""
_SCHEMA: Final = """\
-- The database, in plain DDL. After a change: pagespace-db codegen

CREATE TABLE users (
  id         bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  email      text        NOT NULL UNIQUE,
  name       text,
  created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE users IS 'People who can sign in.';
"""


def plan_project(folder: Path, schema: str | None = None) -> dict[Path, str]:
    """Return the files to write for a project in `folder`, with their whole text; nothing is written.

    `schema` is the text of schema.sql; without it there is an example of one table.

    Errors: ConfigError when the folder is a project already, or holds a schema.sql of its own.
    """
    pyproject = folder / PYPROJECT
    existing = pyproject.read_text(encoding="utf-8") if pyproject.is_file() else ""
    if "pagespace_db" in _tools(existing, pyproject):
        raise ConfigError(f"{pyproject} has a [tool.pagespace_db] table already", help="run `pagespace-db codegen`")
    if (folder / "schema.sql").exists() and schema is not None:
        raise ConfigError(f"{folder / 'schema.sql'} exists already", help="move it elsewhere first")
    table = _TABLE.format(out=_out(folder))
    files = {pyproject: f"{existing.rstrip()}\n\n{table}" if existing.strip() else table}
    if not (folder / "schema.sql").exists():
        files[folder / "schema.sql"] = _SCHEMA if schema is None else schema
    for name in ("queries", "migrations"):
        if not (folder / name).exists():
            files[folder / name / ".gitkeep"] = ""
    return files


def _tools(text: str, path: Path) -> dict[str, object]:
    try:
        tools: dict[str, object] = tomllib.loads(text).get("tool", {})
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"cannot read {path}: {error}") from error
    return tools


def _out(folder: Path) -> str:
    """Return where the package goes: `db` inside of the one package that the folder holds, else at the top."""
    base = folder / "src" if (folder / "src").is_dir() else folder
    packages = [
        path.parent for path in sorted(base.glob("*/__init__.py")) if re.fullmatch(r"[a-z]\w*", path.parent.name)
    ]
    home = packages[0] if len(packages) == 1 else base
    return (home / "db").relative_to(folder).as_posix()
