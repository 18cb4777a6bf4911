"""The whole way: simulator, engine, web server, Chromium. What was sent is what viewers see."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from playwright.async_api import Page

from tests.e2e.conftest import free_port
from tests.web.tabs import Tabs
from tui_live.config import load
from tui_live.core.questions import Question
from tui_live.engine import Engine
from tui_live.simulator import SCENARIOS, Simulator

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    """A recorded stream that is over, its engine and pages still there."""
    scenario = msgspec.structs.replace(SCENARIOS["ends"], messages=600, rate=600)
    simulator = Simulator({"ana": scenario}, default=None, seed=5)
    await simulator.start()
    settings = {
        "tiktok.web_url": simulator.web_url,
        "tiktok.webcast_url": simulator.webcast_url,
        "tiktok.sign_url": simulator.sign_url,
        "database.path": str(tmp_path / "x.db"),
        "overlay.port": free_port(),
        "streams": ["ana"],
    }
    engine = await Engine.create(load(None, settings), lambda work, name: asyncio.create_task(work, name=name))
    while not engine.settled() or not engine.pages.port:
        await asyncio.sleep(0.05)
    yield engine
    await engine.close()
    await simulator.close()


async def shown(tabs: Tabs, engine: Engine, path: str) -> Any:
    page = await tabs.open(960, 540)
    await page.goto(f"http://127.0.0.1:{engine.pages.port}{path}")
    return page


async def texts(page: Page, selector: str) -> list[str]:
    return [text.strip() for text in await page.locator(selector).all_inner_texts()]


async def test_the_ranking_of_the_engine_is_what_viewers_see(tabs: Tabs, engine: Engine) -> None:
    page = await shown(tabs, engine, "/overlay?stream=ana&top=3")
    await page.wait_for_selector(".card:nth-of-type(3)")
    best = engine.scores.standings("ana", 0, 3)
    said = " ".join(await texts(page, ".card"))
    assert all(f"{line.score:,}" in said for line in best.lines)
    assert str(best.scoring) in " ".join(await texts(page, ".board"))
    assert [view.page for view in engine.overlays().pages] == ["overlay"]
    await engine.scores.reset("ana", best.lines[0].user_id)
    now = engine.scores.standings("ana", 0, 3)
    await page.wait_for_selector(f".card >> text={now.lines[0].score:,}")
    while f"{best.lines[0].score:,}" in " ".join(await texts(page, ".card")):
        await asyncio.sleep(0.05)
    assert page.complaints == []


async def test_a_comment_that_is_chosen_appears_and_one_that_is_cleared_goes(tabs: Tabs, engine: Engine) -> None:
    page = await shown(tabs, engine, "/question")
    await page.wait_for_selector("html[data-connection=open]")
    who = engine.scores.standings("ana", 0, 1).lines[0]
    text = "<script>alert(1)</script> where are you from? مرحبا"
    await engine.scores.ask("ana", Question(77, who.user_id, "", "", "", text))
    card = page.locator(".card")
    await card.wait_for()
    while text not in await card.inner_text():
        await asyncio.sleep(0.05)
    await engine.scores.clear("ana")
    await card.wait_for(state="detached")
    assert page.complaints == []


async def test_in_a_rehearsal_the_stand_ins_pictures_are_seen(tabs: Tabs, engine: Engine) -> None:
    page = await shown(tabs, engine, "/overlay?stream=ana&top=3")
    await page.wait_for_selector(".card:nth-of-type(3)")
    best = engine.scores.standings("ana", 0, 3)
    pictures = page.locator(".card .avatar img")
    await pictures.nth(2).wait_for()
    loaded = await pictures.evaluate_all("(all) => all.map((image) => [image.src, image.naturalWidth > 0])")
    assert [tuple(each) for each in loaded] == [(line.avatar_url, True) for line in best.lines]
    assert best.lines[0].avatar_url.startswith("http://127.0.0.1:")
    assert page.complaints == []


async def test_every_page_opens_without_a_complaint(tabs: Tabs, engine: Engine) -> None:
    page = await tabs.open(960, 540)
    for path in ("/", "/goal", "/alerts", "/sessions", "/docs"):
        await page.goto(f"http://127.0.0.1:{engine.pages.port}{path}")
        await page.wait_for_load_state("networkidle")
        assert page.complaints == [], path
