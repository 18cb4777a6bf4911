"""The one writer: batches in, transactions out, nothing lost in silence.

``put`` only appends to a list; a task writes the list every quarter of a second, or sooner when it is long. When the
disk cannot follow, ``room`` makes the sockets wait: TikTok's server keeps what we do not read yet.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator

import aiosqlite
from msgspec import Struct

from tui_live.core.events import Batch, Person
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

FLUSH_SECONDS = 0.25
FLUSH_EVENTS = 2_000
#: Sockets wait from here on …
HIGH_WATER = 20_000
#: … and an error of the disk is tried again after so long.
_RETRY_SECONDS = 1.0
#: On closing, a disk that still refuses is given up after so long.
_CLOSE_SECONDS = 10.0


class _Item(Struct, frozen=True, gc=False):
    session_id: str
    batch: Batch
    first_event_id: int
    frame_id: int | None


class Recorder:
    """Writes batches of any number of sessions through one connection.

    Event and frame ids are given here, in the order of ``put``, and are never used again.
    """

    def __init__(self, database: aiosqlite.Connection, keep_raw: bool) -> None:
        self._database = database
        self._keep_raw = keep_raw
        self._lock = asyncio.Lock()
        self._waiting: list[_Item] = []
        self._unpacked: dict[str, int] = {}
        self._totals: dict[str, Totals] = {}
        self._people = KnownPeople()
        self._numbers = Numbers()
        self._next_event = self._next_frame = 1
        self._wake = asyncio.Event()
        self._roomy = asyncio.Event()
        self._roomy.set()
        self._closing = False
        self.backlog = 0
        self.dropped = 0
        self.trouble = ""
        self.database_bytes = 0
        self._measured = 0.0

    async def open(self) -> None:
        """Learn where the ids stand."""
        self._next_event = await self._next_id("event_rows")
        self._next_frame = await self._next_id("frames")
        await self._numbers.open(self._database)
        await self._measure()

    async def _next_id(self, table: str) -> int:
        async with self._database.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)) as cursor:
            row = await cursor.fetchone()
        return int(row[0]) + 1 if row else 1

    def put(self, session_id: str, batch: Batch, totals: Totals) -> int:
        """Queue a batch; ``totals`` is the session's running sum, written along with it. Returns the first event id."""
        first = self._next_event
        self._next_event += len(batch.events)
        frame_id = None
        if self._keep_raw:
            frame_id = self._next_frame
            self._next_frame += 1
        self._waiting.append(_Item(session_id, batch, first, frame_id))
        self._totals[session_id] = totals
        self.backlog += len(batch.events)
        if self.backlog >= FLUSH_EVENTS:
            self._wake.set()
        if self.backlog >= HIGH_WATER:
            self._roomy.clear()
        return first

    @property
    def waiting(self) -> bool:
        """Whether sockets are being made to wait."""
        return not self._roomy.is_set()

    async def room(self) -> None:
        """Return when the queue has room: back-pressure for who reads the sockets."""
        if not self._roomy.is_set():
            await self._roomy.wait()

    async def run(self) -> None:
        """Write until :meth:`close`; run it as a task."""
        while not self._closing or self._waiting:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), FLUSH_SECONDS)
            self._wake.clear()
            await self.flush()
            for key in [key for key, size in self._unpacked.items() if size >= packing.ENOUGH]:
                await self.pack(key)

    async def flush(self) -> None:
        """Write everything that waits now; on an error of the disk, try again until it works or ``close`` gives up."""
        async with self._lock:
            items, self._waiting = self._waiting, []
            totals, self._totals = {key: totals_columns(sums) for key, sums in self._totals.items()}, {}
            if not items and not totals:
                return
            count = sum(len(item.batch.events) for item in items)
            people = self._changed_people(items)
            while True:
                try:
                    await self._write(items, totals, people)
                    break
                except sqlite3.Error as error:
                    log.exception("writing %d events failed", count)
                    self.trouble = f"the database cannot be written ({error}) — free some space; trying again"
                    self._give_up_if_closing(count, error)
                    await asyncio.sleep(_RETRY_SECONDS)
            self.trouble = ""
            self.backlog -= count
            if self._keep_raw:
                for item in items:
                    size = self._unpacked.get(item.session_id, 0)
                    self._unpacked[item.session_id] = size + len(item.batch.payload)
            await self._measure()
            if self.backlog < HIGH_WATER // 2:
                self._roomy.set()

    async def pack(self, session_id: str) -> None:
        """Pack the session's written frames (:mod:`tui_live.store.packing`); a disk that refuses is only logged."""
        self._unpacked.pop(session_id, None)
        try:
            await packing.pack_session(self.writing, session_id)
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
        await self._database.execute("BEGIN IMMEDIATE")
        try:
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

    def _give_up_if_closing(self, count: int, error: sqlite3.Error) -> None:
        if self._closing and time.monotonic() > self._close_by:
            self.dropped += count
            raise StoreError(f"{count} events could not be written: {error}", "free some space") from error

    async def close(self) -> None:
        """Write what waits. Raises :class:`StoreError` with the number of lost events if the disk still refuses."""
        self._close_by = time.monotonic() + _CLOSE_SECONDS
        self._closing = True
        self._wake.set()
        await self.flush()


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
