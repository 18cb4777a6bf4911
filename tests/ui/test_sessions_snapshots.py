"""What past sessions look like. Look at a changed picture before accepting it (``pytest --snapshot-update``)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.ui.conftest import ticked, until
from tests.ui.fakes import FakeBackend, every_state
from tests.ui.nights import HOUR, NOW_MS, RULES, Nights, looked_into, opened
from tui_live.engine.history import History
from tui_live.store.database import open_writer
from tui_live.store.recorder import Recorder
from tui_live.ui.app import TuiLiveApp
from tui_live.ui.screens import main, sessions, sessions_opened
from tui_live.ui.screens.sessions_opened import OpenedSession
from tui_live.ui.widgets import log_pane, log_view

SIZES = [(80, 24), (120, 40), (200, 50)]


class Archive(FakeBackend):
    """Streams that are made up, and a real database of past sessions."""

    def __init__(self, path: Path) -> None:
        super().__init__(every_state())
        self.history = History(path, RULES)

    async def close(self) -> None:
        await self.history.close()
        await super().close()


@pytest.fixture(autouse=True)
def no_timers(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (main, sessions, sessions_opened):
        monkeypatch.setattr(module, "_TICK", 3600)
    monkeypatch.setattr(log_view, "TICK", 3600)
    monkeypatch.setattr(log_pane, "_PATIENCE", 3600)
    monkeypatch.setattr(History, "export_file", lambda *asked: Path(f"/home/ana/alice-2026-11-19-1814.{asked[2]}"))


async def recorded(path: Path, *, empty: bool) -> None:
    database = await open_writer(path)
    recorder = Recorder(database, keep_raw=True)
    await recorder.open()
    nights = Nights(recorder, History(path, RULES), path)
    if not empty:
        await nights.record("bob", 50, 300, "interrupted")
        board = await nights.record("alice", 26, 900, ms=72_000, reason="the connection was cut")
        first = board.ranking.stretch(0, 1)[0].person.user_id
        nights.act("a2a2a2a2", board, board.reset(first, NOW_MS - 25 * HOUR))
        nights.act("a2a2a2a2", board, board.undo(NOW_MS - 25 * HOUR + 4000))
        nights.act("a2a2a2a2", board, board.pick_winner(NOW_MS - 24 * HOUR))
        await recorder.flush()
        await nights.record("さくらチャンネル", 1, 100, "active")
    await database.close()


@pytest.fixture
def archive(tmp_path: Path) -> Callable[..., TuiLiveApp]:
    """Makes a console on recorded sessions."""

    def make(console: Any, *, empty: bool = False) -> TuiLiveApp:
        path = tmp_path / "x.db"
        asyncio.run(recorded(path, empty=empty))
        app: TuiLiveApp = console(Archive(path))
        return app

    return make


def showing(*keys: str, opens: bool = True) -> Any:
    """Go to the second session, open it, press keys."""

    async def run(pilot: Pilot[None]) -> None:
        await opened(pilot)
        await pilot.press("down")
        if opens:
            await looked_into(pilot)
        await pilot.press(*keys)
        screen = pilot.app.screen
        if isinstance(screen, OpenedSession) and screen._is_of_events:
            await until(pilot, lambda: screen.events._started)
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False
        await ticked(pilot)
        await pilot.app.workers.wait_for_complete(list(screen.workers))
        await pilot.pause()

    return run


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_list(snap_compare, console, archive, size) -> None:
    assert snap_compare(archive(console), terminal_size=size, run_before=showing(opens=False))


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_no_sessions_yet(snap_compare, console, archive, size) -> None:
    assert snap_compare(archive(console, empty=True), terminal_size=size, run_before=showing(opens=False))


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize(
    ("name", "keys"),
    [("facts", ()), ("leaderboard", ("2", "down")), ("log", ("3",)), ("chat", ("4", "down")), ("gifts", ("5",))],
)
def test_one_opened(snap_compare, console, archive, size, name, keys) -> None:
    assert snap_compare(archive(console), terminal_size=size, run_before=showing(*keys))


def test_the_end_of_the_facts(snap_compare, console, archive) -> None:
    assert snap_compare(archive(console), terminal_size=(80, 24), run_before=showing("end"))


@pytest.mark.parametrize("size", SIZES[:2], ids=str)
def test_asking_where_to_export(snap_compare, console, archive, size) -> None:
    assert snap_compare(archive(console), terminal_size=size, run_before=showing("x", "down", opens=False))


def test_a_filter_that_is_being_typed(snap_compare, console, archive) -> None:
    assert snap_compare(archive(console), terminal_size=(80, 24), run_before=showing("slash", *"ali", opens=False))
