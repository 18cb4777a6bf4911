"""With a real OBS: what it does is what the rest of these tests take for granted."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.obs.causes import cause
from tests.obs.ledgers import MemoryLedger
from tests.obs.real import RealObs, missing
from tests.obs.stand import Lag, Stand, standing
from tui_live.core.clips import Clip, ClipState, ObsState
from tui_live.obs.duration import duration_ms

pytestmark = pytest.mark.skipif(bool(missing()), reason=f"a real OBS cannot run here: {missing()}")
#: Whoever waited for OBS in the loop would hold it for a second or more; a busy machine adds far less.
LAG_S = 0.25


@pytest.fixture
async def started(tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    """Starts OBS with options of :class:`RealObs`; it is gone at the end."""
    running: list[RealObs] = []

    async def start(**options: Any) -> RealObs:
        obs = RealObs(tmp_path / f"obs{len(running)}", **options)
        running.append(obs)
        await obs.start()
        return obs

    yield start
    for obs in running:
        await asyncio.to_thread(obs.close)


def plays(path: Path) -> bool:
    """Whether ffprobe finds a video in it."""
    shown = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "v", "-count_packets", "-show_entries", "stream", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    return shown.returncode == 0 and int(re.search(r"nb_read_packets=(\d+)", shown.stdout)[1]) > 10  # type: ignore[index]


async def filled(stand: Stand) -> None:
    """Wait until the buffer runs and holds a keyframe or two; OBS tells neither."""
    await stand.until_state(ObsState.READY)
    await asyncio.sleep(1.5)


async def test_a_clip_is_saved_named_and_plays(started: Callable[..., Any]) -> None:
    obs = await started()
    async with standing(obs.port, obs.password, source_name="Colour") as stand:
        await filled(stand)
        status = stand.clips.status
        stand.clips.ask(cause("alice", "clip that"))
        (clip,) = await stand.until_told()
        await stand.until(lambda: stand.ledger.rows[0].duration_ms)

    assert (status.buffer_seconds, status.folder, status.warning) == (5, str(obs.clips), "")
    assert clip.state is ClipState.SAVED and clip.name.startswith("alice_clip that_") and clip.name.endswith(".mkv")
    assert [path.name for path in obs.clips.iterdir()] == [clip.name]
    assert plays(Path(clip.path)) and clip.size == Path(clip.path).stat().st_size
    assert 500 < stand.ledger.rows[0].duration_ms < 10_000
    assert stand.ledger.rows[0].duration_ms == await duration_ms(Path(clip.path))


async def test_ten_causes_of_five_users_in_three_seconds(started: Callable[..., Any]) -> None:
    obs = await started()
    async with standing(obs.port, obs.password, merge_window_seconds=0) as stand, Lag() as lag:
        await filled(stand)
        for number in range(10):
            stand.clips.ask(cause(f"user{number % 5}", f"word{number}"))
            await asyncio.sleep(0.28)
        await stand.until(lambda: sum(len(clip.causes) for clip in stand.told) == 10)

    words = sorted(one.trigger for clip in stand.ledger.rows for one in clip.causes)
    assert words == [f"word{number}" for number in range(10)]
    assert 2 <= len(stand.told) <= 4
    for clip in stand.told:
        assert clip.state is ClipState.SAVED
        assert clip.name.startswith(f"{clip.causes[0].username}_{clip.causes[0].trigger}_")
        assert plays(Path(clip.path))
    assert {path.name for path in obs.clips.iterdir()} == {clip.name for clip in stand.told}
    assert lag.longest < LAG_S


async def test_a_clip_saved_by_hand_is_left_alone(started: Callable[..., Any]) -> None:
    obs = await started()
    async with standing(obs.port, obs.password, merge_window_seconds=0) as stand:
        await filled(stand)
        hand = await asyncio.to_thread(obs.client)
        await asyncio.to_thread(hand.save_replay_buffer)
        await stand.until(lambda: list(obs.clips.iterdir()))
        await asyncio.sleep(1.2)
        (theirs,) = obs.clips.iterdir()
        stand.clips.ask(cause("alice"))
        (clip,) = await stand.until_told()
        await asyncio.to_thread(hand.disconnect)

    assert theirs.name.startswith("Replay ") and plays(theirs)
    assert clip.state is ClipState.SAVED and plays(Path(clip.path))
    assert {path.name for path in obs.clips.iterdir()} == {theirs.name, clip.name}


async def test_wrong_password(started: Callable[..., Any]) -> None:
    obs = await started()
    async with standing(obs.port, "another") as stand:
        status = await stand.until_state(ObsState.REFUSED)
        stand.clips.ask(cause())
    assert "does not take the password" in status.reason
    assert "set obs.password" in stand.told[0].reason
    async with standing(obs.port, None) as stand:
        status = await stand.until_state(ObsState.REFUSED)
    assert "none is set" in status.reason


async def test_no_password_is_needed_where_obs_wants_none(started: Callable[..., Any]) -> None:
    obs = await started(password="")
    async with standing(obs.port, None) as stand:
        await stand.until_state(ObsState.READY)


async def test_the_buffer_is_switched_off(started: Callable[..., Any]) -> None:
    obs = await started(buffer=False)
    async with standing(obs.port, obs.password) as stand:
        status = await stand.until_state(ObsState.NO_BUFFER)
        stand.clips.ask(cause())
    assert "Enable Replay Buffer" in status.remedy and "Enable Replay Buffer" in stand.told[0].reason


async def test_the_buffer_is_not_started(started: Callable[..., Any]) -> None:
    obs = await started()
    async with standing(obs.port, obs.password, start_replay_buffer=False) as stand:
        await stand.until_state(ObsState.STOPPED)
        hand = await asyncio.to_thread(obs.client)
        await asyncio.to_thread(hand.start_replay_buffer)
        await stand.until_state(ObsState.READY)
        await asyncio.to_thread(hand.disconnect)


async def test_no_video_source_until_there_is_one(started: Callable[..., Any]) -> None:
    obs = await started(video=False)
    async with standing(obs.port, obs.password) as stand:
        status = await stand.until_state(ObsState.NO_VIDEO)
        assert "video source" in status.reason
        hand = await asyncio.to_thread(obs.client)
        await asyncio.to_thread(hand.create_input, "Scene", "Colour", "color_source_v3", {}, True)
        await stand.until_state(ObsState.READY)
        await asyncio.to_thread(hand.disconnect)


async def test_frozen_killed_and_started_again_it_heals_and_the_loop_goes_on(started: Callable[..., Any]) -> None:
    obs = await started()
    async with standing(obs.port, obs.password) as stand, Lag() as lag:
        await filled(stand)
        obs.freeze()
        status = await stand.until_state(ObsState.FROZEN)
        assert "does not answer" in status.reason
        obs.thaw()
        await stand.until_state(ObsState.READY)
        await asyncio.to_thread(obs.kill)
        status = await stand.until_state(ObsState.ABSENT)
        assert status.remedy.startswith("start OBS")
        await obs.start()
        await filled(stand)
        stand.clips.ask(cause())
        (clip,) = await stand.until_told()
    assert clip.state is ClipState.SAVED and plays(Path(clip.path))
    assert lag.longest < LAG_S


async def test_a_clip_asked_for_while_obs_is_frozen_comes_when_it_goes_on(started: Callable[..., Any]) -> None:
    obs = await started()
    async with standing(obs.port, obs.password) as stand:
        await filled(stand)
        obs.freeze()
        stand.clips.ask(cause())
        await stand.until_state(ObsState.FROZEN)
        obs.thaw()
        (clip,) = await stand.until_told()
    assert clip.state is ClipState.SAVED and plays(Path(clip.path))


async def test_a_folder_that_is_gone_is_made_anew_or_told(started: Callable[..., Any]) -> None:
    obs = await started()
    async with standing(obs.port, obs.password, merge_window_seconds=0) as stand:
        await filled(stand)
        obs.clips.rmdir()
        stand.clips.ask(cause("alice"))
        (first,) = await stand.until_told()
        shutil.rmtree(obs.clips)
        obs.clips.write_text("no folder can be here")
        stand.clips.ask(cause("bob"))
        second = (await stand.until_told(2))[1]
    assert first.state is ClipState.SAVED
    assert second.state is ClipState.FAILED and second.reason


async def test_killed_between_save_and_rename_the_next_start_finishes(
    started: Callable[..., Any], tmp_path: Path
) -> None:
    obs = await started()
    rows = tmp_path / "rows.json"
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.obs.killed", str(obs.port), str(rows), stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert child.stdin and child.stdout
    child.stdin.write(f"{obs.password}\n".encode())
    async with asyncio.timeout(30):
        assert (await child.stdout.readline()).strip() == b"renaming"
    with contextlib.suppress(ProcessLookupError):
        os.kill(child.pid, signal.SIGKILL)
    await child.wait()

    (clip,) = msgspec.json.decode(rows.read_bytes(), type=list[Clip])
    assert clip.state is ClipState.RENAMING and Path(clip.path).exists() and clip.target
    async with standing(obs.port, obs.password, ledger=MemoryLedger([clip])) as stand:
        (finished,) = await stand.until_told()
    assert (finished.state, finished.path) == (ClipState.SAVED, clip.target)
    assert [path.name for path in obs.clips.iterdir()] == [finished.name] and plays(Path(finished.path))


async def test_a_save_leaves_within_milliseconds_of_its_cause(started: Callable[..., Any]) -> None:
    obs = await started()
    async with standing(obs.port, obs.password) as stand:
        await filled(stand)
        began = time.monotonic()
        stand.clips.ask(cause())
        (clip,) = await stand.until_told()
    assert clip.state is ClipState.SAVED
    assert time.monotonic() - began < 5
