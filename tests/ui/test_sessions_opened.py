"""One past session in the console: facts, leaderboard, events by type."""

from __future__ import annotations

import pytest

from tests.ui.conftest import until
from tests.ui.fakes import NOW_MS, some_events
from tests.ui.nights import looked_into, opened
from tests.ui.test_event_and_search import text_of
from tui_live.core.events import Batch
from tui_live.store import sessions
from tui_live.ui.past_scores import PastPerson
from tui_live.ui.screens.event import EventDetails


async def test_facts_tell_of_gaps_and_of_everything_that_was_done(console, past, three) -> None:
    app = console(past(three))
    async with app.run_test(size=(120, 60)) as pilot:
        await opened(pilot)
        await pilot.press("down")
        screen = await looked_into(pilot)
        text = text_of(app)
        for part in (
            "good evening",
            "01:12   the connection was cut",
            "undone: reset   ",
            "winner picked   ",
            "7312345678901234567",
        ):
            assert part in text
        await pilot.press("y")
        assert "winner picked" in app.clipboard
        assert screen.session.id == "a2a2a2a2"


async def test_the_leaderboard_is_the_live_ones_drawing_and_opens_a_person(console, past, three) -> None:
    app = console(past(three))
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("down")
        screen = await looked_into(pilot)
        await pilot.press("2")
        first = screen.board.selected
        assert first is not None
        assert "has won" in text_of(app)
        for key in ("R", "p", "W", "u"):
            await pilot.press(key)
        assert app.screen is screen
        await pilot.press("enter")
        assert isinstance(app.screen, PastPerson)
        await until(pilot, lambda: app.screen._account is not None)  # type: ignore[attr-defined]
        assert app.screen._account.points == first.points  # type: ignore[attr-defined]
        await pilot.press("r", "u", "escape")
        assert app.screen is screen
        assert (await three.history.facts("a2a2a2a2")).actions[-1].deed == "winner"


@pytest.mark.parametrize("key", ["3", "4", "5", "6", "7", "8", "9", "0"])
async def test_events_by_type_are_those_of_the_session(console, past, three, key) -> None:
    app = console(past(three))
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("down")
        screen = await looked_into(pilot)
        await pilot.press(key)
        events = screen.events
        await until(pilot, lambda: events._started)
        await pilot.press("end")
        while not events.complete:
            await pilot.pause(0.01)
            await pilot.press("end")
        counts = (await three.history.facts("a2a2a2a2")).totals.messages
        kinds = events.tab.types
        if events.tab.key == "log":
            expected = sum(counts.values())
        elif kinds is None:
            expected = counts["control"]
        else:
            expected = sum(counts.get(kind, 0) for kind in kinds)
        assert events.row_count() == expected


async def test_an_event_opens_with_its_original_message(console, past, three) -> None:
    app = console(past(three))
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("down")
        screen = await looked_into(pilot)
        await pilot.press("4")
        await until(pilot, screen.events.row_count)
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, EventDetails) and "number" in text_of(app))
        await pilot.press("escape", "y")
        assert app.clipboard
        await app.backend.closing()  # type: ignore[union-attr]


async def test_arrows_go_through_the_tabs_and_round(console, past, three) -> None:
    app = console(past(three))
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        screen = await looked_into(pilot)
        await pilot.press("left")
        # Its control messages are of the last family.
        assert screen.shown == "system"
        await pilot.press("left")
        assert screen.shown == "more"
        await pilot.press("right", "right", "right")
        assert screen.shown == "board"
        await pilot.click(screen.tabs, offset=(3, 0))
        assert screen.shown == "facts"


async def test_a_session_under_way_shows_what_is_written_meanwhile(console, past, three, monkeypatch) -> None:
    app = console(past(three))
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        screen = await looked_into(pilot)
        await pilot.press("4")
        await until(pilot, lambda: screen.events._started)
        before = screen.events.row_count()
        session = (await sessions.listed(three.recorder._database))[0]
        chats = tuple(event for event in some_events(60, seed=9) if event.type == "chat")
        three.recorder.put(session.id, Batch("7", NOW_MS, b"x", chats), session.totals)
        await three.recorder.flush()
        screen.tick()
        await until(pilot, lambda: screen.events.row_count() == before + len(chats))
        assert screen.events.cursor == 0


async def test_deleting_an_opened_session_goes_back_to_the_list(console, past, three) -> None:
    app = console(past(three))
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        await pilot.press("down")
        await looked_into(pilot)
        await pilot.press("d", "y")
        await until(pilot, lambda: app.screen is screen and screen.list.row_count() == 2)
