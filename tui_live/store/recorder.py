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
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar

import aiosqlite
from msgspec import Struct, field, structs

from tui_live.core.board import Action, Board, Deed
from tui_live.core.counts import several
from tui_live.core.events import Batch
from tui_live.core.tally import Tally
from tui_live.core.totals import Totals
from tui_live.errors import StoreError
from tui_live.store import packing
from tui_live.store.batches import BatchWriter, Columns, Item, SeenPeople, spoiled
from tui_live.store.rows import totals_columns
from tui_live.store.scores import Places, Sheet, put_action, take_sheet
from tui_live.store.writing import Writer

log = logging.getLogger(__name__)
T = TypeVar("T")

FLUSH_SECONDS = 0.25
FLUSH_EVENTS = 2_000
#: Sockets wait from here on.
HIGH_WATER = 20_000
#: Ids that are taken are given anew so often.
_RENUMBERINGS = 3


class _Deed(Struct, frozen=True):
    """Something done to a board: where it stands among the batches that wait, and what a reset of somebody moved."""

    session_id: str
    behind: int
    action: Action
    moved: dict[str, Tally]


class _Waiting(Struct):
    """What the next flush writes."""

    batches: list[tuple[str, Batch]] = field(default_factory=list)
    totals: dict[str, Totals] = field(default_factory=dict)
    boards: dict[str, Board] = field(default_factory=dict)
    deeds: list[_Deed] = field(default_factory=list)
    places: list[tuple[str, int, Places]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.batches or self.totals or self.boards)


class Recorder:
    """Writes batches of any number of sessions through one connection.

    Event and frame ids follow the order of ``put`` and are never used again. Whoever waits for a write may be
    cancelled: the write itself goes on (:meth:`whole`).
    """

    def __init__(self, database: aiosqlite.Connection, keep_raw: bool) -> None:
        self._database = database
        self._keep_raw = keep_raw
        self._writer = Writer(database)
        self._batches = BatchWriter(self._writer, keep_raw)
        self._waiting = _Waiting()
        self._unpacked: dict[str, int] = {}
        self._packing = asyncio.Lock()
        self._wake = asyncio.Event()
        self._roomy = asyncio.Event()
        self._roomy.set()
        self._wrote = asyncio.Event()
        self.backlog = 0
        self.dropped = 0
        self.database_bytes = 0
        self._measured = 0.0

    async def open(self) -> None:
        """Learn where the ids stand."""
        await self._batches.open()
        await self._measure()

    def put(self, session_id: str, batch: Batch, totals: Totals, board: Board | None = None) -> None:
        """Queue a batch; ``totals`` is the session's running sum, ``board`` its scores, both written along with it."""
        waiting = self._waiting
        waiting.batches.append((session_id, batch))
        waiting.totals[session_id] = totals
        if board is not None:
            waiting.boards[session_id] = board
        self.backlog += len(batch.events)
        if self.backlog >= FLUSH_EVENTS:
            self._wake.set()
        if self.backlog >= HIGH_WATER:
            self._roomy.clear()

    def put_action(self, session_id: str, board: Board, action: Action) -> None:
        """Queue what was done to a board, at this place among the batches."""
        waiting = self._waiting
        moved = (board.moved(action.number) or {}) if action.deed is Deed.RESET else {}
        waiting.deeds.append(_Deed(session_id, len(waiting.batches), action, moved))
        waiting.boards[session_id] = board

    def put_places(self, session_id: str, board: Board, time_ms: int, places: Places) -> None:
        """Queue places that have changed, as of ``time_ms`` (UTC)."""
        self._waiting.places.append((session_id, time_ms, places))
        self._waiting.boards[session_id] = board

    @property
    def waiting(self) -> bool:
        """Whether sockets are being made to wait."""
        return not self._roomy.is_set()

    @property
    def keeps_raw(self) -> bool:
        """Whether frames are kept, and so whether these sessions can be replayed."""
        return self._keep_raw

    @property
    def trouble(self) -> str:
        """What keeps it from writing, in a line for the operator; empty while all is well."""
        return self._writer.trouble

    @trouble.setter
    def trouble(self, line: str) -> None:
        self._writer.trouble = line

    async def written(self, seconds: float) -> bool:
        """Return when the next events have been written (true), or after so long (false)."""
        try:
            await asyncio.wait_for(self._wrote.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def room(self) -> None:
        """Return when the queue has room: back-pressure for who reads the sockets."""
        if not self._roomy.is_set():
            await self._roomy.wait()

    async def run(self) -> None:
        """Write until :meth:`close`; run it as a task."""
        while not self._writer.closing or self._waiting.batches:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), FLUSH_SECONDS)
            self._wake.clear()
            try:
                with contextlib.suppress(StoreError):  # counted as dropped; close() tells
                    await self.flush()
                for key in [key for key, size in self._unpacked.items() if size >= packing.ENOUGH]:
                    await self.pack(key)
            except Exception as error:  # whatever it is: the other sessions must go on being recorded
                log.exception("writing went wrong")
                self.trouble = f"something could not be written ({type(error).__name__}) — the log file says more"

    async def flush(self) -> None:
        """Write everything that waits now; on an error of the disk, try again until it works or ``close`` gives up.

        Raises :class:`StoreError` when it gave up.
        """
        await self.whole(self._flush())

    async def _flush(self) -> None:
        async with self._writer.turn:
            waiting, self._waiting = self._waiting, _Waiting()
            if not waiting:
                return
            count = sum(len(batch.events) for _, batch in waiting.batches)
            try:
                items = self._batches.numbered(waiting.batches)
                totals = self._totals(waiting)
                sheets = self._sheets(waiting, items)
                await self._write_somehow(items, totals, sheets, count)
                with contextlib.suppress(sqlite3.Error):  # the size is shown, nothing more
                    await self._measure()
            except StoreError:  # it has counted them
                raise
            except Exception:
                self.dropped += count
                raise
            finally:
                self.backlog -= count
                if self.backlog < HIGH_WATER // 2:
                    self._roomy.set()
                self._wrote.set()
                self._wrote = asyncio.Event()
            if self._keep_raw:
                for session_id, batch in waiting.batches:
                    self._unpacked[session_id] = self._unpacked.get(session_id, 0) + len(batch.payload)

    def _totals(self, waiting: _Waiting) -> dict[str, Columns]:
        """The columns of each session's sums; those that are no columns are left out, until the next flush."""
        columns: dict[str, Columns] = {}
        for key, sums in waiting.totals.items():
            try:
                columns[key] = totals_columns(sums)
            except Exception:
                log.exception("the sums of session %s are not written", key)
        return columns

    def _sheets(self, waiting: _Waiting, items: list[Item]) -> list[Sheet]:
        """What is to be written of the boards, with each action behind the event that it came after.

        A board that cannot be read is left out: events make its scores anew.
        """
        sheets: dict[str, Sheet] = {}
        for key, board in waiting.boards.items():
            try:
                sheets[key] = take_sheet(key, board)
            except Exception:
                log.exception("scores of session %s are not written; rescore computes them", key)
        for deed in waiting.deeds:
            sheet = sheets.get(deed.session_id)
            if sheet is not None:
                next_id = items[deed.behind].first_event_id if deed.behind < len(items) else self._batches.next_event
                put_action(sheet, waiting.boards[deed.session_id], deed.action, next_id - 1, deed.moved)
        for key, time_ms, places in waiting.places:
            if key in sheets:
                sheets[key].places += [(user_id, time_ms, place, points) for user_id, place, points in places]
        return list(sheets.values())

    async def _write_somehow(
        self, items: list[Item], totals: dict[str, Columns], sheets: list[Sheet], count: int
    ) -> None:
        """Write until it has worked: a disk that refuses is waited for, and what cannot be written is found and left.

        Of a batch its frame is kept; sums and scores are left out: events make them anew. Raises :class:`StoreError`
        when it gave up.
        """
        people: SeenPeople | None = None
        renumbered = 0
        are_taken = False
        while True:
            try:
                if are_taken:
                    await self._batches.learn_ids()
                    items = self._batches.numbered([(item.session_id, item.batch) for item in items])
                    are_taken = False
                if people is None:
                    people = self._batches.changed_people(items)
                await self._batches.write(items, totals, people, sheets)
                self.trouble = ""
                return
            except Exception as error:
                log.exception("writing %d events failed", count)
                if isinstance(error, sqlite3.IntegrityError) and items and renumbered < _RENUMBERINGS:
                    log.info("ids are taken: another program has written into this database")
                    renumbered += 1
                    are_taken = True
                elif isinstance(error, sqlite3.OperationalError) and not (
                    _is_of_a_statement(error) and (totals or sheets)
                ):
                    self.trouble = f"the database cannot be written ({error}) — free some space; trying again"
                    if self._give_up(count):
                        raise StoreError(
                            f"{several(count, 'event')} could not be written: {error}", "free some space"
                        ) from error
                    await self._writer.pause()
                else:
                    self.forget_people()
                    people = None
                    if len(items) + len(totals) + len(sheets) > 1:
                        await self._write_apart(items, totals, sheets)
                        return
                    if not items or items[0].batch.events == (alone := spoiled(items[0].batch)).events:
                        self.dropped += count
                        left = f"of session {next(iter(totals), sheets[0].session_id if sheets else '')}"
                        log.error("left out: %s", several(count, "event") if items else f"sums or scores {left}")
                        self.trouble = f"something could not be written ({error}) — the log file says more"
                        return
                    items = [structs.replace(items[0], batch=alone)]

    async def _write_apart(self, items: list[Item], totals: dict[str, Columns], sheets: list[Sheet]) -> None:
        """Everything in a transaction of its own, so that what cannot be written takes nothing with it."""
        gave_up: StoreError | None = None
        parts: list[tuple[list[Item], dict[str, Columns], list[Sheet], int]] = [
            *(([item], {}, [], len(item.batch.events)) for item in items),
            *(([], {key: columns}, [], 0) for key, columns in totals.items()),
            *(([], {}, [sheet], 0) for sheet in sheets),
        ]
        for part in parts:
            try:
                await self._write_somehow(*part)
            except StoreError as error:  # the others are still to be counted
                gave_up = error
        if gave_up is not None:
            raise gave_up

    def _give_up(self, count: int) -> bool:
        if not self._writer.gives_up:
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
        self._batches.forget_people()

    async def _measure(self) -> None:
        """How large the database is, at most once a second. (The write-ahead log beside it is of passing size.)"""
        now = time.monotonic()
        if now - self._measured >= 1:
            self._measured = now
            query = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            async with self._database.execute(query) as cursor:
                row = await cursor.fetchone()
            self.database_bytes = int(row[0]) if row else 0

    def writing(self) -> AbstractAsyncContextManager[aiosqlite.Connection]:
        """A transaction of one's own on the write connection, between two flushes.

        Raises :class:`StoreError` when the database refuses.
        """
        return self._writer.writing()

    async def persist(self, work: Callable[[aiosqlite.Connection], Awaitable[T]]) -> T:
        """Do ``work`` in a transaction of its own, between two flushes, whatever happens to the waiter.

        A database that refuses is tried again. Raises :class:`StoreError` when ``close`` has given up.
        """
        return await self._writer.persist(work)

    async def whole(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for ``work``; when the waiter is cancelled it goes on to its end all the same."""
        return await self._writer.whole(work)

    def begin_to_close(self) -> None:
        """From now on a disk that refuses is waited for some seconds only."""
        self._writer.begin_to_close()

    async def close(self) -> None:
        """Write what waits. Raises :class:`StoreError` with the number of lost events if the disk still refuses."""
        self.begin_to_close()
        self._wake.set()
        try:
            with contextlib.suppress(StoreError):
                await self.flush()
        except Exception:
            log.exception("writing the last went wrong")
        await self._writer.finished()
        if self.dropped:
            raise StoreError(
                f"{several(self.dropped, 'event')} could not be written", "free some space; the log file says more"
            )


def _is_of_a_statement(error: sqlite3.OperationalError) -> bool:
    """Whether SQLite blames the statement and what it works on, such as broken JSON, rather than disk or locks."""
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
