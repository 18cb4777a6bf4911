"""Which lines the log and its tabs show, and how they are drawn; :mod:`log_view` moves in them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from rich.segment import Segment
from textual.cache import LRUCache
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from tui_live.core.log import MSG_ID, STREAM, TYPE, LogModel, Row
from tui_live.core.log_filter import LogFilter, every
from tui_live.core.log_index import LogReader
from tui_live.ui.format import fit, short
from tui_live.ui.log_line import Columns, draw_line
from tui_live.ui.tab_line import Grid, draw_cells
from tui_live.ui.tabs import TABS, Tab
from tui_live.ui.viewport import Viewport
from tui_live.ui.widgets.scrolled import Scrolled


class LogLines(Scrolled):
    """Draws the lines whose sequence numbers stand in the window, and repaints as little as possible."""

    class Changed(Message):
        """What the pane's title says has changed: following, pausing, the filter, or the number of lines."""

    class GaveUp(Message):
        """The filter was too slow and has been taken off."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._model = LogModel(1)
        self.reader = LogReader(self._model)
        self.view = Viewport(self.reader)
        self.filter = LogFilter()
        self.find = LogFilter()
        self.started = False
        self.tab: Tab = TABS[0]
        #: The index of the one stream that is shown, ``None`` for all.
        self.only: int | None = None
        self._grid = Grid(0, 0, ())
        self._strips: LRUCache[tuple[int, bool], Strip] = LRUCache(1024)
        self._columns = Columns(0, 0, 0)
        self._names = 0
        self._drawn: tuple[object, ...] = ()
        self._titled: tuple[object, ...] = ()
        self._rebuilding = False
        self._used: dict[int, frozenset[int]] = {}

    @property
    def grid(self) -> Grid:
        """The columns as they are shown; none in the log."""
        return self._grid

    def update_window(self) -> None:
        """Work out the window anew and repaint as little as possible."""
        view, model = self.view, self._model
        size = self.content_size
        if not size.width or not size.height:
            return
        if view.height != size.height:
            view.height = size.height
        if self._columns.width != size.width - 1 or self._names != len(model.stream_names):
            self._arrange(size.width - 1)
        view.update()
        lines = (view.rows, view.selected, self.reader.paused, self.started)
        edge = (view.thumb(), self._badge())
        if not self._drawn or self._drawn[0] != lines:
            self.refresh()
        elif self._drawn[1] != edge:
            width, height = size
            left, top = self.gutter.left, self.gutter.top
            self.refresh(Region(left + width - 1, top, 1, height), Region(left, top + height - 1, width, 1))
        self._drawn = (lines, edge)
        titled = (view.follow, self.reader.paused, self.reader.complete, self.filter.source, self.tab.key, self.only)
        if titled != self._titled:
            self._titled = titled
            self.post_message(self.Changed())

    def _arrange(self, width: int) -> None:
        """Columns for lines so wide."""
        names = self._model.stream_names
        self._names = len(names)
        self._columns = Columns.for_width(width, names)
        self._grid = Grid.for_width(self.tab, width, names, one=self.only is not None)
        self.restyled()
        self._drawn = ()
        self.post_message(self.Changed())

    def on_resize(self) -> None:
        """Another size shows other lines."""
        self.update_window()

    def restyled(self) -> None:
        """Strips were drawn with other styles or widths."""
        if hasattr(self, "_strips"):
            self._strips.clear()

    def redraw(self) -> None:
        """Draw all lines anew: others, or in another way."""
        self.restyled()
        self._drawn = ()
        self.update_window()

    def mark(self, used: Mapping[int, Mapping[int, bool]]) -> None:
        """Comments chosen for the overlay, by stream and TikTok's message id, have a sign."""
        new = {
            stream: frozenset(msg_id for msg_id, chosen in marks.items() if chosen)
            for stream, marks in used.items()
            if marks
        }
        if new != self._used:
            self._used = new
            self.redraw()

    # Which lines

    def set_filter(self, new: LogFilter) -> None:
        """Show only what ``new`` accepts: the newest screenful at once, the rest in slices between repaints."""
        self.filter = new
        only = self.only
        one = None if only is None else (lambda row: row[STREAM] == only)
        self.reader.set_match(every(self.tab.match(), one, new.match), chunk=1 if new.heavy else 64)
        self.reader.work()
        self.redraw()
        self._go_on()

    def _go_on(self) -> None:
        if not self.reader.complete and not self._rebuilding:
            self._rebuilding = True
            self.run_worker(self._rebuild(), name="log filter", group="log", exit_on_error=True)

    async def _rebuild(self) -> None:
        try:
            while not self.reader.complete:
                await asyncio.sleep(0)
                self.reader.work()
                self._check_speed()
        finally:
            self._rebuilding = False
        self.update_window()

    def _check_speed(self) -> None:
        if self.reader.too_slow:
            self.set_filter(LogFilter())
            self.post_message(self.GaveUp())

    def set_find(self, new: LogFilter) -> bool:
        """Mark what matches and select the newest of it; tell whether there is any."""
        self.find = new
        found = new.match is None or self.view.find(new.match, newer=False)
        self.redraw()
        return found

    def find_next(self, *, newer: bool) -> bool:
        """Select the next match of the search, or of the filter's words; tell whether there is one."""
        sought = self.find if self.find.match is not None else self.filter
        found = sought.match is not None and self.view.find(sought.match, newer=newer)
        self.update_window()
        return found

    # Drawing

    def thumb(self) -> tuple[int, int]:
        """The scrollbar's thumb."""
        return self.view.thumb()

    def render_line(self, y: int) -> Strip:
        """One line of the window with its piece of the scrollbar."""
        view = self.view
        width, height = self.content_size
        if self._columns.width != width - 1:  # another tab was chosen while this was hidden
            self._arrange(width - 1)
        strip = self._line(view.rows[y]) if y < len(view.rows) else self._empty_line(y, width - 1)
        if y == height - 1 and (badge := self._badge()):
            strip = Strip([*strip.crop(0, max(0, width - 1 - len(badge))), Segment(badge, self.pen("log--badge"))])
        return Strip([*strip, self.bar(y)], width)

    def _line(self, seq: int) -> Strip:
        selected = seq == self.view.selected
        key = (seq, selected)
        strip = self._strips.get(key)
        if strip is None:
            row = self.reader.row(seq)
            if row is None:
                return Strip.blank(self._columns.width, self.pen())
            marked = self.find if self.find.match is not None else self.filter
            stream = self._model.stream_name(row[STREAM])
            marker = "▸" if selected else "✓" if self._chosen(row) else " "
            shown = marked if marked.words or marked.patterns else None
            if self.tab.columns:
                segments = draw_cells(row, self._grid, stream, self.pen, shown, marker)
            else:
                segments = draw_line(row, self._columns, stream, self.pen, shown, marker)
            strip = Strip(segments).adjust_cell_length(self._columns.width, self.pen())
            if selected:
                strip = self.highlighted(strip, "log--selected")
            self._strips[key] = strip
        return strip

    def _chosen(self, row: Row) -> bool:
        return bool(self._used) and row[TYPE] == "chat" and row[MSG_ID] in self._used.get(row[STREAM], ())

    def _empty_line(self, y: int, width: int) -> Strip:
        text = ""
        if not self.view.rows and y == self.content_size.height // 3:
            if not self.started:
                text = "starting …"
            elif self.filter.match is not None:
                text = "Nothing matches the filter. Press / to change it."
            elif self.tab.hint:
                text = self.tab.hint
            else:
                text = "Nothing has happened yet. Chat, gifts and joins will run here."
        return Strip([Segment(fit("  " + text, width), self.pen("log--hint"))], width)

    def _badge(self) -> str:
        view = self.view
        if view.follow and not self.reader.paused:
            return ""
        new = view.new
        if self.reader.paused:
            return f" ‖ paused  +{short(new)} new ↓ " if new else " ‖ paused "
        return f" +{short(new)} new ↓ " if new else ""
