"""What the search found, one line each, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.segment import Segment
from textual.message import Message

from tui_live.core.text import drawn
from tui_live.core.words import Query
from tui_live.ui.backend import Hit
from tui_live.ui.format import fit, moment
from tui_live.ui.log_line import add_marked
from tui_live.ui.themes import stream_colour
from tui_live.ui.widgets.rows_view import RowsView

#: Older hits are asked for when so few are left below the window.
_SOON = 20


class _Widths(NamedTuple):
    session: int
    stream: int
    who: int

    @classmethod
    def of(cls, width: int) -> _Widths:
        return cls(9, 8, 10) if width < 80 else cls(9, 10, 14) if width < 100 else cls(9, 14, 18)


class HitList(RowsView):
    """A list with a selection; keys come from the screen, whose focus stays where one types.

    ``complete``: there are no older ones.
    """

    class MoreAsked(Message):
        """The window comes near the oldest hit that is there."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._hits: list[Hit] = []
        self._marked = Query("")
        self._asked = False
        self.complete = True

    @property
    def selected(self) -> Hit | None:
        """The hit under the selection."""
        return None if self.cursor is None else self._hits[self.cursor]

    @property
    def oldest(self) -> int | None:
        """The number of the oldest event that was found."""
        return self._hits[-1].event_id if self._hits else None

    def begin(self, text: str) -> None:
        """Empty the list; the words of ``text`` will stand out in what comes."""
        self._hits = []
        self.complete, self._asked = False, True
        self._marked = Query(drawn(text))
        self.redraw()

    def add(self, hits: Sequence[Hit]) -> None:
        """Older hits than those before."""
        self._hits.extend(hits)
        self.redraw()

    def settle(self, *, complete: bool) -> None:
        """What was asked for has come."""
        self.complete, self._asked = complete, False
        self.redraw()

    def redraw(self) -> None:
        """Ask for more in time."""
        super().redraw()
        near = self._top + self._room() + _SOON > len(self._hits)
        if self._hits and near and not self.complete and not self._asked:
            self._asked = True
            self.post_message(self.MoreAsked())

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
