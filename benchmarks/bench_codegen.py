"""What the tools cost, as a table: `python -m benchmarks.bench_codegen [NUMBER OF RUNS]`.

Each command runs as a process of its own, with the scratch server warm and the modules compiled, as they are where
pagespace-db is installed. `seconds` is what one waits, `CPU` what the
process takes of one core without the server; both are those of the best run. The types of the output are checked by
mypy --strict without a cache; what an empty file costs is taken off.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from queue import SimpleQueue

from pagespace_codegen.outcome import Outcome
from pagespace_codegen.watch import watch_codegen
from pagespace_db.embedded import scratch_server
from pagespace_db.errors import PagespaceDbError

TABLE = """
CREATE TABLE table_{n}s (
  id text PRIMARY KEY, name text NOT NULL, email varchar(200) UNIQUE, state state NOT NULL DEFAULT 'a', n int,
  amount numeric(10, 2), payload jsonb NOT NULL DEFAULT '{{}}', tags text[], flag bool, day date,
  created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz,
  parent_id text REFERENCES table_{n}s, other_id text REFERENCES table_{other}s
);
CREATE INDEX ON table_{n}s (name);
CREATE INDEX ON table_{n}s (other_id);
COMMENT ON TABLE table_{n}s IS 'Table {n}.';
"""
QUERY = """-- name: query_{n} :many
-- The rows in a state, with those that they point at.
SELECT t.id, t.name, o.name AS other_name, count(*) AS n, max(t.created_at) AS latest
FROM table_{table}s t LEFT JOIN table_{other}s o ON o.id = t.other_id
WHERE t.state = :state AND (t.n > :n OR t.flag)
GROUP BY t.id, t.name, o.name ORDER BY t.name;

"""
TYPES = "CREATE TYPE state AS ENUM ('a', 'b', 'c');\n"
Measured = tuple[float, float]


def write_project(root: Path, tables: int, *, queries: int = 0, migrations: int = 0) -> Path:
    """Write a project into `root`: a schema, files of 20 queries, and a migration for each fifth of a table."""
    statements = [TYPES]
    for n in range(tables):
        statements.append(TABLE.format(n=n, other=max(0, n - 1)))
        if migrations:
            statements += (f"ALTER TABLE table_{n}s ADD COLUMN extra_{place} int;\n" for place in range(4))
    texts = {"pyproject.toml": f'[tool.pagespace_db]\nout = "db_{tables}"\n', "schema.sql": "".join(statements)}
    for n, statement in enumerate(statements[:migrations], 1):
        texts[f"migrations/{n:04}_step.sql"] = f"-- migrate:up\n{statement}\n-- migrate:down\n"
    for start in range(0, queries, 20):
        numbers = range(start, min(start + 20, queries))
        texts[f"queries/file_{start}.sql"] = "".join(
            QUERY.format(n=n, table=n % tables, other=max(0, n % tables - 1)) for n in numbers
        )
    for name, text in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def command_cost(runs: int, *arguments: str, project: Path | None = None) -> Measured:
    """Return the seconds and the CPU seconds of the best run of a command."""
    folder = [] if project is None else ["--project", str(project)]
    command = [str(Path(sys.executable).with_name("pagespace-db")), *folder, *arguments]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def run() -> None:
        subprocess.run(command, check=True, capture_output=True, env=environment)

    return best(runs, run, resource.RUSAGE_CHILDREN)


def best(runs: int, run: Callable[[], object], whose: int) -> Measured:
    """Return the least seconds and the least CPU seconds of some runs, after one that does not count."""
    run()
    found: list[Measured] = []
    for _ in range(runs):
        started, before = time.perf_counter(), resource.getrusage(whose)
        run()
        after = resource.getrusage(whose)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        found.append((time.perf_counter() - started, cpu))
    return min(seconds for seconds, _ in found), min(cpu for _, cpu in found)


def watch_cost(project: Path, runs: int) -> Measured:
    """Return the least time from an edit of one query to the written package, and its CPU seconds."""
    reports: SimpleQueue[Outcome | PagespaceDbError] = SimpleQueue()
    watch = threading.Thread(target=watch_codegen, args=(project, None, reports.put), kwargs={"runs": runs + 2})
    watch.start()
    reports.get()
    path = project / "queries" / "file_0.sql"
    text = path.read_text(encoding="utf-8")
    numbers = count()

    def edit() -> None:
        path.write_text(text.replace("AS latest", f"AS latest_{next(numbers)}", 1), encoding="utf-8")
        reports.get()

    measured = best(runs, edit, resource.RUSAGE_SELF)
    watch.join()
    return measured


def mypy_cost(root: Path, target: str) -> Measured:
    """Return what mypy --strict takes for a file or package, without a cache."""
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", "", "--cache-dir", os.devnull, target]
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - started, cpu


def measurements(root: Path, runs: int) -> Iterator[tuple[str, Measured]]:
    """Yield what was measured, and the figures."""
    yield "`pagespace-db --help`", command_cost(runs, "--help")
    yield "`codegen --help`", command_cost(runs, "codegen", "--help")
    for tables, queries in ((60, 0), (60, 200), (300, 0)):
        project = write_project(root / f"{tables}_{queries}", tables, queries=queries)
        what = f"{tables} tables" + (f", {queries} queries" if queries else "")
        yield f"`codegen`, {what}, all anew", command_cost(runs, "codegen", "--no-cache", project=project)
        yield f"`codegen --check`, {what}, nothing changed", command_cost(runs, "codegen", "--check", project=project)
    yield "`codegen --watch`, 60 tables, one of 200 queries changed", watch_cost(root / "60_200", runs)
    project = write_project(root / "migrations", 60, migrations=301)
    generate = "migrate", "generate"
    yield "`migrate generate`, 300 migrations, replayed", command_cost(runs, *generate, "--no-cache", project=project)
    yield "`migrate generate`, 300 migrations, nothing changed", command_cost(runs, *generate, project=project)
    project = write_project(root / "135", 135)
    command_cost(1, "codegen", project=project)
    (project / "empty.py").write_text("import pagespace_db\n", encoding="utf-8")
    empty, package = mypy_cost(project, "empty.py"), mypy_cost(project, "db_135")
    yield "mypy, 135 tables, above an empty file", (package[0] - empty[0], package[1] - empty[1])


def main() -> None:
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print("| what | seconds | CPU |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, scratch_server():
        for what, (seconds, cpu) in measurements(Path(folder), runs):
            print(f"| {what} | {seconds:.2f} | {cpu:.2f} |", flush=True)


if __name__ == "__main__":
    main()
