"""Servers of several users of one machine, root among them or not."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

import pagespace_db
from pagespace_db.embedded import find_binaries, scratch_cluster
from pagespace_db.embedded.identity import SERVER_UID, find_identity
from pagespace_db.embedded.publish import publish

CLIENT = """
import sys, psycopg
from pagespace_db.embedded import scratch_cluster
with scratch_cluster(idle_timeout_s=0.3).attach() as server, psycopg.connect(server.url()) as connection:
    print(server.url(), server.home, flush=True)
    try:
        psycopg.connect(sys.argv[1]).close()
    except psycopg.OperationalError:
        print("the server of the other user is closed", flush=True)
"""
PACKAGES = ("psycopg", "psycopg_binary", "psycopg_binary.libs", "psycopg_pool", "pypika", "typing_extensions.py")


@pytest.fixture(scope="module")
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach, with this package, what it needs, and the binaries of PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="pagespace-test-") as folder:
        root = Path(folder).resolve()
        root.chmod(0o755)
        site_packages = Path(psycopg.__file__).parent.parent
        for name in PACKAGES:
            if (site_packages / name).is_dir():
                shutil.copytree(site_packages / name, root / name)
            elif (site_packages / name).exists():
                shutil.copy(site_packages / name, root / name)
        shutil.copytree(Path(pagespace_db.__file__).parent, root / "pagespace_db")
        for path in root.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        yield root


def unprivileged() -> tuple[int, int] | None:
    """Return the ids of a user without rights to run a process as, or None when we are such a user."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def interpreter_for(ids: tuple[int, int] | None) -> str:
    """Return a Python of our own version that a user may run; ours may be in a folder that is closed to it."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for candidate in (sys.executable, f"/usr/local/bin/python{version}", f"/usr/bin/python{version}"):
        try:
            subprocess.run(
                [candidate, "-c", ""],
                user=None if ids is None else ids[0],
                group=None if ids is None else ids[1],
                extra_groups=None if ids is None else [],
                cwd="/",
                check=True,
                capture_output=True,
            )
        except (OSError, subprocess.CalledProcessError):
            continue
        return candidate
    pytest.fail(f"no Python {version} that user {ids} may run")


def test_every_user_has_one_server_that_is_closed_to_others(open_folder: Path) -> None:
    ids = unprivileged()
    bin_dir = publish(find_binaries().bin_dir, root=open_folder / "published")
    with scratch_cluster().attach() as ours:
        done = subprocess.run(
            [interpreter_for(ids), "-c", CLIENT, ours.url()],
            user=None if ids is None else ids[0],
            group=None if ids is None else ids[1],
            extra_groups=None if ids is None else [],
            cwd="/",
            env={"PYTHONPATH": str(open_folder), "PAGESPACE_PG_BIN": str(bin_dir), "PATH": os.defpath},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    is_other_user = ids is not None
    assert (lines[0].split()[0] != ours.url()) is is_other_user
    if ids is not None:
        assert f"pagespace-db-{ids[0]}" in lines[0].split()[1]
        assert lines[1:] == ["the server of the other user is closed"]


def test_the_server_never_runs_as_root() -> None:
    with scratch_cluster().attach() as server:
        pid = int((server.cluster.layout.data / "postmaster.pid").read_text().split()[0])
        uid = Path("/proc", str(pid)).stat().st_uid
    assert uid == (SERVER_UID if os.geteuid() == 0 else os.geteuid())


def test_root_in_a_user_namespace_of_one_id_can_run_a_server() -> None:
    namespace = ["unshare", "--user", "--map-root-user", "--"]
    if subprocess.run([*namespace, "true"], capture_output=True, check=False).returncode:
        assert find_identity().launcher == ()  # no namespaces here, and none is needed
        return
    with tempfile.TemporaryDirectory(prefix="pagespace-test-") as folder:
        program = (
            "import sys, psycopg; from pathlib import Path; from pagespace_db.embedded import scratch_cluster\n"
            "with scratch_cluster(base=Path(sys.argv[1]), idle_timeout_s=0.3).attach() as server:\n"
            "    with psycopg.connect(server.url()) as connection:\n"
            "        print(connection.execute('SELECT 1').fetchone())\n"
            "    server.stop()\n"
        )
        done = subprocess.run(
            [*namespace, sys.executable, "-c", program, folder], capture_output=True, text=True, check=False
        )
    assert (done.stdout, done.returncode) == ("(1,)\n", 0), done.stderr
