"""One line of a leaderboard as a row of segments, at any width: place, name, score and arrow stay longest."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from rich.segment import Segment

from tui_live.core.standings import Line
from tui_live.core.text import drawn
from tui_live.ui.format import fit, full, short
from tui_live.ui.log_line import Pen

#: What points come from, in the order of :attr:`Line.sources`.
SOURCES = ("gifts", "likes", "comments", "follows", "shares")
#: Their columns: titles, and cells with a space before.
_TITLES = ("gifts", "likes", "chat", "follow", "share")
_CELLS = (9, 7, 7, 7, 7)
#: Crown and medals by place, with their pens: shapes that every terminal draws in one cell.
MARKS = {1: ("♛", "board--first"), 2: ("✦", "board--second"), 3: ("✧", "board--third")}
#: Whoever comes among so many out of nowhere has an arrow.
_FRONT = 10
#: A name gives no more than this to columns that may be left out.
_NAME = 14
#: Which of those come first: the follower's mark, sources by number, coins.
_ORDER = ("follower", 0, 1, 2, 3, 4, "coins")
_WIDTHS = {"follower": 4, "coins": 9}


class BoardColumns(NamedTuple):
    """Cells of each column; 0 leaves one out. ``sources`` are those of :data:`SOURCES` that are shown."""

    width: int
    place: int
    name: int
    score: int
    arrow: int
    follower: int = 0
    coins: int = 0
    sources: tuple[int, ...] = ()

    @classmethod
    def for_width(cls, width: int, last_place: int, sources: Collection[int]) -> BoardColumns:
        """Columns for a pane ``width`` cells wide with places up to ``last_place`` and points from ``sources``."""
        place = max(2, len(str(last_place)))
        arrow = 4 if width >= 26 else 0
        score = 11 if width >= 32 else 6
        left = width - 4 - place - score - arrow
        shown: dict[str | int, int] = {}
        for column in _ORDER:
            if isinstance(column, int) and column not in sources:
                continue
            cells = _CELLS[column] if isinstance(column, int) else _WIDTHS[column]
            if left - cells < _NAME:
                break
            shown[column] = cells
            left -= cells
        chosen = tuple(number for number in range(len(SOURCES)) if number in shown)
        follower, coins = shown.get("follower", 0), shown.get("coins", 0)
        return cls(width, place, max(4, left), score, arrow, follower, coins, chosen)


def header(columns: BoardColumns) -> str:
    """Names of the columns."""
    text = " " + fit("#", columns.place, right=True) + "   " + fit("name", columns.name)
    text += fit("fol", columns.follower, right=True) if columns.follower else ""
    text += "".join(fit(_TITLES[number], _CELLS[number], right=True) for number in columns.sources)
    text += fit("coins", columns.coins, right=True) if columns.coins else ""
    return fit(text + fit("score", columns.score, right=True), columns.width)


def draw_row(line: Line, columns: BoardColumns, pen: Pen, marker: str, moving: bool) -> list[Segment]:
    """The row of a line, ``columns.width`` cells wide. ``moving``: places of a minute ago are known."""
    mark, mark_pen = MARKS.get(line.place, (" ", "row--number")) if line.score else (" ", "row--number")
    quiet = pen("row--reason")
    segments = [
        Segment(marker, pen("row--number")),
        Segment(fit(str(line.place), columns.place, right=True) + " ", quiet),
        Segment(mark + " ", pen(mark_pen)),
        Segment(fit(drawn(line.name[: columns.name * 4]) or drawn(line.handle), columns.name), pen("row--number")),
    ]
    if columns.follower:
        segments.append(Segment("  ✓ " if line.follower else "    ", pen("board--follower")))
    segments += [Segment(_count(line.sources[number], _CELLS[number]), quiet) for number in columns.sources]
    if columns.coins:
        segments.append(Segment(_count(line.now.coins, columns.coins), pen("log--coins")))
    segments.append(Segment(_count(line.score, columns.score), pen("board--score")))
    if columns.arrow:
        text, tone = arrow(line, moving)
        segments.append(Segment(" " + fit(text, columns.arrow - 1), pen(tone)))
    return segments


def arrow(line: Line, moving: bool) -> tuple[str, str]:
    """How the place changed in the last minute or two, and the pen for it.

    A bare arrow: from behind the hundred that are followed to the very front. Further down newcomers are many.
    """
    if not line.score:
        return "", "row--reason"
    if not line.before:
        return ("▲", "board--up") if moving and line.place <= _FRONT else ("", "row--reason")
    rose = line.before - line.place
    if rose > 0:
        return f"▲{min(rose, 99)}", "board--up"
    return (f"▼{min(-rose, 99)}", "board--down") if rose else ("", "row--reason")


def points(number: int) -> str:
    """Points or coins in full; nothing is a dash."""
    return full(number) if number else "-"


def _count(number: int, width: int) -> str:
    text = points(number)
    return fit(text if len(text) < width else short(number), width, right=True)
