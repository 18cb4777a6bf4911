"""The engagement of several sessions of one streamer, side by side and together."""

from __future__ import annotations

from functools import partial

from tui_live.core.analysis import Across
from tui_live.core.counts import several
from tui_live.core.definitions import ENGAGEMENT
from tui_live.ui.analysis.across import by_time, leads_to, meaning, together
from tui_live.ui.analysis.audience_pages import gift_table, spenders
from tui_live.ui.analysis.heat import heat_map
from tui_live.ui.analysis.page import (
    Column,
    Entry,
    Piece,
    Row,
    aside,
    blank,
    figure,
    heading,
    table,
    text_rows,
)
from tui_live.ui.analysis.words import counted, decimal, percent
from tui_live.ui.format import full, moment, span


def overview(across: Across, width: int, height: int) -> list[Row]:
    """What the sessions add up to; people are not added up: regulars would count several times."""
    found, rows = across.engagement, [together(across)]

    def add(name: str, number: str, words: str, field: str, pen: str = "board--score") -> None:
        rows.extend(figure(name, number, words, width, field, pen))

    peak = "not known" if found.peak_viewers is None else full(found.peak_viewers)
    add("peak viewers", peak, "the highest of all sessions", "viewers.peak")
    words = f"over the time in which they are known, of {span(found.observed_s)}"
    add("mean viewers", decimal(found.mean_viewers), words, "viewers.mean")
    add("messages", decimal(found.messages.per_minute), f"a minute; {counted(found.messages)}", "messages_per_minute")
    add("coins", decimal(found.coins.per_minute), f"a minute; {counted(found.coins)}", "coins_over_time", "log--coins")
    total = sum(one.coins for one in found.lines)
    add("revenue", full(total), f"coins in {several(len(found.lines), 'session')}", "coins", "log--coins")
    if found.lines:
        each = total / len(found.lines)
        add("", decimal(each), "coins a session on average", "coins", "log--coins")
    rows += aside("People are not added up: who comes every evening would count every time.", width)
    return rows


def sessions(across: Across, width: int, height: int) -> list[Row]:
    """A line for each session, the newest first."""
    columns = (
        *(Column("session", right=False), Column("watched"), Column("peak"), Column("mean"), Column("chat/min")),
        *(Column("coins"), Column("coins/min"), Column("seen"), Column("back"), Column("active"), Column("follows")),
        Column("shares"),
    )
    entries = [
        Entry(
            (
                Piece(moment(one.start_ms)[:16]),
                Piece(span(one.observed_s), "row--reason"),
                Piece("–" if one.peak_viewers is None else full(one.peak_viewers), "board--score"),
                Piece("–" if one.mean_viewers is None else decimal(one.mean_viewers)),
                Piece(decimal(one.messages_per_minute)),
                Piece(full(one.coins), "log--coins"),
                Piece(decimal(one.coins_per_minute), "log--coins"),
                Piece(full(one.viewers_seen)),
                Piece("–" if one.returning is None else percent(one.returning), "row--reason"),
                Piece(percent(one.active), "row--reason"),
                Piece(full(one.follows)),
                Piece(full(one.shares)),
            ),
            ("session", one.start_ms),
            leads_to(across, one.start_ms),
        )
        for one in reversed(across.engagement.lines)
    ]
    words = "Back: seen in an earlier session; active: did something; both of those seen."
    return [heading("Sessions", "Enter opens one"), *table(columns, entries, width), *text_rows(words, width)]


def gifts(across: Across, width: int, height: int) -> list[Row]:
    """Who gave most, and what was given."""
    found = across.engagement
    coins = sum(one.coins for one in found.lines)
    words = "" if found.spenders_complete else "made of each session's top spenders: others are missing"
    rows = [heading("Top spenders", words), *spenders(found.spenders, coins, width)]
    if found.gifts:
        words = "made of each session's most sent and dearest"
        rows += [blank(), heading("Most sent gifts", words), *gift_table(found.gifts, coins, width)]
    return rows


def hours(across: Across, width: int, height: int) -> list[Row]:
    """The week as a map, the hours of the day, the days of the week, by messages."""
    found = across.engagement
    cells = {(cell.weekday, cell.hour): cell.messages_per_minute for cell in found.cells}
    rows = heat_map("Messages a minute", cells, found.time_zone, "a minute", width)
    coins = {(cell.weekday, cell.hour): cell.coins / cell.minutes for cell in found.cells}
    rows += [blank(), *heat_map("Coins a minute", coins, found.time_zone, "a minute", width)]
    day = [(one.at, one.messages_per_minute, one.messages, one.minutes) for one in found.by_hour]
    week = [(one.at, one.messages_per_minute, one.messages, one.minutes) for one in found.by_weekday]
    return [*rows, *by_time(day, week, "messages", "messages", "a minute", width)]


#: Key, name, and what makes the page.
PAGES = (
    ("together", "Together", overview),
    ("sessions", "Sessions", sessions),
    ("gifts", "Gifts", gifts),
    ("hours", "Hours", hours),
    ("meaning", "Meaning", partial(meaning, ENGAGEMENT)),
)
