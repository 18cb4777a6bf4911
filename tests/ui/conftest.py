"""A frozen clock, UTC, no animation: the console draws the same thing every time."""

from __future__ import annotations

import gc
import time
from collections.abc import Awaitable, Callable

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.ui.fakes import NOW_MS, FakeBackend, every_state, some_events
from tui_live.ui import format as ui_format
from tui_live.ui.app import Spawn, TuiLiveApp


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "TMUX", "TEXTUAL_COLOR_SYSTEM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    ui_format._clock.cache_clear()
    monkeypatch.setattr(time, "time", lambda: NOW_MS / 1000)
    # The app settles the collector for a long life; a test process has many short ones.
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
def console() -> Callable[..., TuiLiveApp]:
    """Make an app on a backend."""

    def make(backend: FakeBackend, **settings: object) -> TuiLiveApp:
        async def start(spawn: Spawn) -> FakeBackend:
            return backend

        settings.setdefault("animations", "none")
        settings.setdefault("notifications", False)
        return TuiLiveApp(start, **settings)  # type: ignore[arg-type]

    return make


async def until(pilot: Pilot[None], holds: Callable[[], object]) -> None:
    """Let the app work until a condition holds; the test's time limit ends a wait in vain."""
    while not holds():
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
