"""Question, goals and alerts in real Chromium."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from msgspec.structs import replace
from playwright.async_api import Browser

from tests.web.conftest import OpenPage
from tests.web.page_stand import PageStand, card, until
from tests.web.pixels import KEPT, KEYS, look
from tests.web.test_pages_overlay import HOLD, SIZES, SMALLEST_TEXT
from tui_live.web.protocol import Alert, Alerts, Asked, Board, Goal, Goals, Message, QuestionShown

pytestmark = pytest.mark.asyncio(loop_scope="module")

ASKED = QuestionShown(Asked("7000000000000000001", "Ana", "", "How old is your cat?"))
OTHER = QuestionShown(Asked("7000000000000000002", "山田太郎", "", "猫は何歳ですか？"))
NONE = QuestionShown()
LONG = QuestionShown(Asked("3", "محمد", "", "كيف حالك " * 2000))
GOALS = Goals(
    (Goal("Coins for the guitar", 64_210, 100_000, 64.21, "1"), Goal("Followers", 1000, 1000, 100.0, "2", "ana"))
)
ALERTS = Alerts(
    (Alert(1, "gift", "Ana", "", "Rose", 5, 5), Alert(2, "follow", "Bob", ""), Alert(3, "share", "Zoë", "")), more=4
)
#: Looks at every frame: how far alerts are over one another, how far down they reach, and whom they named. Some cards
#: are higher than others.
WATCH_ALERTS = """() => {
  Object.assign(globalThis, { over: 0, lowest: 0, seen: new Set() });
  const look = () => {
    const all = [...document.querySelectorAll(".alert, .more")];
    for (const one of all) {
      const name = one.querySelector(".name")?.textContent;
      if (name) globalThis.seen.add(name);
      if (/[369]$/.test(name)) one.style.minHeight = "6.9rem";
    }
    const boxes = all.map((one) => one.getBoundingClientRect()).filter(({ height }) => height > 0);
    boxes.forEach((box, at) => {
      globalThis.lowest = Math.max(globalThis.lowest, box.bottom);
      for (const other of boxes.slice(at + 1)) {
        const over = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
        globalThis.over = Math.max(globalThis.over, over);
      }
    });
    requestAnimationFrame(look);
  };
  look();
}"""
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


@pytest.mark.parametrize("size", [(1200, 400), (800, 300), (400, 400), (400, 300), (1200, 150)])
@pytest.mark.parametrize("theme", ["classic", "minimal"])
async def test_a_long_question_stays_in_a_low_window(
    open_page: OpenPage, page_stand: PageStand, size: tuple[int, int], theme: str
) -> None:
    page_stand.opening = [QuestionShown(Asked("3", "Ana", "", "Why is the sky blue, and the sea as well? " * 30))]
    page = await open_page(f"/question?theme={theme}", *size)
    await page.wait_for_selector(".question")
    await until(page, "document.getAnimations().length === 0")
    box: Any = await page.locator(".question").bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= size[1]
    assert await page.locator(".text").evaluate("one => one.clientHeight >= parseFloat(getComputedStyle(one).fontSize)")
    await page.set_viewport_size({"width": 1920, "height": 1080})
    await until(page, "document.documentElement.style.getPropertyValue('--fit') === '1.00'")


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


@pytest.mark.parametrize(("path", "state"), [("question", ASKED), ("goal", GOALS), ("alerts", ALERTS)])
async def test_nothing_is_too_small_to_be_read_at_1080p(
    open_page: OpenPage, page_stand: PageStand, path: str, state: Message
) -> None:
    page_stand.opening = [state]
    page = await open_page(f"/{path}")
    await page.wait_for_selector(".card")
    assert await page.evaluate(SMALLEST_TEXT) >= 24


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
    await page_stand.send(Goals((Goal("Coins for the guitar", 100_000, 100_000, 100.0, "1"),)))
    await until(page, "document.querySelector('.confetti').childElementCount > 20")
    assert await page.locator(".numbers").all_text_contents() == ["100,000 / 100,000"]


@pytest.mark.parametrize("theme", ["classic", "minimal"])
@pytest.mark.parametrize(
    ("size", "count", "at_once"),
    [((1200, 300), 2, 2), ((1200, 300), 4, 4), ((1200, 300), 9, None), ((400, 900), 20, None), ((800, 120), 3, None)],
)
async def test_goals_stay_in_the_window_and_take_turns(
    open_page: OpenPage, page_stand: PageStand, size: tuple[int, int], count: int, at_once: int | None, theme: str
) -> None:
    names = [f"Goal number {number}" for number in range(count)]
    page_stand.opening = [Goals(tuple(Goal(name, 1, 9, 11.1, name, "a_long_name.of_a_stream") for name in names))]
    page = await open_page(f"/goal?theme={theme}", *size)
    await page.wait_for_selector(".goal")
    shown = await page.locator(".goal .name").all_text_contents()
    assert shown == names[: len(shown)]
    if at_once is not None:
        assert len(shown) == at_once
    elif theme == "classic":
        assert len(shown) < count
    right, bottom = await page.locator(".goal").evaluate_all(
        "all => ['right', 'bottom'].map((side) => Math.max(...all.map((one) => one.getBoundingClientRect()[side])))"
    )
    assert right <= size[0] and bottom <= size[1]
    if len(shown) < count:
        await until(page, f"document.querySelector('.goal .name').textContent === '{names[len(shown)]}'")


async def test_a_goal_says_whose_it_is(open_page: OpenPage, page_stand: PageStand) -> None:
    page_stand.opening = [Goals((Goal("Gift goal", 1, 2, 50, "1", "ana"), Goal("Gift goal", 1, 2, 50, "2", "bob")))]
    page = await open_page("/goal")
    await page.wait_for_selector(".whose")
    assert await page.locator(".whose").all_text_contents() == ["@ana", "@bob"]


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


async def test_a_gift_streak_is_one_card_that_grows_and_stays(open_page: OpenPage, page_stand: PageStand) -> None:
    page = await open_page("/alerts")
    rose = Alert(1, "gift", "Ana", "", "Rose", 1, 1, user="7", streak="0 7 5655 9")
    await page_stand.send(Alerts((rose, replace(rose, id=2, name="Bob", user="8", streak="0 8 5655 9"))))
    await until(page, "document.querySelectorAll('.alert').length === 2")
    assert not await page.locator(".times >> nth=0").is_visible()
    await page.evaluate("document.querySelector('.alert').marked = true")
    began = asyncio.get_running_loop().time()
    for count in range(2, 14):
        await page_stand.send(Alerts((replace(rose, id=1 + count, count=count, coins=count),)))
        await until(page, f"document.querySelector('.times').textContent === '×{count}'")
        assert await page.locator(".alert:not(.going) .name").first.text_content() == "Ana"
        await page.wait_for_timeout(500)
    assert asyncio.get_running_loop().time() - began > 6
    assert await page.evaluate("document.querySelector('.alert').marked"), "the same card, for longer than one stays"
    assert await page.locator(".alert .coins").all_inner_texts() == ["13"]
    assert await page.locator(".alert").count() == 1, "Bob's has gone: it did not grow"


@pytest.mark.timeout(90)
async def test_what_was_left_out_is_told_for_a_few_seconds(open_page: OpenPage, page_stand: PageStand) -> None:
    page = await open_page("/alerts")
    await page_stand.send(Alerts((Alert(1, "follow", "Ana", ""),), more=7))
    await page.wait_for_selector("text=+7 more")
    number = 1
    async with asyncio.timeout(10):
        while await page.locator(".more").count() > 0:  # the stage is never empty
            number += 1
            await page_stand.send(Alerts((Alert(number, "follow", f"Viewer {number}", ""),)))
            await page.wait_for_timeout(400)
    assert await page.locator(".alert").count() > 0


@pytest.mark.parametrize("size", [(1920, 1080), (800, 400), (400, 900), (1200, 250)])
async def test_alerts_in_a_hurry_do_not_run_over_one_another_nor_out_of_the_window(
    open_page: OpenPage, page_stand: PageStand, size: tuple[int, int]
) -> None:
    page = await open_page("/alerts", *size)
    await page.evaluate(WATCH_ALERTS)
    await page_stand.send(
        Alerts(tuple(Alert(n, ("gift", "follow")[n % 2], f"Viewer {n}", "", "Rose", n, n) for n in range(9)), more=3)
    )
    await until(page, "document.querySelectorAll('.alert').length > 0")
    await until(page, "globalThis.seen.size >= 9", 25)
    over, lowest = await page.evaluate("[globalThis.over, globalThis.lowest]")
    assert over <= 1, "pixels of one card over another"
    assert lowest <= size[1]


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
