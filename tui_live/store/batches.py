"""Batches become rows: frames, events, their words, the people in them and the sessions' sums, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator

import aiosqlite
from msgspec import Struct, structs

from tui_live.core.events import Batch, Event, OtherData, Person
from tui_live.core.words import index_words
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
    user_row,
)
from tui_live.store.scores import Sheet, write_sheet
from tui_live.store.writing import Writer

Columns = dict[str, int | str]
"""Columns of ``sessions`` with their new values."""
SeenPeople = list[tuple[Person, str]]
"""People in order, each with the time (ISO 8601 UTC) at which they looked like that."""


class Item(Struct, frozen=True, gc=False):
    """A batch with the ids that its rows get."""

    session_id: str
    batch: Batch
    first_event_id: int
    frame_id: int | None


class BatchWriter:
    """Gives batches their ids and writes them. Ids follow the order of :meth:`numbered` and are never used again.

    ``next_event`` is the id of the next event.
    """

    def __init__(self, writer: Writer, keep_raw: bool) -> None:
        self._writer = writer
        self._keep_raw = keep_raw
        self._people = KnownPeople()
        self._numbers = Numbers()
        self.next_event = self._next_frame = 1

    async def open(self) -> None:
        """Learn where the ids stand."""
        await self._numbers.open(self._writer.database)
        await self.learn_ids()

    async def learn_ids(self) -> None:
        """Go on behind the ids, and the numbers of shared data, that the database has used."""
        self.next_event = await self._next_id("event_rows")
        self._next_frame = await self._next_id("frames")
        await self._numbers.learn_heads(self._writer.database)

    async def _next_id(self, table: str) -> int:
        query = "SELECT seq FROM sqlite_sequence WHERE name = ?"
        async with self._writer.database.execute(query, (table,)) as cursor:
            row = await cursor.fetchone()
        return int(row[0]) + 1 if row else 1

    def numbered(self, batches: list[tuple[str, Batch]]) -> list[Item]:
        """The (session, batch) pairs with their ids."""
        items = []
        for session_id, batch in batches:
            items.append(Item(session_id, batch, self.next_event, self._next_frame if self._keep_raw else None))
            self.next_event += len(batch.events)
            self._next_frame += 1
        return items

    def changed_people(self, items: list[Item]) -> SeenPeople:
        """Who must be written again; remembered as written, so hand them to :meth:`write` until it has worked."""
        changed = self._people.changed
        return [
            (user, iso(event.time_ms))
            for item in items
            for event in item.batch.events
            if (user := event.user) is not None and changed(user)
        ]

    def forget_people(self) -> None:
        """Write everybody again: rows of ``users`` or ``user_names`` were removed."""
        self._people = KnownPeople()
        self._numbers.forget_names()

    async def write(
        self, items: list[Item], totals: dict[str, Columns], people: SeenPeople, sheets: list[Sheet]
    ) -> None:
        """One transaction, for who has the writer's turn. Rows are made while the database's thread asks for them."""
        words: list[tuple[int, str]] = []
        numbers = self._numbers
        try:
            async with self._writer.transaction() as database:
                await numbers.prepare(database, {item.session_id for item in items}, _names(items))
                if self._keep_raw:
                    await database.executemany(INSERT_FRAME, _frame_rows(items))
                await database.executemany(INSERT_EVENT, _event_rows(items, words, numbers))
                await numbers.finish(database)
                if words:
                    await database.executemany(INSERT_WORDS, words)
                if people:
                    await database.executemany(UPSERT_USER, (user_row(user, seen) for user, seen in people))
                await _write_totals(database, items, totals)
                for sheet in sheets:
                    await write_sheet(database, sheet)
        except BaseException:
            numbers.rolled_back()
            raise
        numbers.committed()


def spoiled(batch: Batch) -> Batch:
    """The batch with one event in place of all of its own: its frame is kept, and that it could not be read."""
    data = OtherData("", "its events cannot be written")
    event = Event("other", "undecodable", None, "frame: its events cannot be written", batch.received_ms, data, 0, 0)
    return structs.replace(batch, events=(event,), undecodable=1)


async def _write_totals(database: aiosqlite.Connection, items: list[Item], totals: dict[str, Columns]) -> None:
    columns: dict[str, dict[str, int | str | None]] = {key: dict(sums) for key, sums in totals.items()}
    first: dict[str, int] = {}
    for item in items:
        sets = columns.setdefault(item.session_id, {})
        sets["last_received_ms"] = item.batch.received_ms
        if item.batch.events:
            first.setdefault(item.session_id, item.first_event_id)
            sets["last_event_id"] = item.first_event_id + len(item.batch.events) - 1
    for session_id, sets in columns.items():
        names = [f"{column} = ?" for column in sets]
        values = [*sets.values()]
        if session_id in first:
            names.append("first_event_id = coalesce(first_event_id, ?)")
            values.append(first[session_id])
        # Only column names of ours are formatted in.
        sql = f"UPDATE sessions SET {', '.join(names)} WHERE id = ?"  # noqa: S608
        await database.execute(sql, (*values, session_id))


def _frame_rows(items: list[Item]) -> Iterator[tuple[int | None, str, int, bytes]]:
    for item in items:
        yield item.frame_id, item.session_id, item.batch.received_ms, item.batch.payload


def _names(items: list[Item]) -> dict[NameKey, str]:
    """Everybody who did something, under the name they had, with the first time (ISO 8601 UTC)."""
    seen: dict[NameKey, int] = {}
    for item in items:
        for event in item.batch.events:
            if event.user is not None:
                seen.setdefault(name_key(event.user), event.time_ms)
    return {name: iso(time_ms) for name, time_ms in seen.items()}


def _event_rows(items: list[Item], words: list[tuple[int, str]], numbers: Numbers) -> Iterator[EventRow]:
    """The rows of all events; the full-text words of those that have some are appended to ``words``."""
    for item in items:
        for event_id, event in enumerate(item.batch.events, item.first_event_id):
            if event.text and event.type in WORDED_TYPES:
                words.append((event_id, index_words(event.text)))
            yield numbers.row(event_id, item.session_id, event, item.frame_id)
