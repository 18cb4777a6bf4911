"""One run at a time, by hand or again and again: what is known, when the next comes, and what a stop leaves."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from tests.core.videos import item
from tests.waiting import until
from tui_live.config import Trends as Settings
from tui_live.core import times
from tui_live.core.trends import Kind, Run, Trouble, Video, read_item
from tui_live.engine import trends as module
from tui_live.engine import trends_pacing
from tui_live.engine.jobs import Jobs
from tui_live.engine.trends import Trending
from tui_live.errors import StoreError, TrendsError
from tui_live.store.trends import own_store
from tui_live.trends.outcome import Fetched
from tui_live.ui.trends_backend import TrendsBackend

LIMITED = Trouble(Kind.LIMITED, "too often", "wait", 0)
NOW_MS = 1_795_228_800_000


def found(*numbers: int, **more: Any) -> Fetched:
    videos = [read_item(item(number, **more)) for number in numbers]
    assert all(isinstance(video, Video) for video in videos)
    return Fetched(tuple(videos), len(videos))  # type: ignore[arg-type]


class Script:
    """Outcomes in place of a browser's, the last one over and over; ``hold`` keeps a run under way."""

    def __init__(self) -> None:
        self.outcomes: list[Any] = [found(1, 2)]
        self.asked = 0
        self.ended = 0
        self.hold: asyncio.Event | None = None

    async def fetch(self, settings: Settings, limits: Any, progress: Any) -> Any:
        self.asked += 1
        progress("opening TikTok", 0.1)
        try:
            if self.hold is not None:
                await self.hold.wait()
        finally:
            self.ended += 1
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Script:
    made = Script()
    monkeypatch.setattr("tui_live.trends.fetching.fetch", made.fetch)
    monkeypatch.setattr(times, "now_ms", lambda: NOW_MS)
    return made


@pytest.fixture
async def trending(script: Script, tmp_path: Path) -> AsyncIterator[Trending]:
    settings = Settings(every_minutes=0.0005)
    async with own_store(tmp_path / "x.db") as store:
        made = Trending(settings, store, Jobs(lambda work, name: asyncio.create_task(work, name=name)).start)
        yield made
        await made.close()


async def test_before_the_first_run_nothing_is_known(trending, script) -> None:
    backend: TrendsBackend = trending
    known = await backend.latest()
    assert (known.run, known.trends, known.trouble, known.running, known.next_ms) == (None, (), None, False, 0)
    assert backend.refuses() == "" and backend.every_minutes == 0.0005 and script.asked == 0


async def test_a_run_by_hand(trending, script) -> None:
    steps: list[tuple[str, float]] = []
    revision = trending.now().revision
    known = await trending.fetch(lambda step, share: steps.append((step, share)))
    assert steps == [("opening TikTok", 0.1)] and known is trending.now() is await trending.latest()
    assert [trend.story.video.author for trend in known.trends] == ["ana1", "ana2"]
    assert (known.run.fetched, known.run.kept, known.running, known.step) == (2, 2, False, "")
    assert known.revision > revision


async def test_what_was_found_is_known_after_a_restart(trending, script, tmp_path) -> None:
    await trending.fetch()
    again = Trending(Settings(), trending._store, None)
    assert len((await again.latest()).trends) == 2 and again.now().run.kept == 2


async def test_trouble_leaves_the_last_good_result(trending, script) -> None:
    script.outcomes = [found(1), LIMITED, found(1, 2)]
    await trending.fetch()
    known = await trending.fetch()
    assert known.trouble == LIMITED and len(known.trends) == 1 and known.run.kept == 1
    assert (await trending.fetch()).trouble is None


async def test_a_run_that_was_cut_short_counts_and_says_why(trending, script) -> None:
    script.outcomes = [structs.replace(found(1, 2), cut_short=LIMITED, unreadable={"no id": 2}, duplicates=3)]
    known = await trending.fetch()
    assert known.trouble == LIMITED and len(known.trends) == 2
    assert (known.run.problems, known.run.duplicates) == ({"no id": 2}, 3)


async def test_a_run_that_was_cut_short_takes_nothing_away(trending, script) -> None:
    script.outcomes = [found(1, 2, 3, 4, 5), structs.replace(found(1), cut_short=LIMITED)]
    await trending.fetch()
    known = await trending.fetch()
    assert known.trouble == LIMITED and len(known.trends) == 5 and known.run.kept == 1


@pytest.mark.parametrize(
    ("minutes", "line"),
    [
        (None, "None of the 3 videos tells when it was posted"),
        (-600, "By this machine's clock, none of the 3 videos is posted yet"),
    ],
)
async def test_videos_whose_speed_is_not_known_are_a_trouble(trending, script, minutes, line) -> None:
    more = {"createTime": None} if minutes is None else {"minutes": minutes}
    script.outcomes = [found(1, 2), found(1, 2, 3, **more)]
    await trending.fetch()
    known = await trending.fetch()
    assert known.trouble.line == line and known.trouble.kind is Kind.ODD
    assert len(known.trends) == 2 and known.run.fetched == 2


async def test_who_asks_meanwhile_waits_for_the_same_run(trending, script) -> None:
    script.hold = asyncio.Event()
    first, second = asyncio.create_task(trending.fetch()), asyncio.create_task(trending.fetch())
    await until(lambda: trending.now().step)
    assert trending.now().running and trending.now().share == 0.1
    first.cancel()
    await asyncio.wait({first})
    assert script.ended == 0
    script.hold.set()
    assert len((await second).trends) == 2 and script.asked == 1


async def test_a_cancelled_run_ends_and_changes_nothing(trending, script) -> None:
    await trending.fetch()
    script.hold = asyncio.Event()
    task = asyncio.create_task(trending.fetch())
    await until(lambda: trending.now().step)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    known = trending.now()
    assert script.ended == 2 and not known.running and known.step == "" and len(known.trends) == 2
    script.hold.set()
    await trending.fetch()


async def test_closing_ends_a_run_and_tells_who_waits(trending, script) -> None:
    script.hold = asyncio.Event()
    task = asyncio.create_task(trending.fetch())
    await until(lambda: trending.now().step)
    await trending.close()
    with pytest.raises(TrendsError, match="stopped"):
        await task
    assert script.ended == 1


async def test_a_watch_repeats_until_it_is_switched_off(trending, script) -> None:
    runs: list[Run] = []
    trending.told = runs.append
    assert "every 0.0005 minutes" in trending.watch(True)
    trending.watch(True)
    await until(lambda: len(runs) >= 3)
    assert trending.now().watching
    assert "no more" in trending.watch(False)
    assert (trending.now().watching, trending.now().next_ms) == (False, 0)
    asked = script.asked
    trending.watch(True)
    await until(lambda: script.asked > asked)


async def test_a_watch_waits_longer_and_longer_and_recovers(trending, script, monkeypatch) -> None:
    waits: list[float] = []
    genuine = trends_pacing.next_wait_s

    def noted(*args: Any) -> float:
        waits.append(genuine(*args[:3], 0.0))
        return 0.001

    monkeypatch.setattr(trends_pacing, "next_wait_s", noted)
    limited = structs.replace(LIMITED, retry_after_s=5)
    broken = Trouble(Kind.NETWORK, "no network", "check it")
    script.outcomes = [LIMITED, LIMITED, limited, broken, RuntimeError("odd"), StoreError("full", "free"), found(1)]
    trending.watch(True)
    await until(lambda: len(waits) >= 6)
    every = pytest.approx(0.03)
    assert waits[:6] == [pytest.approx(0.06), pytest.approx(0.12), 5, every, every, every]
    await until(lambda: trending.now().next_ms == NOW_MS + 1)
    known = trending.now()
    assert known.trouble is None and len(known.trends) == 1


async def test_what_keeps_a_watch_from_writing_is_told(trending, script) -> None:
    told: list[Trouble] = []
    trending.failed = told.append
    script.outcomes = [StoreError("The disk is full", "free some space"), RuntimeError("odd")]
    trending.watch(True)
    await until(lambda: len(told) >= 2)
    assert str(told[0]) == "The disk is full — free some space" and "odd" in told[1].line
    assert trending.now().trouble in told[1:]


async def test_the_next_time_is_known_while_a_watch_waits(script, tmp_path) -> None:
    async with own_store(tmp_path / "x.db") as store:
        started = Jobs(lambda work, name: asyncio.create_task(work, name=name)).start
        trending = Trending(Settings(every_minutes=15.0), store, started)
        trending.watch(True)
        await until(lambda: trending.now().next_ms)
        assert trending.now().next_ms == NOW_MS + 900_000
        await trending.close()


@pytest.fixture
async def slowly(script: Script, tmp_path: Path) -> AsyncIterator[Trending]:
    """Repeats every 15 minutes."""
    async with own_store(tmp_path / "slow.db") as store:
        started = Jobs(lambda work, name: asyncio.create_task(work, name=name)).start
        made = Trending(Settings(every_minutes=15.0), store, started)
        yield made
        await made.close()


async def test_a_refusal_of_a_run_by_hand_reaches_the_watch_that_waits(slowly, script) -> None:
    script.outcomes = [found(1), structs.replace(LIMITED, retry_after_s=7_200), found(1)]
    slowly.watch(True)
    await until(lambda: slowly.now().next_ms == NOW_MS + 900_000)
    await slowly.fetch()
    await until(lambda: slowly.now().next_ms == NOW_MS + 7_200_000)
    assert "when TikTok allows it again" in slowly.watch(True)
    slowly.watch(False)
    slowly.watch(True)
    await until(lambda: slowly.now().next_ms == NOW_MS + 7_200_000)
    assert script.asked == 2
    await slowly.fetch()  # by hand one may try, and it went well
    await until(lambda: slowly.now().next_ms == NOW_MS + 900_000)
    slowly.watch(False)
    assert "fetched now" in slowly.watch(True)
    await until(lambda: script.asked == 4)


async def test_trouble_of_ours_does_not_make_tiktoks_wait_shorter(slowly, script) -> None:
    away = Trouble(Kind.NETWORK, "no network", "check it")
    script.outcomes = [structs.replace(LIMITED, retry_after_s=7_200), away, RuntimeError("odd")]
    await slowly.fetch()
    await slowly.fetch()
    with pytest.raises(RuntimeError):
        await slowly.fetch()
    slowly.watch(True)
    await until(lambda: slowly.now().next_ms == NOW_MS + 7_200_000)
    assert script.asked == 3


async def test_a_run_of_the_watch_is_stopped_and_the_watch_goes_on(slowly, script) -> None:
    await slowly.fetch()
    script.hold = asyncio.Event()
    slowly.watch(True)
    await until(lambda: slowly.now().step)
    assert "stopped" in slowly.stop() and slowly.stop() == ""
    await until(lambda: slowly.now().next_ms == NOW_MS + 900_000)
    known = slowly.now()
    assert script.ended == 2 and known.watching and not known.running and known.trouble is None
    assert len(known.trends) == 2 and slowly.stop() == ""


async def test_a_run_that_somebody_stops_is_told_to_who_waits(slowly, script) -> None:
    script.hold = asyncio.Event()
    task = asyncio.create_task(slowly.fetch())
    await until(lambda: slowly.now().step)
    slowly.stop()
    with pytest.raises(module.Stopped):
        await task


async def test_a_watch_that_is_switched_off_ends_its_run_but_none_that_somebody_waits_for(slowly, script) -> None:
    script.hold = asyncio.Event()
    slowly.watch(True)
    await until(lambda: slowly.now().step)
    assert "the run was stopped" in slowly.watch(False)
    slowly.watch(True)  # before the browser has ended
    await until(lambda: script.asked == 2 and slowly.now().step)
    task = asyncio.create_task(slowly.fetch())
    await until(lambda: slowly._waiting == 2)
    assert "stopped" not in slowly.watch(False)
    script.hold.set()
    assert len((await task).trends) == 2 and script.asked == 2


async def test_what_a_busy_database_does_not_take_is_tried_again(slowly, script, monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(module, "_AGAIN_S", 0.01)
    genuine, tried = slowly._store.add, []

    async def add(*args: Any) -> Run:
        tried.append(args)
        if len(tried) < 3:
            raise StoreError("The database is locked", "end the other program")
        return await genuine(*args)

    monkeypatch.setattr(slowly._store, "add", add)
    known = await slowly.fetch()
    assert len(tried) == 3 and known.trouble is None and len((await slowly._store.latest()).trends) == 2


@pytest.mark.parametrize("refused", ["add", "latest"])
async def test_what_it_does_not_take_for_long_is_shown_from_memory(slowly, script, monkeypatch, refused) -> None:
    script.outcomes = [found(1, 2), structs.replace(found(1, 3), cut_short=LIMITED), found(3, 4)]
    await slowly.fetch()

    async def no(*args: Any) -> Any:
        raise StoreError("The database is locked", "end the other program")

    monkeypatch.setattr(module, "_AGAIN_S", 0.01)
    monkeypatch.setattr(module, "_WRITE_S", 0.05)
    monkeypatch.setattr(slowly._store, refused, no)
    known = await slowly.fetch()
    assert {trend.story.video.author: (trend.new, trend.runs) for trend in known.trends} == {
        **{"ana1": (False, 2), "ana2": (False, 1), "ana3": (True, 1)}
    }
    assert known.trouble.kind is Kind.DATABASE and "locked — end the other" in str(known.trouble)
    assert (known.run.kept, known.running) == (2, False)
    known = await slowly.fetch()
    assert [trend.story.video.author for trend in known.trends if trend.new] == ["ana4"] and len(known.trends) == 2


async def test_old_runs_go_where_that_is_limited(trending, script, monkeypatch) -> None:
    await trending.fetch()
    monkeypatch.setattr(times, "now_ms", lambda: NOW_MS + 3 * 86_400_000)
    await trending.remove_old(None)
    assert len((await trending.latest()).trends) == 2
    await trending.remove_old(2)
    assert (await trending.latest()).trends == () and trending.now().run is None


def test_nothing_of_a_browser_is_imported_before_the_first_run() -> None:
    heavy = ("TikTokApi", "playwright", "requests", "tui_live.trends.client")
    code = "import tui_live.engine, tui_live.engine.trends_command, tui_live.trends.fetching, tui_live.doctor.run"
    code = f"import sys; {code}; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
