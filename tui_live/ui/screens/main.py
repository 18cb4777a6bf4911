"""The main screen: top line, streams at the left, log at the right, keys at the bottom."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.events import DescendantFocus
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

from tui_live.ui.backend import Backend
from tui_live.ui.states import Watch
from tui_live.ui.widgets.key_bar import KeyBar
from tui_live.ui.widgets.log_pane import LogPane
from tui_live.ui.widgets.log_view import LogView
from tui_live.ui.widgets.pane_title import PaneTabs, PaneTitle
from tui_live.ui.widgets.status_bar import StatusBar
from tui_live.ui.widgets.streams_view import StreamsView

#: Seconds between two looks at the streams and the program's health.
_TICK = 0.5
#: Panes in the order of their digits: id, name, and the widget that takes the focus.
PANES = (("streams", "Streams", "streams-view"), ("log", "Log", "log-view"))


class StreamsPane(Vertical):
    """Title and list of the streams."""

    def __init__(self) -> None:
        super().__init__(id="streams", classes="pane")
        self.title = PaneTitle("Streams")
        self.list = StreamsView(id="streams-view")

    def compose(self) -> ComposeResult:
        """Title above list."""
        yield self.title
        yield self.list


class MainScreen(Screen[None]):
    """Panes side by side where there is room, one at a time where there is not."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-normal"), (180, "-wide")]  # noqa: RUF012 -- Textual's own form
    AUTO_FOCUS = "#streams-view"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "ask('filter')", "filter", id="log.filter", tooltip="Show only some lines of the log"),
        Binding("ctrl+f", "ask('find')", "find", show=False, id="log.find", tooltip="Search in the log"),
        Binding("n", "find(True)", "next", show=False, id="log.next", tooltip="The next match below"),
        Binding("B", "find(False)", "previous", show=False, id="log.previous", tooltip="The match before, above"),
        Binding("y", "copy", "copy", show=False, id="main.copy", tooltip="Copy the selected line or stream"),
        Binding("z", "zoom", "zoom", id="main.zoom", tooltip="One pane on the whole screen, and back"),
        Binding("escape", "back", "back", show=False, id="main.back", tooltip="Take selection, search or zoom back"),
        Binding("tab", "pane(1)", "next pane", show=False, id="main.next_pane", tooltip="The next pane"),
        Binding(
            "shift+tab", "pane(-1)", "previous pane", show=False, id="main.previous_pane", tooltip="The pane before"
        ),
        Binding("1", "go('streams')", "streams", show=False, id="main.streams", tooltip="Go to the streams"),
        Binding("2", "go('log')", "log", show=False, id="main.log", tooltip="Go to the log"),
    ]

    class Alarm(Message):
        """Something has come to need a person."""

        def __init__(self, title: str, text: str) -> None:
            super().__init__()
            self.title = title
            self.text = text

    def __init__(self, *, demo: bool = False, width: int = 0) -> None:
        """``width``, in cells, only spares the first paint a second look at the style sheet; 0 when it is not known."""
        breakpoint = max((least, name) for least, name in self.HORIZONTAL_BREAKPOINTS if least <= width)[1]
        super().__init__(classes=f"-pane-streams {breakpoint}")
        self.status = StatusBar(demo=demo, id="status")
        self.tabs = PaneTabs(tuple((pane, name) for pane, name, _ in PANES), id="tabs")
        self.streams = StreamsPane()
        self.log_pane = LogPane()
        self._backend: Backend | None = None
        self._watch = Watch()
        self._trouble = ""
        self._pane = "streams"

    def compose(self) -> ComposeResult:
        """Everything, before there is anything to show."""
        yield self.status
        yield self.tabs
        with Horizontal(id="panes"):
            yield self.streams
            yield self.log_pane
        yield KeyBar(id="keys")

    def on_mount(self) -> None:
        """Start the slow tick."""
        self._show_pane("streams")
        self.status.show((), None)
        self.set_interval(_TICK, self.tick)

    def attach(self, backend: Backend) -> None:
        """Show this engine from now on."""
        self._backend = backend
        self.streams.list.started = True
        self.log_pane.attach(backend.log)
        self.tick()

    def tick(self) -> None:
        """Streams, health, and what needs a person."""
        backend = self._backend
        if backend is None:
            self.status.show((), None)
            return
        views = tuple(backend.streams())
        health = backend.health()
        self.streams.list.show(views)
        live = sum(view.standing.state == "live" for view in views)
        self.streams.title.show(f"{live} of {len(views)} live" if views else "", "")
        self.status.show(views, health)
        self.log_pane.retitle()
        for view in self._watch.alarms(views):
            self._tell(f"{view.name} is {view.standing.state.value}", view.standing.reason)
        if health.trouble and health.trouble != self._trouble:
            self._tell("The recorder is in trouble", health.trouble)
        self._trouble = health.trouble

    def _tell(self, title: str, text: str) -> None:
        self.post_message(self.Alarm(title, text))

    # Panes

    def _show_pane(self, pane: str) -> None:
        self._pane = pane
        for name, _, _ in PANES:
            self.set_class(name == pane, f"-pane-{name}")
        for name, title in (("streams", self.streams.title), ("log", self.log_pane.title)):
            title.set_class(name == pane, "-active")
        self.tabs.show(pane)

    @on(DescendantFocus)
    def _focus_moved(self, event: DescendantFocus) -> None:
        for pane, _, _ in PANES:
            if any(node.id == pane for node in event.widget.ancestors):
                self._show_pane(pane)

    @on(PaneTabs.Chosen)
    def _tab_chosen(self, event: PaneTabs.Chosen) -> None:
        self.action_go(event.pane)

    def action_go(self, pane: str) -> None:
        """Show a pane and put the focus there."""
        self._show_pane(pane)
        focus = next(focus for name, _, focus in PANES if name == pane)
        self.query_one(f"#{focus}", Widget).focus()

    def action_pane(self, step: int) -> None:
        """The next or previous pane."""
        names = [name for name, _, _ in PANES]
        self.action_go(names[(names.index(self._pane) + step) % len(names)])

    def action_zoom(self) -> None:
        """One pane on the whole screen, and back."""
        self.toggle_class("-zoom")

    def action_back(self) -> None:
        """One thing back: a selection or search, then the zoom."""
        if not self.log_pane.log_view.deselect():
            self.remove_class("-zoom")

    # Log

    async def action_ask(self, what: str) -> None:
        """Type a filter or a search."""
        self._show_pane("log")
        await self.log_pane.ask(what)

    def action_find(self, newer: bool) -> None:
        """The next match below or above."""
        view: LogView = self.log_pane.log_view
        if not view.find_next(newer=newer):
            sought = view.find.source or view.filter.source
            where = "below" if newer else "above"
            self.app.notify(
                f"no match {where}" if sought else "nothing is searched for: press Ctrl-F", timeout=2, markup=False
            )

    def action_copy(self) -> None:
        """Copy the selected line or stream."""
        pane = self.streams.list if self._pane == "streams" else self.log_pane.log_view
        text = pane.copied_text()
        if text:
            self.app.copy_to_clipboard(text)
            self.app.notify("copied", timeout=1.5, markup=False)
        else:
            self.app.notify("select a line first (arrow keys or mouse)", timeout=2, markup=False)
