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
from tui_live.store.export import JSON_AND_NAME, Options, Without, event_records, session_document
from tui_live.store.exported_people import exported_people
from tui_live.store.formats import FORMATS, Json
from tui_live.store.selection import Selection

_CHUNK = 2_000


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
    people: set[int] = set()
    # Parquet takes a second to import and some ten milliseconds for each piece: too long for the loop.
    heavy = options.format == "parquet"
    make = functools.partial(FORMATS[options.format], drain, facts, options.raw)  # type: ignore[arg-type]
    writer = await asyncio.to_thread(make) if heavy else make()
    if options.format in ("jsonl", "json") and not options.raw:
        async with contextlib.aclosing(selection.rows(JSON_AND_NAME, (session.id,), _CHUNK)) as pieces:
            async for lines in pieces:
                people.update(line[1] for line in lines)
                writer.lines([line[0] for line in lines])
                yield drain.taken()
    else:
        made = event_records(database, session, selection, options, None, Without(), people)
        async with contextlib.aclosing(made) as slices:
            heavy |= options.raw  # a hostile message has megabytes
            async for some in slices:
                await asyncio.to_thread(writer.records, some) if heavy else writer.records(some)
                yield drain.taken()
    if isinstance(writer, Json):
        async with contextlib.aclosing(exported_people(database, people)) as slices:
            async for some in slices:
                writer.users(some)
                yield drain.taken()
    writer.close()
    yield drain.taken()
