"""Servers of a test's own, which it may stop, start, promote and kill: a primary and its standby."""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from pagespace_db.embedded.binaries import find_binaries
from pagespace_db.embedded.identity import find_identity

_SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
shared_buffers = 16MB
max_connections = 50
max_wal_senders = 4
fsync = off
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnServer:
    """A server with its folder, on a port of its own."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        """The URL of its database, for its superuser."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        _run("pg_ctl", "start", "-w", "-s", "-D", self.folder, "-l", self.folder / "log", "-o", f"-p {self.port}")

    def stop(self, mode: str = "fast") -> None:
        """Stop it; `immediate` is a crash."""
        _run("pg_ctl", "stop", "-w", "-s", "-D", self.folder, "-m", mode)

    def promote(self) -> None:
        """Make a standby the primary."""
        _run("pg_ctl", "promote", "-w", "-s", "-D", self.folder)


@contextmanager
def own_server() -> Generator[OwnServer]:
    """Yield a server that is started, and gone afterwards."""
    with _folder() as folder:
        server = OwnServer(folder=folder / "primary", port=_free_port())
        _run("initdb", "-U", "postgres", "-A", "trust", "-N", "--no-locale", "-E", "UTF8", "-D", server.folder)
        with (server.folder / "postgresql.conf").open("a") as settings:
            settings.write(_SETTINGS)
        server.start()
        try:
            yield server
        finally:
            if (server.folder / "postmaster.pid").exists():
                server.stop("immediate")


@contextmanager
def standby_of(primary: OwnServer) -> Generator[OwnServer]:
    """Yield a hot standby that follows `primary`, and is gone afterwards."""
    with _folder() as folder:
        standby = OwnServer(folder=folder / "standby", port=_free_port())
        _run("pg_basebackup", "-d", primary.url, "-D", standby.folder, "-R", "-X", "stream", "-c", "fast", "--no-sync")
        standby.start()
        try:
            yield standby
        finally:
            if (standby.folder / "postmaster.pid").exists():
                standby.stop("immediate")


def replay(standby: OwnServer, *, paused: bool) -> None:
    """Let a standby stop, or go on, to apply what the primary writes."""
    with psycopg.connect(standby.url, autocommit=True) as connection:
        connection.execute(f"SELECT pg_wal_replay_{'pause' if paused else 'resume'}()")


@contextmanager
def _folder() -> Generator[Path]:
    base = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # a private folder is made in it
    with tempfile.TemporaryDirectory(prefix="pagespace-test-", dir=base, ignore_cleanup_errors=True) as name:
        if (ids := find_identity().initdb_ids) is not None:
            os.chown(name, *ids)
        yield Path(name)


def _run(program: str, *arguments: str | Path) -> None:
    """Run a program of PostgreSQL, as somebody else than root."""
    identity = find_identity()
    user, group, groups = (None, None, None) if identity.initdb_ids is None else (*identity.initdb_ids, list[int]())
    command = [*identity.launcher, str(find_binaries().bin_dir / program), *map(str, arguments)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", user=user, group=group, extra_groups=groups)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
