"""Who was there, and who shared, in a streamer's earlier sessions: what tells new from returning people."""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_left
from collections.abc import Container

import msgspec
from msgspec import Struct

from tui_live.core.traces import ERASED
from tui_live.store.sessions import KEPT

#: People of so many are looked at, the newest sessions first; whoever came only before counts as new. 16 MB.
MOST_PEOPLE = 2_000_000
_EARLIER = f"""
SELECT id, number, total_users, total_social FROM sessions
WHERE streamer_username = ?1 AND session_start < ?2 AND last_event_id IS NOT NULL AND {KEPT}
ORDER BY session_start DESC
"""  # noqa: S608 - text of ours
_VIEWERS = (
    "SELECT DISTINCT CAST(r.user_id AS INTEGER) FROM json_each(?) w CROSS JOIN score_rows r ON r.session = w.value"
    " ORDER BY 1 LIMIT ?"
)
_SHARERS = (
    "SELECT DISTINCT CAST(n.user_id AS INTEGER) FROM json_each(?) w CROSS JOIN event_types t"
    " CROSS JOIN event_rows e ON e.session = w.value AND e.type = t.number AND e.subtype = 'share'"
    " CROSS JOIN user_names n ON n.number = e.name WHERE t.name = 'social' ORDER BY 1 LIMIT ?"
)


class Ids(Container[str]):
    """User ids, in eight bytes each."""

    def __init__(self, ascending: array[int]) -> None:
        self._ids = ascending

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, user_id: object) -> bool:
        if not isinstance(user_id, str) or not (user_id.isascii() and user_id.isdecimal()):
            return False
        number = int(user_id)
        at = bisect_left(self._ids, number)
        return at < len(self._ids) and self._ids[at] == number


class Earlier(Struct, frozen=True):
    """The sessions of a streamer that were begun before another one, the newest first.

    ``keys`` are all of them; ``numbers`` those whose people are looked at. ``scored``: leaderboards were written.
    """

    keys: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    scored: bool = False


def earlier_sessions(database: sqlite3.Connection, streamer: str, start: str) -> Earlier:
    """The kept sessions of ``streamer`` with events that were begun before ``start`` (as ``sessions`` has it).

    Several streamers may have been erased: their sessions have none before them. Raises :class:`sqlite3.Error`.
    """
    if streamer == ERASED:
        return Earlier()
    keys: list[str] = []
    numbers: list[int] = []
    people = 0
    scored = False
    for key, number, users, social in database.execute(_EARLIER, (streamer, start)):
        keys.append(key)
        people += max(users, social)
        if people <= MOST_PEOPLE:
            numbers.append(number)
            scored = scored or users > 0
    return Earlier(tuple(keys), tuple(numbers), scored)


def viewers_before(database: sqlite3.Connection, earlier: Earlier) -> Ids | None:
    """Everybody who was seen in these sessions; ``None`` where that is not known.

    It is not when no earlier session was recorded, or none with a leaderboard: the first session of a stream does not
    tell who is new to it. Raises :class:`sqlite3.Error`.
    """
    return _ids(database, _VIEWERS, earlier) if earlier.scored else None


def sharers_before(database: sqlite3.Connection, earlier: Earlier) -> Ids | None:
    """Everybody who shared in these sessions; ``None`` where no earlier session was recorded."""
    return _ids(database, _SHARERS, earlier) if earlier.numbers else None


def _ids(database: sqlite3.Connection, query: str, earlier: Earlier) -> Ids:
    found = array("q")
    cursor = database.execute(query, (msgspec.json.encode(earlier.numbers).decode(), MOST_PEOPLE))
    while rows := cursor.fetchmany(10_000):
        found.extend([row[0] for row in rows])
    return Ids(found)
