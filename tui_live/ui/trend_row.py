"""A trending video as a row of segments, at any width, and the filter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rich.segment import Segment

from tui_live.core.text import drawn
from tui_live.core.trends import Trend
from tui_live.core.trends.choosing import age
from tui_live.core.trends.saying import counted
from tui_live.ui.format import fit, rate, short, sparkline
from tui_live.ui.log_line import Pen

#: Columns beside the caption in the order in which they are left out, the last first, and their cells.
_ORDER = ("velocity", "runs", "author", "score", "history", "newest", "likes", "comments", "shares", "views")
_CELLS = {
    **{"velocity": 7, "history": 8, "score": 5, "likes": 5, "comments": 8, "shares": 6, "views": 5, "newest": 7},
    **{"runs": 8, "author": 14},
}
_SEQUENCE = (
    *("runs", "velocity", "history", "score", "likes", "comments", "shares", "views", "newest", "author", "caption"),
)
_TITLES = {"velocity": "per min", "newest": "posted", "runs": "seen in"}
_RIGHT = frozenset({"velocity", "score", "likes", "comments", "shares", "views", "newest"})
_CAPTION = 22


def matches(trend: Trend, words: Iterable[str]) -> bool:
    """Whether every word (in lower case) occurs: in caption, author or what is told of the video."""
    video = trend.story.video
    said = (
        *(video.caption, f"@{video.author}", video.nickname, video.post_id),
        *("new" if trend.new else "", "verified" if video.verified else ""),
    )
    text = "\n".join(said).casefold()
    return all(word in text for word in words)


def seen_in(trend: Trend) -> str:
    """In how many runs it was seen, or that the one before had not kept it: sign and word, to read without colour."""
    return "+ new" if trend.new else counted(trend.runs, "run")


class TrendColumns(NamedTuple):
    """Cells of each column that is shown, in the order on the screen, and the column that the rows are ordered by."""

    width: int
    order: str
    shown: tuple[tuple[str, int], ...]

    @classmethod
    def for_width(cls, width: int, order: str) -> TrendColumns:
        """Columns for a list ``width`` cells wide; the one of the order is always among them."""
        left = width - 2
        cells: dict[str, int] = {}
        for column in dict.fromkeys((order, *_ORDER)):
            if left - _CELLS[column] - 2 < _CAPTION:
                break
            cells[column] = _CELLS[column]
            left -= _CELLS[column] + 2
        cells["caption"] = max(0, left)
        return cls(width, order, tuple((column, cells[column]) for column in _SEQUENCE if column in cells))


def header(columns: TrendColumns) -> str:
    """Names of the columns; a sign at the one that they are ordered by."""
    parts: list[str] = []
    for column, cells in columns.shown:
        title = _TITLES.get(column, column)
        if column == columns.order:
            # The sign stands between the columns where the title fills its own.
            title = f"▾{title}"
        place = cells + (2 if parts else 0)
        text = fit(title, place, right=True) if column in _RIGHT else "  " * bool(parts) + fit(title, cells)
        parts.append(text)
    return fit("  " + "".join(parts), columns.width)


def draw_row(trend: Trend, columns: TrendColumns, now_ms: int, pen: Pen, marker: str) -> list[Segment]:
    """The row, ``columns.width`` cells wide; ``now_ms`` is UTC."""
    segments = [Segment(f"{marker} ", pen("row--number"))]
    for place, (column, cells) in enumerate(columns.shown):
        text, name = _cell(trend, column, cells, now_ms)
        cut = drawn(text[: cells * 4])
        segments.append(Segment("  " * (place > 0) + fit(cut, cells, right=column in _RIGHT), pen(name)))
    return segments


def _cell(trend: Trend, column: str, cells: int, now_ms: int) -> tuple[str, str]:
    """A column's text and its pen."""
    story, video = trend.story, trend.story.video
    if column == "caption":
        return video.caption or "(no caption)", "log--text" if video.caption else "row--reason"
    if column == "author":
        # The handle's own sign would take a cell of a narrow column.
        return ("✓ " if video.verified else "") + (video.author or video.nickname or "not told"), "log--nick"
    if column == "history":
        if len(trend.history) < 2:
            return "", "row--reason"  # one run makes no curve
        return sparkline(tuple(speed for _, speed in trend.history), cells), "row--spark"
    if column == "runs":
        return seen_in(trend), "state--live" if trend.new else "row--reason"
    if column == "newest":
        return age(video.posted_ms, now_ms), "row--reason"
    if column == "velocity":
        return rate(story.velocity), "board--score"
    if column == "score":
        return f"{story.score:.0f}", "row--number"
    return short(getattr(video, column)), "row--number"
