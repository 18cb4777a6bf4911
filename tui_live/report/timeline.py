"""What happened over the time of a session: one plot below the other, on one axis of local time."""

from __future__ import annotations

from tui_live.core.analysis import Analysis
from tui_live.report.markup import Content, Markup, tag
from tui_live.report.page import block, nothing, plotted
from tui_live.report.plots import Mark, Series, bars, levels, over_time, rates
from tui_live.report.tables import note_of, table
from tui_live.report.words import Clock, figure, full, span

_MOST_SPIKES_TOLD = 20


def timeline(analysis: Analysis, clock: Clock) -> Content:
    """Viewers, chat, likes, coins and shares over time, then the moments in which most happened."""
    engaged, shared, gaps = analysis.engagement, analysis.shares, analysis.gaps
    chat = rates(engaged.messages_over_time)
    viewers = levels(engaged.viewers_over_time, engaged.messages_over_time)
    peak = engaged.viewers
    moments = [Mark(one.start_ms, str(number)) for number, one in enumerate(engaged.moments, 1)]
    spikes = [Mark(one.began_ms, f"{one.peak_times:.1f}×") for one in shared.spikes[:_MOST_SPIKES_TOLD]]
    peaks = [] if peak.peak is None or peak.peak_ms is None else [Mark(peak.peak_ms, f"peak {full(peak.peak)}")]
    if len(chat.known) < 2:
        return [
            nothing("Too little was observed for plots over time."),
            _moments(analysis, clock),
        ]
    return [
        _key(analysis, bool(shared.viral)),
        plotted(
            "Viewers",
            over_time("viewers", "Viewers", viewers, clock, "viewers", gaps, peaks),
            f"on average in steps of {_step(viewers)}",
            "TikTok told no number of viewers twice.",
        ),
        plotted(
            "Chat",
            over_time("chat", "Messages per minute", chat, clock, "chat", gaps, moments),
            f"messages per minute, in steps of {_step(chat)}; numbers mark the most engaging moments below",
        ),
        plotted(
            "Likes",
            over_time("likes", "Likes per minute", rates(engaged.likes_over_time), clock, "likes", gaps),
            "per minute, those that came with a name; TikTok samples them",
        ),
        plotted(
            "Coins",
            over_time("coins", "Coins per minute", rates(engaged.coins_over_time), clock, "coins", gaps),
            "coins of gifts to the host, per minute",
        ),
        plotted(
            "Shares",
            over_time(
                "shares",
                "Shares per minute",
                rates(shared.over_minutes),
                clock,
                "shares",
                gaps,
                spikes,
                [(one.start_ms, one.end_ms) for one in shared.viral],
            ),
            "per minute; ▼ marks the beginning of a spike with how many times the usual it reached",
        ),
        _moments(analysis, clock),
    ]


def hourly(analysis: Analysis, clock: Clock) -> list[tuple[str, Markup]]:
    """Coins and shares of each hour on the clock, per observed hour, by pen: only where there is more than one."""
    made = []
    for key, title, plot, pen in (
        ("coins-hours", "Coins per hour", analysis.engagement.coins_per_hour, "coins"),
        ("shares-hours", "Shares per hour", analysis.shares.over_hours, "shares"),
    ):
        if len(plot.counts) < 2:
            continue
        starts = [plot.start_ms + at * plot.step_s * 1000 for at in range(len(plot.counts))]
        several = clock.at(starts[0]).date() != clock.at(starts[-1]).date()
        labels = [clock.time(at) if not several else f"{clock.day(at)} {clock.time(at)}" for at in starts]
        values = [
            count * 3600 / seconds if seconds >= 600 else None
            for count, seconds in zip(plot.counts, plot.observed_s, strict=True)
        ]
        note = "per observed hour; hours of which less than ten minutes were observed have no bar"
        drawn = bars(key, title, labels, values, pen)
        made.append((pen, plotted(title, drawn, note, "Less than ten minutes were observed.")))
    return made


def _key(analysis: Analysis, viral: bool) -> Markup | None:
    """What shades mean, where there are any."""
    said: list[Content] = []
    if analysis.gaps:
        said += [tag("span", class_="key"), " gap: nobody was looking, which is not silence. "]
    if viral:
        said += [tag("span", class_="key viral"), " viral: every minute had as many shares as are called viral. "]
    return tag("p", said, class_="note") if said else None


def _moments(analysis: Analysis, clock: Clock) -> Markup:
    weights = analysis.engagement.weights
    of = analysis.engagement.start_ms
    rows = [
        (
            number,
            clock.moment(one.start_ms, of),
            figure(one.points_per_minute),
            full(one.messages),
            full(one.gifts),
            full(one.coins),
            full(one.likes),
            full(one.follows),
            full(one.shares),
            full(one.viewers) if one.viewers is not None else "–",
        )
        for number, one in enumerate(analysis.engagement.moments, 1)
    ]
    heads = (
        "#",
        "minute from",
        "#points/min",
        "#messages",
        "#gifts",
        "#coins",
        "#likes",
        "#follows",
        "#shares",
        "#viewers",
    )
    weighed = (
        f"Points: {weights.message:g} a message, {weights.gift:g} a gift message, {weights.coin:g} a coin, "
        f"{weights.like:g} a like, {weights.follow:g} a follow, {weights.share:g} a share. "
    )
    return block(
        "Most engaging moments",
        table(heads, rows, "No minute in which anything happened was observed."),
        note=weighed + note_of("moments", "engagement"),
        wide=True,
    )


def _step(series: Series) -> str:
    return span(series.step_s)
