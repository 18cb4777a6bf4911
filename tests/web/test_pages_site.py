"""The pages for people: the overlays' addresses, sessions, the API's documentation."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import OpenPage
from tests.web.page_stand import PageStand, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

EVIL = "<img src=x onerror='window.hit = 1'>"
STREAMS = {"streams": [{"name": "alice", "state": "live", "viewers": 12}, {"name": "bob", "state": "offline"}]}


def session(key: str, streamer: str) -> dict[str, Any]:
    return {
        "id": key,
        "streamer_username": streamer,
        "session_start": "2025-11-20T19:00:00Z",
        "session_end": "2025-11-20T23:12:00Z",
        "status": "ended",
        "total_events": 128_345,
        "total_users": 3402,
        "total_coins": 982_110,
        "gaps": 2,
        "gap_seconds": 754.2,
        "like_coverage": 0.8712,
    }


def participant(rank: int, name: str) -> dict[str, Any]:
    numbers = dict.fromkeys(("points", "score", "coins", "gifts", "likes", "comments"), 1000 - rank)
    return {"rank": rank, "user_id": str(rank), "username": f"u{rank}", "nickname": name, "avatar_url": "", **numbers}


ANSWERS = {
    "/api/streams": STREAMS,
    "/api/status": {
        "pages": [
            {"page": "overlay", "stream": None, "watched": True, "connected_at": "2025-11-20T19:00:00Z"},
            {"page": "goal", "stream": "typo", "watched": False, "connected_at": "2025-11-20T19:00:00Z"},
        ]
    },
    "/api/sessions": {"sessions": [session("aaaaaaaa", "alice"), session("bbbbbbbb", EVIL)], "next": "2"},
    "/api/sessions?after=2": {"sessions": [session("cccccccc", "山田太郎")], "next": None},
    "/api/sessions/aaaaaaaa": {"session": session("aaaaaaaa", "alice")},
    "/api/sessions/aaaaaaaa/participants": {"participants": [participant(1, EVIL), participant(2, "Zoë")], "next": "2"},
    "/api/sessions/aaaaaaaa/participants?after=2": {"participants": [participant(3, "x" * 10_000)], "next": None},
    "/api/openapi.json": {
        "openapi": "3.1.0",
        "info": {"title": "TUI Live", "version": "1", "description": EVIL},
        "paths": {
            "/api/question": {
                "get": {
                    "summary": "What is asked",
                    "parameters": [
                        {"name": "stream", "in": "query", "schema": {"type": "string"}, "description": "Of"}
                    ],
                    "responses": {
                        "200": {"description": "ok", "content": {"text/event-stream": {}}},
                        "404": {"description": "none"},
                    },
                },
                "post": {
                    "summary": "Ask",
                    "requestBody": {
                        "content": {
                            "application/json": {
                                "schema": {"$ref": "#/components/schemas/Ask"},
                                "example": {"stream": "ana", "text": "Who's there?"},
                            }
                        }
                    },
                    "responses": {"200": {"description": "ok"}},
                },
            }
        },
        "components": {
            "schemas": {
                "Ask": {
                    "type": "object",
                    "required": ["text"],
                    "properties": {"text": {"type": "string"}, "again": {"$ref": "#/components/schemas/Ask"}},
                }
            }
        },
    },
}
PAGES = ["/", "/sessions", "/sessions#aaaaaaaa", "/docs"]
READY = {
    "/": ".stream",
    "/sessions": "tr.link",
    "/sessions#aaaaaaaa": ".person",
    "/docs": ".operation",
}


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("path", PAGES)
async def test_pages_fit_every_width_and_nothing_runs(
    open_page: OpenPage, page_stand: PageStand, path: str, scheme: str
) -> None:
    page_stand.answers = ANSWERS
    page = await open_page(path, 1920, 1080, connected=False, color_scheme=scheme)
    await page.wait_for_selector(READY[path])
    for width in (1920, 1000, 640, 400):
        await page.set_viewport_size({"width": width, "height": 900})
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
    assert await page.evaluate("window.hit") is None
    ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(14, 18, 22)" if scheme == "dark" else "rgb(250, 251, 251)"), "the console's own"


async def test_addresses_for_obs_follow_the_choices(open_page: OpenPage, page_stand: PageStand) -> None:
    page_stand.answers = ANSWERS
    page = await open_page("/?token=s3cret", connected=False, permissions=["clipboard-read", "clipboard-write"])
    await page.wait_for_selector(".stream")
    assert await page.locator(".stream .state").all_text_contents() == ["live", "offline"]
    await page.select_option("[name=stream]", "bob")
    await page.select_option("[name=background]", "transparent")
    await page.fill("[name=top]", "7")
    await page.fill("[name=scale]", "99")  # more than is allowed: left out
    shown = await page.locator(".address code").all_text_contents()
    chosen = "?stream=bob&background=transparent"
    assert shown[0] == f"{page_stand.url}/overlay{chosen}&top=7&token=••••••"
    assert shown[1] == f"{page_stand.url}/question{chosen}&token=••••••", "a question has no places"
    await page.locator(".address button >> nth=0").click()
    await page.wait_for_selector("text=Copied")
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{page_stand.url}/overlay{chosen}&top=7&token=s3cret"
    assert "s3cret" not in await page.evaluate("document.body.innerText")
    assert page_stand.headers[-1]["Authorization"] == "Bearer s3cret"
    assert await page.locator("nav a >> nth=1").get_attribute("href") == "/sessions?token=s3cret"
    assert page.url == f"{page_stand.url}/"
    await page.reload()
    await page.wait_for_selector(".stream")
    assert page_stand.headers[-1]["Authorization"] == "Bearer s3cret"


async def test_the_front_page_needs_only_the_streams(open_page: OpenPage, page_stand: PageStand) -> None:
    page_stand.answers = {"/api/streams": {"streams": [{"name": "alice", "state": "live"}]}}
    page: Any = await open_page("/", connected=False)
    await page.wait_for_selector(".stream")
    await page.wait_for_load_state("networkidle")
    assert await page.locator(".address").count() == 4
    assert not await page.locator(".connected").is_visible()
    page.complaints[:] = [line for line in page.complaints if "404" not in line]


async def test_sessions_and_their_people(open_page: OpenPage, page_stand: PageStand) -> None:
    page_stand.answers = ANSWERS
    page = await open_page("/sessions", connected=False)
    await page.wait_for_selector("tr.link")
    assert await page.locator("tbody td:first-child").all_text_contents() == ["alice", EVIL]
    await page.click("text=Show more")
    await until(page, "document.querySelectorAll('tbody tr').length === 3")
    assert await page.locator(".more").count() == 0
    await page.click("tbody tr >> nth=0")
    await page.wait_for_selector(".person")
    assert page.url.endswith("/sessions#aaaaaaaa")
    assert await page.locator("h1").text_content() == "alice"
    assert await page.locator(".face").all_text_contents() == ["I1", "Z"]
    facts = dict(zip(*[await page.locator(f".facts {tag}").all_inner_texts() for tag in ("dt", "dd")], strict=True))
    assert (facts["Gaps"], facts["Time in gaps"], facts["Likes with a name"]) == ("2", "13 min", "87 %")
    await page.click("text=Show more")
    await until(page, "document.querySelectorAll('tbody tr').length === 3")
    await page.click("text=← All sessions")
    await page.wait_for_selector("tr.link")


@pytest.mark.parametrize("width", [1920, 1000, 700])
async def test_numbers_are_not_broken(open_page: OpenPage, page_stand: PageStand, width: int) -> None:
    people = [{**participant(rank, EVIL * 3), "score": 32_640, "likes": 1_234_567} for rank in (1, 2)]
    page_stand.answers = ANSWERS | {"/api/sessions/aaaaaaaa/participants": {"participants": people, "next": None}}
    page = await open_page("/sessions#aaaaaaaa", width, 1080, connected=False)
    await page.wait_for_selector(".person")
    lines = await page.locator("td.number").evaluate_all(
        "all => all.map((one) => { const all = document.createRange(); all.selectNodeContents(one);"
        " return new Set([...all.getClientRects()].map(({ top }) => top)).size; })"
    )
    assert set(lines) == {1}
    assert await page.evaluate("document.documentElement.scrollWidth") <= width


async def test_a_key_that_is_no_text_is_said(open_page: OpenPage, page_stand: PageStand) -> None:
    page = await open_page("/sessions#%E0%A4", connected=False)
    await page.wait_for_selector("text=There is no session with such a key")


async def test_a_page_of_a_stream_that_nobody_watches_is_marked(open_page: OpenPage, page_stand: PageStand) -> None:
    page_stand.answers = ANSWERS
    page = await open_page("/", connected=False)
    await page.wait_for_selector(".connected tbody tr")
    cells = await page.locator(".connected tbody td:nth-child(2)").all_inner_texts()
    assert cells == ["all together", "typo not watched"]


async def test_what_the_server_refuses_is_said(open_page: OpenPage, page_stand: PageStand) -> None:
    for path in ("/sessions", "/sessions#nobody", "/docs", "/"):
        page: Any = await open_page(path, connected=False)
        await page.wait_for_selector("text=There is no such thing")
        await page.wait_for_load_state("networkidle")
        page.complaints[:] = [line for line in page.complaints if "404" not in line]


async def test_the_documentation_shows_parameters_and_bodies(open_page: OpenPage, page_stand: PageStand) -> None:
    page_stand.answers = ANSWERS
    page = await open_page("/docs", connected=False)
    await page.wait_for_selector(".operation")
    assert await page.locator(".method").all_text_contents() == ["GET", "POST"]
    await page.click("summary >> nth=0")
    await page.wait_for_selector("text=stream")
    post = page.locator(".operation >> nth=1")
    assert "required" in (await post.locator(".shape li >> nth=0").text_content() or "")
    assert await post.locator(".try code").text_content() == (
        "curl -X POST -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' -d "
        """'{"stream":"ana","text":"Who\\u0027s there?"}'"""
        f" '{page_stand.url}/api/question'"
    )
    followed = await page.locator(".operation >> nth=0 >> .try code").text_content()
    assert followed == f"curl -N '{page_stand.url}/api/question'"
