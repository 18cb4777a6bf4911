"""A line of a tab, and the line of titles above: the columns of a :class:`~tui_live.ui.tabs.Tab` in fixed cells."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from rich.segment import Segment

from tui_live.core.events import OtherData
from tui_live.core.log import DATA, TEXT, TIME, TYPE, Row
from tui_live.core.log_filter import LogFilter
from tui_live.core.text import drawn
from tui_live.ui.format import clock, fit
from tui_live.ui.log_line import Columns, Pen, add_marked
from tui_live.ui.tabs import Column, Tab
from tui_live.ui.themes import stream_colour

log = logging.getLogger(__name__)

#: So many cells are enough for the column that takes what is left: beyond them, others grow.
_AMPLE = 48
_STREAM = "stream"


class Grid(NamedTuple):
    """A tab's visible columns with their widths in cells; they fill ``width``."""

    width: int
    stream: int
    columns: tuple[tuple[Column, int], ...]

    @classmethod
    def for_width(cls, tab: Tab, width: int, names: Mapping[int, str], *, one: bool) -> Grid:
        """Columns for a pane ``width`` cells wide; ``one`` leaves the stream's name out."""
        stream = 0 if one else Columns.for_width(width, names).stream
        # The column's title has its room, however short the names are.
        stream = max(stream, len(_STREAM)) if stream else 0
        shown = [column for column in tab.columns if width >= column.need]
        left = width - 10 - (stream + 1 if stream else 0) - len(shown) + 1
        left -= sum(column.width for column in shown)
        # The column without a width takes what is left; where that is too little, names give of theirs.
        short = max(0, 8 - left)
        widths = [
            column.width if column.right or column.width < 12 else max(4, column.width - short) for column in shown
        ]
        free = width - 10 - (stream + 1 if stream else 0) - len(shown) + 1 - sum(widths)
        for _ in range(min(-free, sum(widths))):
            # Still too little: the widest column gives, cell by cell.
            widths[widths.index(max(widths))] -= 1
        for place, column in enumerate(shown):
            more = max(0, min(column.most - widths[place], free - _AMPLE))
            widths[place] += more
            free -= more
        return cls(
            width,
            stream,
            tuple(
                (column, cells if column.width else max(0, free)) for column, cells in zip(shown, widths, strict=True)
            ),
        )


def titles(grid: Grid) -> str:
    """Names of the columns, above the lines."""
    parts = [" " + fit("time", 8)]
    if grid.stream:
        parts.append(fit(_STREAM, grid.stream))
    parts += [fit(column.title, width, right=column.right) for column, width in grid.columns]
    return fit(" ".join(parts), grid.width)


def draw_cells(row: Row, grid: Grid, stream: str, pen: Pen, marked: LogFilter | None, marker: str) -> list[Segment]:
    """The line ``grid.width`` cells wide. ``marked`` words stand out in the column that takes what is left."""
    segments = [Segment(f"{marker}{clock(row[TIME])} ", pen("log--time"))]
    if grid.stream:
        segments.append(Segment(fit(drawn(stream), grid.stream) + " ", pen(f"stream--{stream_colour(stream)}")))
    last = len(grid.columns) - 1
    for place, (column, width) in enumerate(grid.columns):
        said = drawn(cell_text(row, column, width)[: width * 4], rightmost=place == last)
        text = fit(said, width, right=column.right)
        if marked is not None and not column.width:
            add_marked(segments, text, pen(column.tone), pen("log--match"), marked)
        else:
            segments.append(Segment(text, pen(column.tone)))
        if place < last:
            segments.append(Segment(" ", pen("log--text")))
    return segments


def cell_text(row: Row, column: Column, width: int = 0) -> str:
    """What a column says of a line, in ``width`` cells where it knows how to be shorter (0: in full).

    Of an event whose data the database could not tell, only the words are there.
    """
    if isinstance(row[DATA], OtherData) and row[TYPE] != "other":
        return "" if column.width else row[TEXT]
    try:
        return column.cell(row) if column.within is None or not width else column.within(row, width)
    except Exception:  # one cell must not end the evening
        _note_failure(column.title, row[TYPE])
        return "?"


@cache
def _note_failure(title: str, kind: str) -> None:
    """Once for each column and type: lines are drawn many times a second."""
    log.exception("the column %s of a line of type %s cannot be drawn", title, kind)


def plain_cells(row: Row, tab: Tab, stream: str) -> str:
    """The line for the clipboard: every column of the tab, nothing cut."""
    cells = (cell_text(row, column) for column in tab.columns)
    return "  ".join(part for part in (clock(row[TIME]), stream, *cells) if part)
