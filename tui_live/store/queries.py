"""What screens ask for: the newest events of any type, and everything about one event."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import aiosqlite
import msgspec
from msgspec import Struct

from tui_live.store.boards import read_badges
from tui_live.store.raw import event_raw

__all__ = ["StoredEvent", "event_facts", "event_raw", "find_event", "newest"]

_COLUMNS = (
    "SELECT id, session_id, event_type, event_subtype, user_id, username, nickname, message, time_ms, processed_data,"
    " history FROM events"
)
#: Sessions looked into first for the newest events of a type; four times as many whenever they do not hold enough.
_SESSIONS = 2
_IDS_OF_TYPES = """
SELECT e.id FROM sessions s JOIN event_types t JOIN event_rows e ON e.id IN (
    SELECT id FROM event_rows WHERE session = s.number AND type = t.number AND id < ?1 ORDER BY id DESC LIMIT ?2)
WHERE s.id IN (SELECT value FROM json_each(?3)) AND t.name IN (SELECT value FROM json_each(?4))
ORDER BY e.id DESC LIMIT ?2
"""
_NO_BOUND = 1 << 62
_LATEST_SESSIONS = """
SELECT number FROM sessions WHERE streamer_username = ?1 AND (?2 IS NULL OR id = ?2) ORDER BY session_start DESC LIMIT 5
"""
_FIND_EVENT = """
SELECT id FROM event_rows WHERE session = ?1 AND type = (SELECT number FROM event_types WHERE name = ?2)
    AND msg_id = ?3 AND (?3 <> 0 OR time_ms = ?4) ORDER BY id DESC LIMIT 1
"""
_DELETED = """
SELECT n.username, n.display_name, e.message FROM event_rows e LEFT JOIN user_names n ON n.number = e.name
WHERE e.session = (SELECT session FROM event_rows WHERE id = ?1)
    AND e.type = (SELECT number FROM event_types WHERE name = 'chat')
    AND e.id < ?1 AND e.id > ?1 - 100000 AND e.msg_id IN (SELECT CAST(value AS INTEGER) FROM json_each(?2))
ORDER BY e.id DESC LIMIT ?3
"""
_SESSION_FACTS = "SELECT id, streamer_username, room_id, session_start, session_end, status FROM sessions WHERE id = ?"


class StoredEvent(Struct, frozen=True, gc=False):
    """An event as the database has it; ``data`` is ``processed_data``, ``time_ms`` UTC milliseconds."""

    id: int
    session_id: str
    type: str
    subtype: str
    user_id: str
    username: str
    nickname: str
    text: str
    time_ms: int
    data: dict[str, Any]
    history: bool


async def newest(
    database: aiosqlite.Connection,
    session_ids: Collection[str] | None,
    types: Collection[str] | None,
    limit: int = 200,
    before_id: int | None = None,
) -> list[StoredEvent]:
    """The newest events, the newest first: of these sessions (``None``: of all) and types (``None``: every type).

    ``before_id`` gives the page before that event. A few milliseconds, however large the database.
    """
    bound = before_id or _NO_BOUND
    if session_ids is None and types is None:
        return await _read(database, f"{_COLUMNS} WHERE id < ? ORDER BY id DESC LIMIT ?", (bound, limit))
    if types is None:
        async with database.execute("SELECT name FROM event_types") as cursor:
            types = [row[0] for row in await cursor.fetchall()]
    ids: list[int] = []
    sessions = await _by_last_event(database, session_ids, bound)
    names = msgspec.json.encode(list(types)).decode()
    start, count = 0, _SESSIONS
    while some := sessions[start : start + count]:
        if len(ids) == limit and some[0][1] < ids[-1]:
            break
        start, count = start + count, count * 4
        keys = msgspec.json.encode([key for key, _ in some]).decode()
        async with database.execute(_IDS_OF_TYPES, (bound, limit, keys, names)) as cursor:
            ids = sorted({*ids, *(row[0] for row in await cursor.fetchall())}, reverse=True)[:limit]
    marks = ",".join("?" * len(ids))
    return await _read(database, f"{_COLUMNS} WHERE id IN ({marks}) ORDER BY id DESC", tuple(ids))


async def find_event(
    database: aiosqlite.Connection,
    streamer: str,
    kind: str,
    msg_id: int,
    time_ms: int,
    session_id: str | None = None,
) -> int | None:
    """The id of the newest event of a type with TikTok's message id, in the streamer's latest sessions (or in one).

    Messages without an id (0) are told apart by their time. Events are looked through from the newest on.
    """
    async with database.execute(_LATEST_SESSIONS, (streamer, session_id)) as cursor:
        numbers = [row[0] for row in await cursor.fetchall()]
    for number in numbers:
        async with database.execute(_FIND_EVENT, (number, kind, msg_id, time_ms)) as cursor:
            row = await cursor.fetchone()
        if row is not None:
            return int(row[0])
    return None


async def event_facts(database: aiosqlite.Connection, event_id: int) -> dict[str, Any] | None:
    """Everything about one event: ``event``, ``session``, ``user`` and ``raw``, the original message as a tree, cut
    where it is very long.

    Where comments were deleted, ``deleted`` has those of them that are known: who wrote what. ``raw`` is ``None`` when
    frames were not kept; the whole answer is ``None`` when there is no such event.
    """
    found = await _read(database, f"{_COLUMNS} WHERE id = ?", (event_id,))
    if not found:
        return None
    event = found[0]
    async with database.execute(_SESSION_FACTS, (event.session_id,)) as cursor:
        session = await _as_dict(cursor)
    async with database.execute("SELECT * FROM users WHERE user_id = ?", (event.user_id,)) as cursor:
        user = await _as_dict(cursor)
    if user is not None and isinstance(user.get("badges"), str):
        user["badges"] = list(read_badges(user["badges"]))
    raw = await event_raw(database, event_id, whole=False)
    facts = {"event": msgspec.to_builtins(event), "session": session, "user": user, "raw": raw}
    deleted = await _deleted(database, event)
    return facts | {"deleted": deleted} if deleted else facts


async def _deleted(database: aiosqlite.Connection, event: StoredEvent) -> list[str]:
    """The comments that an event deletes, the newest first, of those not long before it: nobody waits for more."""
    ids = event.data.get("deleted_message_ids") or [event.data.get("deleted_message_id")]
    if event.type != "moderation" or not ids[0]:
        return []
    async with database.execute(_DELETED, (event.id, msgspec.json.encode(ids).decode(), len(ids))) as cursor:
        return [f"{nickname or handle or 'somebody'}: {text}" for handle, nickname, text in await cursor.fetchall()]


async def _as_dict(cursor: aiosqlite.Cursor) -> dict[str, Any] | None:
    row = await cursor.fetchone()
    return None if row is None else dict(zip((column[0] for column in cursor.description), row, strict=True))


async def _by_last_event(
    database: aiosqlite.Connection, session_ids: Collection[str] | None, bound: int
) -> list[tuple[str, int]]:
    """(key, last event's id) of the sessions that have events before ``bound``, those with the newest ones first."""
    query = (
        "SELECT id, last_event_id FROM sessions WHERE first_event_id < ?1"
        " AND (?2 IS NULL OR id IN (SELECT value FROM json_each(?2))) ORDER BY last_event_id DESC"
    )
    keys = None if session_ids is None else msgspec.json.encode(list(session_ids)).decode()
    async with database.execute(query, (bound, keys)) as cursor:
        return [(row[0], row[1]) for row in await cursor.fetchall()]


async def _read(database: aiosqlite.Connection, sql: str, parameters: tuple[object, ...]) -> list[StoredEvent]:
    async with database.execute(sql, parameters) as cursor:
        rows = await cursor.fetchall()
    return [
        StoredEvent(
            *(row[0], row[1], row[2], row[3] or "", row[4] or "", row[5] or "", row[6] or "", row[7] or "", row[8]),
            data=msgspec.json.decode(row[9]),
            history=bool(row[10]),
        )
        for row in rows
    ]
