"""Enter in the search means what stands in the field, and the list goes on to the first session."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import AsyncIterator

import msgspec
import pytest
from textual.pilot import Pilot

from tests.ui.conftest import started, until
from tests.ui.fakes import FakeBackend, every_state
from tests.ui.test_event_and_search import detail, some_hits, text_of
from tui_live.store.search import Hit
from tui_live.ui.screens import search as search_screen
from tui_live.ui.screens.event import EventDetails
from tui_live.ui.screens.search import Search
from tui_live.ui.screens.sessions_opened import OpenedSession


class Slow(FakeBackend):
    """Answers a search when it is told to."""

    def __init__(self) -> None:
        super().__init__(every_state())
        self.hits = some_hits()
        self.go = asyncio.Event()
        self.details = {number: detail() for number in range(60)}

    async def search(
        self, text: str, limit: int, seconds: float | None = None, before_id: int | None = None
    ) -> AsyncIterator[list[Hit]]:
        await self.go.wait()
        async for hits in super().search(text, limit, seconds, before_id):
            if hits:
                yield hits


async def search_for(pilot: Pilot[None], text: str) -> None:
    """Open the search and put all of ``text`` there at once: no beginning of it is searched for."""
    await pilot.press("f3")
    await until(pilot, lambda: isinstance(pilot.app.screen, Search))
    pilot.app.screen.input.value = text  # type: ignore[attr-defined]


def opened(app) -> str:
    return text_of(app) if isinstance(app.screen, EventDetails) else ""


async def test_enter_right_after_typing_waits_for_what_stands_in_the_field(console, monkeypatch) -> None:
    backend = Slow()
    backend.hits.append(msgspec.structs.replace(backend.hits[0], event_id=77, text="zzz at last"))
    backend.go.set()
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await search_for(pilot, "clip")
        await until(pilot, lambda: "newest first: 60" in text_of(app))
        # Nothing begins by itself from here on: only Enter asks.
        monkeypatch.setattr(search_screen, "_PATIENCE", 3600)
        backend.go.clear()
        app.screen.input.value = ""
        await pilot.press(*"zzz", "enter")
        await pilot.pause()
        assert isinstance(app.screen, Search)
        backend.go.set()
        await until(pilot, lambda: "zzz at last" in opened(app))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Search))
        assert app.screen.hits.row_count() == 1


async def test_enter_on_what_is_not_there_says_so(console, monkeypatch) -> None:
    monkeypatch.setattr(search_screen, "_PATIENCE", 3600)
    backend = Slow()
    backend.go.set()
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("f3", *"nowhere", "enter")
        await until(pilot, lambda: "nothing found" in text_of(app))
        assert isinstance(app.screen, Search)
        # Another word opens nothing by itself.
        monkeypatch.setattr(search_screen, "_PATIENCE", 0.0)
        app.screen.input.value = "clip"
        await until(pilot, lambda: "newest first: 60" in text_of(app))
        assert isinstance(app.screen, Search)


async def test_whoever_waits_for_the_first_hit_is_not_put_off(console, monkeypatch) -> None:
    monkeypatch.setattr(search_screen, "_PATIENCE", 0.0)
    backend = Slow()
    asked: list[float | None] = []
    late = asyncio.Event()

    async def search(
        text: str, limit: int, seconds: float | None = None, before_id: int | None = None
    ) -> AsyncIterator[list[Hit]]:
        asked.append(seconds)
        if seconds is not None:
            await late.wait()
            raise TimeoutError
        yield backend.hits[:1]

    backend.search = search  # type: ignore[method-assign]
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await search_for(pilot, "c")
        await until(pilot, lambda: len(asked) == 1)
        await pilot.press("enter")
        late.set()
        await until(pilot, lambda: "please clip that" in opened(app))
        assert len(asked) == 2 and asked[1] is None


async def test_the_list_goes_on_to_the_oldest(console) -> None:
    backend = FakeBackend(every_state())
    first = some_hits()[0]
    backend.hits = [
        msgspec.structs.replace(first, event_id=900 - number, text=f"clip {number}") for number in range(450)
    ]
    app = console(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await started(pilot)
        await search_for(pilot, "clip")
        await until(pilot, lambda: "older ones follow at the end; the newest 200" in text_of(app))
        assert "Esc close" in text_of(app)
        hits = app.screen.hits
        hits.select(199)
        await until(pilot, lambda: "the newest 400" in text_of(app))
        hits.select(399)
        await until(pilot, lambda: "found, the newest first: 450" in text_of(app))
        hits.select(449)
        await pilot.press("down", "down")
        await until(pilot, lambda: "clip 449" in text_of(app))
        assert hits.row_count() == 450 and len(backend.asked) >= 3


async def test_after_a_second_the_rest_is_looked_for_when_somebody_goes_on(console) -> None:
    backend = FakeBackend(every_state())
    found = [msgspec.structs.replace(some_hits()[0], event_id=9 - number, text=f"clip {number}") for number in range(5)]

    async def search(
        text: str, limit: int, seconds: float | None = None, before_id: int | None = None
    ) -> AsyncIterator[list[Hit]]:
        yield [hit for hit in found if before_id is None or hit.event_id < before_id][: 3 if seconds else 9]
        if seconds:
            raise TimeoutError

    backend.search = search  # type: ignore[method-assign]
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await search_for(pilot, "c")
        await until(pilot, lambda: "the newest 3 found so far" in text_of(app))
        await pilot.press("down", "down")
        assert "the newest 3 found so far" in text_of(app)
        await pilot.press("down")
        await until(pilot, lambda: "found, the newest first: 5" in text_of(app))


async def test_keys_lead_from_a_hit_to_its_session(console, three, past) -> None:
    backend = past(three)
    session = (await backend.history.sessions())[0]
    backend.hits = [msgspec.structs.replace(some_hits()[0], session_id=session.id), *some_hits()[1:]]
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await search_for(pilot, "please")
        await until(pilot, lambda: "newest first" in text_of(app))
        await pilot.press("f4")
        await until(pilot, lambda: isinstance(app.screen, OpenedSession) and session.id in text_of(app))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Search))
        await pilot.press("enter")
        await until(pilot, lambda: "s session" in opened(app))
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, OpenedSession))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, EventDetails))
    await backend.closing()


async def test_typing_fast_and_closing_leaves_nothing_behind(console, monkeypatch) -> None:
    app = console(FakeBackend(every_state()))
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            for _ in range(5):
                await pilot.press("f3")
                assert isinstance(app.screen, Search)
                for text in ("a", "ab", "abc"):
                    app.screen._begin(text, 0.0)
                app.screen.action_close()
                await until(pilot, lambda: not isinstance(app.screen, Search))
    assert not [one for one in heard if "never awaited" in str(one.message)]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
async def test_keys_stay_in_sight(console, size) -> None:
    backend = FakeBackend(every_state())
    backend.hits = some_hits()
    app = console(backend)
    async with app.run_test(size=size) as pilot:
        await started(pilot)
        await search_for(pilot, "clip")
        await until(pilot, lambda: "newest first" in text_of(app))
        assert "⏎ open  F4 session  F1 help  Esc close" in text_of(app)
