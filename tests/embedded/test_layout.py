"""Where clusters live, and what is refused."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from pagespace_db.embedded.layout import development_layout, layout_of, make_home, scratch_layout, user_folder
from pagespace_db.errors import DatabaseUnavailable


def test_a_socket_path_that_is_too_long_goes_to_the_temporary_directory(tmp_path: Path) -> None:
    home = tmp_path / ("deep" * 30)
    layout = layout_of(home)
    assert home not in layout.socket_dir.parents
    assert len(os.fsencode(layout.socket_dir / ".s.PGSQL.65535.lock")) <= 103
    assert layout.socket_dir != layout_of(tmp_path / ("deep" * 31)).socket_dir


def test_two_projects_have_two_homes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    homes = {development_layout(tmp_path / name).home for name in ("one", "two", "one")}
    assert len(homes) == 2


def test_scratch_clusters_differ_by_installation_only(tmp_path: Path) -> None:
    assert scratch_layout("a", base=tmp_path) == scratch_layout("a", base=tmp_path)
    assert scratch_layout("a", base=tmp_path) != scratch_layout("b", base=tmp_path)


def test_a_home_is_closed_to_others_and_ignored_by_git(tmp_path: Path) -> None:
    old_umask = os.umask(0)
    try:
        layout = layout_of(tmp_path / "new" / "home")
        make_home(layout)
    finally:
        os.umask(old_umask)
    assert stat.S_IMODE(layout.home.stat().st_mode) & 0o066 == 0
    assert (layout.home / ".gitignore").read_text() == "*\n"


def test_a_folder_that_cannot_be_written_is_one_clear_error() -> None:
    with pytest.raises(DatabaseUnavailable) as raised:
        make_home(layout_of(Path("/proc/project/.pagespace")))
    assert raised.value.message.startswith("cannot make the folder of the server, /proc/project/.pagespace: ")
    assert raised.value.help is not None
    assert "DATABASE_URL" in raised.value.help


def test_a_file_in_the_place_of_the_folder_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / ".pagespace").touch()
    with pytest.raises(DatabaseUnavailable, match=r"cannot make the folder of the server, .*: Not a directory"):
        make_home(layout_of(tmp_path / ".pagespace"))


def test_a_folder_that_somebody_else_has_planted_is_refused(tmp_path: Path) -> None:
    planted = tmp_path / f"pagespace-db-{os.geteuid()}"
    planted.symlink_to(tmp_path)
    with pytest.raises(DatabaseUnavailable, match="is not a folder of ours"):
        user_folder(tmp_path)


def test_a_home_of_another_user_is_refused(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        home = tmp_path / ".pagespace"
        home.mkdir()
        os.chown(home, 12_345, 12_345)
    else:
        home = Path("/usr")
    with pytest.raises(DatabaseUnavailable, match="is not a folder of ours"):
        make_home(layout_of(home))
