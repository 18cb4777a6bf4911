"""Evenings of the simulator as a report has them: analysed, with totals and a leaderboard."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from msgspec import structs

from tests.core.played import Play
from tests.core.story import START
from tui_live.config import Config
from tui_live.core.analysis import Analysis
from tui_live.core.board import Board
from tui_live.core.engagement import Engagement
from tui_live.core.events import Batch
from tui_live.core.past import ENDED, Gap, PastSession, SessionFacts
from tui_live.core.shares import ShareRules, Shares
from tui_live.core.standings import Standings, standings
from tui_live.core.totals import Totals
from tui_live.report import session_page

MADE = START + 86_400_000
ZONE = ZoneInfo("Asia/Kolkata")
Gaps = Sequence[tuple[int, int]]


class Evening(NamedTuple):
    """Everything that a report is made from."""

    analysis: Analysis
    facts: SessionFacts
    board: Standings

    def page(self) -> str:
        return session_page(self.analysis, self.facts, self.board, MADE)


def evening(
    batches: Iterable[Batch],
    *,
    gaps: Gaps = (),
    rules: ShareRules | None = None,
    known: Container[str] | None = None,
    status: str = ENDED,
    key: str = "abcdefgh",
    title: str = "",
    start_ms: int = START,
) -> Evening:
    """What these batches come to; gaps in UTC milliseconds."""
    shares, engagement = Shares(start_ms, rules, known=known), Engagement(start_ms, known=known)
    totals, board = Totals(), Board(Config().scoring.rules())
    for batch in batches:
        for model in (shares, engagement, totals, board):
            model.add(batch)
    for start, end in gaps:
        shares.add_gap(start, end)
        engagement.add_gap(start, end)
        totals.add_gap(end - start)
    told = tuple(Gap(start, end, "the connection was cut") for start, end in gaps)
    shared, engaged = shares.result(zone=ZONE), engagement.result(zone=ZONE)
    end_ms = shared.until_ms if status == ENDED else 0
    session = PastSession(key, "ana", start_ms, end_ms, status, engaged.people.seen, totals.events, totals.coins)
    facts = SessionFacts(session, totals, title, gaps=told, frame_bytes=1000)
    return Evening(Analysis(session, shared, engaged, told), facts, standings(board))


def played(
    name: str, minutes: float, *, lost: Gaps = (), seed: int = 1, start_ms: int = START, **more: object
) -> Evening:
    """So many minutes of a scenario; what is ``lost`` in minutes from its start."""
    play = Play(name, seed=seed, lost=tuple(lost))
    batches = play.batches(minutes) if start_ms == START else later(play.batches(minutes), start_ms - START)
    return evening(batches, gaps=play.gaps, start_ms=start_ms, **more)  # type: ignore[arg-type]


def later(batches: Iterable[Batch], ms: int) -> Iterator[Batch]:
    """The same, so much later."""
    for batch in batches:
        events = tuple(structs.replace(event, time_ms=event.time_ms + ms) for event in batch.events)
        yield structs.replace(batch, events=events, received_ms=batch.received_ms + ms)
