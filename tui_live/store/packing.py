"""Many frames in one pack: how a session's frames are kept once some time has passed.

TikTok gzips every frame by itself, and a frame of a few messages has little to compress. Megabytes of frames in one
zstandard block take half of the space, because the same people and pictures come again and again. What is packed is
what was inside the gzip: each batch of messages comes back byte for byte, only gzip's own wrapping is not kept. A pack
grows until it is full, so that little waits unpacked and yet much is compressed together.

A pack is a zstandard frame around: the length of the index (4 bytes, little endian), the index (MessagePack, a list of
[frame id, received at in UTC ms, length]), then the batches one after another.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager

import aiosqlite
import msgspec

from tui_live.errors import StoreError
from tui_live.wire.frames import GZIP_MAGIC, BrokenFrame, inflate, is_marked

Frame = tuple[int, int, bytes]
"""(id, received at in UTC ms, payload)"""
Writing = Callable[[], AbstractAsyncContextManager[aiosqlite.Connection]]

#: Bytes of gzipped frames from which a session that is still being recorded is packed …
ENOUGH = 1_000_000
#: … and below which it does not pay.
_TOO_LITTLE = 50_000
#: Bytes of batches in a full pack: reading one message unpacks all of them, in some 5 ms.
_PACK_BYTES = 4_500_000
#: Higher ones save a tenth and cost five times the CPU; this one takes about 2 µs a message, each time a pack grows.
_LEVEL = 3
#: Free pages that a session which goes on will soon need again.
FEW_PAGES = 150
#: Pages that are given back to the file system at once: some 10 ms.
_PAGES = 1_000
#: A full pack that grew once more by frames of the largest size is half as large: what claims more is none of ours.
_LARGEST = 64 * 1024 * 1024
#: TikTok's batches compress to a fifth; a gzip that claims to hold much more than that is damaged, or hostile.
_MOST_GROWTH = 20
_index = msgspec.msgpack.Decoder(list[tuple[int, int, int]])


class BrokenPack(StoreError):
    """A pack that cannot be read: its bytes are damaged, or claim to be more than any pack holds."""

    def __init__(self, what: str) -> None:
        super().__init__(f"Recorded frames cannot be read: {what}", "the events themselves are not affected")


def pack(frames: list[Frame]) -> bytes:
    """The pack of these frames."""
    import zstandard

    inside = [_inside(payload) for _, _, payload in frames]
    index = msgspec.msgpack.encode(
        [(frame_id, received_ms, len(data)) for (frame_id, received_ms, _), data in zip(frames, inside, strict=True)]
    )
    whole = b"".join((len(index).to_bytes(4, "little"), index, *inside))
    return zstandard.ZstdCompressor(level=_LEVEL).compress(whole)


def unpack(packed: bytes) -> Iterator[Frame]:
    """The frames in a pack, in order; the payloads are not gzipped. Raises :class:`BrokenPack`."""
    import zstandard

    if not isinstance(packed, bytes):  # somebody has edited the database by hand
        raise BrokenPack("a pack is no bytes")
    try:
        if zstandard.frame_content_size(packed) > _LARGEST:
            raise BrokenPack("a pack claims to be too large")
        whole = memoryview(zstandard.ZstdDecompressor().decompress(packed, max_output_size=_LARGEST))
        at = 4 + int.from_bytes(whole[:4], "little")
        index = _index.decode(whole[4:at])
    except (zstandard.ZstdError, msgspec.MsgspecError) as error:
        raise BrokenPack(str(error)) from error
    if any(length < 0 for _, _, length in index) or sum(length for _, _, length in index) != len(whole) - at:
        raise BrokenPack("a pack does not hold what its index says")
    for frame_id, received_ms, length in index:
        yield frame_id, received_ms, bytes(whole[at : at + length])
        at += length


async def pack_session(writing: Writing, session_id: str) -> int:
    """Pack what a session has in ``frames``; returns how many frames that were.

    ``writing`` opens a transaction on the write connection. Compressing happens in a thread between two of them, so
    the recorder is never kept waiting for it. Raises :class:`~tui_live.errors.StoreError` when the disk refuses.
    """
    packed = 0
    while frames := await _next_frames(writing, session_id):
        last_pack = await _growing_pack(writing, session_id)
        merged, blob = await asyncio.to_thread(_grown, last_pack, frames)
        taken = [frame for frame in frames if frame[0] <= merged[-1][0]]
        async with writing() as database:
            await database.execute(
                "INSERT OR REPLACE INTO frame_packs (session, first_frame, last_frame, packed)"
                " SELECT number, ?, ?, ? FROM sessions WHERE id = ?",
                (merged[0][0], merged[-1][0], blob, session_id),
            )
            await database.execute(
                "DELETE FROM frames WHERE session_id = ? AND id BETWEEN ? AND ?",
                (session_id, taken[0][0], taken[-1][0]),
            )
        packed += len(taken)
    return packed


async def unpacked_sessions(database: aiosqlite.Connection) -> list[str]:
    """The keys of sessions that are over and have frames worth packing: those that a killed process left behind."""
    query = (
        "SELECT f.session_id FROM frames f JOIN sessions s ON s.id = f.session_id WHERE s.status <> 'active'"
        " GROUP BY f.session_id HAVING sum(length(f.payload)) >= ?"
    )
    async with database.execute(query, (_TOO_LITTLE,)) as cursor:
        return [row[0] for row in await cursor.fetchall()]


async def give_back(writing: Writing, keep: int = 0) -> None:
    """Give free pages beyond ``keep`` back to the file system, some at a time; databases of earlier versions cannot."""
    before = -1
    while True:
        async with writing() as database:
            async with database.execute("PRAGMA freelist_count") as cursor:
                row = await cursor.fetchone()
            free = row[0] if row else 0
            if free <= keep or free == before:
                return
            # Python steps this pragma only once, which frees one page; a script runs to its end, and commits first.
            await database.executescript(f"PRAGMA incremental_vacuum({_PAGES}); BEGIN IMMEDIATE")
        before = free


def _grown(last_pack: bytes | None, frames: list[Frame]) -> tuple[list[Frame], bytes]:
    """What is to be packed together, and the pack: the last one goes on with as many frames as make a full one."""
    merged: list[Frame] = []
    if last_pack:
        with contextlib.suppress(BrokenPack):
            merged = list(unpack(last_pack))
    size = 0
    for frame_id, received_ms, payload in frames:
        batch = _inside(payload)
        merged.append((frame_id, received_ms, batch))
        size += len(batch)
        if size >= _PACK_BYTES:
            break
    return merged, pack(merged)


async def _growing_pack(writing: Writing, session_id: str) -> bytes | None:
    """The session's last pack, when it has room for more."""
    import zstandard

    query = (
        "SELECT p.packed FROM frame_packs p JOIN sessions s ON s.number = p.session WHERE s.id = ?"
        " ORDER BY p.first_frame DESC LIMIT 1"
    )
    async with writing() as database, database.execute(query, (session_id,)) as cursor:
        row = await cursor.fetchone()
    if row is None or not isinstance(row[0], bytes):
        return None
    try:
        return row[0] if zstandard.frame_content_size(row[0]) < _PACK_BYTES * 3 // 4 else None
    except zstandard.ZstdError:
        return None


async def _next_frames(writing: Writing, session_id: str) -> list[Frame]:
    """The session's first frames, about as many as go into one pack; none when they are too few to pay."""
    frames: list[Frame] = []
    gzipped = size = 0
    query = "SELECT id, received_ms, CAST(payload AS BLOB) FROM frames WHERE session_id = ? ORDER BY id"
    async with writing() as database, database.execute(query, (session_id,)) as cursor:
        async for frame_id, received_ms, payload in cursor:
            frames.append((frame_id, received_ms, payload))
            gzipped += len(payload)
            size += _claimed(payload)
            if size >= _PACK_BYTES:
                return frames
    return frames if gzipped >= _TOO_LITTLE else []


def _claimed(payload: bytes) -> int:
    """How much is in a payload, by its own account: the last four bytes of a gzip."""
    if payload[:2] != GZIP_MAGIC:
        return len(payload)
    claimed = int.from_bytes(payload[-4:], "little")
    return min(max(claimed, len(payload)), _MOST_GROWTH * len(payload))


def _inside(payload: bytes) -> bytes:
    """The batch in a payload; what cannot be inflated, or reads otherwise when it is, stays as it is."""
    if payload[:2] != GZIP_MAGIC:
        return payload
    try:
        batch = inflate(payload)
    except BrokenFrame:
        return payload
    return payload if batch[:2] == GZIP_MAGIC or is_marked(batch) else batch
