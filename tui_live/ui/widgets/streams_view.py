"""All streams, one row each: state, viewers, rate, coins, or why a stream is not live and when it tries again."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message

from tui_live.core.status import StreamView
from tui_live.ui.stream_row import Widths, draw_row, header, truth
from tui_live.ui.widgets.rows_view import RowsView, moving_keys

_EMPTY = (
    ("No streams yet.", "row--number"),
    ("", "row--reason"),
    ("Press a to add one:", "row--reason"),
    ("a name, @name, or the", "row--reason"),
    ("link of a live.", "row--reason"),
    ("", "row--reason"),
    ("Just looking? Quit and run", "row--reason"),
    ("tui-live demo", "row--number"),
)

#: Below the rows stands what the selected stream's session lacks: in one line where the pane is so wide, else in two.
_ONE_LINE = 60
#: So many rows at least stay above it.
_ROWS = 3

#: What cannot be done to a recording.
_LIVE_ONLY = frozenset({"add", "switch", "remove", "new_session"})


class StreamsView(RowsView, can_focus=True):
    """A list of streams; the selection stays on its stream."""

    HELP = (
        "Every stream that is watched.\n\n"
        "● live   ◌ offline   ◐ checking, connecting, reconnecting   ▲ silent or limited   ■ ended   □ stopped   "
        "✕ needs you\n\n"
        "Live rows show viewers, events per second, the last minute and coins; the others say why, and when the next "
        "try comes. ! marks gaps and messages that could not be read, · messages that came twice (counted once).\n\n"
        "Below them stands how far the selected stream's numbers can be trusted: gaps, intervals without a connection "
        "(how many, how long together); unread, messages that could not be read; twice, messages that TikTok sent "
        "again (counted once); likes, the part of them that came with a name."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "add", id="streams.add", tooltip="Watch another stream"),
        Binding("space", "switch", "start/stop", id="streams.toggle", tooltip="Start the selected stream, or hang up"),
        Binding("d", "remove", "remove", id="streams.remove", tooltip="Stop watching it; its sessions stay"),
        Binding(
            "N", "new_session", "new session", id="streams.new_session", tooltip="End its session and begin another"
        ),
        Binding("enter", "details", "details", id="streams.details", tooltip="Everything about the selected stream"),
        *moving_keys("streams", "stream"),
    ]

    class Asked(Message):
        """A person wants something done: ``add``, ``switch``, ``remove``, ``new_session`` or ``details``."""

        def __init__(self, what: str, stream: StreamView | None) -> None:
            super().__init__()
            self.what = what
            self.stream = stream

    class Selected(Message):
        """Another stream was selected."""

        def __init__(self, stream: StreamView) -> None:
            super().__init__()
            self.stream = stream

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._views: tuple[StreamView, ...] = ()
        self._widths = Widths.for_width(0)
        self.started = False
        #: The stream is a recording that is played.
        self.played = False

    @property
    def selected(self) -> StreamView | None:
        """The stream under the selection."""
        return None if self.cursor is None else self._views[self.cursor]

    def show(self, views: Sequence[StreamView]) -> None:
        """Show these streams; the selection stays on the same stream when others come or go."""
        grown = len(views) != len(self._views)
        self._views = tuple(views)
        if grown:
            self.refresh(layout=True)
        self.redraw()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Every stream, the line above them and what is below, where the style sheet lets the pane be so high."""
        wanted = len(self._views) + 1 + _foot(width) if self._views else len(_EMPTY) + 1
        # Within a pane that may be no higher, the title has the first line, and rows that have no room are scrolled to.
        return min(wanted, container.height - 1) if container.height > 1 else wanted

    # What the list asks for

    def row_count(self) -> int:
        """How many streams there are."""
        return len(self._views)

    def row_key(self, index: int) -> int:
        """A stream's number."""
        return self._views[index].index

    def resized(self, width: int) -> None:
        """Other columns fit."""
        self._widths = Widths.for_width(width)

    def header(self, width: int) -> list[Segment]:
        """Names of the columns."""
        return [Segment(header(self._widths) + " ", self.pen("row--header"))]

    def draw_row(self, index: int, width: int, selected: bool) -> list[Segment]:
        """One stream; what is left until its next step counts down."""
        now_ms = int(time.time() * 1000)
        return draw_row(self._views[index], self._widths, self.pen, "▸" if selected else " ", now_ms)

    def footer(self, width: int, height: int) -> Sequence[list[Segment]]:
        """What the session of the selected stream lacks."""
        lines = _foot(width)
        if self.selected is None or height < 1 + min(len(self._views), _ROWS) + lines:
            return ()
        lacks = self.selected.gaps or self.selected.undecodable
        pen = self.pen("head--lacking" if lacks else "row--reason")
        return [[Segment(" " + line, pen)] for line in truth(self.selected, width - 1, lines)]

    def empty_text(self) -> Sequence[tuple[str, str]]:
        """How to add one."""
        return _EMPTY if self.started else (("starting …", "row--reason"),)

    def moved(self) -> None:
        """Another stream is selected."""
        if self.selected is not None:
            self.post_message(self.Selected(self.selected))

    # What a person does

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A recording is neither started nor removed: it can be looked at."""
        if self.played and action in _LIVE_ONLY:
            return False
        return super().check_action(action, parameters)

    def open_row(self) -> None:
        """Enter or a second press."""
        self.action_details()

    def select_name(self, name: str) -> None:
        """Select a stream by name, where there is one."""
        for place, view in enumerate(self._views):
            if view.name == name:
                self.select(place)

    def action_add(self) -> None:
        """Ask for a stream to add."""
        self.post_message(self.Asked("add", None))

    def action_switch(self) -> None:
        """Start or stop the selected stream."""
        self._ask("switch")

    def action_remove(self) -> None:
        """Remove the selected stream."""
        self._ask("remove")

    def action_new_session(self) -> None:
        """Begin a new session of the selected stream."""
        self._ask("new_session")

    def action_details(self) -> None:
        """Show everything about the selected stream."""
        self._ask("details")

    def copied_text(self) -> str:
        """The selected stream's name, as one types it."""
        return "" if self.selected is None else f"@{self.selected.name}"

    def _ask(self, what: str) -> None:
        if self.selected is not None:
            self.post_message(self.Asked(what, self.selected))


def _foot(width: int) -> int:
    return 1 if width >= _ONE_LINE else 2
