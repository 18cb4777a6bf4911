"""The line in which a filter or a search is typed; imported when it is first needed."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from tui_live.core.text import drawn


class Prompt(Vertical):
    """One line of input and, below it, what is wrong with it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "cancel", id="prompt.cancel", tooltip="Leave it as it was before"),
    ]
    HELP = "Type a filter: it is tried while you type. Enter keeps it, Escape goes back to the one before."

    class Typed(Message):
        """The text has changed."""

        def __init__(self, value: str) -> None:
            super().__init__()
            self.value = value

    class Closed(Message):
        """Enter (``kept``) or Escape."""

        def __init__(self, value: str, *, kept: bool) -> None:
            super().__init__()
            self.value = value
            self.kept = kept

    def __init__(self, placeholder: str, value: str) -> None:
        super().__init__(id="prompt")
        self.input = Input(value, placeholder=placeholder, id="prompt-input", select_on_focus=False, compact=True)

    def compose(self) -> ComposeResult:
        """The input and the line below it."""
        yield self.input
        yield Static("", id="prompt-message", markup=False)

    def say(self, text: str) -> None:
        """Show an error, or nothing."""
        message = self.query_one("#prompt-message", Static)
        message.update(Content(drawn(text)))
        message.display = bool(text)

    def action_cancel(self) -> None:
        """Escape."""
        self.post_message(self.Closed(self.input.value, kept=False))

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Closed(event.value, kept=True))
