"""A replay of a recording from which somebody was erased."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from pathlib import Path

from tests.engine.test_engine import spawn
from tests.store.real import Recording
from tests.store.test_recorder import rows
from tui_live.engine.replay import Replay
from tui_live.store import sessions
from tui_live.store.database import open_writer
from tui_live.store.erase import erase
from tui_live.store.recorder import Recorder

_BUSIEST = "SELECT user_id FROM events WHERE user_id IS NOT NULL GROUP BY user_id ORDER BY count(*) DESC LIMIT 1"
_COUNTS = "SELECT event_type, count(*) FROM events GROUP BY event_type"


async def test_what_somebody_did_who_was_erased_is_not_played(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    database = await open_writer(path)
    recorder = Recorder(database, keep_raw=True)
    await recorder.open()
    session = await Recording(recorder).record(400)
    await sessions.finish(recorder, session, "ended", session.start_ms + 20_000)
    [(busiest,)] = await rows(database, _BUSIEST)
    await database.close()
    found = await erase(path, busiest)
    assert found is not None
    assert found.events > 5

    replay = await Replay.create(path, session.id, spawn, 20.0, 1_000)
    try:
        await asyncio.wait_for(replay.finished.wait(), 30)
    finally:
        await replay.close()
    with contextlib.closing(sqlite3.connect(path)) as left:
        counts = dict(left.execute(_COUNTS).fetchall())
    assert replay.totals.messages == counts
    assert replay.totals.events == session.totals.events - found.events
