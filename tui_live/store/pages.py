"""Events page by page, as finished JSON, for whoever asks over the network: the newest first, or on from one."""

from __future__ import annotations

from typing import Any, NamedTuple

import aiosqlite
import msgspec

from tui_live.core.past import EventLine
from tui_live.core.words import Query
from tui_live.store.export import EVENT_JSON
from tui_live.store.raw import RawReader

_FROM = """
FROM event_rows e CROSS JOIN event_types t ON t.number = e.type CROSS JOIN data_heads h ON h.number = e.head
LEFT JOIN user_names n ON n.number = e.name
"""
_NO_BOUND = 1 << 62
#: Rows looked at for a text before an answer is given, however few it found: some tens of milliseconds.
_LOOKED_AT = 20_000


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
    next page.
    """
    bound = before if before is not None else _NO_BOUND
    query = Query(wanted.text) if wanted.text else None
    if query is None:
        lines = await _lines(database, session_id, wanted, "e.id < ? ORDER BY e.id DESC LIMIT ?", (bound, limit))
        return lines, lines[-1].id if len(lines) == limit else None
    found: list[EventLine] = []
    looked = 0
    while looked < _LOOKED_AT:
        some = await _lines(database, session_id, wanted, "e.id < ? ORDER BY e.id DESC LIMIT ?", (bound, 2_000))
        for line in some:
            if query.matches(msgspec.json.decode(line.json)["message"] or ""):
                found.append(line)
                if len(found) == limit:
                    return found, line.id
        if len(some) < 2_000:
            return found, None
        bound = some[-1].id
        looked += len(some)
    return found, bound


async def page_after(
    database: aiosqlite.Connection, session_id: str, wanted: Wanted, limit: int, after: int
) -> list[EventLine]:
    """The events that come after that id, in order."""
    return await _lines(database, session_id, wanted, "e.id > ? ORDER BY e.id LIMIT ?", (after, limit))


async def last_event(database: aiosqlite.Connection, session_id: str) -> int:
    """The id of the session's last event; 0 when it has none."""
    async with database.execute("SELECT last_event_id FROM sessions WHERE id = ?", (session_id,)) as cursor:
        row = await cursor.fetchone()
    return int(row[0]) if row and row[0] is not None else 0


async def with_raw(database: aiosqlite.Connection, lines: list[EventLine]) -> list[EventLine]:
    """The same events with their original messages as ``raw_data`` (``null`` where frames were not kept)."""
    reader = RawReader(database)
    made: list[EventLine] = []
    for line in lines:
        query = "SELECT session, frame_id, place FROM event_rows WHERE id = ?"
        async with database.execute(query, (line.id,)) as cursor:
            row = await cursor.fetchone()
        raw = await reader.facts(row[0], row[1], row[2]) if row else None
        made.append(line._replace(json=f'{line.json[:-1]},"raw_data":{msgspec.json.encode(raw).decode()}}}'))
    return made


async def _lines(
    database: aiosqlite.Connection, session_id: str, wanted: Wanted, which: str, bounds: tuple[Any, ...]
) -> list[EventLine]:
    """``which`` is SQL of ours: the bound by id, the order, the limit."""
    conditions = ["e.session = (SELECT number FROM sessions WHERE id = ?)"]
    parameters: list[Any] = [session_id, session_id]
    if wanted.types:
        conditions.append("e.type IN (SELECT number FROM event_types WHERE name IN (SELECT value FROM json_each(?)))")
        parameters.append(msgspec.json.encode(wanted.types).decode())
    if wanted.subtype:
        conditions.append("e.subtype = ?")
        parameters.append(wanted.subtype)
    if wanted.user:
        conditions.append(
            "e.name IN (SELECT number FROM user_names WHERE user_id IN"
            " (SELECT user_id FROM user_names WHERE user_id = ? OR username = ?))"
        )
        parameters += [wanted.user, wanted.user.removeprefix("@").lower()]
    sql = f"SELECT e.id, t.name, {EVENT_JSON} {_FROM} WHERE {' AND '.join(conditions)} AND {which}"
    async with database.execute(sql, (*parameters, *bounds)) as cursor:
        return [EventLine(*row) for row in await cursor.fetchall()]
