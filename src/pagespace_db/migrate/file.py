"""Migration files: `<digits>_<name>.sql`, ordered by name, as dbmate finds them. `parse` knows what is in them.

Nothing is parsed before somebody asks, so that a folder of hundreds of applied files costs no more than reading them.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from pagespace_db.errors import ConfigError, Finding, SourceError, nearest
from pagespace_db.location import Location
from pagespace_db.migrate.parse import ParsedMigration, parse_migration

TEMPLATE: Final = "-- migrate:up\n\n\n-- migrate:down\n\n"

_FILE_NAME: Final = re.compile(r"([0-9]+).*\.sql", re.DOTALL)
_BOM: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"


@dataclass(frozen=True, kw_only=True)
class MigrationFile:
    r"""A file of the migrations folder, read but not parsed before somebody asks.

    Attributes:
        path: Where it is, as messages show it.
        version: The leading digits of its name, as text: `007` is not `7`.
        text: Its text with `\n` line ends and without a byte order mark, so that it is the same on every machine.
        has_bom: Whether it starts with a byte order mark, which dbmate does not understand.
    """

    path: Path
    version: str
    text: str = field(repr=False)
    has_bom: bool = False

    @property
    def name(self) -> str:
        """The name of the file; the order of the names, as text, is the order of the migrations.

        It is the same in every locale; bytes that are not UTF-8 are replaced.
        """
        return os.fsencode(self.path.name).decode(errors="replace")

    @cached_property
    def file_checksum(self) -> str:
        """SHA-256 of the whole text: equal means that nothing at all was edited."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def parsed(self) -> ParsedMigration:
        """The sections of the file.

        Errors: SourceError with every finding of the file.
        """
        return parse_migration(self.text, self.path, has_bom=self.has_bom)

    @cached_property
    def checksum(self) -> str:
        """SHA-256 of the tokens of the up sections; that of the whole file, if it cannot be parsed (any more)."""
        try:
            return self.parsed.checksum
        except SourceError:
            return self.file_checksum

    def locate(self, offset: int, *, length: int = 1) -> Location:
        """Return the location of the character at `offset`."""
        return Location.in_text(self.path, self.text, offset, length=length)


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """The migration files of one or more folders, in the order in which they are applied.

    Attributes:
        paths: The folders.
        files: Sorted by name; versions are unique.
        warnings: Files that are passed over, and names whose order may surprise.
    """

    paths: tuple[Path, ...]
    files: tuple[MigrationFile, ...]
    warnings: tuple[Finding, ...] = ()

    def find(self, reference: str) -> MigrationFile:
        """Return the file with this version or name.

        Errors: ConfigError, with the nearest name, when there is none.
        """
        for file in self.files:
            if reference in {file.version, file.name, file.name.removesuffix(".sql")}:
                return file
        guess = nearest(reference, [name for file in self.files for name in (file.version, file.name)])
        raise ConfigError(
            f"no migration `{reference}` in {_joined(self.paths)}",
            help=f"did you mean `{guess}`?" if guess else "`pagespace-db migrate status` lists them",
        )


def load_folder(paths: Sequence[Path]) -> Folder:
    """Read the migration files of `paths`; sub-folders and files that do not begin with digits are passed over.

    Errors: ConfigError when a folder is not there or there is no file; SourceError for files that are not UTF-8 text
    or have a zero byte, and for two files with one version.
    """
    files: list[MigrationFile] = []
    findings: list[Finding] = []
    warnings: list[Finding] = []
    for folder in paths:
        for path in _list_folder(folder):
            match = _FILE_NAME.fullmatch(path.name)
            if match is None:
                if path.suffix == ".sql":
                    warnings.append(_passed_over(path))
                continue
            try:
                file = _load_file(path, match[1])
            except UnicodeDecodeError as error:
                findings.append(_not_utf8(path, error))
                continue
            files.append(file)
            if "\0" in file.text:
                findings.append(_zero_byte(file))
    files.sort(key=lambda file: file.name)
    findings += _duplicate_versions(files)
    if findings:
        raise SourceError(findings)
    if not files:
        raise ConfigError(
            f"no migration files found in {_joined(paths)}", help="write one: pagespace-db migrate new NAME"
        )
    warnings += _odd_order(files)
    return Folder(paths=tuple(paths), files=tuple(files), warnings=tuple(warnings))


# --- Reading ---------------------------------------------------------------------------------------------------------


def _list_folder(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_file() or _is_broken_link(path))
    except FileNotFoundError:
        raise ConfigError(
            f"could not find migrations directory `{folder}`",
            help="pagespace-db migrate new NAME makes it; --migrations-dir DIR names another one",
        ) from None
    except OSError as error:
        raise ConfigError(f"cannot read the migrations directory `{folder}`: {error.strerror}") from error


def _is_broken_link(path: Path) -> bool:
    """Return whether a link leads nowhere: passed over, its migration would be skipped without a word."""
    return path.is_symlink() and not path.exists()


def _load_file(path: Path, version: str) -> MigrationFile:
    try:
        text = path.read_bytes().decode()
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from error
    return MigrationFile(
        path=path,
        version=version,
        text=text.removeprefix(_BOM).replace("\r\n", "\n"),
        has_bom=text.startswith(_BOM),
    )


def _joined(paths: Iterable[Path]) -> str:
    return ", ".join(str(path) for path in paths)


# --- What can be wrong -----------------------------------------------------------------------------------------------


def _not_utf8(path: Path, error: UnicodeDecodeError) -> Finding:
    before = error.object[: error.start].decode(errors="replace")
    return Finding(
        message=f"byte {error.object[error.start]:#04x} is not UTF-8 text",
        location=Location.in_text(path, before, len(before)),
        code="not-utf8",
        help="save the file as UTF-8",
    )


def _zero_byte(file: MigrationFile) -> Finding:
    return Finding(
        message="a zero byte ends the text for the server, which would not see the rest of the statement",
        location=file.locate(file.text.index("\0")),
        code="zero-byte",
        help="remove it; if the file is UTF-16, save it as UTF-8",
    )


def _passed_over(path: Path) -> Finding:
    return Finding(
        message="this file is passed over: its name does not begin with digits",
        location=Location(path=path, line=1, column=1),
        code="file-name",
        severity="warning",
        help="name it <digits>_<name>.sql, or move it elsewhere",
    )


def _duplicate_versions(files: Sequence[MigrationFile]) -> list[Finding]:
    first: dict[str, MigrationFile] = {}
    findings: list[Finding] = []
    for file in files:
        other = first.setdefault(file.version, file)
        if other is not file:
            findings.append(
                Finding(
                    message=f"version {file.version} is also that of {other.path}",
                    location=Location(path=file.path, line=1, column=1),
                    code="duplicate-version",
                    help="give the one that was not applied yet a later version",
                )
            )
    return findings


def _odd_order(files: Sequence[MigrationFile]) -> list[Finding]:
    """Warn where the order of names is not the order of numbers: `10_x` comes before `2_x`."""
    return [
        Finding(
            message=f"files are applied in the order of their names, so that this one comes before {later.name}",
            location=Location(path=file.path, line=1, column=1),
            code="version-order",
            severity="warning",
            help="give all versions the same number of digits",
        )
        for file, later in itertools.pairwise(files)
        if int(file.version) > int(later.version)
    ]
