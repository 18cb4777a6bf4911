"""/replays/: a clip plays in a real browser, a deep link opens it, and whatever strangers wrote stays text."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from msgspec import structs

from tests.web.clip_shelf import AT_MS, Shelf, cause, make_video
from tests.web.page_stand import until
from tests.web.server.conftest import own_address
from tests.web.server.studio import Studio
from tests.web.tabs import Tabs
from tests.web.test_pages_hostile import NASTY, RUN
from tui_live.core.clips import ChatLine, ClipState, ObsState, ObsStatus

pytestmark = pytest.mark.asyncio(loop_scope="module")
TOKEN = "a-token-of-these-tests"
PLAYING = "document.querySelector('video')?.currentTime > 0.3"
Open = Callable[..., Awaitable[Any]]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest_asyncio.fixture(loop_scope="module")
async def studio(shelf: Shelf) -> AsyncIterator[Studio]:
    studio = Studio("ana", host="0.0.0.0")
    studio.clips = shelf
    await studio.start()
    yield studio
    await studio.close()


@pytest_asyncio.fixture(loop_scope="module")
async def open_page(all_tabs: Tabs, studio: Studio) -> AsyncIterator[Open]:
    """Opens a page of the studio; a complaint in its console fails the test at its end."""

    async def open_one(path: str, **more: Any) -> Any:
        page = await all_tabs.open(**more)
        await page.goto(path if path.startswith("http") else f"http://127.0.0.1:{studio.port}{path}")
        return page

    yield open_one
    assert await all_tabs.leave() == []


@pytest.mark.parametrize("ending", [".webm", ".mp4", ".mkv"])
async def test_a_deep_link_plays_its_clip(open_page: Open, shelf: Shelf, tmp_path: Path, ending: str) -> None:
    shelf.put(make_video(tmp_path / "other.webm"))
    shelf.put(make_video(tmp_path / f"king_clip that #1 100 %{ending}"))
    page = await open_page("/replays/#2")
    await page.wait_for_selector("video")
    await page.evaluate("document.querySelector('video').muted = true, document.querySelector('video').play()")
    await until(page, PLAYING)
    await page.evaluate("document.querySelector('video').currentTime = 3")
    await until(page, "document.querySelector('video').currentTime > 3.2")
    assert await page.evaluate("document.querySelector('video').videoWidth") == 320
    assert await page.locator(".said").text_content() == ""
    async with page.expect_download() as download:
        await page.click("text=Download")
    found = await download.value
    assert Path(await found.path()).read_bytes() == Path(shelf.entries[1].path).read_bytes()
    assert found.suggested_filename.endswith(ending)


async def test_a_clip_is_opened_and_closed_from_the_list(open_page: Open, shelf: Shelf, tmp_path: Path) -> None:
    for number in (1, 2):
        file = make_video(tmp_path / f"clip{number}.webm", seconds=2)
        shelf.put(
            file, ChatLine(AT_MS - 12_000, "bob", "Bob", f"before {number}"), causes=[cause(), cause(username="zoe")]
        )
    page = await open_page("/replays/")
    await page.click("td >> nth=1")  # anywhere in the row
    await page.wait_for_selector("video[src='/video/clip2.webm?id=2']")
    assert await page.locator(".chat li").all_inner_texts() == ["−12 s\nBob before 2"]
    assert "1 more asked" in await page.inner_text(".facts")
    assert await page.locator("tr[aria-current]").count() == 1
    await page.click("tbody tr >> nth=1")
    await page.wait_for_selector("video[src='/video/clip1.webm?id=1']")
    assert await page.locator("video").count() == 1
    await page.click("text=All clips")
    await page.wait_for_selector("video", state="detached")
    assert await page.locator("tbody tr").count() == 2


async def test_what_cannot_be_played_says_why_and_is_offered(open_page: Open, shelf: Shelf, tmp_path: Path) -> None:
    shelf.put(make_video(tmp_path / "old.flv"))
    failed = shelf.put(state=ClipState.FAILED, reason="OBS is <b>not</b> running")
    shelf.put(file=make_video(tmp_path / "gone.webm"))
    (tmp_path / "gone.webm").unlink()
    page = await open_page("/replays/#1")
    await page.wait_for_selector("text=This browser cannot play this FLV file")
    assert await page.get_attribute(".download", "href") == "/video/old.flv?id=1&download=1"
    await page.goto(page.url.partition("#")[0] + f"#{failed.number}")
    await page.wait_for_selector(".nothing >> text=OBS is <b>not</b> running")
    assert await page.locator("video, .download").count() == 0
    await page.goto(page.url.partition("#")[0] + "#3")
    await page.wait_for_selector(".nothing >> text=not in its folder any more")
    for number in ("99", "x", "%E0%A4", "1e3"):
        await page.goto(page.url.partition("#")[0] + f"#{number}")
        await page.wait_for_selector(".replay [role=alert]")
    assert [line for line in page.complaints if "404" not in line] == []
    page.complaints.clear()


async def test_the_page_follows_what_happens(open_page: Open, shelf: Shelf, tmp_path: Path) -> None:
    page = await open_page("/replays/#1", pace=8)
    await page.wait_for_selector("text=No clips yet")
    await page.wait_for_selector("text=There is no clip 1")
    await page.wait_for_selector("text=its replay buffer holds 30 s")
    page.complaints.clear()
    waiting = shelf.put(state=ClipState.REQUESTED)
    shelf.obs = ObsStatus(ObsState.ABSENT, "OBS does not answer", "start it")
    await page.wait_for_selector("tbody tr")
    await page.wait_for_selector("text=OBS does not answer — start it")
    start = page.url.partition("#")[0]
    await page.goto(f"{start}#")
    await page.goto(f"{start}#1")
    await page.wait_for_selector(".nothing >> text=being saved")
    file = make_video(tmp_path / "now.webm", seconds=1)
    size = file.stat().st_size
    shelf.entries[0] = structs.replace(waiting, state=ClipState.SAVED, path=str(file), size=size, duration_ms=1000)
    await page.wait_for_selector("video")


async def test_a_list_goes_on_and_is_searched(open_page: Open, shelf: Shelf) -> None:
    for number in range(120):
        shelf.put(state=ClipState.FAILED, reason="x", causes=[cause(username=f"user{number}", nickname="")])
    page = await open_page("/replays/")
    for count in (50, 100):
        await until(page, f"document.querySelectorAll('tbody tr').length === {count}")
        await page.click(".more")
    await until(page, "document.querySelectorAll('tbody tr').length === 120 && !document.querySelector('.more')")
    await page.fill("[type=search]", "USER11")
    await until(page, "document.querySelectorAll('tbody tr').length === 11")
    await page.fill("[type=search]", "nobody")
    await page.wait_for_selector("text=No clip has all of these words")


@pytest.mark.parametrize("scheme", ["dark", "light"])
async def test_hostile_words_are_text_at_every_width(
    open_page: Open, shelf: Shelf, tmp_path: Path, scheme: str
) -> None:
    for number, text in enumerate(NASTY):
        file = make_video(tmp_path / f"{number} <img src=x onerror='window.hit = 1'>.webm", seconds=1)
        who = cause(username=text or "x", nickname=text, message=text, trigger=text, stream=text or "x")
        more = {} if number % 2 else {"path": "", "state": ClipState.FAILED, "reason": text}
        shelf.put(file, ChatLine(AT_MS, text, text, text), causes=[who, who], **more)
    page = await open_page("/replays/#2", color_scheme=scheme)
    await page.wait_for_selector("video")
    for number in range(1, len(NASTY) + 1):
        await page.goto(page.url.partition("#")[0] + f"#{number}")
        await page.wait_for_selector(f"tr[aria-current] a[href='#{number}']", state="attached")
        await page.wait_for_selector(".chat li", state="attached")
        for width in (1920, 1000, 640, 400):
            await page.set_viewport_size({"width": width, "height": 900})
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, (number, width)
        assert await page.evaluate(RUN) == [None, 0]
    ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(14, 18, 22)" if scheme == "dark" else "rgb(250, 251, 251)")


async def test_a_clip_plays_on_another_machine_with_the_token_nowhere(
    open_page: Open, studio: Studio, shelf: Shelf, tmp_path: Path
) -> None:
    shelf.put(make_video(tmp_path / "x.webm"))
    address = studio.server.clip_address(1)
    assert address.endswith(f"/replays/?token={TOKEN}#1")
    there = f"http://{own_address()}:{studio.port}"
    page = await open_page(there + address[address.index("/replays") :])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.wait_for_selector("video")
    await page.evaluate("document.querySelector('video').muted = true, document.querySelector('video').play()")
    await until(page, PLAYING)
    assert page.url == f"{there}/replays/#1"
    await page.reload()
    await page.wait_for_selector("video")
    assert TOKEN not in (await page.get_attribute("video", "src") or "")
    assert not any("/video/" in url and TOKEN in url for url in asked)
