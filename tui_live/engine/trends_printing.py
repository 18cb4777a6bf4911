"""Trending videos as text: a table for a terminal, and JSON."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

from tui_live.core.text import drawn
from tui_live.core.times import iso
from tui_live.core.trends import Run, Trend
from tui_live.core.trends.facts import facts as story_facts
from tui_live.core.trends.saying import author_of

_HEADS = ("A MINUTE", "SCORE", "LIKES", "COMMENTS", "SHARES", "AUTHOR", "CAPTION", "LINK")
#: A caption has at least so many cells, also where the terminal is too narrow for them; and so many where it is none.
_NARROWEST, _WIDEST = 16, 60


def table(trends: Sequence[Trend]) -> str:
    """A line for each video under a line of heads; the caption takes what the terminal leaves."""
    rows = [_HEADS, *(_row(trend) for trend in trends)]
    widths = [max(cell_len(row[column]) for row in rows) for column in range(len(_HEADS))]
    caption = _HEADS.index("CAPTION")
    room = _WIDEST
    if sys.stdout.isatty():
        others = sum(widths) - widths[caption] + 2 * (len(widths) - 1)
        room = shutil.get_terminal_size().columns - others
    widths[caption] = max(_NARROWEST, min(widths[caption], room))
    return "\n".join(
        "  ".join(_padded(text, width, column) for column, (text, width) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    )


def as_json(run: Run, trends: Sequence[Trend]) -> str:
    """The run and its stories, or those of the last good run, as one line of JSON with the database's names."""
    trouble = run.trouble
    told = {
        "run": {
            "started_at": iso(run.started_ms),
            "seconds": round(run.seconds, 3),
            "fetched": run.fetched,
            "kept": run.kept,
            "duplicates": run.duplicates,
            "dropped": dict(run.dropped),
            "problems": dict(run.problems),
            "trouble": None if trouble is None else str(trouble),
        },
        "stories": [story_facts(trend) for trend in trends],
    }
    return json.dumps(told, ensure_ascii=False)


def _row(trend: Trend) -> tuple[str, ...]:
    story = trend.story
    video = story.video
    return (
        f"{story.velocity:,.0f}",
        f"{story.score:.0f}",
        *(f"{count:,}" for count in (video.likes, video.comments, video.shares)),
        drawn(f"{'*' if trend.new else ''}{author_of(video)}"),
        drawn(video.caption),
        trend.url,
    )


def _padded(text: str, width: int, column: int) -> str:
    cells = cell_len(text)
    if cells > width:
        return set_cell_size(text, width - 1) + "…"
    blank = " " * (width - cells)
    if column < _HEADS.index("AUTHOR"):
        return blank + text
    return text if column == len(_HEADS) - 1 else text + blank
