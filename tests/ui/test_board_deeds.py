"""What is done to a leaderboard by key, and what becomes of the selection."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.ui.conftest import started, ticked, until
from tests.ui.scored import ANA, JOHN, KING, board_of, gift, names, screen_text, toasts
from tui_live.core.board import Deed
from tui_live.core.events import Person
from tui_live.ui.screens.dialogs import Confirm
from tui_live.ui.screens.person import PersonScreen
from tui_live.ui.widgets import board_view


async def test_reset_and_undo(console, scored) -> None:
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("g", "r")
        await until(pilot, lambda: scored.recorded)
        assert names(app)[0] == "👑 King"
        await pilot.press("1", "u")
        await until(pilot, lambda: len(scored.recorded) == 2)
        assert names(app)[0] == "Ana"
        assert toasts(app)[-1] == "undone: the reset of Ana"


async def test_reset_all_asks(console, scored) -> None:
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("g", "R")
        assert isinstance(app.screen, Confirm)
        assert "All 3 who score begin again at zero" in screen_text(app)
        await pilot.press("n", "R", "y")
        await until(pilot, lambda: scored.recorded)
        assert scored.recorded == [("alice", Deed.RESET_ALL)]
        assert "0 of 4 score" in screen_text(app)


async def test_a_pause_is_shown_and_ended_by_the_same_key(console, scored) -> None:
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("g", "p")
        await until(pilot, lambda: "‖ paused" in screen_text(app))
        scored.feed("alice", [gift(KING, 1000, 9)])
        await ticked(pilot)
        assert names(app)[0] == "Ana"
        await pilot.press("p")
        await until(pilot, lambda: "‖ paused" not in screen_text(app))
        assert toasts(app) == ["scoring is paused", "scoring goes on"]


async def test_the_winner_is_named_before_and_asked_for_again_when_overtaken(console, scored) -> None:
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("g", "W")
        assert "Is Ana the winner of alice?" in screen_text(app)
        scored.feed("alice", [gift(KING, 1000, 9)])
        await pilot.press("y")
        await until(pilot, lambda: "Is 👑 King the winner of alice?" in screen_text(app))
        assert not scored.recorded
        await pilot.press("y")
        await until(pilot, lambda: "♛ 👑 King has won" in screen_text(app))
        await pilot.press("W")
        await until(pilot, lambda: any(note.title == "There is a winner already" for note in app._notifications))
        await pilot.press("u")
        await until(pilot, lambda: "has won" not in screen_text(app))


async def test_the_board_of_all_streams_says_what_needs_one(console, scored) -> None:
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("g", "l", "r", "R", "p", "W")
        await pilot.pause()
        assert toasts(app) == ["this is done in one stream: press l for alice"]
        assert not scored.recorded
        await pilot.press("enter")
        assert isinstance(app.screen, PersonScreen)


async def test_what_cannot_be_done_is_told(console, scored) -> None:
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("u")
        await until(pilot, lambda: any(note.title == "There is nothing to undo" for note in app._notifications))
        await pilot.press("g", "r", "end", "r")
        await until(pilot, lambda: any(note.title == "Ana has nothing to reset" for note in app._notifications))
        await pilot.press("0", "down", "down", "u")
        await until(pilot, lambda: any(said.startswith("undone: the reset") for said in toasts(app)))  # of alice
        await pilot.press("g", "p")
        await until(pilot, lambda: any(note.title == "carol has no leaderboard yet" for note in app._notifications))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The first number is what the leaderboard takes for the time."""
    now = [1000.0]
    monkeypatch.setattr(board_view, "time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


async def test_a_second_press_resets_nobody_whom_the_first_put_under_the_selection(console, scored, clock) -> None:
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("g", "r")
        await until(pilot, lambda: board_of(app).cursor_key == KING.user_id)
        for _ in range(5):
            clock[0] += 0.3
            await pilot.press("r")
        assert scored.recorded == [("alice", Deed.RESET)]
        assert "not reset: 👑 King has only just come under the selection" in toasts(app)
        clock[0] += 0.5
        await pilot.press("r")
        await until(pilot, lambda: len(scored.recorded) == 2)
        assert names(app)[0] == "さくら"


async def test_who_is_looked_for_after_a_reset_is_reset_at_once(console, scored, clock) -> None:
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("g", "r")
        await until(pilot, lambda: board_of(app).cursor_key == KING.user_id)
        await pilot.press("down", "r")
        await until(pilot, lambda: len(scored.recorded) == 2)
        assert names(app)[0] == "👑 King"


async def test_a_key_that_is_held_down_resets_once(console, scored, clock) -> None:
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("g", *["r"] * 4)
        await until(pilot, lambda: scored.recorded)
        assert scored.recorded == [("alice", Deed.RESET)]
        assert not any(note.severity == "warning" for note in app._notifications)


@pytest.mark.parametrize("keys", [("r",), ("R", "y")])
async def test_undoing_a_reset_goes_back_to_the_first(console, scored, keys) -> None:
    scored.feed("alice", [gift(Person(str(n), f"u{n}", f"n{n}"), 1) for n in range(100)])
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("g", *keys)
        await until(pilot, lambda: scored.recorded)
        scored.feed("alice", [gift(JOHN, 1, 2)])
        await ticked(pilot)
        await pilot.press("u")
        await until(pilot, lambda: len(scored.recorded) == 2)
        assert board_of(app).cursor_key == ANA.user_id
        assert board_of(app)._top == 0


async def test_undoing_anything_else_moves_no_selection(console, scored) -> None:
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("g", "r")
        await until(pilot, lambda: board_of(app).cursor_key == KING.user_id)
        await pilot.press("p")
        await until(pilot, lambda: len(scored.recorded) == 2)
        await pilot.press("u")
        await until(pilot, lambda: len(scored.recorded) == 3)
        assert board_of(app).cursor_key == KING.user_id
        await pilot.press("end", "up", "u")
        await until(pilot, lambda: len(scored.recorded) == 4)
        assert board_of(app).cursor_key != ANA.user_id


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_the_bottom_line_names_undo(console, scored, size) -> None:
    app = console(scored)
    async with app.run_test(size=size) as pilot:
        await started(pilot)
        await pilot.press("g")
        await until(pilot, lambda: "reset all" in screen_text(app).splitlines()[-1])
        assert "u undo" in screen_text(app).splitlines()[-1]
        assert "? help" in screen_text(app).splitlines()[-1]
