"""Attaching to a cluster: using the server that runs, or starting one, exactly once however many want it."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Literal, Self

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from pagespace_db.connect import render_url
from pagespace_db.embedded import supervisor
from pagespace_db.embedded.binaries import Binaries
from pagespace_db.embedded.identity import find_identity
from pagespace_db.embedded.layout import Layout, make_home
from pagespace_db.embedded.locks import FileLock, is_held
from pagespace_db.embedded.publish import publish
from pagespace_db.embedded.remedies import REMEDIES
from pagespace_db.embedded.supervisor import Plan
from pagespace_db.errors import ConfigError, DatabaseUnavailable

PLAIN_ROLE: Final = "pagespace_scratch"
_TIMEOUT_S: Final = 90.0
_STARTS: Final = 3
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
_HBA_OF_PORT: Final = "host all all 127.0.0.1/32 scram-sha-256\n"
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
        return is_held(self.layout.supervisor_lock)

    @property
    def is_running(self) -> bool:
        """Whether the server takes connections, and a supervisor looks after it."""
        return self.is_supervised and supervisor.is_ready(
            self.layout.data, supervisor.socket_path(self.layout.socket_dir, self.port)
        )

    @property
    def port(self) -> int | None:
        """The port of 127.0.0.1 that the server listens on, or None when it has its socket alone."""
        plan = self.running_plan
        return None if plan is None else plan.port

    @property
    def running_plan(self) -> Plan | None:
        """What the supervisor was told, or None when there is no supervisor."""
        try:
            return Plan.from_json(self.layout.plan.read_text(encoding="utf-8")) if self.is_supervised else None
        except FileNotFoundError:
            return None

    def url(self, database: str | None = None, *, user: str | None = None) -> str:
        """Return the URL of a database at the server's socket, as libpq understands it; it holds no secret."""
        parameters = {
            "dbname": self.database if database is None else database,
            "host": str(self.layout.socket_dir),
            "user": user or "postgres",
        }
        return render_url(parameters | ({} if self.port is None else {"port": str(self.port)}))

    def attach(self, *, port: int | None = None) -> Server:
        """Return the running server, having started it if need be; it runs at least until the value is closed.

        With `port`, a server that has to be started also listens there on 127.0.0.1.

        Errors: DatabaseUnavailable when no server can be started here; ConfigError when `port` is taken.
        """
        deadline = time.monotonic() + _TIMEOUT_S
        make_home(self.layout)
        use = FileLock(self.layout.home / "users.lock")
        try:
            if not use.acquire("shared", timeout_s=_TIMEOUT_S):
                raise self._did_not_start("the server that is being stopped does not end")
            was_started = not self.is_running and self._start(port, deadline)
        except BaseException:
            use.close()
            raise
        server = Server(self, use, was_started=was_started)
        if was_started and not self.is_durable:
            with psycopg.connect(server.url(), autocommit=True) as connection:
                ensure_plain_role(connection)
        return server

    def _start(self, port: int | None, deadline: float) -> bool:
        """Start the server unless somebody else does; return whether we did. We hold the users' lock."""
        with FileLock(self.layout.home / "start.lock") as lock:
            if not lock.acquire("exclusive", timeout_s=deadline - time.monotonic()):
                raise self._did_not_start("another process has been starting it for too long")
            killed = 0
            while time.monotonic() < deadline and killed < _STARTS:
                if self.is_running:
                    return False
                if not self.is_supervised:
                    outcome = self._start_supervisor(port, deadline)
                    if outcome == "ready":
                        return True
                    killed += outcome == "killed"
                time.sleep(0.02)
        if killed:
            raise self._did_not_start("its supervisor was killed each time")
        raise self._did_not_start("it was not ready in time")

    def _start_supervisor(self, port: int | None, deadline: float) -> Literal["ready", "busy", "killed"]:
        """Start a supervisor and hear its answer: `busy` if another one was there before, `killed` without a word."""
        if port is not None:
            _check_port_is_free(port)
        plan = self._plan(port)
        with (
            _open_for_us(self.layout.log) as log,
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
        if not ready:
            raise self._did_not_start("it was not ready in time")
        answer = json.loads(text or "{}")
        if "failed" in answer:
            raise self._did_not_start(answer["failed"])
        return "ready" if "ready" in answer else "busy" if "busy" in answer else "killed"

    def _plan(self, port: int | None) -> Plan:
        identity = find_identity()
        binaries = self.find_binaries()
        bin_dir = binaries.bin_dir if identity.server_ids is None else publish(binaries.bin_dir)
        locale = ["--locale=C"]
        if binaries.major >= 17:  # the same sort order on every operating system
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        initdb_options = [*locale, *(() if self.is_durable else ("--no-sync", "--wal-segsize=4"))]
        settings = _SETTINGS | (_DURABLE if self.is_durable else _DISPOSABLE) | dict(self.settings)
        if self.is_durable and sys.platform.startswith("linux"):  # one call instead of one for every file
            settings["recovery_init_sync_method"] = "syncfs"
            initdb_options += ["--sync-method=syncfs"] if binaries.major >= 17 else []
        hba = "local all all peer map=pagespace\n"
        names = ["all"]
        if (
            binaries.major < 16
        ):  # there a map cannot say "any role"; the folder of the socket is closed to others anyway
            names = ["postgres", PLAIN_ROLE]
            hba = f"local all {','.join(names)} peer map=pagespace\nlocal all all trust\n"
        return Plan(
            home=str(self.layout.home),
            run=str(self.layout.run),
            socket_dir=str(self.layout.socket_dir),
            bin_dir=str(bin_dir),
            version=binaries.version,
            launcher=identity.launcher,
            server_ids=identity.server_ids,
            initdb_ids=identity.initdb_ids,
            initdb_options=tuple(initdb_options),
            settings=settings,
            hba=hba + _HBA_OF_PORT,
            ident="".join(f'pagespace "{us}" {name}\n' for us in identity.client_names for name in names),
            idle_timeout_s=self.idle_timeout_s,
            is_durable=self.is_durable,
            port=port,
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
        return stop_supervisor(self.layout)


def stop_supervisor(layout: Layout) -> bool:
    """Stop the server of a layout and wait for its end; return whether there was one.

    Errors: DatabaseUnavailable when it does not end.
    """
    path = layout.supervisor_lock
    deadline = time.monotonic() + _TIMEOUT_S
    asked = 0
    while is_held(path):
        if time.monotonic() > deadline:
            raise DatabaseUnavailable(f"the server in {layout.home} does not stop", help=f"look into {layout.log}")
        pid = int(path.read_text(encoding="utf-8") or 0)  # empty for the instant between lock and first line
        if pid != asked:
            with suppress(ProcessLookupError):  # it ended by itself just now
                os.kill(pid, signal.SIGTERM)
            asked = pid
        time.sleep(0.02)
    return asked != 0


def _open_for_us(path: Path) -> IO[bytes]:
    """Open an empty file that nobody else may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "wb")


def _check_port_is_free(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise ConfigError(
                f"port {port} of 127.0.0.1 cannot be used: {error.strerror}",
                help="choose another one, or none: the server always has its own socket",
            ) from error


def ensure_plain_role(connection: psycopg.Connection[TupleRow]) -> None:
    """Make the role for SQL that is not trusted, unless it is there: it may log in, and nothing else."""
    query = sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS")
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (PLAIN_ROLE,)).fetchone() is None:
        with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):  # another was first
            connection.execute(query.format(sql.Identifier(PLAIN_ROLE)))


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
    def version(self) -> str:
        """The version of PostgreSQL, such as 18.6."""
        plan = self.cluster.running_plan
        return "" if plan is None else plan.version

    @property
    def home(self) -> Path:
        """The folder of the cluster."""
        return self.cluster.layout.home

    def url(self, database: str | None = None, *, user: str | None = None) -> str:
        """Return the URL of a database of this server, as libpq understands it; it holds no secret."""
        return self.cluster.url(database, user=user)

    def keep(self) -> None:
        """Let the server run without users until it is stopped, or until the machine is."""
        self.cluster.layout.keep.touch()

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
