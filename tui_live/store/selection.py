"""Which events of a session an export takes, read in order and in little memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiosqlite
import msgspec
from msgspec import Struct

from tui_live.core.events import TYPES
from tui_live.errors import StoreError

_FROM = """
FROM event_rows e
CROSS JOIN event_types t ON t.number = e.type
CROSS JOIN data_heads h ON h.number = e.head
LEFT JOIN user_names n ON n.number = e.name
"""
#: A session that has this share of the ids between its first and last event is read straight through.
DENSE = 0.2


class Selection(Struct, frozen=True):
    """A condition on ``event_rows e`` with its parameters; ``expected`` is how many events it holds at most."""

    database: aiosqlite.Connection
    condition: str
    parameters: tuple[Any, ...]
    expected: int

    @classmethod
    async def of(
        cls,
        database: aiosqlite.Connection,
        session_id: str,
        types: tuple[str, ...],
        user: str,
        since_ms: int | None,
        until_ms: int | None,
    ) -> Selection:
        """Everything in the session at this moment that passes the filters. Raises :class:`StoreError`."""
        query = "SELECT number, total_events, first_event_id, last_event_id FROM sessions WHERE id = ?"
        async with database.execute(query, (session_id,)) as cursor:
            row = await cursor.fetchone()
        number, total, first, last = row if row else (0, 0, 0, 0)
        first, last = first or 0, last or -1
        conditions = ["e.id BETWEEN ? AND ?", "+e.session = ?"]
        parameters: list[Any] = [first, last, number]
        narrow: str | None = None
        if types:
            narrow, given = await _of_types(database, types)
            narrow = f"session = {int(number)} AND {narrow}"
            parameters += given
        elif not user and total < DENSE * (last - first + 1):
            narrow = f"session = {int(number)}"
        if narrow:
            conditions.append(f"e.id IN (SELECT id FROM event_rows WHERE {narrow})")  # noqa: S608
        if user:
            names = await _names_of(database, user)
            conditions.append("e.id IN (SELECT id FROM event_rows WHERE name IN (SELECT value FROM json_each(?)))")
            parameters.append(msgspec.json.encode(names).decode())
        for bound, compare in ((since_ms, ">="), (until_ms, "<")):
            if bound is not None:
                conditions.append(f"e.time_ms {compare} ?")
                parameters.append(bound)
        condition, values = " AND ".join(conditions), tuple(parameters)
        expected = total
        if narrow or user or since_ms is not None or until_ms is not None:
            async with database.execute(f"SELECT count(*) FROM event_rows e WHERE {condition}", values) as cursor:  # noqa: S608
                counted = await cursor.fetchone()
            expected = counted[0] if counted else 0
        return cls(database, condition, values, expected)

    async def rows(self, columns: str, parameters: tuple[Any, ...], size: int) -> AsyncIterator[list[Any]]:
        """``columns`` (SQL of ours on e, t, h and n) of the events, in the order of their ids, in lists of ``size``."""
        sql = f"SELECT {columns} {_FROM} WHERE {self.condition} ORDER BY e.id"
        async with self.database.execute(sql, (*parameters, *self.parameters)) as cursor:
            coming = asyncio.ensure_future(cursor.fetchmany(size))
            try:
                while rows := await coming:
                    # The database's thread reads on while these are being written.
                    coming = asyncio.ensure_future(cursor.fetchmany(size))
                    yield list(rows)
            finally:
                coming.cancel()


async def _of_types(database: aiosqlite.Connection, types: tuple[str, ...]) -> tuple[str, list[str]]:
    unknown = [name for name in types if name not in TYPES]
    if unknown:
        raise StoreError(f"There is no event type {unknown[0]!r}", f"types are {', '.join(TYPES)}")
    names = msgspec.json.encode(types).decode()
    return "type IN (SELECT number FROM event_types WHERE name IN (SELECT value FROM json_each(?)))", [names]


async def _names_of(database: aiosqlite.Connection, user: str) -> list[int]:
    """The numbers of all names of whoever is meant by an id, a handle or an ``@handle``. Raises :class:`StoreError`."""
    handle = user.removeprefix("@").lower()
    query = (
        "SELECT number FROM user_names WHERE user_id IN"
        " (SELECT user_id FROM user_names WHERE user_id = ?1 OR username = ?2)"
    )
    async with database.execute(query, (user, handle)) as cursor:
        numbers = [row[0] for row in await cursor.fetchall()]
    if not numbers:
        raise StoreError(f"Nobody in this database is {user!r}", "name a handle or a numeric user id")
    return numbers
