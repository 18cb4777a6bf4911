"""What the search found, one line each, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip

from tui_live.core.log_filter import LogFilter
from tui_live.core.text import drawn
from tui_live.ui.backend import Hit
from tui_live.ui.format import fit, moment
from tui_live.ui.log_line import add_marked
from tui_live.ui.themes import stream_colour
from tui_live.ui.widgets.line_widget import LineWidget

_WHEEL_LINES = 3


class _Widths(NamedTuple):
    session: int
    stream: int
    who: int

    @classmethod
    def of(cls, width: int) -> _Widths:
        return cls(9, 8, 10) if width < 80 else cls(9, 10, 14) if width < 100 else cls(9, 14, 18)


class HitList(LineWidget):
    """A list with a selection; keys come from the screen, whose focus stays where one types."""

    class Opened(Message):
        """Somebody wants to see a hit in full."""

        def __init__(self, hit: Hit) -> None:
            super().__init__()
            self.hit = hit

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._hits: list[Hit] = []
        self._marked = LogFilter()
        self._selected = 0
        self._top = 0

    @property
    def selected(self) -> Hit | None:
        """The hit under the selection."""
        return self._hits[self._selected] if self._hits else None

    def begin(self, text: str) -> None:
        """Empty the list; the words of ``text`` will stand out in what comes."""
        self._hits = []
        self._selected = self._top = 0
        self._marked = LogFilter(text, words=tuple(text.lower().replace('"', " ").split()))
        self.refresh()

    def add(self, hits: Sequence[Hit]) -> None:
        """Older hits than those before."""
        self._hits.extend(hits)
        self.refresh()

    def move(self, rows: int) -> None:
        """Move the selection."""
        self._selected = max(0, min(self._selected + rows, len(self._hits) - 1))
        height = max(1, self.content_size.height)
        self._top = min(max(self._top, self._selected - height + 1), self._selected)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One hit."""
        width = self.content_size.width
        place = self._top + y
        if place >= len(self._hits):
            return self.line([])
        hit = self._hits[place]
        widths = _Widths.of(width)
        selected = place == self._selected
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
        strip = Strip(segments).adjust_cell_length(width, self.pen())
        return self.highlighted(strip, "log--selected") if selected else strip

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Newer hits."""
        event.stop()
        self.move(-_WHEEL_LINES)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Older hits."""
        event.stop()
        self.move(_WHEEL_LINES)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Select; a second click opens."""
        offset = event.get_content_offset(self)
        if offset is None or self._top + offset.y >= len(self._hits):
            return
        place = self._top + offset.y
        if place == self._selected:
            self.post_message(self.Opened(self._hits[place]))
        self.move(place - self._selected)
