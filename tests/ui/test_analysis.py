"""The shares and engagement screens under the hand of an operator."""

from __future__ import annotations

import pytest

from tests.ui.analysed import Analysed, evening, evenings, under_way
from tests.ui.analysing import read, still, text_of
from tests.ui.conftest import until
from tui_live.ui.past_scores import PastPerson
from tui_live.ui.screens.engagement import EngagementScreen
from tui_live.ui.screens.help import Help
from tui_live.ui.screens.main import MainScreen
from tui_live.ui.screens.shares import SharesScreen

__all__ = ["still"]


@pytest.mark.parametrize(("key", "kind"), [("h", SharesScreen), ("e", EngagementScreen)])
async def test_a_key_shows_the_selected_streams_session_and_escape_goes_back(console, key, kind) -> None:
    backend = Analysed(evening("spikes"))
    app = console(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await read(pilot, key)
        assert isinstance(screen, kind)
        assert backend.analyses.asked == ["spik0000"]
        assert "@alice" in screen.title_line.render_line(0).text
        assert "a minute" in text_of(screen.page) or "peak viewers" in text_of(screen.page)
        await pilot.press("escape")
        assert isinstance(app.screen, MainScreen)


async def test_one_leads_to_the_other_and_escape_to_where_both_came_from(console) -> None:
    app = console(Analysed(evening("spikes")))
    async with app.run_test(size=(80, 24)) as pilot:
        await read(pilot, "h")
        screen = await read(pilot, "e")
        assert isinstance(screen, EngagementScreen)
        assert isinstance(await read(pilot, "h"), SharesScreen)
        await pilot.press("escape")
        assert isinstance(app.screen, MainScreen)


async def test_tabs_by_digit_arrow_and_tab(console) -> None:
    app = console(Analysed(evening("spikes")))
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await read(pilot, "h")
        assert screen.shown == "overview"
        for key, shown in (
            ("3", "sharers"),
            ("right", "follows"),
            ("left", "sharers"),
            ("tab", "follows"),
            ("8", "follows"),
        ):
            await pilot.press(key)
            assert screen.shown == shown
        await pilot.press("1", "left")
        assert screen.shown == "meaning"
        await pilot.click(screen.tabs, offset=(screen.tabs.render_line(0).text.index("Cascades"), 0))
        assert screen.shown == "cascades"


async def test_a_wide_window_has_the_first_page_beside_the_others(console) -> None:
    app = console(Analysed(evening("spikes")))
    async with app.run_test(size=(200, 50)) as pilot:
        screen = await read(pilot, "h")
        assert "Shares a minute" in text_of(screen.first)
        assert "▲" in text_of(screen.page)
        assert screen.shown == "spikes"
        await pilot.press("tab")
        assert app.focused is screen.first
        await pilot.press("3")
        assert app.focused is screen.page
        await pilot.press("1")
        assert app.focused is screen.first
        await pilot.resize_terminal(100, 30)
        await pilot.pause()
        assert not screen.first.display
        assert screen.shown == "sharers"


async def test_enter_on_a_figure_leads_to_its_meaning_and_escape_back(console) -> None:
    app = console(Analysed(evening("spikes")))
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await read(pilot, "h")
        while screen.page.cursor_key != ("figure", "reach"):
            await pilot.press("down")
        await pilot.press("enter")
        assert screen.shown == "meaning"
        assert screen.page.cursor_key == ("meaning", "reach")
        assert "whoever follows two sharers counts twice" in " ".join(
            text_of(screen.page).replace("│", "").replace("┃", "").split()
        )
        await pilot.press("escape")
        assert screen.shown == "overview"
        assert screen.page.cursor_key == ("figure", "reach")
        await pilot.press("m", "m")
        assert screen.shown == "overview"
        await pilot.press("escape")
        assert isinstance(app.screen, MainScreen)


async def test_back_from_a_meaning_one_is_where_one_was(console) -> None:
    app = console(Analysed(evening("spikes")))
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await read(pilot, "h")
        await pilot.press("end", "up")
        was, shown = screen.page.place, text_of(screen.page)
        assert was.top > 0
        for leave, back in (("enter", "escape"), ("m", "m")):
            await pilot.press(leave)
            assert screen.shown == "meaning"
            await pilot.press(back)
            assert (screen.shown, screen.page.place) == ("overview", was)
            assert text_of(screen.page) == shown


async def test_back_from_a_meaning_of_the_first_page_beside_the_others(console) -> None:
    app = console(Analysed(evening("spikes")))
    async with app.run_test(size=(200, 50)) as pilot:
        screen = await read(pilot, "h")
        await pilot.press("3", "down", "down")
        was = screen.page.place
        await pilot.press("1", "down", "enter")
        assert screen.shown == "meaning"
        await pilot.press("escape")
        assert (screen.shown, screen.page.place) == ("sharers", was)
        assert app.focused is screen.first


async def test_enter_without_a_selection_selects_and_is_offered_only_where_it_leads_on(console) -> None:
    app = console(Analysed(evening("cascades")))
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await read(pilot, "h")

        def offered() -> bool:
            return "look closer" in screen.query_one("#keys").render_line(0).text

        assert offered()
        await pilot.press("enter")
        assert (screen.shown, screen.page.cursor_key) == ("overview", ("figure", "shares"))
        await pilot.press("enter")
        assert screen.shown == "meaning"
        await pilot.press("escape", "5", "end")
        assert screen.page.cursor_key[0] == "chain"
        await until(pilot, lambda: not offered())
        await pilot.press("1", "down")
        await until(pilot, offered)


async def test_a_key_is_whole_or_not_there(console) -> None:
    app = console(Analysed(under_way(evening("spikes"))))
    async with app.run_test(size=(120, 30)) as pilot:
        screen = await read(pilot, "h")
        assert "spik0000" in screen.title_line.render_line(0).text
        for width in (100, 80, 72, 70):
            await pilot.resize_terminal(width, 30)
            await until(pilot, lambda width=width: screen.title_line.size.width == width)
            title = screen.title_line.render_line(0).text
            assert "spik0000" in title or "…" not in title
        assert "spik" not in title


async def test_enter_on_a_person_opens_them(console) -> None:
    backend = Analysed(evening("spikes"))
    app = console(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await read(pilot, "h", "3", "down", "down")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, PastPerson))
        assert backend.history.boards == ["spik0000"]
        second = evening("spikes").shares.top_sharers[1]
        assert (app.screen._user_id, app.screen._stream) == (second.user_id, "spik0000")
        await pilot.press("escape")
        assert app.screen is screen


async def test_the_selected_line_is_copied_and_headings_are_passed_by(console) -> None:
    app = console(Analysed(evening("spikes")))
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await read(pilot, "h")
        await pilot.press("y")
        assert app.clipboard == ""
        await pilot.press("down", "y")
        assert app.clipboard.startswith(f"shares: {evening('spikes').shares.shares}")
        assert screen.page.cursor_key == ("figure", "shares")
        await pilot.press("3", "down", "y")
        assert evening("spikes").shares.top_sharers[0].username in app.clipboard
        await pilot.press("home", "pagedown", "pageup", "end")
        assert screen.page.cursor == screen.page.row_count() - 1


async def test_all_sessions_and_back_to_one_of_them(console) -> None:
    backend = Analysed(*evenings())
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await read(pilot, "h")
        await pilot.press("a")
        await until(pilot, lambda: screen.figures.across is not None)
        assert backend.analyses.asked[1:] == ["@alice"]
        assert "4 sessions" in screen.title_line.render_line(0).text
        await pilot.press("2")
        assert screen.shown == "sessions"
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: not screen.figures.everything and not screen.reading)
        assert screen.figures.subject.key == evenings()[1].session.id
        await pilot.press("a", "escape")
        assert not screen.figures.everything
        await pilot.press("a", "a")
        assert not screen.figures.everything
        assert app.screen is screen


async def test_a_regular_of_all_sessions_is_opened_in_their_last_one(console) -> None:
    backend = Analysed(*evenings())
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await read(pilot, "h", "a")
        await until(pilot, lambda: screen.figures.across is not None)
        await pilot.press("3", "down", "enter")
        await until(pilot, lambda: isinstance(app.screen, PastPerson))
        who = app.screen._user_id
        [key] = backend.history.boards
        of = next(one for one in evenings() if who in {each.user_id for each in one.shares.top_sharers})
        assert key == of.session.id


async def test_help_explains_the_page(console) -> None:
    app = console(Analysed(evening("spikes")))
    async with app.run_test(size=(80, 24)) as pilot:
        await read(pilot, "h")
        await pilot.press("question_mark")
        assert isinstance(app.screen, Help)
        told_of = {tooltip for _, _, keys in app.screen._sections for _, tooltip in keys}
        assert {"Copy the selected line", "This session, or all of the streamer's"} <= told_of
