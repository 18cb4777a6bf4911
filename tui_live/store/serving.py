"""An export as it is being made, piece by piece, for whoever reads it over the network.

No format needs a file for it, Parquet neither: it is written from the beginning to the end, its index last.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import io
from collections.abc import AsyncGenerator

import aiosqlite

from tui_live.store import sessions
from tui_live.store.export import Options, Without, pieces, session_document
from tui_live.store.formats import FORMATS
from tui_live.store.selection import Selection


class _Drain(io.RawIOBase):
    """Takes what a writer writes and gives it away."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._written = 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._pieces.append(bytes(data))
        self._written += len(data)
        return len(data)

    def tell(self) -> int:
        return self._written

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


async def served(database: aiosqlite.Connection, key: str, options: Options) -> AsyncGenerator[bytes, None]:
    """A session's events in pieces of some hundred kilobytes; as fast as they are taken, in little memory.

    Raises :class:`~tui_live.errors.TuiLiveError` before the first piece when it cannot be done.
    """
    session = await sessions.find(database, key)
    selection = await Selection.of(
        database, session.id, options.types, options.user, options.since_ms, options.until_ms
    )
    drain = _Drain()
    facts = await session_document(database, session)
    # Too long for the loop: Parquet takes a second to import and some ten milliseconds for each piece, and a hostile
    # message has megabytes.
    heavy = options.format == "parquet" or options.raw
    make = functools.partial(FORMATS[options.format], drain, facts, options.raw)  # type: ignore[arg-type]
    writer = await asyncio.to_thread(make) if heavy else make()
    async with contextlib.aclosing(pieces(database, session, selection, options, writer, Without())) as steps:
        async for write, _ in steps:
            await asyncio.to_thread(write) if heavy else write()
            yield drain.taken()
