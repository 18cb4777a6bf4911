"""The engagement of one session, page by page."""

from __future__ import annotations

from tui_live.core.analysis import Analysis, clock_doubt
from tui_live.core.counts import several
from tui_live.core.definitions import ENGAGEMENT
from tui_live.core.engagement import EngagementResult
from tui_live.core.engagement.figures import Rate
from tui_live.ui.analysis.audience_pages import gifts, people
from tui_live.ui.analysis.heat import heat_map
from tui_live.ui.analysis.page import Column, Entry, Piece, Row, blank, figure, heading, meanings, table, text_rows
from tui_live.ui.analysis.plot import Curve, drawn_curve, hidden, plot_lines, rates
from tui_live.ui.analysis.words import WEEKDAYS, counted, decimal, median, percent, quartiles, sample
from tui_live.ui.format import clock, full, span


def overview(analysis: Analysis, width: int, height: int) -> list[Row]:
    """How many watched, and every figure of which there is one."""
    found = analysis.engagement
    if not found.events:
        return nothing_happened(analysis, width)
    figures = _figures(found, width)
    return [*_viewers(found, width, plot_lines(height, len(figures))), blank(), *figures]


def nothing_happened(analysis: Analysis, width: int) -> list[Row]:
    """What a session without events says instead."""
    found = analysis.engagement
    seen = f"{span(found.observed_s)} were watched" if found.observed_s >= 1 else "Nothing of it was watched yet"
    gaps = f", with {several(found.gaps, 'gap')}" if found.gaps else ""
    return [
        blank(),
        *text_rows("Nothing happened in this session yet.", width, "row--number"),
        *text_rows(f"{seen}{gaps}.", width),
        blank(),
        *text_rows(
            "As soon as somebody comes in, writes or gives, there are viewers over time, messages and coins a minute, "
            "who is active, the most engaging moments, gifts and who gave them, languages and the busiest hours.",
            width,
        ),
        *text_rows("What each number will mean is under Meaning.", width),
    ]


def _viewers(found: EngagementResult, width: int, lines: int) -> list[Row]:
    plot = found.messages_over_time
    if not any(value is not None for value in found.viewers_over_time):
        return [heading("Viewers"), *text_rows("TikTok did not tell how many watched.", width)]
    curve = Curve(plot.start_ms, plot.step_s, found.viewers_over_time, hidden(plot))
    unknown = "░ ┄ not known" if None in found.viewers_over_time or curve.partial else ""
    return [heading("Viewers", unknown), *drawn_curve(curve, width, lines)]


def _figures(found: EngagementResult, width: int) -> list[Row]:
    rows: list[Row] = []

    def add(name: str, number: str, words: str, field: str, pen: str = "board--score") -> None:
        rows.extend(figure(name, number, words, width, field, pen))

    def rate(name: str, one: Rate, words: str, field: str, pen: str = "board--score") -> None:
        add(name, decimal(one.per_minute), f"a minute; {counted(one)} {words}".rstrip(), field, pen)

    viewers = found.viewers
    peak = "not known" if viewers.peak is None else full(viewers.peak)
    add(
        "peak viewers",
        peak,
        f"at {clock(viewers.peak_ms)}" if viewers.peak_ms else _untimed(viewers.peak),
        "viewers.peak",
    )
    now = f"; {full(viewers.now)} at last" if viewers.now is not None else ""
    add("mean viewers", decimal(viewers.mean), f"over {span(viewers.known_minutes * 60)}{now}", "viewers.mean")
    gaps = f"watched, {several(found.gaps, 'gap')} left out" if found.gaps else "watched"
    rate("messages", found.messages_per_minute, gaps, "messages_per_minute")
    rate("coins", found.coins_per_minute, gaps, "coins_per_minute", "log--coins")
    room = found.room_likes_per_minute
    rate("likes", found.likes_per_minute, "with a name: TikTok samples them", "likes_per_minute")
    if room.per_minute is None:
        add("room likes", "not known", "TikTok told the room's own count too rarely", "room_likes_per_minute")
    else:
        rate("room likes", room, "that the room's own count grew by", "room_likes_per_minute")
    rate("joins", found.joins_per_minute, "as far as TikTok tells them", "messages_per_minute")
    seen = found.people
    add("viewers seen", full(seen.seen), f"{full(seen.joined)} of them were told to come in", "people.seen")
    back = seen.returning
    if back is None:
        add("returning", "not known", "there is no earlier session to compare with", "people.returning")
    else:
        add("returning", percent(back), f"{sample(back)}; {full(seen.new or 0)} are new", "people.returning")
    part = seen.active_of_visitors
    visitors = "" if part is None else f", {percent(part)} of {full(part.of)} visitors"
    add("active", percent(seen.active), f"{sample(seen.active)} seen by name did something{visitors}", "people.active")
    delays = found.first_action
    add("join → action", median(delays), quartiles(delays), "first_action")
    given = f"{several(found.gifts, 'gift')} by {several(found.givers, 'person', 'people')}"
    guests = f"; guests were given {full(found.guest_coins)}" if found.guest_coins else ""
    add("revenue", full(found.coins), f"coins, {given}{guests}", "coins", "log--coins")
    if doubt := clock_doubt(found):
        add("clock", "off?", doubt, "outside", "row--alert")
    if found.misplaced or seen.beyond or found.untold_gifts:
        left = found.misplaced + seen.beyond + found.untold_gifts
        add(
            "left out", full(left), "messages with impossible times, and people and gifts beyond what is remembered", ""
        )
    return rows


def _untimed(peak: int | None) -> str:
    return "TikTok told none" if peak is None else "with a time far from the session's"


def over_time(analysis: Analysis, width: int, height: int) -> list[Row]:
    """Viewers, messages, likes and coins, one below the other on the same time."""
    found = analysis.engagement
    if not found.events:
        return nothing_happened(analysis, width)
    lines = max(4, min(10, (height - 4) // 4 - 3))
    rows = _viewers(found, width, lines)
    gaps = "   ░ ┄ gap" if found.gaps else ""
    for name, plot in (
        ("Messages", found.messages_over_time),
        ("Likes with a name", found.likes_over_time),
        ("Coins", found.coins_over_time),
    ):
        rows += [blank(), heading(name, f"a minute{gaps}"), *drawn_curve(rates(plot), width, lines)]
    return rows


def moments(analysis: Analysis, width: int, height: int) -> list[Row]:
    """The minutes in which most happened."""
    found = analysis.engagement
    if not found.events:
        return nothing_happened(analysis, width)
    weights = found.weights
    points = (
        f"Points a minute: messages × {weights.message:g}, gift messages × {weights.gift:g}, coins × {weights.coin:g}, "
        f"likes × {weights.like:g}, follows × {weights.follow:g}, shares × {weights.share:g}. A convention: with twice "
        "the viewers, twice as much happens."
    )
    rows = [heading("Most engaging moments", "whole minutes")]
    columns = (
        *(Column("from", right=False), Column("points"), Column("viewers"), Column("chat"), Column("gifts")),
        *(Column("coins"), Column("likes"), Column("follows"), Column("shares"), Column("watched")),
    )
    entries = [
        Entry(
            (
                Piece(clock(one.start_ms)),
                Piece(decimal(one.points_per_minute), "board--score"),
                Piece("–" if one.viewers is None else full(one.viewers), "row--reason"),
                Piece(full(one.messages)),
                Piece(full(one.gifts)),
                Piece(full(one.coins), "log--coins"),
                Piece(full(one.likes)),
                Piece(full(one.follows)),
                Piece(full(one.shares)),
                Piece(span(one.observed_s), "row--reason"),
            ),
            ("moment", one.start_ms),
        )
        for one in found.moments
    ]
    if not entries:
        return [*rows, *text_rows("There is none: it takes a whole minute in which something happens.", width)]
    return [*rows, *table(columns, entries, width), *text_rows(points, width)]


def hours(analysis: Analysis, width: int, height: int) -> list[Row]:
    """The busiest hours, and the week as a map of messages and of coins."""
    found = analysis.engagement
    chat = {(cell.weekday, cell.hour): cell.messages_per_minute for cell in found.hours}
    coins = {(cell.weekday, cell.hour): cell.coins / cell.minutes for cell in found.hours}
    rows = heat_map("Messages a minute", chat, found.time_zone, "a minute", width)
    if found.hours:
        rows += [blank(), *heat_map("Coins a minute", coins, found.time_zone, "a minute", width)]
    rows += [blank(), heading("Busiest hours", "by messages a minute, of those watched for ten minutes or more")]
    if not found.busiest:
        return [*rows, *text_rows("None was watched for ten minutes yet.", width)]
    columns = (
        *(Column("hour", right=False), Column("chat/min"), Column("messages"), Column("coins"), Column("likes")),
        *(Column("joins"), Column("watched")),
    )
    entries = [
        Entry(
            (
                Piece(f"{WEEKDAYS[cell.weekday]} {cell.hour:02d}:00"),
                Piece(decimal(cell.messages_per_minute), "board--score"),
                Piece(full(cell.messages)),
                Piece(full(cell.coins), "log--coins"),
                Piece(full(cell.likes)),
                Piece(full(cell.joins)),
                Piece(span(cell.minutes * 60), "row--reason"),
            ),
            ("hour", cell.weekday, cell.hour),
        )
        for cell in found.busiest
    ]
    return [*rows, *table(columns, entries, width)]


def meaning(analysis: Analysis, width: int, height: int) -> list[Row]:
    """What every figure means."""
    return meanings(ENGAGEMENT, width)


#: Key, name, and what makes the page.
PAGES = (
    ("overview", "Overview", overview),
    ("time", "Over time", over_time),
    ("moments", "Moments", moments),
    ("gifts", "Gifts", gifts),
    ("people", "People", people),
    ("hours", "Hours", hours),
    ("meaning", "Meaning", meaning),
)
