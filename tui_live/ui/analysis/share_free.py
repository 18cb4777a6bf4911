"""What the pages of a session say in which nobody shared."""

from __future__ import annotations

from tui_live.core.analysis import Analysis
from tui_live.core.counts import several
from tui_live.ui.analysis.page import Row, blank, text_rows
from tui_live.ui.format import span


def nobody_shared(analysis: Analysis, width: int) -> list[Row]:
    """What a session without shares says instead."""
    found = analysis.shares
    seen = f"{span(found.observed_s)} were watched"
    if found.gaps:
        seen += f", with {several(found.gaps, 'gap')}"
    lines = [
        blank(),
        *text_rows("Nobody shared this stream yet.", width, "row--number"),
        *text_rows(f"{seen}; {several(found.messages_per_minute.count, 'message')} came.", width),
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
