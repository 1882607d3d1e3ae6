"""The whole way from schema.sql to typed results, each step a command that one could type oneself.

Works on the database of DATABASE_URL, else on the project's own server, which is started and stopped again.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from examples.demo.screen import announce, say
from pagespace_db.embedded import development_cluster, scratch_cluster, stop_idle_scratch_servers
from pagespace_db.embedded.databases import ensure_database
from pagespace_db.errors import PagespaceDbError, render_error
from pagespace_db.settings import database_url, process_environment

ROOT: Final = Path(__file__).resolve().parents[2]
STEPS: Final = (
    ("pagespace-db codegen", ("pagespace_db", "codegen")),
    ("pagespace-db migrate up", ("pagespace_db", "migrate", "up")),
    ("python -m examples.demo.tour", ("examples.demo.tour",)),
)
_IDLE_TIMEOUT_S: Final = 0.5
_STOP_TIMEOUT_S: Final = 10.0


def main() -> int:
    """Take every step, and return the exit code of the first that fails, else 0."""
    start = time.perf_counter()
    with demo_database() as url:
        environment = process_environment() | {"DATABASE_URL": url}
        for shown, module in STEPS:
            announce(shown)
            exit_code = subprocess.run(
                [sys.executable, "-m", *module], cwd=ROOT, env=environment, check=False
            ).returncode
            if exit_code != 0:
                return exit_code
    say(f"The demo took {time.perf_counter() - start:.1f} s.")
    return 0


@contextmanager
def demo_database() -> Generator[str]:
    """Yield the URL of the database that the demo is for, and stop afterwards what was started for it."""
    given = database_url()
    if given is not None:
        say("Using the database of DATABASE_URL.")
        with scratch_server_stopped():
            yield given
        return
    start = time.perf_counter()
    cluster = development_cluster(ROOT, idle_timeout_s=_IDLE_TIMEOUT_S)
    with scratch_server_stopped(), cluster.attach() as server:
        done = f"Started in {time.perf_counter() - start:.1f} s:" if server.was_started else "Running already:"
        say(f"{done} PostgreSQL {server.version} in {server.home}")
        yield ensure_database(server)
        was_started = server.was_started
    if was_started:
        # It stops by itself once nobody uses it, and goes on for those who do.
        deadline = time.monotonic() + _STOP_TIMEOUT_S
        while cluster.is_running and time.monotonic() < deadline:
            time.sleep(0.05)
        say("The server goes on for others." if cluster.is_running else "Stopped the server.")


@contextmanager
def scratch_server_stopped() -> Generator[None]:
    """Stop, at the end, the server for throw-away databases that codegen starts, unless it ran before."""
    if scratch_cluster().is_running:
        yield
        return
    yield
    stop_idle_scratch_servers()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except PagespaceDbError as error:
        print(render_error(error), file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
