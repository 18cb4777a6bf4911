"""What the console looks up in the database: one event with everything about it, and the full-text search.

Its connections read only, and are opened when something is looked up for the first time. A search has one of its own:
when it is cancelled, whatever that connection does is interrupted.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import Any, cast

import aiosqlite

from tui_live.core.account import Account
from tui_live.core.log import LogModel
from tui_live.core.scoring import Rules
from tui_live.store.account import account
from tui_live.store.database import open_reader
from tui_live.store.queries import event_facts, find_event
from tui_live.store.search import Hit, search

__all__ = ["Answers", "Hit", "Lookup"]


class Lookup:
    """Questions to the database at ``path``; ``session_id`` narrows events to one session, as a replay does."""

    def __init__(self, path: Path, session_id: str | None = None) -> None:
        self._path = path
        self._session_id = session_id
        self._database: aiosqlite.Connection | None = None
        self._searching: aiosqlite.Connection | None = None
        self._reading = asyncio.Lock()
        self._searches = asyncio.Lock()

    async def event(self, streamer: str, kind: str, msg_id: int, time_ms: int) -> dict[str, Any] | None:
        """The newest event of a streamer with TikTok's message id, as :func:`~tui_live.store.queries.event_facts`.

        ``None`` when it is not written (yet). ``time_ms`` tells apart messages without an id.
        """
        async with self._reading:
            database = await self._open()
            event_id = await find_event(database, streamer, kind, msg_id, time_ms, self._session_id)
            return None if event_id is None else await event_facts(database, event_id)

    async def stored_event(self, event_id: int) -> dict[str, Any] | None:
        """The event with this id in the database."""
        async with self._reading:
            return await event_facts(await self._open(), event_id)

    async def account(self, session_id: str, user_id: str, rules: Rules) -> Account:
        """Everything behind a person's score in a session."""
        async with self._reading:
            return await account(await self._open(), session_id, user_id, rules)

    async def search(
        self, text: str, limit: int, seconds: float | None = None, before_id: int | None = None
    ) -> AsyncIterator[list[Hit]]:
        """Messages of all sessions in which every word stands, the newest first, in slices; may be cancelled.

        ``before_id`` goes on with those older than that event.
        Raises :class:`TimeoutError` when ``seconds`` are up, after everything found until then.
        """
        async with self._searches:
            if self._searching is None:
                self._searching = await open_reader(self._path)
            found = search(self._searching, text, limit=limit, seconds=seconds, before_id=before_id)
            slices_of = cast("AsyncGenerator[list[Hit], None]", found)
            async with contextlib.aclosing(slices_of) as slices:
                async for hits in slices:
                    yield hits

    async def close(self) -> None:
        """Close what was opened."""
        for database in (self._database, self._searching):
            if database is not None:
                await database.close()
        self._database = self._searching = None

    async def _open(self) -> aiosqlite.Connection:
        if self._database is None:
            self._database = await open_reader(self._path)
        return self._database


class Answers:
    """What any console's backend answers from its database: whether it records or plays a recording."""

    def __init__(self, log: LogModel, lookup: Lookup) -> None:
        self.log = log
        self._lookup = lookup

    async def event_detail(self, stream: int, kind: str, msg_id: int, time_ms: int) -> dict[str, Any] | None:
        """Everything about an event of the log; ``None`` while it is not written."""
        return await self._lookup.event(self.log.stream_name(stream), kind, msg_id, time_ms)

    async def stored_event(self, event_id: int) -> dict[str, Any] | None:
        """Everything about an event in the database."""
        return await self._lookup.stored_event(event_id)

    def search(
        self, text: str, limit: int, seconds: float | None = None, before_id: int | None = None
    ) -> AsyncIterator[list[Hit]]:
        """Messages of all sessions, the newest first, in slices; :class:`TimeoutError` when ``seconds`` are up."""
        return self._lookup.search(text, limit, seconds, before_id)
