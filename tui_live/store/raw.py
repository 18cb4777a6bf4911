"""The original message of an event, on demand from its recorded frame."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import aiosqlite

from tui_live.store.frames import FrameReader
from tui_live.wire.as_json import Excerpt, message_facts
from tui_live.wire.frames import BrokenFrame, unpack

#: Bytes of a frame, gzipped or not, and of a message from which on a thread looks into it: it may take a second.
_LARGE_FRAME, _LARGE = 20_000, 50_000


class RawReader:
    """Original messages; the last frame stays parsed, for those who read in order."""

    def __init__(self, database: aiosqlite.Connection) -> None:
        self._frames = FrameReader(database)
        self._frame_id = 0
        self._messages: Any = ()
        self._broken: dict[str, Any] = {}

    async def facts(
        self, session: int, frame_id: int | None, place: int, *, whole: bool = True
    ) -> dict[str, Any] | None:
        """The message at ``place`` of a frame as JSON data (:func:`~tui_live.wire.as_json.message_facts`).

        ``session`` is the session's number. Not ``whole``: as much as a screen shows. ``None`` when frames were not
        kept or the place is not there; a frame that could not be read is given as
        ``{"frame": base64, "error": why}``.
        """
        if frame_id is None:
            return None
        if frame_id != self._frame_id:
            payload = await self._frames.payload(session, frame_id)
            if payload is None:
                return None
            try:
                is_large = len(payload) > _LARGE_FRAME
                batch = await asyncio.to_thread(unpack, payload) if is_large else unpack(payload)
                self._messages, self._frame_id = batch.messages, frame_id
            except BrokenFrame as broken:
                self._messages, self._frame_id = None, frame_id
                self._broken = {"frame": base64.b64encode(payload).decode(), "error": str(broken)}
        if self._messages is None:
            return dict(self._broken)
        if place >= len(self._messages):
            return None
        message = self._messages[place]
        arguments = (message,) if whole else (message, Excerpt())
        if len(message.payload) > _LARGE:
            return await asyncio.to_thread(message_facts, *arguments)
        return message_facts(*arguments)


async def event_raw(database: aiosqlite.Connection, event_id: int, *, whole: bool = True) -> dict[str, Any] | None:
    """The original message of one event as JSON data; ``None`` when there is no such event or frames were not kept.

    Not ``whole``: as much as a screen shows.
    """
    query = "SELECT session, frame_id, place FROM event_rows WHERE id = ?"
    async with database.execute(query, (event_id,)) as cursor:
        row = await cursor.fetchone()
    return None if row is None else await RawReader(database).facts(row[0], row[1], row[2], whole=whole)
