"""Databases and promises of older servers: nothing is said that they do not know."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from pagespace_codegen.diff.generation.generate import Request, generate, write_files
from pagespace_codegen.diff.inventory.read import read_inventory
from pagespace_codegen.diff.inventory.versions import in_common_terms
from pagespace_db.errors import ConfigError
from pagespace_db.settings import Project, load_project

OLD = """
CREATE TABLE prices (net integer NOT NULL, gross integer GENERATED ALWAYS AS (net * 2) STORED);
"""
NEW = """
CREATE TABLE prices (net integer CONSTRAINT net_is_known NOT NULL, gross integer GENERATED ALWAYS AS (net * 3) STORED);
GRANT ALL ON prices TO pg_monitor;
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "pyproject.toml").write_text("[tool.pagespace_db]\n")
    return load_project(tmp_path)


def _second_migration(project: Project, server_url: str) -> str:
    for schema in (OLD, NEW):
        project.schema.write_text(schema)
        files = generate(project, Request(allowed=("drops-column:prices.gross",)), server_url)
        write_files(files)
    return "\n".join(file.text for file in files)


def test_a_migration_says_what_the_scratch_server_knows(project: Project, server_url: str) -> None:
    text = _second_migration(project, server_url)
    assert "SET EXPRESSION AS" in text
    assert "RENAME CONSTRAINT prices_net_not_null TO net_is_known" in text
    assert "MAINTAIN" in text


def test_a_migration_says_only_what_the_oldest_server_knows(project: Project, server_url: str) -> None:
    text = _second_migration(replace(project, oldest_postgres=15), server_url)
    assert "SET EXPRESSION" not in text
    assert "ADD COLUMN gross integer GENERATED ALWAYS AS ((net * 3)) STORED" in text
    assert "net_is_known" not in text
    assert "GRANT DELETE, INSERT, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE ON TABLE public.prices" in text


def test_servers_of_one_major_version_are_compared_as_they_are(empty_database: str) -> None:
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute(OLD)
        inventory = read_inventory(connection)
    assert in_common_terms(inventory, {18_00_01, 18_00_06}) is inventory


def test_privileges_that_came_later_are_no_difference(empty_database: str) -> None:
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute(OLD)
        inventory = read_inventory(connection)
    common = in_common_terms(inventory, {15_00_00, inventory.server_version})
    granted = {
        grant.privilege
        for item in common.objects
        if item.key.name == "TABLE public.prices"
        for grant in item.facts.grants("granted")
    }
    assert granted == {"DELETE", "INSERT", "REFERENCES", "SELECT", "TRIGGER", "TRUNCATE", "UPDATE"}
    assert common.server_version == 15_00_00


def test_the_oldest_version_is_a_number(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.pagespace_db]\noldest_postgres = "15"\n')
    with pytest.raises(ConfigError, match="a number that is not negative"):
        load_project(tmp_path)
