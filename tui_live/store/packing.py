"""Many frames in one pack: how a session's frames are kept once some time has passed.

TikTok gzips every frame by itself, and a frame of a few messages has little to compress. Two megabytes of frames in one
zstandard block take half of the space, because the same people and pictures come again and again. What is packed is
what was inside the gzip: each batch of messages comes back byte for byte, only gzip's own wrapping is not kept.

A pack is a zstandard frame around: the length of the index (4 bytes, little endian), the index (MessagePack, a list of
[frame id, received at in UTC ms, length]), then the batches one after another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager

import aiosqlite
import msgspec

from tui_live.wire.frames import GZIP_MAGIC, BrokenFrame, inflate

Frame = tuple[int, int, bytes]
"""(id, received at in UTC ms, payload)"""
Writing = Callable[[], AbstractAsyncContextManager[aiosqlite.Connection]]

#: Bytes of gzipped frames from which a session that is still being recorded is packed …
ENOUGH = 600_000
#: … and below which it does not pay.
_TOO_LITTLE = 50_000
#: Bytes of batches in a pack: reading one message unpacks all of them, in some 2 ms.
_PACK_BYTES = 2_000_000
#: From here on levels cost more than they save: 5 µs of CPU a message at this one.
_LEVEL = 5
_LARGEST = 256 * 1024 * 1024
_index = msgspec.msgpack.Decoder(list[tuple[int, int, int]])


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
    """The frames in a pack, in order; the payloads are not gzipped."""
    import zstandard

    whole = memoryview(zstandard.ZstdDecompressor().decompress(packed, max_output_size=_LARGEST))
    at = 4 + int.from_bytes(whole[:4], "little")
    for frame_id, received_ms, length in _index.decode(whole[4:at]):
        yield frame_id, received_ms, bytes(whole[at : at + length])
        at += length


async def pack_session(writing: Writing, session_id: str) -> int:
    """Pack what a session has in ``frames``; returns how many frames that were.

    ``writing`` opens a transaction on the write connection. Compressing happens in a thread between two of them, so
    the recorder is never kept waiting for it. Raises :class:`~tui_live.errors.StoreError` when the disk refuses.
    """
    packed = 0
    while frames := await _next_frames(writing, session_id):
        blob = await asyncio.to_thread(pack, frames)
        first, last = frames[0][0], frames[-1][0]
        async with writing() as database:
            await database.execute(
                "INSERT INTO frame_packs (session, first_frame, last_frame, packed)"
                " SELECT number, ?, ?, ? FROM sessions WHERE id = ?",
                (first, last, blob, session_id),
            )
            await database.execute(
                "DELETE FROM frames WHERE session_id = ? AND id BETWEEN ? AND ?", (session_id, first, last)
            )
        packed += len(frames)
    return packed


async def _next_frames(writing: Writing, session_id: str) -> list[Frame]:
    """The session's first frames, as many as go into one pack; none when they are too few to pay."""
    frames: list[Frame] = []
    gzipped = size = 0
    query = "SELECT id, received_ms, payload FROM frames WHERE session_id = ? ORDER BY id"
    async with writing() as database, database.execute(query, (session_id,)) as cursor:
        async for frame_id, received_ms, payload in cursor:
            frames.append((frame_id, received_ms, payload))
            gzipped += len(payload)
            # The last four bytes of a gzip are the length of what is in it.
            size += int.from_bytes(payload[-4:], "little") if payload[:2] == GZIP_MAGIC else len(payload)
            if size >= _PACK_BYTES:
                break
    return frames if gzipped >= _TOO_LITTLE else []


def _inside(payload: bytes) -> bytes:
    """The batch in a payload; a payload that cannot be inflated stays as it is."""
    if payload[:2] != GZIP_MAGIC:
        return payload
    try:
        batch = inflate(payload)
    except BrokenFrame:
        return payload
    return payload if batch[:2] == GZIP_MAGIC else batch
