"""Reading recorded frames, packed or not."""

from __future__ import annotations

import asyncio
import logging
from typing import NamedTuple

import aiosqlite

from tui_live.store.packing import BrokenPack, Frame, unpack

log = logging.getLogger(__name__)

#: Whoever edits a database by hand may leave text where bytes were.
_ROWS = "SELECT id, received_ms, CAST(payload AS BLOB) FROM frames WHERE session_id = ? AND id > ? ORDER BY id LIMIT ?"
_PACK = """
SELECT p.packed, p.last_frame FROM frame_packs p JOIN sessions s ON s.number = p.session
WHERE s.id = ? AND p.last_frame > ? ORDER BY p.first_frame LIMIT 1
"""
_PACK_OF_FRAME = """
SELECT packed, first_frame, last_frame FROM frame_packs WHERE session = ? AND first_frame <= ? AND last_frame >= ?
ORDER BY first_frame DESC LIMIT 1
"""
_SPAN = "SELECT number, coalesce(first_event_id, 0), coalesce(last_event_id, -1) FROM sessions WHERE id = ?"
_EVENTS = """
SELECT frame_id, count(*), max(id) FROM (
    SELECT id, frame_id FROM event_rows
    WHERE id BETWEEN ?1 AND ?2 AND +session = ?3 AND frame_id IS NOT NULL ORDER BY id LIMIT 2000)
GROUP BY frame_id
"""


class Missing(NamedTuple):
    """What cannot be played of a recording: frames, and how many events once came in them."""

    frames: int = 0
    events: int = 0


class RecordedFrames:
    """A session's frames in order, and what is missing of them.

    ``missing`` counts as far as :meth:`next` has come: frames that events tell of, in packs that cannot be read or that
    somebody has removed. (Frames without an event are not known.)
    """

    def __init__(self, database: aiosqlite.Connection, session_id: str) -> None:
        self.missing = Missing()
        self._database = database
        self._session_id = session_id
        self._after = 0
        self._known: dict[int, int] = {}
        self._span: tuple[int, int, int] | None = None

    async def next(self) -> list[Frame]:
        """The next frames, as :func:`session_frames`; none at the end, when ``missing`` has counted all of it."""
        if self._span is None:  # what is recorded from now on is not known to be missing
            self._span = await self._read_span()
        frames = await session_frames(self._database, self._session_id, self._after)
        found = {frame_id for frame_id, _, _ in frames}
        last = max(found, default=None)
        await self._learn(last)
        gone = [frame_id for frame_id in self._known if last is None or frame_id <= last]
        lost = [events for frame_id in gone if (events := self._known.pop(frame_id)) and frame_id not in found]
        self.missing = Missing(self.missing.frames + len(lost), self.missing.events + sum(lost))
        self._after = last or self._after
        return frames

    async def _read_span(self) -> tuple[int, int, int]:
        async with self._database.execute(_SPAN, (self._session_id,)) as cursor:
            row = await cursor.fetchone()
        return (row[1], row[2], row[0]) if row else (0, -1, 0)

    async def _learn(self, last: int | None) -> None:
        """Read which frames the events up to that frame came in: event ids and frame ids rise together."""
        assert self._span is not None
        first, end, number = self._span
        while first <= end and (last is None or max(self._known, default=0) <= last):
            async with self._database.execute(_EVENTS, (first, end, number)) as cursor:
                rows = await cursor.fetchall()
            for frame_id, events, _ in rows:
                self._known[frame_id] = self._known.get(frame_id, 0) + events
            first = max((row[2] for row in rows), default=end) + 1
        self._span = first, end, number


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
        self._span = range(0)
        self._frames: dict[int, bytes] = {}

    async def payload(self, session: int, frame_id: int) -> bytes | None:
        """The payload of one frame; ``session`` is the session's number. ``None`` when it is not kept."""
        is_read = session == self._session and frame_id in self._span
        if is_read and (found := self._frames.get(frame_id)) is not None:
            return found
        query = "SELECT CAST(payload AS BLOB) FROM frames WHERE id = ?"
        async with self._database.execute(query, (frame_id,)) as cursor:
            row = await cursor.fetchone()
        if row is not None:
            return bytes(row[0])
        if is_read:  # the pack cannot be read: that is not tried again for each event
            return None
        async with self._database.execute(_PACK_OF_FRAME, (session, frame_id, frame_id)) as cursor:
            pack = await cursor.fetchone()
        if pack is None:
            return None
        self._frames = {number: payload for number, _, payload in await _frames_in(pack[0])}
        self._session, self._span = session, range(pack[1], pack[2] + 1)
        return self._frames.get(frame_id)
