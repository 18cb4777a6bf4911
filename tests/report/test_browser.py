"""Reports in a real Chromium, opened as files: all is there, nothing is asked of anybody, nothing sticks out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Literal

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.core import story
from tests.report.evenings import MADE, Evening, evening
from tui_live.core.analysis import Across
from tui_live.core.past import ACTIVE
from tui_live.report import comparison_page

pytestmark = pytest.mark.asyncio(loop_scope="module")
NAMES = ("rich", "compared", "hostile", "empty", "one")
#: Texts of less contrast than 4.5 : 1, as [text, contrast].
FAINT = """[...document.querySelectorAll('p, dt, dd, td, th, h1, h2, h3, figcaption, .note, small, bdi, .plot text')]
  .map((node) => {
    const numbers = (colour) => {
      const found = colour.match(/[\\d.]+/g).map(Number);
      return colour.startsWith('color(') ? found.slice(-3).map((x) => x * 255) : found.slice(0, 3);
    };
    const light = (colour) => {
      const [r, g, b] = numbers(colour).map((x) => x / 255)
        .map((x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    let behind = node;
    while (behind.parentElement && getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)')
      behind = behind.parentElement;
    const style = getComputedStyle(node);
    const colours = [node.closest('svg') ? style.fill : style.color, getComputedStyle(behind).backgroundColor];
    const [a, b] = colours.map(light).sort((x, y) => y - x);
    return [node.textContent.slice(0, 30), (a + 0.05) / (b + 0.05)];
  })
  .filter(([text, contrast]) => text.trim() && !(contrast >= 4.5))"""
WIDE = (
    "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - document.documentElement.clientWidth"
)
DRAWN = """[...document.querySelectorAll('svg')].map((svg) => {
    const box = svg.getBoundingClientRect();
    return [box.width, box.height, svg.querySelectorAll('path').length];
})"""


HIDDEN = """[...document.querySelectorAll('svg')].map((svg) => svg.parentElement)
    .filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.innerText)"""
#: The height of the lowest text of plots, in pixels.
LETTERS = """Math.min(99, ...[...document.querySelectorAll('svg text')].map((one) => one.getBoundingClientRect().height)
    .filter((height) => height > 0))"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, rich: Evening, hostile: Evening, compared: Across) -> Path:
    """The folder in which the reports lie, by their names."""
    folder = tmp_path_factory.mktemp("reports")
    pages = {
        "rich": rich.page(),
        "hostile": hostile.page(),
        "compared": comparison_page(compared, MADE),
        "empty": evening([]).page(),
        "one": evening([story.batch([story.chat(3, 1)])], status=ACTIVE).page(),
    }
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(page, "utf-8")
    return folder


class Seen:
    """A page, what was asked of the network, and what the browser complained about."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda said: self.complaints.append(said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(dialog.message))

    async def read(self, script: str) -> Any:
        return await self.page.evaluate(script)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def seen(chromium: Browser) -> AsyncIterator[Seen]:
    context = await chromium.new_context(viewport={"width": 1280, "height": 900})
    yield Seen(await context.new_page())
    await context.close()


@pytest.mark.parametrize("name", NAMES)
async def test_it_opens_without_asking_anybody_and_fits(seen: Seen, files: Path, name: str) -> None:
    address = (files / f"{name}.html").as_uri()
    seen.asked.clear()
    await seen.page.goto(address)
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    behind = []
    for scheme in schemes:
        await seen.page.emulate_media(color_scheme=scheme, media="screen")
        behind.append(await seen.read("getComputedStyle(document.body).backgroundColor"))
        assert await seen.read(FAINT) == [], scheme
        for width in (1280, 400):
            await seen.page.set_viewport_size({"width": width, "height": 900})
            assert await seen.read(WIDE) == 0, (scheme, width)
            drawn = await seen.read(DRAWN)
            assert len(drawn) == {"rich": 5, "compared": 7, "hostile": 5}.get(name, 0)
            assert all(w > 300 and h > 70 and paths >= 3 for w, h, paths in drawn), drawn
            # Nothing of a plot is to be scrolled to, and its texts can be read.
            assert await seen.read(HIDDEN) == [], width
            assert await seen.read(LETTERS) >= 8, width
    assert behind == ["rgb(246, 247, 249)", "rgb(18, 21, 28)"]
    assert seen.asked == [address]
    assert seen.complaints == []


async def test_lines_have_their_colours_in_light_and_dark(seen: Seen, files: Path) -> None:
    await seen.page.goto((files / "rich.html").as_uri())
    found = {}
    for scheme in ("light", "dark"):
        await seen.page.emulate_media(color_scheme=scheme, media="screen")  # type: ignore[arg-type]
        found[scheme] = await seen.read("getComputedStyle(document.querySelector('.plot .stroke-viewers')).stroke")
    assert found == {"light": "rgb(47, 111, 222)", "dark": "rgb(110, 160, 255)"}


@pytest.mark.parametrize("name", NAMES)
async def test_it_prints_on_pages_without_cutting_anything(seen: Seen, files: Path, name: str) -> None:
    await seen.page.goto((files / f"{name}.html").as_uri())
    await seen.page.emulate_media(media="print", color_scheme="dark")
    await seen.page.set_viewport_size({"width": 703, "height": 1017})  # A4 without its margins, at 96 dots an inch
    assert await seen.read("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert await seen.read(FAINT) == []
    right = "[...document.querySelectorAll('table, svg, .card, figure')].map((x) => x.getBoundingClientRect().right)"
    assert max([0, *await seen.read(right)]) <= 704
    held = (
        "[...new Set([...document.querySelectorAll('figure, .card, tr')].map((x) => getComputedStyle(x).breakInside))]"
    )
    assert await seen.read(held) in (["avoid"], [])
    tall = "[...document.querySelectorAll('figure')].map((x) => x.getBoundingClientRect().height)"
    assert max([0, *await seen.read(tall)]) < 400
    printed = await seen.page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF-")
    assert printed.count(b"/Type /Page\n") >= {"rich": 6, "compared": 5, "hostile": 6, "one": 3}.get(name, 1)
    assert seen.complaints == []


async def test_the_contents_lead_to_their_parts(seen: Seen, files: Path) -> None:
    await seen.page.emulate_media(media="screen")
    await seen.page.goto((files / "rich.html").as_uri())
    for link in await seen.page.query_selector_all("nav a"):
        target = await link.get_attribute("href")
        assert target is not None and await seen.page.query_selector(f"section[id='{target[1:]}'] > h2")
