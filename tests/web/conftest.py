"""A real Chromium, one for each module, and pages in it that report what goes wrong."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from tests.web.page_stand import PageStand
from tests.web.tabs import Tabs

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: Without a graphics card, drawing with one is only imitated, which costs more.
_FLAGS = ("--disable-gpu",)
OpenPage = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """The installed Chromium."""
    program = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if program is None:
        pytest.skip("no Chromium is installed: the pages are not looked at")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=_FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def all_tabs(chromium: Browser) -> Tabs:
    """What is left over from one test for the next."""
    return Tabs(chromium)


@pytest_asyncio.fixture(loop_scope="module")
async def tabs(all_tabs: Tabs) -> AsyncIterator[Tabs]:
    """Pages for one test; nobody minds what they complain of."""
    yield all_tabs
    await all_tabs.leave()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def table(chromium: Browser) -> Page:
    """An empty page to look at screenshots on."""
    return await chromium.new_page()


@pytest_asyncio.fixture(loop_scope="module")
async def page_stand() -> AsyncIterator[PageStand]:
    """A server for pages that says what the test wants."""
    stand = PageStand()
    await stand.start()
    yield stand
    await stand.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def open_page(all_tabs: Tabs, page_stand: PageStand) -> AsyncIterator[OpenPage]:
    """Opens a page of the stand at a size; what its console says other than by plan fails the test at its end.

    ``page.complaints`` is that list: a test that expects one empties it.
    """

    async def open_one(
        path: str, width: int = 1920, height: int = 1080, *, connected: bool = True, **more: Any
    ) -> Page:
        page: Any = await all_tabs.open(width, height, **more)
        await page.goto(page_stand.url + path)
        if connected:
            await page.wait_for_selector("html[data-connection=open]")
            await page_stand.connected()
        return page

    yield open_one
    assert await all_tabs.leave() == []
