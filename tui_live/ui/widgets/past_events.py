"""Events of a past session from the database, drawn as the tabs of the log are; more are asked for on scrolling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.message import Message

from tui_live.core.past import PastEvent
from tui_live.ui.log_line import Columns, draw_line, plain_line
from tui_live.ui.tab_line import Grid, draw_cells, plain_cells, titles
from tui_live.ui.tabs import TABS, Tab
from tui_live.ui.widgets.rows_view import RowsView, moving_keys

#: Older events are asked for when so many are left below the window.
_SOON = 100


class PastEvents(RowsView, can_focus=True):
    """The newest first. ``complete``: there are no older ones."""

    HELP = (
        "What happened in the session, the newest first; older events are read when they are scrolled to. Enter shows "
        "an event with the message as TikTok sent it."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "details", id="past.open", tooltip="The event with its original message"),
        Binding("y", "copy", "copy", id="past.copy", tooltip="Copy the selected line"),
        *moving_keys("past", "event"),
    ]

    class MoreAsked(Message):
        """The window comes near the oldest event that is there."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._events: list[PastEvent] = []
        self._asked = False
        self._columns = Columns.for_width(0, {})
        self.tab: Tab = TABS[0]
        self._grid: Grid | None = None
        self.complete = self._started = False

    @property
    def selected(self) -> PastEvent | None:
        """The event under the selection."""
        return None if self.cursor is None else self._events[self.cursor]

    @property
    def oldest(self) -> int | None:
        """The number of the oldest event that is there."""
        return self._events[-1].id if self._events else None

    def begin(self, tab: Tab) -> None:
        """Show another tab, empty at first."""
        self.tab = tab
        self._events = []
        self.complete, self._started, self._asked = False, False, True
        self._arrange(self._width)
        self.redraw()

    def add(self, events: Sequence[PastEvent], *, complete: bool) -> None:
        """Older events than those before; ``complete``: there are no more."""
        self._events.extend(events)
        self.complete, self._started, self._asked = complete, True, False
        self.redraw()

    def put(self, events: Sequence[PastEvent]) -> None:
        """Events that have come meanwhile; those that are there already are left out."""
        newest = self._events[0].id if self._events else 0
        new = [event for event in events if event.id > newest]
        if new:
            at_top = self.cursor in (None, 0)
            self._events[:0] = new
            self.redraw()
            if at_top:
                self.select(0)

    def row_count(self) -> int:
        """How many events are there."""
        return len(self._events)

    def row_key(self, index: int) -> int:
        """The event's number."""
        return self._events[index].id

    def resized(self, width: int) -> None:
        """Other columns fit."""
        self._arrange(width)

    def _arrange(self, width: int) -> None:
        self._grid = Grid.for_width(self.tab, width, {}, one=True) if self.tab.columns else None
        self._columns = Columns.for_width(width, {})

    def header(self, width: int) -> list[Segment] | None:
        """Names of the columns."""
        return [Segment(titles(self._grid), self.pen("head--titles"))] if self._grid is not None else None

    def draw_row(self, index: int, width: int, selected: bool) -> list[Segment]:
        """One event."""
        row = self._events[index].row
        marker = "▸" if selected else " "
        if self._grid is not None:
            return draw_cells(row, self._grid, "", self.pen, None, marker)
        return draw_line(row, self._columns, "", self.pen, None, marker)

    def empty_text(self) -> Sequence[tuple[str, str]]:
        """None, or none yet."""
        return (("none in this session", "log--hint"),) if self._started else (("reading …", "log--hint"),)

    def redraw(self) -> None:
        """Ask for more in time."""
        super().redraw()
        if not self.complete and not self._asked and self._top + self._room() + _SOON > len(self._events):
            self._asked = True
            self.post_message(self.MoreAsked())

    def action_copy(self) -> None:
        """Copy the selected line."""
        event = self.selected
        if event is not None:
            text = plain_cells(event.row, self.tab, "") if self.tab.columns else plain_line(event.row, "")
            self.app.copy_to_clipboard(text)
            self.app.notify("copied", timeout=1.5, markup=False)
