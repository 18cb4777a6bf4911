"""The shares of several sessions of one streamer, side by side and together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from tui_live.core.analysis import Across
from tui_live.core.counts import several
from tui_live.core.definitions import ACROSS, SHARES
from tui_live.core.text import drawn
from tui_live.ui.analysis.across import by_time, leads_to, meaning, together
from tui_live.ui.analysis.heat import heat_map
from tui_live.ui.analysis.page import (
    Column,
    Entry,
    Opens,
    Piece,
    Row,
    aside,
    figure,
    heading,
    table,
)
from tui_live.ui.analysis.words import called, counted, decimal, percent, reach_of, sample, tenths
from tui_live.ui.format import full, moment, short, span


def overview(across: Across, width: int, height: int) -> list[Row]:
    """What the sessions' shares add up to."""
    found, rows = across.shares, [together(across)]

    def add(name: str, number: str, words: str, field: str) -> None:
        rows.extend(figure(name, number, words, width, field))

    add("shares", full(found.shares), f"in {span(found.observed_s)} watched", "shares")
    add("per minute", decimal(found.per_minute.per_minute), counted(found.per_minute), "per_minute")
    add("sharers", f"{'' if found.complete else '≥ '}{full(found.sharers)}", "different people", "sharers")
    words = "shared in two sessions or more"
    regular = found.regular_sharers
    if found.complete:
        add("regular", percent(regular), f"{sample(regular)} {words}", "regular_sharers")
    else:
        add("regular", f"≥ {full(regular.part)}", f"of {full(regular.of)} sharers or more {words}", "regular_sharers")
    add("reach", *reach_of(found.reach), "reach")
    if not found.complete:
        rows += aside("Sessions have more sharers than their lists: these are limits.", width)
    portion = found.influencer_shares
    add("influencers", percent(portion), f"{sample(portion)} shares whose followers were told", "influencer_shares")
    add("spikes", full(found.spikes), _in([one.spikes for one in found.lines]), "spikes")
    add("cascades", full(found.cascades), _in([one.cascades for one in found.lines]), "cascades")
    words = f"{sample(found.followed)} who did not follow before, added up"
    add("share → follow", percent(found.followed), words, "conversion.followed")
    words = f"{sample(found.engaged)} sharers chatted, gave or liked after sharing"
    add("active after", percent(found.engaged), words, "conversion.engaged")
    return rows


def _in(counts: Sequence[int | None]) -> str:
    """In how many sessions, and how many of them are too short or too busy to know it."""
    unknown = counts.count(None)
    left = f"; not known in {full(unknown)} of them" if unknown else ""
    return f"in {several(len(counts), 'session')}{left}"


def sessions(across: Across, width: int, height: int) -> list[Row]:
    """A line for each session, the newest first."""
    columns = (
        *(Column("session", right=False), Column("watched"), Column("shares"), Column("a minute"), Column("sharers")),
        *(Column("first-time"), Column("spikes"), Column("followed"), Column("of"), Column("cascades")),
        Column("new viewers a share"),
    )
    entries = [
        Entry(
            (
                Piece(moment(one.start_ms)[:16]),
                Piece(span(one.observed_s), "row--reason"),
                Piece(full(one.shares), "board--score"),
                Piece(decimal(one.per_minute)),
                Piece(full(one.sharers)),
                Piece("–" if one.first_time is None else percent(one.first_time), "row--reason"),
                Piece("–" if one.spikes is None else full(one.spikes), "row--alert" if one.spikes else "row--reason"),
                Piece(full(one.followed.part)),
                Piece(full(one.followed.of), "row--reason"),
                Piece("–" if one.cascades is None else full(one.cascades)),
                Piece("–" if one.new_viewers_per_share is None else tenths(one.new_viewers_per_share), "row--reason"),
            ),
            ("session", one.start_ms),
            leads_to(across, one.start_ms),
        )
        for one in reversed(across.shares.lines)
    ]
    return [heading("Sessions", "Enter opens one"), *table(columns, entries, width)]


def sharers(across: Across, width: int, height: int) -> list[Row]:
    """Who shares evening after evening."""
    found = across.shares
    columns = (
        *(Column("#"), Column("sharer", right=False, elastic=True), Column("shares"), Column("sessions")),
        *(Column("followers"), Column("handle", right=False)),
    )
    entries = [
        Entry(
            (
                Piece(full(at), "row--reason"),
                Piece(called(one.display_name, one.username, one.user_id), "log--nick"),
                Piece(full(one.shares), "board--score"),
                Piece(full(one.sessions)),
                Piece("–" if one.followers is None else short(one.followers)),
                Piece(f"@{drawn(one.username)}" if one.username else "", "row--reason"),
            ),
            ("sharer", one.user_id),
            Opens("person", one.user_id, one.display_name or one.username or one.user_id),
        )
        for at, one in enumerate(found.top_sharers, 1)
    ]
    words = "" if found.complete else "made of each session's top sharers: others are missing"
    rows = [heading("Top sharers", words)]
    return [*rows, *table(columns, entries, width)] if entries else [*rows, *aside("Nobody shared.", width)]


def hours(across: Across, width: int, height: int) -> list[Row]:
    """The week as a map, the hours of the day, the days of the week."""
    found = across.shares
    cells = {(cell.weekday, cell.hour): cell.per_hour for cell in found.hours}
    rows = heat_map("Shares an hour", cells, found.time_zone, "an hour", width)
    day = [(one.at, one.per_hour, one.shares, one.minutes) for one in found.by_hour]
    week = [(one.at, one.per_hour, one.shares, one.minutes) for one in found.by_weekday]
    return [*rows, *by_time(day, week, "an hour", "shares", "an hour", width)]


#: Key, name, and what makes the page.
PAGES = (
    ("together", "Together", overview),
    ("sessions", "Sessions", sessions),
    ("sharers", "Sharers", sharers),
    ("hours", "Hours", hours),
    ("meaning", "Meaning", partial(meaning, (*ACROSS, *SHARES))),
)
