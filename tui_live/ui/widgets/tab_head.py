"""Above the lines of the log pane: which streams, which filter, what it adds up to, and the names of the columns."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from tui_live.core.text import drawn
from tui_live.ui.format import fit
from tui_live.ui.widgets.line_widget import LineWidget

#: What begins the newest line's text, after the sums.
LATEST = "latest: "
#: So many cells are enough for sums and how to go on; where there are fewer, the sums have them all.
_ROOM_FOR_BOTH = 50
#: Between two parts of the sums.
_GAP = "   "
_MORE = " …"
#: A filter has so many cells at least, where somebody typed a long one.
_FILTER = 12


class TabHead(LineWidget):
    """One line of text, the lines of a plot where there is one, and the titles where there are columns."""

    def __init__(self) -> None:
        super().__init__()
        self._scope = self._filter = self._sums = self._titles = self._way_on = ""
        self._lacking: tuple[str, ...] = ()
        self._plot: tuple[str, ...] = ()

    def show(
        self,
        scope: str,
        wanted: str,
        sums: str,
        titles: str,
        plot: Sequence[str] = (),
        way_on: str = "",
        lacking: Sequence[str] = (),
    ) -> None:
        """Whose events, the filter, the sums, the columns' titles, a plot from top to bottom, and how to go on.

        ``lacking`` is what the sums lack, the longest way to say it first; the shortest is never cut.
        """
        new = (scope, wanted, sums, titles, tuple(plot), way_on, tuple(lacking))
        if new != (self._scope, self._filter, self._sums, self._titles, self._plot, self._way_on, self._lacking):
            self._scope, self._filter, self._sums, self._titles, self._plot, self._way_on, self._lacking = new
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
        left = self.content_size.width - 2
        kept = cell_len(self._lacking[-1]) + len(_GAP) if self._lacking else 0
        scope = drawn(self._scope)
        wanted = _GAP + drawn(self._filter) if self._filter else ""
        scope = fit(scope, min(cell_len(scope), max(0, left - kept - (_FILTER if wanted else 0))))
        left -= cell_len(scope)
        wanted = fit(wanted, min(cell_len(wanted), max(0, left - kept)))
        left -= cell_len(wanted)
        on = cell_len(self._way_on) + 4 if self._way_on and left >= _ROOM_FOR_BOTH else 0
        sums = within(drawn(self._sums), left - len(_GAP) - (kept or on))
        sums = _GAP + sums if sums else ""
        left -= cell_len(sums)
        lacking = next((each for each in self._lacking if cell_len(each) + len(_GAP) <= left), "")
        on = on if cell_len(lacking) + len(_GAP) + on <= left else 0
        # At the right end, where it is found again whatever the sums say.
        gap = " " * max(0, left - cell_len(lacking) - on)
        segments = [
            Segment(" " + scope, self.pen("head--scope")),
            Segment(wanted, self.pen("head--filter")),
            Segment(sums, self.pen("head--sums")),
            Segment(gap, self.pen()),
            Segment(lacking, self.pen("head--lacking")),
            Segment(f"   {self._way_on} " if on else "", self.pen("head--titles")),
        ]
        return self.line([segment for segment in segments if segment.text])


def within(sums: str, width: int) -> str:
    """As many parts of the sums as fit whole, and a sign that there are more. Words may be cut, numbers never."""
    if cell_len(sums) <= width:
        return sums
    shown = ""
    for part in sums.split(_GAP):
        longer = f"{shown}{_GAP}{part}" if shown else part
        # Room for the sign, unless even the first part would give way to it.
        if cell_len(longer) > (width - len(_MORE) if shown else width):
            # What was said last is words, of which the beginning tells something.
            if part.startswith(LATEST) and width - cell_len(shown) > 2 * len(LATEST):
                return fit(longer, width)
            break
        shown = longer
    if not shown:
        return ""
    return f"{shown}{_MORE}" if cell_len(shown) + len(_MORE) <= width else shown
