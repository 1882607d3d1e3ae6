"""Which database a command acts on."""

from __future__ import annotations

import tempfile
from pathlib import Path

import psycopg
import pytest

from pagespace_db.embedded import development_cluster
from pagespace_db.errors import ConfigError
from pagespace_db.target import resolve_target


def test_a_given_url_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://environment/app")
    with resolve_target("postgresql://given/app", Path("/nonexistent")) as url:
        assert url == "postgresql://given/app"


def test_the_environment_wins_over_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://environment/app")
    with resolve_target(None, Path("/nonexistent")) as url:
        assert url == "postgresql://environment/app"


def test_outside_of_a_project_somebody_has_to_name_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(ConfigError, match="no database is named") as raised, resolve_target(None, Path("/")):
        pass
    assert raised.value.help is not None
    assert raised.value.help.startswith("set DATABASE_URL, or pass --url URL, or go into a project")


def test_a_project_has_a_development_server_with_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with tempfile.TemporaryDirectory(prefix="pagespace-test-") as folder:
        root = Path(folder).resolve()
        root.chmod(0o755)
        (root / "pyproject.toml").write_text("[tool.pagespace_db]\n")
        (root / "below").mkdir()
        for _ in range(2):  # first it is made, then it is found
            with resolve_target(None, root / "below") as url, psycopg.connect(url) as connection:
                assert connection.info.dbname == "app"
        development_cluster(root).stop()
