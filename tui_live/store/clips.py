"""The clip ledger: every clip that was asked for, who asked, what became of it, and what was said before it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiosqlite
import msgspec
from msgspec import structs

from tui_live.core.clips import Cause, ChatLine, Clip, ClipState
from tui_live.errors import MissingError
from tui_live.store.recorder import Recorder

#: How much of the chat before a clip belongs to it, and how many lines of it at most.
CHAT_MS = 30_000
_CHAT_LINES = 500
#: Comments of a session are looked through by so many, from the newest back to that time, so many times at most.
_PAGE = 5_000
_PAGES = 200
_AT_ONCE = 200

_encode = msgspec.json.Encoder().encode
_causes = msgspec.json.Decoder(tuple[Cause, ...])
_chat = msgspec.json.Decoder(tuple[ChatLine, ...])

_COLUMNS = (
    *("state", "reason", "streamer_username", "session_id", "username", "trigger", "message", "viewers"),
    *("requested_ms", "saved_ms", "path", "target", "size", "duration_ms", "causes", "more"),
)
_INSERT = f"INSERT INTO clips ({', '.join(_COLUMNS)}, chat) VALUES ({', '.join('?' * len(_COLUMNS))}, ?)"  # noqa: S608
_UPDATE = f"UPDATE clips SET {', '.join(f'{name} = ?' for name in _COLUMNS)} WHERE id = ?"  # noqa: S608
_READ = "SELECT id, state, reason, requested_ms, saved_ms, path, target, size, duration_ms, causes, more"
#: Comments have no index by time, but their ids go with it: the oldest id and the newest time of the page below ``?2``.
_BACK = """
SELECT min(id), max(CASE WHEN history THEN 0 ELSE time_ms END), count(*) FROM (
    SELECT e.id, e.time_ms, e.history FROM event_rows e WHERE e.session = (SELECT number FROM sessions WHERE id = ?1)
        AND e.type = (SELECT number FROM event_types WHERE name = 'chat') AND e.id < ?2 ORDER BY e.id DESC LIMIT ?3
)
"""
_SAID = """
SELECT time_ms, username, nickname, message FROM (
    SELECT * FROM events WHERE id IN (
        SELECT e.id FROM event_rows e WHERE e.session = (SELECT number FROM sessions WHERE id = ?1)
            AND e.type = (SELECT number FROM event_types WHERE name = 'chat') AND e.id >= ?4 AND e.id < ?5
            AND e.time_ms BETWEEN ?2 AND ?3
    )
) ORDER BY time_ms DESC, id DESC LIMIT ?6
"""


class ClipReader:
    """Reads entries, from a read-only connection."""

    def __init__(self, reader: aiosqlite.Connection) -> None:
        self._reader = reader

    async def clip(self, number: int) -> Clip:
        """One entry with its chat. Raises :class:`MissingError`."""
        async with self._reader.execute(f"{_READ}, chat FROM clips WHERE id = ?", (number,)) as cursor:
            row = await cursor.fetchone()
        if row is None:
            raise MissingError(f"There is no clip {number}", "the clips screen lists all of them")
        return structs.replace(_clip(row), chat=_chat.decode(row[-1]))

    async def clips(self, text: str = "", limit: int = 200, before: int | None = None) -> list[Clip]:
        """Entries in which every word of ``text`` stands, the newest first, without their chat.

        Words are looked for in file name, state, reason, streamer, session, triggers, names and messages; letters' case
        does not matter. ``before``: only those with a smaller number.
        """
        words = text.casefold().split()
        found: list[Clip] = []
        async for clip in self._newest(before):
            if all(word in _sought(clip) for word in words):
                found.append(clip)
                if len(found) == limit:
                    break
        return found

    async def named(self, name: str) -> list[Clip]:
        """Entries whose file has exactly this name, in whatever folder, the newest first."""
        sql = f"{_READ} FROM clips WHERE path = ?1 OR substr(path, ?2) IN ('/' || ?1, '\\' || ?1) ORDER BY id DESC"
        async with self._reader.execute(sql, (name, -len(name) - 1)) as cursor:
            return [_clip(row) for row in await cursor.fetchall()]

    async def counts(self) -> dict[ClipState, int]:
        """How many entries are in each state."""
        async with self._reader.execute("SELECT state, COUNT(*) FROM clips GROUP BY state") as cursor:
            return {ClipState(state): count for state, count in await cursor.fetchall()}

    async def _newest(self, before: int | None) -> AsyncIterator[Clip]:
        last = before
        while True:
            sql = f"{_READ} FROM clips WHERE ?1 IS NULL OR id < ?1 ORDER BY id DESC LIMIT ?2"
            async with self._reader.execute(sql, (last, _AT_ONCE)) as cursor:
                rows = list(await cursor.fetchall())
            for row in rows:
                yield _clip(row)
            if len(rows) < _AT_ONCE:
                return
            last = rows[-1][0]


class ClipLedger(ClipReader):
    """Writes entries, too: through the recorder, in transactions of their own.

    What is written is on the disk when the call returns; a disk that refuses is waited for. Raises
    :class:`~tui_live.errors.StoreError` when the recorder has given up. ``version`` grows with every change.
    """

    def __init__(self, recorder: Recorder, reader: aiosqlite.Connection) -> None:
        super().__init__(reader)
        self._recorder = recorder
        self.version = 0
        self._with_chat: set[int] = set()
        """Entries whose chat was looked for: it is once, whatever else happens to them."""

    async def add(self, clip: Clip) -> Clip:
        """A new entry; returned with its number."""

        async def insert(database: aiosqlite.Connection) -> int:
            cursor = await database.execute(_INSERT, (*_row(clip), _encode(clip.chat).decode()))
            assert cursor.lastrowid is not None
            return cursor.lastrowid

        number = await self._recorder.persist(insert)
        self.version += 1
        return structs.replace(clip, number=number)

    async def update(self, clip: Clip) -> None:
        """The entry as it is now. Once there is a file, it gets the chat of the 30 s before it, unless it has it."""
        chat = None
        if clip.state in (ClipState.SAVED, ClipState.KEPT) and not await self._has_chat(clip):
            await self._recorder.flush()
            chat = _encode(await self._said_before(clip.causes[0])).decode()

        async def change(database: aiosqlite.Connection) -> None:
            await database.execute(_UPDATE, (*_row(clip), clip.number))
            if chat is not None:
                await database.execute("UPDATE clips SET chat = ? WHERE id = ? AND chat = '[]'", (chat, clip.number))

        await self._recorder.persist(change)
        if chat is not None:
            self._with_chat.add(clip.number)
        self.version += 1

    async def remove(self, number: int) -> None:
        """Forget an entry."""

        async def delete(database: aiosqlite.Connection) -> None:
            await database.execute("DELETE FROM clips WHERE id = ?", (number,))

        await self._recorder.persist(delete)
        self._with_chat.discard(number)
        self.version += 1

    async def unsettled(self) -> list[Clip]:
        """Entries that a run before this one left on their way, the oldest first."""
        sql = f"{_READ} FROM clips WHERE state IN ('requested', 'renaming') ORDER BY id"
        async with self._reader.execute(sql) as cursor:
            return [_clip(row) for row in await cursor.fetchall()]

    async def _has_chat(self, clip: Clip) -> bool:
        if clip.chat or clip.number in self._with_chat:
            return True
        async with self._reader.execute("SELECT 1 FROM clips WHERE id = ? AND chat <> '[]'", (clip.number,)) as cursor:
            return await cursor.fetchone() is not None

    async def _said_before(self, cause: Cause) -> tuple[ChatLine, ...]:
        """The chat of the cause's session in the 30 s before it, the oldest first; its own message is the last."""
        if not cause.session_id:
            return ()
        start_ms = cause.event_ms - CHAT_MS
        first = last = 2**63 - 1
        for _ in range(_PAGES):
            async with self._reader.execute(_BACK, (cause.session_id, first, _PAGE)) as cursor:
                [(oldest, newest_ms, count)] = await cursor.fetchall()
            if not count or newest_ms < start_ms:
                break
            first = oldest
            if count < _PAGE:
                break
        at = (cause.session_id, start_ms, cause.event_ms, first, last, _CHAT_LINES)
        async with self._reader.execute(_SAID, at) as cursor:
            rows = [ChatLine(row[0], row[1] or "", row[2] or "", row[3] or "") for row in await cursor.fetchall()]
        return tuple(reversed(rows))


def _row(clip: Clip) -> tuple[Any, ...]:
    first = clip.causes[0]
    return (
        *(clip.state.value, clip.reason, first.stream, first.session_id, first.username, first.trigger, first.message),
        *(first.viewers, clip.requested_ms, clip.saved_ms, clip.path, clip.target, clip.size, clip.duration_ms),
        *(_encode(clip.causes).decode(), clip.more),
    )


def _clip(row: aiosqlite.Row | Any) -> Clip:
    number, state, reason, requested_ms, saved_ms, path, target, size, duration_ms, causes, more = tuple(row)[:11]
    return Clip(
        number=number,
        state=ClipState(state),
        reason=reason,
        requested_ms=requested_ms,
        saved_ms=saved_ms,
        path=path,
        target=target,
        size=size,
        duration_ms=duration_ms,
        causes=_causes.decode(causes),
        more=more,
    )


def _sought(clip: Clip) -> str:
    parts = [clip.name, clip.state.value, clip.reason]
    for cause in clip.causes:
        parts += [cause.stream, cause.session_id, cause.trigger, cause.username, cause.nickname, cause.message]
    return " ".join(parts).casefold()
