"""A frozen clock, UTC, no animation: the console draws the same thing every time."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from textual.css.query import NoMatches
from textual.pilot import Pilot
from textual.widgets import Input

from tests.ui.fakes import NOW_MS, FakeBackend, every_state, some_events, view
from tests.ui.scored import ANA, JOHN, KING, SAKURA, gift, said
from tui_live.core.status import State
from tui_live.engine.history import History, Keeping
from tui_live.engine.jobs import Jobs
from tui_live.engine.lookup import Lookup
from tui_live.store.database import open_writer
from tui_live.store.recorder import Recorder
from tui_live.ui import format as ui_format
from tui_live.ui.app import Spawn, TuiLiveApp
from tui_live.ui.screens import sessions as list_screen
from tui_live.ui.screens import sessions_opened

if TYPE_CHECKING:
    from tests.ui.nights import Nights


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "TMUX", "TEXTUAL_COLOR_SYSTEM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    ui_format._clock.cache_clear()
    monkeypatch.setattr(time, "time", lambda: NOW_MS / 1000)
    # The app settles the collector for a long life, in a moment; a test process has many short ones.
    monkeypatch.setattr(gc, "collect", lambda: 0)
    monkeypatch.setattr(gc, "freeze", lambda: None)
    monkeypatch.setattr(gc, "set_threshold", lambda *_: None)


@pytest.fixture
def backend() -> FakeBackend:
    """Ten streams in all states and 500 lines of log."""
    made = FakeBackend(every_state())
    for number in range(5):
        made.log.append(number % 3, some_events(100, seed=number, time_ms=NOW_MS - 60_000 + number * 10_000))
    made.log.note(2, "stale: silent for 50 s", NOW_MS)
    return made


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


@pytest.fixture
def console() -> Callable[..., TuiLiveApp]:
    """Make an app on a backend."""

    def make(backend: FakeBackend, **settings: object) -> TuiLiveApp:
        async def start(spawn: Spawn) -> FakeBackend:
            return backend

        settings.setdefault("animations", "none")
        settings.setdefault("notifications", False)
        return TuiLiveApp(start, **settings)  # type: ignore[arg-type]

    return make


@pytest.fixture
async def nights(tmp_path: Path) -> AsyncIterator[Nights]:
    from tests.ui.nights import RULES, Nights

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
    from tests.ui.nights import HOUR

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


async def until(pilot: Pilot[None], holds: Callable[[], object]) -> None:
    """Let the app work until a condition holds; the test's time limit ends a wait in vain.

    What it asks a screen for need not be there yet: a screen is open before it is composed.
    """
    while True:
        with contextlib.suppress(NoMatches):
            if holds():
                return
        await pilot.pause(0.01)


async def started(pilot: Pilot[None]) -> None:
    """Wait until the engine is there and has been drawn."""
    app = pilot.app
    assert isinstance(app, TuiLiveApp)
    await until(pilot, lambda: app.backend is not None and app.main.log_pane.log_view.started)
    await ticked(pilot)


async def ticked(pilot: Pilot[None]) -> None:
    """Do what the app's timers do, once."""
    app = pilot.app
    assert isinstance(app, TuiLiveApp)
    app.main.log_pane.log_view.tick()
    app.main.tick()
    app.main.board.tick()
    await pilot.pause()


Step = Callable[[Pilot[None]], Awaitable[None]]


def pressing(*keys: str) -> Step:
    """For snapshots: start, then press keys."""

    async def run(pilot: Pilot[None]) -> None:
        await started(pilot)
        await pilot.press(*keys)
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False
        await ticked(pilot)

    return run
