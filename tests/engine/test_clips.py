"""From a match to the ledger, without OBS: what is remembered, what is given back, and what can be cleaned up."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec import structs

from tests.store.conftest import KING, NOW_MS, batch, chat
from tests.store.conftest import path as path  # noqa: PLC0414 - fixtures
from tests.store.conftest import reader as reader  # noqa: PLC0414
from tests.store.conftest import recorder as recorder  # noqa: PLC0414
from tests.store.test_clips import cause, clip
from tui_live.config import load
from tui_live.core.clips import Clip, ClipState
from tui_live.core.log import LogModel
from tui_live.engine.clips import Clips
from tui_live.errors import ClipError, MissingError
from tui_live.store.clips import ClipLedger

SESSIONS = SimpleNamespace(current=SimpleNamespace(id="", totals=SimpleNamespace(viewers=3)))
STREAM = SimpleNamespace(name="ana", index=0, sessions=SESSIONS)


@pytest.fixture
def clips(recorder, reader, tmp_path) -> Clips:
    config = tmp_path / "c.yaml"
    config.write_text("triggers: [{word: clip that, cooldown_seconds: 600}]\n")
    ledger = ClipLedger(recorder, reader)
    return Clips(load(config, {}).config, ledger, lambda: {"ana": STREAM}, LogModel(100), None, lambda number: "")


async def written(clips: Clips) -> Sequence[Clip]:
    """The ledger's entries, as soon as there are any."""
    async with asyncio.timeout(40):
        while not (found := await clips.clips()):
            await asyncio.sleep(0)
    return found


async def test_a_failure_spends_no_cooldown(clips) -> None:
    for number in range(3):
        clips.look(STREAM, batch(chat(f"clip that {number}", KING)))
    assert (clips.rules()[0].matches, clips.rules()[0].suppressed) == (3, 0)
    await written(clips)


async def test_a_clip_by_hand_has_the_time_of_the_stream_not_ours(clips) -> None:
    clips.look(STREAM, batch(chat("hi", time_ms=NOW_MS - 40_000), received_ms=NOW_MS))
    clips.look(STREAM, batch(chat("long ago", time_ms=5, history=True), received_ms=NOW_MS))
    with pytest.raises(ClipError):
        await clips.clip_now("ana")
    [found] = await written(clips)
    assert found.causes[0].event_ms - found.causes[0].matched_ms == -40_000


async def test_what_has_no_file_is_cleaned_up(clips, tmp_path: Path) -> None:
    add = clips._ledger.add
    failed = await add(clip(state=ClipState.FAILED, reason="OBS is not running"))
    gone = await add(clip(state=ClipState.SAVED, path=str(tmp_path / "gone.mkv")))
    file = tmp_path / "there.mkv"
    file.write_bytes(b"video")
    there = await add(clip(state=ClipState.SAVED, path=str(file)))
    away = await add(clip(state=ClipState.KEPT, path=str(tmp_path / "not mounted" / "a.mkv")))
    coming = await add(clip())
    for entry in (failed, gone):
        await clips.delete_clip(entry.number)
        with pytest.raises(MissingError):
            await clips.clip(entry.number)
    await clips.delete_clip(there.number)
    assert (await clips.clip(there.number)).state is ClipState.DELETED and not file.exists()
    await clips.delete_clip(there.number)
    with pytest.raises(MissingError):
        await clips.clip(there.number)
    with pytest.raises(ClipError, match="still on its way"):
        await clips.delete_clip(coming.number)
    with pytest.raises(Exception, match="not mounted"):
        await clips.delete_clip(away.number)
    assert [found.number for found in await clips.clips()] == [coming.number, away.number]


async def test_a_path_of_another_system_is_never_one_beside_us(clips, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (r"C:\videos\a.mkv", "a.mkv"):
        (tmp_path / name).write_bytes(b"somebody else's")
        entry = await clips._ledger.add(clip(cause(), state=ClipState.KEPT, path=name, reason="on another machine"))
        for act in (clips.clip_file, clips.delete_clip, lambda number: clips.rename_clip(number, "mine")):
            with pytest.raises(ClipError, match="on another machine"):
                await act(entry.number)
        assert (tmp_path / name).exists()
        assert structs.replace(await clips.clip(entry.number)) == entry
