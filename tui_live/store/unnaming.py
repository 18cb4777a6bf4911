"""The rows of others lose a person: events, names, sessions."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import aiosqlite
import msgspec

from tui_live.core.retold import told_without
from tui_live.core.traces import ERASED, Traces
from tui_live.core.words import index_words
from tui_live.store.rows import WORDED_TYPES
from tui_live.store.scrubbing import Marks

#: Event ids looked at between two reports of progress.
SLICE = 20_000
_AT_ONCE = 500
_PLAIN_HEAD = 1
"""The row of ``data_heads`` that is empty: the tail is the whole of ``processed_data``."""


async def forget_words(database: aiosqlite.Connection, texts: list[tuple[int, str]]) -> None:
    """Take the words of (event id, text) out of the index."""
    await database.executemany(
        "INSERT INTO search (search, rowid, words) VALUES ('delete', ?, ?)",
        [(event_id, index_words(text)) for event_id, text in texts],
    )


async def clean_events(database: aiosqlite.Connection, person: Traces, marks: Marks) -> AsyncIterator[int]:
    """Take the person out of the texts and the data of other people's events; yields how many ids were looked at."""

    def is_marked(frame_id: int | None, place: int) -> bool:
        return marks.named.has(frame_id, place) or marks.quoted.has(frame_id, place)

    await database.create_function("names_them", 1, _finder(person.needles), deterministic=True)
    await database.create_function("is_marked", 2, is_marked)
    async with database.execute("SELECT coalesce(max(id), 0) FROM event_rows") as cursor:
        row = await cursor.fetchone()
    marked = "is_marked(e.frame_id, e.place)" if marks.named or marks.quoted else "FALSE"
    query = (
        "SELECT e.id FROM event_rows e JOIN data_heads h ON h.number = e.head WHERE e.id >= ? AND e.id < ?"  # noqa: S608
        f" AND (names_them(e.message) OR names_them(e.tail) OR names_them(h.head) OR {marked} OR {_PINS})"
    )
    for start in range(0, (row[0] if row else 0) + 1, SLICE):
        async with database.execute(query, (start, start + SLICE)) as cursor:
            ids = [row[0] for row in await cursor.fetchall()]
        for first in range(0, len(ids), _AT_ONCE):
            await _clean_some(database, person, marks, ids[first : first + _AT_ONCE])
        yield SLICE
    await database.execute(
        "DELETE FROM data_heads WHERE number > ? AND names_them(head) AND number NOT IN (SELECT head FROM event_rows)",
        (_PLAIN_HEAD,),
    )


#: A pinned comment gives its author's name before a colon: without its frame, nothing else tells whose it is.
_PINS = "(e.frame_id IS NULL AND e.subtype IN ('pin', 'unpin'))"


async def _clean_some(database: aiosqlite.Connection, person: Traces, marks: Marks, ids: list[int]) -> None:
    query = (
        "SELECT v.id, v.event_type, v.event_subtype, v.message, v.processed_data, v.frame_id, v.place, v.nickname"  # noqa: S608
        f" FROM events v WHERE v.id IN ({', '.join('?' * len(ids))})"
    )
    async with database.execute(query, ids) as cursor:
        rows = list(await cursor.fetchall())
    for event_id, kind, subtype, message, processed, frame_id, place, nickname in rows:
        before = msgspec.json.decode(processed)
        quotes = marks.quoted.has(frame_id, place) or (
            frame_id is None and subtype in ("pin", "unpin") and person.is_name((message or "").partition(": ")[0])
        )
        is_about = marks.named.has(frame_id, place)
        is_told = marks.told.has(frame_id, place) or (frame_id is None and not person.is_name(nickname or ""))
        told = told_without(
            person, kind, subtype or "", message or "", before, is_about=is_about, quotes=quotes, is_told=is_told
        )
        text, data = told[0] or None, told[1]
        if text == (message or None) and data == before:
            continue
        if text != message and kind in WORDED_TYPES:
            if message:
                await forget_words(database, [(event_id, message)])
            if text:
                insert = "INSERT INTO search (rowid, words) VALUES (?, ?)"
                await database.execute(insert, (event_id, index_words(text)))
        update = "UPDATE event_rows SET message = ?, head = ?, tail = ? WHERE id = ?"
        await database.execute(update, (text, _PLAIN_HEAD, msgspec.json.encode(data).decode(), event_id))


async def clean_people(database: aiosqlite.Connection, person: Traces) -> None:
    """Take the person out of what others call themselves and say of themselves."""
    for table, key, columns in (("users", "user_id", ("display_name", "bio")), ("user_names", "number", _NICKNAME)):
        named = " OR ".join(f"names_them({column})" for column in columns)
        query = f"SELECT {key}, {', '.join(columns)} FROM {table} WHERE {named}"  # noqa: S608 - names of ours
        async with database.execute(query) as cursor:
            rows = list(await cursor.fetchall())
        update = f"UPDATE {table} SET {' = ?, '.join(columns)} = ? WHERE {key} = ?"  # noqa: S608
        await database.executemany(update, [(*map(person.clean, row[1:]), row[0]) for row in rows])


_NICKNAME = ("display_name",)


async def clean_sessions(database: aiosqlite.Connection, person: Traces, own: list[int]) -> None:
    """The person's own sessions stay, without their name and what they called them; others' lose mentions."""
    await database.executemany(
        "UPDATE sessions SET streamer_username = ?, streamer_info = '{}' WHERE number = ?",
        [(ERASED, number) for number in own],
    )
    async with database.execute("SELECT number, streamer_info FROM sessions") as cursor:
        rows = list(await cursor.fetchall())
    for number, info in rows:
        data = msgspec.json.decode(info)
        cleaned: Any = person.clean_data(data)
        if cleaned != data:
            update = "UPDATE sessions SET streamer_info = ? WHERE number = ?"
            await database.execute(update, (msgspec.json.encode(cleaned).decode(), number))


def _finder(needles: list[str]) -> Callable[[str | None], bool]:
    def find(text: str | None) -> bool:
        if not text:
            return False
        low = text.lower()
        return any(needle in low for needle in needles)

    return find
