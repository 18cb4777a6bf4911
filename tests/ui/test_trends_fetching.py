"""Fetching trending videos from the console: how far it is, stopping, watching, and what stands in the way."""

from __future__ import annotations

import asyncio

from msgspec import structs

from tests.core.videos import NOW_MS as VIDEOS_MS
from tests.core.videos import video
from tests.ui.conftest import until
from tests.ui.fake_trends import LIMITED, MISSING, good, trend
from tests.ui.fakes import NOW_MS
from tests.ui.scored import screen_text, toasts
from tests.ui.trending import THREE, numbers, opened, trending
from tui_live.config import Trends as Settings
from tui_live.core import times
from tui_live.core.trends import Trends as Known
from tui_live.engine.jobs import Jobs
from tui_live.engine.no_trends import NoTrends
from tui_live.engine.trends import Trending
from tui_live.errors import StoreError
from tui_live.store.trends import own_store
from tui_live.trends.outcome import Fetched, Progress
from tui_live.ui.screens.main import MainScreen
from tui_live.ui.trend_row import seen_in
from tui_live.ui.widgets.trend_head import head_lines, watch_said

__all__ = ["trending"]


async def test_a_run_shows_how_far_it_is_and_brings_what_it_found(console, backend) -> None:
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        assert "No trending videos yet." in screen_text(app)
        assert "apt install chromium" in screen_text(app)
        await pilot.press("r")
        await until(pilot, lambda: " 40%  20 of 50 videos   Esc stops it" in screen_text(app))
        await pilot.press("r")
        assert backend.trends.fetches == 1
        backend.trends.outcome = THREE
        backend.trends.go_on.set()
        await until(pilot, lambda: screen.list.row_count() == 3)
        assert toasts(app)[-1] == "3 kept, 1 new"
        await until(pilot, lambda: "40%" not in screen_text(app))


async def test_escape_stops_a_run_and_the_last_result_stays(console, trending) -> None:
    app = console(trending)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        await pilot.press("r")
        await until(pilot, lambda: trending.trends.known.running)
        await pilot.press("escape")
        await until(pilot, lambda: trending.trends.cancelled)
        assert app.screen is screen
        assert numbers(screen) == [2, 1, 3]
        assert toasts(app) == ["fetching was stopped; the last result stays"]
        await until(pilot, lambda: "Esc stops it" not in screen_text(app))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, MainScreen))


async def test_escape_stops_a_run_of_the_watch_too_and_says_so(console, trending) -> None:
    app = console(trending)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        trending.trends.put(watching=True, running=True, step="20 of 50 videos", share=0.4)
        screen.tick()
        await until(pilot, lambda: "20 of 50 videos   Esc stops it" in screen_text(app))
        await pilot.press("escape")
        assert (app.screen, trending.trends.stops) == (screen, 1)
        assert toasts(app) == ["fetching was stopped; the last result stays"]
        await until(pilot, lambda: "Esc stops it" not in screen_text(app))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, MainScreen))


def test_what_earlier_runs_left_is_told_where_the_last_was_cut_short() -> None:
    short = structs.replace(THREE, run=structs.replace(THREE.run, kept=1), trouble=LIMITED)
    assert head_lines(short, NOW_MS)[0][0].endswith("; 2 of earlier runs")
    assert "earlier" not in head_lines(THREE, NOW_MS)[0][0]


async def test_a_run_goes_on_below_another_screen(console, trending) -> None:
    app = console(trending)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        await pilot.press("r", "k")
        await until(pilot, lambda: app.screen is not screen)
        trending.trends.outcome = good(trend(7, 800.0))
        trending.trends.go_on.set()
        await until(pilot, toasts.__get__(app))
        assert toasts(app) == ["1 kept, 0 new"]
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen and numbers(screen) == [7])


async def test_trouble_is_said_with_its_remedy_and_the_last_result_stays(console, trending) -> None:
    app = console(trending)
    async with app.run_test(size=(200, 50)) as pilot:
        screen = await opened(pilot)
        trending.trends.outcome = Known(trouble=LIMITED)
        trending.trends.go_on.set()
        await pilot.press("r")
        await until(pilot, lambda: toasts(app) == [LIMITED.remedy])
        await until(pilot, lambda: f"▲ {LIMITED}" in screen_text(app))
        assert "20:11:06, 3 min ago: 20 fetched" in screen_text(app)
        assert numbers(screen) == [2, 1, 3]


async def test_a_missing_browser_is_one_line_above_what_there_is_to_learn(console, backend) -> None:
    backend.trends.known = Known(trouble=MISSING)
    app = console(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        lines = screen_text(app).splitlines()
        said = " ".join(line.strip() for line in lines[1:4])
        assert said == f"▲ {MISSING}"
        assert any("Escape goes back." in line for line in lines)


async def test_the_watch_is_switched_by_a_key_and_says_when_it_comes(console, trending) -> None:
    app = console(trending)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        assert "watch off" in screen_text(app).splitlines()[0]
        await pilot.press("w")
        await until(pilot, lambda: "watch ● next 20:29:06, in 15:00" in screen_text(app).splitlines()[0])
        await pilot.press("w")
        await until(pilot, lambda: "watch off" in screen_text(app).splitlines()[0])
        assert toasts(app) == ["watching: True", "watching: False"]


async def test_where_nothing_is_fetched_that_is_said(console, backend) -> None:
    backend.trends = NoTrends("The demo fetches no trending videos")
    app = console(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert "The demo fetches no trending videos" in screen_text(app)
        await pilot.press("r", "w")
        assert set(toasts(app)) == {"The demo fetches no trending videos"}


async def test_a_database_that_cannot_be_read_is_said(console, backend) -> None:
    backend.trends.error = StoreError("The database is locked", "close the other program")
    app = console(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert "The database is locked" in screen_text(app)
        await pilot.press("r")
        backend.trends.go_on.set()
        await until(pilot, lambda: toasts(app) == ["close the other program"])


async def test_a_good_run_without_a_fast_video_says_what_is_asked_for(console, backend) -> None:
    backend.trends.known = good(fetched=50)
    app = console(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert "Of 50 videos none was fast enough." in screen_text(app)
        assert "trends.min_velocity" in screen_text(app)


async def test_the_engines_own_service_brings_what_a_run_found_and_its_trouble(
    console, backend, monkeypatch, tmp_path
) -> None:
    outcomes: list[object] = [
        Fetched((video(1, minutes=5, desc="my cat"), video(2)), 2),
        LIMITED,
        Fetched((video(2), video(3)), 2),
    ]

    async def fetch(settings: object, limits: object, progress: Progress) -> object:
        progress("opening TikTok", 0.1)
        return outcomes.pop(0)

    monkeypatch.setattr("tui_live.trends.fetching.fetch", fetch)
    monkeypatch.setattr(times, "now_ms", lambda: VIDEOS_MS)
    jobs = Jobs(lambda work, name: asyncio.create_task(work, name=name))
    async with own_store(tmp_path / "x.db") as store:
        backend.trends = Trending(Settings(), store, jobs.start)
        app = console(backend)
        async with app.run_test(size=(200, 50)) as pilot:
            screen = await opened(pilot)
            await pilot.press("r")
            await until(pilot, lambda: numbers(screen) == [1, 2])
            assert "my cat" in screen_text(app)
            await until(pilot, lambda: not backend.trends.now().running)
            await pilot.press("r")
            await until(pilot, lambda: f"▲ {LIMITED}" in screen_text(app))
            assert numbers(screen) == [1, 2]
            await until(pilot, lambda: not backend.trends.now().running)
            await pilot.press("w")
            await until(pilot, lambda: "watch ● next" in screen_text(app).splitlines()[0])
            assert "when TikTok allows it again" in toasts(app)[-1]
            await pilot.press("r")
            await until(pilot, lambda: sorted(numbers(screen)) == [2, 3])
            assert "▲" not in screen_text(app)
            rows = {one.story.video.post_id[-1]: seen_in(one) for one in screen.list._rows}
            assert rows == {"2": "2 runs", "3": "+ new"}
        await backend.trends.close()


def test_the_head_says_what_is_due_and_other_days() -> None:
    known = structs.replace(THREE, watching=True, next_ms=NOW_MS - 1)
    assert watch_said(known, NOW_MS) == "watch ● now"
    later = NOW_MS + 3 * 86_400_000
    assert head_lines(known, later)[0][0].startswith("2026-11-20 20:11, 3 d ago: 20 fetched")
