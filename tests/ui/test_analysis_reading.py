"""What the screens of shares and engagement read: whose, how far it is, what stands in the way, again as it grows."""

from __future__ import annotations

from msgspec import structs

from tests.core.story import chat, share
from tests.ui.analysed import Analysed, FakeHistory, evening, evenings, told, under_way
from tests.ui.analysing import read, still, text_of
from tests.ui.conftest import started, until
from tests.ui.nights import Nights, looked_into, opened
from tui_live.errors import MissingError, StoreError
from tui_live.ui.screens.engagement import EngagementScreen
from tui_live.ui.screens.main import MainScreen

__all__ = ["still"]


async def test_a_stream_without_a_session_shows_its_last_one(console) -> None:
    backend = Analysed(*evenings())
    backend.views[0] = structs.replace(backend.views[0], session_id="")
    app = console(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await read(pilot, "h")
        assert backend.analyses.asked == [evenings()[0].session.id]
        await pilot.press("escape", "down")
        screen = await read(pilot, "h")
        assert screen.figures.subject.streamer == "bob"
        assert "No session of @bob was recorded yet" in text_of(screen.page)


async def test_the_selected_session_of_the_list_and_the_opened_one(console, past, three: Nights) -> None:
    backend = past(three)
    made = Analysed(told(share(10, 1), key="b3b3b3b3"), told(chat(10, 1), key="a2a2a2a2"))
    backend.analyses = made.analyses
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("end", "h")
        await until(pilot, lambda: backend.analyses.asked == ["b3b3b3b3"])
        await pilot.press("escape", "up")
        await looked_into(pilot)
        await pilot.press("e")
        await until(pilot, lambda: backend.analyses.asked[1:] == ["a2a2a2a2"])
        assert isinstance(app.screen, EngagementScreen)


async def test_what_was_not_recorded_is_no_matter_of_the_shell(console) -> None:
    backend = Analysed(evening("spikes"))
    backend.analyses.trouble = MissingError("No session of @alice has events", "tui-live sessions lists all")
    app = console(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await read(pilot, "h", "a")
        await until(pilot, lambda: "was recorded yet" in text_of(screen.page))
        assert "tui-live" not in text_of(screen.page)


async def test_reading_says_how_far_it_is_and_escape_cancels_it(console) -> None:
    backend = Analysed(evening("spikes"))
    backend.analyses.go_on.clear()
    backend.analyses.parts = (0.2, 0.42)
    app = console(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await started(pilot)
        await pilot.press("h")
        screen = app.screen
        await until(pilot, lambda: screen.figures.part == 0.42)
        screen._tell_progress()
        assert "reading spik0000 … 42%" in text_of(screen.page)
        assert "Escape cancels it" in text_of(screen.page)
        await pilot.press("escape")
        await until(pilot, lambda: backend.analyses.cancelled == 1)
        assert isinstance(app.screen, MainScreen)


async def test_escape_cancels_the_reading_of_all_sessions_only(console) -> None:
    backend = Analysed(*evenings())
    app = console(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await read(pilot, "h")
        backend.analyses.go_on.clear()
        await pilot.press("a")
        await until(pilot, lambda: backend.analyses.asked[1:] == ["@alice"])
        assert "reading @alice" in text_of(screen.page)
        await pilot.press("escape")
        await until(pilot, lambda: backend.analyses.cancelled == 1)
        assert app.screen is screen
        assert "Shares a minute" in text_of(screen.page)


async def test_what_is_there_already_is_shown_while_it_is_read_again(console) -> None:
    backend = Analysed(evening("spikes"))
    backend.analyses.kept.add("spik0000")
    backend.analyses.go_on.clear()
    app = console(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await started(pilot)
        await pilot.press("h")
        assert "Shares a minute" in text_of(app.screen.page)


async def test_trouble_is_one_line(console) -> None:
    backend = Analysed(evening("spikes"))
    backend.analyses.trouble = StoreError("the database does not answer", "look at the disk")
    app = console(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await read(pilot, "h")
        assert "the database does not answer" in text_of(screen.page)
        assert "look at the disk" in text_of(screen.page)


async def test_trouble_while_a_session_grows_leaves_what_is_shown(console) -> None:
    backend = Analysed(under_way(told(share(10, 1))))
    app = console(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await read(pilot, "h")
        backend.analyses.trouble = StoreError("the database does not answer", "look at the disk")
        screen.figures.read_s = 0.0
        screen.tick()
        await until(pilot, lambda: "does not answer" in screen.title_line.render_line(0).text)
        assert "Shares a minute" in text_of(screen.page)
        backend.analyses.trouble = None
        screen.figures.read_s = 0.0
        screen.tick()
        await until(pilot, lambda: "@alice" in screen.title_line.render_line(0).text)


async def test_a_session_under_way_grows_and_nothing_moves(console) -> None:
    events = [share(at * 10, at % 9) for at in range(60)]
    backend = Analysed(under_way(told(*events[:30])))
    app = console(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await read(pilot, "h", "3", "down", "down", "down", "down")
        assert "● active, until 08:20:00" in screen.title_line.render_line(0).text
        chosen = screen.page.cursor_key
        top = screen.page._top
        backend.analyses.known["told1"] = under_way(told(*events))
        screen.tick()
        await until(pilot, lambda: len(backend.analyses.asked) == 2 and not screen.reading)
        assert (screen.page.cursor_key, screen.page._top) == (chosen, top)
        [row] = [row for row in screen.page._lines() if row.key == chosen]
        assert row.copied.split("  ")[2] == "7"
        backend.analyses.known["told1"] = told(*events)
        screen.tick()
        await until(pilot, lambda: len(backend.analyses.asked) == 3 and not screen.reading)
        screen.tick()
        assert not screen.reading


async def test_without_any_stream_the_last_session_of_all_is_shown(console) -> None:
    backend = Analysed(*evenings())
    backend.views = []
    app = console(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await read(pilot, "h")
        assert backend.analyses.asked == [evenings()[0].session.id]
        backend.history = FakeHistory()
        await pilot.press("escape")
        screen = await read(pilot, "h")
        assert "No session was recorded yet" in text_of(screen.page)
