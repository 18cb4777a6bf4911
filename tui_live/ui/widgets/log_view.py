"""The log of all streams and the tabs that show some of it, drawn line by line from the model.

Nothing happens per event: a tick of 50 ms looks at the model, works out which sequence numbers stand in the window, and
repaints only when they, or the figures around them, have changed.
"""

from __future__ import annotations

import asyncio
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from tui_live.core.log import STREAM, LogModel, Row
from tui_live.core.log_filter import LogFilter, every
from tui_live.core.log_index import LogReader
from tui_live.ui.format import fit, short
from tui_live.ui.log_line import Columns, draw_line, plain_line
from tui_live.ui.tab_line import Grid, draw_cells, plain_cells
from tui_live.ui.tabs import TABS, Tab
from tui_live.ui.viewport import Viewport
from tui_live.ui.widgets.line_widget import LineWidget

#: Seconds between two looks at the model.
TICK = 0.05
_WHEEL_LINES = 3
#: Below a dialog every how-manyth tick repaints: there Textual draws the whole screen for each.
_BEHIND_DIALOG = 10


class _Place(NamedTuple):
    """Where somebody was in a tab, for when they come back."""

    reader: LogReader
    view: Viewport
    filter: LogFilter
    find: LogFilter


class LogView(LineWidget, can_focus=True):
    """Follows the end until somebody scrolls up; then it stands still and counts what is new."""

    HELP = (
        "Everything that happens, newest at the bottom. Scrolling up stops following; nothing moves under you, and the "
        "corner counts what is new.\n\n"
        'A filter shows only some lines:  type:chat,gift   user:ana   stream:alice   word   "two words"   /regex/   '
        "!not.  All terms must hold; a comma means or.\n\n"
        "The tabs beside the log (digits, left and right) show one kind of event in columns; sums are those of the "
        "session, and of gifts only what each message adds."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "follow", "follow", id="log.follow", tooltip="Go to the newest line and stay there"),
        Binding("p", "pause", "pause", id="log.pause", tooltip="Stand still, or go on; nothing is lost meanwhile"),
        Binding("x", "empty", "empty", id="log.empty", tooltip="Empty the view; events stay in the database"),
        Binding("enter", "details", "line", show=False, id="log.details", tooltip="Show the selected line in full"),
        Binding("left", "tab(-1)", "tab before", show=False, id="log.tab_before", tooltip="The tab before"),
        Binding("right", "tab(1)", "next tab", show=False, id="log.tab_next", tooltip="The next tab"),
        Binding("up", "move(-1)", "up", show=False, id="log.up", tooltip="Select the line above"),
        Binding("down", "move(1)", "down", show=False, id="log.down", tooltip="Select the line below"),
        Binding("pageup", "page(-1)", "page up", show=False, id="log.page_up", tooltip="One screen up"),
        Binding("pagedown", "page(1)", "page down", show=False, id="log.page_down", tooltip="One screen down"),
        Binding("home", "oldest", "oldest", show=False, id="log.oldest", tooltip="Go to the oldest line that is held"),
        Binding("end", "follow", "newest", show=False, id="log.newest", tooltip="Go to the newest line and stay there"),
    ]

    class Changed(Message):
        """What the pane's title says has changed: following, pausing, the filter, or the number of lines."""

    class TabAsked(Message):
        """Somebody wants the tab before (-1) or the next one (1)."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class Opened(Message):
        """Somebody wants to see a line in full."""

        def __init__(self, row: Row, stream: str) -> None:
            super().__init__()
            self.row = row
            self.stream = stream

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
        self._places: dict[str, _Place] = {}
        self._grid = Grid(0, 0, ())
        self._strips: LRUCache[tuple[int, bool], Strip] = LRUCache(1024)
        self._columns = Columns(0, 0, 0)
        self._names = 0
        self._drawn: tuple[object, ...] = ()
        self._titled: tuple[object, ...] = ()
        self._behind = 0
        self._dragging = False
        self._rebuilding = False

    def on_mount(self) -> None:
        """Start looking at the model."""
        self.set_interval(TICK, self.tick)

    def attach(self, model: LogModel) -> None:
        """Show this model from now on."""
        self._model = model
        self.reader = LogReader(model)
        self.view = Viewport(self.reader)
        self.started = True
        self.set_filter(self.filter)

    # What stands in the window

    def tick(self) -> None:
        """Catch up with the model; repaint what has changed, less often below a dialog."""
        if self.app.screen is not self.screen:
            self._behind = (self._behind + 1) % _BEHIND_DIALOG
            if self._behind:
                return
        self.reader.catch_up()
        self._check_speed()
        self.update_window()

    def update_window(self) -> None:
        """Work out the window anew and repaint as little as possible."""
        view, model = self.view, self._model
        size = self.content_size
        if not size.width or not size.height:
            return
        if view.height != size.height:
            view.height = size.height
        if self._columns.width != size.width - 1 or self._names != len(model.stream_names):
            self._names = len(model.stream_names)
            self._columns = Columns.for_width(size.width - 1, model.stream_names)
            self._grid = Grid.for_width(self.tab, size.width - 1, model.stream_names, one=self.only is not None)
            self.restyled()
            self._drawn = ()
            self.post_message(self.Changed())
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

    def on_resize(self) -> None:
        """Another size shows other lines."""
        self.update_window()

    def restyled(self) -> None:
        """Strips were drawn with other styles or widths."""
        if hasattr(self, "_strips"):
            self._strips.clear()

    def set_filter(self, new: LogFilter) -> None:
        """Show only what ``new`` accepts: the newest screenful at once, the rest in slices between repaints."""
        self.filter = new
        only = self.only
        one = None if only is None else (lambda row: row[STREAM] == only)
        self.reader.set_match(every(self.tab.match(), one, new.match), chunk=1 if new.heavy else 64)
        self.restyled()
        self.reader.work()
        self._drawn = ()
        self.update_window()
        self._go_on()

    def _go_on(self) -> None:
        if not self.reader.complete and not self._rebuilding:
            self._rebuilding = True
            self.run_worker(self._rebuild(), name="log filter", group="log", exit_on_error=True)

    def show_tab(self, tab: Tab) -> None:
        """Show another tab: where one was reading there, else at its end."""
        if tab.key == self.tab.key:
            return
        self._places[self.tab.key] = _Place(self.reader, self.view, self.filter, self.find)
        self.tab = tab
        self._columns = Columns(0, 0, 0)
        kept = self._places.pop(tab.key, None)
        if kept is None:
            self.reader = LogReader(self._model)
            self.view = Viewport(self.reader)
            self.find = LogFilter()
            self.set_filter(LogFilter())
            return
        self.reader, self.view, self.find = kept.reader, kept.view, kept.find
        if kept.view.follow and not kept.reader.paused:
            # Built anew from the newest line backwards: quicker to the eye than catching up from where it was left.
            self.set_filter(kept.filter)
            return
        self.filter = kept.filter
        self.restyled()
        self._drawn = ()
        self.tick()
        self._go_on()

    def show_only(self, stream: int | None) -> None:
        """Show the events of one stream, by its index, or of all."""
        if stream == self.only:
            return
        self.only = stream
        self._places.clear()
        self._columns = Columns(0, 0, 0)
        self.view.end()
        self.set_filter(self.filter)

    @property
    def grid(self) -> Grid:
        """The columns as they are shown; none in the log."""
        return self._grid

    def set_find(self, new: LogFilter) -> bool:
        """Mark what matches and select the newest of it; tell whether there is any."""
        self.find = new
        self.restyled()
        self._drawn = ()
        found = new.match is None or self.view.find(new.match, newer=False)
        self.update_window()
        return found

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

    # Drawing

    def render_line(self, y: int) -> Strip:
        """One line of the window with its piece of the scrollbar."""
        view = self.view
        width, height = self.content_size
        start, end = view.thumb()
        bar = Segment(
            "┃" if start <= y < end else "│" if end else " ", self.pen("log--thumb" if start <= y < end else "log--bar")
        )
        strip = self._line(view.rows[y]) if y < len(view.rows) else self._empty_line(y, width - 1)
        if y == height - 1 and (badge := self._badge()):
            strip = Strip([*strip.crop(0, max(0, width - 1 - len(badge))), Segment(badge, self.pen("log--badge"))])
        return Strip([*strip, bar], width)

    def _line(self, seq: int) -> Strip:
        selected = seq == self.view.selected
        key = (seq, selected)
        strip = self._strips.get(key)
        if strip is None:
            row = self.reader.row(seq)
            if row is None:
                return Strip.blank(self._columns.width, self.pen())
            marked = self.find if self.find.match is not None else self.filter
            stream, marker = self._model.stream_name(row[STREAM]), "▸" if selected else " "
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

    # What a person does

    def action_follow(self) -> None:
        """Newest line, and stay there."""
        self.view.end()
        self.update_window()

    def action_pause(self) -> None:
        """Stand still, or go on at the end."""
        if self.reader.paused:
            self.view.end()
        else:
            self.reader.pause()
        self.update_window()

    def action_empty(self) -> None:
        """Empty the view."""
        self._model.clear()
        self.view.end()
        self.reader.catch_up()
        self.update_window()

    def action_move(self, lines: int) -> None:
        """Select another line."""
        self.view.move(lines)
        self.update_window()

    def action_tab(self, step: int) -> None:
        """Ask for the tab before or the next one."""
        self.post_message(self.TabAsked(step))

    def action_page(self, pages: int) -> None:
        """Scroll by screens, one line of overlap."""
        self.view.scroll(pages * max(1, self.view.height - 1))
        self.update_window()

    def action_oldest(self) -> None:
        """Go to the oldest line."""
        self.view.home()
        self.update_window()

    def action_details(self) -> None:
        """Show the selected line in full."""
        row = self.view.selected_row()
        if row is not None:
            self.post_message(self.Opened(row, self._model.stream_name(row[STREAM])))

    def find_next(self, *, newer: bool) -> bool:
        """Select the next match of the search, or of the filter's words; tell whether there is one."""
        sought = self.find if self.find.match is not None else self.filter
        found = sought.match is not None and self.view.find(sought.match, newer=newer)
        self.update_window()
        return found

    def deselect(self) -> bool:
        """Take the selection or the search away; tell whether there was one."""
        if self.view.selected is None and self.find.match is None:
            return False
        self.view.selected = None
        self.set_find(LogFilter())
        return True

    def copied_text(self) -> str:
        """The selected line for the clipboard."""
        row = self.view.selected_row()
        if row is None:
            return ""
        stream = self._model.stream_name(row[STREAM])
        return plain_cells(row, self.tab, stream) if self.tab.columns else plain_line(row, stream)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Older lines."""
        event.stop()
        self.view.scroll(-_WHEEL_LINES)
        self.update_window()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Newer lines."""
        event.stop()
        self.view.scroll(_WHEEL_LINES)
        self.update_window()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Select a line, take the scrollbar, or go to the end by the badge."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        width, height = self.content_size
        badge = self._badge()
        if offset.x == width - 1:
            self._dragging = True
            self.capture_mouse()
            self._drag(offset.y)
        elif badge and offset.y == height - 1 and offset.x >= width - 1 - len(badge):
            self.action_follow()
        elif offset.y < len(self.view.rows):
            seq = self.view.rows[offset.y]
            if seq == self.view.selected:
                self.action_details()
            else:
                self.view.select(seq)
                self.update_window()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag the scrollbar."""
        if self._dragging:
            self._drag(event.y - self.gutter.top)

    def on_mouse_up(self) -> None:
        """Let go of the scrollbar."""
        if self._dragging:
            self._dragging = False
            self.release_mouse()

    def _drag(self, y: int) -> None:
        self.view.scroll_to_part(y / max(1, self.content_size.height - 1))
        self.update_window()
