"""Which events of a session an export takes, read in order and in little memory.

Each piece is a query of its own: whoever takes an export slowly keeps no snapshot of the database meanwhile, behind
which the write-ahead log would grow without end.
"""

from __future__ import annotations

import asyncio
import itertools
from array import array
from collections.abc import AsyncGenerator
from typing import Any

import aiosqlite
import msgspec
from msgspec import Struct

from tui_live.core.events import TYPES
from tui_live.errors import StoreError
from tui_live.store.sessions import KEPT

_FROM = """
FROM event_rows e
CROSS JOIN event_types t ON t.number = e.type
CROSS JOIN data_heads h ON h.number = e.head
LEFT JOIN user_names n ON n.number = e.name
"""
#: A session that has this share of the ids between its first and last event is read straight through.
DENSE = 0.2
#: Ids that are fetched from the database's thread together.
_AT_A_TIME = 20_000


class Selection(Struct, frozen=True):
    """A condition on ``event_rows e`` with its parameters; ``expected`` is how many events it holds at most.

    Where a condition holds for few of a session's events, ``ids`` are these.
    """

    database: aiosqlite.Connection
    session_id: str
    condition: str
    parameters: tuple[Any, ...]
    expected: int
    ids: array[int] | None = None

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
        if not (narrow or user or since_ms is not None or until_ms is not None):
            return cls(database, session_id, condition, values, total)
        ids = array("q")
        async with database.execute(f"SELECT e.id FROM event_rows e WHERE {condition} ORDER BY e.id", values) as cursor:  # noqa: S608
            while rows := await cursor.fetchmany(_AT_A_TIME):
                ids.extend(row[0] for row in rows)
        return cls(database, session_id, condition, values, len(ids), ids)

    async def rows(self, columns: str, parameters: tuple[Any, ...], size: int) -> AsyncGenerator[list[Any], None]:
        """``columns`` (SQL of ours on e, t, h and n) of the events, in the order of their ids, in lists of ``size``.

        Raises :class:`StoreError` at the end when the session was deleted meanwhile.
        """
        coming = asyncio.ensure_future(self._piece(columns, parameters, size, 0, 0))
        try:
            for number in itertools.count(1):
                rows = await coming
                if not rows:
                    break
                # The database's thread reads on while these are being written.
                coming = asyncio.ensure_future(self._piece(columns, parameters, size, number, rows[-1][-1]))
                yield rows
        finally:
            coming.cancel()
            if coming.done() and not coming.cancelled():
                coming.exception()  # whoever went away does not want to hear of it
        async with self.database.execute(f"SELECT 1 FROM sessions WHERE id = ? AND {KEPT}", (self.session_id,)) as left:  # noqa: S608
            if await left.fetchone() is None:
                raise StoreError("The session was deleted meanwhile", "the export is not complete")

    async def _piece(self, columns: str, parameters: tuple[Any, ...], size: int, number: int, after: int) -> list[Any]:
        """The next rows behind the event ``after``, each with its id at the end."""
        if self.ids is None:
            # One lower bound: of two, SQLite would read from the lower one on each time.
            first, *others = self.parameters
            condition, values = self.condition, (max(first, after + 1), *others, size)
        else:
            some = self.ids[number * size : (number + 1) * size].tolist()
            condition, values = "e.id IN (SELECT value FROM json_each(?))", (msgspec.json.encode(some).decode(), size)
        sql = f"SELECT {columns}, e.id {_FROM} WHERE {condition} ORDER BY e.id LIMIT ?"
        return list(await self.database.execute_fetchall(sql, (*parameters, *values)))


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
