"""A PostgreSQL without an installation: found on this machine, started when it is needed, stopped when it is not."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

from pagespace_db.embedded.binaries import ICU, Binaries, find_binaries
from pagespace_db.embedded.cluster import PLAIN_ROLE, Cluster, Server, stop_supervisor
from pagespace_db.embedded.layout import development_layout, layout_of, scratch_homes, scratch_layout
from pagespace_db.embedded.locks import FileLock

__all__ = [
    "DEVELOPMENT_DATABASE",
    "ICU",
    "PLAIN_ROLE",
    "Binaries",
    "Cluster",
    "Server",
    "development_cluster",
    "development_server",
    "find_binaries",
    "scratch_cluster",
    "scratch_server",
    "stop_idle_scratch_servers",
]

DEVELOPMENT_DATABASE: Final = "app"
SCRATCH_IDLE_S: Final = 20.0
DEVELOPMENT_IDLE_S: Final = 60.0


def scratch_cluster(
    *, extensions: Collection[str] = (), base: Path | None = None, idle_timeout_s: float = SCRATCH_IDLE_S
) -> Cluster:
    """Return the cluster for throw-away databases that this user's processes share: fast, and deleted when idle.

    Each installation of PostgreSQL has its own, so `extensions` decides which one it is. `base` replaces the folder.
    """
    binaries = find_binaries(extensions)
    return Cluster(
        layout=scratch_layout(str(binaries.bin_dir.resolve()), base=base),
        find_binaries=lambda: binaries,
        is_durable=False,
        idle_timeout_s=idle_timeout_s,
        database="postgres",
    )


def development_cluster(project_root: Path, *, idle_timeout_s: float = DEVELOPMENT_IDLE_S) -> Cluster:
    """Return the durable cluster of a project, which lives in its folder `.pagespace`."""
    layout = development_layout(project_root)
    return Cluster(
        layout=layout,
        find_binaries=lambda: _matching_binaries(layout.data / "PG_VERSION"),
        is_durable=True,
        idle_timeout_s=idle_timeout_s,
        database=DEVELOPMENT_DATABASE,
    )


def scratch_server(*, extensions: Collection[str] = ()) -> Server:
    """Return the shared server for throw-away databases, started if it does not run."""
    return scratch_cluster(extensions=extensions).attach()


def development_server(project_root: Path) -> Server:
    """Return the project's own durable server, started if it does not run."""
    return development_cluster(project_root).attach()


def stop_idle_scratch_servers() -> int:
    """Stop this user's scratch servers that no process uses, and return how many there were."""
    stopped = 0
    for home in scratch_homes():
        with FileLock(home / "users.lock") as users:
            if users.try_acquire("exclusive"):
                stopped += stop_supervisor(layout_of(home))
    return stopped


def _matching_binaries(version_file: Path) -> Binaries:
    """Return binaries of the version that made the cluster; PostgreSQL does not open another version's files."""
    try:
        major = int(version_file.read_text(encoding="ascii"))
    except FileNotFoundError:
        return find_binaries()
    return find_binaries(major=major)
