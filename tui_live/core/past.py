"""Sessions of the past, as they are listed and opened."""

from __future__ import annotations

from typing import NamedTuple

from msgspec import Struct

from tui_live.core.board import Action
from tui_live.core.log import Row
from tui_live.core.totals import Totals

ACTIVE, ENDED, INTERRUPTED = "active", "ended", "interrupted"


class PastSession(Struct, frozen=True, gc=False):
    """A line of the list. Times are UTC milliseconds; ``end_ms`` is 0 while the session is active.

    ``goes_on``: somebody wants it to go on as soon as its streamer is live.
    """

    id: str
    streamer: str
    start_ms: int
    end_ms: int
    status: str
    users: int = 0
    events: int = 0
    coins: int = 0
    gaps: int = 0
    gap_ms: int = 0
    last_received_ms: int = 0
    goes_on: bool = False


class Gap(Struct, frozen=True, gc=False):
    """An interval without a connection, in UTC milliseconds."""

    start_ms: int
    end_ms: int
    reason: str


class SessionFacts(Struct, frozen=True):
    """Everything about one session.

    ``rooms`` are those it was recorded in, the latest first; ``frame_bytes`` is what its frames take on the disk (0: it
    cannot be replayed). ``actions`` are all things that were done to its board, with ``names`` by user id.
    """

    session: PastSession
    totals: Totals
    title: str = ""
    rooms: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    frame_bytes: int = 0
    actions: tuple[Action, ...] = ()
    names: dict[str, str] = {}


class PastEvent(Struct, frozen=True, gc=False):
    """An event with its number in the database, and as a line of the log (its stream has the index 0)."""

    id: int
    row: Row


class EventLine(NamedTuple):
    """An event's id in the database, its type, and the event as one JSON object."""

    id: int
    type: str
    json: str
