"""What shares and engagement of a session were computed from, and their results as they are kept.

A result is taken from the table ``analyses`` while it was made of the same: whatever has come to the session, or to
what is computed, makes it void. Sessions that were deleted since take nothing from it: whoever returned has returned.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

import aiosqlite
import msgspec
from msgspec import Struct

from tui_live.core.engagement import EngagementResult, Weights
from tui_live.core.past import ACTIVE, Gap, PastSession
from tui_live.core.shares import ShareRules, SharesResult
from tui_live.core.traces import ERASED
from tui_live.errors import MissingError
from tui_live.store.earlier import Earlier, earlier_sessions
from tui_live.store.past import SELECT_SESSION, read_session
from tui_live.store.recorder import Recorder
from tui_live.store.rows import milliseconds
from tui_live.store.sessions import KEPT

#: Of what the results are and how they are computed: raised when either changes.
FORMAT = 1
_MORE = (
    "SELECT number, coalesce(first_event_id, 1), coalesce(last_event_id, 0), room_id, session_start,"
    " coalesce(streamer_info ->> '$.host_id', '') FROM sessions WHERE id = ?"
)
_GAPS = "SELECT gap_start, gap_end, reason FROM gaps WHERE session_id = ? ORDER BY gap_start, id"
_ROOMS = "SELECT last_event, room_id FROM earlier_rooms WHERE session = ? ORDER BY last_event"
_OF_STREAMER = (
    f"SELECT id, total_events FROM sessions WHERE streamer_username = ? AND last_event_id IS NOT NULL AND {KEPT}"  # noqa: S608
    " ORDER BY session_start DESC, rowid DESC"
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
    """What a result is made of."""

    last: int
    until_ms: int
    gaps: int
    gap_ms: int
    rules: ShareRules
    weights: Weights
    time_zone: str
    earlier: tuple[str, ...]
    format: int = FORMAT

    @classmethod
    def of(cls, material: Material, rules: ShareRules, weights: Weights, time_zone: str) -> Basis:
        """The basis of a result that is computed now."""
        gaps = material.gaps
        lost_ms = sum(gap.end_ms - gap.start_ms for gap in gaps)
        earlier = material.earlier.keys
        return cls(material.last, material.until_ms, len(gaps), lost_ms, rules, weights, time_zone, earlier)

    def holds(self, now: Basis) -> bool:
        """Whether a result of this basis is one of ``now``'s, too; earlier sessions may have been deleted."""
        same = msgspec.structs.replace(self, earlier=now.earlier) == now
        return same and set(now.earlier) <= set(self.earlier)


class Kept(Struct, frozen=True):
    """A result as it is kept."""

    basis: Basis
    shares: SharesResult
    engagement: EngagementResult


_basis = msgspec.json.Decoder(Basis)
_shares = msgspec.json.Decoder(SharesResult)
_engagement = msgspec.json.Decoder(EngagementResult)


def material(database: sqlite3.Connection, key: str) -> Material:
    """What there is of a session. Raises :class:`MissingError`, and :class:`sqlite3.Error`."""
    database.execute("BEGIN")
    try:
        row = database.execute(f"{SELECT_SESSION} WHERE id = ? AND {KEPT}", (key,)).fetchone()
        if row is None:
            raise MissingError(f"There is no session {key}", "it may have been deleted; tui-live sessions lists all")
        session = read_session(row)
        number, first, last, room_id, start, host_id = database.execute(_MORE, (key,)).fetchone()
        return Material(
            session,
            number,
            first,
            last,
            (*((row[0], row[1]) for row in database.execute(_ROOMS, (number,))), (last, room_id)),
            str(host_id),
            tuple(Gap(milliseconds(row[0]), milliseconds(row[1]), row[2]) for row in database.execute(_GAPS, (key,))),
            earlier_sessions(database, session.streamer, start),
        )
    finally:
        database.execute("COMMIT")


def kept(database: sqlite3.Connection, of: Material, basis: Basis) -> Kept | None:
    """The result that was kept of a session, if it is of this basis. Raises :class:`sqlite3.Error`."""
    query = "SELECT basis, shares, engagement FROM analyses WHERE session = ?"
    row = database.execute(query, (of.number,)).fetchone() if of.session.status != ACTIVE else None
    try:
        if row is None or not _basis.decode(row[0]).holds(basis):
            return None
        return Kept(basis, _shares.decode(row[1]), _engagement.decode(row[2]))
    except msgspec.DecodeError:  # of another version
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


def state_of_file(database: sqlite3.Connection) -> tuple[Any, ...]:
    """What differs after somebody was erased: the file was, or is still to be, written anew."""
    return tuple(database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("schema_version", "application_id"))


async def clean_analyses(database: aiosqlite.Connection, sessions: Iterable[int]) -> None:
    """Within an erase's transaction: results of these sessions go, and those that name the person.

    They are computed anew when somebody asks. The connection has the function ``names_them``.
    """
    await database.executemany("DELETE FROM analyses WHERE session = ?", [(number,) for number in sessions])
    await database.execute("DELETE FROM analyses WHERE names_them(shares) OR names_them(engagement)")
