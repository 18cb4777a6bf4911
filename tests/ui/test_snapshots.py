"""What the console looks like. Look at a changed picture before accepting it (``pytest --snapshot-update``)."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from tests.ui.conftest import pressing, ticked, until
from tests.ui.fakes import (
    NOW_MS,
    FakeBackend,
    chat,
    event,
    every_state,
    person,
    rare_events,
    some_events,
    some_totals,
    view,
)
from tests.ui.test_event_and_search import detail, some_hits, text_of
from tests.ui.test_log_line import HOSTILE
from tui_live.core.events import ChatData, Event, GoalData, ModerationData, OtherData, Person, PollData
from tui_live.core.status import Health
from tui_live.errors import StoreError
from tui_live.ui.app import TuiLiveApp
from tui_live.ui.screens import main
from tui_live.ui.widgets import board_pane, log_pane, log_view

SIZES = [(80, 24), (120, 40), (200, 50)]
HEALTH = Health(events_per_second=412.3, backlog=12, duplicates=12, database_bytes=1_234_567)


@pytest.fixture(autouse=True)
def no_timers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture must not depend on which timer ran: tests tick themselves."""
    monkeypatch.setattr(main, "_TICK", 3600)
    monkeypatch.setattr(log_view, "TICK", 3600)
    monkeypatch.setattr(log_pane, "_PATIENCE", 3600)
    monkeypatch.setattr(board_pane, "TICK", 3600)


@pytest.fixture
def lively(backend: FakeBackend) -> FakeBackend:
    backend.state = HEALTH
    return backend


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("keys", [("0",), ("tab", "tab", "tab")], ids=["streams", "log"])
def test_panes(snap_compare, console, lively, size, keys) -> None:
    assert snap_compare(console(lively), terminal_size=size, run_before=pressing(*keys))


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_nothing_there_yet(snap_compare, console, size) -> None:
    assert snap_compare(console(FakeBackend()), terminal_size=size, run_before=pressing())


@pytest.mark.parametrize("theme", ["tui-live-light", "textual-light", "nord", "ansi-dark"])
def test_themes(snap_compare, console, lively, theme) -> None:
    assert snap_compare(
        console(lively, theme=theme),
        terminal_size=(120, 40),
        run_before=pressing("tab", "tab", "tab", "up", "up", "up"),
    )


def test_without_colour(snap_compare, console, lively, monkeypatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(
        console(lively), terminal_size=(120, 40), run_before=pressing("tab", "tab", "tab", "up", "up", "up")
    )


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("details", ("enter",)),
        ("help", ("question_mark",)),
        ("help_log", ("2", "question_mark")),
        ("quit", ("ctrl+q",)),
        ("zoom", ("2", "z")),
        ("filter", ("slash", *"type:gift", "enter")),
        ("bad_filter", ("slash", *"type:gft", "enter")),
        ("find", ("ctrl+f", *"amazing", "enter")),
        ("paused", ("2", "p", "up")),
    ],
)
def test_keys(snap_compare, console, lively, name, keys) -> None:
    assert snap_compare(console(lively), terminal_size=(80, 24), run_before=pressing(*keys))


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("tab", ["gifts", "likes", "members", "battles", "more"])
def test_tabs(snap_compare, console, lively, size, tab) -> None:
    lively.log.append(0, rare_events())

    async def run(pilot: Pilot[None]) -> None:
        await pressing()(pilot)
        pilot.app.main.show_tab(tab)  # type: ignore[attr-defined]
        await ticked(pilot)
        await ticked(pilot)

    assert snap_compare(console(lively), terminal_size=size, run_before=run)


def shown_by_families() -> list[Event]:
    """More of what the families show than one of each: several goals, a poll as it goes on, moderators and TikTok."""
    song = ("Bohemian Rhapsody", "夜に駆ける", "none")
    return [
        event(PollData("which song?", song), "started"),
        *(event(PollData("which song?", song, votes), "votes") for votes in ((3, 1, 0), (12, 9, 4))),
        event(PollData("which song?", song, (1204, 988, 17)), "ended"),
        event(GoalData("gift", 12, 500, 2.4, "500 × Rose", "1"), who=person(2)),
        event(GoalData("gift", 1_499_999, 1_500_000, 99.9, "ガラクシー", "2"), who=person(1)),
        event(GoalData("type_2", 1, 1, 100.0)),
        event(ModerationData("", "8", "spam", "9"), "user_removed", "👑 King: spam", person(0)),
        event(ModerationData("", "7000001", "Community Guidelines notice"), "warning"),
        event(ModerationData("1", "8", user_ids=("8", "7")), "user_removed", "2 users removed", person(2)),
        event(OtherData("WebcastChatMessage", "broken"), "undecodable", "WebcastChatMessage: not of its schema"),
    ]


@pytest.mark.parametrize("size", SIZES[:2], ids=str)
@pytest.mark.parametrize("tab", ["polls", "goals", "moderation", "system"])
def test_families(snap_compare, console, lively, size, tab) -> None:
    lively.log.append(0, [*rare_events(), *shown_by_families()])
    many = some_totals()
    many.messages |= {"question": 1, "moderation": 4, "system": 1, "control": 6, "other": 2}
    lively.views[0] = view("alice", 0, viewers=1234, totals=many)

    async def run(pilot: Pilot[None]) -> None:
        await pressing()(pilot)
        pilot.app.main.show_tab(tab)  # type: ignore[attr-defined]
        await ticked(pilot)
        await ticked(pilot)

    assert snap_compare(console(lively), terminal_size=size, run_before=run)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_an_event(snap_compare, console, size) -> None:
    backend = FakeBackend(every_state())
    backend.log.append(0, [chat("hello [/b]")])
    backend.details[1] = detail()

    async def run(pilot: Pilot[None]) -> None:
        await pressing("tab", "tab", "tab", "up", "enter")(pilot)
        await until(pilot, lambda: "number" in text_of(pilot.app))

    assert snap_compare(console(backend), terminal_size=size, run_before=run)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_searching_all_sessions(snap_compare, console, size) -> None:
    backend = FakeBackend(every_state())
    backend.hits = some_hits()

    async def run(pilot: Pilot[None]) -> None:
        await pressing("f3", *"clip")(pilot)
        await until(pilot, lambda: "newest first" in text_of(pilot.app))

    assert snap_compare(console(backend), terminal_size=size, run_before=run)


def test_adding_a_stream(snap_compare, console, lively) -> None:
    keys = ("a", *"two words", "enter")
    assert snap_compare(console(lively), terminal_size=(80, 24), run_before=pressing(*keys))


def test_reading_while_lines_come(snap_compare, console, lively) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await pressing("1", "up", "pageup")(pilot)
        lively.log.append(1, some_events(38, seed=9))
        await ticked(pilot)

    assert snap_compare(console(lively), terminal_size=(120, 40), run_before=run)


@pytest.mark.parametrize("size", SIZES[:2], ids=str)
def test_hostile_text(snap_compare, console, size) -> None:
    hostile = [text for text in HOSTILE if "\ud800" not in text]
    views = [
        type(view)(**{**{f: getattr(view, f) for f in view.__struct_fields__}, "name": name, "viewers": 5})
        for view, name in zip(every_state(), hostile, strict=False)
    ]
    backend = FakeBackend(views)
    for number, text in enumerate(hostile):
        who = Person(str(number), "handle", hostile[-number])
        backend.log.append(number % len(views), [Event("chat", "", who, text, NOW_MS, ChatData(text), number, 0)])
    assert snap_compare(console(backend), terminal_size=size, run_before=pressing("tab", "tab", "tab", "up"))


def test_a_start_that_failed(snap_compare) -> None:
    async def start(spawn: Any) -> FakeBackend:
        raise StoreError("another TUI Live uses /data/tui-live.db", "close it, or start with --db another.db")

    async def run(pilot: Pilot[None]) -> None:
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()

    assert snap_compare(TuiLiveApp(start, animations="none"), terminal_size=(80, 24), run_before=run)
