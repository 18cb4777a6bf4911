"""The original message of an event, on demand from its recorded frame."""

from __future__ import annotations

from typing import Any

import aiosqlite

from tui_live.store.frames import FrameReader
from tui_live.wire.as_json import message_facts
from tui_live.wire.frames import BrokenFrame, unpack


class RawReader:
    """Original messages; the last frame stays parsed, for those who read in order."""

    def __init__(self, database: aiosqlite.Connection) -> None:
        self._frames = FrameReader(database)
        self._frame_id = 0
        self._messages: Any = ()
        self._payload = b""

    async def facts(self, session: int, frame_id: int | None, place: int) -> dict[str, Any] | None:
        """The message at ``place`` of a frame as JSON data (:func:`~tui_live.wire.as_json.message_facts`).

        ``session`` is the session's number. ``None`` when frames were not kept or the place is not there; a frame that
        could not be read is given as ``{"frame": base64}``.
        """
        if frame_id is None:
            return None
        if frame_id != self._frame_id:
            payload = await self._frames.payload(session, frame_id)
            if payload is None:
                return None
            self._frame_id, self._payload = frame_id, payload
            try:
                self._messages = unpack(payload).messages
            except BrokenFrame:
                self._messages = None
        if self._messages is None:
            import base64

            return {"frame": base64.b64encode(self._payload).decode()}
        return message_facts(self._messages[place]) if place < len(self._messages) else None


async def event_raw(database: aiosqlite.Connection, event_id: int) -> dict[str, Any] | None:
    """The original message of one event as JSON data; ``None`` when there is no such event or frames were not kept."""
    query = "SELECT session, frame_id, place FROM event_rows WHERE id = ?"
    async with database.execute(query, (event_id,)) as cursor:
        row = await cursor.fetchone()
    return None if row is None else await RawReader(database).facts(row[0], row[1], row[2])
