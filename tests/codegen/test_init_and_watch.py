"""A project is begun, also from a live database, and kept up to date while its schema is edited."""

from __future__ import annotations

import threading
import tomllib
from pathlib import Path

import psycopg
import pytest

from pagespace_codegen.dump import dump_schema
from pagespace_codegen.init import plan_project
from pagespace_codegen.outcome import Outcome
from pagespace_codegen.pipeline import codegen, generate
from pagespace_codegen.watch import watch_codegen
from pagespace_db.errors import ConfigError, PagespaceDbError, SourceError
from pagespace_db.settings import load_project
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


def test_a_live_database_gives_a_schema_that_means_the_same(
    tmp_path: Path, server_url: str, empty_database: str
) -> None:
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


def test_each_change_of_the_schema_is_taken_up(tmp_path: Path, server_url: str) -> None:
    project = write_project(tmp_path, {"schema.sql": "CREATE TABLE a ();"})
    reports: list[Outcome | PagespaceDbError] = []
    texts = iter(["CREATE TABLE b (", "CREATE TABLE b ();\n"])
    finished = threading.Event()

    def report(result: Outcome | PagespaceDbError) -> None:
        reports.append(result)
        text = next(texts, None)
        if text is not None:
            (project.root / "schema.sql").write_text(text, encoding="utf-8")

    def watch() -> None:
        watch_codegen(project.root, server_url, report, runs=3)
        finished.set()

    threading.Thread(target=watch, daemon=True).start()
    assert finished.wait(timeout=30)
    first, mistake, second = reports
    assert isinstance(first, Outcome)
    assert isinstance(mistake, SourceError)
    assert isinstance(second, Outcome)
    assert codegen(project, server_url, check=True).changes == ()
