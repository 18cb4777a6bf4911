"""Sessions with real figures for the console's tests: scenarios and stories, analysed as the engine does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC
from functools import cache

from msgspec import structs

from tests.core.played import Play
from tests.core.story import START, batch, chat
from tests.ui.fakes import FakeBackend, view
from tui_live.core.analysis import TOP, Across, Analysis, across
from tui_live.core.engagement import Engagement
from tui_live.core.events import Batch, Event
from tui_live.core.past import Gap, PastSession
from tui_live.core.shares import ShareRules, Shares
from tui_live.errors import MissingError, TuiLiveError

RULES = ShareRules(viral_per_minute=20, influencer_followers=1000)
MINUTE = 60_000
HOUR = 3_600_000
#: Scenario, minutes, hours after the first.
EVENINGS = (("conversions", 13, 150), ("cascades", 30, 49), ("spikes", 30, 0))


def analysed(
    session: PastSession,
    batches: Iterable[Batch],
    *,
    until_ms: int,
    gaps: Sequence[tuple[int, int]] = (),
    known: frozenset[str] | None = None,
    host_id: str = "",
) -> Analysis:
    """The figures of these batches."""
    shares = Shares(session.start_ms, RULES, known=known)
    engagement = Engagement(session.start_ms, known=known, host_id=host_id)
    for one in batches:
        shares.add(one)
        engagement.add(one)
    for gap in gaps:
        shares.add_gap(*gap)
        engagement.add_gap(*gap)
    return Analysis(
        session,
        shares.result(until_ms=until_ms, zone=UTC, top=TOP),
        engagement.result(until_ms=until_ms, zone=UTC, top=TOP),
        tuple(Gap(start, end, "the connection was cut") for start, end in gaps),
    )


@cache
def played(name: str, minutes: float, *, hours_later: int = 0) -> Analysis:
    """A scenario by name, with a gap from its eighth to its tenth minute; every third person was there before."""
    later_ms = hours_later * HOUR
    play = Play(name, lost=((8, 10),) if minutes > 12 else ())
    batches = [_later(one, later_ms) for one in play.batches(minutes)]
    seen = {event.user.user_id for one in batches for event in one.events if event.user is not None}
    end_ms = START + int(minutes * MINUTE) + later_ms
    gaps = [(start + later_ms, end + later_ms) for start, end in play.gaps]
    key = f"{name[:4]}{hours_later:04d}"
    session = PastSession(key, "alice", START + later_ms, end_ms, "ended", gaps=len(gaps))
    host_id = str(play.people.host.user_id)
    known = frozenset(sorted(seen)[::3])
    return analysed(session, batches, until_ms=end_ms, gaps=gaps, known=known, host_id=host_id)


def _later(one: Batch, by_ms: int) -> Batch:
    events = tuple(structs.replace(event, time_ms=event.time_ms + by_ms) for event in one.events)
    return structs.replace(one, events=events, received_ms=one.received_ms + by_ms)


def evening(name: str) -> Analysis:
    """One of the scenarios of :data:`EVENINGS`."""
    return next(played(name, minutes, hours_later=later) for each, minutes, later in EVENINGS if each == name)


def evenings() -> list[Analysis]:
    """Four sessions of alice's, the newest first; in the third, nobody shared."""
    plays = [evening(name) for name, _, _ in EVENINGS]
    return [*plays[:2], told(chat(93_600, 1), key="quiet", hours_later=26), plays[2]]


def told(*events: Event, minutes: float = 20, key: str = "told1", hours_later: int = 0) -> Analysis:
    """A story of few events."""
    start_ms = START + hours_later * HOUR
    session = PastSession(key, "alice", start_ms, start_ms + int(minutes * MINUTE), "ended")
    batches = [batch(events)] if events else []
    return analysed(session, batches, until_ms=session.end_ms)


def under_way(analysis: Analysis) -> Analysis:
    """The same while it goes on."""
    return structs.replace(analysis, session=structs.replace(analysis.session, end_ms=0, status="active"))


class FakeAnalyses:
    """Implements :class:`tui_live.ui.analysis_backend.AnalysisBackend`; ``asked`` are the keys that were read."""

    def __init__(self, *analyses: Analysis) -> None:
        self.known = {one.session.id: one for one in analyses}
        self.kept: set[str] = set()
        self.asked: list[str] = []
        self.trouble: TuiLiveError | None = None
        #: What is told on the way, and what is waited for before the end.
        self.parts: tuple[float, ...] = ()
        self.go_on = asyncio.Event()
        self.go_on.set()
        self.cancelled = 0

    def ready(self, key: str) -> Analysis | None:
        return self.known.get(key) if key in self.kept else None

    async def analysis(self, key: str, progress: Callable[[float], None] | None = None) -> Analysis:
        self.asked.append(key)
        await self._read(progress)
        if key not in self.known:
            raise MissingError(f"There is no session {key}", "it may have been deleted")
        self.kept.add(key)
        return self.known[key]

    async def across(self, streamer: str, progress: Callable[[float], None] | None = None) -> Across:
        self.asked.append(f"@{streamer}")
        await self._read(progress)
        found = tuple(one for one in self.known.values() if one.session.streamer == streamer)
        if not found:
            raise MissingError(f"No session of @{streamer} was recorded yet", "")
        return across(streamer, found)

    async def _read(self, progress: Callable[[float], None] | None) -> None:
        if self.trouble is not None:
            raise self.trouble
        if progress is not None:
            for part in self.parts:
                progress(part)
        try:
            await self.go_on.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise


class FakeHistory:
    """As much of :class:`tui_live.ui.history_backend.HistoryBackend` as these screens ask for."""

    def __init__(self, *sessions: PastSession) -> None:
        self.listed = sessions
        self.boards: list[str] = []

    async def sessions(self, text: str = "", limit: int = 1000) -> Sequence[PastSession]:
        return [one for one in self.listed if text in one.streamer][:limit]

    async def session(self, key: str) -> PastSession:
        return next(one for one in self.listed if one.id == key)

    async def open_board(self, key: str) -> None:
        self.boards.append(key)

    def line(self, key: str, user_id: str) -> None:
        return None

    async def account(self, key: str, user_id: str) -> None:
        raise MissingError("Nobody is there", "")


class Analysed(FakeBackend):
    """alice's last session is the first of these; bob never had one."""

    def __init__(self, *analyses: Analysis) -> None:
        super().__init__([view("alice", 0, session_id=analyses[0].session.id if analyses else ""), view("bob", 1)])
        self.analyses = FakeAnalyses(*analyses)
        self.history = FakeHistory(*(one.session for one in analyses))
