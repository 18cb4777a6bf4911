"""How a stream and the whole program are doing: what screens, the API and ``serve`` show."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct, field

from tui_live.core.clips import ObsStatus
from tui_live.core.totals import Totals


class State(StrEnum):
    """The states of SPEC §3, as :mod:`tui_live.tiktok.supervisor` moves through them."""

    CHECKING = "checking"
    CONNECTING = "connecting"
    OFFLINE = "offline"
    LIVE = "live"
    STALE = "stale"
    RECONNECTING = "reconnecting"
    ENDED = "ended"
    LIMITED = "limited"
    BLOCKED = "blocked"
    FAILED = "failed"
    STOPPED = "stopped"

    @property
    def settled(self) -> bool:
        """Nothing more happens by itself, or only a return of an ended stream: ``--until-ended`` stops here."""
        return self in (State.ENDED, State.BLOCKED, State.FAILED, State.STOPPED)


class Standing(Struct, frozen=True):
    """A stream's state, why it is in it, and when the next step comes (UTC ms, 0 when none is planned)."""

    state: State
    reason: str = ""
    next_step_ms: int = 0
    since_ms: int = 0


class StreamView(Struct, frozen=True, kw_only=True):
    """One stream as a screen shows it. ``rates`` holds events per second, oldest first, one entry a second.

    ``totals`` are all sums of its session, as they were when the view was made.
    """

    name: str
    index: int
    standing: Standing
    session_id: str = ""
    room_id: str = ""
    viewers: int = 0
    coins: int = 0
    likes: int = 0
    room_likes: int = 0
    events: int = 0
    duplicates: int = 0
    undecodable: int = 0
    gaps: int = 0
    gap_ms: int = 0
    missing: int = 0
    rates: tuple[float, ...] = ()
    totals: Totals = field(default_factory=Totals)


class Health(Struct, frozen=True, kw_only=True):
    """The whole program: rates per second, totals since the start, sizes in bytes.

    ``backlog`` counts events that wait for the database; ``waiting`` tells that sockets are being read slower for it.
    ``trouble`` is one line for a person when the recorder cannot write, else empty. ``playing`` says that this is a
    replay, how fast it plays and where it is; empty otherwise. ``pages`` overlay pages are connected; ``web_trouble``
    is one line when they cannot be served. ``obs`` is ``None`` where there is none to be: in a replay.
    """

    events_per_second: float = 0.0
    backlog: int = 0
    waiting: bool = False
    dropped: int = 0
    duplicates: int = 0
    undecodable: int = 0
    database_bytes: int = 0
    trouble: str = ""
    playing: str = ""
    pages: int = 0
    web_trouble: str = ""
    obs: ObsStatus | None = None


class PageView(Struct, frozen=True):
    """A connected overlay page; ``stream`` is ``None`` for all together. Times are UTC milliseconds.

    ``watched``: there is such a stream; somebody may have mistyped its name.
    """

    page: str
    stream: str | None
    version: str
    remote: str
    since_ms: int
    heartbeat_ms: int
    watched: bool = True


class Overlays(Struct, frozen=True):
    """The web side: every page's address (with the token where one is needed), who is connected, what is wrong.

    ``version`` is that of the pages' files: a page of another one reloads itself.
    """

    addresses: tuple[tuple[str, str], ...] = ()
    pages: tuple[PageView, ...] = ()
    version: str = ""
    trouble: str = ""
