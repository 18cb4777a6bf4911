"""The log with its title and the line in which a filter or a search is typed."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from tui_live.core.log import LogModel
from tui_live.core.log_filter import LogFilter, parse
from tui_live.core.text import drawn
from tui_live.errors import TuiLiveError
from tui_live.ui.format import full
from tui_live.ui.widgets.log_view import LogView
from tui_live.ui.widgets.pane_title import PaneTitle

#: Seconds after the last key press until a filter that is being typed is tried.
_PATIENCE = 0.15


class Prompt(Vertical):
    """One line of input with its hint or error; made when it is first needed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "cancel", id="prompt.cancel", tooltip="Leave it as it was before"),
    ]
    HELP = "Type a filter: it is tried while you type. Enter keeps it, Escape goes back to the one before."

    class Closed(Message):
        """Enter (``kept``) or Escape."""

        def __init__(self, *, kept: bool) -> None:
            super().__init__()
            self.kept = kept

    def __init__(self, placeholder: str, value: str) -> None:
        super().__init__(id="prompt")
        self._placeholder = placeholder
        self._value = value

    def compose(self) -> ComposeResult:
        """The input and the line below it."""
        yield Input(self._value, placeholder=self._placeholder, id="prompt-input", select_on_focus=False, compact=True)
        yield Static("", id="prompt-message", markup=False)

    def say(self, text: str) -> None:
        """Show an error, or nothing."""
        message = self.query_one("#prompt-message", Static)
        message.update(Content(drawn(text)))
        message.display = bool(text)

    def action_cancel(self) -> None:
        """Escape."""
        self.post_message(self.Closed(kept=False))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Closed(kept=True))


class LogPane(Vertical):
    """Title, prompt while something is typed, and the log."""

    def __init__(self) -> None:
        super().__init__(id="log", classes="pane")
        self.title = PaneTitle("Log")
        self.log_view = LogView(id="log-view")
        self._model: LogModel | None = None
        self._asking = ""
        self._before = LogFilter()

    def compose(self) -> ComposeResult:
        """Title above log."""
        yield self.title
        yield self.log_view

    def attach(self, model: LogModel) -> None:
        """Show this log."""
        self._model = model
        self.log_view.attach(model)
        self.retitle()

    @on(LogView.Changed)
    def retitle(self) -> None:
        """Say what is shown and whether it follows."""
        view = self.log_view
        reader = view.reader
        count = full(len(reader))
        shown = f"{view.filter.source} ━ {count} lines" if view.filter.source else f"all streams ━ {count} lines"
        if not view.started:
            shown = ""
        if not reader.complete:
            state = "… filtering"
        elif reader.paused:
            state = "‖ paused"
        else:
            state = "● follow" if view.view.follow else "↑ reading"
        self.title.show(shown, state if view.started else "")

    @on(LogView.GaveUp)
    def _gave_up(self) -> None:
        self.app.notify("the filter took too long and was taken off", title="Filter", severity="warning", markup=False)

    # Filter and search

    async def ask(self, what: str) -> None:
        """Open the prompt for a ``filter`` or to ``find``."""
        if self._asking:
            await self._close()
        self._asking = what
        view = self.log_view
        self._before = view.filter if what == "filter" else view.find
        hint = "type:chat,gift  user:ana  stream:alice  word  /regex/  !not" if what == "filter" else "find"
        prompt = Prompt(hint, self._before.source)
        prompt.set_class(what == "find", "-find")
        await self.mount(prompt, after=self.title)
        # At once, not at the next idle moment: the keys that follow belong to the prompt.
        self.screen.set_focus(prompt.query_one(Input))

    @on(Input.Changed, "#prompt-input")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self._asking == "filter":
            self.set_timer(_PATIENCE, lambda: self._try(event.value))

    def _try(self, typed: str) -> bool:
        """Use what was typed, if it is still what stands there; tell whether it could be used."""
        prompts = self.query(Prompt)
        if not prompts or prompts.first().query_one(Input).value != typed:
            return False
        names = self._model.stream_names if self._model is not None else {}
        try:
            new = parse(typed, names)
        except TuiLiveError as error:
            prompts.first().say(str(error))
            return False
        prompts.first().say("")
        if self._asking == "filter":
            if new.source != self.log_view.filter.source:
                self.log_view.set_filter(new)
        elif not self.log_view.set_find(new):
            prompts.first().say("no line matches")
            return False
        return True

    @on(Prompt.Closed)
    async def _prompt_closed(self, event: Prompt.Closed) -> None:
        event.stop()
        if event.kept:
            if not self._try(self.query_one("#prompt-input", Input).value):
                return
        elif self._asking == "filter":
            self.log_view.set_filter(self._before)
        else:
            self.log_view.set_find(LogFilter())
        await self._close()
        self.log_view.focus()

    async def _close(self) -> None:
        self._asking = ""
        await self.query(Prompt).remove()
