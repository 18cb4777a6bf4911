"""Every place on disk is the platform's, or lies below ``TUI_LIVE_HOME``."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tui_live import paths
from tui_live.errors import TuiLiveError


def test_everything_lies_below_a_home_of_ones_own(own_home: Path) -> None:
    places = [paths.config_file(), paths.database_file(), paths.log_file(), paths.overlay_token_file()]
    assert all(place.is_relative_to(own_home) for place in places) and len(set(places)) == 4
    assert not own_home.exists()


def test_the_platforms_folders_are_used_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TUI_LIVE_HOME")
    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    assert paths.config_file() == tmp_path / "CONFIG/tui-live/config.yaml"
    assert paths.database_file() == tmp_path / "DATA/tui-live/tui-live.db"
    assert paths.log_file() == tmp_path / "STATE/tui-live/tui-live.log"


def test_new_folders_are_for_their_owner_alone_and_old_ones_are_left(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    made = paths.private(tmp_path / "a" / "b")
    assert [stat.S_IMODE(place.stat().st_mode) for place in (tmp_path, made.parent, made)] == [0o755, 0o700, 0o700]
    assert paths.private(made) == made


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TuiLiveError, match="cannot be created"):
        paths.private(tmp_path / "file" / "below")


def test_styles_and_default_configuration_are_found_in_the_checkout() -> None:
    assert list(paths.styles_dir().glob("*.tcss")) and paths.default_config().is_file()
