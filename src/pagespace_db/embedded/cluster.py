"""Attaching to a cluster: using the server that runs, or starting one, exactly once however many want it."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote

from pagespace_db.embedded import supervisor
from pagespace_db.embedded.binaries import Binaries
from pagespace_db.embedded.identity import find_identity
from pagespace_db.embedded.layout import Layout, make_home
from pagespace_db.embedded.locks import FileLock, is_held
from pagespace_db.embedded.publish import publish
from pagespace_db.embedded.remedies import REMEDIES
from pagespace_db.embedded.supervisor import Plan
from pagespace_db.errors import DatabaseUnavailable

PLAIN_ROLE: Final = "pagespace_scratch"
_TIMEOUT_S: Final = 90.0
_SETTINGS: Final = {
    # A backend whose client was killed ends within two seconds, even inside an endless query.
    "client_connection_check_interval": "2s",
    # Beside the data instead of /dev/shm, which containers limit to 64 MB.
    "dynamic_shared_memory_type": "mmap",
    # The log is for failures of the server; failed statements, which may hold values, belong to the client.
    "log_min_messages": "log",
    "log_checkpoints": "off",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_DURABLE: Final = {"wal_level": "replica"}
_DISPOSABLE: Final = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "jit": "off",
    "max_wal_senders": "0",
    "max_wal_size": "128MB",
    "min_wal_size": "32MB",
    "synchronous_commit": "off",
    "wal_level": "minimal",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A cluster, whether it runs or not, and how it is to be run.

    Attributes:
        layout: Where it lives.
        find_binaries: Returns what to run it with; called only when a server has to be started.
        is_durable: False for a cluster that is deleted when it is stopped.
        idle_timeout_s: Seconds without a user after which it is stopped.
        database: The database that `Server.url()` names.
        settings: Settings of the server beyond our own.
        port: A port of 127.0.0.1 to listen on, or None.
    """

    layout: Layout
    find_binaries: Callable[[], Binaries]
    is_durable: bool
    idle_timeout_s: float
    database: str
    settings: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def is_supervised(self) -> bool:
        """Whether a supervisor is alive."""
        return is_held(self.layout.home / "supervisor.lock")

    @property
    def is_running(self) -> bool:
        """Whether the server takes connections, and a supervisor looks after it."""
        return supervisor.is_ready(self.layout.data, self.socket) and self.is_supervised

    @property
    def socket(self) -> Path:
        """The server's socket."""
        return supervisor.socket_path(self.layout.socket_dir, None)

    def attach(self) -> Server:
        """Return the running server, having started it if need be; it runs at least until the value is closed.

        Errors: DatabaseUnavailable when no server can be started here.
        """
        deadline = time.monotonic() + _TIMEOUT_S
        make_home(self.layout)
        use = FileLock(self.layout.home / "users.lock")
        try:
            if not use.acquire("shared", timeout_s=_TIMEOUT_S):
                raise self._did_not_start("the server that is being stopped does not end")
            was_started = not self.is_running and self._start(deadline)
        except BaseException:
            use.close()
            raise
        return Server(self, use, was_started=was_started)

    def _start(self, deadline: float) -> bool:
        """Start the server unless somebody else does; return whether we did. We hold the users' lock."""
        with FileLock(self.layout.home / "start.lock") as lock:
            if not lock.acquire("exclusive", timeout_s=deadline - time.monotonic()):
                raise self._did_not_start("another process has been starting it for too long")
            while time.monotonic() < deadline:
                if self.is_running:
                    return False
                if not self.is_supervised and self._start_supervisor(deadline):
                    return True
                time.sleep(0.02)
        raise self._did_not_start("it was not ready in time")

    def _start_supervisor(self, deadline: float) -> bool:
        """Start a supervisor and hear its answer; return False if another one was there before."""
        plan = self._plan()
        with (
            self.layout.log.open("wb") as log,
            subprocess.Popen(
                [sys.executable, "-I", "-S", supervisor.__file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd="/",
                start_new_session=True,
            ) as process,
        ):
            if process.stdin is None or process.stdout is None:
                raise AssertionError
            process.stdin.write(plan.to_json().encode())
            process.stdin.close()
            ready, _, _ = select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))
            text = process.stdout.readline() if ready else b""
        answer = json.loads(text) if text else {"failed": "its supervisor ended without a word"}
        if "failed" in answer:
            raise self._did_not_start(answer["failed"])
        return "ready" in answer

    def _plan(self) -> Plan:
        identity = find_identity()
        binaries = self.find_binaries()
        bin_dir = binaries.bin_dir if identity.server_ids is None else publish(binaries.bin_dir)
        locale = ["--locale=C"]
        if binaries.major >= 17:  # the same sort order on every operating system
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        initdb_options = (*locale, "--no-sync", *(() if self.is_durable else ("--wal-segsize=4",)))
        settings = _SETTINGS | (_DURABLE if self.is_durable else _DISPOSABLE) | dict(self.settings)
        if self.is_durable and sys.platform.startswith("linux"):
            settings["recovery_init_sync_method"] = "syncfs"
        names = ["all"] if binaries.major >= 16 else ["postgres", PLAIN_ROLE]
        return Plan(
            home=str(self.layout.home),
            run=str(self.layout.run),
            socket_dir=str(self.layout.socket_dir),
            bin_dir=str(bin_dir),
            server_ids=identity.server_ids,
            initdb_ids=identity.initdb_ids,
            initdb_options=initdb_options,
            settings=settings,
            hba="local all all peer map=pagespace\n",
            ident="".join(f'pagespace "{us}" {name}\n' for us in identity.client_names for name in names),
            idle_timeout_s=self.idle_timeout_s,
            is_durable=self.is_durable,
        )

    def _did_not_start(self, why: str) -> DatabaseUnavailable:
        log = self.layout.log
        tail = "\n".join(log.read_text(errors="replace").strip().splitlines()[-8:]) if log.exists() else ""
        details = "".join(f"\n  {line}" for line in tail.splitlines())
        return DatabaseUnavailable(
            f"the embedded PostgreSQL in {self.layout.home} did not start: {why}{details}",
            help=f"the log is {log}; you may also {REMEDIES}",
        )

    def stop(self) -> bool:
        """Stop the server and wait for its end; return whether there was one. Connections are closed."""
        path = self.layout.home / "supervisor.lock"
        if not is_held(path):
            return False
        os.kill(int(path.read_text(encoding="utf-8")), signal.SIGTERM)
        deadline = time.monotonic() + _TIMEOUT_S
        while is_held(path):
            if time.monotonic() > deadline:
                raise DatabaseUnavailable(
                    f"the server in {self.layout.home} does not stop", help=f"look into {self.layout.log}"
                )
            time.sleep(0.02)
        return True


class Server:
    """A running server that stays at least until `close`, or until this process ends.

    Attributes:
        cluster: What was attached to.
        was_started: Whether it was not running before.
    """

    def __init__(self, cluster: Cluster, use: FileLock, *, was_started: bool) -> None:
        self.cluster = cluster
        self.was_started = was_started
        self._use = use

    @property
    def home(self) -> Path:
        """The folder of the cluster."""
        return self.cluster.layout.home

    def url(self, database: str | None = None, *, user: str | None = None) -> str:
        """Return the URL of a database of this server, as libpq understands it; it holds no secret."""
        name = quote(self.cluster.database if database is None else database, safe="")
        host = quote(str(self.cluster.socket.parent), safe="")
        return f"postgresql://{quote(user or 'postgres', safe='')}@/{name}?host={host}"

    def close(self) -> None:
        """Say that this user is done; the server ends by itself some time after the last one."""
        self._use.close()

    def stop(self) -> None:
        """Stop the server now, whoever else may use it."""
        self.close()
        self.cluster.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
