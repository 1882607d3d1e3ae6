"""A project with an empty database, and a barrier for its migrations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.migrate.project import Barrier, Project


@pytest.fixture
def project(tmp_path: Path, empty_database: str) -> Project:
    """An empty folder and an empty database."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    return Project(folder, empty_database)


@pytest.fixture
def barrier(project: Project) -> Iterator[Barrier]:
    """A barrier for the migrations of `project`."""
    found = Barrier(project.url)
    yield found
    found.close()
