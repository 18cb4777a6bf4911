"""A clip gets its name, nobody's file is overwritten, and whatever was interrupted is finished."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tui_live.obs.renaming import ClipFileError, finish, free_name, rename


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "Replay 2026-01-01 12-00-00.mkv"
    path.write_bytes(b"video")
    return path


def refused(monkeypatch: pytest.MonkeyPatch, code: int, times: int = 1_000) -> None:
    """``Path.replace`` fails so often, as a lock or a disk would make it."""
    left = [times]
    real = Path.replace

    def replace(one: Path, other: Path) -> Path:
        left[0] -= 1
        if left[0] >= 0:
            raise OSError(code, os.strerror(code), str(one))
        return real(one, other)

    monkeypatch.setattr(Path, "replace", replace)


def test_a_clip_moves_to_its_name(source: Path, tmp_path: Path) -> None:
    assert rename(source, tmp_path / "alice.mkv")
    assert [path.name for path in tmp_path.iterdir()] == ["alice.mkv"]
    assert (tmp_path / "alice.mkv").read_bytes() == b"video"


def test_names_that_are_taken_get_a_number(tmp_path: Path) -> None:
    (tmp_path / "a.mkv").touch()
    (tmp_path / "a_2.mkv").symlink_to(tmp_path / "nowhere")

    assert free_name(tmp_path, "a", ".mkv") == tmp_path / "a_3.mkv"


def test_nothing_is_overwritten_by_a_rename_that_comes_late(source: Path, tmp_path: Path) -> None:
    (tmp_path / "alice.mkv").write_bytes(b"somebody's")

    assert not rename(source, tmp_path / "alice.mkv")
    assert (tmp_path / "alice.mkv").read_bytes() == b"somebody's"
    assert source.exists()


@pytest.mark.parametrize("dangling", [True, False])
def test_a_link_at_the_target_is_not_followed(source: Path, tmp_path: Path, dangling: bool) -> None:
    victim = tmp_path / "victim"
    if not dangling:
        victim.write_bytes(b"precious")
    (tmp_path / "alice.mkv").symlink_to(victim)

    assert not rename(source, tmp_path / "alice.mkv")
    assert not finish(source, tmp_path / "alice.mkv")
    assert victim.exists() is not dangling
    assert dangling or victim.read_bytes() == b"precious"


def test_a_link_is_no_clip(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s")
    (tmp_path / "Replay.mkv").symlink_to(tmp_path / "secret")

    with pytest.raises(ClipFileError, match="not a plain file"):
        rename(tmp_path / "Replay.mkv", tmp_path / "alice.mkv")
    assert (tmp_path / "secret").exists()


@pytest.mark.parametrize(
    ("code", "words"),
    [(errno.EACCES, "locked"), (errno.EBUSY, "locked"), (errno.ENOSPC, "is full"), (errno.EROFS, "read-only")],
)
def test_a_refusal_says_why_and_leaves_nothing_behind(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    refused(monkeypatch, code)

    with pytest.raises(ClipFileError, match=words) as caught:
        rename(source, tmp_path / "alice.mkv")
    assert not caught.value.lost
    assert [path.name for path in tmp_path.iterdir()] == [source.name]


def test_a_folder_that_is_gone_is_named(source: Path, tmp_path: Path) -> None:
    with pytest.raises(ClipFileError, match=r"the folder .*elsewhere is gone"):
        rename(source, tmp_path / "elsewhere" / "alice.mkv")


def test_a_clip_that_is_gone_is_lost(tmp_path: Path) -> None:
    with pytest.raises(ClipFileError, match="is not there") as caught:
        rename(tmp_path / "Replay.mkv", tmp_path / "alice.mkv")
    assert caught.value.lost


def test_another_disk_gets_a_whole_copy(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "other" / "alice.mkv"
    target.parent.mkdir()
    refused(monkeypatch, errno.EXDEV, times=1)

    assert rename(source, target)
    assert target.read_bytes() == b"video"
    assert not source.exists()
    assert [path.name for path in target.parent.iterdir()] == ["alice.mkv"]


class TestAfterAKill:
    """Whatever step was the last, the next start ends with one whole file and nothing lost."""

    def test_before_the_name_was_taken(self, source: Path, tmp_path: Path) -> None:
        assert finish(source, tmp_path / "alice.mkv")
        assert (tmp_path / "alice.mkv").read_bytes() == b"video"

    def test_between_taking_the_name_and_moving(self, source: Path, tmp_path: Path) -> None:
        (tmp_path / "alice.mkv").touch()

        assert finish(source, tmp_path / "alice.mkv")
        assert (tmp_path / "alice.mkv").read_bytes() == b"video"
        assert not source.exists()

    def test_after_moving(self, source: Path, tmp_path: Path) -> None:
        source.rename(tmp_path / "alice.mkv")

        assert finish(source, tmp_path / "alice.mkv")

    def test_in_the_middle_of_a_copy(self, source: Path, tmp_path: Path) -> None:
        (tmp_path / "alice.mkv").touch()
        (tmp_path / "alice.mkv.part").write_bytes(b"vi")

        assert finish(source, tmp_path / "alice.mkv")
        assert [path.name for path in tmp_path.iterdir()] == ["alice.mkv"]

    def test_after_a_copy(self, source: Path, tmp_path: Path) -> None:
        (tmp_path / "alice.mkv").write_bytes(b"video")
        os.utime(tmp_path / "alice.mkv", ns=(0, source.stat().st_mtime_ns))

        assert finish(source, tmp_path / "alice.mkv")
        assert not source.exists()

    def test_somebody_elses_file_is_at_the_target(self, source: Path, tmp_path: Path) -> None:
        (tmp_path / "alice.mkv").write_bytes(b"somebody's")

        assert not finish(source, tmp_path / "alice.mkv")
        assert (tmp_path / "alice.mkv").read_bytes() == b"somebody's"
        assert source.exists()

    def test_the_clip_was_removed(self, tmp_path: Path) -> None:
        (tmp_path / "alice.mkv").touch()

        with pytest.raises(ClipFileError) as caught:
            finish(tmp_path / "Replay.mkv", tmp_path / "alice.mkv")
        assert caught.value.lost
        assert not list(tmp_path.iterdir())
