"""Sessions: when a stream was recorded, what it added up to, and how it goes on after a break (SPEC §3, §5)."""

from __future__ import annotations

import contextlib
import logging
import secrets
from typing import Any

import aiosqlite
import msgspec
from msgspec import Struct

from tui_live.core.recent import REMEMBERED_IDS
from tui_live.core.streaks import StreakLedger
from tui_live.core.totals import Totals
from tui_live.errors import MissingError, StoreError, StreamError
from tui_live.store.recorder import Recorder
from tui_live.store.rows import DAMAGED_REMEDY, iso, milliseconds, read_totals

log = logging.getLogger(__name__)

#: A key is typed by hand: no letters that look alike. 8 of 31 signs: 40 bits.
_KEY_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
_KEY_LENGTH = 8
#: The gift messages read back to know open streaks again: an hour of a very busy room.
_STREAK_MESSAGES = 5_000
#: Sessions among which the last one is looked for: those that seem to be of the future are passed over.
_LOOKED_AT = 50
#: Holds for sessions that nobody has deleted; what is left of the others is on its way out.
KEPT = "streamer_info ->> '$.deleted' IS NULL"
_NO_BOUND = 1 << 62
#: Which events of a session were of which room: up to each row of ``earlier_rooms``, and behind the last of them.
_STRETCHES = """
WITH stretches AS (
    SELECT s.id AS id, r.room_id AS room_id, r.last_event AS last, coalesce(
        (SELECT max(b.last_event) + 1 FROM earlier_rooms b WHERE b.session = s.number AND b.last_event < r.last_event),
        s.first_event_id) AS first
    FROM sessions s JOIN earlier_rooms r ON r.session = s.number
    UNION ALL
    SELECT s.id, s.room_id, s.last_event_id,
        coalesce((SELECT max(b.last_event) + 1 FROM earlier_rooms b WHERE b.session = s.number), s.first_event_id)
    FROM sessions s WHERE s.first_event_id IS NOT NULL
)
"""


class Session(Struct):
    """One row of ``sessions``. Times are UTC milliseconds; ``end_ms`` is 0 while the session is active.

    ``host_id`` is the streamer's numeric id, 0 where TikTok did not name it. ``users`` is how many people did
    something, as the leaderboard was last written. ``goes_on``: it is wanted that it goes on when the streamer is live
    again.
    """

    id: str
    streamer: str
    room_id: str
    start_ms: int
    end_ms: int
    status: str
    totals: Totals
    last_received_ms: int = 0
    host_id: int = 0
    users: int = 0
    goes_on: bool = False


async def interrupt_leftovers(recorder: Recorder) -> int:
    """Mark sessions that a killed process left active as interrupted, ended at their last frame. Returns how many."""
    async with recorder.writing() as database:
        cursor = await database.execute(
            "UPDATE sessions SET status = 'interrupted', session_end = coalesce(strftime('%Y-%m-%dT%H:%M:%fZ',"
            " last_received_ms / 1000.0, 'unixepoch'), session_start) WHERE status = 'active'"
        )
        return cursor.rowcount


async def begin(recorder: Recorder, streamer: str, room_id: str, now_ms: int, info: dict[str, object]) -> Session:
    """Begin a new session."""
    session = Session(
        "".join(secrets.choice(_KEY_SIGNS) for _ in range(_KEY_LENGTH)),
        streamer,
        room_id,
        now_ms,
        0,
        "active",
        Totals(),
    )

    async def write(database: aiosqlite.Connection) -> None:
        await database.execute(
            "INSERT INTO sessions (id, streamer_username, room_id, session_start, status, streamer_info, totals,"
            " number) SELECT ?, ?, ?, ?, 'active', ?, ?, coalesce(max(number), 0) + 1 FROM sessions",
            (
                *(session.id, streamer, room_id, iso(now_ms), msgspec.json.encode(info).decode()),
                msgspec.json.encode(session.totals).decode(),
            ),
        )

    await recorder.persist(write)
    return session


async def resume(recorder: Recorder, session: Session, room_id: str) -> bool:
    """Let a session go on, possibly in a new room: its end is cleared, and the wish that it goes on is fulfilled.

    What was published of the former room must be written. False when the session has been deleted meanwhile.
    """

    async def write(database: aiosqlite.Connection) -> int:
        await database.execute(
            # Where nothing came in a room, the one before had the last event.
            "INSERT OR IGNORE INTO earlier_rooms (session, last_event, room_id)"
            " SELECT number, last_event_id, room_id FROM sessions"
            " WHERE id = ?1 AND room_id <> ?2 AND last_event_id IS NOT NULL",
            (session.id, room_id),
        )
        fulfilled = "streamer_info = json_remove(streamer_info, '$.go_on')"
        sql = f"UPDATE sessions SET status = 'active', session_end = NULL, room_id = ?, {fulfilled}"  # noqa: S608
        return (await database.execute(f"{sql} WHERE id = ? AND {KEPT}", (room_id, session.id))).rowcount

    if not await recorder.persist(write):
        return False
    session.room_id = room_id
    session.status = "active"
    session.end_ms = 0
    session.goes_on = False
    return True


async def wish(recorder: Recorder, streamer: str, key: str) -> bool:
    """Keep that a streamer's next broadcast goes on with the session ``key``, or (empty) that no session is to go on.

    False when there is no such session any more.
    """

    async def write(database: aiosqlite.Connection) -> int:
        await database.execute(
            "UPDATE sessions SET streamer_info = json_remove(streamer_info, '$.go_on')"
            " WHERE streamer_username = ? AND streamer_info ->> '$.go_on' IS NOT NULL",
            (streamer,),
        )
        sql = f"UPDATE sessions SET streamer_info = json_set(streamer_info, '$.go_on', 1) WHERE id = ? AND {KEPT}"  # noqa: S608
        return (await database.execute(sql, (key,))).rowcount

    return bool(await recorder.persist(write)) or not key


async def wished(database: aiosqlite.Connection, streamer: str) -> str:
    """The key of the session that the streamer's next broadcast is to go on with; empty for none."""
    found = await _rows(database, "streamer_username = ?1 AND streamer_info ->> '$.go_on' IS NOT NULL", (streamer, 1))
    return str(found[0][0]) if found else ""


async def finish(recorder: Recorder, session: Session, status: str, now_ms: int) -> None:
    """End a session as ``ended`` or ``interrupted``."""

    async def write(database: aiosqlite.Connection) -> None:
        await database.execute(
            "UPDATE sessions SET status = ?, session_end = ? WHERE id = ?", (status, iso(now_ms), session.id)
        )

    await recorder.persist(write)
    await recorder.whole(recorder.pack(session.id, last=True))
    session.status = status
    session.end_ms = now_ms


async def add_gap(recorder: Recorder, session: Session, start_ms: int, end_ms: int, reason: str) -> None:
    """Record an interval without a connection, and count it in the session's totals."""
    session.totals.add_gap(end_ms - start_ms)
    totals = session.totals

    async def write(database: aiosqlite.Connection) -> None:
        await database.execute(
            "INSERT INTO gaps (session_id, gap_start, gap_end, duration_ms, reason) VALUES (?, ?, ?, ?, ?)",
            (session.id, iso(start_ms), iso(end_ms), end_ms - start_ms, reason),
        )
        await database.execute(
            "UPDATE sessions SET total_gaps = ?, gap_ms = ?, totals = json_set(totals, '$.gaps', ?1, '$.gap_ms', ?2)"
            " WHERE id = ?3",
            (totals.gaps, totals.gap_ms, session.id),
        )

    await recorder.persist(write)


async def to_continue(
    database: aiosqlite.Connection, streamer: str, room_id: str, now_ms: int, within_s: float
) -> Session | None:
    """The session that a stream going live in ``room_id`` continues, or ``None`` for a new one.

    The streamer's last session goes on when it was cut in this very room, however long ago, or when it ended less than
    ``within_s`` ago, whatever the room (SPEC §3, §5). One that was recorded while the computer's clock was ahead is no
    last one, except in its own room.
    """
    for last in await listed(database, streamer=streamer, limit=_LOOKED_AT):
        if last.room_id == room_id and last.status == "interrupted":
            return last
        since_ms = now_ms - max(last.end_ms, last.last_received_ms)
        if since_ms >= -within_s * 1000:
            return last if since_ms <= within_s * 1000 else None
    return None


async def listed(database: aiosqlite.Connection, streamer: str | None = None, limit: int = 1000) -> list[Session]:
    """Sessions, the newest first. One whose row is damaged is left out, and the log says so."""
    found: list[Session] = []
    for row in await _rows(database, "?1 IS NULL OR streamer_username = ?1", (streamer, limit)):
        try:
            found.append(_session(row))
        except StoreError as damage:
            log.error("%s", damage)
    return found


async def find(database: aiosqlite.Connection, key: str) -> Session:
    """The session with this key, or the only one whose key begins so.

    Raises :class:`StreamError` when there is none, or more than one, and :class:`StoreError` when it is damaged.
    """
    beginning = key.strip().lower()
    pattern = beginning.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    found = await _rows(database, "id LIKE ?1 ESCAPE '\\'", (pattern, 3))
    exact = [row for row in found if row[0] == beginning]
    if beginning and (exact or len(found) == 1):
        return _session((exact or found)[0])
    said = f"More than one session begins with {key!r}" if found and beginning else f"There is no session {key!r}"
    raise StreamError(said, "tui-live sessions lists all of them")


async def meant(database: aiosqlite.Connection, key: str) -> Session:
    """As :func:`find`; with ``@streamer``, their newest session that has events.

    Raises :class:`~tui_live.errors.MissingError` when they have none.
    """
    if not key.startswith("@"):
        return await find(database, key)
    streamer = key.removeprefix("@").strip().lower()
    for session in await listed(database, streamer=streamer):
        if session.totals.events:
            return session
    raise MissingError(f"No session of @{streamer} has events", "tui-live sessions lists all")


async def _rows(database: aiosqlite.Connection, condition: str, parameters: tuple[object, int]) -> list[Any]:
    """Rows of sessions that fulfil ``condition`` (SQL of ours on ``?1``), at most ``?2``, the newest first."""
    columns = (
        "id, streamer_username, room_id, session_start, session_end, status, totals, last_received_ms, total_users,"
        " streamer_info ->> '$.host_id', streamer_info ->> '$.go_on' IS NOT NULL"
    )
    query = (
        f"SELECT {columns} FROM sessions WHERE {KEPT} AND ({condition})"  # noqa: S608
        " ORDER BY session_start DESC, rowid DESC LIMIT ?2"
    )
    async with database.execute(query, parameters) as cursor:
        return list(await cursor.fetchall())


def _session(row: Any) -> Session:
    """The session in one of these rows. Raises :class:`StoreError`."""
    key, name, room, start, end, status, totals, received, users, host, goes_on = row
    try:
        start_ms, end_ms = milliseconds(start), milliseconds(end)
    except (ValueError, TypeError) as error:
        raise StoreError(f"The times of session {key} are damaged: {error}", DAMAGED_REMEDY) from error
    return Session(
        *(key, name, room, start_ms, end_ms, status, read_totals(totals, key)),
        last_received_ms=received or 0,
        host_id=host or 0,
        users=users,
        goes_on=bool(goes_on),
    )


async def known_ids(database: aiosqlite.Connection, room_id: str, before_event: int = _NO_BOUND) -> list[int]:
    """The last message ids recorded of a room, the oldest first: a restart counts none of them again.

    ``before_event``: only what was recorded before that event, as a replay of what came then needs it.
    """
    query = (
        "SELECT msg_id FROM event_rows WHERE +session = (SELECT number FROM sessions WHERE id = ?1)"
        " AND id BETWEEN ?2 AND ?3 AND msg_id <> 0 ORDER BY id DESC LIMIT ?4"
    )
    ids: list[int] = []
    for key, first, last in await _spans(database, room_id, before_event):
        async with database.execute(query, (key, first, last, REMEMBERED_IDS - len(ids))) as cursor:
            ids.extend(row[0] for row in await cursor.fetchall())
    ids.reverse()
    return ids


async def restore_streaks(
    database: aiosqlite.Connection, room_id: str, ledger: StreakLedger, before_event: int = _NO_BOUND
) -> None:
    """Tell ``ledger`` how far the room's latest gift streaks were counted (before that event).

    Gifts whose numbers are none are left out: the stream must go on, whatever somebody did to the database.
    """
    query = (
        "SELECT user_id, processed_data ->> '$.gift_id', processed_data ->> '$.group_id',"
        " processed_data ->> '$.repeat_count', processed_data ->> '$.repeat_end' FROM events"
        " WHERE session_id = ? AND event_type = 'gift' AND id BETWEEN ? AND ? ORDER BY id DESC LIMIT ?"
    )
    rows: list[tuple[str | None, str, str, int, int]] = []
    for key, first, last in await _spans(database, room_id, before_event):
        async with database.execute(query, (key, first, last, _STREAK_MESSAGES)) as cursor:
            rows.extend([(row[0], row[1], row[2], row[3], row[4]) for row in await cursor.fetchall()])
    for user, gift, group, count, end in reversed(rows):
        with contextlib.suppress(TypeError, ValueError):
            ledger.growth((int(user or 0), int(gift), int(group)), int(count), bool(end))


async def first_event(database: aiosqlite.Connection, session_id: str) -> int:
    """The id of a session's first event; beyond all ids when it has none."""
    async with database.execute("SELECT first_event_id FROM sessions WHERE id = ?", (session_id,)) as cursor:
        row = await cursor.fetchone()
    return row[0] if row and row[0] is not None else _NO_BOUND


async def rooms(database: aiosqlite.Connection, session_id: str) -> list[tuple[int, str]]:
    """The rooms that a session was in, in order, each with the id of the last frame of it that had an event.

    The last one has an id beyond all frames; a room without frames is left out. A replay decodes each room by itself,
    as it was recorded.
    """
    # The room's last event may be erased, or have come while frames were not kept.
    query = f"""{_STRETCHES}
        SELECT (SELECT e.frame_id FROM event_rows e WHERE e.id BETWEEN t.first AND t.last AND e.frame_id IS NOT NULL
            AND +e.session = (SELECT number FROM sessions WHERE id = ?1) ORDER BY e.id DESC LIMIT 1), t.room_id
        FROM stretches t WHERE t.id = ?1 ORDER BY t.first
    """  # noqa: S608 - text of ours
    async with database.execute(query, (session_id,)) as cursor:
        found = [(row[0], row[1]) for row in await cursor.fetchall() if row[0] is not None]
    return [*found[:-1], (_NO_BOUND, found[-1][1])] if found else []


async def _spans(database: aiosqlite.Connection, room_id: str, before_event: int) -> list[tuple[str, int, int]]:
    """(key, first event id, last event id) of what sessions in a room have before that event, the newest first."""
    query = f"""{_STRETCHES}
        SELECT id, first, min(last, ?2 - 1) FROM stretches
        WHERE room_id = ?1 AND first < ?2 AND first <= last ORDER BY first DESC
    """  # noqa: S608 - text of ours
    async with database.execute(query, (room_id, before_event)) as cursor:
        return [(row[0], row[1], row[2]) for row in await cursor.fetchall()]
