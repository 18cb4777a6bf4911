"""How far a session's numbers can be trusted: gaps, what came twice or could not be read, and what TikTok samples."""

from __future__ import annotations

from tui_live.core.analysis import Analysis, clock_doubt
from tui_live.core.counts import several
from tui_live.core.past import Gap, SessionFacts
from tui_live.core.text import stored
from tui_live.report.markup import Content, Markup, tag
from tui_live.report.page import block
from tui_live.report.tables import Fact, facts, table
from tui_live.report.words import Clock, full, percent, span


def length_s(analysis: Analysis) -> float:
    """Seconds from the session's start until when it was watched, gaps included."""
    return max(0.0, (analysis.shares.until_ms - analysis.shares.start_ms) / 1000)


def observed(analysis: Analysis) -> str:
    """``2 h 10 min of 2 h 22 min (92%)``."""
    whole, seen = length_s(analysis), analysis.shares.observed_s
    if not whole or seen >= whole:
        return f"all of {span(whole)}"
    return f"{span(seen)} of {span(whole)} ({percent(seen / whole)})"


def missing(gaps: tuple[Gap, ...]) -> str:
    """``3 gaps, 12 min without a connection``."""
    lost_ms = sum(gap.end_ms - gap.start_ms for gap in gaps)
    return f"{several(len(gaps), 'gap')}, {span(lost_ms / 1000)} without a connection"


def likes_of(analysis: Analysis, of: SessionFacts) -> tuple[int, int | None, bool]:
    """The likes with a name, those of the room's own count beside them, and whether these are of this session only.

    The count goes on from before the session: where it was told twice without a gap between, its growth is what counts.
    """
    grown, named = analysis.engagement.room_likes_per_minute, analysis.engagement.likes_per_minute
    if grown.count:
        return named.count, grown.count, True
    return of.totals.likes, of.totals.room_likes or None, False


def coverage(likes: int, room_likes: int) -> str:
    """What part of the room's likes came with a name."""
    return percent(min(1.0, likes / room_likes)) if room_likes else "TikTok told no total"


def trust(analysis: Analysis, of: SessionFacts, clock: Clock) -> Content:
    """All of it."""
    totals = of.totals
    kept = "Every message is kept as it came." if of.frame_bytes else "TikTok's own messages were not kept."
    named, room_likes, grown = likes_of(analysis, of)
    likes = None if room_likes is None else f"{full(named)} of {full(room_likes)} likes"
    since = "of the room's own count as it grew" if grown else "of the room's own count, also from before the session"
    return [
        block(
            "What was seen",
            facts(
                [
                    Fact("", observed(analysis), None, "Observed", "From the session's start, without its gaps."),
                    Fact(
                        "",
                        coverage(named, room_likes or 0),
                        likes,
                        "Likes that came with a name",
                        f"TikTok samples people's likes: a ranking by likes covers this part {since}.",
                    ),
                    Fact("", full(totals.events), None, "Events", kept),
                    Fact("", full(totals.duplicates), None, "Sent again by TikTok", "Counted once."),
                    Fact(
                        "",
                        full(totals.undecodable),
                        None,
                        "Not decodable",
                        "Kept as they came; they count in no figure." if totals.undecodable else "",
                    ),
                    Fact(
                        "",
                        full(max(analysis.shares.misplaced, analysis.engagement.misplaced)),
                        None,
                        "At impossible times",
                        "Messages with a time at which this session was not: they are in totals, not in rates.",
                    ),
                    Fact(
                        "",
                        full(analysis.engagement.outside.events),
                        clock_doubt(analysis.engagement) or None,
                        "Outside of observed time",
                        "By TikTok's clock before the start, after the end or in a gap: in totals, not in rates.",
                    ),
                    Fact(
                        "",
                        full(
                            analysis.shares.untold
                            + analysis.engagement.untold_gifts
                            + analysis.engagement.people.beyond
                        ),
                        None,
                        "Beyond what is followed",
                        "Shares, spikes, gifts and messages beyond the bounds of what is told apart.",
                    ),
                ],
                "shares",
            ),
            wide=True,
        ),
        block(
            "Gaps",
            _gaps(analysis, of, clock),
            note="A gap is neither silence nor a spike: rates leave it out.",
            wide=True,
        ),
        block("Events by type", _kinds(of), wide=True),
    ]


def _gaps(analysis: Analysis, of: SessionFacts, clock: Clock) -> Markup:
    rows = [
        (
            clock.moment(gap.start_ms, of.session.start_ms),
            clock.moment(gap.end_ms, of.session.start_ms),
            span((gap.end_ms - gap.start_ms) / 1000),
            tag("bdi", stored(gap.reason)),
        )
        for gap in analysis.gaps
    ]
    return table(("from", "to", "#length", "why"), rows, "There were no gaps: every minute was observed.")


def _kinds(of: SessionFacts) -> Markup:
    whole = of.totals.events
    rows = [
        (kind.replace("_", " "), full(many), percent(many / whole) if whole else "–")
        for kind, many in sorted(of.totals.messages.items(), key=lambda item: (-item[1], item[0]))
    ]
    return table(("type", "#messages", "#of all"), rows, "There were no events.")
