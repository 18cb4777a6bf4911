"""Two threads that read the database: one looks things up, the other one counts, and neither waits for the other."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from tui_live.errors import StoreError
from tui_live.store import reading
from tui_live.store.database import explained, open_reader

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]


class ReadingThreads:
    """Work on the database at ``path``, each kind in its turn. Nothing is opened before there is some. Close it.

    ``closed``: nothing more is taken.
    """

    def __init__(self, path: Path) -> None:
        self.closed = False
        self._path = path
        self._looking = _Thread(path, "looking")
        self._counting = _Thread(path, "counting")
        self._opening = asyncio.Lock()
        self._up_to_date = False

    async def look(self, work: Work[T]) -> T:
        """Do what takes milliseconds. Raises :class:`StoreError` where SQLite refuses, and what ``work`` raises."""
        return await self._do(self._looking, work)

    async def count(self, work: Work[T]) -> T:
        """Do a piece of what takes long; raises as :meth:`look`."""
        return await self._do(self._counting, work)

    def let_go(self, free: Callable[[], None]) -> None:
        """Free what takes long to be freed, in the thread that counts."""
        if not self.closed:
            self._counting.executor.submit(free)

    async def close(self) -> None:
        """Take no more, wait for what is under way, and close what was opened."""
        self.closed = True
        async with self._opening:
            for thread in (self._looking, self._counting):
                await asyncio.get_running_loop().run_in_executor(thread.executor, thread.shut)
                thread.executor.shutdown(wait=False)

    async def _do(self, thread: _Thread, work: Work[T]) -> T:
        if self.closed:
            raise StoreError("TUI Live is ending", "ask again when it runs")
        if not self._up_to_date:
            async with self._opening:
                if not self._up_to_date:
                    await (await open_reader(self._path)).close()
                    self._up_to_date = True
            if self.closed:
                raise StoreError("TUI Live is ending", "ask again when it runs")
        with explained(self._path):
            return await asyncio.get_running_loop().run_in_executor(thread.executor, lambda: work(thread.database()))


class _Thread:
    def __init__(self, path: Path, name: str) -> None:
        self.executor = ThreadPoolExecutor(1, name)
        self._path = path
        self._database: sqlite3.Connection | None = None

    def database(self) -> sqlite3.Connection:
        if self._database is None:
            self._database = reading.connect(self._path)
            self._database.execute("PRAGMA cache_size = -16000")
        return self._database

    def shut(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None
