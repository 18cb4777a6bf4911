"""``tui-live erase``: a person leaves the database, and nothing of them stays in the file.

First everything is taken out in one transaction; from its end on, they are erased. Then the file is written anew,
because what was deleted or changed long ago may still lie in its free space. When that cannot be done (the disk is
full, or somebody reads the database), the database keeps in mind that it is still to do, and the next erase does it.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import aiosqlite
from msgspec import structs

from tui_live.core.traces import Traces
from tui_live.errors import StoreError
from tui_live.store.analyses import clean_analyses
from tui_live.store.database import WriterLock, open_reader, open_writer
from tui_live.store.finding import Found, NobodyFound, find_person, own_sessions
from tui_live.store.rows import WORDED_TYPES
from tui_live.store.scrubbing import Marks, clean_frames, clean_packs
from tui_live.store.scrubbing_clips import ClipFiles, clean_clips
from tui_live.store.scrubbing_scores import clean_scores
from tui_live.store.trends_erase import clean_trends
from tui_live.store.unnaming import clean_events, clean_people, clean_sessions, forget_words

#: What takes as long as reading one event.
_FRAME = 60
_PACK = 30_000
_AT_ONCE = 2_000
#: What a streamer says, in events that name nobody.
_SAID_BY_HOST = ("caption", "intro")
#: ``PRAGMA application_id`` of a database that an erase must still write anew; otherwise it is 0.
_UNFINISHED = 0x65726173
_FINISH = "run tui-live erase again: it finishes that, whoever is named"

__all__ = ["Found", "erase", "is_unfinished", "look_up"]


async def look_up(path: Path, user: str) -> Found | None:
    """Whoever is meant by an id, a handle or an ``@handle``; nothing is changed.

    ``None`` when that is nobody, while an earlier erase is not finished. Raises :class:`StoreError` when nobody or more
    than one person is meant.
    """
    database = await open_reader(path)
    try:
        return await _find(database, user)
    finally:
        await database.close()


async def is_unfinished(path: Path) -> bool:
    """Whether somebody was erased, but the file is still to be written anew."""
    database = await open_reader(path)
    try:
        return await _is_marked(database)
    finally:
        await database.close()


async def erase(
    path: Path,
    user: str,
    progress: Callable[[float], None] = lambda share: None,
    erased: Callable[[], None] = lambda: None,
    files: ClipFiles | None = None,
) -> Found | None:
    """Erase whoever is meant, as :func:`look_up` reads it; ``None`` when that is nobody and an earlier erase was
    finished.

    ``progress`` hears which share of the transaction is done; ``erased`` is called once it is, before the file is
    written anew, for which its size is needed twice more on the disk. ``files`` renames clips that bear their name.
    Totals of sessions stay as they were counted: they name nobody. Cancelled before the transaction ends, it leaves
    everything as it was; later, it finishes all the same. Raises :class:`StoreError` when nobody or more than one
    person is meant, while another TUI Live records, and when the disk refuses or somebody reads the database; it says
    whether the person is erased.
    """
    if not path.exists():
        raise StoreError(f"There is no database at {path}", "name another with --db")
    lock = WriterLock(path)
    lock.acquire()
    try:
        database = await open_writer(path)
        try:
            async with _temporary_files_beside(database, path):
                try:
                    found = await _take_out(database, path, user, progress, files)
                except BaseException:
                    if files is not None:
                        files.restore()
                    raise
                if found is not None:
                    erased()
                await _to_the_end(_write_anew(database))
        finally:
            await database.close()
    finally:
        lock.release()
    return found


async def _take_out(
    database: aiosqlite.Connection,
    path: Path,
    user: str,
    progress: Callable[[float], None],
    files: ClipFiles | None,
) -> Found | None:
    """The transaction: all of the person goes, or nothing."""
    try:
        found = await _find(database, user)
        if found is None:
            return None
        await database.execute("PRAGMA secure_delete = ON")
        try:
            await database.execute("BEGIN IMMEDIATE")
            marks = await _clean(database, found.person, progress)
            # Last, because it is the one thing that a rollback does not take back.
            await clean_clips(database, found.person, files)
            await database.execute(f"PRAGMA application_id = {_UNFINISHED}")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):  # a full disk has rolled back already
                await database.execute("ROLLBACK")
            raise
        await _to_the_end(_commit(database))
    except sqlite3.Error as error:
        raise StoreError(f"The database {path} cannot be written: {error}", "nothing was erased") from error
    return structs.replace(found, packs=marks.packs, originals=marks.events)


async def _commit(database: aiosqlite.Connection) -> None:
    await database.execute("COMMIT")


async def _clean(database: aiosqlite.Connection, person: Traces, progress: Callable[[float], None]) -> Marks:
    work = await _Work.measure(database, progress)
    work.done(0)
    own = await own_sessions(database, person)
    theirs = {*own, *await _sessions_with(database, person)}
    marks = Marks()
    await _remove_events(database, person, own, marks)
    async for frames in clean_frames(database, person, marks):
        work.done(frames * _FRAME)
    async for packs in clean_packs(database, person, marks):
        work.done(packs * _PACK)
    async for events in clean_events(database, person, marks):
        work.done(events)
    await clean_people(database, person)
    await clean_sessions(database, person, own)
    await clean_analyses(database, theirs)
    await clean_trends(database, person)
    if person.user_id:
        await clean_scores(database, person)
    await database.execute("DELETE FROM users WHERE user_id = ?", (person.user_id,))
    await database.execute("DELETE FROM user_names WHERE user_id = ?", (person.user_id,))
    await database.execute("INSERT INTO search (search) VALUES ('optimize')")
    return marks


async def _sessions_with(database: aiosqlite.Connection, person: Traces) -> list[int]:
    """The numbers of the sessions in which they did something."""
    query = (
        "SELECT session FROM event_rows WHERE name IN (SELECT number FROM user_names WHERE user_id = ?1)"
        " UNION SELECT session FROM score_rows WHERE user_id = ?1"
    )
    async with database.execute(query, (person.user_id,)) as cursor:
        return [row[0] for row in await cursor.fetchall()]


async def _write_anew(database: aiosqlite.Connection) -> None:
    """Write the file anew, all of it, and nothing into a log beside it. Raises :class:`StoreError`."""
    try:
        await database.execute("VACUUM")
        if not await _empty_log(database):
            raise StoreError(
                "Erased, but another program reads the database: what it sees stays in the file",
                f"close what reads it, and {_FINISH}",
            )
        await database.execute("PRAGMA application_id = 0")
    except sqlite3.Error as error:
        with contextlib.suppress(sqlite3.Error):
            await _empty_log(database)
        raise StoreError(
            f"Erased, but the file could not be written anew: {error}", f"free some space, and {_FINISH}"
        ) from error
    await _empty_log(database)


async def _empty_log(database: aiosqlite.Connection) -> bool:
    """Whether all that the write-ahead log holds went into the file, and the log is empty: readers prevent it."""
    async with database.execute("PRAGMA wal_checkpoint(TRUNCATE)") as cursor:
        row = await cursor.fetchone()
    return row is not None and row[0] == 0


async def _to_the_end(work: Coroutine[Any, Any, object]) -> None:
    """Do what cannot be taken back, even when that is cancelled meanwhile."""
    doing = asyncio.ensure_future(work)
    while not doing.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.shield(doing)
    doing.result()


@contextlib.asynccontextmanager
async def _temporary_files_beside(database: aiosqlite.Connection, path: Path) -> AsyncIterator[None]:
    """Let SQLite put what is temporary into files, not into memory: writing a file anew needs its size.

    They are beside the database, where there is room for it and nobody else may read; SQLite makes them with mode 0600
    and removes their names at once. Where SQLite was built without that pragma, they are where the system has them.
    """
    folder = str(path.absolute().parent).replace("'", "''")
    await database.execute("PRAGMA temp_store = FILE")
    await database.execute(f"PRAGMA temp_store_directory = '{folder}'")
    try:
        yield
    finally:
        with contextlib.suppress(sqlite3.Error):
            await database.execute("PRAGMA temp_store_directory = ''")


async def _find(database: aiosqlite.Connection, user: str) -> Found | None:
    try:
        return await find_person(database, user)
    except NobodyFound:
        if await _is_marked(database):
            return None
        raise


async def _is_marked(database: aiosqlite.Connection) -> bool:
    async with database.execute("PRAGMA application_id") as cursor:
        row = await cursor.fetchone()
    return row is not None and row[0] == _UNFINISHED


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


async def _remove_events(database: aiosqlite.Connection, person: Traces, own: list[int], marks: Marks) -> None:
    """Remove the person's own events, and what they said as a streamer; where these stand in frames is marked."""
    columns = "SELECT e.id, t.name, e.message, e.frame_id, e.place, e.msg_id FROM event_rows e"
    types = f"JOIN event_types t ON t.number = e.type AND t.name IN ({', '.join('?' * len(_SAID_BY_HOST))})"
    by_name = (
        f"{columns} JOIN event_types t ON t.number = e.type"  # noqa: S608 - names of ours
        " WHERE e.name IN (SELECT number FROM user_names WHERE user_id = ?) LIMIT ?"
    )
    await _remove(database, by_name, (person.user_id,), marks)
    for session in own:
        await _remove(database, f"{columns} {types} WHERE e.session = ? LIMIT ?", (*_SAID_BY_HOST, session), marks)


async def _remove(database: aiosqlite.Connection, query: str, parameters: tuple[object, ...], marks: Marks) -> None:
    while True:
        async with database.execute(query, (*parameters, _AT_ONCE)) as cursor:
            rows = list(await cursor.fetchall())
        if not rows:
            return
        for _, _, _, frame_id, place, msg_id in rows:
            if frame_id is not None:
                marks.authored.add(frame_id, place)
                if msg_id:
                    marks.message_ids.add(msg_id)
        await forget_words(database, [(row[0], row[2]) for row in rows if row[1] in WORDED_TYPES and row[2]])
        await database.executemany("DELETE FROM event_rows WHERE id = ?", [(row[0],) for row in rows])
