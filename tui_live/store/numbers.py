"""The small numbers that stand in ``event_rows`` for sessions, types, names and shared data."""

from __future__ import annotations

from collections.abc import Iterable

import aiosqlite
import msgspec

from tui_live.core.events import TYPES, Event, Person
from tui_live.store.rows import EventRow
from tui_live.store.shapes import Head, Heads, split

NameKey = tuple[str, str, str]

#: About 60 MB of names; beyond this all are forgotten and looked up again.
_REMEMBERED_NAMES = 200_000
_INSERT_NAME = """
INSERT INTO user_names (user_id, username, display_name, first_seen)
SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS (
    SELECT 1 FROM user_names WHERE user_id = ?1 AND username = ?2 AND display_name = ?3)
"""
_FIND_NAMES = """
SELECT n.user_id, n.username, n.display_name, n.number
FROM json_each(?) wanted CROSS JOIN user_names n ON n.user_id = wanted.value
"""
_INSERT_HEAD = "INSERT INTO data_heads (number, head, quotes) VALUES (?, ?, ?)"


def name_key(person: Person) -> NameKey:
    """What makes a row of ``user_names``."""
    return person.user_id, person.handle, person.nickname


class Numbers:
    """Looks numbers up, gives new ones, and remembers them for the rows that follow."""

    def __init__(self) -> None:
        self._types: dict[str, int] = {}
        self._sessions: dict[str, int] = {}
        self._names: dict[NameKey, int] = {}
        self._heads = Heads()

    async def open(self, database: aiosqlite.Connection) -> None:
        """Read what the database has, and make sure that every event type has a number."""
        await database.executemany("INSERT OR IGNORE INTO event_types (name) VALUES (?)", ((name,) for name in TYPES))
        async with database.execute("SELECT name, number FROM event_types") as cursor:
            self._types = {row[0]: row[1] for row in await cursor.fetchall()}
        query = "SELECT number, head, quotes FROM data_heads ORDER BY number DESC LIMIT 20000"
        async with database.execute(query) as cursor:
            for number, head, quotes in await cursor.fetchall():
                self._heads.remember(number, Head(head, bool(quotes)))

    async def learn_heads(self, database: aiosqlite.Connection) -> None:
        """Give heads that could not be written other numbers: another program has written some of its own."""
        first = self._heads.forget_unwritten()
        query = "SELECT number, head, quotes FROM data_heads WHERE number >= ? ORDER BY number"
        async with database.execute(query, (first,)) as cursor:
            for number, head, quotes in await cursor.fetchall():
                self._heads.remember(number, Head(head, bool(quotes)))

    def forget_names(self) -> None:
        """Look all names up again: rows of ``user_names`` were removed or changed."""
        self._names.clear()

    async def prepare(
        self, database: aiosqlite.Connection, sessions: Iterable[str], people: dict[NameKey, str]
    ) -> None:
        """Within a transaction: number these sessions and names; ``people`` has the time at which each was seen."""
        for key in sessions:
            if key not in self._sessions:
                async with database.execute("SELECT number FROM sessions WHERE id = ?", (key,)) as cursor:
                    row = await cursor.fetchone()
                self._sessions[key] = row[0] if row else 0
        missing = [(*name, seen) for name, seen in people.items() if name not in self._names]
        if not missing:
            return
        if len(self._names) + len(missing) > _REMEMBERED_NAMES:
            self._names.clear()
            missing = [(*name, seen) for name, seen in people.items()]
        await database.executemany(_INSERT_NAME, missing)
        wanted = msgspec.json.encode([row[0] for row in missing]).decode()
        async with database.execute(_FIND_NAMES, (wanted,)) as cursor:
            for user_id, username, display_name, number in await cursor.fetchall():
                self._names[user_id, username, display_name] = number

    async def finish(self, database: aiosqlite.Connection) -> None:
        """Within the same transaction, after the rows: write the heads that turned up in them.

        Raises :class:`sqlite3.IntegrityError` when another program has used their numbers: :meth:`learn_heads`, and
        make the rows again.
        """
        await database.executemany(_INSERT_HEAD, self._heads.unwritten)

    def committed(self) -> None:
        """The transaction is in the database."""
        self._heads.unwritten.clear()

    def rolled_back(self) -> None:
        """It is not: names given in it do not exist. Heads keep their numbers and are written with the next one."""
        self._names.clear()

    def row(self, event_id: int, session_id: str, event: Event, frame_id: int | None) -> EventRow:
        """The row of one event, after :meth:`prepare`."""
        user = event.user
        head, tail = split(event.data, event.text)
        return (
            event_id,
            self._sessions[session_id],
            self._types[event.type],
            event.subtype or None,
            self._names[user.user_id, user.handle, user.nickname] if user else None,
            event.text or None,
            event.time_ms,
            self._heads.number(head),
            tail,
            event.msg_id,
            frame_id,
            event.place,
            event.history,
        )
