"""The log and its tabs, with title, head, and the line in which a filter or a search is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from tui_live.core.counts import several
from tui_live.core.log import LogModel
from tui_live.core.log_filter import LogFilter, parse
from tui_live.core.status import StreamView
from tui_live.core.totals import Totals
from tui_live.errors import TuiLiveError
from tui_live.ui.tab_line import titles
from tui_live.ui.tabs import (
    FAMILIES,
    MORE,
    TABS,
    Tab,
    at_more,
    beside,
    families_in,
    missing,
    summed,
    way_on,
    with_family,
)
from tui_live.ui.viewers import ViewerHistory
from tui_live.ui.widgets.log_view import LogView
from tui_live.ui.widgets.pane_title import TabTitle
from tui_live.ui.widgets.tab_head import LATEST, TabHead

if TYPE_CHECKING:
    from tui_live.ui.widgets.prompt import Prompt

#: Seconds after the last key press until a filter that is being typed is tried.
_PATIENCE = 0.15
#: A plot takes this many lines, in a pane that has at least so many.
_PLOT, _ROOM_FOR_PLOT = 3, 16
_CHOICES = tuple((tab.key, tab.name) for tab in TABS)


class LogPane(Vertical):
    """Title, prompt while something is typed, and the log."""

    def __init__(self) -> None:
        super().__init__(id="log", classes="pane")
        self.title = TabTitle(_CHOICES)
        self.head = TabHead()
        self.log_view = LogView(id="log-view")
        self._model: LogModel | None = None
        self._prompt: Prompt | None = None
        self._asking = ""
        self._before = LogFilter()
        self._views: Sequence[StreamView] = ()
        self._viewers: ViewerHistory | None = None

    def compose(self) -> ComposeResult:
        """Title and head above log."""
        yield self.title
        yield self.head
        yield self.log_view

    def attach(self, model: LogModel) -> None:
        """Show this log."""
        self._model = model
        self.log_view.attach(model)
        self._viewers = ViewerHistory(model)
        self.retitle()

    def show_tab(self, tab: Tab) -> None:
        """Show another tab."""
        self.title.offer(with_family(_CHOICES, tab.key), tab.key, MORE.key if tab in FAMILIES else "")
        self.log_view.show_tab(tab)
        self.retitle()

    @property
    def _sums(self) -> Totals:
        """What the streams add up to that are shown."""
        return summed(self._views, self.log_view.only)

    def beside(self, step: int) -> str:
        """The key of the tab so many places from the one that is shown; families without events are passed over."""
        shown = self.log_view.tab.key
        return beside([tab.key for tab in (*TABS, *families_in(self._sums, shown))], shown, step)

    def at_more(self) -> str:
        """The key of the tab that follows at the place of More."""
        return at_more(self._sums, self.log_view.tab.key)

    def show_only(self, stream: int | None) -> None:
        """Show the events of one stream, by its index, or of all."""
        self.log_view.show_only(stream)
        self.retitle()

    def show(self, views: Sequence[StreamView]) -> None:
        """Take over what the sessions add up to."""
        self._views = views
        self.retitle()

    def mark(self, used: Mapping[int, Mapping[int, bool]]) -> None:
        """Which comments were chosen for the overlay, by stream and TikTok's message id."""
        self.log_view.mark(used)

    @on(LogView.Changed)
    def retitle(self) -> None:
        """Say what is shown and whether it follows."""
        view = self.log_view
        reader = view.reader
        if not reader.complete:
            state = "… filtering"
        elif reader.paused:
            state = "‖ paused"
        else:
            state = "● follow" if view.view.follow else "↑ reading"
        self.title.show("", state if view.started else "")
        self._rehead()

    def _rehead(self) -> None:
        view, tab = self.log_view, self.log_view.tab
        if not view.started or self._model is None or self._viewers is None:
            return
        only = view.only
        scope = "all streams" if only is None else f"@{self._model.stream_name(only)}"
        lines = several(len(view.reader), "line")
        totals = self._sums
        sums = tab.sums(totals) if tab.sums is not None else lines
        if view.filter.source and tab.sums is not None:
            sums = f"{lines}   {sums}"
        if latest := tab.latest_of(view.reader):
            sums += f"   {LATEST}{latest}"
        lacking = missing(totals, likes=tab.key == "likes") if tab.sums is not None else ()
        plot: tuple[str, ...] = ()
        if tab.plots and self.size.height >= _ROOM_FOR_PLOT:
            plot = self._viewers.plot(only, max(1, view.grid.width - 1), _PLOT)
        names = titles(view.grid) if tab.columns else ""
        self.head.show(scope, view.filter.source, sums, names, plot, way_on(totals, tab.key), lacking)

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
        await self.mount(self._prompt, after=self.head)
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
