"""Causes that join a clip: none vanishes, and a burst of them costs little."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from tests.obs.causes import cause
from tests.obs.fake import FakeObs
from tests.obs.ledgers import MemoryLedger
from tests.obs.stand import standing
from tui_live.core.clips import MOST_CAUSES, ClipState, ObsState
from tui_live.obs import queue


async def test_a_cause_on_its_way_into_the_row_outlives_a_rename(obs: FakeObs) -> None:
    ledger = MemoryLedger()
    async with standing(obs.port, ledger=ledger, merge_window_seconds=30) as stand:
        await stand.until_state(ObsState.READY)
        stand.clips.ask(cause("alice"))
        await stand.until(lambda: ledger.rows and ledger.rows[0].state is ClipState.SAVED)
        await asyncio.sleep(0.3)
        ledger.held.clear()
        stand.clips.ask(cause("bob"))
        await asyncio.sleep(0.01)
        stand.clips.ask(cause("carol"))
        released = asyncio.create_task(stand.clips.release(1))
        await asyncio.sleep(0.05)  # nothing announces that it waits
        assert not released.done()
        ledger.held.set()
        await asyncio.wait_for(released, 0.5)
        assert [one.username for one in ledger.rows[0].causes] == ["alice", "bob", "carol"]


async def test_a_burst_is_written_once_a_second_and_counted(obs: FakeObs) -> None:
    ledger = MemoryLedger()
    async with standing(obs.port, ledger=ledger, merge_window_seconds=30) as stand:
        await stand.until_state(ObsState.READY)
        stand.clips.ask(cause("first"))
        await stand.until(lambda: ledger.rows and ledger.rows[0].state is ClipState.SAVED)
        await asyncio.sleep(0.3)
        before = len(ledger.states)
        for number in range(150):
            stand.clips.ask(cause(f"c{number}"))
            await asyncio.sleep(0.005)
        assert len(ledger.states) - before <= 2
    # What was still to be written is written at the end.
    (row,) = ledger.rows
    assert (len(row.causes), row.more) == (MOST_CAUSES, 151 - MOST_CAUSES)


async def test_failures_of_a_burst_are_one_entry_without_a_window_too(obs: FakeObs) -> None:
    await obs.stop()
    async with standing(obs.port, merge_window_seconds=0) as stand:
        await stand.until_state(ObsState.ABSENT)
        end = time.monotonic() + 0.5
        while time.monotonic() < end:
            stand.clips.ask(cause())
            await asyncio.sleep(0.01)
        assert len(stand.told) == 1


async def test_what_comes_before_obs_is_ready_is_saved_when_it_is(obs: FakeObs) -> None:
    async with standing(obs.port) as stand:
        assert stand.clips.status.state is ObsState.CONNECTING
        stand.clips.ask(cause("alice"))
        stand.clips.ask(cause("bob"))
        (clip,) = await stand.until_told()
    assert clip.state is ClipState.SAVED and [one.username for one in clip.causes] == ["alice", "bob"]


async def test_it_fails_when_obs_does_not_get_ready(obs: FakeObs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "READY_SECONDS", 0.3)
    obs.active, obs.starts = False, False
    async with standing(obs.port) as stand:
        await stand.until_state(ObsState.STARTING)
        stand.clips.ask(cause("alice"))
        assert not stand.told
        (clip,) = await stand.until_told(seconds=1)
    assert clip.state is ClipState.FAILED and "starting" in clip.reason


async def test_once_the_file_is_told_of_only_the_window_counts(obs: FakeObs, tmp_path: Path) -> None:
    (mounted := tmp_path / "mounted").mkdir()
    obs.writes, obs.named = False, "/elsewhere/Replay 1.mkv"
    async with standing(obs.port, clip_dir=mounted, merge_window_seconds=0) as stand:
        await stand.until_state(ObsState.READY)
        stand.clips.ask(cause("alice"))
        await stand.until(lambda: stand.ledger.rows and stand.ledger.rows[0].saved_ms)
        obs.named = "/elsewhere/Replay 2.mkv"
        stand.clips.ask(cause("bob"))
        (mounted / "Replay 1.mkv").write_bytes(b"one")
        await stand.until_told()
        (mounted / "Replay 2.mkv").write_bytes(b"two")
        await stand.until_told(2)
    assert [[one.username for one in clip.causes] for clip in stand.told] == [["alice"], ["bob"]]
