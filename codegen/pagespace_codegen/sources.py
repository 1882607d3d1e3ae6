"""What a result was made from, as names and bytes to be hashed: files of the project, settings, our own modules.

Everything is read anew each time; nothing is believed of times or sizes. No text is interpreted, except for the
includes of a schema, which say what else has to be read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final, cast

from pagespace_codegen.catalog.source import load_schema, schema_files
from pagespace_codegen.python.resolution.application import application_folders, module_paths
from pagespace_db.errors import PagespaceDbError
from pagespace_db.settings import Project

Text = tuple[str, bytes]

UNREADABLE: Final = (PagespaceDbError, OSError, UnicodeDecodeError)
"""What these functions raise when a file cannot be read."""

_REFERENCE: Final = re.compile(r"([^\W\d][\w.]*):[^\W\d]")
"""`shop.models:PageContent`, a name of the application in a setting or an annotation; other text may look like one."""

_LIBRARIES: Final = ("inflection", "jinja2")


def digest(texts: Iterable[Text]) -> str:
    """Return a hash of named contents; lengths go in too, so that no two lists read alike."""
    found = sha256()
    for name, content in texts:
        encoded = name.encode("utf-8", "surrogateescape")
        found.update(f"{len(encoded)} {len(content)} ".encode() + encoded + content)
    return found.hexdigest()


def schema_texts(project: Project) -> Iterator[Text]:
    """Yield the files of the schema and those that it includes, in the order in which they are read."""
    schema = schema_files(project.schema)
    for path in (*schema, *_included(project, schema)):
        yield _text(path, project.root)


def query_texts(project: Project) -> Iterator[Text]:
    """Yield the files of queries, in the order in which they are read; none when there is no such folder."""
    path = project.queries
    for file in (path,) if path.is_file() else sorted(path.rglob("*.sql")):
        yield _text(file, project.root)


def folder_texts(folder: Path, root: Path) -> Iterator[Text]:
    """Yield every file that stands in a folder, by name."""
    for path in sorted(folder.iterdir()):
        if path.is_file():
            yield _text(path, root)


def application_texts(project: Project) -> Iterator[Text]:
    """Yield the modules of the application that settings and queries name, or that there is none: they are judged."""
    texts = [str(text) for _, value in _values(project) for text in (_items(value) or {}).values()]
    texts += [content.decode("utf-8", "replace") for _, content in query_texts(project)]
    names = {name for text in texts for name in _REFERENCE.findall(text)}
    for name in sorted(names):
        for path in module_paths(name, application_folders(project)):
            yield _text(path, project.root) if path.is_file() else (f"no {_name(path, project.root)}", b"")


def settings_text(project: Project, but: Collection[str]) -> Text:
    """Return the project's settings, but for some: so that a new one counts by itself."""
    # The order of patterns matters: the first one that matches wins.
    shown = {
        name: value if (items := _items(value)) is None else list(items.items())
        for name, value in _values(project)
        if name not in but
    }
    return "", json.dumps(shown, default=lambda value: _name(value, project.root)).encode()


def generator_texts(names: Mapping[str, Sequence[str]]) -> Iterator[Text]:
    """Yield what these modules and folders of our packages say, and the versions of all that is behind them."""
    for library in ("pagespace-db", *_LIBRARIES):
        yield f"{library} {version(library)}", b""
    for package, members in names.items():
        for member in members:
            yield from _files_below(files(package) / member, f"{package}/{member}")


def _values(project: Project) -> Iterator[tuple[str, object]]:
    for field in fields(Project):
        yield field.name, getattr(project, field.name)


def _items(value: object) -> Mapping[str, object] | None:
    """Return a setting that is a table, or None."""
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else None


def _files_below(path: Traversable, name: str) -> Iterator[Text]:
    if path.is_dir():
        for child in sorted(path.iterdir(), key=lambda child: child.name):
            if child.name != "__pycache__":
                yield from _files_below(child, f"{name}/{child.name}")
    else:
        yield name, path.read_bytes()


def _included(project: Project, schema: Iterable[Path]) -> Iterator[Path]:
    r"""Yield the files that the schema includes; statements are only split when there is an `\i` anywhere."""
    if any(rb"\i" in path.read_bytes() for path in schema):
        yield from dict.fromkeys(statement.file.path for statement in load_schema(project.schema, project.root))


def _text(path: Path, root: Path) -> Text:
    return _name(path, root), path.read_bytes()


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
