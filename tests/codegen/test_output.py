"""The package is written as a whole or not at all, the same each time, and never over somebody else's files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pagespace_codegen.pipeline import codegen, generate
from pagespace_db.errors import CodegenError, SourceError
from pagespace_db.settings import Project, load_project, process_environment
from tests.projects import write_project

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = {
    "schema.sql": "CREATE TYPE mood AS ENUM ('a', 'b');"
    "CREATE TABLE users (id text PRIMARY KEY, mood mood NOT NULL, score numeric);"
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return write_project(tmp_path, SCHEMA, 'out = "src/shop/db"')


def test_the_committed_package_is_what_the_schema_gives(server_url: str) -> None:
    outcome = codegen(load_project(ROOT), server_url, check=True)
    assert [change.diff(ROOT) for change in outcome.changes] == []


def test_a_second_run_writes_nothing(project: Project, server_url: str) -> None:
    assert {change.path.name for change in codegen(project, server_url).changes} == {
        "__init__.py", "py.typed", "registry.py", "tables.py", "types.py",
    }  # fmt: skip
    before = {path: path.stat().st_mtime_ns for path in project.out.iterdir()}
    assert codegen(project, server_url).changes == ()
    assert {path: path.stat().st_mtime_ns for path in project.out.iterdir()} == before


def test_check_writes_nothing_and_says_what_would_change(project: Project, server_url: str) -> None:
    outcome = codegen(project, server_url, check=True)
    assert not project.out.exists()
    diff = next(change for change in outcome.changes if change.path.name == "tables.py").diff(project.root)
    assert diff.startswith("--- /dev/null\n+++ b/src/shop/db/tables.py\n")


def test_a_mistake_in_the_schema_changes_no_file(project: Project, server_url: str) -> None:
    codegen(project, server_url)
    before = {path: path.read_bytes() for path in project.out.iterdir()}
    (project.root / "schema.sql").write_text("CREATE TABLE users (id txet)", encoding="utf-8")
    with pytest.raises(SourceError):
        codegen(project, server_url)
    assert {path: path.read_bytes() for path in project.out.iterdir()} == before


def test_a_file_of_somebody_else_is_never_overwritten(project: Project, server_url: str) -> None:
    project.out.mkdir(parents=True)
    mine = project.out / "tables.py"
    mine.write_text("by_hand = True\n", encoding="utf-8")
    with pytest.raises(CodegenError, match="not written by pagespace-db, and in the way"):
        codegen(project, server_url)
    assert [path.name for path in project.out.iterdir()] == ["tables.py"]
    assert mine.read_text(encoding="utf-8") == "by_hand = True\n"


def test_a_module_that_is_gone_is_removed_and_other_files_stay(project: Project, server_url: str) -> None:
    codegen(project, server_url)
    (project.out / "by_hand.py").write_text("mine = True\n", encoding="utf-8")
    (project.root / "pyproject.toml").write_text(
        '[tool.pagespace_db]\nout = "src/shop/db"\n[tool.pagespace_db.modules]\nauth = ["users"]\n', encoding="utf-8"
    )
    codegen(load_project(project.root), server_url)
    assert {path.name for path in project.out.glob("*.py")} == {
        "__init__.py", "auth.py", "by_hand.py", "registry.py", "types.py",
    }  # fmt: skip


def test_nothing_is_left_behind_when_a_file_cannot_be_written(project: Project, server_url: str) -> None:
    codegen(project, server_url)
    (project.out / "types.py").unlink()
    (project.out / "types.py").mkdir()
    with pytest.raises(CodegenError, match="cannot read"):
        codegen(project, server_url)
    assert not [path for path in project.out.iterdir() if path.name.startswith(".")]


def test_the_text_does_not_depend_on_hash_seed_or_locale(project: Project, server_url: str) -> None:
    program = (
        "import sys; from pathlib import Path; from pagespace_codegen.pipeline import generate;"
        "from pagespace_db.settings import load_project;"
        "print(sorted(generate(load_project(Path(sys.argv[1])), sys.argv[2]).items()))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program, str(project.root), server_url],
            env=process_environment() | {"PYTHONHASHSEED": seed, "LC_ALL": locale, "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, locale in (("1", "C"), ("2", "tr_TR.UTF-8"))
    }
    assert len(outputs) == 1


@pytest.mark.parametrize("width", ["88", "120"])
def test_ruff_agrees_with_the_layout_at_any_usual_width(server_url: str, width: str) -> None:
    files = generate(load_project(ROOT), server_url)
    for path, text in files.items():
        formatted = subprocess.run(
            [str(Path(sys.executable).with_name("ruff")), "format", "--isolated", "--line-length", width, "-"],
            input=text.replace("# fmt: off\n", ""),
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert formatted == text.replace("# fmt: off\n", ""), path


def test_the_files_are_as_readable_as_those_around_them(project: Project, server_url: str) -> None:
    codegen(project, server_url)
    assert {path.stat().st_mode & 0o777 for path in project.out.iterdir()} == {0o644}
    assert os.access(project.out / "__init__.py", os.R_OK)
