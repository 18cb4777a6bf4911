"""The one writer: batches in, transactions out, nothing lost in silence.

``put`` only appends to a list; a task writes the list every quarter of a second, or sooner when it is long. When the
disk cannot follow, ``room`` makes the sockets wait: TikTok's server keeps what we do not read yet.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from typing import Any, TypeVar

import aiosqlite
from msgspec import Struct, structs

from tui_live.core.events import Batch, Event, OtherData, Person
from tui_live.core.totals import Totals
from tui_live.core.words import index_words
from tui_live.errors import StoreError
from tui_live.store import packing
from tui_live.store.numbers import NameKey, Numbers, name_key
from tui_live.store.people import KnownPeople
from tui_live.store.rows import (
    INSERT_EVENT,
    INSERT_FRAME,
    INSERT_WORDS,
    UPSERT_USER,
    WORDED_TYPES,
    EventRow,
    iso,
    totals_columns,
    user_row,
)

log = logging.getLogger(__name__)
T = TypeVar("T")

FLUSH_SECONDS = 0.25
FLUSH_EVENTS = 2_000
#: Sockets wait from here on …
HIGH_WATER = 20_000
#: … and an error of the disk is tried again after so long.
_RETRY_SECONDS = 1.0
#: On closing, a disk that still refuses is given up after so long.
_CLOSE_SECONDS = 10.0


class _Item(Struct, frozen=True, gc=False):
    """A batch with the ids that its rows get."""

    session_id: str
    batch: Batch
    first_event_id: int
    frame_id: int | None


class Recorder:
    """Writes batches of any number of sessions through one connection.

    Event and frame ids follow the order of ``put`` and are never used again. Whoever waits for a write may be
    cancelled: the write itself goes on (:meth:`whole`).
    """

    def __init__(self, database: aiosqlite.Connection, keep_raw: bool) -> None:
        self._database = database
        self._keep_raw = keep_raw
        self._lock = asyncio.Lock()
        self._waiting: list[tuple[str, Batch]] = []
        self._unpacked: dict[str, int] = {}
        self._packing = asyncio.Lock()
        self._totals: dict[str, Totals] = {}
        self._people = KnownPeople()
        self._numbers = Numbers()
        self._next_event = self._next_frame = 1
        self._wake = asyncio.Event()
        self._roomy = asyncio.Event()
        self._roomy.set()
        self._under_way: set[asyncio.Future[Any]] = set()
        self._close_by = math.inf
        self.backlog = 0
        self.dropped = 0
        self.trouble = ""
        self.database_bytes = 0
        self._measured = 0.0

    async def open(self) -> None:
        """Learn where the ids stand."""
        await self._learn_ids()
        await self._numbers.open(self._database)
        await self._measure()

    async def _learn_ids(self) -> None:
        self._next_event = await self._next_id("event_rows")
        self._next_frame = await self._next_id("frames")

    async def _next_id(self, table: str) -> int:
        async with self._database.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)) as cursor:
            row = await cursor.fetchone()
        return int(row[0]) + 1 if row else 1

    def put(self, session_id: str, batch: Batch, totals: Totals) -> None:
        """Queue a batch; ``totals`` is the session's running sum, written along with it."""
        self._waiting.append((session_id, batch))
        self._totals[session_id] = totals
        self.backlog += len(batch.events)
        if self.backlog >= FLUSH_EVENTS:
            self._wake.set()
        if self.backlog >= HIGH_WATER:
            self._roomy.clear()

    @property
    def waiting(self) -> bool:
        """Whether sockets are being made to wait."""
        return not self._roomy.is_set()

    @property
    def keeps_raw(self) -> bool:
        """Whether frames are kept, and so whether these sessions can be replayed."""
        return self._keep_raw

    async def room(self) -> None:
        """Return when the queue has room: back-pressure for who reads the sockets."""
        if not self._roomy.is_set():
            await self._roomy.wait()

    @property
    def _closing(self) -> bool:
        return self._close_by < math.inf

    async def run(self) -> None:
        """Write until :meth:`close`; run it as a task."""
        while not self._closing or self._waiting:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), FLUSH_SECONDS)
            self._wake.clear()
            with contextlib.suppress(StoreError):  # counted as dropped; close() tells
                await self.flush()
            for key in [key for key, size in self._unpacked.items() if size >= packing.ENOUGH]:
                await self.pack(key)

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

    async def flush(self) -> None:
        """Write everything that waits now; on an error of the disk, try again until it works or ``close`` gives up.

        Raises :class:`StoreError` when it gave up.
        """
        await self.whole(self._flush())

    async def _flush(self) -> None:
        async with self._lock:
            waiting, self._waiting = self._waiting, []
            totals, self._totals = {key: totals_columns(sums) for key, sums in self._totals.items()}, {}
            if not waiting and not totals:
                return
            count = sum(len(batch.events) for _, batch in waiting)
            try:
                await self._write_somehow(self._numbered(waiting), totals, count)
            finally:
                self.backlog -= count
                if self.backlog < HIGH_WATER // 2:
                    self._roomy.set()
            if self._keep_raw:
                for session_id, batch in waiting:
                    self._unpacked[session_id] = self._unpacked.get(session_id, 0) + len(batch.payload)

    def _numbered(self, waiting: list[tuple[str, Batch]]) -> list[_Item]:
        items = []
        for session_id, batch in waiting:
            items.append(_Item(session_id, batch, self._next_event, self._next_frame if self._keep_raw else None))
            self._next_event += len(batch.events)
            self._next_frame += 1
        return items

    async def _write_somehow(self, items: list[_Item], totals: dict[str, dict[str, int | str]], count: int) -> None:
        """Write until it has worked: a disk that refuses is waited for, a batch that cannot be written is kept raw."""
        people: list[tuple[Person, str]] | None = None
        while True:
            try:
                if people is None:
                    people = self._changed_people(items)
                await self._write(items, totals, people)
                await self._measure()
                self.trouble = ""
                return
            except sqlite3.IntegrityError:
                log.exception("ids are taken: another program has written into this database")
                await self._learn_ids()
                items = self._numbered([(item.session_id, item.batch) for item in items])
                await asyncio.sleep(_RETRY_SECONDS if self._give_up(count) else 0)
            except sqlite3.OperationalError as error:
                log.exception("writing %d events failed", count)
                self.trouble = f"the database cannot be written ({error}) — free some space; trying again"
                if self._give_up(count):
                    raise StoreError(f"{count} events could not be written: {error}", "free some space") from error
                await asyncio.sleep(_RETRY_SECONDS)
            except Exception:
                log.exception("a batch cannot be written")
                self.forget_people()
                people = None
                if len(items) > 1:
                    for item in items:
                        await self._write_somehow([item], {}, len(item.batch.events))
                    items, count = [], 0
                elif items and items[0].batch.events != (spoiled := _spoiled(items[0].batch)).events:
                    items = [structs.replace(items[0], batch=spoiled)]
                else:
                    raise

    def _give_up(self, count: int) -> bool:
        if time.monotonic() < self._close_by:
            return False
        self.dropped += count
        return True

    async def pack(self, session_id: str, *, last: bool = False) -> None:
        """Pack the session's written frames (:mod:`tui_live.store.packing`); a disk that refuses is only logged.

        ``last``: the session is over, so that all space which its frames took is given back.
        """
        async with self._packing:
            self._unpacked.pop(session_id, None)
            try:
                await packing.pack_session(self.writing, session_id)
                await packing.give_back(self.writing, 0 if last else packing.FEW_PAGES)
            except StoreError:
                log.exception("the frames of session %s could not be packed", session_id)

    def forget_people(self) -> None:
        """Write everybody again: rows of ``users`` or ``user_names`` were removed."""
        self._people = KnownPeople()
        self._numbers.forget_names()

    def _changed_people(self, items: list[_Item]) -> list[tuple[Person, str]]:
        """Who must be written again, in order, each with the time (ISO 8601 UTC) at which they looked like that."""
        changed = self._people.changed
        return [
            (user, iso(event.time_ms))
            for item in items
            for event in item.batch.events
            if (user := event.user) is not None and changed(user)
        ]

    async def _write(
        self, items: list[_Item], totals: dict[str, dict[str, int | str]], people: list[tuple[Person, str]]
    ) -> None:
        """One transaction. Rows are made while the database's thread asks for them."""
        words: list[tuple[int, str]] = []
        numbers = self._numbers
        try:
            async with self._transaction() as database:
                await numbers.prepare(database, {item.session_id for item in items}, _names(items))
                if self._keep_raw:
                    await database.executemany(INSERT_FRAME, _frame_rows(items))
                await database.executemany(INSERT_EVENT, _event_rows(items, words, numbers))
                await numbers.finish(database)
                if words:
                    await database.executemany(INSERT_WORDS, words)
                if people:
                    await database.executemany(UPSERT_USER, (user_row(user, seen) for user, seen in people))
                await self._write_totals(items, totals)
        except BaseException:
            numbers.rolled_back()
            raise
        numbers.committed()

    async def _measure(self) -> None:
        """How large the database is, at most once a second. (The write-ahead log beside it is of passing size.)"""
        now = time.monotonic()
        if now - self._measured >= 1:
            self._measured = now
            query = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            async with self._database.execute(query) as cursor:
                row = await cursor.fetchone()
            self.database_bytes = int(row[0]) if row else 0

    async def _write_totals(self, items: list[_Item], totals: dict[str, dict[str, int | str]]) -> None:
        spans: dict[str, tuple[int, int]] = {}
        received: dict[str, int] = {}
        for item in items:
            received[item.session_id] = item.batch.received_ms
            if item.batch.events:
                first = spans.get(item.session_id, (item.first_event_id, 0))[0]
                spans[item.session_id] = (first, item.first_event_id + len(item.batch.events) - 1)
        for session_id, columns in totals.items():
            sets = ", ".join(f"{column} = ?" for column in columns)
            values: list[int | str | None] = list(columns.values())
            if session_id in received:
                sets += ", last_received_ms = ?"
                values.append(received[session_id])
            if session_id in spans:
                sets += ", first_event_id = coalesce(first_event_id, ?), last_event_id = ?"
                values += spans[session_id]
            # Only column names of ours are formatted in.
            await self._database.execute(f"UPDATE sessions SET {sets} WHERE id = ?", (*values, session_id))  # noqa: S608

    @contextlib.asynccontextmanager
    async def _transaction(self) -> AsyncIterator[aiosqlite.Connection]:
        # BEGIN stands within: cancelled, it still runs in the database's thread, and must be rolled back.
        try:
            await self._database.execute("BEGIN IMMEDIATE")
            yield self._database
            await self._database.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                await self._database.execute("ROLLBACK")
            raise

    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncIterator[aiosqlite.Connection]:
        """A transaction of one's own on the write connection, between two flushes.

        Raises :class:`StoreError` when the database refuses.
        """
        async with self._lock:
            try:
                async with self._transaction() as database:
                    yield database
            except sqlite3.Error as error:
                raise StoreError(f"The database cannot be written: {error}", "check its folder's space") from error

    async def persist(self, work: Callable[[aiosqlite.Connection], Awaitable[T]]) -> T:
        """Do ``work`` in a transaction of its own, between two flushes, whatever happens to the waiter.

        A database that refuses is tried again. Raises :class:`StoreError` when ``close`` has given up.
        """
        return await self.whole(self._persist(work))

    async def _persist(self, work: Callable[[aiosqlite.Connection], Awaitable[T]]) -> T:
        while True:
            try:
                async with self.writing() as database:
                    return await work(database)
            except StoreError as error:
                self.trouble = str(error)
                if time.monotonic() >= self._close_by:
                    raise
                log.exception("a session could not be written")
                await asyncio.sleep(_RETRY_SECONDS)

    def begin_to_close(self) -> None:
        """From now on a disk that refuses is waited for some seconds only."""
        if not self._closing:
            self._close_by = time.monotonic() + _CLOSE_SECONDS

    async def close(self) -> None:
        """Write what waits. Raises :class:`StoreError` with the number of lost events if the disk still refuses."""
        self.begin_to_close()
        self._wake.set()
        with contextlib.suppress(StoreError):
            await self.flush()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        if self.dropped:
            raise StoreError(f"{self.dropped} events could not be written", "free some space; the log file says more")


def _spoiled(batch: Batch) -> Batch:
    """The batch with one event in place of all of its own: its frame is kept, and that it could not be read."""
    data = OtherData("", "its events cannot be written")
    event = Event("other", "undecodable", None, "frame: its events cannot be written", batch.received_ms, data, 0, 0)
    return structs.replace(batch, events=(event,), undecodable=1)


def _frame_rows(items: list[_Item]) -> Iterator[tuple[int | None, str, int, bytes]]:
    for item in items:
        yield item.frame_id, item.session_id, item.batch.received_ms, item.batch.payload


def _names(items: list[_Item]) -> dict[NameKey, str]:
    """Everybody who did something, under the name they had, with the first time (ISO 8601 UTC)."""
    seen: dict[NameKey, int] = {}
    for item in items:
        for event in item.batch.events:
            if event.user is not None:
                seen.setdefault(name_key(event.user), event.time_ms)
    return {name: iso(time_ms) for name, time_ms in seen.items()}


def _event_rows(items: list[_Item], words: list[tuple[int, str]], numbers: Numbers) -> Iterator[EventRow]:
    """The rows of all events; the full-text words of those that have some are appended to ``words``."""
    for item in items:
        for event_id, event in enumerate(item.batch.events, item.first_event_id):
            if event.text and event.type in WORDED_TYPES:
                words.append((event_id, index_words(event.text)))
            yield numbers.row(event_id, item.session_id, event, item.frame_id)
