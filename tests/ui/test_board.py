"""The leaderboard, a person's account and the questions: every key, through real scores."""

from __future__ import annotations

import time

import pytest

from tests.ui.conftest import started, ticked, until
from tests.ui.fakes import NOW_MS, FakeBackend, chat, person, view
from tui_live.core.board import Board, Deed
from tui_live.core.events import ChatData, Event, GiftData, LikeData, Person, SocialData
from tui_live.core.status import State
from tui_live.ui.app import TuiLiveApp
from tui_live.ui.board_row import BoardColumns, draw_row, header
from tui_live.ui.screens.dialogs import Confirm
from tui_live.ui.screens.person import PersonScreen
from tui_live.ui.screens.questions import Questions
from tui_live.ui.widgets.board_view import BoardView

ANA, KING, SAKURA, JOHN = person(0), person(1), person(2), person(3)


def gift(who: Person, coins: int, count: int = 1, msg_id: int = 1, at: int = 0) -> Event:
    data = GiftData("Rose", "5655", coins, count, True, "9", coins * count, count, coins * count)
    return Event("gift", "", who, f"Rose ×{count}", NOW_MS + at, data, msg_id, 0)


def said(who: Person, text: str, msg_id: int, at: int = 0) -> Event:
    return Event("chat", "", who, text, NOW_MS + at, ChatData(text), msg_id, 0)


@pytest.fixture
def scored() -> FakeBackend:
    """Two live streams; alice's ranking is Ana 3,000, King 500, さくら 50, and john_doe without points."""
    backend = FakeBackend([view("alice", 0), view("bob", 1), view("carol", 2, State.OFFLINE)])
    talk = [said(JOHN, "first!", 71), said(ANA, "where are you from?", 72), said(KING, "what song is this?", 73)]
    events = [*talk, gift(SAKURA, 1, 10), gift(KING, 50, 1), gift(ANA, 100, 1)]
    backend.feed("alice", events)
    backend.feed("bob", [gift(SAKURA, 100, 2)])
    backend.log.append(0, talk)
    return backend


def board_of(app: TuiLiveApp) -> BoardView:
    return app.main.board.list


def names(app: TuiLiveApp) -> list[str]:
    return [line.name for line in board_of(app).standings.lines]


def toasts(app: TuiLiveApp) -> list[str]:
    return [note.message for note in app._notifications]


def screen_text(app: TuiLiveApp) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


async def test_the_board_follows_the_selected_stream_and_l_shows_all_together(console, scored) -> None:
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        assert names(app) == ["Ana", "👑 King", "さくら", "john_doe"]
        assert "3 of 4 score" in screen_text(app)
        assert "Leaderboard ─ alice" in screen_text(app)
        await pilot.press("down")
        assert names(app) == ["さくら"]
        await pilot.press("g", "l")
        assert names(app) == ["さくら", "Ana", "👑 King", "john_doe"]
        assert "Leaderboard ━ all streams" in screen_text(app)
        assert board_of(app).standings.lines[0].score == 6050
        await pilot.press("l")
        assert names(app) == ["さくら"]
        await pilot.press("0", "down")
        assert names(app) == []
        assert "Nobody is here yet." in screen_text(app)


async def test_keys_that_follow_at_once_belong_to_the_board(console, scored) -> None:
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        app.main.streams.list.move(1)
        app.main.action_go("board")
        assert app.focused is board_of(app)
        assert board_of(app).scope == "bob"


async def test_the_log_keeps_its_own_l(console, scored) -> None:
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("1", "l")
        assert app.main.log_pane.log_view.only == 0
        assert not board_of(app).everybody


async def test_places_are_drawn_with_crown_medals_arrows_and_a_dash_for_nothing() -> None:
    board = Board(FakeBackend().feed("x", []).ranking.rules)
    for event in (gift(ANA, 100), gift(KING, 50), gift(SAKURA, 1), said(JOHN, "hi", 1)):
        board.ranking.add_event(event, event.user or ANA)
    board.movement.note(board.ranking, 1_000_000)
    board.ranking.add_event(gift(KING, 1000), KING)
    board.movement.note(board.ranking, 2_000_000)
    from rich.style import Style

    from tui_live.core.standings import standings

    columns = BoardColumns.for_width(36, 4, {0})
    lines = standings(board).lines
    rows = ["".join(part.text for part in draw_row(line, columns, lambda _: Style(), " ", True)) for line in lines]
    assert rows == [
        "  1 ♛ 👑 King             30,500 ▲1 ",
        "  2 ✦ Ana                  3,000 ▼1 ",
        "  3 ✧ さくら                   5    ",
        "  4   john_doe                 -    ",
    ]


@pytest.mark.parametrize("width", [20, 26, 36, 48, 60, 79, 119, 199])
def test_columns_fill_exactly_the_width_with_any_name(width) -> None:
    from rich.cells import cell_len
    from rich.style import Style

    from tui_live.core.standings import standings

    backend = FakeBackend()
    everybody = [person(number) for number in range(14)]
    backend.feed("x", [gift(who, 29_999, 99_999) for who in everybody])
    backend.feed("x", [Event("like", "", who, "", NOW_MS, LikeData(150, 1), 1, 0) for who in everybody])
    columns = BoardColumns.for_width(width, 14, {0, 1, 2, 3, 4})
    assert cell_len(header(columns)) == width
    for line in standings(backend.boards["x"]).lines:
        assert sum(cell_len(s.text) for s in draw_row(line, columns, lambda _: Style(), "▸", True)) == width


async def test_the_selection_stays_on_its_person_and_goes_to_the_first_after_a_reset(console, scored) -> None:
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("g", "down")
        scored.feed("alice", [gift(SAKURA, 100, 5)])
        await ticked(pilot)
        assert names(app)[0] == "さくら"
        assert (board_of(app).cursor, board_of(app).cursor_key) == (2, KING.user_id)
        await pilot.press("home")
        assert board_of(app).cursor_key == SAKURA.user_id
        await pilot.press("r")
        await until(pilot, lambda: scored.recorded)
        assert board_of(app).cursor_key == ANA.user_id
        assert toasts(app) == ["さくら begins again at zero; undo with u"]


async def test_nobody_else_is_reset_when_another_comes_first_meanwhile(console, scored) -> None:
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("g")
        scored.feed("alice", [gift(KING, 1000, 9)])
        await ticked(pilot)
        await pilot.press("r")
        await until(pilot, lambda: scored.recorded)
        line = scored.scores.line("alice", ANA.user_id)
        assert line is not None
        assert (line.score, line.used_score) == (0, 3000)


async def test_without_the_focus_the_first_stays_selected(console, scored) -> None:
    app = console(scored)
    async with app.run_test(size=(200, 50)) as pilot:
        await started(pilot)
        scored.feed("alice", [gift(KING, 1000, 9)])
        await ticked(pilot)
        assert board_of(app).cursor_key == KING.user_id
        assert "@user1" in screen_text(app)


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
        assert toasts(app) == ["this is done in one stream: press l for alice"] * 4
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


async def test_copying_a_person(console, scored) -> None:
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("g", "down", "y")
        assert app.clipboard == "2. 👑 King (@user1), 500 points"


async def test_a_row_that_rose_is_lit_once_unless_animations_are_off(console, scored, monkeypatch) -> None:
    for animations, lit in (("full", True), ("none", False)):
        backend = FakeBackend([view("alice", 0)])
        backend.feed("alice", [gift(ANA, 100, 2), gift(KING, 50, 1)])
        app = console(backend, animations=animations)
        async with app.run_test(size=(120, 40)) as pilot:
            await started(pilot)
            board = board_of(app)
            backend.feed("alice", [gift(KING, 1000, 9)])
            board.tick()
            assert (board.ground_pen(0, False) == "row--flash") is lit
            assert board.ground_pen(1, False) == ""
            later = time.monotonic() + 1
            monkeypatch.setattr(time, "monotonic", lambda later=later: later)
            assert board.ground_pen(0, False) == ""
            monkeypatch.undo()


async def test_a_hundred_thousand_people_cost_a_window(console) -> None:
    backend = FakeBackend([view("alice", 0)])
    backend.feed("alice", [gift(Person(str(n), f"u{n}", f"n{n}"), 1, n % 500 + 1) for n in range(20_000)])
    asked: list[int] = []
    whole = backend.scores.standings

    def standings(stream: str | None, start: int = 0, count: int = 50):
        asked.append(count)
        return whole(stream, start, count)

    backend.scores.standings = standings  # type: ignore[method-assign]
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("g", "end")
        assert board_of(app).cursor == 19_999
        assert max(asked) <= 40
        asked.clear()
        await pilot.press("1", "z")
        await until(pilot, lambda: not board_of(app).is_on_screen)
        asked.clear()
        app.main.board.tick()
        assert not asked


# A person


async def test_a_persons_account_reads_why_comments_gifts_and_names(console, scored) -> None:
    scored.places = [(NOW_MS - 600_000, 7), (NOW_MS - 300_000, 2)]
    app = console(scored)
    async with app.run_test(size=(80, 24)) as pilot:
        await started(pilot)
        await pilot.press("g", "enter")
        await until(pilot, lambda: "[Why 1]" in screen_text(app))
        text = screen_text(app)
        for word in ("Ana in alice", "@user0", "3,000", "gifts 3,000", "1 gift", "+3,000", "places"):
            assert word in text, word
        await pilot.press("right")
        assert "where are you from?" in screen_text(app)
        await pilot.press("right")
        assert "Rose" in screen_text(app)
        await pilot.press("right")
        assert "@old_handle" in screen_text(app)
        await pilot.press("left", "left", "y")
        assert "where are you from?" in app.clipboard
        await pilot.press("escape")
        assert app.screen is app.main


async def test_a_comment_is_chosen_unused_and_undone_in_the_account(console, scored) -> None:
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("g", "enter")
        await until(pilot, lambda: "[Why 1]" in screen_text(app))
        await pilot.press("q")
        assert "select a comment first" in toasts(app)[-1]
        await pilot.press("right", "q")
        await until(pilot, lambda: "✓ used" in screen_text(app))
        assert scored.scores.standings("alice").shown is not None
        await pilot.press("d")
        await until(pilot, lambda: "✓ used" not in screen_text(app))
        await pilot.press("u")
        await until(pilot, lambda: "✓ used" in screen_text(app))
        await pilot.press("r")
        await until(pilot, lambda: "used before" in screen_text(app))


async def test_the_account_follows_what_happens(console, scored) -> None:
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("g", "enter")
        await until(pilot, lambda: "[Why 1]" in screen_text(app))
        scored.feed(
            "alice", [Event("social", "follow", ANA, "", NOW_MS, SocialData("followed"), 9, 0), gift(ANA, 1, 3)]
        )
        screen = app.screen
        assert isinstance(screen, PersonScreen)
        screen.tick()
        await pilot.pause()
        assert "3,015" in screen_text(app)
        screen._read_at = -1000.0
        screen.tick()
        await until(pilot, lambda: "[Why 2]" in screen_text(app))


async def test_the_account_is_reached_from_a_line_of_the_log(console, scored) -> None:
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("1", "up", "enter", "p")
        await until(pilot, lambda: "👑 King in alice" in screen_text(app))
        await pilot.press("escape", "escape")
        assert app.screen is app.main
        scored.log.append(1, [said(JOHN, "nobody here knows me", 99)])
        await ticked(pilot)
        await pilot.press("end", "up", "enter", "p")
        assert not isinstance(app.screen, PersonScreen)


# Questions


async def test_a_comment_goes_from_the_log_to_the_overlay_and_is_marked(console, scored) -> None:
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("1", "q")
        assert "select a comment first" in toasts(app)[-1]
        await pilot.press("up", "q")
        await until(pilot, lambda: scored.recorded)
        shown = scored.scores.standings("alice").shown
        assert shown is not None
        assert (shown.msg_id, shown.nickname, shown.text) == (73, "👑 King", "what song is this?")
        await pilot.press("up")
        await ticked(pilot)
        assert "✓20:14:06" in screen_text(app)
        await pilot.press("Q")
        await until(pilot, lambda: len(scored.recorded) == 2)
        assert scored.scores.standings("alice").shown is None
        await pilot.press("Q")
        await until(pilot, lambda: any(note.title == "No comment is on screen" for note in app._notifications))


async def test_only_comments_go_to_the_overlay(console, scored) -> None:
    scored.log.append(0, [gift(ANA, 1)])
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("1", "up", "q")
        assert any(note.title == "Only comments can be shown on the overlay" for note in app._notifications)


async def test_the_queue_is_ordered_shown_unused_and_cleared_by_key(console, scored) -> None:
    scored.log.append(1, [chat("from bob", person(5))])
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("i")
        assert isinstance(app.screen, Questions)
        assert "No comment is chosen yet." in screen_text(app)
        await pilot.press("escape", "1", "up", "q", "up", "q", "up", "q", "up", "q", "i")
        await until(pilot, lambda: len(scored.recorded) == 4)
        screen = app.screen
        assert isinstance(screen, Questions)

        def order() -> list[tuple[str, int, int]]:
            screen.tick()
            return [(entry.stream, entry.number, entry.question.msg_id) for entry in screen.list._entries]

        assert order() == [("alice", 0, 73), ("alice", 1, 72), ("alice", 2, 71), ("bob", 0, 1)]
        await pilot.press("down", "down", "K")
        await until(pilot, lambda: order()[1] == ("alice", 1, 71))
        await pilot.press("shift+down")
        await until(pilot, lambda: order()[2] == ("alice", 2, 71))
        await pilot.press("enter")
        await until(pilot, lambda: order()[0] == ("alice", 0, 71))
        await pilot.press("d")
        await until(pilot, lambda: order() == [("alice", 1, 72), ("bob", 0, 1)])
        await pilot.press("u")
        await until(pilot, lambda: len(scored.recorded) == 9)
        await pilot.press("end", "Q")
        await until(pilot, lambda: all(name == "alice" for name, _, _ in order()))


async def test_what_is_on_screen_says_how_long_it_stays(console, scored) -> None:
    app = console(scored)
    scored.scores.question_seconds = 30.0
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("1", "up", "q", "i")
        await until(pilot, lambda: "● 00:30 left" in screen_text(app))
