"""Full-text search over all sessions, the newest first, fast enough to be asked again with every key.

A word that everybody uses must not read everything, and a rare one must not read row by row. So the newest rows are
read and checked directly; only when they do not hold enough is the index asked for older ones, in slices of ids.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from typing import Any

import aiosqlite
from msgspec import Struct

from tui_live.core.words import Query
from tui_live.errors import StoreError, TuiLiveError
from tui_live.store.rows import WORDED_TYPES

#: Rows read before the index is asked: a few milliseconds.
_NEWEST = 4_000
_SLICE = 200
_AT_A_TIME = 100
_COLUMNS = """
SELECT e.id, s.id, s.streamer_username, t.name, n.user_id, n.username, n.display_name, e.message, e.time_ms
FROM event_rows e JOIN sessions s ON s.number = e.session JOIN event_types t ON t.number = e.type
LEFT JOIN user_names n ON n.number = e.name
"""


class SearchError(TuiLiveError):
    """A search for nothing."""


class Hit(Struct, frozen=True, gc=False):
    """A message that was found; ``time_ms`` is UTC milliseconds, ``user_id`` empty where nobody said it."""

    event_id: int
    session_id: str
    streamer: str
    event_type: str
    user_id: str
    username: str
    nickname: str
    text: str
    time_ms: int


async def search(
    database: aiosqlite.Connection,
    text: str,
    *,
    limit: int = 50,
    streamer: str | None = None,
    before_id: int | None = None,
    seconds: float | None = None,
) -> AsyncIterator[list[Hit]]:
    """Hits in slices, the newest first, at most ``limit`` in all; ``before_id`` goes on where an earlier search ended.

    ``seconds`` bounds the time: raises :class:`TimeoutError` when it is up, after everything found until then. Give it
    a connection of its own: when the search is cancelled or out of time, whatever this connection does is interrupted.
    Raises :class:`SearchError` when there is nothing to search for, and :class:`StoreError` when the database refuses.
    """
    query = Query(text)
    if not query.expression:
        raise SearchError("There is no word in this to search for", "type a word, its beginning, or an emoji")
    # Time is measured around each query, so that it never runs out in whoever takes the slices.
    deadline = None if seconds is None else asyncio.get_running_loop().time() + seconds
    left = limit
    async with asyncio.timeout_at(deadline):
        found, bound = await _newest(database, query, left, streamer, before_id)
    if found:
        yield found
        left -= len(found)
    while left > 0 and bound > 0:
        async with asyncio.timeout_at(deadline):
            found, bound = await _older(database, query, left, streamer, bound)
        if found:
            yield found
            left -= len(found)


async def search_all(
    database: aiosqlite.Connection, text: str, *, limit: int = 50, streamer: str | None = None
) -> list[Hit]:
    """All slices of :func:`search` together."""
    return [hit async for hits in search(database, text, limit=limit, streamer=streamer) for hit in hits]


async def _newest(
    database: aiosqlite.Connection, query: Query, limit: int, streamer: str | None, before_id: int | None
) -> tuple[list[Hit], int]:
    """Hits among the newest rows, and the id below which nothing was read (0: all was read)."""
    top = before_id
    if top is None:
        top = int((await _fetch(database, "SELECT coalesce(max(id), 0) + 1 FROM event_rows", ()))[0][0])
    floor = max(0, top - _NEWEST)
    sql = (
        "SELECT e.id, e.message FROM event_rows e WHERE e.id >= ? AND e.id < ? AND e.message IS NOT NULL AND +e.type IN"  # noqa: S608
        f" (SELECT number FROM event_types WHERE name IN ({_WORDED})) ORDER BY e.id DESC"
    )
    rows = await _fetch(database, sql, (floor, top))
    ids: list[int] = []
    hits: list[Hit] = []
    for number, (event_id, message) in enumerate(rows):
        if number % _AT_A_TIME == 0:
            await asyncio.sleep(0)  # long messages of strange signs take a tenth of a millisecond each
        if query.matches(message):
            ids.append(event_id)
            if len(ids) >= limit:
                hits += await _read(database, ids, query, streamer)
                ids = []
                if len(hits) >= limit:
                    return hits[:limit], event_id
    hits += await _read(database, ids, query, streamer)
    return hits[:limit], floor


async def _older(
    database: aiosqlite.Connection, query: Query, limit: int, streamer: str | None, bound: int
) -> tuple[list[Hit], int]:
    """Hits among the next candidates of the index below ``bound``, and the new bound (0: there are no more)."""
    size = max(_SLICE, limit)
    sql = "SELECT rowid FROM search WHERE search MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?"
    ids = [row[0] for row in await _fetch(database, sql, (query.expression, bound, size))]
    hits = await _read(database, ids, query, streamer)
    return hits[:limit], ids[-1] if len(ids) == size else 0


async def _read(database: aiosqlite.Connection, ids: list[int], query: Query, streamer: str | None) -> list[Hit]:
    if not ids:
        return []
    marks = ",".join("?" * len(ids))
    condition = f"WHERE e.id IN ({marks}) AND (? IS NULL OR s.streamer_username = ?) ORDER BY e.id DESC"
    rows = await _fetch(database, f"{_COLUMNS} {condition}", (*ids, streamer, streamer))
    return [
        Hit(row[0], row[1], row[2], row[3], row[4] or "", row[5] or "", row[6] or "", row[7] or "", row[8])
        for row in rows
        if query.matches(row[7] or "")
    ]


async def _fetch(database: aiosqlite.Connection, sql: str, parameters: tuple[Any, ...]) -> list[Any]:
    """All rows of a query; cancelled, it interrupts the query, and leaves the connection ready for the next one."""
    task = asyncio.ensure_future(database.execute_fetchall(sql, parameters))
    try:
        return list(await asyncio.shield(task))
    except asyncio.CancelledError:
        await database.interrupt()
        with contextlib.suppress(sqlite3.OperationalError):
            await task
        raise
    except sqlite3.Error as error:
        raise StoreError(f"The database cannot be searched: {error}", "try again, or another word") from error


_WORDED = ", ".join(f"'{name}'" for name in sorted(WORDED_TYPES))
