"""What the web side asks the database, as JSON with the names of SPEC §4 and §11."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiosqlite
import msgspec

from tui_live.core.account import Account
from tui_live.core.past import EventLine, PastSession
from tui_live.core.standings import Line
from tui_live.core.times import iso
from tui_live.engine.history import History
from tui_live.errors import StreamError
from tui_live.store import pages, sessions
from tui_live.store.database import open_reader
from tui_live.store.export import Options, session_document
from tui_live.store.recorder import Recorder
from tui_live.store.serving import served

Facts = dict[str, Any]


class Archive:
    """Sessions in the database at ``path``.

    ``recorder`` tells when something was written, ``history`` has the boards.
    """

    def __init__(self, path: Path, recorder: Recorder, history: History) -> None:
        self._path = path
        self._recorder = recorder
        self._history = history
        self._database: aiosqlite.Connection | None = None
        self._opening = asyncio.Lock()

    async def sessions(self, streamer: str, limit: int, after: int) -> list[Facts]:
        """Sessions, the newest first, after so many."""
        found = await self._history.sessions(limit=after + limit, streamer=streamer)
        return [_session(session) for session in found[after:]]

    async def session(self, key: str) -> Facts:
        """One session. Raises :class:`StreamError` for a key that is none."""
        database = await self._open()
        found = await self._history.session(key)
        return await session_document(database, await sessions.find(database, found.id)) | {"total_users": found.users}

    async def events(
        self,
        key: str,
        *,
        types: tuple[str, ...],
        subtype: str,
        user: str,
        text: str,
        limit: int,
        before: int | None,
        raw: bool,
    ) -> tuple[list[EventLine], int | None]:
        """The newest events, or those before an id, and the id to go on from."""
        database = await self._open()
        await self._history.session(key)
        wanted = pages.Wanted(types, subtype, user, text)
        lines, following = await pages.page_before(database, key, wanted, limit, before)
        return await pages.with_raw(database, lines) if raw else lines, following

    async def events_after(self, key: str, types: tuple[str, ...], after: int, limit: int) -> list[EventLine]:
        """The events after an id, in order."""
        return await pages.page_after(await self._open(), key, pages.Wanted(types), limit, after)

    async def last_event(self, key: str) -> int:
        """The id of the session's last event."""
        return await pages.last_event(await self._open(), key)

    async def written(self, seconds: float) -> None:
        """Return when more events have been written, or after so long."""
        await self._recorder.written(seconds)

    async def participants(self, key: str, after: int, limit: int) -> tuple[list[Facts], int]:
        """Participants, the best first, after so many places; and how many there are."""
        await self._history.open_board(key)
        found = self._history.standings(key, after, limit)
        return [_participant(line) for line in found.lines], found.people

    async def participant(self, key: str, user: str) -> Facts:
        """One person in a session. Raises :class:`StreamError` for who is not in it."""
        session = await self._history.session(key)
        await self._history.open_board(key)
        user_id = await self._user_id(key, user)
        line = self._history.line(session.id, user_id) if user_id else None
        if line is None:
            raise StreamError(f"Nobody in session {key} is {user!r}", "name an id or a handle")
        account = await self._history.account(session.id, user_id)
        return _participant(line) | _account(account)

    async def export(self, key: str, kind: str, types: tuple[str, ...], user: str, raw: bool) -> AsyncIterator[bytes]:
        """A session's events in pieces, on a connection of their own."""
        await self._history.session(key)
        database = await open_reader(self._path)
        try:
            async for piece in served(database, key, Options(kind, types, user, raw=raw)):
                yield piece
        finally:
            await database.close()

    async def close(self) -> None:
        """Close what was opened."""
        async with self._opening:
            if self._database is not None:
                await self._database.close()
                self._database = None

    async def _user_id(self, key: str, user: str) -> str:
        """Whoever has this id or, in this session, had this handle."""
        query = (
            "SELECT r.user_id FROM score_rows r WHERE r.session = (SELECT number FROM sessions WHERE id = ?1)"
            " AND r.user_id IN (SELECT user_id FROM user_names WHERE user_id = ?2 OR username = ?3) LIMIT 1"
        )
        handle = user.removeprefix("@").lower()
        async with (await self._open()).execute(query, (key, user, handle)) as cursor:
            row = await cursor.fetchone()
        return row[0] if row else ""

    async def _open(self) -> aiosqlite.Connection:
        async with self._opening:
            if self._database is None:
                self._database = await open_reader(self._path)
            return self._database


def _session(session: PastSession) -> Facts:
    return {
        "id": session.id,
        "streamer_username": session.streamer,
        "session_start": iso(session.start_ms),
        "session_end": iso(session.end_ms) if session.end_ms else None,
        "status": session.status,
        "total_events": session.events,
        "total_users": session.users,
        "total_coins": session.coins,
        "gaps": session.gaps,
        "gap_seconds": session.gap_ms / 1000,
    }


def _participant(line: Line) -> Facts:
    return {
        "rank": line.place,
        "user_id": line.user_id,
        "username": line.handle,
        "nickname": line.name,
        "avatar_url": line.avatar_url or None,
        "points": line.points,
        "score": line.score,
        "coins": line.now.coins,
        "gifts": line.now.gifts,
        "likes": line.now.likes,
        "comments": line.now.comments,
        "follower": line.follower,
        "first_seen": iso(line.first_ms),
        "last_seen": iso(line.last_ms),
    }


def _account(account: Account) -> Facts:
    scale = account.scale
    now = account.now
    return {
        "sources": {
            "gifts": now.gift_points / scale,
            "likes": now.like_points / scale,
            "comments": now.comment_points / scale,
            "follows": now.follow_points / scale,
            "shares": now.share_points / scale,
        },
        "used_points": account.used_points,
        "gift_breakdown": msgspec.to_builtins(account.gifts),
        "comment_list": [
            {
                "message_id": str(comment.msg_id),
                "timestamp": iso(comment.time_ms),
                "text": comment.text,
                "used": comment.used,
            }
            for comment in account.comments
        ],
        "places": [{"timestamp": iso(time_ms), "rank": place or None} for time_ms, place in account.places],
        "names": [
            {"username": handle, "nickname": nickname, "first_seen": first} for handle, nickname, first in account.names
        ],
    }
