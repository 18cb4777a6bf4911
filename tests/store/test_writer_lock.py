"""One process records into a database, by whatever name it knows the file."""

from __future__ import annotations

import os

import pytest

from tui_live import paths
from tui_live.errors import StoreError
from tui_live.store.database import WriterLock


@pytest.fixture(autouse=True)
def own_home(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("TUI_LIVE_HOME", str(tmp_path / "home"))


@pytest.mark.parametrize("link", [os.symlink, os.link], ids=["symbolic link", "hard link"])
def test_another_name_of_the_same_file_gives_no_second_lock(tmp_path, link) -> None:
    path, other = tmp_path / "x.db", tmp_path / "elsewhere" / "y.db"
    path.touch()
    other.parent.mkdir()
    link(path, other)
    for one, two in ((path, other), (other, path)):
        holder = WriterLock(one)
        holder.acquire()
        with pytest.raises(StoreError, match=rf"Another TUI Live \(pid {os.getpid()}, running\)"):
            WriterLock(two).acquire()
        holder.release()
        again = WriterLock(two)
        again.acquire()
        again.release()


def test_a_database_without_other_names_has_its_lock_beside_it_alone(tmp_path) -> None:
    lock = WriterLock(tmp_path / "x.db")
    lock.acquire()
    lock.release()
    assert [item.name for item in tmp_path.iterdir()] == ["x.db.lock"]
    assert not paths.state_dir().exists()
