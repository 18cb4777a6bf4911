"""Stored frames, packed or not, lose a person."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Mapping, Set

import aiosqlite

from tui_live.core.traces import Traces
from tui_live.store.packing import pack, unpack
from tui_live.wire.scrub import scrub

Places = Mapping[int, Set[int]]
"""Frame id -> the places of messages that are theirs."""


async def clean_frames(database: aiosqlite.Connection, person: Traces, authored: Places) -> AsyncIterator[int]:
    """Take the person out of all frames that are not packed; yields how many frames were read."""
    last = 0
    while True:
        query = "SELECT id, payload FROM frames WHERE id > ? ORDER BY id LIMIT 200"
        async with database.execute(query, (last,)) as cursor:
            rows = list(await cursor.fetchall())
        if not rows:
            return
        for frame_id, payload in rows:
            cleaned = scrub(payload, person, frozenset(authored.get(frame_id, ())))
            if cleaned is not None:
                await database.execute("UPDATE frames SET payload = ? WHERE id = ?", (_gzip(cleaned), frame_id))
        last = rows[-1][0]
        yield len(rows)


async def clean_packs(database: aiosqlite.Connection, person: Traces, authored: Places) -> AsyncIterator[int]:
    """Take the person out of all packs; yields 1 after each."""
    async with database.execute("SELECT rowid FROM frame_packs") as cursor:
        packs = [row[0] for row in await cursor.fetchall()]
    for number in packs:
        async with database.execute("SELECT packed FROM frame_packs WHERE rowid = ?", (number,)) as cursor:
            row = await cursor.fetchone()
        frames = list(unpack(row[0])) if row else []
        cleaned = [
            (frame_id, received_ms, scrub(payload, person, frozenset(authored.get(frame_id, ()))))
            for frame_id, received_ms, payload in frames
        ]
        if any(payload is not None for _, _, payload in cleaned):
            kept = [
                (new[0], new[1], old[2] if new[2] is None else new[2]) for old, new in zip(frames, cleaned, strict=True)
            ]
            await database.execute("UPDATE frame_packs SET packed = ? WHERE rowid = ?", (pack(kept), number))
        yield 1


def _gzip(data: bytes) -> bytes:
    if not data:
        return data
    deflater = zlib.compressobj(6, wbits=31)
    return deflater.compress(data) + deflater.flush()
