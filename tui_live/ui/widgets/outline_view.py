"""An outline drawn line by line: arrows move, branches open and close."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType

from tui_live.ui.outline import OutlineLine, Path, branches, lines
from tui_live.ui.widgets.rows_view import RowsView, moving_keys


class OutlineView(RowsView, can_focus=True):
    """Shows nested data; what somebody opened stays open when the data grow."""

    HELP = "Arrows move; right opens a branch, left closes it; y copies all of it."
    BINDINGS: ClassVar[list[BindingType]] = [
        *moving_keys("outline", "line"),
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
        self._wrapped = 0

    def show(self, data: Mapping[str, Any], depth: int) -> None:
        """Show ``data``, at first open down to ``depth``; what was closed by hand stays so."""
        self._data = data
        self._opened |= branches(data, depth) - self._shut
        self._arrange()

    def _arrange(self) -> None:
        if self._wrapped:
            self._lines = lines(self._data, self._opened, self._wrapped)
            self.redraw()

    # What the list asks for

    def resized(self, width: int) -> None:
        """Other widths wrap elsewhere."""
        self._wrapped = width
        self._lines = lines(self._data, self._opened, width)

    def row_count(self) -> int:
        """How many lines are open."""
        return len(self._lines)

    def row_key(self, index: int) -> tuple[Path, int]:
        """Where the line is in the data."""
        return self._lines[index].path, self._lines[index].piece

    def selected_pen(self) -> str:
        """The selection shows while there is the focus."""
        return "log--selected" if self.has_focus else ""

    def draw_row(self, index: int, width: int, selected: bool) -> list[Segment]:
        """One line."""
        line = self._lines[index]
        mark = ("▾ " if line.open else "▸ ") if line.branch else "  "
        return [
            Segment(" " * line.indent, self.pen()),
            Segment(mark, self.pen("row--spark")),
            Segment(line.name, self.pen("log--nick" if line.branch else "log--quiet")),
            Segment("  " + line.value, self.pen("log--quiet" if line.branch else "log--text")),
        ]

    # What a person does

    def row_pressed(self, index: int, again: bool) -> None:
        """Select a line; a branch opens or closes."""
        self.select(index)
        if self._lines[index].branch:
            self.action_switch()

    def action_switch(self) -> None:
        """Open or close the branch."""
        if self.cursor is not None:
            self.action_set_open(not self._lines[self.cursor].open)

    def action_set_open(self, wanted: bool) -> None:
        """Open or close the branch; closing a value closes the branch that it is in."""
        if self.cursor is None:
            return
        line = self._lines[self.cursor]
        path = line.path
        if not wanted and not line.open:
            path = path[:-1]
            if not path:
                return
            self.select_key((path, 0))
        if wanted and line.branch:
            self._opened.add(path)
            self._shut.discard(path)
        elif not wanted:
            self._opened.discard(path)
            self._shut.add(path)
        self._arrange()
