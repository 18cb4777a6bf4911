"""A page outlives its server: it keeps what it shows, comes back within a second, and reloads for new pages."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from msgspec.structs import replace

from tests.web.conftest import OpenPage
from tests.web.page_stand import PageStand, card, until
from tui_live.web.protocol import Asked, Board, BoardChange, Goal, Goals, Hello, Message, QuestionShown

pytestmark = pytest.mark.asyncio(loop_scope="module")

BOARD = Board(cards=(card("1", "Ana", 50), card("2", "Bob", 40)), scoring=2, people=2)
LOST = "document.documentElement.dataset.connection === 'lost'"


def forget_lost_lines(page: Any) -> None:
    """The browser's own lines about a server that is not there are no fault of the page's."""
    page.complaints[:] = [line for line in page.complaints if not re.search(r"WebSocket|ERR_CONNECTION", line)]


async def test_the_server_is_killed_and_restarted(open_page: OpenPage, page_stand: PageStand) -> None:
    page_stand.opening = [BOARD]
    page: Any = await open_page("/overlay")
    await page.wait_for_selector(".card >> nth=1")
    await page.evaluate("document.querySelector('.card').marked = true")
    await page.evaluate(
        "() => { globalThis.changes = 0; new MutationObserver((all) => { globalThis.changes += all.length; })"
        ".observe(document.querySelector('.board'), { childList: true, subtree: true, characterData: true }); }"
    )
    await page_stand.stop()
    await until(page, LOST)
    await page.evaluate(
        "new Promise((done) => setTimeout(done, 2500))"
    )  # long enough for the longest pause between tries
    assert await page.locator(".cards .name").all_text_contents() == ["Ana", "Bob"]
    assert await page.evaluate("globalThis.changes") == 0, "nothing flickers"

    page_stand.opening = [replace(BOARD, cards=(card("2", "Bob", 60), BOARD.cards[0]))]
    await page_stand.start()
    began = asyncio.get_running_loop().time()
    await page_stand.connected()
    assert asyncio.get_running_loop().time() - began < 1
    await until(page, "document.querySelector('.card .name').textContent === 'Bob'")
    assert asyncio.get_running_loop().time() - began < 1.2
    assert await page.evaluate("document.querySelectorAll('.card')[1].marked"), "the same card, not a new one"
    assert page_stand.fetched == ["/overlay"], "the same version: not loaded again"
    forget_lost_lines(page)


@pytest.mark.parametrize(
    ("path", "state", "shown"),
    [
        ("/overlay", BOARD, ".cards > .card >> nth=1"),
        ("/question", QuestionShown(Asked("1", "Ana", "", "Why?")), ".question"),
        ("/goal", Goals((Goal("Guitar", 1, 2, 50, "1"),)), ".goal"),
    ],
)
async def test_what_is_shown_stays_until_the_server_knows_better(
    open_page: OpenPage, page_stand: PageStand, path: str, state: Message, shown: str
) -> None:
    page_stand.opening = [state]
    page: Any = await open_page(path)
    await page.wait_for_selector(shown)
    await page_stand.stop()
    await until(page, LOST)
    page_stand.opening = []  # of a stream that is being looked for
    await page_stand.start()
    await page_stand.connected()
    await until(page, "document.documentElement.dataset.connection === 'open'")
    await page.wait_for_timeout(300)
    assert await page.locator(shown).is_visible()
    forget_lost_lines(page)


async def test_a_question_stays_over_a_restart(open_page: OpenPage, page_stand: PageStand) -> None:
    page_stand.opening = [QuestionShown(Asked("1", "Ana", "", "Why?"))]
    page: Any = await open_page("/question")
    await page.wait_for_selector(".question")
    await page.evaluate("document.querySelector('.question').marked = true")
    await page_stand.stop()
    await until(page, LOST)
    await page_stand.start()
    await page_stand.connected()
    await until(page, "document.documentElement.dataset.connection === 'open'")
    assert await page.evaluate("document.querySelector('.question').marked")
    assert await page.locator(".question").count() == 1
    forget_lost_lines(page)


@pytest.mark.parametrize("path", ["/overlay", "/question", "/goal", "/alerts"])
async def test_other_pages_are_loaded_when_the_version_changed(
    open_page: OpenPage, page_stand: PageStand, path: str
) -> None:
    page: Any = await open_page(f"{path}?token=abc&theme=minimal")
    await page_stand.stop()
    await until(page, LOST)
    page_stand.version = "2"
    await page_stand.start()
    await page.wait_for_selector("meta[name=version][content='2']", state="attached")
    await page.wait_for_selector("html[data-connection=open]")
    assert page.url.endswith(f"{path}?theme=minimal"), "the token is in a cookie by now"
    assert "token" not in page_stand.asked[-1]
    forget_lost_lines(page)


async def test_a_page_that_stays_old_is_not_loaded_for_ever(open_page: OpenPage, page_stand: PageStand) -> None:
    page = await open_page("/overlay")
    loads = 0

    def count(_page: object) -> None:
        nonlocal loads
        loads += 1

    page.on("load", count)
    page_stand.opening = [Hello("other"), BOARD]
    async with page.expect_event("load"):
        await page_stand.send(Hello("other"))
    await page.wait_for_selector(".card >> nth=1")
    await page_stand.send(*[Hello("other")] * 5, BoardChange(scoring=99))
    await until(page, "document.querySelector('.scoring').textContent === '99'")
    assert loads == 1


async def test_a_page_says_its_version_and_is_heard_from_again(open_page: OpenPage, page_stand: PageStand) -> None:
    await open_page("/goal", pace=8)
    async with page_stand.came, asyncio.timeout(5):
        await page_stand.came.wait_for(lambda: bool(page_stand.beats))
    assert page_stand.beats[0] == {"version": "1"}
    async with page_stand.came, asyncio.timeout(15):
        await page_stand.came.wait_for(lambda: len(page_stand.beats) > 1)


async def test_a_line_that_went_silent_is_given_up(open_page: OpenPage, page_stand: PageStand) -> None:
    """Where beats were answered and no longer are, the line is cut somewhere on its way."""
    page = await open_page("/overlay", pace=8)
    await page_stand.send(Hello("1"))
    await page.evaluate(
        "() => { const now = performance.now.bind(performance); performance.now = () => now() + 60000; }"
    )
    async with page_stand.came, asyncio.timeout(20):
        await page_stand.came.wait_for(lambda: len(page_stand.asked) > 1)
