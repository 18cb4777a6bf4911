"""The question in real Chromium."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import OpenPage
from tests.web.page_stand import PageStand, card, until
from tests.web.states import ASKED
from tests.web.test_pages_overlay import HOLD
from tui_live.web.protocol import Alert, Alerts, Asked, Board, QuestionShown

pytestmark = pytest.mark.asyncio(loop_scope="module")

OTHER = QuestionShown(Asked("7000000000000000002", "山田太郎", "", "猫は何歳ですか？"))
NONE = QuestionShown()
LONG = QuestionShown(Asked("3", "محمد", "", "كيف حالك " * 2000))
SCALES = "() => document.getAnimations().map((one) => [one.id, one.effect.getKeyframes().map((key) => key.transform)])"


async def test_a_question_pops_in_and_out(open_page: OpenPage, page_stand: PageStand) -> None:
    page_stand.opening = [NONE]
    page = await open_page("/question")
    assert await page.locator(".question").count() == 0
    await page.evaluate(HOLD)
    await page_stand.send(ASKED)
    await until(page, "document.querySelector('.text')?.textContent === 'How old is your cat?'")
    assert await page.evaluate(SCALES) == [["in", ["scale(0)", "none"]]]
    widths = []
    for time in (0, 200, 449.9):
        await page.evaluate("(time) => { document.getAnimations()[0].currentTime = time; }", time)
        widths.append(await page.locator(".question").evaluate("one => one.getBoundingClientRect().width"))
    assert widths[0] == 0
    assert widths[0] < widths[1] < 1.3 * widths[2]
    assert widths[2] > 900
    await page.evaluate("document.getAnimations().forEach((one) => one.finish())")
    await page_stand.send(NONE)
    await until(page, "document.querySelector('.question.going') !== null")
    assert await page.evaluate(SCALES) == [["out", ["none", "scale(0)"]]]
    await page.evaluate("document.getAnimations().forEach((one) => one.finish())")
    await until(page, "document.querySelector('.stage').childElementCount === 0")


async def test_the_next_question_takes_the_place(open_page: OpenPage, page_stand: PageStand) -> None:
    page_stand.opening = [ASKED]
    page = await open_page("/question")
    await page.wait_for_selector(".question")
    await page_stand.send(OTHER)
    await until(page, "document.querySelector('.question:not(.going) .text').textContent.includes('猫')")
    await until(page, "document.querySelectorAll('.question').length === 1")
    assert await page.locator(".initials").all_text_contents() == ["山"]


@pytest.mark.parametrize("size", [(1920, 1080), (400, 900)])
@pytest.mark.parametrize("theme", ["classic", "minimal"])
async def test_a_long_question_is_clamped(
    open_page: OpenPage, page_stand: PageStand, size: tuple[int, int], theme: str
) -> None:
    page_stand.opening = [LONG]
    page = await open_page(f"/question?theme={theme}", *size, pace=8)
    await page.wait_for_selector(".question")
    await until(page, "document.getAnimations().length === 0")
    text: Any = await page.locator(".text").evaluate(
        "one => [one.textContent.length, one.scrollHeight > one.clientHeight]"
    )
    assert text[0] <= 501
    assert text[1] or size[0] == 1920
    box: Any = await page.locator(".question").bounding_box()
    assert box["y"] >= 0
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size[0]
    assert box["height"] <= size[1] * 0.8


@pytest.mark.parametrize("size", [(1200, 400), (800, 300), (400, 400), (400, 300), (1200, 150)])
@pytest.mark.parametrize("theme", ["classic", "minimal"])
async def test_a_long_question_stays_in_a_low_window(
    open_page: OpenPage, page_stand: PageStand, size: tuple[int, int], theme: str
) -> None:
    page_stand.opening = [QuestionShown(Asked("3", "Ana", "", "Why is the sky blue, and the sea as well? " * 30))]
    page = await open_page(f"/question?theme={theme}", *size, pace=8)
    await page.wait_for_selector(".question")
    await until(page, "document.getAnimations().length === 0")
    box: Any = await page.locator(".question").bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= size[1]
    assert await page.locator(".text").evaluate("one => one.clientHeight >= parseFloat(getComputedStyle(one).fontSize)")
    await page.set_viewport_size({"width": 1920, "height": 1080})
    await until(page, "document.documentElement.style.getPropertyValue('--fit') === '1.00'")


async def test_somebodys_initials_have_the_same_ground_everywhere(open_page: OpenPage, page_stand: PageStand) -> None:
    for user in ("6900000000000000007", "6900000000000000010"):
        page_stand.opening = [
            Board(cards=(card(user, "Ana", 5),), people=1),
            QuestionShown(Asked("1", "Ana B", "", "Why?", user)),
            Alerts((Alert(1, "follow", "Ana C", "", user=user),)),
        ]
        grounds = set()
        for path in ("/overlay", "/question", "/alerts"):
            page = await open_page(path, 800, 400)
            await page.wait_for_selector(".avatar", state="attached")
            grounds.add(await page.locator(".avatar").get_attribute("data-ground"))
        assert len(grounds) == 1
