"""Alerts in real Chromium: they queue, stay as long as they should, and get in nobody's way."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.web.conftest import OpenPage
from tests.web.page_stand import PageStand, until
from tui_live.web.protocol import Alert, Alerts

pytestmark = pytest.mark.asyncio(loop_scope="module")

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


async def test_alerts_queue_and_never_more_than_three_at_once(open_page: OpenPage, page_stand: PageStand) -> None:
    page = await open_page("/alerts", pace=4)
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
    page = await open_page("/alerts", pace=4)
    rose = Alert(1, "gift", "Ana", "", "Rose", 1, 1, user="7", streak="0 7 5655 9")
    await page_stand.send(Alerts((rose, replace(rose, id=2, name="Bob", user="8", streak="0 8 5655 9"))))
    await until(page, "document.querySelectorAll('.alert').length === 2")
    assert not await page.locator(".times >> nth=0").is_visible()
    await page.evaluate("document.querySelector('.alert').marked = true; globalThis.began = performance.now()")
    for count in range(2, 14):
        await page_stand.send(Alerts((replace(rose, id=1 + count, count=count, coins=count),)))
        await until(page, f"document.querySelector('.times').textContent === '×{count}'")
        assert await page.locator(".alert:not(.going) .name").first.text_content() == "Ana"
        await until(page, f"performance.now() - globalThis.began > 500 * {count}")
    assert await page.evaluate("document.querySelector('.alert').marked"), "the same card, for longer than one stays"
    assert await page.locator(".alert .coins").all_inner_texts() == ["13"]
    assert await page.locator(".alert").count() == 1, "Bob's has gone: it did not grow"


async def test_what_was_left_out_is_told_for_a_few_seconds(open_page: OpenPage, page_stand: PageStand) -> None:
    page = await open_page("/alerts", pace=4)
    crowd = tuple(Alert(number, "follow", f"Viewer {number}", "") for number in range(1, 13))
    await page_stand.send(Alerts(crowd, more=7))  # so many that the stage is not empty meanwhile
    await page.wait_for_selector("text=+7 more")
    await page.wait_for_selector(".more", state="detached")
    assert await page.locator(".alert").count() > 0


@pytest.mark.parametrize("size", [(1920, 1080), (800, 400), (400, 900), (1200, 250)])
async def test_alerts_in_a_hurry_do_not_run_over_one_another_nor_out_of_the_window(
    open_page: OpenPage, page_stand: PageStand, size: tuple[int, int]
) -> None:
    page = await open_page("/alerts", *size, pace=4)
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
    page = await open_page("/alerts", pace=4)
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
