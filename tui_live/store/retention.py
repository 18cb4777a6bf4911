"""Removing old sessions with everything that belongs to them (``database.retention_days``)."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Collection
from typing import Any

import aiosqlite
import msgspec

from tui_live.core.words import index_words
from tui_live.store import clock, packing
from tui_live.store.recorder import Recorder
from tui_live.store.rows import WORDED_TYPES, iso
from tui_live.store.scrubbing_clips import forget_said
from tui_live.store.sessions import KEPT

log = logging.getLogger(__name__)

_DAY_MS = 86_400_000
#: Rows of one slice at first; after that as many as fit into …
_ROWS = 250
#: … this time, so that recording never waits long.
_SLICE_SECONDS = 0.02
#: The tables of scores, with what makes their primary key beside the session.
_SCORES = {
    "score_rows": "number",
    "score_actions": "number",
    "score_moves": "action, user_id",
    "score_places": "user_id, time_ms",
}
#: The oldest session that is to go: nobody records it or wants to go on with it.
_OLDEST = f"""
SELECT rowid FROM sessions WHERE status <> 'active' AND session_end < ?1 AND {KEPT}
    AND streamer_info ->> '$.go_on' IS NULL AND id NOT IN (SELECT value FROM json_each(?2))
ORDER BY session_end LIMIT 1
"""  # noqa: S608 - text of ours
#: One statement finds it and marks it as deleted.
_CLAIM = f"""
UPDATE sessions SET streamer_info = json_set(streamer_info, '$.deleted', 1) WHERE rowid = ({_OLDEST})
RETURNING id, number
"""  # noqa: S608
_WORDED = ", ".join(f"'{name}'" for name in sorted(WORDED_TYPES))


def _none() -> Collection[str]:
    return ()


async def remove_old(recorder: Recorder, days: float, now_ms: int, held: Callable[[], Collection[str]] = _none) -> int:
    """Remove the sessions that ended more than ``days`` before ``now_ms`` (UTC ms); returns how many.

    ``held`` says which stay all the same: a stream shows them, or is to go on with them. None goes by a clock that may
    be wrong (:mod:`tui_live.store.clock`); the log says so.
    Works in short transactions between the recorder's own, and yields between them: run it as a task at the start and
    once a day. Stopped half-way, the next call goes on. Raises :class:`~tui_live.errors.StoreError`.
    """
    before, count = iso(round(now_ms - days * _DAY_MS)), 0
    async with recorder.writing() as database:
        is_any = bool(await _rows(database, _OLDEST, before, held))
        doubt = await clock.doubt(database, now_ms) if is_any else ""
    if doubt:
        log.warning("no old session is removed: %s", doubt)
        return 0
    while (claimed := await _claim(recorder, before, held)) is not None:
        await remove_session(recorder, *claimed)
        count += 1
    if count:
        await _remove_unnamed(recorder)
        await packing.give_back(recorder.writing)
    return count


async def _claim(recorder: Recorder, before: str, held: Callable[[], Collection[str]]) -> tuple[str, int] | None:
    """Mark the oldest session that is to go as deleted, so that nothing lists or continues it; its key and number."""
    async with recorder.writing() as database:
        rows = await _rows(database, _CLAIM, before, held)
    return (str(rows[0][0]), int(rows[0][1])) if rows else None


async def _rows(
    database: aiosqlite.Connection, sql: str, before: str, held: Callable[[], Collection[str]]
) -> list[Any]:
    async with database.execute(sql, (before, msgspec.json.encode(list(held())).decode())) as cursor:
        return list(await cursor.fetchall())


async def tidy(recorder: Recorder, days: float | None, now_ms: int, held: Callable[[], Collection[str]] = _none) -> int:
    """What is due at the start and once a day; returns how many sessions were removed (none without ``days``).

    Packs what a killed process left unpacked, and removes what :func:`remove_old` removes.
    """
    async with recorder.writing() as database:
        left = await packing.unpacked_sessions(database)
    for key in left:
        await recorder.pack(key, last=True)
    return await remove_old(recorder, days, now_ms, held) if days else 0


async def remove_session(recorder: Recorder, key: str, number: int) -> None:
    """Remove one session that is marked as deleted: events, words, frames, scores, gaps, and the session last.

    Its clips stay, without what was said.

    One that is not marked is never touched: every slice looks at the mark again.
    """
    with contextlib.suppress(_Unmarked):
        await _remove_marked(_Doomed(recorder, key, number))


async def _remove_marked(doomed: _Doomed) -> None:
    pace, key, number = _Pace(), doomed.key, doomed.number
    while await _remove_events(doomed, pace):  # noqa: ASYNC110 - a pause, not a poll
        await asyncio.sleep(pace.pause)
    for table, columns in _SCORES.items():
        while await _remove_scores(doomed, table, columns, pace):  # noqa: ASYNC110
            await asyncio.sleep(pace.pause)
    for table, column, value in (("frames", "session_id", key), ("frame_packs", "session", number)):
        limit = 20 if table == "frames" else 4
        removed = limit
        while removed == limit:
            async with doomed.writing() as database:
                cursor = await database.execute(
                    f"DELETE FROM {table} WHERE {column} = ?1 AND rowid IN"  # noqa: S608 - names of ours
                    f" (SELECT rowid FROM {table} WHERE {column} = ?1 LIMIT ?2)",
                    (value, limit),
                )
                removed = cursor.rowcount
            await asyncio.sleep(pace.pause)
    async with doomed.writing() as database:
        await database.execute("DELETE FROM gaps WHERE session_id = ?", (key,))
        await forget_said(database, key)
        # The number will be another session's; somebody may have done something to the board meanwhile.
        for table in (*_SCORES, "analyses", "earlier_rooms"):
            await database.execute(f"DELETE FROM {table} WHERE session = ?", (number,))  # noqa: S608 - names of ours
        await database.execute("DELETE FROM sessions WHERE id = ?", (key,))


class _Unmarked(Exception):
    """The session is gone already, or was never to go."""


class _Doomed:
    """A session on its way out."""

    def __init__(self, recorder: Recorder, key: str, number: int) -> None:
        self.key, self.number = key, number
        self._recorder = recorder

    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncIterator[aiosqlite.Connection]:
        """A transaction in which the session is marked. Raises :class:`_Unmarked` when it is not."""
        query = f"SELECT 1 FROM sessions WHERE id = ? AND number = ? AND NOT ({KEPT})"  # noqa: S608 - text of ours
        async with self._recorder.writing() as database:
            async with database.execute(query, (self.key, self.number)) as cursor:
                if await cursor.fetchone() is None:
                    raise _Unmarked
            yield database


class _Pace:
    """How many rows a slice may have."""

    pause = 0.01

    def __init__(self) -> None:
        self.rows = _ROWS

    def took(self, seconds: float) -> None:
        """The next slice is larger after a fast one, smaller after a slow one."""
        self.rows = max(50, min(10_000, int(self.rows * min(2.0, _SLICE_SECONDS / max(seconds, 1e-4)))))


async def _remove_events(doomed: _Doomed, pace: _Pace) -> bool:
    """Remove some events of a session; whether there were any."""
    query = (
        f"SELECT e.id, CASE WHEN t.name IN ({_WORDED}) THEN e.message END FROM event_rows e"  # noqa: S608
        " JOIN event_types t ON t.number = e.type WHERE e.session = ? LIMIT ?"
    )
    async with doomed.writing() as database:
        began = time.monotonic()
        async with database.execute(query, (doomed.number, pace.rows)) as cursor:
            rows = [(row[0], row[1]) for row in await cursor.fetchall()]
        await database.executemany(
            "INSERT INTO search (search, rowid, words) VALUES ('delete', ?, ?)",
            [(event_id, index_words(text)) for event_id, text in rows if text],
        )
        await database.executemany("DELETE FROM event_rows WHERE id = ?", [(event_id,) for event_id, _ in rows])
    pace.took(time.monotonic() - began)
    return bool(rows)


async def _remove_scores(doomed: _Doomed, table: str, key: str, pace: _Pace) -> bool:
    """Remove some rows of a table of scores; whether there were any."""
    one = " AND ".join(f"{column} = ?" for column in ("session", *key.split(", ")))
    async with doomed.writing() as database:
        began = time.monotonic()
        query = f"SELECT session, {key} FROM {table} WHERE session = ? LIMIT ?"  # noqa: S608 - names of ours
        async with database.execute(query, (doomed.number, pace.rows)) as cursor:
            rows = list(await cursor.fetchall())
        await database.executemany(f"DELETE FROM {table} WHERE {one}", rows)  # noqa: S608
    pace.took(time.monotonic() - began)
    return bool(rows)


async def _remove_unnamed(recorder: Recorder) -> None:
    """Remove the names, and then the people, that no event is left of."""
    after = 0
    while True:
        async with recorder.writing() as database:
            query = "SELECT max(number) FROM (SELECT number FROM user_names WHERE number > ? ORDER BY number LIMIT 500)"
            async with database.execute(query, (after,)) as cursor:
                row = await cursor.fetchone()
            last = row[0] if row else None
            if last is None:
                return
            gone = (
                "number > ?1 AND number <= ?2"
                " AND NOT EXISTS (SELECT 1 FROM event_rows e WHERE e.name = user_names.number)"
            )
            sql = f"DELETE FROM user_names WHERE {gone} RETURNING user_id"  # noqa: S608 - text of ours
            async with database.execute(sql, (after, last)) as found:
                people = {row[0] for row in await found.fetchall()}
            await database.executemany(
                "DELETE FROM users WHERE user_id = ?1 AND NOT EXISTS (SELECT 1 FROM user_names WHERE user_id = ?1)",
                [(user_id,) for user_id in people],
            )
            if people:
                recorder.forget_people()
        after = last
        await asyncio.sleep(_Pace.pause)
