"""The detail view of an event, and the search over all sessions."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from tests.ui.conftest import started, until
from tests.ui.fakes import NOW_MS, FakeBackend, chat, every_state
from tui_live.core.words import Query
from tui_live.errors import StoreError
from tui_live.store.search import Hit, SearchError
from tui_live.ui.outline import branches, lines
from tui_live.ui.screens import event as event_screen
from tui_live.ui.screens.event import EventDetails
from tui_live.ui.screens.search import Search


def detail(raw: bool = True) -> dict[str, Any]:
    return {
        "event": {"id": 7, "data": {"message": "hello [/b]", "language": "en"}, "history": True},
        "user": {"user_id": "7000000000000000000", "username": "ana", "badges": ["moderator"]},
        "session": {"id": "ABCDEFGH", "room_id": "99"},
        "raw": {"method": "WebcastChatMessage", "message": {"content": "hello", "user": {"id": "7"}}} if raw else None,
    }


def some_hits() -> list[Hit]:
    texts = ("please clip that", "clip 见见 it", "no clip", "\x1b[31mclip [/oops]")
    return [
        Hit(
            *(number, f"SESSION{number}", "alice" if number % 2 else "さくらチャンネル", "chat", str(number)),
            *(f"user{number}", f"👑 Nick {number}", texts[number % 4], NOW_MS - number * 86_400_000),
        )
        for number in range(60)
    ]


def text_of(app: Any) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def test_an_outline_opens_to_its_depth_and_wraps() -> None:
    data = {"a": {"b": {"c": 1}, "text": "x" * 30}, "n": None, "list": [1, {"y": True}]}
    assert branches(data, 1) == {(), ("a",), ("list",)}
    found = lines(data, {(), ("a",)}, 30)
    assert [(line.indent, line.name.strip(), line.value) for line in found] == [
        (0, "a", ""),
        (2, "b", "1 field"),
        (2, "text", "x" * 20),
        (2, "", "x" * 10),
        (0, "n", "–"),
        (0, "list", "2 items"),
    ]


async def test_enter_on_a_line_shows_everything_and_y_copies_it(console) -> None:
    backend = FakeBackend(every_state())
    backend.log.append(0, [chat("hello [/b]")])
    backend.details[1] = detail()
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("1", "up", "enter")
        await until(pilot, lambda: isinstance(app.screen, EventDetails) and "WebcastChatMessage" in text_of(app))
        shown = text_of(app)
        for said in ("hello [/b]", "2026-11-20 20:14:06", "7000000000000000000", "ABCDEFGH", "repeated by TikTok"):
            assert said in shown
        await pilot.press("y")
        assert json.loads(app.clipboard)["original"]["message"]["content"] == "hello"
        await pilot.press("end", "left", "left")
        assert "WebcastChatMessage" not in text_of(app) or "▸" in text_of(app)
        await pilot.press("escape")
        assert not isinstance(app.screen, EventDetails)


async def test_an_event_that_is_not_written_yet_is_awaited(console, monkeypatch) -> None:
    monkeypatch.setattr(event_screen, "_AGAIN", 0.02)
    backend = FakeBackend(every_state())
    backend.log.append(0, [chat("hello")])
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        monkeypatch.setattr(event_screen, "_TRIES", 10_000)
        await pilot.press("1", "up", "enter")
        await until(pilot, lambda: "not written yet" in text_of(app))
        assert "hello" in text_of(app)
        backend.details[1] = detail(raw=False)
        await until(pilot, lambda: "keep_raw is off" in text_of(app))


@pytest.mark.parametrize("fails", [True, False])
async def test_what_cannot_be_read_is_said(console, monkeypatch, fails) -> None:
    monkeypatch.setattr(event_screen, "_TRIES", 1)
    monkeypatch.setattr(event_screen, "_AGAIN", 0.0)
    backend = FakeBackend(every_state())
    backend.log.append(0, [chat("hello")])

    async def broken(*_: object) -> None:
        raise StoreError("the database is gone", "bring it back")

    if fails:
        backend.event_detail = broken  # type: ignore[method-assign]
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("1", "up", "enter")
        await until(pilot, lambda: ("the database is gone" if fails else "not in the database") in text_of(app))


async def test_a_note_has_no_event_behind_it(console, backend) -> None:
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("1", "f", "up", "enter")
        await pilot.pause()
        assert type(app.screen).__name__ == "Details"


async def test_search_as_one_types_and_open(console) -> None:
    backend = FakeBackend(every_state())
    backend.hits = some_hits()
    backend.details[1] = detail()
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("f3", *"clip")
        # Where keys come slowly, a beginning of the word was searched for, too.
        await until(pilot, lambda: backend.asked[-1:] == ["clip"] and "found, the newest first: 60" in text_of(app))
        shown = text_of(app)
        assert "SESSION0" in shown
        assert "2026-11-20 20:14:06" in shown
        assert "\x1b" not in shown
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, EventDetails) and "WebcastChatMessage" in text_of(app))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Search))
        app.screen.input.value = "no such word"
        await until(pilot, lambda: "nothing found" in text_of(app))
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, Search))


async def test_a_search_for_nothing_says_so_and_signs_stand_out(console) -> None:
    backend = FakeBackend(every_state())
    backend.hits = [msgspec.structs.replace(some_hits()[0], text="Ｎｉｃｅ 🔥🔥 one")]
    fake = backend.search

    async def search(text: str, limit: int, seconds: float, before_id: int | None = None) -> AsyncIterator[list[Hit]]:
        if not Query(text).expression:
            raise SearchError("There is no word in this to search for")
        async for hits in fake("", limit, seconds):
            yield hits

    backend.search = search  # type: ignore[method-assign]
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("f3", "(")
        await until(pilot, lambda: "There is no word in this to search for" in text_of(app))
        assert "nothing found" not in text_of(app)
        app.screen.input.value = "nice 🔥"
        await until(pilot, lambda: "found, the newest first: 1" in text_of(app))
        assert isinstance(app.screen, Search)
        hits = app.screen.hits
        match = hits.pen("log--text") + hits.pen("log--match")
        marked = [part.text for part in hits.draw_row(0, 120, False) if part.style == match]
        assert marked == ["Ｎｉｃｅ", "🔥", "🔥"]


async def test_a_search_is_cancelled_by_the_next_key_and_by_closing(console) -> None:
    backend = FakeBackend(every_state())
    begun: list[str] = []
    ended: list[str] = []

    async def endless(text: str, limit: int, seconds: float, before_id: int | None = None) -> AsyncIterator[list[Hit]]:
        begun.append(text)
        try:
            yield some_hits()[:3]
            await asyncio.Event().wait()
        finally:
            ended.append(text)

    backend.search = endless  # type: ignore[method-assign]
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("f3", "a")
        await until(pilot, lambda: "searching … 3 found" in text_of(app))
        await pilot.press("b")
        await until(pilot, lambda: ended == ["a"] and begun == ["a", "ab"])
        await pilot.press("escape")
        await until(pilot, lambda: ended == ["a", "ab"])


@pytest.mark.parametrize(("found", "said"), [(3, "the newest 3 found so far"), (0, "nothing found so far")])
async def test_a_search_that_takes_long_says_that_there_may_be_more(console, found, said) -> None:
    backend = FakeBackend(every_state())

    async def slow(text: str, limit: int, seconds: float, before_id: int | None = None) -> AsyncIterator[list[Hit]]:
        assert 0 < seconds <= 2
        yield some_hits()[:found]
        raise TimeoutError

    backend.search = slow  # type: ignore[method-assign]
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("f3", "a")
        await until(pilot, lambda: f"{said}; give another word" in text_of(app))
