"""What codegen costs, and what its output costs a type checker: `python -m benchmarks.bench_codegen`.

60 tables, 300 tables    seconds of a run that writes nothing new, the scratch server warm
mypy, 135 tables         seconds of CPU for the package, cold, above those for an empty file
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from pagespace_codegen.pipeline import codegen
from pagespace_db.embedded import scratch_server
from pagespace_db.settings import Project

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


def write_project(root: Path, tables: int) -> Project:
    """Return a project in `root` with a schema of that many tables."""
    schema = "CREATE TYPE state AS ENUM ('a', 'b', 'c');\n"
    schema += "".join(TABLE.format(n=n, other=max(0, n - 1)) for n in range(tables))
    root.mkdir(parents=True)
    (root / "schema.sql").write_text(schema, encoding="utf-8")
    nowhere = root / "nowhere"
    return Project(
        root=root, schema=root / "schema.sql", queries=nowhere, migrations=nowhere, out=root / f"db_{tables}"
    )


def warm_seconds(project: Project, server_url: str) -> float:
    """Return the time of the fastest of three runs that find nothing to write."""
    codegen(project, server_url)
    return min(codegen(project, server_url).seconds for _ in range(3))


def mypy_cpu_seconds(root: Path, target: str) -> float:
    """Return the CPU time of mypy --strict for a file or package, without a cache."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", "", "--cache-dir", "/dev/null", target]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder, scratch_server() as server:
        root = Path(folder)
        for tables in (60, 300):
            seconds = warm_seconds(write_project(root / str(tables), tables), server.url())
            print(f"codegen, {tables} tables: {seconds:.2f} s")
        project = write_project(root / "135", 135)
        codegen(project, server.url())
        (project.root / "empty.py").write_text("import pagespace_db\n", encoding="utf-8")
        base = mypy_cpu_seconds(project.root, "empty.py")
        package = mypy_cpu_seconds(project.root, project.out.name)
        print(f"mypy, 135 tables: {package - base:.1f} s of CPU above {base:.1f} s")


if __name__ == "__main__":
    main()
