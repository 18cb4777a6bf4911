"""Trending videos, one row each, in an order that is chosen."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.message import Message

from tui_live.core.text import drawn
from tui_live.core.trends import Trend, TrendRun
from tui_live.core.trends.choosing import age
from tui_live.core.trends.orders import ORDERS
from tui_live.core.trends.saying import counted
from tui_live.ui.trend_row import TrendColumns, draw_row, header
from tui_live.ui.widgets.rows_view import RowsView, moving_keys
from tui_live.ui.widgets.whole_facts import WholeFacts

_READING = (("reading …", "row--reason"),)
_NO_MATCH = (
    ("No trending video matches.", "row--number"),
    ("", "row--reason"),
    ("All words must occur: in caption, author, name; new, verified, …", "row--reason"),
    ("Escape takes the filter back.", "row--reason"),
)


def none_yet(every_minutes: float, refusal: str) -> tuple[tuple[str, str], ...]:
    """Before the first good run: what there is to be had, and by which keys. ``refusal``: why not here."""
    return (
        (refusal or "No trending videos yet.", "row--number"),
        ("", ""),
        ("r fetches what TikTok shows as trending and keeps what takes off: videos with", "row--reason"),
        ("enough likes, comments and shares a minute since they were posted, each with", "row--reason"),
        (f"a score. w does it every {every_minutes:g} minutes; nothing is fetched before you ask.", "row--reason"),
        ("", ""),
        ("It needs Chromium (Debian, Ubuntu: apt install chromium), which then runs for", "row--reason"),
        ("some seconds without a window. tui-live doctor says whether it is there.", "row--reason"),
        ("Escape goes back.", "row--reason"),
    )


def none_kept(run: TrendRun) -> tuple[tuple[str, str], ...]:
    """After a good run that kept nothing."""
    return (
        (f"Of {counted(run.fetched, 'video')} none was fast enough.", "row--number"),
        ("", ""),
        ("trends.min_velocity says how many likes, comments and shares a minute a video needs.", "row--reason"),
    )


class TrendList(RowsView, can_focus=True):
    """A list of videos; the selection stays on its video, and on the first while nobody has moved it."""

    STAYS_FIRST = True
    HELP = (
        "TikTok's trending videos of the last good run that were fast enough: likes, comments and shares a minute "
        "since posting, with the curve over the runs in which a video was seen.\n\n"
        "+ new   kept by the last run and not by the one before      ✓   a verified account\n\n"
        "> and < order them by another column, / filters by caption, author and name. r fetches now, w again and "
        "again; a run that brings nothing leaves the last good result, and the line above says why and what to do. "
        "Below, or beside it, everything about the selected one: its score, and why it was kept."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,o", "ask('open')", "open", id="trends.open", tooltip="Open the video in a browser"),
        Binding("y", "ask('copy')", "copy link", id="trends.copy", tooltip="Copy the link of the video"),
        *moving_keys("trends", "video"),
    ]

    class Asked(Message):
        """Do something with a video: ``open`` or ``copy``."""

        def __init__(self, what: str, trend: Trend) -> None:
            super().__init__()
            self.what, self.trend = what, trend

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: Sequence[Trend] = ()
        self._order = next(iter(ORDERS))
        self._columns = TrendColumns.for_width(0, self._order)
        self._empty: Sequence[tuple[str, str]] = _READING
        self._now_ms = 0
        self._ages: list[str] = []

    @property
    def selected(self) -> Trend | None:
        """The video under the selection."""
        return None if self.cursor is None else self._rows[self.cursor]

    def show(self, trends: Sequence[Trend], order: str, *, filtered: bool, empty: Sequence[tuple[str, str]]) -> None:
        """Show these, which are in that order; ``filtered``: there may be others. ``empty``: why there are none."""
        self._rows, self._empty = trends, _NO_MATCH if filtered else empty
        if order != self._order:
            self._order = order
            self.resized(self._columns.width)
        self._now_ms = int(time.time() * 1000)
        self._ages = self._said_ages()
        self.redraw()

    def look_at_clock(self) -> None:
        """Draw them again where how old they are is said otherwise by now."""
        now_ms = int(time.time() * 1000)
        if now_ms // 1000 == self._now_ms // 1000:
            return
        self._now_ms = now_ms
        ages = self._said_ages()
        if ages != self._ages:
            self._ages = ages
            self.redraw()

    def _said_ages(self) -> list[str]:
        return [age(trend.story.video.posted_ms, self._now_ms) for trend in self._rows]

    def row_count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def row_key(self, index: int) -> str:
        """TikTok's number of the video."""
        return self._rows[index].story.video.post_id

    def resized(self, width: int) -> None:
        """Other columns fit."""
        self._columns = TrendColumns.for_width(width, self._order)

    def header(self, width: int) -> list[Segment]:
        """Names of the columns."""
        return [Segment(header(self._columns), self.pen("row--header"))]

    def draw_row(self, index: int, width: int, selected: bool) -> list[Segment]:
        """One video."""
        return draw_row(self._rows[index], self._columns, self._now_ms, self.pen, "▸" if selected else " ")

    def empty_text(self) -> Sequence[tuple[str, str]]:
        """Where they come from, or why there are none."""
        return tuple((drawn(text), pen) for text, pen in self._empty)

    def open_row(self) -> None:
        """Enter or a second press."""
        self.action_ask("open")

    def action_ask(self, what: str) -> None:
        """Do something with the selected video."""
        if self.selected is not None:
            # It stays selected, whatever the next run brings.
            self._first = False
            self.post_message(self.Asked(what, self.selected))


class TrendFacts(WholeFacts):
    """Everything about the selected video."""

    HELP = (
        "Everything about the selected video: its caption in full, who made it, its counts, its speed over the runs, "
        "and what its score is made of. Arrows scroll, y copies all of it, Tab goes back to the list."
    )
