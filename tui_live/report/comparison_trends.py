"""The sessions of a comparison over time: from one to the next, and over the hours of the week."""

from __future__ import annotations

from collections.abc import Sequence

from tui_live.core.analysis import Across
from tui_live.report.engaging import hours_of
from tui_live.report.markup import Content, Markup, tag
from tui_live.report.page import block, plotted
from tui_live.report.plots import bars
from tui_live.report.tables import HeatCell, heat, note_of, table
from tui_live.report.words import (
    DAYS,
    UNTOLD,
    Clock,
    figure,
    full,
    hourly,
    span,
)


def trends(across: Across, names: Sequence[str]) -> Content:
    """How viewers, chat, coins, shares and audience went from session to session; ``names`` are the sessions' own."""
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
                [hourly(one.per_minute) for one in shared],
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


def when(across: Across, clock: Clock) -> Content:
    """Hours and weekdays of all sessions together, in local time."""
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


def _percent(share: float | None) -> float | None:
    return None if share is None else share * 100
