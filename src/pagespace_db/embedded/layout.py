"""Where clusters live. Pure decisions and the safe making of folders; no server is known here.

    <home>/                 ours; locks, log and configuration
      users.lock            shared by every client, for as long as it wants the server
      start.lock            held while a server is being started
      supervisor.lock       held by the supervisor for its life; its content is the process id
      keep                  present while `server start` forbids the idle shutdown
      plan.json, server.log, pg_hba.conf, pg_ident.conf
      run/                  the server's own: data/ and the socket

Where the path of the home does not do for a socket, because it is too long or has a comma, the socket is in a short
folder of the temporary directory.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pagespace_db.embedded.publish import SHARED_ROOT, is_open_to_all
from pagespace_db.embedded.remedies import REMEDIES
from pagespace_db.errors import DatabaseUnavailable

PROJECT_FOLDER: Final = ".pagespace"
_MEMORY: Final = Path("/dev/shm")  # noqa: S108  # shared memory is what it is for; folders in it are checked for owner and mode
_MEMORY_NEEDED: Final = 512 * 1024 * 1024
_LONGEST_SOCKET_PATH: Final = 103
"""Bytes; sun_path has 104 on macOS and 108 on Linux, with the final NUL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The paths of one cluster."""

    home: Path
    socket_dir: Path

    @property
    def run(self) -> Path:
        """The server's own folder."""
        return self.home / "run"

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.home / "run" / "data"

    @property
    def supervisor_lock(self) -> Path:
        """Locked while there is a supervisor, whose process id it holds."""
        return self.home / "supervisor.lock"

    @property
    def plan(self) -> Path:
        """What the last supervisor was told."""
        return self.home / "plan.json"

    @property
    def keep(self) -> Path:
        """Present while the server is to run without users; the supervisor removes it at its start and its end."""
        return self.home / "keep"

    @property
    def passfile(self) -> Path:
        """The password of a server that listens on a port, as libpq reads it."""
        return self.home / "pgpass"

    @property
    def log(self) -> Path:
        """What the server and its supervisor say."""
        return self.home / "server.log"


def scratch_layout(key: str, *, base: Path | None = None) -> Layout:
    """Return where the scratch cluster of `key` lives: in memory when there is room, else in the temporary directory.

    A home that is there already wins, so that a filling memory does not split the users of one cluster.
    """
    name = f"scratch-{_short_hash(key + _boot_id())}"
    folders = [base] if base else [user_folder(root) for root in (_MEMORY, _temporary()) if _is_usable(root)]
    for folder in folders:
        if (folder / name).is_dir():
            return layout_of(folder / name)
    roomy = [folder for folder in folders if base or folder.parent != _MEMORY or _free_bytes(_MEMORY) > _MEMORY_NEEDED]
    if not roomy:
        raise DatabaseUnavailable(f"no folder for a scratch server: {_temporary()} cannot be written", help=REMEDIES)
    return layout_of(roomy[0] / name)


def scratch_homes() -> tuple[Path, ...]:
    """Return the homes of all scratch clusters of this user, running or not."""
    roots = [root for root in (_MEMORY, _temporary()) if _is_usable(root)]
    return tuple(sorted(home for root in roots for home in user_folder(root).glob("scratch-*") if home.is_dir()))


def layout_of(home: Path) -> Layout:
    """Return the layout of the cluster whose home is `home`."""
    socket_dir = home / "run"
    has_comma = "," in str(socket_dir)  # with which libpq separates hosts
    if has_comma or len(os.fsencode(socket_dir / ".s.PGSQL.65535.lock")) > _LONGEST_SOCKET_PATH:
        socket_dir = _temporary() / f"pagespace-db-{os.geteuid()}" / f"socket-{_short_hash(str(home))}"
    return Layout(home=home, socket_dir=socket_dir)


def development_layout(project_root: Path) -> Layout:
    """Return where the development cluster of a project lives: in the project, if the server's user can get there.

    Root's server runs as another user. Below a folder that is closed to others the cluster goes to /var/lib instead.
    """
    root = project_root.resolve()
    if os.geteuid() == 0 and not is_open_to_all(root):
        return layout_of(SHARED_ROOT / "projects" / f"{root.name}-{_short_hash(str(root))}")
    return layout_of(root / PROJECT_FOLDER)


def make_home(layout: Layout) -> None:
    """Make the home and the parent of the socket folder; git ignores what is in it.

    Errors: DatabaseUnavailable when the place cannot be written, or belongs to somebody else.
    """
    try:
        for folder in dict.fromkeys((layout.home, layout.socket_dir.parent)):
            for missing in reversed([path for path in (folder, *folder.parents) if not path.exists()]):
                with suppress(FileExistsError):
                    missing.mkdir()
                missing.chmod(_home_mode())  # whatever the umask
            if not folder.is_dir():
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
            _check_private(folder)
        ignore = layout.home / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
    except OSError as error:
        raise DatabaseUnavailable(
            f"cannot make the folder of the server, {layout.home}: {error.strerror}",
            help=f"make the folder writable, or else: {REMEDIES}",
        ) from error


def user_folder(root: Path) -> Path:
    """Return our own folder below a directory that everybody may write; it is ours and closed, or it is an error."""
    folder = root / f"pagespace-db-{os.geteuid()}"
    with suppress(FileExistsError):
        folder.mkdir(mode=_home_mode())
    _check_private(folder)
    return folder


def _check_private(folder: Path) -> None:
    facts = folder.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.geteuid():
        raise DatabaseUnavailable(
            f"{folder} is not a folder of ours (it belongs to user id {facts.st_uid}); no server is started there",
            help=f"remove it, or else: {REMEDIES}",
        )
    if stat.S_IMODE(facts.st_mode) != _home_mode():
        folder.chmod(_home_mode())


def _home_mode() -> int:
    """Root's server is another user, who must pass through to reach its own folder."""
    return 0o711 if os.geteuid() == 0 else 0o700


def _temporary() -> Path:
    return Path(tempfile.gettempdir()).resolve()


def _is_usable(root: Path) -> bool:
    return root.is_dir() and os.access(root, os.W_OK | os.X_OK)


def _free_bytes(root: Path) -> int:
    return shutil.disk_usage(root).free


def _boot_id() -> str:
    """Return what changes with every boot: a scratch cluster does not survive one, as it never calls fsync."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:12]
