"""An opening that is cancelled leaves no connection behind."""

from __future__ import annotations

import asyncio
import sqlite3
import threading

import pytest

from tui_live.store import reading
from tui_live.store.database import open_reader, open_writer


@pytest.mark.parametrize("fails", [False, True])
async def test_an_opening_that_is_cancelled_is_waited_for_and_taken_back(path, monkeypatch, fails) -> None:
    await (await open_writer(path)).close()
    loop, connect = asyncio.get_running_loop(), reading.connect
    begun, cancelled = asyncio.Event(), threading.Event()
    opened: list[sqlite3.Connection] = []

    def slow(path):
        loop.call_soon_threadsafe(begun.set)
        cancelled.wait()
        if fails:
            raise sqlite3.OperationalError("disk I/O error")
        opened.append(connect(path))
        return opened[0]

    monkeypatch.setattr(reading, "connect", slow)
    opening = asyncio.create_task(open_reader(path))
    await begun.wait()
    opening.cancel()
    loop.call_soon(cancelled.set)
    with pytest.raises(asyncio.CancelledError):
        await opening
    assert fails or opened
    for connection in opened:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")
