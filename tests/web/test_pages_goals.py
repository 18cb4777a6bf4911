"""Goals in real Chromium: they fill, find room, and take turns."""

from __future__ import annotations

import pytest

from tests.web.conftest import OpenPage
from tests.web.page_stand import PageStand, until
from tests.web.states import GOALS
from tui_live.web.protocol import Goal, Goals

pytestmark = pytest.mark.asyncio(loop_scope="module")


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
    page = await open_page(f"/goal?theme={theme}", *size, pace=8)
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
