"""The shares of one session, page by page."""

from __future__ import annotations

from tui_live.core.analysis import Analysis, clock_doubt
from tui_live.core.counts import several
from tui_live.core.definitions import SHARES
from tui_live.core.shares import SharesResult
from tui_live.ui.analysis.heat import heat_map
from tui_live.ui.analysis.page import (
    Column,
    Entry,
    Piece,
    Row,
    blank,
    figure,
    heading,
    meanings,
    table,
    text_rows,
)
from tui_live.ui.analysis.plot import drawn_curve, plot_lines, rates
from tui_live.ui.analysis.sequels_pages import cascades, follows
from tui_live.ui.analysis.share_free import nobody_shared
from tui_live.ui.analysis.sharers_page import sharers
from tui_live.ui.analysis.spikes_page import spikes, viral_words
from tui_live.ui.analysis.words import (
    UNKNOWN,
    WEEKDAYS,
    brought,
    cascades_of,
    counted,
    decimal,
    percent,
    reach_of,
    sample,
    spikes_of,
)
from tui_live.ui.format import clock, full, span


def overview(analysis: Analysis, width: int, height: int) -> list[Row]:
    """The rate over time, and every figure of which there is one."""
    found = analysis.shares
    if not found.shares:
        return nobody_shared(analysis, width)
    figures = _figures(found, width)
    if doubt := clock_doubt(analysis.engagement):
        figures += text_rows(doubt, width, "row--alert")
    return [*_plot(found, width, plot_lines(height, len(figures))), blank(), *figures]


def _plot(found: SharesResult, width: int, lines: int) -> list[Row]:
    signs = ["▲ spike"] * bool(found.spikes) + ["━ viral"] * bool(found.viral) + ["░ ┄ gap"] * bool(found.gaps)
    rows = drawn_curve(
        rates(found.over_minutes),
        width,
        lines,
        marks=[spike.began_ms for spike in found.spikes],
        stretches=[(stretch.start_ms, stretch.end_ms) for stretch in found.viral],
    )
    return [heading("Shares a minute", "   ".join(signs)), *rows]


def _figures(found: SharesResult, width: int) -> list[Row]:
    rows: list[Row] = []

    def add(name: str, number: str, words: str, field: str) -> None:
        rows.extend(figure(name, number, words, width, field))

    add("shares", full(found.shares), _anonymous(found), "shares")
    rate = found.per_minute.per_minute
    # Of less than a minute, an hour tells nothing.
    hourly = "" if rate is None or found.per_minute.minutes < 1 else f"{decimal(rate * 60)} an hour; "
    gaps = f", {several(found.gaps, 'gap')} left out" if found.gaps else ""
    add("per minute", decimal(rate), f"{hourly}{counted(found.per_minute)} watched{gaps}", "per_minute")
    if found.busiest_minute_ms is not None:
        add("busiest minute", full(found.busiest_minute), f"from {clock(found.busiest_minute_ms)} on", "busiest_minute")
    add("sharers", full(found.sharers), "different people", "sharers")
    add(
        "repeat",
        percent(found.repeat_sharers),
        f"{sample(found.repeat_sharers)} shared twice or more",
        "repeat_sharers",
    )
    first = found.first_time_sharers
    if first is None:
        add("first-time", UNKNOWN, "there is no earlier session to compare with", "first_time_sharers")
    else:
        add("first-time", percent(first), f"{sample(first)} shared in no earlier session", "first_time_sharers")
    add("reach", *reach_of(found.reach), "reach")
    add("influencers", full(found.influencers), _influencers(found), "influencer_shares")
    joined = found.users_joined
    number = full(joined.users) if joined.messages else UNKNOWN
    words = f"as TikTok says in {full(joined.messages)}" if joined.messages else "TikTok says it in none"
    add("users joined", number, f"{words} of {several(found.shares, 'share')}", "users_joined")
    add("new viewers", *brought(found.new_viewers), "new_viewers")
    followed = found.conversion.followed
    add("share → follow", percent(followed), f"{sample(followed)} who did not follow before", "conversion.followed")
    add("spikes", *spikes_of(found), "spikes")
    add("viral", *viral_words(found), "viral")
    add("cascades", *cascades_of(found), "cascades")
    if found.untold or found.misplaced:
        words = (
            f"{full(found.untold)} beyond what is remembered, {full(found.misplaced)} messages with impossible times"
        )
        add("left out", full(found.untold + found.misplaced), words, "")
    return rows


def _anonymous(found: SharesResult) -> str:
    return (
        f"{full(found.anonymous)} of them anonymous: they name nobody" if found.anonymous else "none of them anonymous"
    )


def _influencers(found: SharesResult) -> str:
    who = f"with {full(found.rules.influencer_followers)} followers or more"
    portion = found.influencer_shares
    if portion.share is None:
        return f"{who}; TikTok told no sharer's followers"
    return f"{who}: {sample(portion)} shares ({percent(portion)}) whose followers were told"


def hours(analysis: Analysis, width: int, height: int) -> list[Row]:
    """The week as a map, and every observed hour with its sample."""
    found = analysis.shares
    cells = {(cell.weekday, cell.hour): cell.per_hour for cell in found.hours}
    rows = heat_map("Shares an hour", cells, found.time_zone, "an hour", width)
    columns = (Column("hour", right=False), Column("an hour"), Column("shares"), Column("watched"))
    entries = [
        Entry(
            (
                Piece(f"{WEEKDAYS[cell.weekday]} {cell.hour:02d}:00"),
                Piece(decimal(cell.per_hour), "board--score"),
                Piece(full(cell.shares)),
                Piece(span(cell.minutes * 60), "row--reason"),
            ),
            ("hour", cell.weekday, cell.hour),
        )
        for cell in found.hours
    ]
    return [*rows, blank(), *table(columns, entries, width)] if entries else rows


def meaning(analysis: Analysis, width: int, height: int) -> list[Row]:
    """What every figure means."""
    return meanings(SHARES, width)


#: Key, name, and what makes the page.
PAGES = (
    ("overview", "Overview", overview),
    ("spikes", "Spikes", spikes),
    ("sharers", "Sharers", sharers),
    ("follows", "Follows", follows),
    ("cascades", "Cascades", cascades),
    ("hours", "Hours", hours),
    ("meaning", "Meaning", meaning),
)
