"""Schemas of different character give packages that work, and that ruff, mypy and pyright accept without a word."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from pagespace_codegen.catalog.load import load
from pagespace_codegen.catalog.source import load_schema
from pagespace_codegen.pipeline import codegen
from pagespace_db.builder.columns import Source
from pagespace_db.connect import connect
from pagespace_db.embedded.databases import scratch_database
from pagespace_db.settings import Project, process_environment
from tests.codegen.round_trips import check_round_trips
from tests.projects import write_project

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.sql"))
NAMES = [path.stem for path in CORPUS]


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory, server_url: str) -> Iterator[dict[str, Project]]:
    """Every schema as a project with its package generated, importable as `corpus_<name>`."""
    root = tmp_path_factory.mktemp("corpus")
    made: dict[str, Project] = {}
    for path in CORPUS:
        out = f'out = "{root / "src" / f"corpus_{path.stem}"}"'
        made[path.stem] = write_project(root / path.stem, {"schema.sql": path.read_text(encoding="utf-8")}, out)
        codegen(made[path.stem], server_url)
    sys.path.insert(0, str(root / "src"))
    yield made
    sys.path.remove(str(root / "src"))
    for module in [module for module in sys.modules if module.startswith("corpus_")]:
        del sys.modules[module]


def sources(projects: dict[str, Project]) -> Path:
    return next(iter(projects.values())).out.parent


def run(arguments: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name(arguments[0])), *arguments[1:]]
    environment = process_environment() | {"MYPYPATH": str(cwd)}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", NAMES)
def test_a_row_of_every_table_comes_back_and_every_relation_loads(
    projects: dict[str, Project], server_url: str, name: str
) -> None:
    package = importlib.import_module(f"corpus_{name}")
    actual = {
        (table._schema, table._name, column._name)
        for table in vars(package).values()
        if isinstance(table, Source)
        for column in table._columns
    }
    with (
        scratch_database(server_url) as database,
        connect(database.admin_conninfo, autocommit=True) as owner,
        connect(database.conninfo, autocommit=True) as connection,
    ):
        load(load_schema(projects[name].schema, projects[name].root), connection, owner)
        assert actual == columns(owner)
        assert check_round_trips(package, database.admin_conninfo) == []


def columns(connection: psycopg.Connection[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """Return schema, relation and name of every column of the user's relations, as the server lists them."""
    found = connection.execute(
        "SELECT n.nspname, c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND NOT c.relispartition AND a.attnum > 0 AND NOT attisdropped"
        " AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
        " AND NOT EXISTS (SELECT FROM pg_depend d"
        " WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')"
    )
    return set(found)


def test_ruff_has_nothing_to_say(projects: dict[str, Project]) -> None:
    done = run(["ruff", "check", "--isolated", "--no-cache", "."], sources(projects))
    assert done.returncode == 0, done.stdout


def test_mypy_has_nothing_to_say(projects: dict[str, Project]) -> None:
    packages = [argument for name in NAMES for argument in ("-p", f"corpus_{name}")]
    done = run(["mypy", "--strict", "--config-file", "", *packages], sources(projects))
    assert done.returncode == 0, done.stdout


def test_pyright_has_nothing_to_say(projects: dict[str, Project]) -> None:
    cwd = sources(projects)
    settings = {"typeCheckingMode": "strict", "pythonVersion": "3.11", "reportPrivateUsage": False}
    (cwd / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    done = run(["pyright", "--pythonpath", sys.executable], cwd)
    assert done.returncode == 0, done.stdout
