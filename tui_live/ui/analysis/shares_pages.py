"""The shares of one session, page by page."""

from __future__ import annotations

from tui_live.core.analysis import Analysis
from tui_live.core.definitions import SHARES
from tui_live.core.shares import SharesResult
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
    meanings,
    table,
    text_rows,
)
from tui_live.ui.analysis.plot import drawn_curve, plot_lines, rates
from tui_live.ui.analysis.sharers_page import sharers
from tui_live.ui.analysis.words import (
    UNKNOWN,
    WEEKDAYS,
    against,
    counted,
    decimal,
    median,
    per_minute,
    percent,
    quartiles,
    sample,
    several,
    times,
)
from tui_live.ui.format import clock, full, short, span


def overview(analysis: Analysis, width: int, height: int) -> list[Row]:
    """The rate over time, and every figure of which there is one."""
    found = analysis.shares
    if not found.shares:
        return nobody_shared(analysis, width)
    figures = _figures(found, width)
    return [*_plot(found, width, plot_lines(height, len(figures))), blank(), *figures]


def nobody_shared(analysis: Analysis, width: int) -> list[Row]:
    """What a session without shares says instead."""
    found = analysis.shares
    seen = f"{span(found.observed_s)} were watched"
    if found.gaps:
        seen += f", with {several(found.gaps, 'gap')}"
    lines = [
        blank(),
        *text_rows("Nobody shared this stream yet.", width, "row--number"),
        *text_rows(f"{seen}; {counted(found.messages_per_minute)} messages came.", width),
        blank(),
        *text_rows(
            "With the first share there are rates and the people who shared here, with more of them spikes against "
            "what is usual, what came before and after each, who followed after sharing, and cascades.",
            width,
        ),
        *text_rows("The hours that were watched are under Hours, what each number will mean under Meaning.", width),
    ]
    if found.observed_s < 1:
        lines[2:3] = text_rows("Nothing of it was watched yet.", width)
    return lines


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
    hourly = UNKNOWN if rate is None else f"{decimal(rate * 60)} an hour"
    gaps = f", {several(found.gaps, 'gap')} left out" if found.gaps else ""
    add("per minute", decimal(rate), f"{hourly}; {counted(found.per_minute)} watched{gaps}", "per_minute")
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
    reach = found.reach
    number = f"≤ {short(reach.followers)}" if reach.known.part else UNKNOWN
    add("reach", number, f"an ESTIMATE, upper limit: followers of {sample(reach.known)} sharers added up", "reach")
    add("influencers", full(found.influencers), _influencers(found), "influencer_shares")
    joined = found.users_joined
    number = full(joined.users) if joined.messages else "not said"
    add(
        "users joined",
        number,
        f"as TikTok says in {full(joined.messages)} of {full(found.shares)} shares",
        "users_joined",
    )
    new = found.new_viewers
    fewer = " (fewer than usual)" if new.per_share is not None and new.per_share < 0 else ""
    words = f"a share{fewer}, an ESTIMATE: {against(new.joins, 'first joins')} after {several(new.shares, 'share')}"
    add("new viewers", decimal(new.per_share), words, "new_viewers")
    followed = found.conversion.followed
    add("share → follow", percent(followed), f"{sample(followed)} who did not follow before", "conversion.followed")
    add("spikes", full(len(found.spikes)), _spikes(found), "spikes")
    add("viral", *_viral(found), "viral")
    add("cascades", full(found.cascades), _cascades(found), "cascades")
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


def _spikes(found: SharesResult) -> str:
    if not found.spikes:
        return f"none of {decimal(found.rules.spike_times)}× the usual or more"
    best = max(found.spikes, key=lambda spike: spike.times)
    return f"the highest {decimal(best.times)}× the usual at {clock(best.began_ms)}"


def _viral(found: SharesResult) -> tuple[str, str]:
    limit = found.rules.viral_per_minute
    if limit is None:
        return "off", "shares.viral_per_minute is not set"
    if not found.viral:
        return "0", f"no minute had {decimal(limit)} shares"
    peak = max(stretch.peak_per_minute for stretch in found.viral)
    return full(len(found.viral)), f"with {decimal(limit)} shares a minute or more, {full(peak)} at most"


def _cascades(found: SharesResult) -> str:
    if not found.longest_cascades:
        return f"no chain within {decimal(found.rules.cascade_seconds)} s of each other that chance does not make"
    longest = found.longest_cascades[0]
    return f"the longest {several(longest.shares, 'share')} by {several(longest.people, 'person', 'people')}"


def spikes(analysis: Analysis, width: int, height: int) -> list[Row]:
    """Each spike with what was before and after, follows after all of them, and viral stretches."""
    found = analysis.shares
    if not found.shares:
        return nobody_shared(analysis, width)
    rules = found.rules
    rows = [
        heading("Spikes", f"{decimal(rules.spike_times)}× the usual within {span(rules.window_seconds)}, and no chance")
    ]
    if found.spikes:
        rows += _spike_table(found, width)
    else:
        rows += text_rows(
            "None. The first five windows only learn what is usual, and five shares are the least.", width
        )
    rows += [blank(), heading("Follows after spikes", f"within {span(rules.after_seconds)} from their beginnings")]
    rows += _after(found, width)
    rows += [blank(), heading("Viral stretches", _viral(found)[1])]
    if found.viral:
        columns = (Column("from", right=False), Column("length"), Column("shares"), Column("busiest minute"))
        rows += table(
            columns,
            [
                Entry(
                    (
                        Piece(clock(one.start_ms)),
                        Piece(span((one.end_ms - one.start_ms) / 1000)),
                        Piece(full(one.shares), "row--alert"),
                        Piece(full(one.peak_per_minute)),
                    ),
                    ("viral", one.start_ms),
                )
                for one in found.viral
            ],
            width,
        )
    return rows


def _spike_table(found: SharesResult, width: int) -> list[Row]:
    columns = (
        *(
            Column("from", right=False),
            Column("shares"),
            Column("in"),
            Column("×usual"),
            Column("chat"),
            Column("gifts"),
        ),
        *(Column("coins"), Column("follows"), Column("joins")),
    )
    entries = [
        Entry(
            (
                Piece(f"▲{'━' if one.viral else ' '} {clock(one.began_ms)}", "row--alert"),
                Piece(full(one.count), "board--score"),
                Piece(span(one.seconds), "row--reason"),
                Piece(decimal(one.times)),
                Piece(decimal(one.messages_before.per_minute)),
                Piece(decimal(one.gifts_before.per_minute)),
                Piece(decimal(one.coins_before.per_minute), "log--coins"),
                Piece(full(one.follows_after.count)),
                Piece(full(one.joins_after.count)),
            ),
            ("spike", one.at_ms),
        )
        for one in found.spikes
    ]
    usual = ", ".join(
        f"{decimal(rate.per_minute)} {what}"
        for rate, what in (
            (found.messages_per_minute, "messages"),
            (found.gifts_per_minute, "gifts"),
            (found.coins_per_minute, "coins"),
        )
    )
    words = (
        f"Chat, gifts and coins: a minute, within {span(found.rules.window_seconds)} before it began (usual are "
        f"{usual}). Follows and joins: within {span(found.rules.after_seconds)} from its beginning."
    )
    if any(one.viral for one in found.spikes):
        words += " ━: viral."
    return [*table(columns, entries, width), *text_rows(words, width)]


def _after(found: SharesResult, width: int) -> list[Row]:
    compared = found.follows_after_spikes
    if not compared.causes:
        return text_rows("There is no spike to come after.", width)
    number = times(compared)
    rows = figure("follows", number, f"the usual rate: {against(compared, 'follows')}", width, "follows_after_spikes")
    rows += aside(f"{per_minute(compared.within)} after spikes, {per_minute(compared.usual)} otherwise", width)
    return rows + aside("what comes after something need not come of it", width)


def follows(analysis: Analysis, width: int, height: int) -> list[Row]:
    """From sharing to following and on, with every sample; new viewers after shares."""
    found = analysis.shares
    if not found.sharers:
        return nobody_shared(analysis, width) if not found.shares else text_rows("No sharer has a name.", width)
    done, rows = found.conversion, [heading("After sharing", "lower limits: gaps and what is done later are missing")]

    def add(name: str, number: str, words: str, field: str) -> None:
        rows.extend(figure(name, number, words, width, field))

    add("followed", percent(done.followed), f"{sample(done.followed)} who did not follow before", "conversion.followed")
    add("  after", median(done.follow_delay), f"{quartiles(done.follow_delay)}", "conversion.follow_delay")
    then = done.followed_and_engaged
    add(
        "  then engaged",
        percent(then),
        f"{sample(then)} followers chatted, gave or liked",
        "conversion.followed_and_engaged",
    )
    for name, portion in (("chatted", done.chatted), ("gave", done.gave), ("liked", done.liked)):
        add(name, percent(portion), f"{sample(portion)} sharers", "conversion.engaged")
    add("any of these", percent(done.engaged), f"{sample(done.engaged)} sharers", "conversion.engaged")
    add(
        "before sharing",
        percent(done.engaged_before),
        f"{sample(done.engaged_before)} had done so",
        "conversion.engaged",
    )
    rows += [blank(), heading("New viewers", f"within {span(found.rules.window_seconds)} after shares, an ESTIMATE")]
    new = found.new_viewers
    add("a share", decimal(new.per_share), f"{against(new.joins, 'first joins')}", "new_viewers")
    rows += aside(f"{per_minute(new.joins.within)} after shares, {per_minute(new.joins.usual)} otherwise", width)
    rows += [blank(), heading("After spikes", f"within {span(found.rules.after_seconds)} from their beginnings")]
    return rows + _after(found, width)


def cascades(analysis: Analysis, width: int, height: int) -> list[Row]:
    """The longest cascades with what chance makes, and all chains by their length."""
    found = analysis.shares
    if not found.shares:
        return nobody_shared(analysis, width)
    seconds = decimal(found.rules.cascade_seconds)
    rows = [heading("Cascades", f"shares within {seconds} s of each other, longer than chance makes them")]
    if not found.longest_cascades:
        rows += text_rows("None: three shares by two people are the least, and chance explains what there was.", width)
    else:
        columns = (
            *(Column("from", right=False), Column("shares"), Column("people"), Column("length")),
            Column("by chance an hour"),
        )
        rows += table(
            columns,
            [
                Entry(
                    (
                        Piece(clock(one.start_ms)),
                        Piece(full(one.shares), "board--score"),
                        Piece(full(one.people)),
                        Piece(span((one.end_ms - one.start_ms) / 1000)),
                        Piece(_rare(one.by_chance_per_hour), "row--reason"),
                    ),
                    ("cascade", one.start_ms, at),
                )
                for at, one in enumerate(found.longest_cascades)
            ],
            width,
        )
        if found.cascades > len(found.longest_cascades):
            rows += text_rows(f"the longest of {full(found.cascades)}", width)
    rows += [blank(), heading("Chain lengths", "1 is a share by itself")]
    most = max(found.chain_lengths.values(), default=0)
    for length, count in found.chain_lengths.items():
        bar = "█" * max(1, round(count / most * max(1, width - 34)))
        pieces = (Piece(f" {several(length, 'share'):>12}"), Piece(f"{full(count):>9}  "), Piece(bar, "head--plot"))
        rows.append(Row(pieces, ("chain", length), f"{several(length, 'share')}: {several(count, 'chain')}"))
    return rows


def _rare(per_hour: float) -> str:
    if per_hour >= 0.001:
        return decimal(per_hour) if per_hour >= 0.005 else f"{per_hour:.3f}"
    return "<0.001"


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
