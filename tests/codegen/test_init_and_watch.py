"""A project is begun, also from a live database, and kept up to date while its schema is edited."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Sequence
from pathlib import Path

import psycopg
import pytest

from pagespace_codegen.dump import dump_schema
from pagespace_codegen.init import plan_project
from pagespace_codegen.outcome import Outcome
from pagespace_codegen.pipeline import codegen, generate
from pagespace_codegen.queries import memory
from pagespace_codegen.queries.analysis import Descriptions, Question, describe
from pagespace_codegen.watch import watch_codegen
from pagespace_codegen.workbench import Workbench
from pagespace_db.errors import ConfigError, PagespaceDbError, SourceError
from pagespace_db.settings import Project, load_project
from tests.projects import write_project


def write(files: dict[Path, str]) -> None:
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_a_new_project_generates_at_once(tmp_path: Path, server_url: str) -> None:
    write(plan_project(tmp_path))
    assert "class User(Row):" in generate(load_project(tmp_path), server_url)["tables.py"]


def test_a_project_that_exists_keeps_its_files(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n', encoding="utf-8")
    (tmp_path / "schema.sql").write_text("CREATE TABLE mine ();\n", encoding="utf-8")
    (tmp_path / "src" / "shop").mkdir(parents=True)
    (tmp_path / "src" / "shop" / "__init__.py").touch()
    files = plan_project(tmp_path)
    assert tmp_path / "schema.sql" not in files
    config = tomllib.loads(files[tmp_path / "pyproject.toml"])
    assert config["project"] == {"name": "shop"}
    assert config["tool"]["pagespace_db"]["out"] == "src/shop/db"


def test_a_project_is_begun_once(tmp_path: Path) -> None:
    write(plan_project(tmp_path))
    with pytest.raises(ConfigError, match=r"has a \[tool.pagespace_db\] table already"):
        plan_project(tmp_path)


def no_pg_dump(_major: int) -> Path | None:
    """Stand in for a machine without the program."""
    return None


@pytest.mark.parametrize("has_pg_dump", [True, False])
def test_a_live_database_gives_a_schema_that_means_the_same(
    tmp_path: Path, server_url: str, empty_database: str, monkeypatch: pytest.MonkeyPatch, has_pg_dump: bool
) -> None:
    if not has_pg_dump:
        monkeypatch.setattr("pagespace_codegen.dump._pg_dump", no_pg_dump)
    schema = (Path(__file__).parent / "corpus" / "shop.sql").read_text(encoding="utf-8")
    with psycopg.connect(empty_database) as connection:
        connection.execute(schema.encode())
        connection.execute("CREATE TABLE schema_migrations (version varchar PRIMARY KEY)")
    dumped = dump_schema(empty_database)
    assert "schema_migrations" not in dumped
    assert "SET " not in dumped.partition("CREATE")[0]
    original = write_project(tmp_path / "original", {"schema.sql": schema})
    copy = write_project(tmp_path / "copy", {"schema.sql": dumped})
    assert generate(copy, server_url) == generate(original, server_url)


def watch_edits(project: Project, server_url: str, edits: list[tuple[str, str]]) -> list[Outcome | PagespaceDbError]:
    """Return what a watch reports at first and after each edit: a file of the project, and its new text."""
    reports: list[Outcome | PagespaceDbError] = []
    rest = iter(edits)
    finished = threading.Event()

    def report(result: Outcome | PagespaceDbError) -> None:
        reports.append(result)
        name, text = next(rest, (None, ""))
        if name is not None:
            write({project.root / name: text})

    def watch() -> None:
        watch_codegen(project.root, server_url, report, runs=len(edits) + 1)
        finished.set()

    threading.Thread(target=watch, daemon=True).start()
    assert finished.wait(timeout=30)
    return reports


def test_each_change_of_the_schema_is_taken_up(tmp_path: Path, server_url: str) -> None:
    project = write_project(tmp_path, {"schema.sql": "CREATE TABLE a ();"})
    first, mistake, second = watch_edits(
        project, server_url, [("schema.sql", "CREATE TABLE b ("), ("schema.sql", "CREATE TABLE b ();\n")]
    )
    assert isinstance(first, Outcome)
    assert isinstance(mistake, SourceError)
    assert isinstance(second, Outcome)
    assert codegen(project, server_url, check=True).changes == ()


def test_each_change_of_queries_and_configuration_is_taken_up(tmp_path: Path, server_url: str) -> None:
    project = write_project(tmp_path, {"schema/1.sql": "CREATE TABLE a (n int);"}, 'schema = "schema"')
    config = '[tool.pagespace_db]\nschema = "schema"\nnames = {a = "Thing"}\n'
    reports = watch_edits(
        project,
        server_url,
        [
            ("queries/new.sql", "-- name: ns :many\nSELECT n FROM a;\n"),
            ("queries/new.sql", "-- name: ns :many\nSELECT m FROM a;\n"),
            ("queries/new.sql", "-- name: ns :many\nSELECT n, m FROM a;\n"),
            ("schema/2.sql", "ALTER TABLE a ADD COLUMN m text NOT NULL;\n"),
            ("pyproject.toml", config),
        ],
    )
    written = [
        {change.path.name for change in report.changes}
        if isinstance(report, Outcome)
        else report.message.partition("\n")[0]
        for report in reports
    ]
    assert "new.py" in written[1]
    assert 'column "m" does not exist' in written[2] or "`m`" in written[2]
    assert "new.py" in written[4]
    assert "tables.py" in written[5]
    assert codegen(load_project(tmp_path), server_url, check=True).changes == ()
    assert "class Thing(Row):" in (tmp_path / "db" / "tables.py").read_text(encoding="utf-8")


def test_a_workbench_asks_only_for_what_is_new(
    tmp_path: Path, server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema = {"schema.sql": "CREATE TABLE a (n int, m int NOT NULL);"}
    project = write_project(tmp_path, schema | {"queries/1.sql": "-- name: one :many\nSELECT n FROM a;\n"})
    asked: list[str] = []

    def spying(connection: psycopg.Connection[object], questions: Sequence[Question]) -> Descriptions:
        asked.extend(question.sql for question in questions)
        return describe(connection, questions)

    monkeypatch.setattr(memory, "describe", spying)
    with Workbench(server_url) as workbench:
        codegen(project, workbench=workbench)
        write({tmp_path / "queries" / "2.sql": "-- name: two :many\nSELECT m FROM a WHERE n = :n;\n"})
        codegen(project, workbench=workbench)
        assert asked == ["SELECT n FROM a", "SELECT m FROM a WHERE n = $1"]
        write({tmp_path / "schema.sql": "CREATE TABLE a (n text, m int NOT NULL);"})
        codegen(project, workbench=workbench)
        assert len(asked) == 4
        assert codegen(project, server_url, check=True).changes == ()


def test_a_workbench_starts_again_when_its_server_has_gone(tmp_path: Path, server_url: str) -> None:
    project = write_project(tmp_path, {"schema.sql": "CREATE TABLE a ();"})
    with Workbench(server_url) as workbench, psycopg.connect(server_url, autocommit=True) as admin:
        before = workbench.read(project)
        assert workbench._loaded is not None
        pid = workbench._loaded.connection.info.backend_pid
        admin.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        assert workbench.read(project).catalog == before.catalog
