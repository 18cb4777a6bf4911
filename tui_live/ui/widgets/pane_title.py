"""The line above a pane: its name, what it shows, and how it is doing. Also the tabs of a narrow screen."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip

from tui_live.core.text import drawn
from tui_live.ui.format import fit
from tui_live.ui.widgets.line_widget import LineWidget


class PaneTitle(LineWidget):
    """``━ Log ━ type:chat ━━━━━━ ● follow ━``; the rule is heavy while it is ``-active``."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._text = name
        self._detail = ""
        self._state = ""

    def show(self, detail: str, state: str) -> None:
        """Say what the pane shows (it may come from a stream or a person) and, at the right, how it is doing."""
        if (detail, state) != (self._detail, self._state):
            self._detail, self._state = detail, state
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The whole line."""
        width = self.content_size.width
        active = self.has_class("-active")
        rule = "━" if active else "─"

        def pen(name: str) -> Style:
            return self.pen(f"{name}-active" if active and name != "title--detail" else name)

        left = [Segment(rule, pen("title--rule")), Segment(f" {self._text} ", pen("title--name"))]
        used = 3 + cell_len(self._text)
        state = f" {self._state} " if self._state else ""
        if used + cell_len(state) > width:
            state = ""
        room = width - used - cell_len(state) - 4
        if self._detail and room > 6:
            detail = drawn(self._detail)
            detail = f" {fit(detail, min(room, cell_len(detail)))} "
            left += [Segment(rule, pen("title--rule")), Segment(detail, pen("title--detail"))]
            used += 1 + cell_len(detail)
        end = 1 if state else 0
        fill = max(0, width - used - cell_len(state) - end)
        left += [
            Segment(rule * fill, pen("title--rule")),
            Segment(state, pen("title--state")),
            Segment(rule * end, pen("title--rule")),
        ]
        return self.line([segment for segment in left if segment.text])


class PaneTabs(LineWidget):
    """The panes by number, for a screen that shows one at a time."""

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, pane: str) -> None:
            super().__init__()
            self.pane = pane

    def __init__(self, panes: tuple[tuple[str, str], ...], *, id: str | None = None) -> None:
        """``panes``: the id and the name of each."""
        super().__init__(id=id)
        self._panes = panes
        self._active = ""

    def show(self, active: str) -> None:
        """Mark the pane that is shown."""
        if active != self._active:
            self._active = active
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """``[1 Streams]  2 Log``; the brackets tell without colour which is shown."""
        segments = [Segment(" ", self.pen())]
        for number, (pane, name) in enumerate(self._panes, 1):
            active = pane == self._active
            text = f"[{number} {name}]" if active else f" {number} {name} "
            segments += [Segment(text, self.pen("tabs--active" if active else "tabs--other")), Segment(" ", self.pen())]
        return self.line(segments)

    def on_click(self, event: events.Click) -> None:
        """Show the pane whose tab was clicked."""
        at = 1
        for number, (pane, name) in enumerate(self._panes, 1):
            end = at + len(f" {number} {name} ") + 1
            if at <= event.x < end:
                self.post_message(self.Chosen(pane))
            at = end
