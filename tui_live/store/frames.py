"""Reading recorded frames, packed or not."""

from __future__ import annotations

import asyncio
import logging

import aiosqlite

from tui_live.store.packing import BrokenPack, Frame, unpack

log = logging.getLogger(__name__)

_ROWS = "SELECT id, received_ms, payload FROM frames WHERE session_id = ? AND id > ? ORDER BY id LIMIT ?"
_PACK = """
SELECT p.packed, p.last_frame FROM frame_packs p JOIN sessions s ON s.number = p.session
WHERE s.id = ? AND p.last_frame > ? ORDER BY p.first_frame LIMIT 1
"""
_PACK_OF_FRAME = """
SELECT packed FROM frame_packs WHERE session = ? AND first_frame <= ? AND last_frame >= ?
ORDER BY first_frame DESC LIMIT 1
"""


async def session_frames(database: aiosqlite.Connection, session_id: str, after: int = 0) -> list[Frame]:
    """The session's next frames, in order, after the frame with the id ``after``: some hundreds, none at the end.

    Payloads are as TikTok sent them, or what was inside the gzip.
    """
    # Rows first: when they are packed between the two queries, the pack has them.
    async with database.execute(_ROWS, (session_id, after, 200)) as cursor:
        rows = [(row[0], row[1], row[2]) for row in await cursor.fetchall()]
    while True:
        async with database.execute(_PACK, (session_id, after)) as cursor:
            pack = await cursor.fetchone()
        if pack is None:
            return [frame for frame in rows if frame[0] > after]
        if frames := [frame for frame in await _frames_in(pack[0]) if frame[0] > after]:
            return frames
        after = pack[1]


async def _frames_in(pack: bytes) -> list[Frame]:
    """The frames in a pack; none, and a line in the log, when it cannot be read."""
    try:
        return await asyncio.to_thread(lambda: list(unpack(pack)))
    except BrokenPack as broken:
        log.warning("%s", broken)
        return []


async def has_frames(database: aiosqlite.Connection, session_id: str) -> bool:
    """Whether anything of the session can be played again."""
    query = (
        "SELECT 1 FROM sessions s WHERE id = ? AND (EXISTS (SELECT 1 FROM frames WHERE session_id = s.id)"
        " OR EXISTS (SELECT 1 FROM frame_packs WHERE session = s.number))"
    )
    async with database.execute(query, (session_id,)) as cursor:
        return await cursor.fetchone() is not None


class FrameReader:
    """Frames by their id; the last pack stays unpacked, for those who read in order."""

    def __init__(self, database: aiosqlite.Connection) -> None:
        self._database = database
        self._session = 0
        self._frames: dict[int, bytes] = {}

    async def payload(self, session: int, frame_id: int) -> bytes | None:
        """The payload of one frame; ``session`` is the session's number. ``None`` when it is not kept."""
        found = self._frames.get(frame_id) if session == self._session else None
        if found is not None:
            return found
        async with self._database.execute("SELECT payload FROM frames WHERE id = ?", (frame_id,)) as cursor:
            row = await cursor.fetchone()
        if row is not None:
            return bytes(row[0])
        async with self._database.execute(_PACK_OF_FRAME, (session, frame_id, frame_id)) as cursor:
            pack = await cursor.fetchone()
        if pack is None:
            return None
        self._session = session
        self._frames = {number: payload for number, _, payload in await _frames_in(pack[0])}
        return self._frames.get(frame_id)
