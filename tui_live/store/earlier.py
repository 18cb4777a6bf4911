"""Who was there, and who shared, in a streamer's earlier sessions: what tells new from returning people.

Earlier is what was written before a session's first event. That stays as it is whatever comes later, also when an older
session goes on after a newer one was begun.
"""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Container, Generator, Iterator

import msgspec
from msgspec import Struct

from tui_live.core.traces import ERASED
from tui_live.store.sessions import KEPT

#: People of so many are looked at, the newest sessions first; whoever came only before counts as new. 16 MB.
MOST_PEOPLE = 2_000_000
#: So many are read, or put in order, at once: some tens of milliseconds.
_PIECE = 20_000
#: In one row: while another thread counts, each row of an answer may be waited for.
_EARLIER = f"""
SELECT json_group_array(json_array(first_event_id, last_event_id, number, total_users, total_social)) FROM sessions
WHERE streamer_username = ?1 AND first_event_id < ?2 AND {KEPT}
"""  # noqa: S608 - text of ours
_ON_BOARD = (
    "SELECT number, CAST(user_id AS INTEGER) FROM score_rows WHERE session = ?1 AND number > ?2"
    " ORDER BY number LIMIT ?3"
)
_SEEN = (
    "SELECT e.id, CAST(n.user_id AS INTEGER) FROM event_rows e CROSS JOIN user_names n ON n.number = e.name"
    " WHERE +e.session = ?1 AND e.id > ?2 AND e.id < ?4 ORDER BY e.id LIMIT ?3"
)
_SHARERS = (
    "SELECT e.id, CAST(n.user_id AS INTEGER) FROM event_types t CROSS JOIN event_rows e"
    " ON e.session = ?1 AND e.type = t.number AND e.subtype = 'share' AND e.id > ?2 AND e.id < ?4"
    " CROSS JOIN user_names n ON n.number = e.name WHERE t.name = 'social' ORDER BY e.id LIMIT ?3"
)
_sessions = msgspec.json.Decoder(list[tuple[int, int, int, int, int]])
Pieces = Generator[float, None, "Ids | None"]


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


class Span(Struct, frozen=True):
    """An earlier session: its number and the id of its first event. ``over``: it had no event since."""

    number: int
    first: int
    over: bool


class Earlier(Struct, frozen=True):
    """A streamer's sessions with events before the one with the id ``before``.

    ``spans`` are those whose people are looked at, the newest first. ``scored`` is of how many leaderboards were
    written.
    """

    before: int = 0
    spans: tuple[Span, ...] = ()
    scored: int = 0


def earlier_sessions(database: sqlite3.Connection, streamer: str, before: int) -> Earlier:
    """The kept sessions of ``streamer`` with events whose ids are smaller than ``before``.

    Several streamers may have been erased: their sessions have none before them. Raises :class:`sqlite3.Error`.
    """
    if streamer == ERASED:
        return Earlier(before)
    [(found,)] = database.execute(_EARLIER, (streamer, before)).fetchall()
    spans: list[Span] = []
    people = scored = 0
    for first, last, number, users, social in sorted(_sessions.decode(found), reverse=True):
        people += max(users, social)
        if people <= MOST_PEOPLE:
            spans.append(Span(number, first, last < before))
            scored += users > 0
    return Earlier(before, tuple(spans), scored)


def viewers_before(database: sqlite3.Connection, earlier: Earlier) -> Pieces:
    """Everybody who was seen in these sessions; ``None`` where that is not known. In pieces that yield 0.

    It is not when no earlier session was recorded, or none with a leaderboard: the first session of a stream does not
    tell who is new to it. Raises :class:`sqlite3.Error`.
    """
    if not earlier.scored:
        return None
    runs: list[array[int]] = []
    for span in earlier.spans:
        # The leaderboard of one that went on names those who came later, too.
        found = (
            _people(database, _ON_BOARD, -1, span.number)
            if span.over
            else _people(database, _SEEN, span.first - 1, span.number, earlier.before)
        )
        for run in found:
            runs.append(run)
            yield 0.0
    return (yield from _united(runs))


def sharers_before(database: sqlite3.Connection, earlier: Earlier) -> Pieces:
    """Everybody who shared in these sessions; ``None`` where no earlier session was recorded. In pieces, too."""
    if not earlier.spans:
        return None
    runs: list[array[int]] = []
    for span in earlier.spans:
        for run in _people(database, _SHARERS, span.first - 1, span.number, earlier.before):
            runs.append(run)
            yield 0.0
    return (yield from _united(runs))


def _people(database: sqlite3.Connection, query: str, after: int, session: int, *more: int) -> Iterator[array[int]]:
    """The people that a query has of a session behind a row, some at a time: each time ascending."""
    while rows := database.execute(query, (session, after, _PIECE, *more)).fetchall():
        after = rows[-1][0]
        yield array("q", sorted({row[1] for row in rows}))


def _united(runs: list[array[int]]) -> Generator[float, None, Ids]:
    """All of these ids in order and each once; a run is ascending."""
    united = array("q")
    left = [(run, 0) for run in runs]
    step = max(1, _PIECE // max(1, len(runs)))
    while left:
        # No run has more than a step of its ids up to there.
        bound = min(run[min(at + step, len(run)) - 1] for run, at in left)
        ids: set[int] = set()
        rest: list[tuple[array[int], int]] = []
        for run, at in left:
            end = bisect_right(run, bound, at)
            ids.update(run[at:end])
            if end < len(run):
                rest.append((run, end))
        united.extend(sorted(ids))
        left = rest
        yield 0.0
    return Ids(united)
