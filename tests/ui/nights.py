"""A database with past sessions, and the way to them in the console."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from tests.ui.conftest import started, until
from tests.ui.fakes import NOW_MS, some_events
from tui_live.core.board import Board
from tui_live.core.events import Batch
from tui_live.core.scoring import Rules
from tui_live.engine.history import History
from tui_live.store import sessions
from tui_live.store.recorder import Recorder
from tui_live.ui.screens.sessions import Sessions
from tui_live.ui.screens.sessions_opened import OpenedSession

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
