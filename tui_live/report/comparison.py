"""The report of several sessions of one streamer."""

from __future__ import annotations

from collections.abc import Sequence

from tui_live.core.analysis import Across, Analysis
from tui_live.core.past import ACTIVE
from tui_live.report.closing import definitions, foot
from tui_live.report.engaging import hours_of
from tui_live.report.markup import Content, Markup, named, person, tag
from tui_live.report.page import Section, block, document, plotted
from tui_live.report.plots import bars
from tui_live.report.tables import Card, Fact, HeatCell, cards, facts, heat, note_of, table
from tui_live.report.trust import missing, observed
from tui_live.report.words import (
    DAYS,
    UNTOLD,
    Clock,
    a_minute,
    count,
    figure,
    full,
    minutes_of,
    percent,
    reach_of,
    sample,
    span,
    tenths,
)

_SUMS = "Of all sessions added up: whoever shared in two of them counts twice."
_LISTED = "as many as came back in one session, and as are on two sessions' lists"
_FEW = "Of sessions with more people than their lists are long, only those on the lists are added up."


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
        Section("trends", "Trends", _trends(across, names)),
        Section("when", "Hours and weekdays", _when(across, clock)),
        Section("people", "Sharers, spenders, gifts", _people(across)),
        Section("sharing", "Shares together", _sharing(across)),
        Section("trust", "Gaps and trust", _trust(sessions, names, clock)),
        Section("definitions", "Definitions", definitions()),
    ]
    keys = ", ".join(one.session.id for one in sessions)
    return document(
        f"@{across.streamer}, {count(len(sessions), 'session')} – TUI Live",
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
    older = f" · {count(across.older, 'older session')} left out" if across.older else ""
    live = " · the last one still live" if sessions[-1].session.status == ACTIVE else ""
    return [
        tag("p", "Comparison of sessions", class_="kind"),
        tag("h1", tag("bdi", f"@{across.streamer}")),
        tag(
            "p",
            f"{count(len(sessions), 'session')}, {clock.date(first)} – {clock.date(last)}{older}{live} · {clock.name}",
            class_="when",
        ),
        cards(
            [
                Card("Observed", span(engaged.observed_s), f"in {count(len(sessions), 'session')}"),
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
                    f"{_least(across)}{full(shared.sharers)}",
                    f"{_least(across)}{full(shared.regular_sharers.part)} in several sessions",
                ),
                Card("Spikes of shares", full(shared.spikes), count(shared.cascades, "cascade")),
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
                count(len(one.gaps), "gap") if one.gaps else "–",
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


def _trends(across: Across, names: Sequence[str]) -> Content:
    engaged, shared = across.engagement.lines, across.shares.lines
    returning = [_percent(one.returning.share if one.returning else None) for one in engaged]
    active = [_percent(one.active.share) for one in engaged]
    return [
        plotted(
            "Viewers",
            bars(
                "t-viewers",
                "Peak and mean viewers of each session",
                names,
                [one.peak_viewers for one in engaged],
                "viewers",
                ("mean", [one.mean_viewers for one in engaged]),
            ),
            "bars are the peak, dots the mean",
            UNTOLD,
        ),
        plotted(
            "Messages per minute",
            bars(
                "t-chat",
                "Messages per minute of each session",
                names,
                [one.messages_per_minute for one in engaged],
                "chat",
            ),
            "of observed time",
        ),
        plotted(
            "Coins per minute",
            bars(
                "t-coins", "Coins per minute of each session", names, [one.coins_per_minute for one in engaged], "coins"
            ),
            "of observed time",
        ),
        plotted(
            "Shares per hour",
            bars(
                "t-shares",
                "Shares per hour of each session",
                names,
                [_hourly(one.per_minute) for one in shared],
                "shares",
            ),
            "of observed time",
        ),
        plotted(
            "Active and returning viewers",
            bars(
                "t-active",
                "Active viewers of those seen, in per cent",
                names,
                active,
                "other",
                ("returning", returning),
            ),
            "per cent of the viewers seen: bars are the active ones, dots the returning ones",
            "Nobody was seen.",
        ),
    ]


def _when(across: Across, clock: Clock) -> Content:
    engaged, shared = across.engagement, across.shares
    shares = [HeatCell(one.weekday, one.hour, one.per_hour, one.minutes) for one in shared.hours]
    return [
        tag("p", f"Local time, {clock.name}. {note_of('hours', 'engagement')}", class_="note"),
        block("Messages per minute", hours_of(engaged.cells, "messages"), wide=True),
        block("Coins per minute", hours_of(engaged.cells, "coins"), wide=True),
        block("Shares per hour", heat(shares, "shares an hour", "shares"), wide=True),
        plotted(
            "By hour of day",
            bars(
                "h-chat",
                "Messages per minute by hour of day",
                [f"{one.at:02d}" for one in engaged.by_hour],
                [one.messages_per_minute for one in engaged.by_hour],
                "chat",
            ),
            "messages per observed minute",
        ),
        plotted(
            "Shares by hour of day",
            bars(
                "h-shares",
                "Shares per hour by hour of day",
                [f"{one.at:02d}" for one in shared.by_hour],
                [one.per_hour for one in shared.by_hour],
                "shares",
            ),
            "shares per observed hour",
        ),
        block("By weekday", _weekdays(across), wide=True),
    ]


def _weekdays(across: Across) -> Markup:
    shares = {one.at: one for one in across.shares.by_weekday}
    rows = [
        (
            DAYS[one.at],
            span(one.minutes * 60),
            figure(one.messages_per_minute),
            full(one.messages),
            figure(one.coins_per_minute),
            full(one.coins),
            figure(shares[one.at].per_hour) if one.at in shares else "–",
            full(shares[one.at].shares) if one.at in shares else "–",
        )
        for one in across.engagement.by_weekday
    ]
    heads = ("day", "#observed", "#messages/min", "#messages", "#coins/min", "#coins", "#shares/hour", "#shares")
    return table(heads, rows, "Nothing was observed.")


def _people(across: Across) -> Content:
    shared, engaged = across.shares, across.engagement
    sharers = [
        (
            number,
            person(one.display_name, one.username),
            full(one.shares),
            f"{one.sessions:,} of {len(across.sessions):,}",
            "–" if one.followers is None else full(one.followers),
        )
        for number, one in enumerate(shared.top_sharers, 1)
    ]
    spenders = [
        (number, person(one.display_name, one.username), full(one.units), full(one.coins))
        for number, one in enumerate(engaged.spenders, 1)
    ]
    gifts = [(named(one.gift_name), full(one.units), full(one.coins)) for one in engaged.gifts]
    part = shared.regular_sharers
    regular = f"{sample(part)} ({percent(part.share)})" if shared.complete else _regular(across)
    few = "" if shared.complete else f"{_FEW} "
    return [
        block(
            "Top sharers",
            table(("#", "who", "#shares", "#sessions", "#followers"), sharers, "Nobody who shared is named."),
            note=f"Shared in two sessions or more: {regular}. {few}{note_of('top_sharers', 'shares')}",
            wide=True,
        ),
        tag(
            "div",
            block(
                "Top spenders",
                table(("#", "who", "#gifts", "#coins"), spenders, "Nobody gave."),
                note=f"{'' if engaged.spenders_complete else _FEW + ' '}{note_of('spenders', 'engagement')}",
                wide=True,
            ),
            block(
                "Most sent gifts",
                table(("gift", "#units", "#coins"), gifts, "Nothing was given."),
                note=f"From the sessions' lists of gifts. {note_of('most_sent', 'engagement')}",
                wide=True,
            ),
            class_="pair",
        ),
    ]


def _sharing(across: Across) -> Content:
    one = across.shares
    hourly = _hourly(one.per_minute.per_minute)
    twice = "Whoever shared in two sessions counts twice."
    return block(
        "In figures",
        facts(
            [
                Fact("shares", full(one.shares)),
                Fact(
                    "per_minute",
                    a_minute(one.per_minute.per_minute),
                    f"{figure(hourly)} an hour, {minutes_of(one.per_minute)}",
                ),
                Fact("sharers", f"{_least(across)}{full(one.sharers)}", None if one.complete else _FEW),
                Fact(
                    "",
                    percent(one.regular_sharers.share) if one.complete else _regular(across),
                    sample(one.regular_sharers) if one.complete else _LISTED,
                    "Regular sharers",
                    "Shared in two sessions or more.",
                ),
                Fact("reach", *reach_of(one.reach), "", None if one.complete else _SUMS),
                Fact(
                    "influencer_shares",
                    percent(one.influencer_shares.share) if one.influencer_shares.of else UNTOLD,
                    sample(one.influencer_shares),
                ),
                Fact("spikes", full(one.spikes), _left_out([line.spikes for line in one.lines])),
                Fact("cascades", full(one.cascades), _left_out([line.cascades for line in one.lines])),
                Fact("conversion.followed", percent(one.followed.share), f"{sample(one.followed)}. {twice}"),
                Fact("conversion.engaged", percent(one.engaged.share), f"{sample(one.engaged)}. {twice}"),
            ],
            "shares",
        ),
        wide=True,
    )


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


def _regular(across: Across) -> str:
    """How many shared in several sessions, as far as that is known."""
    return f"{_least(across)}{full(across.shares.regular_sharers.part)}"


def _least(across: Across) -> str:
    """What stands before numbers of people that are counted on lists that are not complete."""
    return "" if across.shares.complete else "at least "


def _left_out(counts: Sequence[int | None]) -> str | None:
    """How many sessions are too short or too busy to know it."""
    unknown = counts.count(None)
    return f"not known in {unknown:,} of {count(len(counts), 'session')}" if unknown else None


def _small(text: str) -> Markup | None:
    return tag("small", f" {text}") if text else None


def _or_dash(number: int | None) -> str:
    return "–" if number is None else full(number)


def _percent(share: float | None) -> float | None:
    return None if share is None else share * 100


def _hourly(per_minute: float | None) -> float | None:
    return None if per_minute is None else per_minute * 60
