"""Who is named in a session: everybody the database knows, and those who stand in its messages alone.

Battles, lists of viewers, pins and the lines that TikTok composes ("… joined") name people of whom no event of their
own was ever recorded. The original messages tell who they are.
"""

from __future__ import annotations

import re
from typing import Any

import aiosqlite
import msgspec
from google.protobuf.message import DecodeError
from msgspec import Struct, field

from tui_live.core.text import stored
from tui_live.store.frames import FrameReader
from tui_live.store.pseudonyms import Named
from tui_live.store.sessions import Session
from tui_live.wire.frames import BrokenFrame, unpack
from tui_live.wire.named import inserted, people
from tui_live.wire.schema import method_class, text

#: Types whose text TikTok, or this program, composes of other people's names and other words.
COMPOSED = frozenset(
    {*("battle", "ranking", "moderation", "goal", "link", "banner", "barrage", "system", "envelope", "shopping")}
)
_LINES = f"""
SELECT e.id, e.frame_id, e.place, 0 FROM event_rows e JOIN event_types t ON t.number = e.type
WHERE e.session = ?1 AND t.name IN ({",".join(repr(name) for name in sorted(COMPOSED))}) AND e.message <> ''
UNION ALL
SELECT e.id, e.frame_id, e.place, 1 FROM event_rows e
WHERE e.session = ?1 AND e.type = (SELECT number FROM event_types WHERE name = 'chat') AND instr(e.message, '@')
ORDER BY 1
"""  # noqa: S608 - names of ours
_DATA = """
SELECT h.head || coalesce(e.tail, '') FROM event_rows e JOIN event_types t ON t.number = e.type
JOIN data_heads h ON h.number = e.head
WHERE e.session = ? AND t.name IN ('battle', 'room_update') AND h.quotes = 0 AND e.tail LIKE '%"user_id":%'
"""
#: What no figure has, as TikTok writes one: three letters in a row, or one that is not of the Latin alphabet.
_NAME = re.compile(r"[a-z]{3}|[^\W\d_a-z]", re.IGNORECASE)
_NOBODY: tuple[Named, ...] = ()


class Cast(Struct):
    """All names, and by event who is named in its text.

    ``named`` has the events whose original message could be read. A comment's are those whom it mentions. A line's are
    also the words in it that may be somebody's name, without id and handle.
    """

    people: list[Named]
    named: dict[int, tuple[Named, ...]] = field(default_factory=dict)


async def read_cast(database: aiosqlite.Connection, session: Session) -> Cast:
    """Everybody who may be named in a session's events."""
    async with database.execute("SELECT user_id, username, display_name FROM user_names ORDER BY number") as cursor:
        cast = Cast([(row[0], row[1], row[2]) for row in await cursor.fetchall()])
    hosts = "SELECT DISTINCT coalesce(streamer_info ->> '$.host_id', 0), streamer_username FROM sessions"
    async with database.execute(hosts) as cursor:
        known = {handle for _, handle, _ in cast.people}
        for host_id, handle in await cursor.fetchall():
            if host_id or handle not in known:
                cast.people.append((str(host_id or f"@{handle}"), handle, ""))
    async with database.execute("SELECT number FROM sessions WHERE id = ?", (session.id,)) as cursor:
        row = await cursor.fetchone()
    number = row[0] if row else 0
    found = dict.fromkeys(await _from_data(database, number))
    await _from_messages(database, number, cast)
    found |= dict.fromkeys(name for names in cast.named.values() for name in names)
    cast.people += (one for one in found if one[0] or one[1])
    return cast


async def _from_data(database: aiosqlite.Connection, session: int) -> list[Named]:
    found: list[Named] = []
    async with database.execute(_DATA, (session,)) as cursor:
        async for (data,) in cursor:
            facts: dict[str, Any] = msgspec.json.decode(data)
            for one in (*facts.get("battle_users", ()), *facts.get("top_viewers", ())):
                found.append((one["user_id"], one.get("username", ""), one.get("display_name", "")))
    return found


async def _from_messages(database: aiosqlite.Connection, session: int, cast: Cast) -> None:
    frames = FrameReader(database)
    last, messages = 0, ()
    async with database.execute(_LINES, (session,)) as cursor:
        async for event_id, frame_id, place, is_chat in cursor:
            if frame_id is None:
                continue
            if frame_id != last:
                last, messages = frame_id, _messages(await frames.payload(session, frame_id))
            if place < len(messages):
                cast.named[event_id] = _named(messages[place], bool(is_chat))


def _messages(payload: bytes | None) -> Any:
    if payload is None:
        return ()
    try:
        return unpack(payload).messages
    except BrokenFrame:
        return ()


def _named(message: Any, is_chat: bool) -> tuple[Named, ...]:
    cls = method_class(text(message.method))
    if cls is None:
        return _NOBODY
    try:
        parsed = cls.FromString(message.payload)
    except DecodeError:
        return _NOBODY
    parts = (*parsed.mention_users, parsed.at_user) if is_chat else (parsed,)
    found = {
        (user_id, stored(handle).lower(), stored(nickname)): None
        for part in parts
        for user_id, handle, nickname in people(part)
    }
    if not is_chat:
        found |= {("", "", stored(text(said))): None for said in inserted(parsed) if _NAME.search(text(said))}
    return tuple(found) or _NOBODY
