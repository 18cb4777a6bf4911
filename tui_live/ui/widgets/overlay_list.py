"""The pages for OBS: an address each, and below it the browsers that show it."""

from __future__ import annotations

import time
from collections.abc import Hashable, Sequence
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual.binding import Binding, BindingType

from tui_live.core.status import Overlays, PageView
from tui_live.core.text import drawn
from tui_live.ui.format import fit, span
from tui_live.ui.themes import stream_colour
from tui_live.ui.widgets.rows_view import RowsView, moving_keys

_SAID = {
    "start": "everything",
    "overlay": "leaderboard",
    "question": "chosen comment",
    "goal": "goals",
    "alerts": "gifts, follows, shares",
    "sessions": "past sessions",
    "docs": "the API",
}
#: A page says that it is alive every ten seconds; one that is hidden in OBS, once a minute.
_LATE_SECONDS = 75


class Row(NamedTuple):
    """An address (``page`` is ``None``) or a connected page."""

    name: str
    address: str
    page: PageView | None = None


class OverlayList(RowsView, can_focus=True):
    """A row for each page, and for each browser that shows it."""

    HELP = (
        "Arrows move, Enter or y copies the selected address for OBS's browser source. Below an address: who shows it, "
        "of which stream, from where, when it was heard of last, and the version of the page that it has."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "copy", id="overlay.copy_url", tooltip="Copy the selected address"),
        *moving_keys("overlay", "page"),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: list[Row] = []
        self._overlays = Overlays()
        self._stream: str | None = None

    def show(self, overlays: Overlays, stream: str | None) -> None:
        """Show these; addresses are those of ``stream``'s pages (``None``: of all streams together)."""
        self._overlays, self._stream = overlays, stream
        self._rows = []
        for name, address in overlays.addresses:
            self._rows.append(Row(name, with_stream(name, address, stream)))
            self._rows += [Row(name, "", page) for page in overlays.pages if page.page == name]
        self.redraw()

    @property
    def selected(self) -> str:
        """The selected page's address; empty when there is none."""
        if self.cursor is None:
            return ""
        name = self._rows[self.cursor].name
        return next(row.address for row in self._rows if row.name == name and row.page is None)

    def row_count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def row_key(self, index: int) -> Hashable:
        """The page's name, and since when a browser shows it."""
        row = self._rows[index]
        return row.name, row.page.since_ms if row.page else 0, row.page.remote if row.page else ""

    def empty_text(self) -> Sequence[tuple[str, str]]:
        """Why there are none."""
        return ((self._overlays.trouble or "starting …", "row--reason"),)

    def draw_row(self, index: int, width: int, selected: bool) -> list[Segment]:
        """An address, or who shows it and when it was heard of."""
        row = self._rows[index]
        mark = Segment("▸" if selected else " ", self.pen("row--number"))
        if row.page is None:
            said = fit(_SAID.get(row.name, row.name), 23)
            return [mark, Segment(said, self.pen("row--number")), Segment(row.address, self.pen("row--reason"))]
        page = row.page
        silent = max(0.0, time.time() - page.heartbeat_ms / 1000)
        late = silent > _LATE_SECONDS
        old = bool(page.version) and page.version != self._overlays.version
        well = page.watched and not (late or old)
        stream = page.stream or "all streams"
        colour = f"stream--{stream_colour(page.stream)}" if page.stream else "row--reason"
        state = "reloading" if old else "silent" if late else "connected" if page.watched else "not watched"
        return [
            mark,
            Segment("  ● " if well else "  ▲ ", self.pen("state--live" if well else "state--warning")),
            Segment(fit(state, 12), self.pen("row--reason")),
            Segment(fit(drawn(stream), 16), self.pen(colour)),
            Segment(fit(drawn(page.remote), 16), self.pen("row--reason")),
            Segment(f"{span(silent)} ago  {drawn(page.version[:8]) or '?'}", self.pen("row--reason")),
        ]


def with_stream(name: str, address: str, stream: str | None) -> str:
    """The address of an overlay for one stream."""
    if stream is None or name not in ("overlay", "question", "goal", "alerts"):
        return address
    return f"{address}{'&' if '?' in address else '?'}stream={stream}"
