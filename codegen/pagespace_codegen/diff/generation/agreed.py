"""What `migrate generate` has found before: that these migrations lead to this schema, and nothing has to be written.

Only that verdict is kept, never what a server printed, and only on this machine, in the project's `.pagespace` folder.
It is a hash of all that it rests on: the files of the folder and the schema, our own sources, and the server's address.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from pagespace_codegen.sources import UNREADABLE, digest, folder_texts, generator_texts, schema_texts
from pagespace_db.settings import Project

_FILE: Final = Path(".pagespace", "cache", "agreed")
_KEPT: Final = 32
_GENERATOR: Final = {
    "pagespace_codegen": ("catalog", "diff", "lint", "sources.py"),
    "pagespace_db": ("connect.py", "embedded", "errors.py", "location.py", "migrate", "settings.py", "sqltext.py"),
}


def agreement_key(project: Project, server_url: str | None, *, is_online: bool) -> str | None:
    """Return a hash of all that decides whether a migration is missing; None when a file cannot be read."""
    form = "online" if is_online else "plain"
    how = f"{form}, {server_url or 'embedded'}, {project.oldest_postgres}", b""
    try:
        folder = list(folder_texts(project.migrations, project.root)) if project.migrations.is_dir() else []
        return digest([how, *folder, ("", b""), *schema_texts(project), *generator_texts(_GENERATOR)])
    except UNREADABLE:
        return None  # the run itself will say what is wrong


def is_agreed(project: Project, key: str | None) -> bool:
    """Whether nothing was found to be missing when everything was as it is now."""
    return key is not None and key in _load(project)


def record_agreement(project: Project, key: str | None) -> None:
    """Keep the verdict that nothing is missing; not in a folder that cannot be written, which only costs time."""
    if key is None:
        return
    path = project.root / _FILE
    text = "".join(f"{line}\n" for line in [*(line for line in _load(project) if line != key), key][-_KEPT:])
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        ignore = path.parents[1] / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
        descriptor, name = tempfile.mkstemp(prefix=".agreed.", dir=path.parent)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
        Path(name).replace(path)


def _load(project: Project) -> list[str]:
    try:
        return (project.root / _FILE).read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError):
        return []
