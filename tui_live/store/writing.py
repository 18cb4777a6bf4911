"""Transactions on the one connection that writes, one after another.

Whoever waits for a write may be cancelled: the write itself goes on. A database that refuses is tried again, until the
program closes and the time for that is over.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import aiosqlite

from tui_live.errors import StoreError
from tui_live.store.database import remedy_of

log = logging.getLogger(__name__)
T = TypeVar("T")

#: An error of the disk is tried again after so long …
_RETRY_SECONDS = 1.0
#: … and on closing, a disk that still refuses is given up after so long.
_CLOSE_SECONDS = 10.0


class Writer:
    """Owns the write connection. ``trouble`` says, in a line for the operator, what keeps it from writing; else empty.

    ``turn`` is held by whoever writes.
    """

    def __init__(self, database: aiosqlite.Connection) -> None:
        self.database = database
        self.turn = asyncio.Lock()
        self.trouble = ""
        self._under_way: set[asyncio.Future[Any]] = set()
        self._close_by = math.inf

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[aiosqlite.Connection]:
        """A transaction, for who has the ``turn``. Raises what SQLite raises."""
        # BEGIN stands within: cancelled, it still runs in the database's thread, and must be rolled back.
        try:
            await self.database.execute("BEGIN IMMEDIATE")
            yield self.database
            await self.database.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                await self.database.execute("ROLLBACK")
            raise

    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncIterator[aiosqlite.Connection]:
        """A transaction in its turn. Raises :class:`StoreError` when the database refuses."""
        async with self.turn:
            try:
                async with self.transaction() as database:
                    yield database
            except sqlite3.Error as error:
                remedy = remedy_of(error, "check its folder's space")
                raise StoreError(f"The database cannot be written: {error}", remedy) from error

    async def persist(self, work: Callable[[aiosqlite.Connection], Awaitable[T]]) -> T:
        """Do ``work`` in a transaction in its turn, whatever happens to the waiter.

        A database that refuses is tried again. Raises :class:`StoreError` when it is given up.
        """
        return await self.whole(self._persist(work))

    async def _persist(self, work: Callable[[aiosqlite.Connection], Awaitable[T]]) -> T:
        while True:
            try:
                async with self.writing() as database:
                    return await work(database)
            except StoreError as error:
                self.trouble = str(error)
                if self.gives_up:
                    raise
                log.exception("a session could not be written")
                await self.pause()

    async def whole(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for ``work``; when the waiter is cancelled it goes on to its end all the same."""
        task = asyncio.ensure_future(work)
        self._under_way.add(task)
        task.add_done_callback(self._done)
        return await asyncio.shield(task)

    def _done(self, task: asyncio.Future[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.info("a write ended with %r", task.exception())

    async def finished(self) -> None:
        """Return when everything that was begun with :meth:`whole` is over."""
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def pause(self) -> None:
        """Give the disk some time before it is tried again."""
        await asyncio.sleep(_RETRY_SECONDS)

    def begin_to_close(self) -> None:
        """From now on a disk that refuses is waited for some seconds only."""
        if not self.closing:
            self._close_by = time.monotonic() + _CLOSE_SECONDS

    @property
    def closing(self) -> bool:
        """Whether :meth:`begin_to_close` was called."""
        return self._close_by < math.inf

    @property
    def gives_up(self) -> bool:
        """Whether a disk that refuses now is not waited for any more."""
        return time.monotonic() >= self._close_by
