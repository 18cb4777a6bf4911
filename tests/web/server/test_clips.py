"""The clip ledger over the web: every entry once, with what became of it, and how OBS is doing."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.web.clip_shelf import AT_MS, cause
from tests.web.server.conftest import TOKEN, Served
from tests.web.server.ledger_files import DATA, put, saved
from tui_live.core.clips import ChatLine, ClipState
from tui_live.web import video


async def test_a_clip_is_told_whole_and_without_its_folder(served: Served, folder: Path) -> None:
    path = folder / "king_clip that.mkv"
    path.write_bytes(DATA)
    second = cause(username="ana2", nickname="", message="", event_ms=0)
    clip = await put(served, path, causes=(cause(), second), chat=(ChatLine(AT_MS - 9000, "bob", "Bob", "hi <b>"),))
    told = {
        "id": clip.number,
        "state": "saved",
        "reason": None,
        "file": "king_clip that.mkv",
        "url": "/video/king_clip%20that.mkv",
        **{"streamer": "ana", "session_id": "k3x9f2qp", "username": "king", "trigger": "clip that"},
        **{"message": "please CLIP THAT", "viewers": 812, "size": 1024, "duration_seconds": 30.5},
        **{"requested_at": "2026-01-01T20:40:00.000Z", "saved_at": "2026-01-01T20:40:00.700Z"},
    }
    status, answer = await served.ask("/api/clips")
    assert (status, answer["next"]) == (200, None)
    [found] = answer["clips"]
    causes = found.pop("causes")
    assert found == told | {"more": 0}
    assert causes[0] == {
        **{"trigger": "clip that", "username": "king", "nickname": "King", "message": "please CLIP THAT"},
        **{"streamer": "ana", "session_id": "k3x9f2qp", "viewers": 812, "at": "2026-01-01T20:40:00.000Z"},
    }
    assert (causes[1]["nickname"], causes[1]["message"]) == (None, None)
    assert causes[1]["at"] == "2026-01-01T20:40:00.200Z", "when it came, as it says nothing"
    status, answer = await served.ask(f"/api/clips/{clip.number}")
    assert answer["clip"].pop("chat") == [
        {"time": "2026-01-01T20:39:51.000Z", "username": "bob", "nickname": "Bob", "text": "hi <b>"}
    ]
    assert answer["clip"] == told | {"causes": causes, "more": 0}


async def test_a_list_tells_of_few_who_asked_and_a_clip_of_all(served: Served) -> None:
    clip = await put(served, causes=[cause(username=f"u{n}") for n in range(100)], more=1900)
    _, answer = await served.ask("/api/clips")
    [found] = answer["clips"]
    assert ([one["username"] for one in found["causes"]], found["more"]) == ([f"u{n}" for n in range(20)], 1980)
    _, answer = await served.ask(f"/api/clips/{clip.number}")
    assert (len(answer["clip"]["causes"]), answer["clip"]["more"]) == (100, 1900)


async def test_what_has_no_file_says_why_and_names_no_folder(served: Served, folder: Path) -> None:
    at = str(folder / "x.mkv")
    there = {"state": ClipState.KEPT, "path": "/home/max/Videos/Replay.mkv", "size": 0, "reason": "on another machine"}
    for more, told in (
        ({"state": ClipState.FAILED, "size": 0, "reason": "OBS is not running"}, ("OBS is not running", None)),
        ({"state": ClipState.REQUESTED, "size": 0}, (None, None)),
        ({"state": ClipState.RENAMING, "path": at, "reason": f"the folder {folder} is gone"}, _gone("x.mkv")),
        ({"state": ClipState.KEPT, "path": at, "reason": f"{at} is not there"}, ("x.mkv is not there", "x.mkv")),
        ({"state": ClipState.FAILED, "target": at, "reason": f"the disk of {folder} is full"}, _full()),
        (there, ("on another machine", "Replay.mkv")),
        ({"path": "C:\\Videos\\Replay.mkv", "reason": "C:\\Videos is gone"}, ("Videos is gone", "Replay.mkv")),
        ({"state": ClipState.DELETED, "path": at, "reason": "deleted"}, ("deleted", "x.mkv")),
        ({"path": at}, (None, "x.mkv")),
    ):
        clip = await put(served, **more)
        _, answer = await served.ask(f"/api/clips/{clip.number}")
        assert (answer["clip"]["reason"], answer["clip"]["file"], answer["clip"]["url"]) == (*told, None), more


def _gone(name: str) -> tuple[str, str]:
    return "the folder clips is gone", name


def _full() -> tuple[str, None]:
    return "the disk of clips is full", None


@pytest.mark.parametrize("limit", [1, 3, 500])
async def test_clips_are_paged_through_exactly_once(served: Served, limit: int) -> None:
    numbers = [(await put(served, causes=(cause(username=f"user{n % 2}"),))).number for n in range(7)]
    for query, wanted in (({}, numbers), ({"q": "USER1 clip"}, numbers[1::2]), ({"q": "nobody"}, [])):
        found: list[int] = []
        params = {"limit": str(limit)} | query
        while True:
            _, answer = await served.ask("/api/clips", params=params)
            found += [clip["id"] for clip in answer["clips"]]
            assert len(answer["clips"]) <= limit
            if answer["next"] is None:
                break
            params["before"] = answer["next"]
        assert found == wanted[::-1]


async def test_what_is_no_parameter_is_said(served: Served) -> None:
    for query in ("limit=0", "limit=501", "limit=x", "before=-1", "before=9" + "9" * 30, "q=" + "x" * 201):
        assert (await served.ask(f"/api/clips?{query}"))[0] == 400, query
    for key in ("0", "77", "x", "1x", "%D9%A1", "9" * 30, "-1", "1%0a"):
        status, answer = await served.ask(f"{served.url}/api/clips/{key}")
        assert (status, answer["error"]["code"]) == (404, "not_found"), key


async def test_a_folder_that_does_not_answer_delays_no_list(
    served: Served, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await saved(served, folder / "x.mkv")
    asleep = threading.Event()
    monkeypatch.setattr(video, "_is_there", lambda _: asleep.wait(20))
    monkeypatch.setattr(video, "_LOOK_SECONDS", 0.05)
    try:
        async with asyncio.timeout(2):
            for _ in range(6):  # more than there are threads
                _, answer = await served.ask("/api/clips")
                assert answer["clips"][0]["url"] == "/video/x.mkv"
    finally:
        asleep.set()


async def test_status_metrics_and_a_command_tell_of_obs(served: Served) -> None:
    await put(served, state=ClipState.FAILED)
    _, status = await served.ask("/api/status")
    facts = {"state", "ready", "reason", "remedy", "since", "version", "buffer_seconds", "warning"}
    assert set(status["obs"]) == facts
    assert status["obs"]["ready"] is False
    assert (await served.ask("/api/connect_obs", "POST"))[0] == 401
    code, answer = await served.ask("/api/connect_obs", "POST", token=TOKEN)
    assert (code, set(answer["obs"])) == (200, facts)
    assert "OBS" in answer["said"]
    _, text = await served.ask("/metrics")
    samples = {
        (sample.name, sample.labels.get("state")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert samples["tui_live_obs_ready", None] == 0
    assert (samples["tui_live_clips", "failed"], samples["tui_live_clips", "saved"]) == (1, 0)
