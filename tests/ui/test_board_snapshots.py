"""What leaderboard, account and questions look like. Look at a changed picture before accepting it."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from tests.ui.conftest import pressing, started, ticked, until
from tests.ui.fakes import NOW_MS, FakeBackend, every_state, person, some_events
from tests.ui.scored import KING, gift, said, screen_text
from tests.ui.test_log_line import HOSTILE
from tests.ui.test_snapshots import SIZES, no_timers
from tui_live.core.events import Person
from tui_live.ui.screens import person as person_screen
from tui_live.ui.screens import questions as question_screen

__all__ = ["no_timers"]

_THREE = pytest.mark.parametrize("size", SIZES, ids=str)


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(person_screen, "TICK", 3600)
    monkeypatch.setattr(question_screen, "TICK", 3600)


@pytest.fixture
def ranked(backend: FakeBackend) -> FakeBackend:
    """Two boards of a lively evening, with places of a minute ago."""
    for name, seed in (("alice", 1), ("bob", 3)):
        board = backend.feed(name, some_events(300, seed=seed))
        board.movement.note(board.ranking, NOW_MS - 200_000)
        backend.feed(name, some_events(60, seed=seed + 1))
        board.movement.note(board.ranking, NOW_MS - 100_000)
        backend.feed(name, [gift(KING, 1000, 20), gift(person(5), 29_999, 2)])
    return backend


@_THREE
def test_board(snap_compare, console, ranked, size) -> None:
    assert snap_compare(console(ranked), terminal_size=size, run_before=pressing("g", "down", "down"))


@_THREE
def test_board_of_nobody(snap_compare, console, size) -> None:
    assert snap_compare(console(FakeBackend(every_state())), terminal_size=size, run_before=pressing("g"))


@_THREE
def test_board_of_all_streams(snap_compare, console, ranked, size) -> None:
    people = {user_id for board in ranked.boards.values() for user_id in board.ranking.people}
    while ranked.scores.standings(None).people < len(people):
        pass  # a look adds up for a few milliseconds only
    assert snap_compare(console(ranked), terminal_size=size, run_before=pressing("g", "l"))


@_THREE
def test_board_paused_with_a_winner(snap_compare, console, ranked, size) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await ranked.scores.pick_winner("alice")
        await pressing("g")(pilot)

    assert snap_compare(console(ranked), terminal_size=size, run_before=run)


def test_board_on_the_whole_screen(snap_compare, console, ranked) -> None:
    assert snap_compare(console(ranked), terminal_size=(120, 40), run_before=pressing("g", "z"))


@pytest.mark.parametrize("theme", ["tui-live-light", "ansi-dark"])
def test_board_in_themes(snap_compare, console, ranked, theme) -> None:
    assert snap_compare(console(ranked, theme=theme), terminal_size=(120, 40), run_before=pressing("g", "down"))


@_THREE
def test_board_of_hostile_names(snap_compare, console, size) -> None:
    backend = FakeBackend(every_state())
    texts = [text for text in HOSTILE if "\ud800" not in text]
    events = [gift(Person(str(n), f"h{n}", text), 1, len(texts) - n + 1) for n, text in enumerate(texts)]
    backend.feed("alice", events)
    assert snap_compare(console(backend), terminal_size=size, run_before=pressing("g"))


@_THREE
@pytest.mark.parametrize("subject", [0, 1, 2, 3], ids=["why", "comments", "gifts", "names"])
def test_person(snap_compare, console, ranked, size, subject) -> None:
    ranked.feed("alice", [said(KING, "what song is this?", 71), said(KING, "さくらさん、こんにちは", 72)])
    ranked.feed("alice", [gift(KING, 5, 3, at=2000), gift(KING, 1, 100, at=3000)])
    ranked.known[KING.user_id] = {
        **{"follow_status": 1, "verified": 0, "moderator": 1, "gifter_level": 12, "member_level": 3, "region": ""},
        **{"follower_count": 1204, "following_count": 310, "badges": ["moderator", "gifter", "top_viewer"]},
        "bio": "just here for the music 🎶\n[/oops] صانع محتوى",
    }
    minute = 60_000
    ranked.places = [(NOW_MS - n * minute, place) for n, place in ((30, 12), (25, 7), (18, 0), (15, 3), (9, 4), (4, 1))]

    async def run(pilot: Pilot[None]) -> None:
        await started(pilot)
        await ranked.scores.reset("alice", KING.user_id)
        ranked.feed("alice", [gift(KING, 1000, 20, at=5000)])
        await ticked(pilot)
        board = pilot.app.main.board.list  # type: ignore[attr-defined]
        await pilot.press("g")
        board.select_key(KING.user_id)
        await pilot.press("enter", *["right"] * subject)
        await until(pilot, lambda: "Names 2" in screen_text(pilot.app))  # type: ignore[arg-type]
        pilot.app.screen.tick()  # type: ignore[attr-defined]
        await pilot.pause()
        await pilot.pause()

    assert snap_compare(console(ranked), terminal_size=size, run_before=run)


@_THREE
def test_questions(snap_compare, console, ranked, size) -> None:
    from tui_live.ui.board_actions import question_of

    ranked.log.append(
        0, [said(person(n), text, 500 + n) for n, text in enumerate(("first?", "次は何ですか？", "last"))]
    )
    ranked.log.append(1, [said(KING, "from bob " * 12, 600)])

    async def run(pilot: Pilot[None]) -> None:
        for back in (4, 3, 2, 1):
            row = ranked.log.row(ranked.log.next_seq - back)
            assert row is not None
            await ranked.scores.ask("alice" if back > 1 else "bob", question_of(row))
        await pressing("i", "down")(pilot)
        await pilot.pause()

    assert snap_compare(console(ranked), terminal_size=size, run_before=run)


def test_questions_of_nobody(snap_compare, console, ranked) -> None:
    assert snap_compare(console(ranked), terminal_size=(80, 24), run_before=pressing("i"))


def test_help_of_the_board(snap_compare, console, ranked) -> None:
    assert snap_compare(console(ranked), terminal_size=(120, 40), run_before=pressing("g", "question_mark"))
