"""The rendered package -> files: all of it or nothing, and only over files of our own."""

from __future__ import annotations

import difflib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pagespace_codegen.python.render import BANNER
from pagespace_db.errors import CodegenError

PY_TYPED = "py.typed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A file whose content would be another. `old` is None for a new file, `new` for one that goes."""

    path: Path
    old: str | None
    new: str | None

    def diff(self, root: Path) -> str:
        """Return the change as a unified diff, with paths relative to `root`."""
        name = self.path.relative_to(root).as_posix() if self.path.is_relative_to(root) else self.path.as_posix()
        return "".join(
            difflib.unified_diff(
                (self.old or "").splitlines(keepends=True),
                (self.new or "").splitlines(keepends=True),
                "/dev/null" if self.old is None else f"a/{name}",
                "/dev/null" if self.new is None else f"b/{name}",
            )
        )


def plan_changes(files: Mapping[str, str], out: Path) -> tuple[Change, ...]:
    """Return what must change in the folder `out`, and its folder `queries`, for them to hold exactly `files`.

    Errors: CodegenError when a file of somebody else is in the way, or when the text of a file is not Python.
    """
    foreign = [path for path in files if not _is_ours(out / path)]
    if foreign:
        raise CodegenError(
            f"{', '.join(str(out / path) for path in foreign)}: not written by pagespace-db, and in the way",
            help="move it elsewhere, or set `out` in [tool.pagespace_db] to a folder of its own",
        )
    wanted = {out / path: text for path, text in files.items()} | {out / PY_TYPED: ""}
    present = sorted([*out.glob("*.py"), *(out / "queries").glob("*.py")]) if out.is_dir() else []
    stale = [path for path in present if path not in wanted and _is_ours(path)]
    changes = [Change(path=path, old=_content(path), new=text) for path, text in sorted(wanted.items())]
    changes += [Change(path=path, old=_content(path), new=None) for path in stale]
    changes = [change for change in changes if change.old != change.new]
    for change in changes:
        _check_syntax(change)
    return tuple(changes)


def apply_changes(changes: tuple[Change, ...]) -> None:
    """Make the changes: first every new text goes to disk under another name, then names are exchanged.

    Errors: CodegenError when the folder cannot be written; then no file has changed.
    """
    staged: list[tuple[Path, Path]] = []
    try:
        for change in changes:
            if change.new is not None:
                change.path.parent.mkdir(parents=True, exist_ok=True)
                staged.append((_stage(change.path, change.new), change.path))
        while staged:
            temporary, path = staged[0]
            temporary.replace(path)
            staged.pop(0)
        for change in changes:
            if change.new is None:
                change.path.unlink(missing_ok=True)
    except OSError as error:
        raise CodegenError(
            f"cannot write {error.filename}: {error.strerror}", help="make the folder writable, or set another `out`"
        ) from error
    finally:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)


def _stage(path: Path, text: str) -> Path:
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        os.fchmod(file.fileno(), path.stat().st_mode & 0o777 if path.exists() else 0o644)
    return Path(name)


def _content(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None


def _is_ours(path: Path) -> bool:
    """Whether we wrote the file, or it does not exist; an empty __init__.py is nobody's."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            first = file.readline()
    except FileNotFoundError:
        return True
    except OSError as error:
        raise CodegenError(f"cannot read {path}: {error.strerror}") from error
    return first.rstrip("\r\n") == BANNER or (not first and path.name == "__init__.py")


def _check_syntax(change: Change) -> None:
    try:
        compile(change.new or "", str(change.path), "exec", dont_inherit=True)
    except SyntaxError as error:
        line = (error.text or "").strip()
        raise CodegenError(
            f"the text for {change.path} is not Python at line {error.lineno}: {line}",
            help="this is a mistake of pagespace-db: please report it with the schema",
        ) from error
