"""What follows a share: follows and engagement, new viewers, other shares."""

from __future__ import annotations

from tui_live.core.analysis import Analysis
from tui_live.core.counts import several
from tui_live.ui.analysis.page import Column, Entry, Piece, Row, blank, figure, heading, table, text_rows
from tui_live.ui.analysis.share_free import nobody_shared
from tui_live.ui.analysis.spikes_page import after_spikes
from tui_live.ui.analysis.words import brought, cascades_of, decimal, median, percent, quartiles, sample
from tui_live.ui.format import clock, full, span


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
    words = f"{sample(then)} who followed so chatted, gave or liked after it" if then.of else "nobody followed so"
    add("  and then did", percent(then), words, "conversion.followed_and_engaged")
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
    add("a share", *brought(found.new_viewers), "new_viewers")
    rows += [blank(), heading("After spikes", f"within {span(found.rules.after_seconds)} from their beginnings")]
    return rows + after_spikes(found, width)


def cascades(analysis: Analysis, width: int, height: int) -> list[Row]:
    """The longest cascades with what chance makes, and all chains by their length."""
    found = analysis.shares
    if not found.shares:
        return nobody_shared(analysis, width)
    seconds = decimal(found.rules.cascade_seconds)
    rows = [heading("Cascades", f"shares within {seconds} s of each other, longer than chance makes them")]
    if found.cascades is None:
        rows += text_rows(f"Not known: {cascades_of(found)[1]}.", width)
    elif not found.longest_cascades:
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
