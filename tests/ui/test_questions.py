"""Comments on their way to the overlay: from the log into the queue, and off the screen again."""

from __future__ import annotations

from tests.ui.conftest import started, ticked, until
from tests.ui.fakes import chat, person
from tests.ui.scored import ANA, gift, screen_text, toasts
from tui_live.ui.screens.questions import Questions
from tui_live.ui.widgets.log_view import LogView


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


async def test_after_a_clear_the_queue_waits_until_one_is_brought_on_screen(console, scored) -> None:
    """As the help of log and queue say."""
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("1", "up", "q", "up", "q")
        await until(pilot, lambda: len(scored.recorded) == 2)
        await pilot.press("Q")
        await until(pilot, lambda: len(scored.recorded) == 3)
        scored.scores.question_seconds = 0.001
        scored.scores.expire()
        standings = scored.scores.standings("alice")
        assert (standings.shown, [each.msg_id for each in standings.waiting]) == (None, [72])
        await pilot.press("up", "q")
        await until(pilot, lambda: len(scored.recorded) == 4)
        standings = scored.scores.standings("alice")
        assert standings.shown is not None
        assert (standings.shown.msg_id, [each.msg_id for each in standings.waiting]) == (72, [71])
    assert "go on waiting" in LogView.HELP
    assert "go on waiting" in Questions.HELP
