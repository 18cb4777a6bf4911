"""What the web side asks the database, as JSON with the names of SPEC §4 and §11."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiosqlite
import msgspec

from tui_live.core.account import Account
from tui_live.core.board import Board
from tui_live.core.events import GoalData
from tui_live.core.past import EventLine, PastSession
from tui_live.core.questions import Question
from tui_live.core.scoring import Rules
from tui_live.core.standings import Line, person_line, standings
from tui_live.core.times import iso
from tui_live.engine.history import History
from tui_live.errors import MissingError, StoreError
from tui_live.store import pages, sessions
from tui_live.store.boards import load_board
from tui_live.store.database import open_reader
from tui_live.store.export import Options, session_document
from tui_live.store.people_facts import flags_of, person_facts
from tui_live.store.serving import served
from tui_live.store.session_pages import session_columns, sessions_page

Facts = dict[str, Any]
Written = Callable[[float], Awaitable[bool]]
#: Messages about goals that are looked at for the latest of each kind.
_RECENT_GOALS = 200


class Archive:
    """Sessions in the database at ``path``.

    ``written`` tells when something was written (see :meth:`written`), ``history`` which sessions there are and which
    run. What is asked here closes nothing that the console has open: connections and the board are this one's own.
    """

    def __init__(self, path: Path, history: History, rules: Rules, written: Written) -> None:
        self._path = path
        self._history = history
        self._rules = rules
        self._written = written
        self._databases: dict[str, aiosqlite.Connection] = {}
        self._closed = False
        self._opening = asyncio.Lock()
        self._loading = asyncio.Lock()
        self._board: tuple[PastSession, Board] | None = None

    async def sessions(self, streamer: str, limit: int, after: str) -> tuple[list[Facts], str | None]:
        """Sessions, the newest first, behind where a page ended, and where this one does."""
        return await sessions_page(await self._open(), streamer, limit, after)

    async def session(self, key: str) -> Facts:
        """One session. Raises :class:`MissingError` for a key that is none."""
        await self._history.session(key)
        database = await self._open()
        document = await session_document(database, await sessions.find(database, key))
        return document | await session_columns(database, key)

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
        # On a connection of its own: what comes now does not wait for a search through what was.
        return await pages.page_after(await self._open("tail"), key, pages.Wanted(types), limit, after)

    async def comment(self, streamer: str, event_id: int) -> Question:
        """A comment in a session of that streamer. Raises :class:`MissingError` for an event that is none."""
        query = (
            "SELECT msg_id, user_id, username, nickname, message, time_ms FROM events"
            " WHERE id = ? AND event_type = 'chat'"
            " AND session_id IN (SELECT id FROM sessions WHERE streamer_username = ?)"
        )
        rows = list(await (await self._open()).execute_fetchall(query, (event_id, streamer)))
        if not rows:
            raise MissingError(f"There is no comment {event_id} of @{streamer}", "name the id of a chat event")
        msg_id, user_id, handle, nickname, message, time_ms = rows[0]
        return Question(msg_id, user_id or "", handle or "", nickname or "", "", message or "", time_ms)

    async def goals(self, key: str) -> list[GoalData]:
        """The goals of a session as they were last told."""
        wanted = pages.Wanted(("goal",))
        lines, _ = await pages.page_before(await self._open(), key, wanted, _RECENT_GOALS, None)
        latest: dict[str, GoalData] = {}
        for line in lines:
            goal = msgspec.convert(msgspec.json.decode(line.json)["processed_data"], GoalData, strict=False)
            latest.setdefault(goal.key, goal)
        return list(reversed(latest.values()))

    async def last_event(self, key: str) -> int:
        """The id of the session's last event."""
        return await pages.last_event(await self._open(), key)

    async def written(self, seconds: float) -> bool:
        """Return when more events have been written (true), or after so long."""
        return await self._written(seconds)

    async def participants(self, key: str, after: int, limit: int) -> tuple[list[Facts], int]:
        """Participants, the best first, after so many places; and how many there are."""
        found = standings(await self._board_of(key), after, limit)
        known = await flags_of(await self._open(), [line.user_id for line in found.lines])
        return [_participant(line) | known[line.user_id] for line in found.lines], found.people

    async def participant(self, key: str, user: str) -> Facts:
        """One person in a session. Raises :class:`MissingError` for who is not in it."""
        board = await self._board_of(key)
        user_id = user if user in board.ranking.user_ids else await self._user_id(board, user)
        line = person_line(board, user_id) if user_id else None
        if line is None:
            raise MissingError(f"Nobody in session {key} is {user!r}", "name an id or a handle")
        account = await self._history.account(key, user_id)
        return _participant(line) | person_facts(account.person) | _account(account)

    async def export(
        self,
        key: str,
        kind: str,
        types: tuple[str, ...],
        user: str,
        raw: bool,
        between: tuple[int | None, int | None] = (None, None),
    ) -> AsyncGenerator[bytes, None]:
        """A session's events in pieces, on a connection of their own; ``between``: UTC milliseconds."""
        await self._history.session(key)
        if user and not await pages.is_known(await self._open(), user):
            raise MissingError(f"Nobody in this database is {user!r}", "name an id or a handle")
        options = Options(kind, types, user, *between, raw=raw)
        database = await open_reader(self._path)
        try:
            async with contextlib.aclosing(served(database, key, options)) as pieces:
                async for piece in pieces:
                    yield piece
        finally:
            # Whoever hangs up, and a server that ends at the same moment, cancel twice.
            await asyncio.shield(database.close())

    async def close(self) -> None:
        """Close what was opened."""
        async with self._opening:
            self._closed = True
            for database in self._databases.values():
                await database.close()
            self._databases.clear()

    # Inside

    async def _board_of(self, key: str) -> Board:
        """The session's board: of one that runs, what it has now; of others, the last that was asked for is kept."""
        running = self._history.running(key)
        if running is not None:
            return running
        async with self._loading:
            session = await self._history.session(key)
            # Whatever is done to a session changes its row: when it is resumed, for one.
            if self._board is None or self._board[0] != session:
                self._board = None
                self._board = (session, await load_board(await self._open(), key, self._rules))
            return self._board[1]

    async def _user_id(self, board: Board, user: str) -> str:
        """Whoever of these people has, or had, this handle; the one who had it last."""
        query = "SELECT user_id FROM user_names WHERE username = ? ORDER BY first_seen DESC"
        handle = user.removeprefix("@").lower()
        rows = await (await self._open()).execute_fetchall(query, (handle,))
        return next((row[0] for row in rows if row[0] in board.ranking.user_ids), "")

    async def _open(self, purpose: str = "pages") -> aiosqlite.Connection:
        async with self._opening:
            if self._closed:
                raise StoreError("TUI Live is ending", "ask again when it runs")
            if purpose not in self._databases:
                self._databases[purpose] = await open_reader(self._path)
            return self._databases[purpose]


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
