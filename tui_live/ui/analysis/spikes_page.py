"""Spikes with what was before and after, follows after all of them, and viral stretches."""

from __future__ import annotations

from tui_live.core.analysis import Analysis
from tui_live.core.shares import SharesResult
from tui_live.ui.analysis.page import Column, Entry, Piece, Row, aside, blank, figure, heading, table, text_rows
from tui_live.ui.analysis.share_free import nobody_shared
from tui_live.ui.analysis.words import (
    against,
    decimal,
    per_minute,
    times,
)
from tui_live.ui.format import clock, full, span


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
    elif not found.spikes_known:
        rows += text_rows(f"Not known yet: the first {span(found.learning_s)} only tell what is usual.", width)
    else:
        rows += text_rows(
            f"None. The first {span(found.learning_s)} only tell what is usual, and five shares are the least.", width
        )
    rows += [blank(), heading("Follows after spikes", f"within {span(rules.after_seconds)} from their beginnings")]
    rows += after_spikes(found, width)
    rows += [blank(), heading("Viral stretches", viral_words(found)[1])]
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
        if found.viral_found > len(found.viral):
            rows += text_rows(f"the busiest {full(len(found.viral))} of {full(found.viral_found)}", width)
    return rows


def _spike_table(found: SharesResult, width: int) -> list[Row]:
    columns = (
        *(
            Column("from", right=False),
            Column("length"),
            Column("shares"),
            Column("peak"),
            Column("×usual"),
            Column("chat"),
            Column("gifts"),
        ),
        *(Column("coins"), Column("follows"), Column("joins"), Column("peak in"), Column("noticed")),
    )
    entries = [
        Entry(
            (
                Piece(f"▲{'━' if one.viral else ' '} {clock(one.began_ms)}", "row--alert"),
                Piece(span((one.end_ms - one.began_ms) / 1000)),
                Piece(full(one.shares)),
                Piece(full(one.peak_count), "board--score"),
                Piece(decimal(one.peak_times), "board--score"),
                Piece(decimal(one.messages_before.per_minute)),
                Piece(decimal(one.gifts_before.per_minute)),
                Piece(decimal(one.coins_before.per_minute), "log--coins"),
                Piece(full(one.follows_after.count)),
                Piece(full(one.joins_after.count)),
                Piece(span(one.peak_seconds), "row--reason"),
                Piece(clock(one.at_ms), "row--reason"),
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
    window = found.rules.window_seconds
    words = (
        f"Length and shares are of the whole spike; peak: the most in {span(window)} or {span(window / 4)}. Chat, gifts"
        f" and coins: a minute, within {span(window)} before it began (usual are {usual}). Follows and joins: within "
        f"{span(found.rules.after_seconds)} from its beginning."
    )
    if any(one.viral for one in found.spikes):
        words += " ━: viral."
    if found.spikes_found > len(found.spikes):
        words = f"The highest {full(len(found.spikes))} of {full(found.spikes_found)}. {words}"
    return [*table(columns, entries, width), *text_rows(words, width)]


def after_spikes(found: SharesResult, width: int) -> list[Row]:
    """Follows after spikes against the usual."""
    compared = found.follows_after_spikes
    if not compared.causes:
        return text_rows("There is no spike to come after.", width)
    number = times(compared)
    rows = figure("follows", number, f"the usual rate: {against(compared, 'follows')}", width, "follows_after_spikes")
    rows += aside(f"{per_minute(compared.within)} after spikes, {per_minute(compared.usual)} otherwise", width)
    return rows + aside("what comes after something need not come of it", width)


def viral_words(found: SharesResult) -> tuple[str, str]:
    """How many stretches, and by which limit."""
    limit = found.rules.viral_per_minute
    if limit is None:
        return "off", "shares.viral_per_minute is not set"
    if not found.viral:
        return "0", f"no minute had {decimal(limit)} shares"
    peak = max(stretch.peak_per_minute for stretch in found.viral)
    return full(found.viral_found), f"with {decimal(limit)} shares a minute or more, {full(peak)} at most"
