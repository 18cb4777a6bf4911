"""The list of past sessions, with a filter."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui_live.errors import TuiLiveError
from tui_live.paths import styles_dir
from tui_live.ui.backend import Backend
from tui_live.ui.format import full
from tui_live.ui.session_actions import SessionActions
from tui_live.ui.widgets.key_bar import KeyBar
from tui_live.ui.widgets.pane_title import PaneTitle
from tui_live.ui.widgets.prompt import Prompt
from tui_live.ui.widgets.session_list import SessionList

if TYPE_CHECKING:
    from textual.worker import WorkType

    from tui_live.ui.app import TuiLiveApp

#: Seconds between two looks at the database: sessions that are under way grow.
_TICK = 2.0
#: Seconds after the last key press until a filter is tried.
_PATIENCE = 0.1
_MOST = 1000


class Sessions(Screen[None]):
    """All sessions that were recorded."""

    CSS_PATH = styles_dir() / "sessions.tcss"
    AUTO_FOCUS = "#session-list"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "filter", id="sessions.filter", tooltip="Show only some sessions"),
        Binding("escape,q", "back", "back", id="sessions.back", tooltip="Take the filter back, or go back"),
    ]
    HELP = "Every session that was recorded. Enter opens one, r goes on with it, x exports it."

    def __init__(self, backend: Backend) -> None:
        super().__init__()
        self._backend = backend
        self.title_line = PaneTitle("Sessions")
        self.list = SessionList(id="session-list")
        self.filter = ""
        self._prompt: Prompt | None = None
        self._before = ""

    def compose(self) -> ComposeResult:
        """Title, list, keys."""
        yield self.title_line
        yield self.list
        yield KeyBar(id="keys")

    def on_mount(self) -> None:
        """Read them again as long as they are shown."""
        self.title_line.activate(True)
        self._actions = SessionActions(cast("TuiLiveApp", self.app), self._backend, lambda _: self.look())
        self.set_interval(_TICK, self._tick)

    def on_screen_resume(self) -> None:
        """At first, and when an opened one was left: what was done to it shows."""
        self.look()

    def _tick(self) -> None:
        if self.is_current:
            self.look()

    def look(self, *, patience: float = 0.0) -> None:
        """Read the list again."""
        work = cast("WorkType[None]", partial(self._look, patience))
        self.run_worker(work, name="sessions", group="look", exclusive=True, exit_on_error=False)

    async def _look(self, patience: float) -> None:
        await asyncio.sleep(patience)
        try:
            found = await self._backend.history.sessions(self.filter, _MOST)
        except TuiLiveError as error:
            self.title_line.show(str(error), "")
            return
        self.list.show(found, filtered=bool(self.filter.strip()))
        count = f"the newest {full(_MOST)}" if len(found) == _MOST else full(len(found))
        self.title_line.show(self.filter.strip(), count)

    # What a person does

    @on(SessionList.Asked)
    def _asked(self, event: SessionList.Asked) -> None:
        self._actions.do(event.what, event.session)

    async def action_filter(self) -> None:
        """Type a filter."""
        if self._prompt is not None:
            return
        self._before = self.filter
        self._prompt = Prompt("streamer, key, active, ended, interrupted, 2026-11-20", self.filter)
        await self.mount(self._prompt, after=self.title_line)
        # At once, not at the next idle moment: the keys that follow belong to the prompt.
        self.set_focus(self._prompt.input)

    def on_prompt_typed(self, event: Prompt.Typed) -> None:
        """Try it while it is typed."""
        event.stop()
        self._use(event.value, _PATIENCE)

    async def on_prompt_closed(self, event: Prompt.Closed) -> None:
        """Keep what was typed, or go back to what was there before."""
        event.stop()
        prompt, self._prompt = self._prompt, None
        self._use(event.value if event.kept else self._before)
        if prompt is not None:
            await prompt.remove()
        self.list.focus()

    def _use(self, text: str, patience: float = 0.0) -> None:
        if text != self.filter:
            self.filter = text
            self.look(patience=patience)

    def action_back(self) -> None:
        """One thing back: the filter, then the screen."""
        if self.filter:
            self._use("")
        else:
            self.dismiss(None)
