"""New migration files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from pagespace_db.errors import ConfigError
from pagespace_db.migrate.file import TEMPLATE, load_folder


def create_migration(folder: Path, name: str, *, now: datetime | None = None) -> Path:
    """Write an empty migration with a version made of the time in UTC, and return its path; the folder is made.

    A version that would not come after those that are there is raised, so that clocks need not agree.

    Errors: ConfigError for a name that is no file name, for a file that exists, and for a folder that cannot be
    written to.
    """
    if "/" in name or "\0" in name:
        raise ConfigError(f"`{name}` is not the name of a file", help="--migrations-dir names the folder")
    if not name.strip():
        raise ConfigError("please specify a name for the new migration", help="pagespace-db migrate new create_users")
    version = f"{now or datetime.now(UTC):%Y%m%d%H%M%S}"
    newest = _newest_version(folder)
    if newest is not None and len(newest) == len(version) and version <= newest:
        version = str(int(newest) + 1)
    path = folder / f"{version}_{name}.sql"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(TEMPLATE)
    except FileExistsError:
        raise ConfigError(f"file already exists: {path}", help="choose another name") from None
    except OSError as error:
        raise ConfigError(f"cannot write {path}: {error.strerror}", help="check the folder's permissions") from error
    return path


def _newest_version(folder: Path) -> str | None:
    try:
        return load_folder([folder]).files[-1].version
    except ConfigError:
        return None  # there is no folder yet, or no file in it
