r"""schema.sql as statements that know where they come from: a file, a folder or a glob, with `\i` and `\ir` includes.

Nothing here talks to a server. Files are read in the order of their names; each statement keeps the file it stands in.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from glob import has_magic
from pathlib import Path
from typing import Final

from pagespace_codegen.catalog.copied import without_copied_data
from pagespace_db.errors import ConfigError, Finding, SourceError
from pagespace_db.location import Location
from pagespace_db.sqltext import Statement, split_statements

# Lines of psql which pg_dump writes, or which only concern the terminal.
_HARMLESS: Final = frozenset(
    {"a", "echo", "encoding", "errverbose", "pset", "qecho", "restrict", "set", "t", "timing", "unrestrict", "unset"}
    | {"warn", "x"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaFile:
    """A file of the schema: its text, and the path to show for it."""

    path: Path
    shown_path: Path
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatement:
    """A statement of a schema file."""

    text: str
    start: int
    file: SchemaFile

    def location(self, offset: int = 0, *, length: int = 1) -> Location:
        """Return the place of the character at `offset` (from 0) of the statement."""
        return Location.in_text(self.file.shown_path, self.file.text, self.start + offset, length=length)


def load_schema(schema: Path, root: Path) -> tuple[SourceStatement, ...]:
    """Return the statements of a schema in order; `schema` is a file, a folder of .sql files, or a glob.

    Errors: ConfigError when there is no such file, SourceError for text that cannot be split or includes that fail.
    """
    included: set[Path] = set()
    files = [(path, tuple(_statements(_read(path, root), root, (), included))) for path in schema_files(schema)]
    # What another file of the folder includes stands in its place there, and nowhere else.
    return tuple(statement for path, found in files if path.resolve() not in included for statement in found)


def schema_files(schema: Path) -> tuple[Path, ...]:
    """Return the files that `schema` names, in the order of their names.

    Errors: ConfigError when there is none.
    """
    if has_magic(str(schema)):
        anchor = Path(schema.anchor)
        found = tuple(sorted(path for path in anchor.glob(str(schema.relative_to(anchor))) if path.is_file()))
    elif schema.is_dir():
        found = tuple(sorted(path for path in schema.rglob("*.sql") if path.is_file()))
    else:
        found = (schema,) if schema.is_file() else ()
    if not found:
        raise ConfigError(
            f"there is no schema at {schema}",
            help="write it there, or set `schema` in [tool.pagespace_db] to a file, a folder or a glob",
        )
    return found


def _read(path: Path, root: Path) -> SchemaFile:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8: {error.reason} at byte {error.start}") from error
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from error
    shown = path.relative_to(root) if path.is_relative_to(root) else path
    return SchemaFile(path=path, shown_path=shown, text=text)


def _statements(
    file: SchemaFile, root: Path, including: tuple[Path, ...], included: set[Path]
) -> Iterator[SourceStatement]:
    for statement in _split(file.text, file.shown_path):
        if not statement.is_meta_command:
            yield SourceStatement(text=statement.text, start=statement.start, file=file)
            continue
        path = _included_path(statement, file, root)
        if path is not None:
            included.add(path)
            if path in (*including, file.path.resolve()):
                raise _refused(statement, file, f"{file.shown_path} includes itself", "remove the circle of includes")
            yield from _statements(_read(path, root), root, (*including, file.path.resolve()), included)


@lru_cache(maxsize=256)
def _split(text: str, path: Path) -> tuple[Statement, ...]:
    """Return the statements of a file, kept for the next time: a schema is read more than once in a run."""
    return split_statements(without_copied_data(text), path)


def _included_path(statement: Statement, file: SchemaFile, root: Path) -> Path | None:
    r"""Return the file that an `\i` or `\ir` line names, or None for a line that means nothing to us.

    `\ir` is relative to the file it stands in; `\i` is relative to where psql runs: the project's root.
    """
    command, _, rest = statement.text.removeprefix("\\").partition(" ")
    if command in _HARMLESS:
        return None
    if command not in {"i", "ir", "include", "include_relative"}:
        raise _refused(
            statement,
            file,
            f"`\\{command}` is a command of psql, which no server understands",
            r"only \i and \ir (includes) can stand in a schema",
        )
    words = _file_names(rest)
    path = (file.path.parent if command in {"ir", "include_relative"} else root) / (words[0] if words else "")
    if not path.is_file():
        raise _refused(
            statement, file, f"there is no file {path}", r"`\ir` is relative to this file, `\i` to the project"
        )
    return path.resolve()


def _file_names(text: str) -> list[str]:
    """Return the words after a command of psql, without their quotes."""
    try:
        return shlex.split(text)
    except ValueError:  # a quote that does not end
        return [text]


def _refused(statement: Statement, file: SchemaFile, message: str, remedy: str) -> SourceError:
    location = Location.in_text(file.shown_path, file.text, statement.start, length=len(statement.text))
    return SourceError([Finding(message=message, location=location, code="psql-command", help=remedy)])
