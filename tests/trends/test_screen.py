"""From TikTok's page through the real TikTokApi and Chromium to the screen, as an operator sees it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.trends.conftest import LIMITS
from tests.trends.site import Site, fresh, text, videos
from tests.ui.conftest import started, until
from tests.ui.fakes import FakeBackend
from tests.ui.scored import screen_text
from tui_live.config import Trends as Settings
from tui_live.engine.jobs import Jobs
from tui_live.engine.trends import Trending
from tui_live.store.trends import own_store
from tui_live.ui.app import Spawn, TuiLiveApp
from tui_live.ui.screens.trends import Trends

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_what_tiktok_sends_is_on_the_screen_and_a_refusal_leaves_it_there(site: Site, tmp_path: Path) -> None:
    site.plays(videos(*fresh(2), *fresh(1, minutes=600, first=9)), text("", status=429, **{"Retry-After": "60"}))
    settings = Settings(browser_args=site.browser_args, rate_limit_delay_seconds=0.0)
    jobs = Jobs(lambda work, name: asyncio.create_task(work, name=name))
    backend = FakeBackend()

    async def start(spawn: Spawn) -> FakeBackend:
        return backend

    async with own_store(tmp_path / "x.db") as store:
        backend.trends = trending = Trending(settings, store, jobs.start, LIMITS)
        app = TuiLiveApp(start, animations="none")
        async with app.run_test(size=(120, 40)) as pilot:
            await started(pilot)
            await pilot.press("v", "r")
            screen = app.screen
            assert isinstance(screen, Trends)
            await until(pilot, lambda: "fetching" in screen_text(app))
            await until(pilot, lambda: screen.list.row_count() == 2)
            assert "3 fetched, 2 kept; 1 too slow" in screen_text(app)
            await until(pilot, lambda: not trending.now().running)
            await pilot.press("r")
            await until(pilot, lambda: "▲ " in screen_text(app))
            assert screen.list.row_count() == 2
        await trending.close()
