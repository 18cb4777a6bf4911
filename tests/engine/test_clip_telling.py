"""What is said about clips: one line each, however many asked, and one for each change of OBS."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from msgspec import structs

from tests.store.test_clips import cause, clip
from tests.waiting import until
from tui_live.core.clips import ClipState, ObsState, ObsStatus
from tui_live.core.log import TEXT, LogModel
from tui_live.engine import clip_telling
from tui_live.engine.clip_telling import ClipTelling

ABSENT = ObsStatus(ObsState.ABSENT, "OBS is not running", "start it")
FAILED = clip(*[cause(username=f"u{n}") for n in range(2000)], state=ClipState.FAILED, reason="OBS is not running")


@pytest.fixture
def model() -> LogModel:
    return LogModel(100)


@pytest.fixture
def telling(model) -> ClipTelling:
    return ClipTelling(lambda: {"ana": SimpleNamespace(index=0)}, model)


def lines(model: LogModel) -> list[str]:
    return [model.row(seq)[TEXT] for seq in range(model.next_seq)]


async def test_a_clip_is_one_line_however_many_asked(telling, model, caplog) -> None:
    caplog.set_level("INFO")
    said: list[str] = []
    telling.listen(said.append)
    telling.settled(FAILED)
    assert lines(model) == ["please CLIP THAT → no clip: OBS is not running … and 1,999 more"]
    assert said == ["clip of @u0 (clip that) in @ana: no clip: OBS is not running … and 1,999 more"]
    kept = {"state": ClipState.KEPT, "path": "/v/Replay.mkv", "reason": "it is locked"}
    telling.settled(clip(cause(), **kept))
    assert said[1] == "clip of @king (clip that) in @ana: kept as Replay.mkv: it is locked"
    telling.settled(clip(cause(), state=ClipState.SAVED, saved_ms=0))
    assert len(said) == 2, "what is well is not told to a journal"
    assert [(record.levelname, record.message) for record in caplog.records] == [
        *(("WARNING", line) for line in said),
        ("INFO", "clip of @king (clip that) in @ana: saved, 0.0 s"),
    ]


async def test_who_joins_a_settled_clip_is_told_once_a_second(telling, model, monkeypatch) -> None:
    monkeypatch.setattr(clip_telling, "JOINERS_SECONDS", 0.1)
    for number in range(50):
        telling.joined(FAILED, cause(message=f"m{number}"))
    assert lines(model) == []
    await until(lambda: lines(model))
    telling.joined(FAILED, cause(message="alone"))
    telling.joined(structs.replace(FAILED, causes=(cause(username="x"),)), cause(message="another clip"))
    telling.close()
    # Timers of one loop fire in turn: had theirs been left, it would have fired before this one.
    later = asyncio.Event()
    asyncio.get_running_loop().call_later(clip_telling.JOINERS_SECONDS, later.set)
    await later.wait()
    reason = "→ no clip: OBS is not running"
    assert lines(model) == [f"m0 {reason} … and 49 more", f"alone {reason}", f"another clip {reason}"]


async def test_obs_is_said_when_it_changes_for_good_and_when_it_is_back(telling) -> None:
    said: list[str] = []
    telling.obs(ABSENT)
    telling.listen(said.append)
    assert said == ["OBS: OBS is not running — start it"], "whoever listens later hears it, too"
    telling.obs(ObsStatus(ObsState.CONNECTING, "connecting with OBS"))
    telling.obs(structs.replace(ABSENT, since_ms=5))
    assert len(said) == 1
    telling.obs(ObsStatus(ObsState.READY))
    telling.obs(ObsStatus(ObsState.READY, warning="the folder is elsewhere"))
    telling.obs(ABSENT)
    assert said[1:] == ["OBS is ready: clips are saved", "OBS: OBS is not running — start it"]


async def test_obs_that_is_not_wanted_says_nothing(telling) -> None:
    said: list[str] = []
    telling.listen(said.append)
    telling.obs(ObsStatus(ObsState.OFF, "OBS is not connected", "connect now"))
    assert said == []
