"""What shares and engagement of a session were computed from, and their results as they are kept.

A result is taken from the table ``analyses`` while it was made of the same: whatever has come to the session, or to
what is computed, makes it void. What was there before the session stays what it was: whoever returned has returned,
also when an earlier session is deleted or goes on.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

import aiosqlite
import msgspec
from msgspec import Struct

from tui_live.core.engagement import EngagementResult, Weights
from tui_live.core.past import ACTIVE, Gap, PastSession
from tui_live.core.shares import ShareRules, SharesResult
from tui_live.core.traces import ERASED
from tui_live.errors import MissingError, StoreError
from tui_live.store.earlier import Earlier, earlier_sessions
from tui_live.store.past import SELECT_SESSION, read_session
from tui_live.store.recorder import Recorder
from tui_live.store.rows import milliseconds
from tui_live.store.sessions import KEPT

#: Of what the results are and how they are computed: raised when either changes.
FORMAT = 4
#: Beyond all ids of events.
_NO_EVENT = 1 << 62
# Lists come in one row: while another thread counts, each row of an answer may be waited for.
_MORE = """
SELECT number, first_event_id, coalesce(last_event_id, 0), room_id, coalesce(streamer_info ->> '$.host_id', ''),
    (SELECT json_group_array(json_array(gap_start, gap_end, reason))
        FROM (SELECT gap_start, gap_end, reason FROM gaps WHERE session_id = s.id ORDER BY gap_start, id)),
    (SELECT json_group_array(json_array(last_event, room_id))
        FROM (SELECT last_event, room_id FROM earlier_rooms WHERE session = s.number ORDER BY last_event))
FROM sessions s WHERE id = ?
"""
_HAS = f"SELECT 1 FROM sessions WHERE id = ? AND number = ? AND {KEPT}"  # noqa: S608 - text of ours
_COUNT = "SELECT count(*) FROM event_rows WHERE session = ? AND id BETWEEN ? AND ?"
# As they are: a text that is none would be refused.
_RESULT = "SELECT CAST(basis AS BLOB), CAST(shares AS BLOB), CAST(engagement AS BLOB) FROM analyses WHERE session = ?"
_OF_STREAMER = (
    f"SELECT id, total_events FROM sessions WHERE streamer_username = ? AND last_event_id IS NOT NULL AND {KEPT}"  # noqa: S608
    " ORDER BY session_start DESC, rowid DESC"
)
_UNCOUNTED = (
    f"SELECT id FROM sessions s WHERE status != ? AND last_event_id IS NOT NULL AND {KEPT}"  # noqa: S608
    " AND NOT EXISTS (SELECT 1 FROM analyses WHERE session = s.number) ORDER BY session_start DESC, rowid DESC LIMIT ?"
)
_INSERT = (
    "INSERT OR REPLACE INTO analyses (session, basis, shares, engagement)"  # noqa: S608 - text of ours
    f" SELECT number, ?, ?, ? FROM sessions WHERE id = ? AND number = ? AND {KEPT}"
)
_encode = msgspec.json.Encoder().encode


class Material(Struct, frozen=True):
    """What there is of a session at one moment.

    ``first`` and ``last`` are its events' ids (``last`` is smaller when it has none), ``rooms`` (last event, room) in
    order. ``until_ms`` is its end, or when its last written message came (UTC milliseconds).
    """

    session: PastSession
    number: int
    first: int
    last: int
    rooms: tuple[tuple[int, str], ...]
    host_id: str
    gaps: tuple[Gap, ...]
    earlier: Earlier

    @property
    def until_ms(self) -> int:
        """Until when the session was watched."""
        return max(self.session.end_ms or self.session.last_received_ms, self.session.start_ms)


class Basis(Struct, frozen=True):
    """What a result is made of.

    ``earlier_boards``: of so many earlier sessions a leaderboard told who was there.
    """

    last: int
    until_ms: int
    gaps: int
    gap_ms: int
    rules: ShareRules
    weights: Weights
    time_zone: str
    ended: bool
    earlier_boards: int
    format: int = FORMAT

    @classmethod
    def of(cls, material: Material, rules: ShareRules, weights: Weights, time_zone: str) -> Basis:
        """The basis of a result that is computed now."""
        gaps = material.gaps
        lost_ms = sum(gap.end_ms - gap.start_ms for gap in gaps)
        made_of = material.last, material.until_ms, len(gaps), lost_ms, rules, weights, time_zone
        return cls(*made_of, material.session.status != ACTIVE, material.earlier.scored)

    def holds(self, now: Basis) -> bool:
        """Whether a result of this basis is one of ``now``'s, too; earlier sessions may have been deleted."""
        same = msgspec.structs.replace(self, earlier_boards=now.earlier_boards) == now
        return same and now.earlier_boards <= self.earlier_boards


class Kept(Struct, frozen=True):
    """A result as it is kept."""

    basis: Basis
    shares: SharesResult
    engagement: EngagementResult


_basis = msgspec.json.Decoder(Basis)
_shares = msgspec.json.Decoder(SharesResult)
_engagement = msgspec.json.Decoder(EngagementResult)
_gaps = msgspec.json.Decoder(list[tuple[str, str, str]])
_rooms = msgspec.json.Decoder(list[tuple[int, str]])


def material(database: sqlite3.Connection, key: str) -> Material:
    """What there is of a session. Raises :class:`MissingError`, :class:`StoreError`, and :class:`sqlite3.Error`."""
    with _snapshot(database):
        found = database.execute(f"{SELECT_SESSION} WHERE id = ? AND {KEPT}", (key,)).fetchall()
        if not found:
            raise _missing(key)
        [(number, first, last, room_id, host_id, gaps, rooms)] = database.execute(_MORE, (key,)).fetchall()
        try:
            session = read_session(found[0])
            lost = tuple(Gap(milliseconds(start), milliseconds(end), why) for start, end, why in _gaps.decode(gaps))
        except ValueError as problem:
            raise StoreError(f"Session {key} cannot be read: {problem}", "its row, or a gap's, was changed") from None
        return Material(
            session,
            number,
            first or 1,
            last,
            (*_rooms.decode(rooms), (last, room_id)),
            str(host_id),
            lost,
            earlier_sessions(database, session.streamer, first or _NO_EVENT),
        )


def is_whole(database: sqlite3.Connection, of: Material, events: int) -> bool:
    """Whether a result of so many events has all that were written of a session; one that is active is not looked at.

    Raises :class:`MissingError` when it was deleted meanwhile, and :class:`sqlite3.Error`.
    """
    with _snapshot(database):
        if not database.execute(_HAS, (of.session.id, of.number)).fetchall():
            raise _missing(of.session.id)
        if of.session.status == ACTIVE:
            return True
        return database.execute(_COUNT, (of.number, of.first, of.last)).fetchall() == [(events,)]


def kept(database: sqlite3.Connection, of: Material, basis: Basis) -> Kept | None:
    """The result that was kept of a session, if it is of this basis. Raises :class:`sqlite3.Error`."""
    rows = database.execute(_RESULT, (of.number,)).fetchall() if basis.ended else []
    try:
        if not rows or not _basis.decode(rows[0][0]).holds(basis):
            return None
        return Kept(basis, _shares.decode(rows[0][1]), _engagement.decode(rows[0][2]))
    except (msgspec.DecodeError, UnicodeDecodeError):  # of another version, or spoiled
        return None


def rows_of(result: Kept) -> tuple[str, str, str]:
    """The texts that :func:`keep` writes; they take some milliseconds to make."""
    return _encode(result.basis).decode(), _encode(result.shares).decode(), _encode(result.engagement).decode()


async def keep(recorder: Recorder, of: Material, rows: tuple[str, str, str]) -> None:
    """Keep a session's result, unless it was deleted meanwhile. Raises :class:`~tui_live.errors.StoreError`."""
    async with recorder.writing() as database:
        await database.execute(_INSERT, (*rows, of.session.id, of.number))


def sessions_of(database: sqlite3.Connection, streamer: str) -> list[tuple[str, int]]:
    """(key, events) of a streamer's sessions that have some, the newest first. Raises :class:`MissingError`."""
    found = [] if streamer == ERASED else [(row[0], row[1]) for row in database.execute(_OF_STREAMER, (streamer,))]
    if not found:
        raise MissingError(f"No session of @{streamer} has events", "tui-live sessions lists all")
    return found


def uncounted(database: sqlite3.Connection, limit: int) -> list[str]:
    """Keys of the newest sessions that are over and have events, but no result. Raises :class:`sqlite3.Error`."""
    return [key for (key,) in database.execute(_UNCOUNTED, (ACTIVE, limit))]


def state_of_file(database: sqlite3.Connection) -> tuple[Any, ...]:
    """What differs after somebody was erased: the file was, or is still to be, written anew."""
    [state] = database.execute("SELECT * FROM pragma_schema_version, pragma_application_id").fetchall()
    return tuple(state)


async def clean_analyses(database: aiosqlite.Connection, sessions: Iterable[int]) -> None:
    """Within an erase's transaction: results of these sessions go, and those that name the person.

    They are computed anew when somebody asks. The connection has the function ``names_them``.
    """
    await database.executemany("DELETE FROM analyses WHERE session = ?", [(number,) for number in sessions])
    await database.execute("DELETE FROM analyses WHERE names_them(shares) OR names_them(engagement)")


@contextlib.contextmanager
def _snapshot(database: sqlite3.Connection) -> Iterator[None]:
    """What is read within is of one moment. Nothing is written: it ends by being rolled back, whatever happened."""
    database.execute("BEGIN")
    try:
        yield
    finally:
        database.rollback()


def _missing(key: str) -> MissingError:
    return MissingError(f"There is no session {key}", "it may have been deleted; tui-live sessions lists all")
