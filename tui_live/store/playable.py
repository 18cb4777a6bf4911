"""What a replay asks of a session besides its frames: whether it can be played at all, and where nothing came."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import aiosqlite

from tui_live.errors import StreamError
from tui_live.store import sessions
from tui_live.store.database import open_reader
from tui_live.store.frames import has_frames
from tui_live.store.rows import milliseconds
from tui_live.store.sessions import Session


class LostTime(NamedTuple):
    """A gap: its number in the database, when it ended (UTC ms), and how long it was."""

    number: int
    end_ms: int
    duration_ms: int


async def playable(database: aiosqlite.Connection, key: str) -> Session:
    """The session that is meant by a key, its beginning, or ``@streamer``. Raises :class:`StreamError`."""
    session = await sessions.meant(database, key)
    if not await has_frames(database, session.id):
        raise StreamError(
            f"The session {session.id} has no recorded frames",
            "it was recorded with database.keep_raw off, or they were removed",
        )
    return session


async def check_playable(path: Path, key: str) -> None:
    """Raise :class:`StoreError` for the database or :class:`StreamError` for the session, if it cannot be played."""
    database = await open_reader(path)
    try:
        await playable(database, key)
    finally:
        await database.close()


async def gaps_after(database: aiosqlite.Connection, session_id: str, number: int) -> list[LostTime]:
    """The session's gaps behind the one with that number (0: all), in order."""
    query = "SELECT id, gap_end, duration_ms FROM gaps WHERE session_id = ? AND id > ? ORDER BY id"
    async with database.execute(query, (session_id, number)) as cursor:
        return [LostTime(row[0], milliseconds(row[1]), row[2]) for row in await cursor.fetchall()]
