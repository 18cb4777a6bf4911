"""An outline drawn line by line: arrows move, branches open and close."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.strip import Strip

from tui_live.ui.outline import OutlineLine, Path, branches, lines
from tui_live.ui.widgets.line_widget import LineWidget

_WHEEL_LINES = 3


class OutlineView(LineWidget, can_focus=True):
    """Shows nested data; what somebody opened stays open when the data grow."""

    HELP = "Arrows move; right opens a branch, left closes it; y copies all of it."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "up", show=False, id="outline.up", tooltip="The line above"),
        Binding("down", "move(1)", "down", show=False, id="outline.down", tooltip="The line below"),
        Binding("pageup", "page(-1)", "page up", show=False, id="outline.page_up", tooltip="One screen up"),
        Binding("pagedown", "page(1)", "page down", show=False, id="outline.page_down", tooltip="One screen down"),
        Binding("home", "move(-1000000)", "first", show=False, id="outline.first", tooltip="The first line"),
        Binding("end", "move(1000000)", "last", show=False, id="outline.last", tooltip="The last line"),
        Binding("enter,space", "switch", "open/close", id="outline.switch", tooltip="Open or close the branch"),
        Binding("right", "set_open(True)", "open", show=False, id="outline.open", tooltip="Open the branch"),
        Binding("left", "set_open(False)", "close", show=False, id="outline.close", tooltip="Close the branch"),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._data: Mapping[str, Any] = {}
        self._opened: set[Path] = set()
        self._shut: set[Path] = set()
        self._lines: list[OutlineLine] = []
        self._selected = 0
        self._top = 0

    def show(self, data: Mapping[str, Any], depth: int) -> None:
        """Show ``data``, at first open down to ``depth``; what was closed by hand stays so."""
        self._data = data
        self._opened |= branches(data, depth) - self._shut
        self._arrange()

    def _arrange(self) -> None:
        width, height = self.content_size
        if not width or not height:
            return
        self._lines = lines(self._data, self._opened, width - 1)
        self._selected = max(0, min(self._selected, len(self._lines) - 1))
        self._top = max(0, min(self._top, len(self._lines) - height))
        self._top = min(max(self._top, self._selected - height + 1), self._selected)
        self.refresh()

    def on_resize(self) -> None:
        """Other widths wrap elsewhere."""
        self._arrange()

    def render_line(self, y: int) -> Strip:
        """One line with its piece of the scrollbar."""
        width, height = self.content_size
        bar = self._bar(y, height)
        place = self._top + y
        if place >= len(self._lines):
            return self.line([Segment(" " * (width - 1), self.pen()), bar])
        line = self._lines[place]
        mark = ("▾ " if line.open else "▸ ") if line.branch else "  "
        segments = [
            Segment(" " * line.indent, self.pen()),
            Segment(mark, self.pen("row--spark")),
            Segment(line.name, self.pen("log--nick" if line.branch else "log--quiet")),
            Segment("  " + line.value, self.pen("log--quiet" if line.branch else "log--text")),
        ]
        strip = Strip(segments).adjust_cell_length(width - 1, self.pen())
        if place == self._selected and self.has_focus:
            strip = self.highlighted(strip, "log--selected")
        return Strip([*strip, bar], width)

    def _bar(self, y: int, height: int) -> Segment:
        count = len(self._lines)
        if count <= height:
            return Segment(" ", self.pen())
        size = max(1, height * height // count)
        start = round((height - size) * self._top / (count - height))
        thumb = start <= y < start + size
        return Segment("┃" if thumb else "│", self.pen("log--thumb" if thumb else "log--bar"))

    # What a person does

    def action_move(self, rows: int) -> None:
        """Move the selection."""
        self._selected += rows
        self._arrange()

    def action_page(self, pages: int) -> None:
        """Move by screens."""
        self.action_move(pages * max(1, self.content_size.height - 1))

    def action_switch(self) -> None:
        """Open or close the branch."""
        if self._lines:
            self.action_set_open(not self._lines[self._selected].open)

    def action_set_open(self, wanted: bool) -> None:
        """Open or close the branch; closing a value closes the branch that it is in."""
        if not self._lines:
            return
        line = self._lines[self._selected]
        path = line.path
        if not wanted and not line.open:
            path = path[:-1]
            if not path:
                return
            self._selected = next(place for place, one in enumerate(self._lines) if one.path == path)
        if wanted and line.branch:
            self._opened.add(path)
            self._shut.discard(path)
        elif not wanted:
            self._opened.discard(path)
            self._shut.add(path)
        self._arrange()

    def on_focus(self) -> None:
        """The selection shows while there is the focus."""
        self.refresh()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Lines above."""
        event.stop()
        self.action_move(-_WHEEL_LINES)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Lines below."""
        event.stop()
        self.action_move(_WHEEL_LINES)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Select a line; a branch opens or closes."""
        offset = event.get_content_offset(self)
        if offset is not None and self._top + offset.y < len(self._lines):
            self._selected = self._top + offset.y
            if self._lines[self._selected].branch:
                self.action_switch()
            else:
                self._arrange()
