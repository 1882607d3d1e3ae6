"""Which database a command acts on: `--url`, else `DATABASE_URL`, else the project's own development server."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from pagespace_db.embedded import development_server
from pagespace_db.embedded.databases import ensure_database
from pagespace_db.errors import ConfigError
from pagespace_db.settings import database_url, find_project_root


@contextmanager
def resolve_target(url: str | None, start: Path) -> Generator[str]:
    """Yield the URL of the database to act on; a development server that it names runs at least until the end.

    `start` is a folder in the project, and is looked at only when neither `url` nor `DATABASE_URL` is there.

    Errors: ConfigError when nothing names a database; DatabaseUnavailable when no development server can be had.
    """
    given = url or database_url()
    if given is not None:
        yield given
        return
    try:
        root = find_project_root(start)
    except ConfigError as error:
        raise ConfigError(
            "no database is named, and here is no project whose development server could be used",
            help=f"set DATABASE_URL, or pass --url URL, or go into a project ({error.message})",
        ) from error
    with development_server(root) as server:
        yield ensure_database(server)
