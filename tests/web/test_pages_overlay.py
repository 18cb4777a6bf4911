"""The leaderboard in real Chromium: cards travel, the crown is turned, nothing of ours comes near the key."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from msgspec.structs import replace
from playwright.async_api import Page

from tests.web.conftest import OpenPage
from tests.web.page_stand import PageStand, card, until
from tests.web.states import FIVE
from tui_live.web.protocol import Board, BoardChange

pytestmark = pytest.mark.asyncio(loop_scope="module")

#: From now on every animation stands still, to be looked at.
HOLD = """() => {
  const animate = Element.prototype.animate;
  Element.prototype.animate = function (...how) { const held = animate.apply(this, how); held.pause(); return held; };
}"""
NAME_SIZE = "parseFloat(getComputedStyle(document.querySelector('.name')).fontSize)"
BOXES = """all => all.map((one) => { const { top, right, bottom } = one.getBoundingClientRect();
  return { top, right, bottom, place: one.dataset.place }; })"""
TOPS = "() => Object.fromEntries([...document.querySelectorAll('.cards > .card')].map((card) => " + (
    "[card.querySelector('.name').textContent, Math.round(card.getBoundingClientRect().top)]))"
)


async def at(page: Page, time: float, what: str = "travel") -> dict[str, int]:
    """Where the cards are seen at a time (ms) of their animations."""
    await page.evaluate(
        "([time, what]) => document.getAnimations().forEach((held) => "
        "{ if (held.id === what) held.currentTime = time; })",
        [time, what],
    )
    found: dict[str, int] = await page.evaluate(TOPS)
    return found


async def names(page: Page) -> list[str]:
    return await page.locator(".cards .name").all_text_contents()


async def test_cards_travel_when_ranks_change(open_page: OpenPage, page_stand: PageStand) -> None:
    page_stand.opening = [FIVE]
    page = await open_page("/overlay?top=5&stream=@ana")
    await page.wait_for_selector(".card >> nth=4")
    assert page_stand.asked[-1] == {"page": "overlay", "stream": "ana", "top": "5"}
    before: dict[str, int] = await page.evaluate(TOPS)
    assert sorted(before.values()) == list(before.values())
    await page.evaluate(HOLD)
    risen = replace(FIVE.cards[4], score=1200)
    await page_stand.send(BoardChange(order=("5", "1", "2", "3", "4"), cards=(risen,)))
    await until(page, "document.getAnimations().filter((held) => held.id === 'travel').length === 5")

    assert await at(page, 0) == {name: before[name] for name in await names(page)}, "first, where they were"
    half = await at(page, 250)
    end = await at(page, 699.9)
    rows = sorted(before.values())
    assert list(end.values()) == rows, "at last, where they belong"
    for name, place in half.items():
        low, high = sorted((before[name], end[name]))
        assert low < place < high, f"{name} is on the way"
    assert await names(page) == ["Zoë Å. Müller", "🌸 Ana 🌸", "山田太郎", "محمد الأمين", "👩🏽‍🚀👨‍👩‍👧‍👦"]
    assert await page.locator(".card >> nth=0 >> .score").text_content() == "1,200"


async def test_a_travel_goes_on_from_where_it_is_seen(open_page: OpenPage, page_stand: PageStand) -> None:
    page_stand.opening = [FIVE]
    page = await open_page("/overlay")
    await page.wait_for_selector(".card >> nth=4")
    await page.evaluate(HOLD)
    await page_stand.send(BoardChange(order=("5", "1", "2", "3", "4")))
    await until(page, "document.getAnimations().length === 5")
    half = await at(page, 200)
    await page_stand.send(BoardChange(order=("1", "2", "3", "4", "5")))
    await until(page, "document.querySelector('.card .name').textContent.includes('Ana')")
    again = await at(page, 0)
    assert {name: abs(again[name] - half[name]) <= 1 for name in half} == dict.fromkeys(half, True)


async def test_who_comes_in_pops_up_and_who_leaves_is_gone(open_page: OpenPage, page_stand: PageStand) -> None:
    page_stand.opening = [FIVE]
    page = await open_page("/overlay")
    await page.wait_for_selector(".card >> nth=4")
    await page_stand.send(BoardChange(order=("1", "9", "2", "3", "4"), cards=(card("9", "Newcomer", 800),), people=7))
    await until(page, "document.getAnimations().some((one) => one.id === 'in')")
    assert await page.locator(".leavers .name").all_text_contents() == ["Zoë Å. Müller"]
    await until(page, "document.querySelector('.leavers').childElementCount === 0")
    assert await names(page) == ["🌸 Ana 🌸", "Newcomer", "山田太郎", "محمد الأمين", "👩🏽‍🚀👨‍👩‍👧‍👦"]
    assert await page.locator(".people").text_content() == "7"


async def test_crown_medals_and_numbers(open_page: OpenPage, page_stand: PageStand) -> None:
    page_stand.opening = [FIVE]
    page = await open_page("/overlay")
    await until(page, "document.querySelector('.crown')?.naturalWidth > 0")
    turned = await page.evaluate(
        "() => { const turn = new DOMMatrix(getComputedStyle(document.querySelector('.crown')).transform);"
        " return Math.atan2(turn.b, turn.a) * 180 / Math.PI; }"
    )
    assert turned == pytest.approx(30, abs=0.01)
    crowned = page.locator(".card:has(.crown) .name")
    assert await crowned.all_text_contents() == ["🌸 Ana 🌸"]
    medals = await page.locator(".medal").evaluate_all("all => all.map((one) => one.src.split('/').pop())")
    assert medals == ["medal-silver.svg", "medal-bronze.svg"]
    assert await page.locator(".place").all_text_contents() == ["1", "", "", "4", "5"]
    await page_stand.send(BoardChange(order=("2", "1", "3", "4", "5")))
    await until(page, "document.querySelector('.card:has(.crown) .name').textContent === '山田太郎'")
    assert await page.locator(".crown").count() == 1


async def test_overlay_of_obs_does_not_change_the_ground(open_page: OpenPage, page_stand: PageStand) -> None:
    """OBS lays ``body { background-color: rgba(0, 0, 0, 0) }`` over every page."""
    page_stand.opening = [FIVE]
    page = await open_page("/overlay")
    await page.evaluate("document.body.style.backgroundColor = 'rgba(0, 0, 0, 0)'")
    assert await page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(0, 255, 0)"


@pytest.mark.parametrize(
    ("query", "ground"),
    [
        ("", "rgb(0, 255, 0)"),
        ("?background=GREEN", "rgb(0, 255, 0)"),
        ("?background=magenta", "rgb(255, 0, 255)"),
        ("?background=%23123456", "rgb(18, 52, 86)"),
        ("?background=123456", "rgb(18, 52, 86)"),
        ("?background=navy", "rgb(0, 0, 128)"),
        ("?background=0000ff", "rgb(0, 0, 255)"),
        ("?background=transparent", "rgba(0, 0, 0, 0)"),
        ("?background=inherit", "rgb(0, 255, 0)"),
        ("?background=constructor", "rgb(0, 255, 0)"),
        ("?background=red;color:blue", "rgb(0, 255, 0)"),
        ("?background=url(https://example.com/x)", "rgb(0, 255, 0)"),
    ],
)
async def test_backgrounds(open_page: OpenPage, query: str, ground: str) -> None:
    page = await open_page(f"/overlay{query}", 400, 300)
    assert await page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == ground


@pytest.mark.parametrize(
    ("query", "size"),
    [("", 16), ("?scale=2", 32), ("?scale=0.01", 4), ("?scale=99", 64), ("?scale=NaN", 16), ("?scale=-3", 16)],
)
async def test_scale(open_page: OpenPage, query: str, size: float) -> None:
    page = await open_page(f"/question{query}")
    assert await page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == size


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("top=100", {"top": "100"}),
        ("top=101", {"top": "100"}),
        ("top=0", {}),
        ("top=-3", {}),
        ("top=2.5", {}),
        ("top=x", {}),
        ("count=7", {"top": "7"}),
        ("count=7&top=3", {"top": "3"}),
        ("count=7&top=x", {"top": "7"}),
        ("token=s3cret%26&stream=@Ana", {"stream": "Ana"}),
        (f"stream={'x' * 70}", {"stream": "x" * 70}),
        ("theme=<script>", {}),
    ],
)
async def test_what_the_page_asks_the_server(
    open_page: OpenPage, page_stand: PageStand, query: str, asked: dict[str, str]
) -> None:
    page_stand.opening = [FIVE]
    page = await open_page(f"/overlay?{query}", 500, 400)
    assert page_stand.asked[-1] == {"page": "overlay", **asked}
    assert await page.locator("html").get_attribute("data-theme") == "classic"
    await page.wait_for_selector(".card >> nth=4")
    assert "s3cret" not in await page.evaluate("document.documentElement.outerHTML + location.href")


@pytest.mark.parametrize("count", [1, 10, 25, 100])
async def test_so_many_places_find_room(open_page: OpenPage, page_stand: PageStand, count: int) -> None:
    page_stand.opening = [Board(cards=tuple(card(str(n), f"Viewer {n}", 10_000_000 - n) for n in range(count)))]
    page = await open_page(f"/overlay?top={count}")
    await until(page, f"document.querySelectorAll('.card').length === {count}")
    boxes: Any = await page.locator(".card").evaluate_all(
        "all => all.map((one) => { const { right, bottom } = one.getBoundingClientRect(); return [right, bottom]; })"
    )
    assert max(right for right, _ in boxes) <= 1920
    assert max(bottom for _, bottom in boxes) <= 1080
    assert await page.evaluate(NAME_SIZE) >= (28 if count <= 25 else 18), "legible from three metres"


@pytest.mark.parametrize("theme", ["classic", "minimal"])
@pytest.mark.parametrize(
    ("size", "top", "least"), [((400, 900), 26, 16), ((300, 600), 25, 7), ((600, 400), 50, 6), ((400, 900), 100, 16)]
)
async def test_more_places_than_there_is_room_for_are_left_out(
    open_page: OpenPage, page_stand: PageStand, size: tuple[int, int], top: int, least: int, theme: str
) -> None:
    page_stand.opening = [Board(cards=tuple(card(str(n), f"Viewer {n}", 10_000_000 - n) for n in range(top)))]
    page = await open_page(f"/overlay?top={top}&theme={theme}", *size)
    await page.wait_for_selector(".card")
    boxes: Any = await page.locator(".cards > .card").evaluate_all(BOXES)
    assert least <= len(boxes) < top
    assert [box["place"] for box in boxes] == [str(place) for place in range(1, len(boxes) + 1)]
    assert max(box["right"] for box in boxes) > 0.95 * size[0] - 12, "the whole width is used"
    assert max(box["right"] for box in boxes) <= size[0]
    assert max(box["bottom"] for box in boxes) <= size[1]
    assert not any(above["bottom"] > below["top"] for above, below in itertools.pairwise(boxes))
    assert await page.evaluate(NAME_SIZE) >= 16
    await page.set_viewport_size({"width": 1920, "height": 1080})
    await until(page, f"document.querySelectorAll('.cards > .card').length === {top}")


@pytest.mark.parametrize("theme", ["classic", "minimal"])
async def test_what_a_narrow_card_says_has_room(open_page: OpenPage, page_stand: PageStand, theme: str) -> None:
    page_stand.opening = [FIVE]
    page = await open_page(f"/overlay?theme={theme}", 400, 900)
    await page.wait_for_selector(".card >> nth=4")
    await until(page, "document.querySelector('.crown')?.naturalWidth > 0")
    spare, crown = await page.evaluate(
        "() => { const box = (what) => document.querySelector(what).getBoundingClientRect();"
        " const [card, score, name] = [box('.card'), box('.score'), box('.who > .name')];"
        " return [[name.top - card.top, card.bottom - score.bottom], name.left - box('.crown').right]; }"
    )
    assert min(spare) >= 5, "neither name nor score touches the border"
    assert crown >= 0, "the crown does not reach into the name"


async def test_a_stream_that_has_not_begun_shows_no_header(open_page: OpenPage, page_stand: PageStand) -> None:
    page_stand.opening = [Board()]
    page = await open_page("/overlay?stream=typo")
    await until(page, "!document.querySelector('.board').hidden")
    assert not await page.locator(".head").is_visible()
    await page_stand.send(BoardChange(people=3))
    await page.wait_for_selector(".head")


async def test_the_winner_is_celebrated_once(open_page: OpenPage, page_stand: PageStand) -> None:
    page_stand.opening = [FIVE]
    page = await open_page("/overlay")
    await page.wait_for_selector(".card >> nth=4")
    await page_stand.send(BoardChange(cards=(replace(FIVE.cards[0], winner=True),), paused=True))
    await until(page, "document.querySelector('.confetti').childElementCount > 20")
    assert await page.locator(".ribbon:visible").all_text_contents() == ["Winner"]
    assert await page.locator(".paused").is_visible()
    await until(page, "document.querySelector('.confetti').childElementCount === 0")
    await page_stand.send(BoardChange(cards=(replace(FIVE.cards[0], winner=True, score=901),)))
    await until(page, "document.querySelector('.score').textContent === '901'")
    assert await page.locator(".confetti > i").count() == 0


async def test_a_dead_picture_becomes_initials(open_page: OpenPage, page_stand: PageStand) -> None:
    dead = f"{page_stand.url}/picture/dead"
    page_stand.opening = [Board(cards=tuple(replace(one, avatar=dead) for one in FIVE.cards))]
    page: Any = await open_page("/overlay")
    await page.wait_for_selector(".card >> nth=4")
    await page.wait_for_load_state("networkidle")
    assert await page.locator(".initials").all_text_contents() == ["🌸", "山", "م", "👩🏽‍🚀", "ZM"]
    assert await page.locator(".avatar img").count() == 0
    assert all("404" in complaint for complaint in page.complaints), "the browser's own line about the address"
    page.complaints.clear()
    alive = f"{page_stand.url}/picture/alive"
    await page_stand.send(BoardChange(cards=(replace(FIVE.cards[0], avatar=alive),)))
    await until(page, "document.querySelector('.avatar img')?.naturalWidth > 0")
    assert "Referer" not in page_stand.headers[-1]
