"""The report of one session."""

from __future__ import annotations

from tui_live.core.analysis import Analysis
from tui_live.core.counts import several
from tui_live.core.engagement.result import People
from tui_live.core.past import ACTIVE, SessionFacts
from tui_live.core.shares import SharesResult
from tui_live.core.standings import Standings
from tui_live.report.closing import definitions, foot
from tui_live.report.engaging import engaging
from tui_live.report.markup import Content, Markup, named, tag
from tui_live.report.page import Section, document, nothing
from tui_live.report.ranking import ranking
from tui_live.report.sharing import sharing
from tui_live.report.tables import Card, cards
from tui_live.report.timeline import hourly, timeline
from tui_live.report.trust import coverage, length_s, likes_of, missing, observed, trust
from tui_live.report.words import UNTOLD, Clock, a_minute, figure, full, percent, sample, span


def session_page(analysis: Analysis, of: SessionFacts, board: Standings, made_ms: int) -> str:
    """One HTML file with everything that is known of a session; ``board`` has the first places of its leaderboard.

    ``made_ms`` (UTC milliseconds) is when the report is made. Raises
    :class:`~tui_live.report.drawing.ReportError` where matplotlib is missing.
    """
    session = analysis.session
    clock = Clock(analysis.shares.time_zone)
    title = f"@{session.streamer}, {clock.day(session.start_ms)} – TUI Live"
    head, end = _head(analysis, of, clock), foot(clock, made_ms, f"Session {session.id}")
    known = Section("trust", "Gaps and trust", trust(analysis, of, clock))
    if not analysis.engagement.events:
        nobody = Section("empty", "Nothing was recorded", nothing("Not one message of TikTok's came in this session."))
        return document(title, head, [nobody, known], end)
    by_hour = hourly(analysis, clock)
    sections = [
        Section("time", "Over time", timeline(analysis, clock)),
        Section("people", "Top users", ranking(board, of)),
        Section("engagement", "Engagement", engaging(analysis, clock, [one for key, one in by_hour if key == "coins"])),
        Section("sharing", "Shares", sharing(analysis, clock, [one for key, one in by_hour if key == "shares"])),
        known,
        Section("definitions", "Definitions", definitions()),
    ]
    return document(title, head, sections, end)


def _head(analysis: Analysis, of: SessionFacts, clock: Clock) -> Content:
    session, until_ms = analysis.session, analysis.shares.until_ms
    live = session.status == ACTIVE
    when = clock.stretch(session.start_ms, max(until_ms, session.start_ms))
    state = f"until {clock.time(until_ms)}, still live" if live else session.status
    return [
        tag("p", "Session report", class_="kind"),
        tag("h1", tag("bdi", f"@{session.streamer}")),
        tag("p", named(of.title), class_="subject") if of.title else None,
        tag("p", f"{when} · {span(length_s(analysis))} · {state} · {clock.name}", class_="when"),
        _warning(analysis),
        cards(_cards(analysis, of)) if analysis.engagement.events else None,
    ]


def _warning(analysis: Analysis) -> Markup | None:
    if not analysis.gaps:
        return None
    said = f"{missing(analysis.gaps)}: what happened then is missing here. Observed: {observed(analysis)}."
    return tag("p", said, class_="warn")


def _cards(analysis: Analysis, of: SessionFacts) -> list[Card]:
    engaged, shared = analysis.engagement, analysis.shares
    people = engaged.people
    visitors = f" of {full(people.visitors)} visitors" if people.visitors else ""
    return [
        _peak(engaged.viewers.peak, engaged.viewers.mean),
        Card("Viewers seen", full(people.seen), f"by name{visitors}"),
        Card("Active viewers", percent(people.active.share), _active(people)),
        Card("Messages", full(engaged.messages), a_minute(engaged.messages_per_minute.per_minute)),
        Card("Coins", full(engaged.coins), f"{several(engaged.gifts, 'gift')}, {several(engaged.givers, 'giver')}"),
        _likes(analysis, of),
        Card("Follows", full(engaged.follows), "first ones"),
        Card("Shares", full(shared.shares), f"{several(shared.sharers, 'sharer')}, {_spikes(shared)}"),
    ]


def _active(people: People) -> str:
    """Of those seen by name, and of all who came: TikTok names few of those who only watch."""
    part = people.active_of_visitors
    said = f"{sample(people.active)} seen by name"
    return said if part is None or part.share is None else f"{said}, {percent(part.share)} of all visitors"


def _likes(analysis: Analysis, of: SessionFacts) -> Card:
    likes, whole, grown = likes_of(analysis, of)
    if whole is None:
        return Card("Likes", full(likes), "that came with a name")
    said = f"{coverage(likes, whole)} with a name"
    if grown:
        return Card("Likes", full(whole), f"as the room's own count grew; {said}")
    return Card("Likes", full(whole), f"the room's own count, also from before; {said}")


def _spikes(shared: SharesResult) -> str:
    return several(shared.spikes_found, "spike") if shared.spikes_known else "spikes not known yet"


def _peak(peak: int | None, mean: float | None) -> Card:
    if peak is None:
        return Card("Peak viewers", "–", UNTOLD)
    return Card("Peak viewers", full(peak), None if mean is None else f"mean {figure(mean)}")
