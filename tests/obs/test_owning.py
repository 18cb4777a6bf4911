"""A file is ours only if it can be: whoever answers on OBS's port may name any."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from tests.obs.causes import cause
from tests.obs.fake import FakeObs
from tests.obs.stand import standing
from tui_live.core.clips import ClipState, ObsState
from tui_live.obs import locating, queue


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("other/authorized_keys", "not in the folder"),
        ("other/video.mkv", "not in the folder"),
        ("clips/authorized_keys", "not a video"),
        ("clips/link.mkv", "not a plain file"),
        ("clips/folder.mkv", "not a plain file"),
        ("clips/old.mkv", "there before"),
    ],
)
async def test_a_file_that_is_not_obs_is_left_alone(
    obs: FakeObs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, words: str
) -> None:
    monkeypatch.setattr(queue, "FILE_SECONDS", 1.0)
    (tmp_path / "other").mkdir()
    for one in ("other/authorized_keys", "other/video.mkv", "clips/authorized_keys", "clips/old.mkv"):
        (tmp_path / one).write_text("somebody's")
        os.utime(tmp_path / one, (1, 1))
    (obs.clips / "link.mkv").symlink_to(tmp_path / "other/video.mkv")
    (obs.clips / "folder.mkv").mkdir()
    before = sorted(tmp_path.rglob("*"))
    obs.tells = obs.writes = False
    async with standing(obs.port, clip_name="mine") as stand:
        await stand.until_state(ObsState.READY)
        await asyncio.sleep(0.2)
        stand.clips.ask(cause())
        await stand.until(lambda: obs.times("SaveReplayBuffer"))
        for _ in range(2):
            await obs.tell("ReplayBufferSaved", savedReplayPath=str(tmp_path / name))
            await asyncio.sleep(0.1)
        (clip,) = await stand.until_told()
    assert clip.state is ClipState.FAILED and words in clip.reason and not clip.path
    assert sorted(tmp_path.rglob("*")) == before


async def test_an_alien_file_does_not_keep_ours_from_its_name(obs: FakeObs, tmp_path: Path) -> None:
    (tmp_path / "other.mkv").write_text("somebody's")
    obs.write_seconds = 0.5
    async with standing(obs.port) as stand:
        await stand.until_state(ObsState.READY)
        stand.clips.ask(cause())
        await stand.until(lambda: obs.times("SaveReplayBuffer"))
        await obs.tell("ReplayBufferSaved", savedReplayPath=str(tmp_path / "other.mkv"))
        (clip,) = await stand.until_told()
    assert clip.state is ClipState.SAVED and (tmp_path / "other.mkv").exists()


async def test_a_name_of_a_file_that_is_in_clip_dir_already(
    obs: FakeObs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "FILE_SECONDS", 0.5)
    (mounted := tmp_path / "mounted").mkdir()
    (mounted / "old.mkv").write_text("somebody's")
    obs.named, obs.writes = r"D:\Video\old.mkv", False
    async with standing(obs.port, clip_dir=mounted) as stand:
        await stand.until_state(ObsState.READY)
        await asyncio.sleep(0.2)
        stand.clips.ask(cause())
        (clip,) = await stand.until_told()
    assert clip.state is ClipState.FAILED and (mounted / "old.mkv").exists()


@pytest.mark.parametrize("seconds", [-3_600, -1, 1, 3_600])
async def test_the_clock_of_a_file_server_is_another(
    obs: FakeObs, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    real = locating.born_ns
    monkeypatch.setattr(locating, "born_ns", lambda path: real(path) + seconds * 1_000_000_000)
    obs.write_seconds = 60
    async with standing(obs.port) as stand:
        await stand.until_state(ObsState.READY)
        stand.clips.ask(cause())
        await stand.until(lambda: obs.times("SaveReplayBuffer"))
        await stand.clips._queue._outstanding.there  # the folder is listed before there is a file
        obs.save(0)
        (clip,) = await stand.until_told()
    assert clip.state is ClipState.SAVED
