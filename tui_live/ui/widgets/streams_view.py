"""All streams, one row each: state, viewers, rate, coins, or why a stream is not live and when it tries again."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from tui_live.core.status import StreamView
from tui_live.ui.format import fit
from tui_live.ui.stream_row import Widths, draw_row, header
from tui_live.ui.widgets.line_widget import LineWidget

_WHEEL_LINES = 3
_EMPTY = (
    ("No streams yet.", "row--number"),
    ("", ""),
    ("Press a to add one:", "row--reason"),
    ("a name, @name, or the", "row--reason"),
    ("link of a live.", "row--reason"),
    ("", ""),
    ("Just looking? Quit and run", "row--reason"),
    ("tui-live demo", "row--number"),
)


class StreamsView(LineWidget, can_focus=True):
    """A list of streams with a selection. Rows repaint only when they have changed."""

    HELP = (
        "Every stream that is watched.\n\n"
        "● live   ◌ offline   ◐ checking, connecting, reconnecting   ▲ silent or limited   ■ ended   □ stopped   "
        "✕ needs you\n\n"
        "Live rows show viewers, events per second, the last minute and coins; the others say why, and when the next "
        "try comes. ! marks gaps and messages that could not be read, · messages that came twice (counted once)."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "add", id="streams.add", tooltip="Watch another stream"),
        Binding("space", "switch", "start/stop", id="streams.toggle", tooltip="Start the selected stream, or hang up"),
        Binding("d", "remove", "remove", id="streams.remove", tooltip="Stop watching it; its sessions stay"),
        Binding(
            "N", "new_session", "new session", id="streams.new_session", tooltip="End its session and begin another"
        ),
        Binding("enter", "details", "details", id="streams.details", tooltip="Everything about the selected stream"),
        Binding("up", "move(-1)", "up", show=False, id="streams.up", tooltip="The stream above"),
        Binding("down", "move(1)", "down", show=False, id="streams.down", tooltip="The stream below"),
        Binding("pageup", "page(-1)", "page up", show=False, id="streams.page_up", tooltip="One screen up"),
        Binding("pagedown", "page(1)", "page down", show=False, id="streams.page_down", tooltip="One screen down"),
        Binding("home", "move(-100000)", "first", show=False, id="streams.first", tooltip="The first stream"),
        Binding("end", "move(100000)", "last", show=False, id="streams.last", tooltip="The last stream"),
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
        self._selected = 0
        self._top = 0
        self._shown: list[Strip] = []
        self._widths = Widths.for_width(0)
        self.started = False

    @property
    def selected(self) -> StreamView | None:
        """The stream under the selection."""
        return self._views[self._selected] if self._views else None

    def show(self, views: Sequence[StreamView]) -> None:
        """Show these streams; the selection stays on the same stream when others come or go."""
        if tuple(views) != self._views:
            chosen = self.selected
            self._views = tuple(views)
            if chosen is not None:
                places = {view.index: place for place, view in enumerate(self._views)}
                self._selected = places.get(chosen.index, min(self._selected, max(0, len(self._views) - 1)))
        self.redraw()

    def redraw(self) -> None:
        """Draw all visible rows and repaint those that came out different."""
        width, height = self.content_size
        if not width or not height:
            return
        self._scroll_to_selected(height)
        self._widths = Widths.for_width(width - 1)
        strips = [self._draw(y) for y in range(height)]
        if len(strips) != len(self._shown):
            self._shown = strips
            self.refresh()
            return
        gutter = self.gutter
        changed = [y for y, strip in enumerate(strips) if strip != self._shown[y]]
        self._shown = strips
        if changed:
            self.refresh(*(Region(gutter.left, gutter.top + y, width, 1) for y in changed))

    def restyled(self) -> None:
        """Rows were drawn in other styles."""
        self._shown = []

    def on_focus(self) -> None:
        """The selection shows where the focus is."""
        self.redraw()

    def on_blur(self) -> None:
        """The selection is quiet elsewhere."""
        self.redraw()

    def on_resize(self) -> None:
        """Another size shows other rows."""
        self._shown = []
        self.redraw()

    def render_line(self, y: int) -> Strip:
        """One row."""
        if not self._shown:
            self.redraw()
        return self._shown[y] if y < len(self._shown) else Strip.blank(self.content_size.width, self.pen())

    def _draw(self, y: int) -> Strip:
        width, height = self.content_size
        if not self._views:
            return self._draw_empty(y)
        if y == 0:
            return self.message_line(header(self._widths), "row--header")
        place = self._top + y - 1
        bar = self._bar(y - 1, height - 1)
        if place >= len(self._views):
            return self.line([Segment(" " * (width - 1), self.pen()), bar])
        selected = place == self._selected
        now_ms = int(time.time() * 1000)
        segments = draw_row(self._views[place], self._widths, self.pen, "▸" if selected else " ", now_ms)
        strip = Strip(segments).adjust_cell_length(width - 1, self.pen())
        if selected:
            strip = self.highlighted(strip, "row--selected-focus" if self.has_focus else "row--selected")
        return Strip([*strip, bar], width)

    def _draw_empty(self, y: int) -> Strip:
        if not self.started:
            return self.message_line(" starting …" if y == 1 else "", "row--reason")
        text, tone = _EMPTY[y - 1] if 0 < y <= len(_EMPTY) else ("", "")
        return self.message_line(fit(" " + text, self.content_size.width), tone or "row--reason")

    def _bar(self, y: int, height: int) -> Segment:
        count = len(self._views)
        if count <= height or height < 1:
            return Segment(" ", self.pen())
        size = max(1, height * height // count)
        start = round((height - size) * self._top / (count - height))
        thumb = start <= y < start + size
        return Segment("┃" if thumb else "│", self.pen("log--thumb" if thumb else "log--bar"))

    def _scroll_to_selected(self, height: int) -> None:
        rows = max(1, height - 1)
        self._top = min(max(self._top, self._selected - rows + 1), self._selected)
        self._top = max(0, min(self._top, len(self._views) - rows))

    # What a person does

    def select_name(self, name: str) -> None:
        """Select a stream by name, where there is one."""
        for place, view in enumerate(self._views):
            if view.name == name:
                self._select(place)

    def action_move(self, rows: int) -> None:
        """Move the selection."""
        self._select(max(0, min(self._selected + rows, len(self._views) - 1)))

    def action_page(self, pages: int) -> None:
        """Move by screens."""
        self.action_move(pages * max(1, self.content_size.height - 2))

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

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Streams above."""
        event.stop()
        self.action_move(-_WHEEL_LINES)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Streams below."""
        event.stop()
        self.action_move(_WHEEL_LINES)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Select a row; a second click on it opens its details."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y == 0:
            return
        place = self._top + offset.y - 1
        if place < len(self._views):
            if place == self._selected and self.has_focus:
                self.action_details()
            self._select(place)

    def _select(self, place: int) -> None:
        if place != self._selected and place < len(self._views):
            self.post_message(self.Selected(self._views[place]))
        self._selected = place
        self.redraw()

    def _ask(self, what: str) -> None:
        if self.selected is not None:
            self.post_message(self.Asked(what, self.selected))
