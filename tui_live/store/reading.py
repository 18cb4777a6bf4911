"""A read-only connection to the database, also where nothing can be written beside it.

SQLite needs a log and an index beside the file (``-wal``, ``-shm``) even to read it, and makes them. On a read-only
disk, or in another user's folder, it cannot; there, a file that nobody has open is read as it lies.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import Any

from tui_live.errors import StoreError

#: What SQLite says where it cannot make what it needs beside the file.
_SURROUNDINGS = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)


def connect(path: Path) -> sqlite3.Connection:
    """A read-only connection that may go to another thread. Raises :class:`sqlite3.Error` and :class:`StoreError`."""
    try:
        return _opened(path, "mode=ro", sqlite3.Connection)
    except sqlite3.OperationalError as error:
        # The lower byte is the kind of error; what is above it tells more exactly.
        if error.sqlite_errorcode & 0xFF not in _SURROUNDINGS:
            raise
    _refuse_open(path)
    return _opened(path, "mode=ro&immutable=1", _AtRest)


def _opened(path: Path, how: str, factory: type[sqlite3.Connection]) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?{how}"
    database = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False, factory=factory)
    try:
        if isinstance(database, _AtRest):
            database.watch(path)
        database.execute("PRAGMA busy_timeout = 5000")
        database.execute("SELECT 1 FROM sqlite_master").fetchone()  # only this opens what is beside the file
    except BaseException:
        database.close()
        raise
    return database


def _refuse_open(path: Path) -> None:
    """Raise :class:`StoreError` where the file is not all there is, or somebody may have it open.

    Whoever has it open has both files beside it, and takes both away in the end.
    """
    file = _itself(path)
    log, index = _beside(file, "-wal"), _beside(file, "-shm")
    if _size(log):
        raise StoreError(
            f"What was recorded last is in {log}, and nothing can be written beside it",
            f"copy {file.name} and {log.name} to a folder of yours, and name the copy with --db",
        )
    if log.exists() and index.exists():
        raise StoreError(
            f"Another program may write into {file}, and its folder cannot be written",
            "end that program, or copy the database to a folder of yours, and name the copy with --db",
        )


class _AtRest(sqlite3.Connection):
    """Reads a file without asking who else does.

    Its owner may begin to write at any time: what was read counts only while the file is as it was at the beginning.
    """

    def watch(self, path: Path) -> None:
        """Keep in mind how the file is now."""
        self._path = _itself(path)
        self._was = _state(self._path)

    def check(self) -> None:
        """Raise :class:`StoreError` when somebody has begun to write."""
        # Nobody writes into the file before there is something in the log.
        if _state(self._path) != self._was or _size(_beside(self._path, "-wal")):
            raise StoreError(f"Somebody has begun to write into {self._path}", "try again, or read a copy of it")

    def cursor(self, *_: Any) -> Any:
        """A cursor that checks whatever it has read."""
        return super().cursor(_Checked)

    def execute(self, *words: Any) -> Any:
        """On such a cursor: sqlite3 makes one of its own otherwise."""
        return self.cursor().execute(*words)


class _Checked(sqlite3.Cursor):
    """Gives what was read only when nobody has written meanwhile."""

    connection: _AtRest

    def fetchone(self) -> Any:
        found = super().fetchone()
        self.connection.check()
        return found

    def fetchmany(self, size: int | None = None) -> list[Any]:
        found = super().fetchmany(self.arraysize if size is None else size)
        self.connection.check()
        return found

    def fetchall(self) -> list[Any]:
        found = super().fetchall()
        self.connection.check()
        return found

    def __next__(self) -> Any:
        try:
            return super().__next__()
        finally:
            self.connection.check()  # at the end, too


def _itself(path: Path) -> Path:
    """SQLite keeps what is beside the file beside what a link leads to."""
    return Path(os.path.realpath(path))


def _beside(file: Path, suffix: str) -> Path:
    return file.with_name(file.name + suffix)


def _state(file: Path) -> tuple[int, ...]:
    found = file.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def _size(file: Path) -> int:
    with contextlib.suppress(FileNotFoundError):
        return file.stat().st_size
    return 0
