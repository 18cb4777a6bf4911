"""The main screen: top line, streams, leaderboard, triggers at the left, log and its tabs at the right, keys below."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.events import DescendantFocus
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

from tui_live.errors import TuiLiveError
from tui_live.ui.backend import Backend
from tui_live.ui.deeds import Deeds
from tui_live.ui.obs_words import ObsWatch
from tui_live.ui.states import Watch
from tui_live.ui.tabs import FAMILIES, MORE, TABS, tab_named
from tui_live.ui.widgets.board_pane import BoardPane
from tui_live.ui.widgets.board_view import BoardView
from tui_live.ui.widgets.key_bar import KeyBar
from tui_live.ui.widgets.log_pane import LogPane
from tui_live.ui.widgets.log_view import LogView
from tui_live.ui.widgets.pane_title import PaneTabs, PaneTitle, TabTitle
from tui_live.ui.widgets.status_bar import StatusBar
from tui_live.ui.widgets.streams_view import StreamsView
from tui_live.ui.widgets.triggers_pane import TriggersPane, TriggersView

#: Seconds between two looks at the streams and the program's health.
_TICK = 0.5
#: Panes in the order of Tab: id, and the widget that takes the focus.
PANES = (
    ("streams", "streams-view"),
    ("board", "board-view"),
    ("triggers", "triggers-view"),
    ("log", "log-view"),
)
#: What digits choose where there is room for the panes side by side, and where there is not.
_WIDE = tuple((tab.key, tab.name) for tab in TABS)
_NARROW = (("streams", "Streams"), *_WIDE)
#: The line of panes in a narrow window: what is pressed for each, its key there, its name.
_LINE = (
    ("1", *_NARROW[0]),
    ("g", "board", "Board"),
    ("T", "triggers", "Triggers"),
    *((str(at), *tab) for at, tab in enumerate(_WIDE, 2)),
)


def _chosen_by(number: int, choices: tuple[tuple[str, str], ...]) -> str:
    key, name = choices[number - 1] if number <= len(choices) else ("", "nothing")
    return f"{name} (again: the next kind)" if key == MORE.key else name


def _digit(number: int) -> Binding:
    tip = f"Tab {_chosen_by(number, _WIDE)}; in a narrow window, {_chosen_by(number, _NARROW)}"
    return Binding(str(number), f"digit({number})", f"tab {number}", show=False, id=f"main.digit_{number}", tooltip=tip)


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
        Binding("space", "play('pause')", "pause/go on", id="replay.pause", tooltip="Pause the replay, or go on"),
        Binding("plus", "play('faster')", "faster", id="replay.faster", tooltip="Play faster, up to 20 times"),
        Binding("minus", "play('slower')", "slower", id="replay.slower", tooltip="Play slower, down to a tenth"),
        Binding("slash", "ask('filter')", "filter", id="log.filter", tooltip="Show only some lines of the log"),
        Binding("ctrl+f", "ask('find')", "find", show=False, id="log.find", tooltip="Search in the log"),
        Binding("n", "find(True)", "next", show=False, id="log.next", tooltip="The next match below"),
        Binding("B", "find(False)", "previous", show=False, id="log.previous", tooltip="The match before, above"),
        Binding("u", "undo", "undo", id="board.undo", tooltip="Take back what was done last: leaderboard, triggers"),
        Binding("y", "copy", "copy", show=False, id="main.copy", tooltip="Copy the selected line, person or stream"),
        Binding("z", "zoom", "zoom", id="main.zoom", tooltip="One pane on the whole screen, and back"),
        Binding("escape", "back", "back", show=False, id="main.back", tooltip="Take selection, search or zoom back"),
        Binding("tab", "pane(1)", "next pane", show=False, id="main.next_pane", tooltip="The next pane"),
        Binding(
            "shift+tab", "pane(-1)", "previous pane", show=False, id="main.previous_pane", tooltip="The pane before"
        ),
        Binding("0", "go('streams')", "streams", show=False, id="main.streams", tooltip="Go to the streams"),
        Binding("g", "go('board')", "leaderboard", show=False, id="main.board", tooltip="Go to the leaderboard"),
        Binding("T", "go('triggers')", "triggers", show=False, id="main.triggers", tooltip="Go to the triggers"),
        *(_digit(number) for number in range(1, len(_NARROW) + 1)),
        Binding(
            *("l", "only", "one stream"),
            show=False,
            id="log.only",
            tooltip="The log and its tabs, or the leaderboard: the selected stream only, or all together",
        ),
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
        self.tabs = PaneTabs(_LINE, named=len(PANES), id="tabs")
        self.streams = StreamsPane()
        self.board = BoardPane()
        self.triggers = TriggersPane()
        self.log_pane = LogPane()
        self._backend: Backend | None = None
        self._watch, self._obs_watch = Watch(), ObsWatch()
        self._trouble = self._web_trouble = ""
        #: The stream whose leaderboard or questions something was done to last.
        self.acted_on = ""
        self.deeds = Deeds()
        self._pane = ""

    def compose(self) -> ComposeResult:
        """Everything, before there is anything to show."""
        yield self.status
        yield self.tabs
        with Horizontal(id="panes"):
            with Container(id="left"):
                yield self.streams
                yield self.board
                yield self.triggers
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
        self.streams.list.played = backend.playback is not None
        self.refresh_bindings()
        self.log_pane.attach(backend.log)
        self.board.attach(backend.scores)
        self.triggers.attach(backend.clips)
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
        played = "replay" if backend.playback is not None else f"{live} of {len(views)} live"
        self.streams.title.show(played if views else "", "")
        self.status.show(views, health)
        self.log_pane.show(views)
        self.log_pane.mark({view.index: backend.scores.used(view.name) for view in views})
        self._follow_selected()
        self.triggers.tick()
        for view in self._watch.alarms(views):
            self._tell(f"{view.name} is {view.standing.state.value}", view.standing.reason)
        if health.trouble and health.trouble != self._trouble:
            self._tell("The recorder is in trouble", health.trouble)
        self._trouble = health.trouble
        if health.web_trouble and health.web_trouble != self._web_trouble:
            self._tell("The overlays are in trouble", health.web_trouble)
        self._web_trouble = health.web_trouble
        if health.obs is not None and (alarm := self._obs_watch.alarm(health.obs)):
            self._tell(*alarm)

    def _follow_selected(self) -> None:
        selected = self.streams.list.selected
        self.board.follow(None if selected is None else selected.name)

    def _tell(self, title: str, text: str) -> None:
        self.post_message(self.Alarm(title, text))

    # Panes

    def _show_pane(self, pane: str) -> None:
        if pane == self._pane:
            self._show_digits()
            return  # a change of class restyles everything on the screen
        self._pane = pane
        for name, _ in PANES:
            self.set_class(name == pane, f"-pane-{name}")
        panes = (self.streams, self.board, self.triggers, self.log_pane)
        for each in panes:
            each.title.activate(each.id == pane)
        self._show_digits()

    def _show_digits(self) -> None:
        tab = self.log_pane.log_view.tab
        line = (*_LINE[:-1], (_LINE[-1][0], tab.key, tab.name)) if tab in FAMILIES else _LINE
        self.tabs.show(tab.key if self._pane == "log" else self._pane, line)

    @on(DescendantFocus)
    def _focus_moved(self, event: DescendantFocus) -> None:
        if event.widget is not self.focused:
            return  # two keys came quickly: the focus is elsewhere by now
        for pane, _ in PANES:
            if any(node.id == pane for node in event.widget.ancestors):
                self._show_pane(pane)

    @on(PaneTabs.Chosen)
    def _tab_chosen(self, event: PaneTabs.Chosen) -> None:
        self._choose(event.pane)

    @on(TabTitle.Chosen)
    def _title_chosen(self, event: TabTitle.Chosen) -> None:
        self._choose(event.key)

    @on(LogView.TabAsked)
    def _tab_asked(self, event: LogView.TabAsked) -> None:
        self.show_tab(self.log_pane.beside(event.step))

    @on(StreamsView.Selected)
    def _stream_selected(self, event: StreamsView.Selected) -> None:
        self.board.follow(event.stream.name)
        if self.log_pane.log_view.only is not None:
            self.log_pane.show_only(event.stream.index)

    def on_resize(self) -> None:
        """Where one pane is shown at a time, the line above names the tabs."""
        self.log_pane.title.set_class(self.narrow, "-alone")

    @property
    def narrow(self) -> bool:
        """One pane is shown at a time."""
        return self.size.width < 100

    def _choose(self, key: str) -> None:
        shown = self.log_pane.log_view.tab
        if key in ("streams", "board", "triggers"):
            self.action_go(key)
        elif shown.key == key and shown in (MORE, *FAMILIES) and self._pane == "log":
            self.show_tab(self.log_pane.at_more())
        else:
            self.show_tab(key)

    def show_tab(self, key: str) -> None:
        """Show a tab of the log pane and put the focus there."""
        self.log_pane.show_tab(tab_named(key))
        self.action_go("log")

    def action_digit(self, number: int) -> None:
        """Choose a tab; in a narrow window the streams come first."""
        choices = _NARROW if self.narrow else _WIDE
        if number <= len(choices):
            key, shown = choices[number - 1][0], self.log_pane.log_view.tab
            # The family that is shown stands at the place of More.
            self._choose(shown.key if key == MORE.key and shown in FAMILIES else key)

    def action_only(self) -> None:
        """Log and tabs, or the leaderboard, show the selected stream only, or all again."""
        if self._pane == "board":
            self.board.toggle_everybody()
            return
        view, selected = self.log_pane.log_view, self.streams.list.selected
        self.log_pane.show_only(None if view.only is not None or selected is None else selected.index)

    def action_go(self, pane: str) -> None:
        """Show a pane and put the focus there."""
        # Now, not with the message that tells of it: a key on the board must not reach the stream selected before.
        self._follow_selected()
        self._show_pane(pane)
        focus = dict(PANES)[pane]
        # At once, not at the next idle moment: the keys that follow belong to that pane.
        self.set_focus(self.query_one(f"#{focus}", Widget))

    def action_pane(self, step: int) -> None:
        """The next or previous pane."""
        names = [name for name, _ in PANES]
        self.action_go(names[(names.index(self._pane) + step) % len(names)])

    def action_zoom(self) -> None:
        """One pane on the whole screen, and back."""
        self.toggle_class("-zoom")

    def action_back(self) -> None:
        """One thing back: a selection or search, then the zoom."""
        if not self.log_pane.log_view.deselect():
            self.remove_class("-zoom")

    # A replay

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What concerns a replay is there in a replay only."""
        if action == "play":
            return self._backend is not None and self._backend.playback is not None
        return super().check_action(action, parameters)

    def action_play(self, what: str) -> None:
        """Pause the replay or go on, or play it faster or slower."""
        playback = None if self._backend is None else self._backend.playback
        if playback is None:
            return
        try:
            {"pause": playback.pause_or_go_on, "faster": playback.faster, "slower": playback.slower}[what]()
        except TuiLiveError as problem:
            self.app.notify(problem.remedy, title=problem.title, timeout=3, markup=False)
        self.tick()

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

    def action_undo(self) -> None:
        """Take back what was done last: to the triggers, or in a stream; at first, in the selected one."""
        if self.deeds.latest is None if self.deeds else self._pane == "triggers":
            self.post_message(TriggersView.Asked("undo", None))
            return
        names = [] if self._backend is None else [view.name for view in self._backend.streams()]
        done = self.deeds.latest if self.deeds else self.acted_on
        stream = done if done in names else self.board.list.stream
        self.post_message(BoardView.Asked("undo", stream, None))

    def action_copy(self) -> None:
        """Copy the selected line, person or stream."""
        lists = {"streams": self.streams.list.copied_text, "board": self.board.list.copied_text}
        lists["triggers"] = self.triggers.list.copied_text
        text = lists.get(self._pane, self.log_pane.log_view.copied_text)()
        if text:
            self.app.copy_to_clipboard(text)
            self.app.notify("copied", timeout=1.5, markup=False)
        else:
            self.app.notify("select a line first (arrow keys or mouse)", timeout=2, markup=False)
