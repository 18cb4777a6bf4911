"""What a killed run, or a lost connection, left half done is finished, or ends with a reason."""

from __future__ import annotations

import asyncio
import contextlib
import time
from pathlib import Path

import pytest

from tests.obs.causes import cause
from tests.obs.fake import FakeObs
from tests.obs.ledgers import MemoryLedger
from tests.obs.stand import standing
from tui_live.config import Obs
from tui_live.core.clips import Clip, ClipState, ObsState
from tui_live.obs import client, connection, heartbeat, queue
from tui_live.obs.service import ObsClips


def left(state: ClipState, *, path: Path | None = None, target: Path | None = None, ago_s: float = 1.0) -> MemoryLedger:
    """The ledger of a run that was killed."""
    requested = int((time.time() - ago_s) * 1000)
    clip = Clip(
        number=1, state=state, requested_ms=requested, path=str(path or ""), target=str(target or ""), causes=(cause(),)
    )
    return MemoryLedger([clip])


async def test_a_rename_that_was_not_begun_is_done(obs: FakeObs) -> None:
    source, target = obs.clips / "Replay 1.mkv", obs.clips / "alice.mkv"
    source.write_bytes(b"video")
    # OBS need not be there for it.
    async with standing(1, enabled=False, ledger=left(ClipState.RENAMING, path=source, target=target)) as stand:
        (clip,) = await stand.until_told()
    assert (clip.state, clip.path, clip.number) == (ClipState.SAVED, str(target), 1)
    assert [path.name for path in obs.clips.iterdir()] == ["alice.mkv"]


async def test_a_rename_with_its_name_taken_is_done(obs: FakeObs) -> None:
    source, target = obs.clips / "Replay 1.mkv", obs.clips / "alice.mkv"
    source.write_bytes(b"video")
    target.touch()
    async with standing(1, enabled=False, ledger=left(ClipState.RENAMING, path=source, target=target)) as stand:
        (clip,) = await stand.until_told()
    assert clip.path == str(target) and target.read_bytes() == b"video"


async def test_a_rename_that_was_done_is_told(obs: FakeObs) -> None:
    target = obs.clips / "alice.mkv"
    target.write_bytes(b"video")
    ledger = left(ClipState.RENAMING, path=obs.clips / "Replay 1.mkv", target=target)
    async with standing(1, enabled=False, ledger=ledger) as stand:
        (clip,) = await stand.until_told()
    assert (clip.state, clip.path, clip.size) == (ClipState.SAVED, str(target), 5)


async def test_a_name_that_somebody_took_meanwhile_is_not_overwritten(obs: FakeObs) -> None:
    source, target = obs.clips / "Replay 1.mkv", obs.clips / "alice.mkv"
    source.write_bytes(b"video")
    target.write_bytes(b"somebody's")
    async with standing(1, enabled=False, ledger=left(ClipState.RENAMING, path=source, target=target)) as stand:
        (clip,) = await stand.until_told()
    assert clip.state is ClipState.SAVED and clip.name.startswith("alice_clip that_")
    assert target.read_bytes() == b"somebody's"


async def test_a_clip_without_a_target_gets_a_name(obs: FakeObs) -> None:
    source = obs.clips / "Replay 1.mkv"
    source.write_bytes(b"video")
    async with standing(1, enabled=False, ledger=left(ClipState.RENAMING, path=source)) as stand:
        (clip,) = await stand.until_told()
    assert clip.state is ClipState.SAVED and clip.name.startswith("alice_clip that_")


async def test_a_clip_that_is_gone_says_so(obs: FakeObs) -> None:
    ledger = left(ClipState.RENAMING, path=obs.clips / "Replay 1.mkv", target=obs.clips / "alice.mkv")
    async with standing(1, enabled=False, ledger=ledger) as stand:
        (clip,) = await stand.until_told()
    assert clip.state is ClipState.FAILED and "is not there" in clip.reason


async def test_a_request_of_a_killed_run_finds_its_file(obs: FakeObs) -> None:
    async with standing(obs.port, ledger=left(ClipState.REQUESTED, ago_s=0.2)) as stand:
        await obs.save(0)
        (clip,) = await stand.until_told()
    assert clip.state is ClipState.SAVED and clip.number == 1
    assert [path.name for path in obs.clips.iterdir()] == [clip.name]


@pytest.mark.parametrize("replay", [True, False])
async def test_a_file_of_another_time_is_not_its(obs: FakeObs, replay: bool) -> None:
    if replay:
        await obs.save(0)
    async with standing(obs.port, ledger=left(ClipState.REQUESTED, ago_s=3_600)) as stand:
        (clip,) = await stand.until_told()
    assert clip.state is ClipState.FAILED and "ended before OBS named the file" in clip.reason
    assert len(list(obs.clips.glob("Replay *"))) == replay


async def test_without_obs_a_request_of_a_killed_run_fails(obs: FakeObs, monkeypatch: pytest.MonkeyPatch) -> None:
    async with standing(1, enabled=False, ledger=left(ClipState.REQUESTED)) as stand:
        await stand.until_told()
    monkeypatch.setattr(queue, "RECOVER_SECONDS", 0.3)
    await obs.stop()
    async with standing(obs.port, ledger=left(ClipState.REQUESTED)) as stand:
        (clip,) = await stand.until_told()
    assert clip.state is ClipState.FAILED


async def test_what_was_not_finished_stays_for_the_next_start(obs: FakeObs) -> None:
    ledger = MemoryLedger()
    obs.write_seconds = 60
    async with standing(obs.port, ledger=ledger) as stand:
        await stand.until_state(ObsState.READY)
        stand.clips.ask(cause())
        await stand.until(lambda: ledger.rows)
    assert [clip.state for clip in await ledger.unsettled()] == [ClipState.REQUESTED]
    assert not stand.told


async def test_an_event_that_was_missed_is_made_good(obs: FakeObs, monkeypatch: pytest.MonkeyPatch) -> None:
    """OBS froze while it had our request, and wrote the file when it went on."""
    monkeypatch.setattr(client, "ANSWER_SECONDS", 0.4)
    monkeypatch.setattr(heartbeat, "BEAT_SECONDS", 0.2)
    monkeypatch.setattr(connection, "_BACK_OFF_SECONDS", (0.1,))
    async with standing(obs.port) as stand:
        await stand.until_state(ObsState.READY)
        obs.mute, obs.tells = {"*"}, False
        stand.clips.ask(cause())
        await stand.until_state(ObsState.FROZEN)
        await obs.save(0)
        obs.mute = set()
        (clip,) = await stand.until_told()
    assert clip.state is ClipState.SAVED
    assert [path.name for path in obs.clips.iterdir()] == [clip.name]


async def test_a_request_that_a_frozen_obs_lost_is_made_again(obs: FakeObs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "ANSWER_SECONDS", 0.4)
    monkeypatch.setattr(heartbeat, "BEAT_SECONDS", 0.2)
    monkeypatch.setattr(connection, "_BACK_OFF_SECONDS", (0.1,))
    async with standing(obs.port) as stand:
        await stand.until_state(ObsState.READY)
        obs.mute = {"*"}
        stand.clips.ask(cause())
        await stand.until_state(ObsState.FROZEN)
        obs.mute = set()
        (clip,) = await stand.until_told()
    assert clip.state is ClipState.SAVED
    assert len(obs.times("SaveReplayBuffer")) == 2


async def test_after_the_end_a_match_fails_at_once(obs: FakeObs) -> None:
    obs.write_seconds = 60
    async with standing(obs.port) as stand:
        await stand.until_state(ObsState.READY)
        stand.clips.ask(cause("alice"))
        await stand.until(lambda: obs.times("SaveReplayBuffer"))
        assert stand.task
        stand.task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await stand.task
        stand.clips.ask(cause("bob"))
        (clip,) = stand.told
    assert [one.username for one in clip.causes] == ["bob"]
    assert clip.state is ClipState.FAILED and "not saved any more" in clip.reason


async def test_two_requests_of_killed_runs_do_not_share_a_file(obs: FakeObs) -> None:
    now = int(time.time() * 1000)
    requested = [
        Clip(number=number, state=ClipState.REQUESTED, requested_ms=now - ago, causes=(cause(),))
        for number, ago in ((1, 8_000), (2, 200))
    ]
    async with standing(obs.port, ledger=MemoryLedger(requested)) as stand:
        await obs.save(0)
        told = await stand.until_told(2)
    assert {clip.number: clip.state for clip in told} == {1: ClipState.FAILED, 2: ClipState.SAVED}


async def test_after_a_crash_a_match_says_so(obs: FakeObs, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError("no thread")

    monkeypatch.setattr(connection.Connection, "start", crash)
    told: list[Clip] = []
    room = ObsClips(Obs(enabled=True, port=obs.port), MemoryLedger(), lambda: None, told.append)
    with pytest.raises(RuntimeError):
        await room.run()
    room.ask(cause())
    assert [clip.state for clip in told] == [ClipState.FAILED] and "not saved any more (RuntimeError)" in told[0].reason
