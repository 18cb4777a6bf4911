"""What the search found, one line each, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.segment import Segment

from tui_live.core.text import drawn
from tui_live.core.words import Query
from tui_live.ui.backend import Hit
from tui_live.ui.format import fit, moment
from tui_live.ui.log_line import add_marked
from tui_live.ui.themes import stream_colour
from tui_live.ui.widgets.rows_view import RowsView


class _Widths(NamedTuple):
    session: int
    stream: int
    who: int

    @classmethod
    def of(cls, width: int) -> _Widths:
        return cls(9, 8, 10) if width < 80 else cls(9, 10, 14) if width < 100 else cls(9, 14, 18)


class HitList(RowsView):
    """A list with a selection; keys come from the screen, whose focus stays where one types."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._hits: list[Hit] = []
        self._marked = Query("")

    @property
    def selected(self) -> Hit | None:
        """The hit under the selection."""
        return None if self.cursor is None else self._hits[self.cursor]

    def begin(self, text: str) -> None:
        """Empty the list; the words of ``text`` will stand out in what comes."""
        self._hits = []
        self._marked = Query(drawn(text))
        self.redraw()

    def add(self, hits: Sequence[Hit]) -> None:
        """Older hits than those before."""
        self._hits.extend(hits)
        self.redraw()

    def row_count(self) -> int:
        """How many hits there are."""
        return len(self._hits)

    def selected_pen(self) -> str:
        """The selection shows while one types elsewhere."""
        return "log--selected"

    def draw_row(self, index: int, width: int, selected: bool) -> list[Segment]:
        """One hit."""
        hit = self._hits[index]
        widths = _Widths.of(width)
        when = moment(hit.time_ms)
        segments = [
            Segment(f"{'▸' if selected else ' '}{when if width >= 100 else when[5:]} ", self.pen("log--time")),
            Segment(fit(hit.session_id, widths.session), self.pen("log--quiet")),
            Segment(fit(drawn(hit.streamer), widths.stream), self.pen(f"stream--{stream_colour(hit.streamer)}")),
            Segment(" " + fit(drawn((hit.nickname or hit.username)[:80]), widths.who) + " ", self.pen("log--nick")),
        ]
        left = max(0, width - sum(segment.cell_length for segment in segments))
        text = fit(drawn(hit.text[: left * 4], rightmost=True), left)
        add_marked(segments, text, self.pen("log--text"), self.pen("log--match"), self._marked)
        return segments
