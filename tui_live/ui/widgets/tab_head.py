"""Above the lines of the log pane: which streams, which filter, what it adds up to, and the names of the columns."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from tui_live.core.text import drawn
from tui_live.ui.format import fit
from tui_live.ui.widgets.line_widget import LineWidget

#: So many cells are enough for sums and how to go on; where there are fewer, the sums have them all.
_ROOM_FOR_BOTH = 50


class TabHead(LineWidget):
    """One line of text, the lines of a plot where there is one, and the titles where there are columns."""

    def __init__(self) -> None:
        super().__init__()
        self._scope = self._filter = self._sums = self._titles = self._way_on = ""
        self._plot: tuple[str, ...] = ()

    def show(self, scope: str, wanted: str, sums: str, titles: str, plot: Sequence[str] = (), way_on: str = "") -> None:
        """Whose events, the filter, the sums, the columns' titles, a plot from top to bottom, and how to go on."""
        new = (scope, wanted, sums, titles, tuple(plot), way_on)
        if new != (self._scope, self._filter, self._sums, self._titles, self._plot, self._way_on):
            self._scope, self._filter, self._sums, self._titles, self._plot, self._way_on = new
            height = 1 + len(plot) + (1 if titles else 0)
            if self.styles.height is None or self.styles.height.value != height:
                self.styles.height = height
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The head's lines in order."""
        if y == 0:
            return self._first()
        if y <= len(self._plot):
            return self.message_line(" " + self._plot[y - 1], "head--plot")
        return self.message_line(self._titles, "head--titles")

    def _first(self) -> Strip:
        width = self.content_size.width
        segments = [Segment(" " + drawn(self._scope), self.pen("head--scope"))]
        if self._filter:
            segments.append(Segment("   " + drawn(self._filter), self.pen("head--filter")))
        left = width - sum(cell_len(segment.text) for segment in segments)
        sums = drawn(self._sums)
        way_on = self._way_on if left >= _ROOM_FOR_BOTH else ""
        room = left - (cell_len(way_on) + 4 if way_on else 0)
        if sums and room > 12:
            said = "   " + fit(sums, min(room - 3, cell_len(sums)))
            segments.append(Segment(said, self.pen("head--sums")))
            left -= cell_len(said)
        if way_on:
            segments.append(Segment(fit(way_on, left - 1, right=True), self.pen("head--titles")))
        return self.line(segments)
