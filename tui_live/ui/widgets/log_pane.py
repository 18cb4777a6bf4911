"""The log with its title and the line in which a filter or a search is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from tui_live.core.log import LogModel
from tui_live.core.log_filter import LogFilter, parse
from tui_live.errors import TuiLiveError
from tui_live.ui.format import full
from tui_live.ui.widgets.log_view import LogView
from tui_live.ui.widgets.pane_title import PaneTitle

if TYPE_CHECKING:
    from tui_live.ui.widgets.prompt import Prompt

#: Seconds after the last key press until a filter that is being typed is tried.
_PATIENCE = 0.15


class LogPane(Vertical):
    """Title, prompt while something is typed, and the log."""

    def __init__(self) -> None:
        super().__init__(id="log", classes="pane")
        self.title = PaneTitle("Log")
        self.log_view = LogView(id="log-view")
        self._model: LogModel | None = None
        self._prompt: Prompt | None = None
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
        # Imported here because input widgets would delay the first paint.
        from tui_live.ui.widgets.prompt import Prompt

        await self._close()
        view = self.log_view
        self._asking = what
        self._before = view.filter if what == "filter" else view.find
        hint = "type:chat,gift  user:ana  stream:alice  word  /regex/  !not" if what == "filter" else "find"
        self._prompt = Prompt(hint, self._before.source)
        await self.mount(self._prompt, after=self.title)
        # At once, not at the next idle moment: the keys that follow belong to the prompt.
        self.screen.set_focus(self._prompt.input)

    def on_prompt_typed(self, event: Prompt.Typed) -> None:
        """Try a filter while it is typed."""
        event.stop()
        if self._asking == "filter":
            self.set_timer(_PATIENCE, lambda: self._try_again(event.value))

    async def on_prompt_closed(self, event: Prompt.Closed) -> None:
        """Keep what was typed if it can be used, or go back to what was there before."""
        event.stop()
        if event.kept:
            if not self._try(event.value):
                return
        elif self._asking == "filter":
            self.log_view.set_filter(self._before)
        else:
            self.log_view.set_find(LogFilter())
        await self._close()
        self.log_view.focus()

    def _try_again(self, typed: str) -> None:
        """Use what was typed, if it is still what stands there."""
        if self._prompt is not None and self._prompt.input.value == typed:
            self._try(typed)

    def _try(self, typed: str) -> bool:
        """Use what was typed; tell, and say in the prompt, whether it could be used."""
        if self._prompt is None:
            return False
        try:
            new = parse(typed, self._model.stream_names if self._model is not None else {})
        except TuiLiveError as error:
            self._prompt.say(str(error))
            return False
        self._prompt.say("")
        if self._asking == "filter":
            if new.source != self.log_view.filter.source:
                self.log_view.set_filter(new)
        elif not self.log_view.set_find(new):
            self._prompt.say("no line matches")
            return False
        return True

    async def _close(self) -> None:
        prompt, self._prompt, self._asking = self._prompt, None, ""
        if prompt is not None:
            await prompt.remove()
