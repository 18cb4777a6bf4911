"""What the leaderboard shows, and whom its selection stays on."""

from __future__ import annotations

import time

import pytest

from tests.ui.conftest import started, ticked, until
from tests.ui.fakes import NOW_MS, FakeBackend, person, view
from tests.ui.scored import ANA, JOHN, KING, SAKURA, board_of, gift, names, said, screen_text, toasts
from tui_live.core.board import Board
from tui_live.core.events import Batch, Event, LikeData, Person, SocialData
from tui_live.core.scoring import Rules
from tui_live.ui.board_row import BoardColumns, draw_row, header


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


async def test_a_wide_window_shows_points_by_source(console, scored) -> None:
    rules = Rules.of(comment=1, follow=5, share=3)
    board = scored.boards["alice"] = Board(rules)
    follow = Event("social", "follow", ANA, "", NOW_MS, SocialData("followed"), 1, 0)
    share = Event("social", "share", ANA, "", NOW_MS, SocialData("shared"), 2, 0)
    like = Event("like", "", ANA, "", NOW_MS, LikeData(300, 1), 3, 0)
    board.add(Batch("1", NOW_MS, b"", (follow, share, said(ANA, "hi", 4), gift(ANA, 100), like)))
    app = console(scored)
    async with app.run_test(size=(200, 50)) as pilot:
        await started(pilot)
        lines = screen_text(app).splitlines()
        head = next(line for line in lines if " name " in line and " share " in line)
        row = next(line for line in lines if "♛ Ana" in line)
        for title, points in (("gifts", "100"), ("likes", "30"), ("chat", "1"), ("follow", "5"), ("share", "3")):
            end = head.index(f" {title} ", head.index("#")) + len(title) + 1
            assert row[:end].endswith(f" {points}"), title
