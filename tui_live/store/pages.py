"""Events page by page, as finished JSON, for whoever asks over the network: the newest first, or on from one."""

from __future__ import annotations

import asyncio
from typing import Any, NamedTuple

import aiosqlite
import msgspec

from tui_live.core.past import EventLine
from tui_live.core.words import Query
from tui_live.store.export import EVENT_JSON
from tui_live.store.raw import RawReader
from tui_live.store.rows import WORDED_TYPES

_FROM = """
FROM event_rows e CROSS JOIN event_types t ON t.number = e.type CROSS JOIN data_heads h ON h.number = e.head
LEFT JOIN user_names n ON n.number = e.name
WHERE e.id IN (SELECT value FROM json_each(?)) ORDER BY e.id
"""
_LINES = f"SELECT e.id, t.name, {EVENT_JSON} {_FROM}"
#: Each type by itself, along the index: some tens of short looks, however long the session and however many others
#: were under way beside it.
_BY_TYPE = """
SELECT x.id FROM event_types t JOIN event_rows x ON x.id IN (
    SELECT id FROM event_rows WHERE session = ?1 AND type = t.number AND {bound}{subtype} ORDER BY id {order} LIMIT ?3)
WHERE ?4 IS NULL OR t.name IN (SELECT value FROM json_each(?4))
ORDER BY x.id {order} LIMIT ?3
"""
#: One person's events over all sessions are few.
_BY_PERSON = """
SELECT id FROM event_rows WHERE +session = ?1 AND {bound}{subtype} AND name IN (SELECT value FROM json_each(?6))
    AND (?4 IS NULL OR type IN (SELECT number FROM event_types WHERE name IN (SELECT value FROM json_each(?4))))
ORDER BY id {order} LIMIT ?3
"""
_NO_BOUND = 1 << 62
#: Candidates for a text that are looked at before an answer is given, however few it found: some tens of milliseconds.
_LOOKED_AT = 20_000
_SLICE = 1_000
_AT_A_TIME = 200


class Wanted(NamedTuple):
    """Which events of a session: of these types and subtype, of this person (id, handle or ``@handle``), with these
    words."""

    types: tuple[str, ...] = ()
    subtype: str = ""
    user: str = ""
    text: str = ""


async def page_before(
    database: aiosqlite.Connection, session_id: str, wanted: Wanted, limit: int, before: int | None
) -> tuple[list[EventLine], int | None]:
    """The newest events (before that id), the newest first, and the id to go on from (``None``: there are no more).

    A page may be short, even empty, and still not be the last one: a search through a long session goes on with the
    next page. Without ``wanted.types`` words are looked for in everything that somebody said.
    """
    bound = _NO_BOUND if before is None else before
    if wanted.text:
        ids, following = await _with_words(database, session_id, wanted, limit, bound)
    else:
        ids = await _ids(database, session_id, wanted, limit + 1, bound, newest=True)
        following = ids[limit - 1] if len(ids) > limit else None
    return list(reversed(await _lines(database, session_id, ids[:limit]))), following


async def page_after(
    database: aiosqlite.Connection, session_id: str, wanted: Wanted, limit: int, after: int
) -> list[EventLine]:
    """The events that come after that id, in order."""
    return await _lines(database, session_id, await _ids(database, session_id, wanted, limit, after, newest=False))


async def last_event(database: aiosqlite.Connection, session_id: str) -> int:
    """The id of the session's last event; 0 when it has none."""
    rows = await _fetch(database, "SELECT last_event_id FROM sessions WHERE id = ?", (session_id,))
    return int(rows[0][0]) if rows and rows[0][0] is not None else 0


async def with_raw(database: aiosqlite.Connection, lines: list[EventLine]) -> list[EventLine]:
    """The same events with their original messages as ``raw_data`` (``null`` where frames were not kept)."""
    reader = RawReader(database)
    made: list[EventLine] = []
    for line in lines:
        rows = await _fetch(database, "SELECT session, frame_id, place FROM event_rows WHERE id = ?", (line.id,))
        raw = await reader.facts(*rows[0]) if rows else None
        # In a thread: a hostile message has megabytes.
        text = await asyncio.to_thread(_json, raw)
        made.append(line._replace(json=f'{line.json[:-1]},"raw_data":{text}}}'))
    return made


async def is_known(database: aiosqlite.Connection, user: str) -> bool:
    """Whether somebody has this id, or had this handle."""
    return bool(await _names(database, user))


async def _with_words(
    database: aiosqlite.Connection, session_id: str, wanted: Wanted, limit: int, bound: int
) -> tuple[list[int], int | None]:
    query = Query(wanted.text)
    if not wanted.types:
        wanted = wanted._replace(types=tuple(sorted(WORDED_TYPES)))
    found: list[int] = []
    for _ in range(_LOOKED_AT // _SLICE):
        ids = await _ids(database, session_id, wanted, _SLICE, bound, newest=True)
        sql = "SELECT id, message FROM event_rows WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id DESC"
        for number, (event_id, message) in enumerate(await _fetch(database, sql, (_json(ids),))):
            if number % _AT_A_TIME == 0:
                await asyncio.sleep(0)  # a few milliseconds at a time: the streams' sockets are waiting
            if query.matches(message or ""):
                found.append(event_id)
                if len(found) == limit:
                    return found, event_id
        if len(ids) < _SLICE:
            return found, None
        bound = ids[-1]
    return found, bound


async def _ids(
    database: aiosqlite.Connection, session_id: str, wanted: Wanted, limit: int, bound: int, *, newest: bool
) -> list[int]:
    """Ids of events below ``bound``, falling, or above it, rising."""
    numbers = await _fetch(database, "SELECT number FROM sessions WHERE id = ?", (session_id,))
    if not numbers:
        return []
    words = {
        "bound": "id < ?2" if newest else "id > ?2",
        "order": "DESC" if newest else "ASC",
        "subtype": " AND subtype = ?5" if wanted.subtype else " AND ?5 = ''",
    }
    types = _json(wanted.types) if wanted.types else None
    parameters: tuple[Any, ...] = (numbers[0][0], bound, limit, types, wanted.subtype)
    sql = _BY_TYPE.format(**words)
    if wanted.user:
        sql = _BY_PERSON.format(**words)
        parameters += (_json(await _names(database, wanted.user)),)
    return [row[0] for row in await _fetch(database, sql, parameters)]


async def _names(database: aiosqlite.Connection, user: str) -> list[int]:
    """The numbers of all names of whoever is meant."""
    sql = (
        "SELECT number FROM user_names WHERE user_id IN"
        " (SELECT user_id FROM user_names WHERE user_id = ? OR username = ?)"
    )
    return [row[0] for row in await _fetch(database, sql, (user, user.removeprefix("@").lower()))]


async def _lines(database: aiosqlite.Connection, session_id: str, ids: list[int]) -> list[EventLine]:
    """The events with these ids, in order."""
    return [EventLine(*row) for row in await _fetch(database, _LINES, (session_id, _json(ids)))] if ids else []


async def _fetch(database: aiosqlite.Connection, sql: str, parameters: tuple[Any, ...]) -> list[Any]:
    return list(await database.execute_fetchall(sql, parameters))


def _json(values: Any) -> str:
    return msgspec.json.encode(values).decode()
