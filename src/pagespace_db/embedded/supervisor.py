"""The parent of one postmaster: makes the cluster when it is new, starts it, watches it, stops it when nobody uses it.

It runs as `python -I -S supervisor.py` with a `Plan` as JSON on its standard input, and answers with one JSON line on
its standard output: `{"ready": true}` or `{"failed": "what went wrong"}`. It imports the standard library only, and so
is one file: it starts in 20 ms, and keeps running whatever happens to the installation it came from.

Why a parent is needed, and `pg_ctl` will not do:

- a child is reaped at once, so a killed postmaster never stays a zombie, beside which PostgreSQL refuses to start;
- on Linux the kernel interrupts the postmaster when its parent dies (PR_SET_PDEATHSIG), so that no server is orphaned;
- every client holds a shared flock on `users.lock`. The kernel drops it however the client ends, so the lock is a
  reference count that `kill -9` cannot corrupt. The supervisor stops the server once it gets the lock for itself.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Final

DEFAULT_PORT: Final = 5432
_POLL_S: Final = 0.2
_START_TIMEOUT_S: Final = 60.0
_STOP_TIMEOUT_S: Final = 60.0
_ORPHAN_TIMEOUT_S: Final = 15.0
_RESTART_TIMEOUT_S: Final = 10.0
_PR_SET_PDEATHSIG: Final = 1


class StartFailed(Exception):
    """The cluster cannot be made or started; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything the supervisor has to know about one cluster.

    Attributes:
        home: The folder of locks and log. It belongs to the user who starts servers.
        run: The folder of the data and, mostly, the socket. It belongs to the user the server runs as.
        socket_dir: The folder of the socket; elsewhere than in `run` when that path is too long for a socket.
        bin_dir: The folder of `postgres` and `initdb`.
        version: Their version, such as 18.6.
        launcher: A command in front of the programs' own, or nothing.
        server_ids: (uid, gid) the server runs as, or None to run as the caller.
        initdb_ids: (uid, gid) of a user that `initdb` accepts, or None to run it as the caller.
        initdb_options: Options of `initdb` beyond folder, superuser and encoding.
        settings: Settings of the server, by name.
        hba: The text of pg_hba.conf.
        ident: The text of pg_ident.conf.
        idle_timeout_s: Seconds without a user or a connection after which the server is stopped.
        is_durable: False for a cluster whose data is deleted when it is stopped.
        port: The port of 127.0.0.1 that the server listens on, or None for the socket alone.
    """

    home: str
    run: str
    socket_dir: str
    bin_dir: str
    version: str
    launcher: tuple[str, ...]
    server_ids: tuple[int, int] | None
    initdb_ids: tuple[int, int] | None
    initdb_options: tuple[str, ...]
    settings: dict[str, str]
    hba: str
    ident: str
    idle_timeout_s: float
    is_durable: bool
    port: int | None = None

    def to_json(self) -> str:
        """Return the plan as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """Return the plan that `to_json` wrote."""
        fields = json.loads(text)
        for name in ("server_ids", "initdb_ids"):
            fields[name] = None if fields[name] is None else tuple(fields[name])
        for name in ("launcher", "initdb_options"):
            fields[name] = tuple(fields[name])
        return cls(**fields)


# --- What can be seen of a cluster from outside ----------------------------------------------------------------------


def socket_path(socket_dir: Path, port: int | None) -> Path:
    """Return the socket of a server; PostgreSQL numbers it by the port, whether it listens there or not."""
    return socket_dir / f".s.PGSQL.{port or DEFAULT_PORT}"


def is_ready(data: Path, socket_file: Path) -> bool:
    """Return whether the postmaster says it is ready (line 8 of postmaster.pid) and its socket answers.

    The file alone proves nothing: it survives a postmaster that was killed.
    """
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        if len(lines) < 8 or lines[7].strip() != "ready":
            return False
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(5)
            probe.connect(str(socket_file))
    except OSError:
        return False
    return True


def is_live_postmaster(pid: int, data: Path) -> bool:
    """Return whether `pid` is a running postmaster of `data`: neither gone, nor a zombie, nor another program."""
    command = ["ps", "-o", "stat=,command=", "-p", str(pid)]
    proc = Path("/proc", str(pid))
    if Path("/proc/self/stat").exists():
        try:
            state = proc.joinpath("stat").read_text().rpartition(")")[2].split()[0]
            cmdline = proc.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode(errors="surrogateescape")
        except OSError:
            return False
    else:
        listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
        state, _, cmdline = listed.partition(" ")
    return state[:1] not in {"", "Z", "X"} and "postgres" in cmdline and str(data) in cmdline


def count_connections(socket_dir: Path, port: int | None) -> int:
    """Return how many connections clients hold, as Linux tells it; 0 where there is no /proc/net.

    So that a `psql` which holds no lock of ours keeps its server. Background workers are not counted.
    """
    path = str(socket_path(socket_dir, port))
    count = 0
    for line in _lines("/proc/net/unix"):
        fields = line.split(maxsplit=7)
        count += len(fields) == 8 and fields[7] == path and fields[5] == "03"
    if port is not None:
        local = f"0100007F:{port:04X}"
        for line in _lines("/proc/net/tcp"):
            fields = line.split(maxsplit=4)
            count += len(fields) == 5 and fields[1] == local and fields[3] == "01"
    return count


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(errors="replace").splitlines()
    except OSError:
        return []


# --- Making and starting a cluster -----------------------------------------------------------------------------------


def _environment(home: str) -> dict[str, str]:
    """Return the environment of the server: none of PG*, and a HOME whose files it may read."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"HOME": home, "LC_ALL": "C"}


def _user_and_groups(ids: tuple[int, int] | None) -> tuple[int | None, int | None, list[int] | None]:
    """Return the arguments `user`, `group` and `extra_groups` of a child process."""
    return (None, None, None) if ids is None else (*ids, [])


def make_cluster(plan: Plan) -> None:
    """Make the data folder with `initdb`, beside its place, and move it there when it is whole."""
    home, run = Path(plan.home), Path(plan.run)
    # A name of its own: the initdb of a supervisor that was killed may still be at work.
    data, new = run / "data", home / f"new.{os.getpid()}"
    for unfinished in home.glob("new.*"):
        shutil.rmtree(unfinished, ignore_errors=True)
    _own(run, plan.server_ids)
    if (data / "PG_VERSION").exists():
        return
    if not plan.is_durable:
        shutil.rmtree(data, ignore_errors=True)
    elif data.is_dir() and any(data.iterdir()):
        raise StartFailed(f"{data} is not a cluster (it has no PG_VERSION), and is not empty; move it away")
    _own(new, plan.initdb_ids)
    options = ["-D", str(new), "-U", "postgres", "-A", "peer", "-E", "UTF8", *plan.initdb_options]
    user, group, extra_groups = _user_and_groups(plan.initdb_ids)
    made = subprocess.run(
        [*plan.launcher, f"{plan.bin_dir}/initdb", *options],
        env=_environment(str(new)),
        cwd="/",
        umask=0o077,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        preexec_fn=_die_with_parent(),  # this process has one thread
        user=user,
        group=group,
        extra_groups=extra_groups,
    )
    if made.returncode:
        shutil.rmtree(new, ignore_errors=True)
        raise StartFailed(f"initdb failed: {_last_lines(made.stdout)}")
    if plan.server_ids is not None:
        _give_away(new, plan.server_ids)
    new.rename(data)


def _own(folder: Path, ids: tuple[int, int] | None) -> None:
    """Make `folder`, private to `ids`; a folder that is there keeps its content."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if ids is not None:
        os.chown(folder, *ids, follow_symlinks=False)


def _give_away(tree: Path, ids: tuple[int, int]) -> None:
    """Give a whole tree to another user. The root comes to us first, so that its old owner can no longer reach in."""
    os.chown(tree, os.getuid(), os.getgid(), follow_symlinks=False)
    for _, folders, files, folder_fd in os.fwalk(tree):
        for name in (*folders, *files):
            os.chown(name, *ids, dir_fd=folder_fd, follow_symlinks=False)
    os.chown(tree, *ids, follow_symlinks=False)


def clear_leftovers(plan: Plan) -> bool:
    """Remove what a killed postmaster left behind, or stop it if it lives on; return whether there was anything.

    PostgreSQL looks at the bare process id, and so is deceived by an id that is used again or by a zombie. Its other
    guard, the attachment count of the shared memory, is untouched by this.
    """
    data, socket_dir = Path(plan.run, "data"), Path(plan.socket_dir)
    pid_file = data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        pid = 0
    if pid > 1 and is_live_postmaster(pid, data):
        os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + _ORPHAN_TIMEOUT_S
        while is_live_postmaster(pid, data):
            if time.monotonic() > deadline:
                raise StartFailed(f"the earlier server (process {pid}) does not stop")
            time.sleep(0.02)
    was_there = pid_file.exists()
    for leftover in (pid_file, *socket_dir.glob(".s.PGSQL.*")):
        leftover.unlink(missing_ok=True)
    return was_there


def start_postmaster(plan: Plan) -> subprocess.Popen[bytes]:
    """Start the postmaster as our child, and return it when it is ready for connections."""
    home, data, socket_dir = Path(plan.home), Path(plan.run, "data"), Path(plan.socket_dir)
    _own(socket_dir, plan.server_ids)
    for name, text in (("pg_hba.conf", plan.hba), ("pg_ident.conf", plan.ident)):
        path = home / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o644)
    settings = plan.settings | {
        "listen_addresses": "" if plan.port is None else "127.0.0.1",
        "port": str(plan.port or DEFAULT_PORT),
        "unix_socket_directories": '"' + plan.socket_dir.replace('"', '""') + '"',
        "unix_socket_permissions": "0700",
        "hba_file": str(home / "pg_hba.conf"),
        "ident_file": str(home / "pg_ident.conf"),
    }
    command = [*plan.launcher, f"{plan.bin_dir}/postgres", "-D", str(data)]
    for name, value in sorted(settings.items()):
        command += ["-c", f"{name}={value}"]
    user, group, extra_groups = _user_and_groups(plan.server_ids)
    postmaster = subprocess.Popen(
        command,
        env=_environment(str(data)),
        cwd="/",
        umask=0o077,
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        stderr=sys.stderr,
        preexec_fn=_die_with_parent(),  # noqa: PLW1509  # this process has one thread
        user=user,
        group=group,
        extra_groups=extra_groups,
    )
    deadline = time.monotonic() + _START_TIMEOUT_S
    while not is_ready(data, socket_path(socket_dir, plan.port)):
        if postmaster.poll() is not None:
            raise StartFailed(f"postgres ended with status {postmaster.returncode}")
        if time.monotonic() > deadline:
            postmaster.send_signal(signal.SIGQUIT)
            postmaster.wait()
            raise StartFailed(f"postgres was not ready within {_START_TIMEOUT_S:.0f} s")
        time.sleep(0.01)
    return postmaster


def _die_with_parent() -> Callable[[], None] | None:
    """Return what a child runs to be interrupted when we die (which shuts a server down), or None outside Linux."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, int(signal.SIGINT), 0, 0, 0)

    return ask


def _last_lines(text: str, count: int = 8) -> str:
    return "\n".join(text.strip().splitlines()[-count:])


# --- The life of a supervisor ----------------------------------------------------------------------------------------


def try_lock(file: IO[str], operation: int) -> bool:
    """Take an flock if that is possible at once, and return whether it was."""
    try:
        fcntl.flock(file, operation | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def watch(plan: Plan, postmaster: subprocess.Popen[bytes], wake: int, asked_to_stop: list[int]) -> None:
    """Return when the server has ended: by itself, because a signal asked for it, or because nobody uses it.

    When it is idle, the users' lock is ours from the decision until this process ends: a newcomer waits for that, and
    then starts a new server. The marker `keep` suspends the idle shutdown.
    """
    home, socket_dir = Path(plan.home), Path(plan.socket_dir)
    with (home / "users.lock").open("a", encoding="utf-8") as users:
        last_used = time.monotonic()
        while postmaster.poll() is None and not asked_to_stop:
            if select.select([wake], [], [], _POLL_S)[0]:
                os.read(wake, 512)
                continue
            if not try_lock(users, fcntl.LOCK_EX):
                last_used = time.monotonic()
                continue
            if (home / "keep").exists() or count_connections(socket_dir, plan.port):
                last_used = time.monotonic()
            if time.monotonic() - last_used > plan.idle_timeout_s:
                break
            fcntl.flock(users, fcntl.LOCK_UN)
        _end(plan, postmaster)


def _end(plan: Plan, postmaster: subprocess.Popen[bytes]) -> None:
    (Path(plan.home) / "keep").unlink(missing_ok=True)
    if postmaster.poll() is None:
        postmaster.send_signal(signal.SIGINT if plan.is_durable else signal.SIGQUIT)
        try:
            postmaster.wait(_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            postmaster.send_signal(signal.SIGQUIT)
            postmaster.wait()
    if not plan.is_durable:
        for folder in (plan.run, plan.socket_dir):
            shutil.rmtree(folder, ignore_errors=True)


def supervise(plan: Plan, answer: Callable[[dict[str, object]], None]) -> None:
    """Run one cluster from start to end; the caller holds the supervisor's lock."""
    asked_to_stop: list[int] = []
    wake, wake_end = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(wake_end, False)
    signal.set_wakeup_fd(wake_end, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda got, _frame: asked_to_stop.append(got))
    signal.signal(signal.SIGCHLD, lambda _got, _frame: None)
    (Path(plan.home) / "keep").unlink(missing_ok=True)
    postmaster = _start(plan)
    answer({"ready": True})
    watch(plan, postmaster, wake, asked_to_stop)


def _start(plan: Plan) -> subprocess.Popen[bytes]:
    """Start the cluster, with patience for the last backends of a killed postmaster, and anew if it is disposable."""
    make_cluster(plan)
    deadline = time.monotonic() + (_RESTART_TIMEOUT_S if clear_leftovers(plan) else 0.0)
    while True:
        try:
            return start_postmaster(plan)
        except StartFailed:
            if time.monotonic() > deadline:
                if plan.is_durable or not (Path(plan.run) / "data").exists():
                    raise
                break
        time.sleep(0.25)
        clear_leftovers(plan)
    shutil.rmtree(plan.run, ignore_errors=True)
    make_cluster(plan)
    return start_postmaster(plan)


def _lock_patiently(lock: IO[str]) -> bool:
    """Take the supervisor's lock; those who only look whether it is taken hold it for an instant."""
    for _ in range(20):
        if try_lock(lock, fcntl.LOCK_EX):
            return True
        time.sleep(0.02)
    return False


def main() -> int:
    """Leave the caller's process, take the supervisor's lock, and run the cluster that standard input describes."""
    os.umask(0o077)
    plan = Plan.from_json(sys.stdin.read())
    if os.fork():
        return 0  # the caller reaps this process at once, and never has to care for the other
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def answer(fields: dict[str, object]) -> None:
        with answers:
            answers.write(json.dumps(fields) + "\n")

    try:
        with (Path(plan.home) / "supervisor.lock").open("a", encoding="utf-8") as lock:
            if not _lock_patiently(lock):
                answer({"busy": True})
                return 0
            lock.truncate(0)
            lock.write(f"{os.getpid()}\n")
            lock.flush()
            written = Path(plan.home, "plan.json.new")
            written.write_text(plan.to_json(), encoding="utf-8")
            written.rename(Path(plan.home, "plan.json"))
            supervise(plan, answer)
    except (StartFailed, OSError) as error:
        sys.stderr.write(f"{error}\n")
        if not answers.closed:
            answer({"failed": str(error)})
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
