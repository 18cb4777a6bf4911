"""Pages in a browser on another machine: nothing to complain of, and the token nowhere that OBS would log."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.web.page_stand import until
from tests.web.server.conftest import own_address
from tests.web.server.studio import Studio
from tests.web.tabs import Tabs

pytestmark = pytest.mark.asyncio(loop_scope="module")
TOKEN = "a-token-of-these-tests"


@pytest_asyncio.fixture(loop_scope="module")
async def studio() -> AsyncIterator[Studio]:
    studio = Studio("ana", host="0.0.0.0")
    await studio.start()
    yield studio
    await studio.close()


async def opened(tabs: Tabs, address: str) -> Any:
    page = await tabs.open(960, 540)
    await page.goto(address)
    return page


@pytest.mark.parametrize("name", ["overlay", "question", "goal", "alerts"])
async def test_an_overlay_connects_and_comes_back_without_its_token(tabs: Tabs, studio: Studio, name: str) -> None:
    address = f"http://{own_address()}:{studio.port}/{name}"
    page = await opened(tabs, f"{address}?token={TOKEN}&theme=minimal")
    await page.wait_for_selector("html[data-connection=open]")
    assert page.said == []
    assert page.url == f"{address}?theme=minimal"
    await page.reload()
    await page.wait_for_selector("html[data-connection=open]")
    assert page.said == []
    for view in studio.pages:
        view.abort()
    await until(page, "document.documentElement.dataset.connection === 'lost'")
    await page.wait_for_selector("html[data-connection=open]")
    studio._running.cancel()  # type: ignore[union-attr]
    await asyncio.gather(studio._running, return_exceptions=True)  # type: ignore[arg-type]
    async with asyncio.timeout(10):
        while not any("/ws" in line for line in page.said):  # lines to the console: the server cannot be reached
            await asyncio.sleep(0.05)
    assert TOKEN not in str(page.said)


@pytest.mark.parametrize("name", ["", "sessions", "docs"])
async def test_the_pages_for_people_keep_their_token_to_themselves(tabs: Tabs, studio: Studio, name: str) -> None:
    page = await opened(tabs, f"http://{own_address()}:{studio.port}/{name}?token={TOKEN}")
    await page.wait_for_load_state("networkidle")
    assert page.url == f"http://{own_address()}:{studio.port}/{name}"
    assert TOKEN not in str(page.said)
    await page.reload()
    await page.wait_for_load_state("networkidle")
    answer = await page.goto(f"http://{own_address()}:{studio.port}/docs")
    assert answer.status == 200
    await page.wait_for_selector("details.operation")


async def test_a_person_without_the_token_is_told_where_it_is(tabs: Tabs, studio: Studio) -> None:
    page = await opened(tabs, f"http://{own_address()}:{studio.port}/overlay")
    assert "tui-live info" in await page.inner_text("body")
