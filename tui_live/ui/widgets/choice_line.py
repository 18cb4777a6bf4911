"""One of a few things, chosen with left and right: ``[anywhere]  as a word by itself  regular expression``."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from tui_live.ui.widgets.line_widget import LineWidget


class ChoiceLine(LineWidget, can_focus=True):
    """Keys and the names of what can be chosen; the brackets tell without colour which is."""

    HELP = "Left and right, or space, choose; Tab and the arrows go to the next field."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", "other", id="choice.before", tooltip="The choice before"),
        Binding("right,space", "step(1)", "other", show=False, id="choice.next", tooltip="The next choice"),
    ]

    class Chosen(Message):
        """Something else was chosen."""

        def __init__(self, line: ChoiceLine, value: str) -> None:
            super().__init__()
            self.line, self.value = line, value

        @property
        def control(self) -> ChoiceLine:
            """The line."""
            return self.line

    def __init__(self, choices: tuple[tuple[str, str], ...], value: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._choices = choices
        self.value = value
        self._spans: list[tuple[int, int, str]] = []

    def choose(self, value: str) -> None:
        """Choose this."""
        if value != self.value:
            self.value = value
            self.refresh()
            self.post_message(self.Chosen(self, value))

    def action_step(self, by: int) -> None:
        """The next or previous one."""
        keys = [key for key, _ in self._choices]
        self.choose(keys[(keys.index(self.value) + by) % len(keys)])

    def render_line(self, y: int) -> Strip:
        """All choices."""
        segments: list[Segment] = []
        self._spans = []
        at = 0
        for key, name in self._choices:
            chosen = key == self.value
            text = f"[{name}] " if chosen else f" {name}  "
            pen = ("choice--focus" if self.has_focus else "tabs--active") if chosen else "tabs--other"
            segments += [Segment(text[:-1], self.pen(pen)), Segment(" ", self.pen())]
            self._spans.append((at, at + len(text) - 1, key))
            at += len(text)
        return self.line(segments)

    def on_focus(self) -> None:
        """The choice is lit where the keys go."""
        self.refresh()

    def on_blur(self) -> None:
        """And quiet elsewhere."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked."""
        for start, end, key in self._spans:
            if start <= event.x < end:
                self.choose(key)
