"""What is keyed out in OBS, in real Chromium: nothing of ours comes near the key, and all text is large enough."""

from __future__ import annotations

import pytest
from playwright.async_api import Page

from tests.web.conftest import OpenPage
from tests.web.page_stand import PageStand, until
from tests.web.pixels import KEPT, KEYS, look
from tests.web.states import ALERTS, ASKED, FIVE, GOALS, PLAIN
from tui_live.web.protocol import Message

pytestmark = pytest.mark.asyncio(loop_scope="module")

SIZES = [(1920, 1080), (400, 900)]
#: The smallest text on a page that is seen.
SMALLEST_TEXT = """Math.min(...[...document.querySelectorAll("body *")]
  .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) && one.checkVisibility())
  .map((one) => parseFloat(getComputedStyle(one).fontSize)))"""
#: The page's clock stands still: whoever is shown stays.
STILL = "(performance.now = () => 0)"
#: All pictures are there.
PICTURES = "[...document.images].every((one) => one.complete && one.naturalWidth > 0)"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["classic", "minimal"])
@pytest.mark.parametrize("background", KEYS)
async def test_no_colour_of_ours_comes_near_the_key(
    open_page: OpenPage,
    page_stand: PageStand,
    table: Page,
    size: tuple[int, int],
    theme: str,
    background: str,
) -> None:
    page_stand.opening = [PLAIN]
    page = await open_page(f"/overlay?background={background}&theme={theme}", *size)
    await until(page, "document.querySelectorAll('.card').length === 5")
    await until(page, PICTURES)
    seen = await look(table, page, ".card, .head", KEYS[background])
    assert seen["looked"] > 50_000
    assert seen["opaque"]
    assert seen["nearest"][0] > KEPT, seen["nearest"]
    assert seen["foreign"] == 0, "outside of the cards is nothing but the key: no shadow, no light"


@pytest.mark.parametrize("size", SIZES)
async def test_transparent_is_transparent(
    open_page: OpenPage, page_stand: PageStand, table: Page, size: tuple[int, int]
) -> None:
    page_stand.opening = [FIVE]
    page = await open_page("/overlay?background=transparent", *size)
    await page.wait_for_selector(".card >> nth=4")
    seen = await look(table, page, ".card, .head", (0, 255, 0))
    assert seen["opaque"]
    assert seen["clear"] > size[0] * size[1] / 4


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["classic", "minimal"])
@pytest.mark.parametrize("background", KEYS)
@pytest.mark.parametrize(
    ("path", "state"),
    [("question", ASKED), ("goal", GOALS), ("alerts", ALERTS)],
    ids=["question", "goal", "alerts"],
)
async def test_no_colour_of_a_card_comes_near_the_key(
    open_page: OpenPage,
    page_stand: PageStand,
    table: Page,
    size: tuple[int, int],
    theme: str,
    background: str,
    path: str,
    state: Message,
) -> None:
    page_stand.opening = [state]
    page = await open_page(f"/{path}?background={background}&theme={theme}", *size, pace=2)
    cards = 3 if path == "alerts" else 1
    await until(page, f"document.querySelectorAll('.card:not(.going)').length >= {cards} && {STILL}")
    await page.evaluate("document.getAnimations().forEach((one) => one.finish())")
    await until(page, "document.getAnimations().length === 0")
    seen = await look(table, page, ".card, .more", KEYS[background])
    assert seen["looked"] > 10_000
    assert seen["opaque"]
    assert seen["nearest"][0] > KEPT, seen["nearest"]
    assert seen["foreign"] == 0


@pytest.mark.parametrize(
    ("path", "state"), [("overlay", PLAIN), ("question", ASKED), ("goal", GOALS), ("alerts", ALERTS)]
)
async def test_nothing_is_too_small_to_be_read_at_1080p(
    open_page: OpenPage, page_stand: PageStand, path: str, state: Message
) -> None:
    page_stand.opening = [state]
    page = await open_page(f"/{path}")
    await page.wait_for_selector(".card")
    assert await page.evaluate(SMALLEST_TEXT) >= 24
