"""Stored frames, packed or not, lose a person."""

from __future__ import annotations

import logging
import zlib
from collections.abc import AsyncIterator

import aiosqlite

from tui_live.core.traces import Traces
from tui_live.store.packing import BrokenPack, Frame, pack, unpack
from tui_live.store.places import Numbers, Places
from tui_live.wire.scrub import Scrubbed, scrub

log = logging.getLogger(__name__)


class Marks:
    """What is theirs in the frames, and where others' messages were about them.

    ``packs`` had to be removed because nobody can read them, and with them the original messages of ``events``.
    """

    def __init__(self) -> None:
        self.packs = self.events = 0
        self.authored = Places()
        self.message_ids = Numbers()
        """TikTok's ids of their messages: it sends some of them again."""
        self.named = Places()
        self.quoted = Places()
        self.told = Places()
        """Where TikTok's own words had their nickname: another's of the same name stays."""

    def scrub(self, frame_id: int, payload: bytes, person: Traces) -> Scrubbed | None:
        """One frame without the person; where it named or quoted them is kept in mind."""
        scrubbed = scrub(payload, person, self.authored.of(frame_id), self.message_ids.__contains__)
        if scrubbed is not None:
            for place in scrubbed.named:
                self.named.add(frame_id, place)
            for place in scrubbed.quoted:
                self.quoted.add(frame_id, place)
            for place in scrubbed.told:
                self.told.add(frame_id, place)
        return scrubbed


async def clean_frames(database: aiosqlite.Connection, person: Traces, marks: Marks) -> AsyncIterator[int]:
    """Take the person out of all frames that are not packed; yields how many frames were read."""
    last = 0
    while True:
        query = "SELECT id, CAST(payload AS BLOB) FROM frames WHERE id > ? ORDER BY id LIMIT 200"
        async with database.execute(query, (last,)) as cursor:
            rows = list(await cursor.fetchall())
        if not rows:
            return
        for frame_id, payload in rows:
            scrubbed = marks.scrub(frame_id, payload, person)
            if scrubbed is not None:
                update = "UPDATE frames SET payload = ? WHERE id = ?"
                await database.execute(update, (_gzip(scrubbed.payload), frame_id))
        last = rows[-1][0]
        yield len(rows)


async def clean_packs(database: aiosqlite.Connection, person: Traces, marks: Marks) -> AsyncIterator[int]:
    """Take the person out of all packs; yields 1 after each. A pack that nobody can read goes: they may be in it."""
    async with database.execute("SELECT rowid FROM frame_packs ORDER BY session, first_frame") as cursor:
        packs = [row[0] for row in await cursor.fetchall()]
    for number in packs:
        frames = await _read(database, number)
        if frames is None:
            await _remove(database, number, marks)
        else:
            kept, changed = [], False
            for frame_id, received_ms, payload in frames:
                scrubbed = marks.scrub(frame_id, payload, person)
                changed |= scrubbed is not None
                kept.append((frame_id, received_ms, payload if scrubbed is None else scrubbed.payload))
            if changed:
                await database.execute("UPDATE frame_packs SET packed = ? WHERE rowid = ?", (pack(kept), number))
        yield 1


async def _remove(database: aiosqlite.Connection, number: int, marks: Marks) -> None:
    query = (
        "SELECT count(*) FROM frame_packs p JOIN event_rows e ON e.session = p.session"
        " WHERE p.rowid = ? AND e.frame_id BETWEEN p.first_frame AND p.last_frame"
    )
    async with database.execute(query, (number,)) as cursor:
        row = await cursor.fetchone()
    marks.packs += 1
    marks.events += row[0] if row else 0
    log.warning("a damaged pack of frames was removed, with the original messages of %d events", row[0] if row else 0)
    await database.execute("DELETE FROM frame_packs WHERE rowid = ?", (number,))


async def _read(database: aiosqlite.Connection, number: int) -> list[Frame] | None:
    async with database.execute("SELECT packed FROM frame_packs WHERE rowid = ?", (number,)) as cursor:
        row = await cursor.fetchone()
    try:
        return list(unpack(row[0])) if row else []
    except BrokenPack:
        return None


def _gzip(data: bytes) -> bytes:
    if not data:
        return data
    deflater = zlib.compressobj(6, wbits=31)
    return deflater.compress(data) + deflater.flush()
