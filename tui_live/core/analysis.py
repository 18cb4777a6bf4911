"""Shares and engagement of a session together, and of several sessions of one streamer (SPEC §9)."""

from __future__ import annotations

from msgspec import Struct

from tui_live.core import engagement, shares
from tui_live.core.engagement import EngagementOverSessions, EngagementResult
from tui_live.core.past import Gap, PastSession
from tui_live.core.shares import SharesOverSessions, SharesResult

#: How long the lists of people, gifts, spikes and cascades are.
TOP = 20


class Analysis(Struct, frozen=True):
    """One session as it was when this was computed; ``gaps`` are those in which nobody was looking."""

    session: PastSession
    shares: SharesResult
    engagement: EngagementResult
    gaps: tuple[Gap, ...] = ()


class Across(Struct, frozen=True):
    """Sessions of ``streamer``, the newest first, and all of them together; ``older`` sessions were left out."""

    streamer: str
    sessions: tuple[Analysis, ...]
    shares: SharesOverSessions
    engagement: EngagementOverSessions
    older: int = 0


def across(streamer: str, sessions: tuple[Analysis, ...], older: int = 0) -> Across:
    """Put the analyses of sessions (the newest first, at least one) together."""
    return Across(
        streamer,
        sessions,
        shares.combine([one.shares for one in sessions], TOP),
        engagement.combine([one.engagement for one in sessions], TOP),
        older,
    )
