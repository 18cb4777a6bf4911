"""A session's events as shares and engagement need them, read as fast as Python can: a million in some seconds.

Rows are read without joins. What an event's numbers stand for (:mod:`tui_live.store.shapes`) is looked up once and
kept, and nothing is decoded of what no figure is made of: of a comment its language stays, of somebody's coming in
nothing.
:mod:`tui_live.store.recall` gives whole events, at a fifth of the speed.
"""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_right
from collections.abc import Callable
from typing import Any

import msgspec

from tui_live.core.events import (
    ChatData,
    Data,
    Event,
    GiftData,
    LikeData,
    OtherData,
    Person,
    RoomUpdateData,
    SocialData,
)
from tui_live.store.recall import as_sharer
from tui_live.store.selection import DENSE

#: Event ids that are looked at together: some tens of milliseconds.
SLICE = 5_000
#: So few ids are read through, whatever stands between the session's own.
_FEW = 2_000
_COLUMNS = "SELECT id, type, subtype, name, time_ms, head, tail FROM event_rows"
_THROUGH = f"{_COLUMNS} WHERE id > ? AND id <= ? AND +session = ? ORDER BY id LIMIT ?"
_PICKED = f"{_COLUMNS} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"  # noqa: S608 - text of ours
#: By type, because the index that has the session has the type before the id.
_IDS = (
    "SELECT e.id FROM event_types t CROSS JOIN event_rows e"
    " WHERE e.session = ?1 AND e.type = t.number AND e.id > ?2 AND e.id <= ?3 ORDER BY 1"
)
_NAMES = (
    "SELECT number, user_id, username, display_name FROM json_each(?) w CROSS JOIN user_names n ON n.number = w.value"
)
#: Of these, figures are made of the data.
_TOLD: dict[str, type[Data]] = {
    cls.event_type: cls for cls in (ChatData, GiftData, LikeData, RoomUpdateData, SocialData)
}
_MOST_PEOPLE = 200_000
_UNTOLD = OtherData("")
_encode = msgspec.json.Encoder().encode


class _Kind:
    """One type of event: its name, and how its data are read. ``whole``: what a head says whatever follows it."""

    def __init__(self, name: str) -> None:
        self.name = name
        cls = _TOLD.get(name)
        self.decode: Callable[[str], Data] | None = None if cls is None else msgspec.json.Decoder(cls).decode
        self.whole: dict[int, Data] = {}
        self.alone: dict[int, Data] = {}


class EventReader:
    """Reads the events of one session, in order, from where it stopped.

    ``after`` is the id of the last event that was read. ``database`` is a connection of this thread's.
    """

    def __init__(self, database: sqlite3.Connection, session: int) -> None:
        self.after = 0
        self._database = database
        self._session = session
        self._kinds: dict[int, _Kind] = {}
        self._heads: dict[int, tuple[str, bool]] = {}
        self._people: dict[int | None, Person | None] = {}
        self._ids: array[int] | None = None
        self._picked = 0

    def aim(self, until: int, expected: int) -> None:
        """Read up to the event ``until`` from now on; there may be ``expected`` events of the session until there.

        Where others' events stand close between its own, those are picked by an index. Raises :class:`sqlite3.Error`.
        """
        self.rest()
        if until - self.after > _FEW and expected < DENSE * (until - self.after):
            self._ids = array("q")
            cursor = self._database.execute(_IDS, (self._session, self.after, until))
            while rows := cursor.fetchmany(SLICE):
                self._ids.extend([row[0] for row in rows])

    def events(self, until: int) -> list[Event]:
        """The next events up to ``until``, some thousands at most; ``after`` says how far they go.

        Raises :class:`sqlite3.Error`; the next call reads the same then.
        """
        if self._ids is not None:
            end = bisect_right(self._ids, until)
            picked = min(self._picked + SLICE, end)
            some = self._ids[self._picked : picked].tolist()
            rows = self._database.execute(_PICKED, (_encode(some).decode(),)).fetchall()
            last = until if picked == end else some[-1]
        else:
            picked = 0
            rows = self._database.execute(_THROUGH, (self.after, until, self._session, SLICE)).fetchall()
            last = rows[-1][0] if len(rows) == SLICE else until
        found = self._events(rows)
        # Not before: what raises is read again.
        self.after, self._picked = max(self.after, last), picked
        return found

    def rest(self) -> None:
        """Nothing is read for a while: names and ids, which take memory, are looked up again then."""
        self._forget_people()
        self._ids, self._picked = None, 0

    def _events(self, rows: list[Any]) -> list[Event]:
        self._meet({row[3] for row in rows})
        kinds, people = self._kinds, self._people
        made: list[Event] = []
        add = made.append
        for _, number, subtype, name, time_ms, head, tail in rows:
            kind = kinds.get(number) or self._kind(number)
            person = people[name]
            if kind.decode is None:
                add(Event(kind.name, subtype or "", person, "", time_ms, _UNTOLD, 0, 0))
                continue
            data = kind.whole.get(head) or (kind.alone.get(head) if tail is None else None)
            if data is None:
                data = self._data(kind, head, tail)
            if subtype == "share" and person is not None and isinstance(data, SocialData):
                person = as_sharer(person, data)
            add(Event(kind.name, subtype or "", person, "", time_ms, data, 0, 0))
        return made

    def _data(self, kind: _Kind, head: int, tail: str | None) -> Data:
        """The data of an event; what a head says by itself is kept. ``OtherData`` where it cannot be read."""
        assert kind.decode is not None
        text, quotes = self._heads.get(head) or self._head(head)
        try:
            if not quotes:
                data = kind.decode(text if tail is None else text + tail)
                if tail is None:
                    kind.alone[head] = data
                return data
            # The comment itself stands between the two parts. No figure needs it, nor what follows.
            if '"language":' in text:
                kind.whole[head] = data = kind.decode(text + '""}')
                return data
            return kind.decode(f'{text}""{tail or "}"}')
        except msgspec.DecodeError:
            return _UNTOLD

    # What numbers stand for

    def _meet(self, numbers: set[int | None]) -> None:
        """Know everybody who has one of these numbers; ``None`` is nobody."""
        people = self._people
        unknown = numbers - people.keys()
        if not unknown:
            return
        if len(people) + len(unknown) > _MOST_PEOPLE:
            self._forget_people()
            unknown = numbers
        # In order, because those who stand beside each other are read together.
        wanted = _encode(sorted(number for number in unknown if number is not None)).decode()
        people.update(dict.fromkeys(unknown))
        rows = self._database.execute(_NAMES, (wanted,)).fetchall()
        people.update([(number, Person(user_id, handle, name)) for number, user_id, handle, name in rows])

    def _forget_people(self) -> None:
        """One by one: all at once, no other thread would get the interpreter for tens of milliseconds."""
        people = self._people
        while people:
            people.popitem()

    def _kind(self, number: int) -> _Kind:
        rows = self._database.execute("SELECT name FROM event_types WHERE number = ?", (number,)).fetchall()
        kind = self._kinds[number] = _Kind(rows[0][0] if rows else "")
        return kind

    def _head(self, number: int) -> tuple[str, bool]:
        rows = self._database.execute("SELECT head, quotes FROM data_heads WHERE number = ?", (number,)).fetchall()
        head = self._heads[number] = (rows[0][0], bool(rows[0][1])) if rows else ("", False)
        return head
