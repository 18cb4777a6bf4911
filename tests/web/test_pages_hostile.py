"""What strangers write is text, and nothing of it runs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import OpenPage
from tests.web.page_stand import PageStand, card, until
from tui_live.web.protocol import Alert, Alerts, Asked, Board, Goal, Goals, QuestionShown

pytestmark = pytest.mark.asyncio(loop_scope="module")

NASTY = (
    "<script>window.hit = 1</script>",
    "<img src=x onerror='window.hit = 1'>",
    '"><svg onload=window.hit=1>',
    "{{constructor.constructor('window.hit = 1')()}}",
    "\u202e\u2066evil\u2069 txt.exe",
    "a" + "\u0301" * 10_000,
    "x" * 10_000,
    "👩‍👩‍👧‍👦" * 1000,
    "",
)
ADDRESSES = (
    "javascript:window.hit=1",
    "JaVaScRiPt:window.hit=1//https://",
    "data:text/html,<script>window.hit=1</script>",
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='window.hit=1'/>",
    "http://other.invalid/a.png",
    "//other.invalid/a.png",
    "blob:null/1",
    "https://",
    "not an address",
)
RUN = "[window.hit, document.querySelectorAll('body script, body svg, iframe, object').length]"


async def test_names_and_avatars_are_text(open_page: OpenPage, page_stand: PageStand) -> None:
    people = zip(NASTY, ADDRESSES, strict=True)
    page_stand.opening = [Board(cards=tuple(card(name + at, name, 9, at) for name, at in people))]
    page: Any = await open_page("/overlay?top=9&<script>=<script>")
    await until(page, "document.querySelectorAll('.card').length === 9")
    texts = await page.locator(".name").all_text_contents()
    assert texts[:4] == [*NASTY[:4]]
    assert max(map(len, texts)) < 1000
    sources = await page.locator(".avatar img").evaluate_all("all => all.map((one) => one.src)")
    assert sources == []
    boxes = await page.locator(".card").evaluate_all("all => all.map((one) => one.getBoundingClientRect().height)")
    assert len(set(boxes)) == 1, "no name makes its card larger"
    assert await page.evaluate(RUN) == [None, 0]


async def test_questions_goals_and_alerts_are_text(open_page: OpenPage, page_stand: PageStand) -> None:
    page = await open_page("/question", 400, 900, pace=8)
    for number, text in enumerate(NASTY):
        page_stand.opening = [QuestionShown(Asked(str(number), text, ADDRESSES[number], text))]
        await page.reload()
        await page.wait_for_selector(".question")
        await until(page, "document.getAnimations().length === 0")
        assert await page.evaluate(RUN) == [None, 0]
        box: Any = await page.locator(".question").bounding_box()
        assert 0 <= box["y"] <= 900
        assert box["width"] <= 400
    page_stand.opening = [Goals(tuple(Goal(text, 1, 2, 50.0) for text in NASTY))]
    page = await open_page("/goal")
    await page.wait_for_selector(".goal >> nth=8")
    assert await page.evaluate(RUN) == [None, 0]
    page_stand.opening = [
        Alerts((*(Alert(n, "gift", NASTY[n], ADDRESSES[n], NASTY[n], 1, 1, ADDRESSES[n]) for n in (0, 1, 5)),))
    ]
    page = await open_page("/alerts", 400, 900)
    await until(page, "document.querySelectorAll('.alert').length === 3")
    assert (
        await page.evaluate("Math.max(...[...document.querySelectorAll('.alert')].map((one) => one.clientWidth))") < 400
    )
    assert await page.evaluate(RUN) == [None, 0]


async def test_messages_of_another_shape_do_no_harm(open_page: OpenPage, page_stand: PageStand) -> None:
    page_stand.opening = [Board(cards=(card("1", "Ana", 5),))]
    page: Any = await open_page("/overlay")
    await page.wait_for_selector(".card")
    for text in ("", "{", "null", "[]", "7", '{"t":"board+","order":["nobody","1","1"]}', '{"t":"what"}'):
        await page_stand.send_text(text)
    await page_stand.send_text('{"t":"board+","scoring":77}')
    await until(page, "document.querySelector('.scoring').textContent === '77'")
    assert await page.locator(".card .name").all_text_contents() == ["Ana"]
    assert page.complaints == ["A message that is not JSON was left out."] * 2
    page.complaints.clear()


async def test_the_policy_is_in_force(open_page: OpenPage) -> None:
    page: Any = await open_page("/overlay")
    await page.evaluate(
        "() => { const script = document.createElement('script'); script.textContent = 'window.hit = 1';"
        " document.body.append(script); document.body.setAttribute('onclick', 'window.hit = 2');"
        " document.body.click(); }"
    )
    assert await page.evaluate("window.hit") is None
    assert all("Content Security Policy" in complaint for complaint in page.complaints)
    assert page.complaints
    page.complaints.clear()
