"""Opening the database file: one process writes, anybody may read."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import re
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import aiosqlite

from tui_live import paths
from tui_live.core.words import index_words, is_cut, whole_index_words
from tui_live.errors import StoreError
from tui_live.store import reading
from tui_live.store.migrations import STEPS

# Windows has no flock: there, nothing keeps a second writer out.
if sys.platform != "win32":
    import fcntl

#: Generated columns need 3.31, the rest less; 3.40 is what is tested (SPEC §11).
_OLDEST_SQLITE = (3, 40, 0)
_PRAGMAS = """
PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA busy_timeout = 5000;
PRAGMA temp_store = MEMORY;
PRAGMA cache_size = -16000;
PRAGMA wal_autocheckpoint = 4000;
PRAGMA journal_size_limit = 67108864;
"""


#: What a lock file may say; nothing else of it reaches a terminal.
_NOTE = re.compile(r"pid \d{1,10}, [a-z ]{1,60}")


class WriterLock:
    """Held by the one process that records into a database. The file beside it names its process id.

    What counts is the file itself, whatever symbolic link led to it. A database with several hard links has a second
    lock, in the state folder and named after its inode. (Locking the database itself would let go of SQLite's locks.)
    """

    def __init__(self, database: Path) -> None:
        self._database = Path(os.path.realpath(database))
        self._path = self._database.with_name(self._database.name + ".lock")
        self._files: list[int] = []

    def acquire(self) -> None:
        """Raise :class:`StoreError` when another process records into this database."""
        if sys.platform == "win32":
            return
        with explained(self._path):
            self._lock(self._path)
            try:
                if self._database.exists() and (found := self._database.stat()).st_nlink > 1:
                    name = f"database-{found.st_dev:x}-{found.st_ino:x}.lock"
                    self._lock(paths.private(paths.state_dir()) / name)
            except BaseException:
                self.release()
                raise
        self.describe("running")

    def _lock(self, path: Path) -> None:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0), 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            note = _NOTE.match(os.read(file, 200).decode("utf-8", "replace"))
            os.close(file)
            who = note[0] if note else "unknown process"
            raise StoreError(
                f"Another TUI Live ({who}) records into {self._database}",
                "stop it first (kill PID), or use another --db",
            ) from None
        self._files.append(file)

    def describe(self, what: str) -> None:
        """Leave a note for whoever finds the lock taken: the process id and how it runs."""
        for file in self._files:
            os.ftruncate(file, 0)
            os.pwrite(file, f"pid {os.getpid()}, {what}\n".encode(), 0)

    def release(self) -> None:
        """Let the next process record."""
        for file in self._files:
            os.ftruncate(file, 0)
            os.close(file)
        self._files.clear()


async def open_writer(path: Path) -> aiosqlite.Connection:
    """The write connection, with the schema up to date. Raises :class:`StoreError` with what to do."""
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise StoreError(f"SQLite {sqlite3.sqlite_version} is too old", "3.40 or later is needed: update Python")
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            path.touch(mode=0o600)
        database = await _driven(sqlite3.connect, path, isolation_level=None, check_same_thread=False)
        try:
            await database.executescript(_PRAGMAS)
            await _migrate(database, path)
        except BaseException:
            await database.close()
            raise
    return database


async def open_reader(path: Path) -> aiosqlite.Connection:
    """A read-only connection, as :func:`tui_live.store.reading.connect` makes it.

    A database of an earlier version is brought up to date first, unless another TUI Live records into it. Raises
    :class:`StoreError` when there is no database yet, and for what cannot be read here.
    """
    with explained(path):
        if not path.exists():
            raise StoreError(f"There is no database at {path}", "record a stream first, or name another with --db")
        database = await _driven(reading.connect, path)
        try:
            version = await _user_version(database)
            await _refuse_foreign(database, path, version)
        except BaseException:
            await database.close()
            raise
    if version == len(STEPS):
        return database
    await database.close()
    if version > len(STEPS):
        raise _too_new(path)
    if not os.access(os.path.realpath(path.parent), os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        raise StoreError(
            f"The database {path} was written by an earlier TUI Live, and cannot be brought up to date where it is",
            "copy it to a folder of yours, and name the copy with --db",
        )
    await _bring_up_to_date(path)
    return await open_reader(path)


async def _driven(connect: Callable[..., sqlite3.Connection], *words: object, **more: object) -> aiosqlite.Connection:
    """What ``connect`` opens, for this loop.

    aiosqlite's thread tells the loop how it ends, which may be closed by then when an opening fails or is cancelled. So
    there is no such thread before the file is open, and a cancelled opening is waited for and taken back.
    """
    driving = asyncio.ensure_future(_drive(functools.partial(connect, *words, **more)))
    try:
        return await asyncio.shield(driving)
    except asyncio.CancelledError:
        await asyncio.wait({driving})
        if driving.exception() is None:
            await driving.result().close()
        raise


async def _drive(connect: Callable[[], sqlite3.Connection]) -> aiosqlite.Connection:
    opened = await asyncio.to_thread(connect)
    return await aiosqlite.Connection(lambda: opened, iter_chunk_size=64)


async def _bring_up_to_date(path: Path) -> None:
    lock = WriterLock(path)
    lock.acquire()
    try:
        writer = await open_writer(path)
        await writer.close()
    finally:
        lock.release()


async def _migrate(database: aiosqlite.Connection, path: Path) -> None:
    version = await _user_version(database)
    if version > len(STEPS):
        raise _too_new(path)
    await _refuse_foreign(database, path, version)
    if version < len(STEPS):
        await database.create_function("index_words", 1, whole_index_words, deterministic=True)
        await database.create_function("index_beginning", 1, index_words, deterministic=True)
        await database.create_function("is_cut", 1, is_cut, deterministic=True)
    for number, step in enumerate(STEPS[version:], start=version + 1):
        await database.executescript(f"BEGIN IMMEDIATE;\n{step}\nPRAGMA user_version = {number};\nCOMMIT;")


async def _refuse_foreign(database: aiosqlite.Connection, path: Path, version: int) -> None:
    """Somebody else's database is left as it is."""
    async with database.execute("SELECT name FROM sqlite_master WHERE type = 'table'") as cursor:
        tables = {row[0] for row in await cursor.fetchall()}
    if tables and (version == 0 or not {"sessions", "frames", "users"} <= tables):
        raise StoreError(f"{path} is another program's database", "name another with --db")


async def _user_version(database: aiosqlite.Connection) -> int:
    async with database.execute("PRAGMA user_version") as cursor:
        row = await cursor.fetchone()
    return int(row[0]) if row else 0


def _too_new(path: Path) -> StoreError:
    return StoreError(f"The database {path} was written by a newer TUI Live", "update TUI Live, or use another --db")


def remedy_of(error: sqlite3.Error, otherwise: str) -> str:
    """What to do about it; ``otherwise`` where it is not that another program holds the database."""
    return "another program writes into it; end it or try again" if "locked" in str(error) else otherwise


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite and the file system say into a line with a remedy."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if "not a database" in str(error) or "malformed" in str(error):
            raise StoreError(f"{path} is no intact SQLite database", "move it away, or name another --db") from error
        remedy = remedy_of(error, "check its folder's rights and space")
        raise StoreError(f"The database {path} cannot be used: {error}", remedy) from error
    except OSError as error:
        said = error.strerror or str(error)
        raise StoreError(
            f"The database {path} cannot be opened: {said}", "check its folder's rights and space"
        ) from error
