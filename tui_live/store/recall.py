"""Events back from the database as they were published, for whatever is computed again from history."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection
from typing import Any

import aiosqlite
import msgspec
from msgspec import UNSET, structs

from tui_live.core import events as kinds
from tui_live.core.events import Data, Event, OtherData, Person, SocialData
from tui_live.store.selection import DENSE

_SLICE = 2_000
_SELECT = """
SELECT e.id, t.name, e.subtype, n.number, n.user_id, n.username, n.display_name, e.message, e.time_ms,
    CASE h.quotes WHEN 0 THEN h.head || coalesce(e.tail, '')
        ELSE h.head || json_quote(coalesce(e.message, '')) || coalesce(e.tail, '}') END,
    e.msg_id, e.place, e.history
FROM event_rows e CROSS JOIN event_types t ON t.number = e.type CROSS JOIN data_heads h ON h.number = e.head
LEFT JOIN user_names n ON n.number = e.name
"""
_DECODERS = {
    cls.event_type: msgspec.json.Decoder(cls)
    for cls in vars(kinds).values()
    if isinstance(cls, type) and issubclass(cls, Data) and cls is not Data
}
_other = msgspec.json.Decoder(OtherData)


async def recall(
    database: aiosqlite.Connection, session_id: str, *, user_id: str | None = None, types: Collection[str] = ()
) -> AsyncGenerator[list[tuple[int, Event]], None]:
    """The events of a session (of one person, or of some types), in order, in slices of (id, event).

    Between slices others have a turn. People are as events name them: id, handle and nickname of the time, and what a
    share tells of its sharer. Data that cannot be read becomes ``OtherData``.
    """
    query = "SELECT number, first_event_id, last_event_id, total_events FROM sessions WHERE id = ?"
    async with database.execute(query, (session_id,)) as cursor:
        found = await cursor.fetchone()
    if found is None or found[1] is None:
        return
    number, first, last, total = found
    sql, parameters = f"{_SELECT} WHERE e.id BETWEEN ? AND ? AND +e.session = ?", [first, last, number]
    if user_id is not None:
        async with database.execute("SELECT number FROM user_names WHERE user_id = ?", (user_id,)) as cursor:
            names = msgspec.json.encode([row[0] for row in await cursor.fetchall()]).decode()
        sql += " AND e.id IN (SELECT id FROM event_rows WHERE name IN (SELECT value FROM json_each(?)))"
        parameters.append(names)
    elif types:
        sql += (
            " AND e.id IN (SELECT id FROM event_rows WHERE session = ? AND type IN"
            " (SELECT number FROM event_types WHERE name IN (SELECT value FROM json_each(?))))"
        )
        parameters += [number, msgspec.json.encode(list(types)).decode()]
    elif total < DENSE * (last - first + 1):
        # One of many streams: its own rows are picked, instead of reading past those of all others.
        sql += " AND e.id IN (SELECT id FROM event_rows WHERE session = ?)"
        parameters.append(number)
    people: dict[int, Person] = {}
    async with database.execute(f"{sql} ORDER BY e.id", parameters) as cursor:
        while rows := list(await cursor.fetchmany(_SLICE)):
            yield [(row[0], _event(row, people)) for row in rows]
            await asyncio.sleep(0)


def _event(row: Any, people: dict[int, Person]) -> Event:
    _, kind, subtype, name, user_id, handle, nickname, text, time_ms, data, msg_id, place, history = row
    person = people.get(name) if name is not None else None
    if person is None and name is not None:
        if len(people) >= 200_000:
            people.clear()
        person = people[name] = Person(user_id, handle, nickname)
    found = typed(kind, data)
    if person is not None and isinstance(found, SocialData):
        person = as_sharer(person, found)
    return Event(kind, subtype or "", person, text or "", time_ms, found, msg_id, place, bool(history))


def as_sharer(person: Person, data: SocialData) -> Person:
    """Somebody with what their share tells of them."""
    if data.follower is UNSET:
        return person
    followers = None if data.follower_count is UNSET else data.follower_count
    return structs.replace(person, followers=followers, follow_status=int(data.follower))


def typed(kind: str, data: str | bytes) -> Data:
    """The data of an event of this type from its JSON; ``OtherData`` where it cannot be read."""
    try:
        found: Data = _DECODERS.get(kind, _other).decode(data)
    except msgspec.DecodeError:
        return OtherData("")
    return found
