"""Whom an operator means by an id or a handle, and what the database has of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiosqlite
import msgspec
from msgspec import Struct

from tui_live.core.counts import several
from tui_live.core.traces import ID_KEYS, Traces
from tui_live.errors import StoreError
from tui_live.store.trends_erase import own_videos

_HAVE_PEOPLE = ("battle", "room_update", "moderation", "gift", "chat")
_Named = tuple[str, str, str]
"""(user id, handle, nickname); what is not told is empty."""


class NobodyFound(StoreError):
    """Nobody in the database is who was asked for."""


class Found(Struct, frozen=True):
    """A person and what the database has of them.

    Once they are erased: so many ``packs`` of stored frames nobody could read, so they went altogether, and with them
    the ``originals`` of so many events.
    """

    person: Traces
    events: int
    sessions: int
    streams: int = 0
    videos: int = 0
    packs: int = 0
    originals: int = 0

    def describe(self) -> str:
        """One line for the operator to confirm."""
        handles = ", ".join(f"@{handle}" for handle in sorted(self.person.handles)) or "no handle"
        own = f", their name on {several(self.streams, 'session')} of their own" if self.streams else ""
        own += f", {several(self.videos, 'trending video')} of theirs" if self.videos else ""
        return (
            f"{handles} (id {self.person.user_id or 'unknown'}): {several(self.events, 'event')} in "
            f"{several(self.sessions, 'session')}"
            f"{own}, their scores, their name on clips, and every mention in other events and in stored frames"
        )


async def find_person(database: aiosqlite.Connection, user: str) -> Found:
    """Who is meant by an id, a handle or an ``@handle``: somebody who did something, a streamer, or somebody whom
    the data of events name.

    Raises :class:`NobodyFound`, and :class:`StoreError` when a handle was used by several people.
    """
    handle = user.removeprefix("@").lower()
    named = [*await _named_in_tables(database, user, handle)]
    if not any(user_id for user_id, _, _ in named):
        named += [one async for one in _named_in_data(database, user, handle)]
    ids = {user_id for user_id, _, _ in named if user_id}
    if user in ids:
        ids = {user}
    if not named:
        raise NobodyFound(f"Nobody in this database is {user!r}", "name a handle or a numeric user id")
    if len(ids) > 1:
        raise StoreError(f"{user!r} was used by {len(ids)} people: {', '.join(sorted(ids))}", "name the id")
    user_id = ids.pop() if ids else ""
    if user_id:
        named += await _named_in_tables(database, user_id, "")
    theirs = [one for one in named if one[0] in (user_id, "")]
    person = Traces(user_id, {one[1] for one in theirs}, {one[2] for one in theirs})
    counts = (
        "SELECT count(*), count(DISTINCT session) FROM event_rows"
        " WHERE name IN (SELECT number FROM user_names WHERE user_id = ?)"
    )
    async with database.execute(counts, (user_id,)) as cursor:
        row = await cursor.fetchone()
    streams, videos = len(await own_sessions(database, person)), len(await own_videos(database, person))
    return Found(person, row[0] if row else 0, row[1] if row else 0, streams, videos)


async def own_sessions(database: aiosqlite.Connection, person: Traces) -> list[int]:
    """The numbers of the sessions in which the person streamed: by their id, or by their handle where none is known."""
    query = "SELECT number, streamer_username, streamer_info ->> '$.host_id' FROM sessions"
    async with database.execute(query) as cursor:
        return [
            number
            for number, streamer, host in await cursor.fetchall()
            if (person.is_id(str(host)) if host else streamer in person.handles)
        ]


async def _named_in_tables(database: aiosqlite.Connection, user_id: str, handle: str) -> list[_Named]:
    query = (
        "SELECT user_id, username, display_name FROM user_names WHERE user_id = ?1 OR username = ?2 UNION"
        " SELECT user_id, username, display_name FROM users WHERE user_id = ?1 UNION"
        " SELECT iif(coalesce(streamer_info ->> '$.host_id', 0) = 0, '', streamer_info ->> '$.host_id'),"
        " streamer_username, '' FROM sessions"
        " WHERE streamer_username = ?2 OR CAST(streamer_info ->> '$.host_id' AS TEXT) = ?1 UNION"
        " SELECT author_id, lower(author), nickname FROM raw_posts WHERE author_id = ?1 OR lower(author) = ?2"
    )
    async with database.execute(query, (user_id or None, handle or None)) as cursor:
        return [(str(row[0]), row[1], row[2]) for row in await cursor.fetchall()]


async def _named_in_data(database: aiosqlite.Connection, user_id: str, handle: str) -> AsyncIterator[_Named]:
    """People in the data of events: sides of battles, top viewers, those who were removed, given to or mentioned."""
    query = (
        "SELECT v.processed_data FROM event_rows e JOIN events v ON v.id = e.id"  # noqa: S608 - names of ours
        f" WHERE e.type IN (SELECT number FROM event_types WHERE name IN ({', '.join('?' * len(_HAVE_PEOPLE))}))"
        " AND (instr(e.tail, ?) OR instr(e.tail, ?))"
    )
    needles = [msgspec.json.encode(text).decode() for text in (user_id, handle)]
    known = set()
    async with database.execute(query, (*_HAVE_PEOPLE, *needles)) as cursor:
        while rows := list(await cursor.fetchmany(500)):
            for row in rows:
                for one in _people(msgspec.json.decode(row[0])):
                    if one not in known and (one[0] == user_id or one[1] == handle):
                        known.add(one)
                        yield one


def _people(value: Any, key: str = "") -> Iterator[_Named]:
    if isinstance(value, dict):
        if "username" in value:
            yield str(value.get("user_id", "")), value["username"], value.get("display_name", "")
        for name, item in value.items():
            yield from _people(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from _people(item, key)
    elif key in ID_KEYS and value:
        yield str(value), "", ""
