"""The report of several sessions of one streamer."""

from __future__ import annotations

from collections.abc import Sequence

from tui_live.core.analysis import Across, Analysis
from tui_live.core.counts import several
from tui_live.core.past import ACTIVE
from tui_live.report.closing import definitions, foot
from tui_live.report.comparison_people import at_least, people, sharing_together
from tui_live.report.comparison_trends import trends, when
from tui_live.report.markup import Content, Markup, tag
from tui_live.report.page import Section, block, document
from tui_live.report.tables import Card, cards, note_of, table
from tui_live.report.trust import missing, observed
from tui_live.report.words import (
    UNTOLD,
    Clock,
    a_minute,
    figure,
    full,
    minutes_of,
    percent,
    sample,
    span,
    tenths,
)


def comparison_page(across: Across, made_ms: int) -> str:
    """One HTML file with several sessions side by side and together.

    ``made_ms`` (UTC milliseconds) is when the report is made. Raises
    :class:`~tui_live.report.drawing.ReportError` where matplotlib is missing.
    """
    clock = Clock(across.shares.time_zone)
    sessions = sorted(across.sessions, key=lambda one: one.shares.start_ms)
    names = _names(sessions, clock)
    sections = [
        Section("sessions", "Sessions", _sessions(across, sessions, names, clock)),
        Section("trends", "Trends", trends(across, names)),
        Section("when", "Hours and weekdays", when(across, clock)),
        Section("people", "Sharers, spenders, gifts", people(across)),
        Section("sharing", "Shares together", sharing_together(across)),
        Section("trust", "Gaps and trust", _trust(sessions, names, clock)),
        Section("definitions", "Definitions", definitions()),
    ]
    keys = ", ".join(one.session.id for one in sessions)
    return document(
        f"@{across.streamer}, {several(len(sessions), 'session')} – TUI Live",
        _head(across, sessions, clock),
        sections,
        foot(clock, made_ms, f"{'Session' if len(sessions) == 1 else 'Sessions'} {keys}"),
    )


def _names(sessions: Sequence[Analysis], clock: Clock) -> list[str]:
    """A short name of each: its day, with the time where two began on one day."""
    days = [clock.day(one.session.start_ms) for one in sessions]
    return [
        day if days.count(day) == 1 else f"{day} {clock.time(one.session.start_ms)}"
        for day, one in zip(days, sessions, strict=True)
    ]


def _head(across: Across, sessions: Sequence[Analysis], clock: Clock) -> Content:
    engaged, shared = across.engagement, across.shares
    first, last = sessions[0].session.start_ms, sessions[-1].session.start_ms
    older = f" · {several(across.older, 'older session')} left out" if across.older else ""
    live = " · the last one still live" if sessions[-1].session.status == ACTIVE else ""
    return [
        tag("p", "Comparison of sessions", class_="kind"),
        tag("h1", tag("bdi", f"@{across.streamer}")),
        tag(
            "p",
            f"{several(len(sessions), 'session')}, {clock.date(first)} – {clock.date(last)}{older}{live}"
            f" · {clock.name}",
            class_="when",
        ),
        cards(
            [
                Card("Observed", span(engaged.observed_s), f"in {several(len(sessions), 'session')}"),
                Card(
                    "Peak viewers",
                    _or_dash(engaged.peak_viewers),
                    UNTOLD if engaged.mean_viewers is None else f"mean {figure(engaged.mean_viewers)}",
                ),
                Card("Messages per minute", figure(engaged.messages.per_minute), minutes_of(engaged.messages)),
                Card(
                    "Coins",
                    full(sum(one.coins for one in engaged.lines)),
                    a_minute(engaged.coins.per_minute),
                ),
                Card("Follows", full(sum(one.follows for one in engaged.lines)), "first ones in each session"),
                Card("Shares", full(shared.shares), a_minute(shared.per_minute.per_minute)),
                Card(
                    "Sharers",
                    f"{at_least(across)}{full(shared.sharers)}",
                    f"{at_least(across)}{full(shared.regular_sharers.part)} in several sessions",
                ),
                Card("Spikes of shares", full(shared.spikes), several(shared.cascades, "cascade")),
            ]
        ),
    ]


def _sessions(across: Across, sessions: Sequence[Analysis], names: Sequence[str], clock: Clock) -> Content:
    rows = []
    for one, engaged, shared, name in zip(sessions, across.engagement.lines, across.shares.lines, names, strict=True):
        returning = engaged.returning
        rows.append(
            (
                [
                    name,
                    tag("small", f" {clock.time(one.session.start_ms)}") if " " in name and ":" not in name else None,
                    tag("small", " live") if one.session.status == ACTIVE else None,
                ],
                span(engaged.observed_s),
                _or_dash(engaged.peak_viewers),
                "–" if engaged.mean_viewers is None else figure(engaged.mean_viewers),
                figure(engaged.messages_per_minute),
                full(engaged.coins),
                full(engaged.follows),
                full(engaged.viewers_seen),
                "–" if returning is None else percent(returning.share),
                percent(engaged.active.share),
                full(shared.shares),
                _or_dash(shared.spikes),
                several(len(one.gaps), "gap") if one.gaps else "–",
            )
        )
    heads = (
        "session",
        "#observed",
        "#peak",
        "#mean",
        "#messages/min",
        "#coins",
        "#follows",
        "#seen",
        "#returning",
        "#active",
        "#shares",
        "#spikes",
        "#gaps",
    )
    note = f"Rates are per observed minute. {note_of('people.returning', 'engagement')}"
    return [block("Side by side", table(heads, rows, ""), note=note, wide=True), _shares_of(across, names)]


def _shares_of(across: Across, names: Sequence[str]) -> Markup:
    rows = [
        (
            name,
            full(one.shares),
            figure(one.per_minute),
            full(one.sharers),
            "–" if one.first_time is None else [percent(one.first_time.share), _small(sample(one.first_time))],
            _or_dash(one.spikes),
            _or_dash(one.cascades),
            [percent(one.followed.share), _small(sample(one.followed))],
            "–" if one.new_viewers_per_share is None else tenths(one.new_viewers_per_share),
        )
        for name, one in zip(names, across.shares.lines, strict=True)
    ]
    heads = (
        "session",
        "#shares",
        "#per minute",
        "#sharers",
        "#first time",
        "#spikes",
        "#cascades",
        "#followed after",
        "#new viewers/share",
    )
    note = f"{note_of('conversion.followed', 'shares')} New viewers per share: {note_of('new_viewers', 'shares')}"
    return block("Shares, side by side", table(heads, rows, ""), note=note, wide=True)


def _trust(sessions: Sequence[Analysis], names: Sequence[str], clock: Clock) -> Content:
    rows = [
        (
            name,
            one.session.id,
            "still live" if one.session.status == ACTIVE else one.session.status,
            observed(one),
            missing(one.gaps) if one.gaps else "none",
            full(one.engagement.events),
            full(max(one.shares.misplaced, one.engagement.misplaced)),
        )
        for name, one in zip(names, sessions, strict=True)
    ]
    heads = ("session", "key", "ended as", "observed", "gaps", "#events", "#at impossible times")
    note = f"Rates leave gaps out. Local time, {clock.name}. tui-live report KEY tells more of each."
    return block("What was seen", table(heads, rows, ""), note=note, wide=True)


def _small(text: str) -> Markup | None:
    return tag("small", f" {text}") if text else None


def _or_dash(number: int | None) -> str:
    return "–" if number is None else full(number)
