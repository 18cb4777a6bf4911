"""What the list of past sessions and an opened one are read from, and the mark of a session that is being deleted."""

from __future__ import annotations

from typing import Any

import aiosqlite
import msgspec

from tui_live.core.events import Event, OtherData, Person
from tui_live.core.log import LogModel
from tui_live.core.past import Gap, PastEvent, PastSession, SessionFacts
from tui_live.store.boards import load_actions
from tui_live.store.queries import StoredEvent
from tui_live.store.recall import typed
from tui_live.store.recorder import Recorder
from tui_live.store.rows import milliseconds, read_totals
from tui_live.store.sessions import KEPT

#: What :func:`read_session` reads.
SELECT_SESSION = """
SELECT id, streamer_username, session_start, session_end, status, total_users, total_events, total_coins, total_gaps,
    gap_ms, last_received_ms, streamer_info ->> '$.go_on' IS NOT NULL FROM sessions
"""
#: What the words of a filter are looked for in; dates as they are shown, in local time.
_SOUGHT = (
    "streamer_username || ' ' || id || ' ' || status || ' ' || room_id || ' '"
    " || strftime('%Y-%m-%d %H:%M', session_start, 'localtime')"
    " || iif(streamer_info ->> '$.go_on' IS NULL, '', ' resumes')"
)
_FACTS = """
SELECT totals, room_id, streamer_info ->> '$.title',
    (SELECT coalesce(sum(length(payload)), 0) FROM frames WHERE session_id = s.id)
    + (SELECT coalesce(sum(length(packed)), 0) FROM frame_packs WHERE session = s.number)
FROM sessions s WHERE id = ?
"""


async def listed(
    database: aiosqlite.Connection, text: str = "", limit: int = 1000, streamer: str = ""
) -> list[PastSession]:
    """Sessions in which every word of ``text`` stands (streamer, key, status, room, local date), the newest first.

    Those that are to go on have the word "resumes", too. ``streamer``: only that one's.
    """
    words = [f"%{_literal(word)}%" for word in text.lower().split()]
    wanted = "".join(f" AND {_SOUGHT} LIKE ? ESCAPE '\\'" for _ in words)
    sql = (
        f"{SELECT_SESSION} WHERE {KEPT}{wanted} AND (? = '' OR streamer_username = ?)"
        " ORDER BY session_start DESC, rowid DESC LIMIT ?"
    )
    async with database.execute(sql, (*words, streamer, streamer, limit)) as cursor:
        return [read_session(row) for row in await cursor.fetchall()]


async def past_session(database: aiosqlite.Connection, key: str) -> PastSession | None:
    """The session with exactly this key."""
    async with database.execute(f"{SELECT_SESSION} WHERE id = ? AND {KEPT}", (key,)) as cursor:
        row = await cursor.fetchone()
    return None if row is None else read_session(row)


async def session_facts(database: aiosqlite.Connection, session: PastSession) -> SessionFacts:
    """Everything about a session, as far as it is written."""
    async with database.execute(_FACTS, (session.id,)) as cursor:
        row = await cursor.fetchone()
    assert row is not None
    totals = read_totals(row[0], session.id)
    query = "SELECT gap_start, gap_end, reason FROM gaps WHERE session_id = ? ORDER BY gap_start"
    async with database.execute(query, (session.id,)) as cursor:
        gaps = tuple(Gap(milliseconds(gap[0]), milliseconds(gap[1]), gap[2]) for gap in await cursor.fetchall())
    actions = tuple(await load_actions(database, session.id))
    people = msgspec.json.encode(list({action.user_id for action in actions if action.user_id})).decode()
    query = (
        "SELECT user_id, coalesce(nullif(display_name, ''), nullif(username, ''), user_id) FROM users"
        " WHERE user_id IN (SELECT value FROM json_each(?))"
    )
    async with database.execute(query, (people,)) as cursor:
        names = {found[0]: found[1] for found in await cursor.fetchall()}
    rooms = (row[1], *(room for room in reversed(totals.likes_by_room) if room != row[1]))
    return SessionFacts(session, totals, row[2] or "", rooms, gaps, row[3], actions, names)


def as_lines(events: list[StoredEvent]) -> list[PastEvent]:
    """Stored events as the log would show them."""
    if not events:
        return []
    log = LogModel(len(events))
    log.append(0, [_event(event) for event in events])
    return [PastEvent(event.id, row) for event, row in zip(events, log.ring, strict=True) if row is not None]


async def mark_deleted(recorder: Recorder, key: str) -> bool:
    """Mark a session that is not active as deleted: nothing lists or continues it from now on; whether there was one.

    What belongs to it goes in slices, even if the program ends meanwhile (:func:`deleted`).
    """

    async def write(database: aiosqlite.Connection) -> int:
        marked = "streamer_info = json_set(streamer_info, '$.deleted', 1)"
        sql = f"UPDATE sessions SET {marked} WHERE id = ? AND status <> 'active' AND {KEPT}"  # noqa: S608
        return (await database.execute(sql, (key,))).rowcount

    return bool(await recorder.persist(write))


async def deleted(database: aiosqlite.Connection) -> list[tuple[str, int]]:
    """(key, number) of the sessions that are marked and not gone yet."""
    query = f"SELECT id, number FROM sessions WHERE NOT ({KEPT})"  # noqa: S608 - text of ours
    async with database.execute(query) as cursor:
        return [(row[0], row[1]) for row in await cursor.fetchall()]


def read_session(row: Any) -> PastSession:
    """The session in a row of :data:`SELECT_SESSION`."""
    key, streamer, start, end, status, users, events, coins, gaps, gap_ms, received, goes_on = row
    times = milliseconds(start), milliseconds(end)
    return PastSession(key, streamer, *times, status, users, events, coins, gaps, gap_ms, received or 0, bool(goes_on))


def _literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _event(event: StoredEvent) -> Event:
    person = Person(event.user_id, event.username, event.nickname) if event.user_id else None
    data = typed(event.type, msgspec.json.encode(event.data))
    # What this version cannot read is shown, not taken for what it is not.
    kind = data.event_type if isinstance(data, OtherData) else event.type
    return Event(kind, event.subtype, person, event.text, event.time_ms, data, 0, 0, event.history)
