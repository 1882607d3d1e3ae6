"""The life of a cluster: parallel starts, users that end in every way, and what kills leave behind."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from pagespace_db.embedded import Cluster, development_cluster, find_binaries, scratch_cluster
from pagespace_db.embedded.supervisor import is_live_postmaster
from pagespace_db.errors import ConfigError, DatabaseUnavailable

CLIENT = """
import sys, psycopg
from pathlib import Path
from pagespace_db.embedded import scratch_cluster
with scratch_cluster(base=Path(sys.argv[1]), idle_timeout_s=0.3).attach() as server:
    with psycopg.connect(server.url()) as connection:
        print(connection.execute("SELECT pg_postmaster_start_time()").fetchone()[0], flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def base() -> Iterator[Path]:
    """A folder that the server's user can reach, whoever runs the tests."""
    memory = Path("/dev/shm")  # noqa: S108  # its use, and a folder with a random name
    has_room = memory.is_dir() and shutil.disk_usage(memory).free > 512 * 1024 * 1024
    with tempfile.TemporaryDirectory(prefix="pagespace-test-", dir=memory if has_room else None) as folder:
        path = Path(folder).resolve()
        path.chmod(0o711)
        yield path


@pytest.fixture
def scratch(base: Path) -> Iterator[Cluster]:
    """A scratch cluster of its own, which ends soon after its last user."""
    cluster = scratch_cluster(base=base, idle_timeout_s=0.3)
    yield cluster
    cluster.stop()


@pytest.fixture
def development(base: Path) -> Iterator[Cluster]:
    """The development cluster of an empty project."""
    cluster = development_cluster(base, idle_timeout_s=0.3)
    yield cluster
    cluster.stop()


def start_client(base: Path) -> subprocess.Popen[str]:
    """Start a process that attaches, prints when the postmaster started, and stays until its input is closed."""
    return subprocess.Popen(
        [sys.executable, "-c", CLIENT, str(base)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def wait_until(claim: Callable[[], bool], *, within_s: float = 20.0) -> None:
    """Return as soon as `claim` holds."""
    deadline = time.monotonic() + within_s
    while not claim():
        assert time.monotonic() < deadline, f"not true within {within_s} s"
        time.sleep(0.02)


def postmaster_of(cluster: Cluster) -> int:
    """Return the process id of the postmaster."""
    return int((cluster.layout.data / "postmaster.pid").read_text().split()[0])


def supervisor_of(cluster: Cluster) -> int:
    """Return the process id of the supervisor."""
    return int(cluster.layout.supervisor_lock.read_text())


def started_at(cluster: Cluster) -> object:
    """Return when the postmaster started; the server answers."""
    with psycopg.connect(cluster.url("postgres")) as connection:
        row = connection.execute("SELECT pg_postmaster_start_time()").fetchone()
    assert row is not None
    return row[0]


def test_twelve_first_starts_at_once_give_one_server(base: Path, scratch: Cluster) -> None:
    clients = [start_client(base) for _ in range(12)]
    answers = {client.stdout.readline() for client in clients if client.stdout}
    assert len(answers) == 1
    assert answers != {""}
    for client in clients:
        client.communicate()
    assert [client.returncode for client in clients] == [0] * 12
    wait_until(lambda: not scratch.is_supervised)


def test_a_scratch_server_ends_soon_after_its_client_was_killed_and_leaves_no_data(
    base: Path, scratch: Cluster
) -> None:
    with start_client(base) as client:
        assert client.stdout
        assert client.stdout.readline()
        assert scratch.is_running
        client.kill()
    wait_until(lambda: not scratch.is_supervised)
    assert not scratch.layout.run.exists()


def test_a_runaway_query_of_a_killed_client_does_not_keep_the_server(base: Path, scratch: Cluster) -> None:
    code = CLIENT.replace("sys.stdin.read()", "psycopg.connect(server.url()).execute('SELECT pg_sleep(3600)')")
    with subprocess.Popen([sys.executable, "-c", code, str(base)], stdout=subprocess.PIPE, text=True) as client:
        assert client.stdout
        assert client.stdout.readline()
        with scratch.attach() as server, psycopg.connect(server.url(), autocommit=True) as connection:
            running = "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(3600)%' AND pid <> pg_backend_pid()"
            wait_until(lambda: connection.execute(running).fetchone() is not None)
        client.kill()
    wait_until(lambda: not scratch.is_supervised)


def test_a_connection_keeps_the_server_without_a_lock(scratch: Cluster) -> None:
    with scratch.attach() as server:
        connection = psycopg.connect(server.url())
    with connection:
        time.sleep(1.0)  # three times the idle time: nothing to be awaited, as nothing may happen
        assert connection.execute("SELECT 1").fetchone() == (1,)
    wait_until(lambda: not scratch.is_supervised)


def test_the_server_comes_back_after_its_postmaster_was_killed(development: Cluster) -> None:
    with development.attach() as server:
        first = started_at(development)
        os.kill(postmaster_of(development), signal.SIGKILL)
        wait_until(lambda: not development.is_supervised)
        with development.attach() as again:
            assert again.was_started
            assert started_at(development) != first
        assert server.url() == development.url()


def test_the_server_comes_back_after_its_supervisor_was_killed(development: Cluster) -> None:
    with development.attach():
        first = started_at(development)
        os.kill(supervisor_of(development), signal.SIGKILL)
        wait_until(lambda: not development.is_supervised)
        with development.attach() as again:
            assert again.was_started
            assert started_at(development) != first


def test_the_server_comes_back_after_both_were_killed_in_the_middle_of_work(development: Cluster) -> None:
    with development.attach() as server:
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS id")
        supervisor, postmaster = supervisor_of(development), postmaster_of(development)
        os.kill(supervisor, signal.SIGSTOP)  # so that it cannot reap: the postmaster becomes a zombie
        os.kill(postmaster, signal.SIGKILL)
        wait_until(lambda: not is_live_postmaster(postmaster, development.layout.data))
        os.kill(supervisor, signal.SIGKILL)
        wait_until(lambda: not development.is_supervised)
        with development.attach() as again, psycopg.connect(again.url("postgres")) as connection:
            assert connection.execute("SELECT id FROM kept").fetchone() == (1,)


def test_a_pid_file_that_names_another_program_is_no_obstacle(development: Cluster) -> None:
    with development.attach():
        lines = (development.layout.data / "postmaster.pid").read_text().splitlines()
    development.stop()
    lines[0] = str(os.getpid())  # alive, and not a postmaster
    (development.layout.data / "postmaster.pid").write_text("\n".join(lines) + "\n")
    with development.attach() as server:
        assert server.was_started
        assert started_at(development)


def test_what_an_interrupted_initdb_left_is_no_obstacle(development: Cluster) -> None:
    (development.layout.home / "new.1" / "global").mkdir(parents=True)
    development.layout.data.mkdir(parents=True)
    with development.attach():
        assert started_at(development)
    assert list(development.layout.home.glob("new*")) == []


def test_a_folder_that_is_no_cluster_is_refused_and_untouched(development: Cluster) -> None:
    precious = development.layout.data / "base"
    precious.mkdir(parents=True)
    with pytest.raises(DatabaseUnavailable, match="is not a cluster"):
        development.attach()
    assert precious.is_dir()


def test_data_of_a_development_server_survives_its_stop(development: Cluster) -> None:
    with development.attach() as server, psycopg.connect(server.url("postgres")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS id")
    assert development.stop() is True
    assert development.stop() is False
    with development.attach() as server, psycopg.connect(server.url("postgres")) as connection:
        assert connection.execute("SELECT id FROM kept").fetchone() == (1,)
        assert connection.execute("SHOW fsync").fetchone() == ("on",)


def test_a_kept_server_runs_without_users_until_it_is_stopped(development: Cluster) -> None:
    with development.attach() as server:
        server.keep()
    time.sleep(1.0)  # three times the idle time: nothing to be awaited, as nothing may happen
    assert development.is_running
    development.stop()
    with development.attach():
        pass
    wait_until(lambda: not development.is_supervised)  # the marker went with the stop


def test_two_projects_have_two_servers(development: Cluster) -> None:
    other_root = development.layout.home.parent / "other"
    other_root.mkdir(mode=0o755)
    other = development_cluster(other_root, idle_timeout_s=0.3)
    with development.attach() as first, other.attach() as second:
        assert first.url() != second.url()
        assert postmaster_of(development) != postmaster_of(other)
    other.stop()


def test_a_path_too_long_for_a_socket_still_has_a_server(base: Path) -> None:
    root = base / ("long" * 25)
    root.mkdir(mode=0o755)
    cluster = development_cluster(root, idle_timeout_s=0.3)
    with cluster.attach():
        assert started_at(cluster)
    cluster.stop()
    cluster.layout.socket_dir.rmdir()


def test_a_name_with_blanks_and_marks_gives_a_url_that_works(base: Path) -> None:
    root = base / """a "b",%20?#&'ü"""
    root.mkdir(mode=0o755)
    cluster = development_cluster(root, idle_timeout_s=0.3)
    with cluster.attach():
        assert started_at(cluster)
    cluster.stop()


def test_files_of_another_major_version_are_refused_and_untouched(development: Cluster) -> None:
    development.layout.data.mkdir(parents=True)
    version_file = development.layout.data / "PG_VERSION"
    version_file.write_text("12\n")
    with pytest.raises(DatabaseUnavailable, match="no PostgreSQL 12 was found"):
        development.attach()
    assert version_file.read_text() == "12\n"


def test_a_server_that_does_not_start_says_why(base: Path) -> None:
    broken = Cluster(
        layout=development_cluster(base).layout,
        find_binaries=find_binaries,
        is_durable=True,
        idle_timeout_s=0.3,
        database="app",
        settings={"shared_buffers": "no number"},
    )
    with pytest.raises(DatabaseUnavailable) as raised:
        broken.attach()
    assert 'invalid value for parameter "shared_buffers"' in raised.value.message
    assert str(broken.layout.log) in str(raised.value.help)
    assert not broken.is_supervised


def test_a_port_in_use_is_one_clear_error(development: Cluster) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = int(other.getsockname()[1])
        with pytest.raises(ConfigError, match=f"port {port} of 127.0.0.1 cannot be used: Address already in use"):
            development.attach(port=port)
    assert not development.is_supervised
