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


def clock_doubt(found: EngagementResult) -> str:
    """What to tell people when this machine's clock seems to be off, which spoils all rates; empty when it does not."""
    outside = found.outside
    if outside.clock_ahead_s is None:
        return ""
    ahead = outside.clock_ahead_s > 0
    off_s = abs(outside.clock_ahead_s)
    about = f"{round(off_s / 60)} min" if off_s >= 90 else f"{round(off_s)} s"
    events, where = (outside.before, "before the session began") if ahead else (outside.after, "after it ended")
    return (
        f"This machine's clock may be about {about} {'ahead' if ahead else 'behind'}: {events:,} of {found.events:,} "
        f"events carry times of TikTok's from {where}. Rates leave them out and are too low."
    )
