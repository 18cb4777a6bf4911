"""Question, goals and alerts in real Chromium."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser

from tests.web.conftest import OpenPage
from tests.web.page_stand import PageStand, until
from tests.web.pixels import KEPT, KEYS, look
from tests.web.test_pages_overlay import HOLD, SIZES
from tui_live.web.protocol import Alert, Alerts, Asked, Goal, Goals, Message, QuestionShown

pytestmark = pytest.mark.asyncio(loop_scope="module")

ASKED = QuestionShown(Asked("7000000000000000001", "Ana", "", "How old is your cat?"))
OTHER = QuestionShown(Asked("7000000000000000002", "山田太郎", "", "猫は何歳ですか？"))
NONE = QuestionShown()
LONG = QuestionShown(Asked("3", "محمد", "", "كيف حالك " * 2000))
GOALS = Goals((Goal("Coins for the guitar", 64_210, 100_000, 64.21), Goal("Followers", 1000, 1000, 100.0)))
ALERTS = Alerts(
    (Alert(1, "gift", "Ana", "", "Rose", 5, 5), Alert(2, "follow", "Bob", ""), Alert(3, "share", "Zoë", "")), more=4
)
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


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["classic", "minimal"])
async def test_a_long_question_is_clamped(
    open_page: OpenPage, page_stand: PageStand, size: tuple[int, int], theme: str
) -> None:
    page_stand.opening = [LONG]
    page = await open_page(f"/question?theme={theme}", *size)
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


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["classic", "minimal"])
@pytest.mark.parametrize("background", KEYS)
@pytest.mark.parametrize(
    ("path", "state"),
    [("question", ASKED), ("goal", GOALS), ("alerts", ALERTS)],
    ids=["question", "goal", "alerts"],
)
async def test_no_colour_of_ours_comes_near_the_key(
    open_page: OpenPage,
    page_stand: PageStand,
    chromium: Browser,
    size: tuple[int, int],
    theme: str,
    background: str,
    path: str,
    state: Message,
) -> None:
    page_stand.opening = [state]
    page = await open_page(f"/{path}?background={background}&theme={theme}", *size)
    await until(page, f"document.querySelectorAll('.card').length >= {3 if path == 'alerts' else 1}")
    await until(page, "document.getAnimations().length === 0")
    seen = await look(chromium, page, ".card, .more", KEYS[background])
    assert seen["looked"] > 10_000
    assert seen["opaque"]
    assert seen["nearest"][0] > KEPT, seen["nearest"]
    assert seen["foreign"] == 0


async def test_goals_fill_and_are_reached(open_page: OpenPage, page_stand: PageStand) -> None:
    page_stand.opening = [GOALS]
    page = await open_page("/goal")
    await page.wait_for_selector(".goal")
    share = "one => one.getBoundingClientRect().right - one.parentElement.getBoundingClientRect().left"
    await until(page, "document.getAnimations().length === 0")
    track = await page.locator(".track >> nth=0").evaluate("one => one.clientWidth")
    assert await page.locator(".filled >> nth=0").evaluate(share) == pytest.approx(0.6421 * track, abs=1)
    assert await page.locator(".goal[data-reached] .name").all_text_contents() == ["Followers"]
    assert await page.locator(".confetti > i").count() == 0, "nobody celebrates what was reached before"
    await page_stand.send(Goals((Goal("Coins for the guitar", 100_000, 100_000, 100.0),)))
    await until(page, "document.querySelector('.confetti').childElementCount > 20")
    assert await page.locator(".numbers").all_text_contents() == ["100,000 / 100,000"]


async def test_alerts_queue_and_never_more_than_three_at_once(open_page: OpenPage, page_stand: PageStand) -> None:
    page = await open_page("/alerts")
    await page.evaluate(
        "() => { globalThis.most = 0; new MutationObserver(() => { globalThis.most = Math.max(globalThis.most,"
        " document.querySelectorAll('.alert:not(.going)').length); })"
        ".observe(document.querySelector('.alerts'), { childList: true }); }"
    )
    crowd = tuple(Alert(n, "gift", f"Giver {n}", "", "Rose", 1, n) for n in range(1, 31))
    await page_stand.send(Alerts(crowd, more=100))
    await until(page, "document.querySelectorAll('.alert').length >= 3")
    assert await page.locator(".more").text_content() == "+118 more", "12 wait, the greatest gifts; the rest is counted"
    await until(page, "[...document.querySelectorAll('.name')].some((one) => one.textContent === 'Giver 25')", 20)
    assert await page.evaluate("globalThis.most") == 3


async def test_alerts_say_what_happened_and_go(open_page: OpenPage, page_stand: PageStand) -> None:
    page = await open_page("/alerts")
    gift = Alert(9, "gift", "Ana", "", "Universe", 2, 69_998, f"{page_stand.url}/picture/gift")
    await page_stand.send(Alerts((gift, Alert(2, "follow", "Bob", ""), Alert(3, "share", "Zoë", ""))))
    await until(page, "document.querySelectorAll('.alert').length === 3")
    lines = await page.locator(".alert").evaluate_all(
        "all => all.map((one) => one.querySelector('.name').textContent + ': '"
        " + [...one.querySelector('.deed').children].map((part) => part.textContent).join(' '))"
    )
    assert lines == ["Ana: sent Universe ×2 69,998", "Bob: follows now", "Zoë: shared the stream"]
    await until(page, "document.querySelector('.picture img').src.endsWith('/picture/gift')")
    await until(page, "document.querySelector('.alerts').childElementCount === 0", 20)
