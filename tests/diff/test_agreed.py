"""`migrate generate` remembers that nothing was missing, and notices whatever could make that untrue."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pagespace_codegen import sources
from pagespace_codegen.diff.generation import agreed
from pagespace_codegen.diff.generation.agreed import agreement_key, is_agreed, record_agreement
from pagespace_db.settings import Project, load_project
from tests.projects import write_project

NO_SERVER = "postgresql://nobody@127.0.0.1:1/none"
FILES = {
    "schema.sql": "CREATE TABLE users (id text);\n\\ir more.psql\n",
    "more.psql": "CREATE TABLE pages (id text);\n",
    "migrations/1_users.sql": "-- migrate:up\nCREATE TABLE users (id text);\n-- migrate:down\nDROP TABLE users;\n",
    "migrations/2_pages.sql": "-- migrate:up\nCREATE TABLE pages (id text);\n-- migrate:down\nDROP TABLE pages;\n",
}

Change = Callable[[Path], object]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return write_project(tmp_path, FILES)


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pagespace_db", "--project", str(root), "migrate", "generate", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_second_run_replays_nothing(project: Project, server_url: str) -> None:
    first = run(project.root, "--server", server_url)
    assert first.stdout == "The migrations lead to the schema: there is nothing to write.\n"
    [key] = (project.root / ".pagespace/cache/agreed").read_text(encoding="ascii").split()
    assert key == agreement_key(project, server_url, is_online=True)
    # The verdict of one server is none about another: pretend that it was this one which is not there.
    record_agreement(project, agreement_key(project, NO_SERVER, is_online=True))
    assert run(project.root, "--server", NO_SERVER).stdout == first.stdout
    assert run(project.root, "--server", NO_SERVER, "--no-cache").returncode == 3
    assert run(project.root, "--server", NO_SERVER, "--plain").returncode == 3
    assert run(project.root, "--server", NO_SERVER, "--rename", "users.a=users.b").returncode == 3
    assert (project.root / ".pagespace/.gitignore").read_text(encoding="ascii") == "*\n"


def test_what_is_missing_is_not_remembered(project: Project, server_url: str) -> None:
    (project.root / "more.psql").write_text("", encoding="utf-8")
    assert run(project.root, "--server", server_url, "--dry-run", "--allow", "drops-table:pages").returncode == 0
    assert not (project.root / ".pagespace").exists()


def _append(name: str) -> Change:
    return lambda root: (root / name).write_text((root / name).read_text(encoding="utf-8") + " ", encoding="utf-8")


CHANGES: dict[str, Change] = {
    **{name: _append(name) for name in FILES},
    "another name": lambda root: (root / "migrations/1_users.sql").rename(root / "migrations/3_users.sql"),
    "a file less": lambda root: (root / "migrations/2_pages.sql").unlink(),
    "a file more": lambda root: (root / "migrations/3_more.sql").write_text("-- migrate:up\n", encoding="utf-8"),
    "another schema": lambda root: (root / "pyproject.toml").write_text(
        '[tool.pagespace_db]\nschema = "more.psql"', encoding="utf-8"
    ),
    "no text": lambda root: (root / ".pagespace/cache/agreed").write_text("\xff", encoding="latin-1"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_noticed(project: Project, name: str) -> None:
    record_agreement(project, agreement_key(project, None, is_online=True))
    assert is_agreed(project, agreement_key(project, None, is_online=True))
    CHANGES[name](project.root)
    changed = load_project(project.root)
    assert not is_agreed(changed, agreement_key(changed, None, is_online=True))


def test_going_back_to_what_was_right_is_right(project: Project) -> None:
    record_agreement(project, agreement_key(project, None, is_online=True))
    (project.root / "more.psql").write_text("CREATE TABLE tags ();", encoding="utf-8")
    record_agreement(project, agreement_key(project, None, is_online=True))
    (project.root / "more.psql").write_text(FILES["more.psql"], encoding="utf-8")
    assert is_agreed(project, agreement_key(project, None, is_online=True))


def test_every_module_of_the_diff_decides() -> None:
    program = (
        "import sys, pagespace_codegen.diff.generation.generate\n"
        "print(*(m.__file__ for n, m in sys.modules.items() if n.partition('.')[0].startswith('pagespace_')))"
    )
    imported = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    hashed = {name for name, _ in sources.generator_texts(agreed._GENERATOR)}
    for path in map(Path, imported.split()):
        package = max(path.parts.index(name) for name in agreed._GENERATOR if name in path.parts)
        name = "/".join(path.parts[package:])
        assert name in hashed or name.removesuffix("/__init__.py") in agreed._GENERATOR
