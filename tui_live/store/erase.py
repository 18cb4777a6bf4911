"""``tui-live erase``: a person leaves the database, and nothing of them stays in the file."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiosqlite
import msgspec
from msgspec import Struct

from tui_live.core.traces import ERASED, Traces
from tui_live.core.words import index_words
from tui_live.errors import StoreError
from tui_live.store.database import WriterLock, open_reader, open_writer
from tui_live.store.rows import WORDED_TYPES
from tui_live.store.scrubbing import clean_frames, clean_packs
from tui_live.store.scrubbing_scores import clean_scores

#: What takes as long as reading one event.
_FRAME = 60
_PACK = 30_000
_EVENTS = 20_000
_PLAIN_HEAD = 1
"""The row of ``data_heads`` that is empty: the tail is the whole of ``processed_data``."""


class Found(Struct, frozen=True):
    """A person and what the database has of them."""

    person: Traces
    events: int
    sessions: int

    def describe(self) -> str:
        """One line for the operator to confirm."""
        handles = ", ".join(f"@{handle}" for handle in sorted(self.person.handles)) or "no handle"
        return (
            f"{handles} (id {self.person.user_id}): {self.events:,} events in {self.sessions:,} sessions, their "
            "scores, and every mention in other events and in stored frames"
        )


async def look_up(path: Path, user: str) -> Found:
    """Whoever is meant by an id, a handle or an ``@handle``; nothing is changed.

    Raises :class:`StoreError` when nobody or more than one person is meant.
    """
    database = await open_reader(path)
    try:
        return await find_person(database, user)
    finally:
        await database.close()


async def erase(path: Path, user: str, progress: Callable[[float], None] = lambda share: None) -> Found:
    """Erase whoever is meant, as :func:`look_up` reads it; ``progress`` hears which share of the work is done.

    Totals of sessions stay as they were counted: they name nobody. Everything happens in one transaction; then the file
    is written anew, so that it needs its own size once more on the disk. Cancelled before the transaction ends, it
    leaves everything as it was; later, it finishes all the same. Raises :class:`StoreError` when nobody or more than
    one person is meant, and while another TUI Live records.
    """
    if not path.exists():
        raise StoreError(f"There is no database at {path}", "name another with --db")
    lock = WriterLock(path)
    lock.acquire()
    try:
        database = await open_writer(path)
        try:
            found = await find_person(database, user)
            await _erase(database, found.person, progress)
        finally:
            await database.close()
    except sqlite3.Error as error:
        raise StoreError(f"The database {path} cannot be written: {error}", "nothing was erased") from error
    finally:
        lock.release()
    return found


async def find_person(database: aiosqlite.Connection, user: str) -> Found:
    """Who is meant. Raises :class:`StoreError` when nobody is, or when a handle was used by several people."""
    handle = user.removeprefix("@").lower()
    query = "SELECT DISTINCT user_id FROM user_names WHERE user_id = ?1 OR username = ?2"
    async with database.execute(query, (user, handle)) as cursor:
        ids = [row[0] for row in await cursor.fetchall()]
    if user in ids:
        ids = [user]
    if not ids:
        raise StoreError(f"Nobody in this database is {user!r}", "name a handle or a numeric user id")
    if len(ids) > 1:
        raise StoreError(f"{user!r} was used by {len(ids)} people: {', '.join(sorted(ids))}", "name the id")
    query = "SELECT username, display_name FROM user_names WHERE user_id = ?1 UNION SELECT username, display_name"
    async with database.execute(f"{query} FROM users WHERE user_id = ?1", (ids[0],)) as cursor:
        names = list(await cursor.fetchall())
    counts = (
        "SELECT count(*), count(DISTINCT session) FROM event_rows"
        " WHERE name IN (SELECT number FROM user_names WHERE user_id = ?)"
    )
    async with database.execute(counts, (ids[0],)) as cursor:
        row = await cursor.fetchone()
    person = Traces(ids[0], {name[0] for name in names}, {name[1] for name in names})
    return Found(person, row[0] if row else 0, row[1] if row else 0)


async def _erase(database: aiosqlite.Connection, person: Traces, progress: Callable[[float], None]) -> None:
    await database.execute("PRAGMA secure_delete = ON")
    try:
        await database.execute("BEGIN IMMEDIATE")
        work = await _Work.measure(database, progress)
        work.done(0)
        authored = await _remove_events(database, person)
        async for events in _clean_events(database, person):
            work.done(events)
        async for frames in clean_frames(database, person, authored):
            work.done(frames * _FRAME)
        async for packs in clean_packs(database, person, authored):
            work.done(packs * _PACK)
        await _clean_sessions(database, person)
        await clean_scores(database, person)
        await database.execute("DELETE FROM users WHERE user_id = ?", (person.user_id,))
        await database.execute("DELETE FROM user_names WHERE user_id = ?", (person.user_id,))
        await database.execute("INSERT INTO search (search) VALUES ('optimize')")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            await database.execute("ROLLBACK")
        raise
    ending = asyncio.ensure_future(_commit(database))
    try:
        await asyncio.shield(ending)
    except asyncio.CancelledError:
        await ending


async def _commit(database: aiosqlite.Connection) -> None:
    """End the transaction, and write the file anew. From here on nothing can be taken back."""
    await database.execute("COMMIT")
    try:
        await database.execute("VACUUM")
    except sqlite3.Error as error:
        said = f"They are erased and overwritten, but the file could not be written anew: {error}"
        raise StoreError(said, "free some space; the file stays larger than it must be") from error
    finally:
        await database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class _Work:
    """How much there is to read, in what reading one event takes."""

    def __init__(self, total: int, progress: Callable[[float], None]) -> None:
        self._left = self._total = max(1, total)
        self._progress = progress

    @classmethod
    async def measure(cls, database: aiosqlite.Connection, progress: Callable[[float], None]) -> _Work:
        """Count what the database holds."""
        query = (
            "SELECT (SELECT coalesce(max(id), 0) FROM event_rows) + (SELECT count(*) FROM frames) * ?"
            " + (SELECT count(*) FROM frame_packs) * ?"
        )
        async with database.execute(query, (_FRAME, _PACK)) as cursor:
            row = await cursor.fetchone()
        return cls(row[0] if row else 0, progress)

    def done(self, work: int) -> None:
        """So much more was read."""
        self._left -= work
        self._progress(min(1.0, 1 - self._left / self._total))


async def _remove_events(database: aiosqlite.Connection, person: Traces) -> dict[int, set[int]]:
    """Remove the person's own events; returns their places by frame."""
    query = (
        "SELECT e.id, t.name, e.message, e.frame_id, e.place FROM event_rows e JOIN event_types t ON t.number = e.type"
        " WHERE e.name IN (SELECT number FROM user_names WHERE user_id = ?)"
    )
    async with database.execute(query, (person.user_id,)) as cursor:
        rows = list(await cursor.fetchall())
    places: defaultdict[int, set[int]] = defaultdict(set)
    for _, _, _, frame_id, place in rows:
        if frame_id is not None:
            places[frame_id].add(place)
    await _forget_words(database, [(row[0], row[2]) for row in rows if row[1] in WORDED_TYPES and row[2]])
    await database.executemany("DELETE FROM event_rows WHERE id = ?", [(row[0],) for row in rows])
    return dict(places)


async def _forget_words(database: aiosqlite.Connection, texts: list[tuple[int, str]]) -> None:
    await database.executemany(
        "INSERT INTO search (search, rowid, words) VALUES ('delete', ?, ?)",
        [(event_id, index_words(text)) for event_id, text in texts],
    )


async def _clean_events(database: aiosqlite.Connection, person: Traces) -> AsyncIterator[int]:
    """Take the person out of the texts and the data of other people's events; yields how many ids were looked at."""
    names = sorted({person.user_id, *person.handles, *person.nicknames}, key=len)
    await database.create_function("names_them", 1, _finder(names), deterministic=True)
    async with database.execute("SELECT coalesce(max(id), 0) FROM event_rows") as cursor:
        row = await cursor.fetchone()
    last = row[0] if row else 0
    for start in range(0, last + 1, _EVENTS):
        await _clean_some_events(database, person, start)
        yield _EVENTS
    unused = "NOT EXISTS (SELECT 1 FROM event_rows e WHERE e.head = data_heads.number)"
    async with database.execute("SELECT number FROM data_heads WHERE names_them(head)") as cursor:
        heads = [row[0] for row in await cursor.fetchall()]
    for number in heads:
        await database.execute(f"DELETE FROM data_heads WHERE number = ? AND {unused}", (number,))  # noqa: S608


async def _clean_some_events(database: aiosqlite.Connection, person: Traces, start: int) -> None:
    query = (
        "SELECT e.id, t.name, e.message, v.processed_data FROM event_rows e JOIN events v ON v.id = e.id"
        " JOIN event_types t ON t.number = e.type JOIN data_heads h ON h.number = e.head"
        " WHERE e.id >= ?1 AND e.id < ?1 + ?2"
        " AND (names_them(e.message) OR names_them(e.tail) OR names_them(h.head))"
    )
    async with database.execute(query, (start, _EVENTS)) as cursor:
        rows = list(await cursor.fetchall())
    for event_id, kind, message, processed in rows:
        cleaned = person.clean(message) if message else message
        before = msgspec.json.decode(processed)
        data = person.clean_data(before)
        if cleaned == message and data == before:
            continue
        if cleaned != message and kind in WORDED_TYPES:
            await _forget_words(database, [(event_id, message)])
            insert = "INSERT INTO search (rowid, words) VALUES (?, ?)"
            await database.execute(insert, (event_id, index_words(cleaned)))
        update = "UPDATE event_rows SET message = ?, head = ?, tail = ? WHERE id = ?"
        await database.execute(update, (cleaned, _PLAIN_HEAD, msgspec.json.encode(data).decode(), event_id))


def _finder(names: list[str]) -> Callable[[str | None], bool]:
    lowered = [name.lower() for name in names]

    def find(text: str | None) -> bool:
        if not text:
            return False
        low = text.lower()
        return any(name in low for name in lowered)

    return find


async def _clean_sessions(database: aiosqlite.Connection, person: Traces) -> None:
    """When the person is a streamer, their sessions stay, without their name."""
    async with database.execute("SELECT id, streamer_username, streamer_info FROM sessions") as cursor:
        rows = list(await cursor.fetchall())
    for key, streamer, info in rows:
        name = ERASED if streamer in person.handles else streamer
        cleaned = msgspec.json.encode(person.clean_data(msgspec.json.decode(info))).decode()
        if name != streamer or cleaned != info:
            update = "UPDATE sessions SET streamer_username = ?, streamer_info = ? WHERE id = ?"
            await database.execute(update, (name, cleaned, key))
