"""Past sessions in the console, on the real history of a database that the recorder wrote."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from textual.binding import Binding
from textual.pilot import Pilot

from tests.ui.conftest import started, until
from tests.ui.fakes import NOW_MS, FakeBackend, some_events
from tests.ui.test_event_and_search import text_of
from tui_live.core.board import Board
from tui_live.core.events import Batch
from tui_live.core.past import PastSession
from tui_live.core.scoring import Rules
from tui_live.engine.history import History, Keeping
from tui_live.engine.jobs import Jobs
from tui_live.engine.lookup import Lookup
from tui_live.errors import StoreError, StreamError
from tui_live.store import sessions
from tui_live.store.database import open_writer
from tui_live.store.recorder import Recorder
from tui_live.ui.app import TuiLiveApp
from tui_live.ui.past_scores import PastBoard, PastPerson
from tui_live.ui.screens import sessions as list_screen
from tui_live.ui.screens import sessions_opened
from tui_live.ui.screens.dialogs import Confirm
from tui_live.ui.screens.event import EventDetails
from tui_live.ui.screens.main import MainScreen
from tui_live.ui.screens.sessions import Sessions
from tui_live.ui.screens.sessions_export import ExportDialog
from tui_live.ui.screens.sessions_opened import OpenedSession
from tui_live.ui.session_row import SessionColumns, draw_row, header
from tui_live.ui.widgets.fact_list import FactList
from tui_live.ui.widgets.past_events import PastEvents
from tui_live.ui.widgets.session_list import SessionList

RULES = Rules.of()
HOUR = 3_600_000
KEYS = {"alice": "a2a2a2a2", "bob": "b3b3b3b3", "さくらチャンネル": "s4s4s4s4"}


class Nights:
    """A database with sessions, and what records into it."""

    def __init__(self, recorder: Recorder, history: History, path: Path) -> None:
        self.recorder, self.history, self.path = recorder, history, path
        self.resumed: list[str] = []

    async def record(self, streamer: str, ago_h: float, count: int, status: str = "ended", **gap: Any) -> Board:
        """A session with the key ``KEYS[streamer]`` that began so many hours ago."""
        begin_ms = NOW_MS - int(ago_h * HOUR)
        session = await sessions.begin(
            self.recorder, streamer, "7312345678901234567", begin_ms, {"title": "good evening"}
        )
        key = KEYS.get(streamer, session.id)
        async with self.recorder.writing() as database:
            await database.execute("UPDATE sessions SET id = ? WHERE id = ?", (key, session.id))
        session.id = key
        board = Board(RULES)
        events = some_events(count, seed=len(streamer), time_ms=begin_ms)
        for number in range(0, count, 50):
            batch = Batch(
                "7312345678901234567", begin_ms + number * 10, b"x" * 100, tuple(events[number : number + 50]), 1
            )
            session.totals.add(batch)
            board.add(batch)
            self.recorder.put(key, batch, session.totals, board)
        self.recorder.put_places(key, board, begin_ms, board.movement.note(board.ranking, begin_ms))
        await self.recorder.flush()
        if gap:
            await sessions.add_gap(self.recorder, session, begin_ms + HOUR, begin_ms + HOUR + gap["ms"], gap["reason"])
        if status != "active":
            await sessions.finish(self.recorder, session, status, begin_ms + 2 * HOUR)
        return board

    def act(self, key: str, board: Board, action: Any) -> None:
        self.recorder.put_action(key, board, action)


@pytest.fixture
async def nights(tmp_path: Path) -> AsyncIterator[Nights]:
    path = tmp_path / "x.db"
    database = await open_writer(path)
    recorder = Recorder(database, keep_raw=True)
    await recorder.open()
    jobs = Jobs(lambda work, name: asyncio.create_task(work, name=name))
    history = History(path, RULES, Keeping(recorder, dict, str, print, jobs.start))
    yield Nights(recorder, history, path)
    await history.close()
    await database.close()


@pytest.fixture
async def three(nights: Nights) -> Nights:
    """An active session, one that was interrupted, and one that ended with everything that can be told of it."""
    await nights.record("bob", 50, 300, "interrupted")
    board = await nights.record("alice", 26, 900, ms=72_000, reason="the connection was cut")
    first = board.ranking.stretch(0, 2)
    nights.act("a2a2a2a2", board, board.reset(first[0].person.user_id, NOW_MS - 25 * HOUR))
    nights.act("a2a2a2a2", board, board.undo(NOW_MS - 25 * HOUR + 4000))
    nights.act("a2a2a2a2", board, board.pick_winner(NOW_MS - 24 * HOUR))
    await nights.recorder.flush()
    await nights.record("さくらチャンネル", 1, 100, "active")
    return nights


@pytest.fixture
def past(backend: FakeBackend, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give a backend this history."""
    monkeypatch.setattr(list_screen, "_TICK", 3600)
    monkeypatch.setattr(sessions_opened, "_TICK", 3600)

    def give(nights: Nights) -> FakeBackend:
        backend.history = nights.history  # type: ignore[attr-defined]
        lookup = Lookup(nights.path)
        backend.stored_event = lookup.stored_event  # type: ignore[method-assign]
        backend.closing = lookup.close  # type: ignore[attr-defined]
        return backend

    return give


async def opened(pilot: Pilot[None]) -> Sessions:
    """The list, read."""
    await started(pilot)
    await pilot.press("s")
    screen = pilot.app.screen
    assert isinstance(screen, Sessions)
    await until(pilot, lambda: screen.list._started)
    return screen


async def looked_into(pilot: Pilot[None]) -> OpenedSession:
    """The selected session, read whole."""
    await pilot.press("enter")
    screen = pilot.app.screen
    assert isinstance(screen, OpenedSession)
    await until(pilot, lambda: screen.facts.row_count() and not screen.board.reading)
    return screen


@pytest.mark.parametrize(
    "owner", [SessionList, Sessions, OpenedSession, FactList, PastEvents, PastBoard, PastPerson, ExportDialog]
)
def test_every_binding_has_an_id_and_says_what_it_does(owner) -> None:
    for binding in Binding.make_bindings(owner.BINDINGS):
        assert binding.id, binding
        assert binding.tooltip, binding
    assert owner.HELP


@pytest.mark.parametrize("pane", [FactList, PastEvents, PastBoard])
def test_one_key_never_means_two_things(pane) -> None:
    keys = [
        binding.key for owner in (TuiLiveApp, OpenedSession, pane) for binding in Binding.make_bindings(owner.BINDINGS)
    ]
    assert len(keys) == len(set(keys))
    keys = [
        binding.key
        for owner in (TuiLiveApp, Sessions, SessionList)
        for binding in Binding.make_bindings(owner.BINDINGS)
    ]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("width", range(12, 300, 7))
def test_a_row_fits_any_width(width) -> None:
    from rich.style import Style

    session = PastSession(
        "a2a2a2a2",
        "さくらチャンネルさくらチャンネル",
        NOW_MS,
        NOW_MS + 9 * HOUR,
        "interrupted",
        10**6,
        10**9,
        10**12,
        12,
        10**7,
    )
    columns = SessionColumns.for_width(width)
    segments = draw_row(session, columns, lambda name: Style(), "▸", NOW_MS)
    from rich.cells import cell_len

    assert sum(segment.cell_length for segment in segments) <= width
    assert cell_len(header(columns)) == width


async def test_s_shows_the_sessions_from_anywhere_and_escape_goes_back(console, past, three) -> None:
    app = console(past(three))
    async with app.run_test(size=(120, 40)) as pilot:
        for digit in ("0", "1", "g"):
            await started(pilot)
            await pilot.press(digit)
            screen = await opened(pilot)
            await pilot.press("s")
            assert app.screen is screen
            text = text_of(app)
            assert text.index("さくらチャンネル") < text.index("alice") < text.index("bob")
            assert "● " in text and "□ " in text and "■ " in text
            await pilot.press("escape")
            assert isinstance(app.screen, MainScreen)


async def test_a_filter_is_tried_while_it_is_typed_and_escape_takes_it_back(console, past, three) -> None:
    app = console(past(three))
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        await pilot.press("slash", *"ALI end")
        await until(pilot, lambda: screen.list.row_count() == 1)
        await pilot.press("enter")
        assert app.focused is screen.list
        assert "ALI end" in text_of(app)
        await pilot.press("slash", *"zzz")
        await until(pilot, lambda: "No session matches" in text_of(app))
        await pilot.press("escape")
        await until(pilot, lambda: screen.list.row_count() == 1)
        await pilot.press("escape")
        await until(pilot, lambda: screen.list.row_count() == 3)
        await pilot.press("escape")
        assert isinstance(app.screen, MainScreen)


async def test_an_empty_list_teaches(console, past, nights) -> None:
    app = console(past(nights))
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await until(pilot, lambda: "No sessions yet" in text_of(app))
        await pilot.press("enter", "r", "x", "d", "y")
        assert isinstance(app.screen, Sessions)


async def test_y_copies_the_key(console, past, three) -> None:
    app = console(past(three))
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("down", "y")
        assert app.clipboard == "a2a2a2a2"


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
        assert screen.shown == "more"
        await pilot.press("right", "right")
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


async def test_d_asks_and_deletes(console, past, three) -> None:
    app = console(past(three))
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        await pilot.press("d")
        await until(pilot, lambda: any("under way" in toast.title for toast in app._notifications))
        assert app.screen is screen
        await pilot.press("down", "d")
        assert isinstance(app.screen, Confirm)
        text = text_of(app)
        for part in ("alice", "900 events", "2026-11-19 18:14:06"):
            assert part in text
        await pilot.press("enter")
        assert app.screen is screen
        await pilot.press("d", "n")
        assert screen.list.row_count() == 3
        await pilot.press("d", "y")
        await until(pilot, lambda: screen.list.row_count() == 2)
        assert [each.streamer for each in await three.history.sessions()] == ["さくらチャンネル", "bob"]


async def test_deleting_an_opened_session_goes_back_to_the_list(console, past, three) -> None:
    app = console(past(three))
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        await pilot.press("down")
        await looked_into(pilot)
        await pilot.press("d", "y")
        await until(pilot, lambda: app.screen is screen and screen.list.row_count() == 2)


async def test_r_resumes_and_asks_first_where_another_session_would_end(console, past, three, monkeypatch) -> None:
    resumed: list[str] = []

    async def resume(key: str) -> str:
        if resumed:
            raise StreamError("it is under way", "nothing has to be resumed")
        resumed.append(key)
        return f"session {key} goes on"

    monkeypatch.setattr(three.history, "resume", resume)
    app = console(past(three))
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("down", "r")
        assert isinstance(app.screen, Confirm)
        assert "its present session s1 ends here" in text_of(app)
        await pilot.press("escape", "r", "y")
        await until(pilot, lambda: resumed == ["a2a2a2a2"])
        await pilot.press("down", "r")
        await until(pilot, lambda: any("under way" in toast.title for toast in app._notifications))


async def test_a_replay_refuses_with_one_line(console, past, three) -> None:
    reading = History(three.path, RULES)
    backend = past(three)
    backend.history = reading
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        assert screen.list.row_count() == 3
        for number, key in enumerate(("r", "d"), 1):
            await pilot.press("down", key)
            await until(pilot, lambda number=number: len(app._notifications) == number)
            assert app.screen is screen
        assert {toast.title for toast in app._notifications} == {"This is a replay"}
    await reading.close()


async def test_x_exports_and_never_replaces_a_file(console, past, three, own_home) -> None:
    app = console(past(three))
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("down", "x")
        dialog = app.screen
        assert isinstance(dialog, ExportDialog)
        name = "alice-2026-11-19-1814"
        assert dialog.input.value == str(Path.cwd() / f"{name}.jsonl")
        await pilot.press("down", "down")
        assert dialog.input.value.endswith(f"{name}.csv")
        await pilot.press("up", "up", "enter")
        await until(pilot, lambda: isinstance(app.screen, Sessions))
        lines = (Path.cwd() / f"{name}.jsonl").read_text().splitlines()
        assert len(lines) == 900
        await until(pilot, lambda: any("900 events in" in toast.message for toast in app._notifications))
        await pilot.press("x")
        again = app.screen
        assert isinstance(again, ExportDialog)
        assert again.input.value.endswith(f"{name}-2.jsonl")
        for typed, said in (
            (str(Path.cwd() / f"{name}.jsonl"), "a file is there already"),
            (str(Path.cwd()), "this is a folder"),
            ("/no/such/folder/x.csv", "there is no folder"),
            ("", "nothing was typed"),
        ):
            again.input.value = typed
            await pilot.press("enter")
            await until(pilot, lambda said=said: said in text_of(app))
        await pilot.press("escape")
        assert isinstance(app.screen, Sessions)


async def test_an_export_shows_how_far_it_is_and_can_be_stopped(console, past, three, monkeypatch, own_home) -> None:
    ended: list[bool] = []

    async def slow(key: str, kind: str, target: Path, progress: Any, *, raw: bool = False) -> int:
        progress(300, 900)
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)
        return 0

    monkeypatch.setattr(three.history, "export", slow)
    app = console(past(three))
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("down", "x", "enter")
        await until(pilot, lambda: "33%  300 of 900 events" in text_of(app))
        await pilot.press("enter", "escape")
        await until(pilot, lambda: bool(ended))
        assert isinstance(app.screen, Sessions)


async def test_what_the_database_refuses_is_said(console, past, three, monkeypatch) -> None:
    async def refuse(*_: Any, **__: Any) -> Any:
        raise StoreError("the database is gone", "look for it")

    app = console(past(three))
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        monkeypatch.setattr(three.history, "sessions", refuse)
        screen.look()
        await until(pilot, lambda: "the database is gone" in text_of(app))
        for name in ("facts", "open_board", "events"):
            monkeypatch.setattr(three.history, name, refuse)
        await pilot.press("enter", "4")
        await until(pilot, lambda: "the database is gone" in text_of(app))


async def test_hostile_names_draw_as_text(console, past, nights) -> None:
    await nights.record("[@click=app.quit]x[/oops]\x1b[31m", 3, 50)
    app = console(past(nights))
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await looked_into(pilot)
        assert "\x1b" not in text_of(app)
        await pilot.press("d")
        assert isinstance(app.screen, Confirm)
        assert msgspec.structs.asdict(await nights.history.session((await nights.history.sessions())[0].id))
