"""The list of past sessions, with a filter."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui_live.errors import TuiLiveError
from tui_live.paths import styles_dir
from tui_live.ui.backend import Backend
from tui_live.ui.format import full
from tui_live.ui.screens.filtered import FilteredScreen
from tui_live.ui.session_actions import SessionActions
from tui_live.ui.widgets.key_bar import KeyBar
from tui_live.ui.widgets.pane_title import PaneTitle
from tui_live.ui.widgets.session_list import SessionList

if TYPE_CHECKING:
    from tui_live.ui.app import TuiLiveApp

#: Seconds between two looks at the database: sessions that are under way grow.
_TICK = 2.0
_MOST = 1000


class Sessions(FilteredScreen):
    """All sessions that were recorded."""

    CSS_PATH = styles_dir() / "sessions.tcss"
    AUTO_FOCUS = "#session-list"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "filter", id="sessions.filter", tooltip="Show only some sessions"),
        Binding("escape,q", "back", "back", id="sessions.back", tooltip="Take the filter back, or go back"),
    ]
    list: SessionList
    FILTER_HINT = "streamer, key, active, ended, interrupted, 2026-11-20"
    HELP = "Every session that was recorded. Enter opens one, r goes on with it, x exports it."

    def __init__(self, backend: Backend) -> None:
        super().__init__()
        self._backend = backend
        self.title_line = PaneTitle("Sessions")
        self.list = SessionList(id="session-list")

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

    async def read(self, patience: float) -> None:
        """Read the list and show it."""
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
