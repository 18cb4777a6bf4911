"""A past session, to be looked at: facts, leaderboard, events by type."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui_live.core.counts import several
from tui_live.core.past import ACTIVE, PastSession, SessionFacts
from tui_live.core.totals import Totals
from tui_live.errors import TuiLiveError
from tui_live.paths import styles_dir
from tui_live.ui.backend import Backend
from tui_live.ui.format import full
from tui_live.ui.past_scores import PastBoard, PastPerson, PastScores
from tui_live.ui.screens.event import EventDetails, row_facts
from tui_live.ui.session_actions import SessionActions
from tui_live.ui.session_facts import fact_lines
from tui_live.ui.session_row import sign_of, standing_of, when
from tui_live.ui.tabs import (
    FAMILIES,
    MORE,
    TABS,
    Tab,
    at_more,
    beside,
    families_in,
    missing,
    tab_named,
    way_on,
    with_family,
)
from tui_live.ui.widgets.board_view import BoardView
from tui_live.ui.widgets.fact_list import FactList
from tui_live.ui.widgets.key_bar import KeyBar
from tui_live.ui.widgets.pane_title import PaneTitle, TabTitle
from tui_live.ui.widgets.past_events import PastEvents
from tui_live.ui.widgets.rows_view import RowsView
from tui_live.ui.widgets.session_list import session_keys
from tui_live.ui.widgets.tab_head import TabHead

if TYPE_CHECKING:
    from textual.worker import WorkType

    from tui_live.ui.app import TuiLiveApp

#: Seconds between two looks at a session that is under way.
_TICK = 2.0
_PAGE = 200
_FACTS, _BOARD = "facts", "board"
#: Key and name of each tab, in the order of the digits; the tenth has 0.
CHOICES = ((_FACTS, "Facts"), (_BOARD, "Leaderboard"), *((tab.key, tab.name) for tab in TABS))


class OpenedSession(Screen[None]):
    """One session, read from the database in workers that end with the screen."""

    CSS_PATH = styles_dir() / "sessions.tcss"
    AUTO_FOCUS = "#past-facts"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", "tab before", show=False, id="past.before", tooltip="The tab before"),
        Binding("right", "step(1)", "next tab", show=False, id="past.next", tooltip="The next tab"),
        *(
            Binding(
                str(number % 10), f"tab('{key}')", f"tab {name}", show=False, id=f"past.{key}", tooltip=f"Tab {name}"
            )
            for number, (key, name) in enumerate(CHOICES, 1)
        ),
        *session_keys("past"),
        Binding("escape,q", "back", "back", id="past.back", tooltip="Back to the list"),
    ]
    HELP = (
        "One session as it is in the database. ← and → or the digits choose a tab. After More, or by its digit pressed "
        "again, come the rarer kinds of events that the session has, one by one. Nothing here changes it."
    )

    def __init__(self, backend: Backend, session: PastSession) -> None:
        super().__init__()
        self._backend = backend
        self.session = session
        self.shown = _FACTS
        self._facts: SessionFacts | None = None
        self.title_line = PaneTitle("Session")
        self.tabs = TabTitle(CHOICES)
        self.head = TabHead()
        self.facts = FactList(id="past-facts")
        self.board = PastBoard(id="past-board")
        self.events = PastEvents(id="past-events")
        self._scores = PastScores(backend.history)

    def compose(self) -> ComposeResult:
        """Which session, the tabs, what the shown one adds up to, and the list of each kind."""
        yield self.title_line
        yield self.tabs
        yield self.head
        yield self.facts
        yield self.board
        yield self.events
        yield KeyBar(id="keys")

    def on_mount(self) -> None:
        """Facts at once; the leaderboard follows while they are read."""
        self._actions = SessionActions(cast("TuiLiveApp", self.app), self._backend, self._changed)
        self.tabs.activate(True)
        self.board.display = self.events.display = False
        self._retitle()
        self.board.show_stream(self.session.id, everybody=False)
        self.board.attach(self._scores.as_backend())
        self._work(self._read_facts, "facts")
        self._work(self._read_board, "board")
        self.set_interval(_TICK, self.tick)

    # Reading

    async def _read_facts(self) -> None:
        try:
            self._facts = await self._backend.history.facts(self.session.id)
        except TuiLiveError as error:
            self.title_line.show(str(error), "")
            return
        self.session = self._facts.session
        self.facts.show(fact_lines(self._facts, int(time.time() * 1000)))
        self._retitle()

    async def _read_board(self) -> None:
        try:
            await self._backend.history.open_board(self.session.id)
        except TuiLiveError as error:
            self.title_line.show(str(error), "")
            return
        self.board.reading = False
        self.board.redraw()
        self._retitle()

    async def _read_events(self, tab: Tab, *, new: bool) -> None:
        before = None if new else self.events.oldest
        try:
            found = await self._backend.history.events(self.session.id, self._types(tab), before, _PAGE)
        except TuiLiveError as error:
            self.title_line.show(str(error), "")
            return
        if self.events.tab is not tab:
            return
        if new:
            self.events.put(found)
        else:
            self.events.add(found, complete=len(found) < _PAGE)

    def _types(self, tab: Tab) -> Collection[str] | None:
        """The types that a tab shows; those of the last one are what the session has of all others."""
        if not tab.columns or tab.types is not None:
            return tab.types or None
        return [kind for kind in self._totals.messages if tab.shows(kind)]

    @on(PastEvents.MoreAsked)
    def _more(self, event: PastEvents.MoreAsked) -> None:
        event.stop()
        self._read(new=False)

    def _read(self, *, new: bool) -> None:
        self._work(partial(self._read_events, self.events.tab, new=new), "events", exclusive=not new)

    def _work(self, work: Callable[[], Awaitable[None]], group: str, *, exclusive: bool = True) -> None:
        """Do it while the screen is there, in place of what the group does."""
        self.run_worker(cast("WorkType[None]", work), name=group, group=group, exclusive=exclusive, exit_on_error=False)

    def tick(self) -> None:
        """A session that is under way grows."""
        if self.session.status != ACTIVE or not self.is_current:
            return
        self._work(self._read_facts, "facts")
        self.board.tick()
        if self._is_of_events and self.events.cursor in (None, 0):
            self._read(new=True)

    # Showing

    @property
    def _totals(self) -> Totals:
        """What the session adds up to; nothing until that was read."""
        return self._facts.totals if self._facts is not None else Totals()

    @property
    def _is_of_events(self) -> bool:
        return self.shown not in (_FACTS, _BOARD)

    def _retitle(self) -> None:
        session = self.session
        standing = f"{sign_of(session)[0]} {standing_of(session)}"
        self.title_line.show(f"@{session.streamer}   {when(session)}   {session.id}", standing)
        sums, scope = "", ""
        lacking: tuple[str, ...] = ()
        totals = self._totals
        if self._is_of_events:
            tab = tab_named(self.shown)
            scope = "the newest first"
            if self._facts is not None:
                sums = tab.sums(totals) if tab.sums is not None else several(totals.events, "event")
                lacking = missing(totals, likes=tab.key == "likes")
        elif self.shown == _BOARD:
            standings = self.board.standings
            scope = f"{full(standings.scoring)} of {full(standings.people)} score" if standings.people else ""
            if standings.winner is not None:
                sums = f"♛ {standings.winner.name} has won"
        self.head.show(scope, "", sums, "", way_on=way_on(totals, self.shown), lacking=lacking)
        self.head.display = self.shown != _FACTS

    def show_tab(self, key: str) -> None:
        """Show another tab and put the focus on its list."""
        self.shown = key
        offered = with_family(CHOICES, key)
        self.tabs.offer(offered, key, "" if offered == CHOICES else MORE.key)
        lists: dict[str, RowsView] = {_FACTS: self.facts, _BOARD: self.board}
        shown = lists.get(key, self.events)
        for each in (self.facts, self.board, self.events):
            each.display = each is shown
        if self._is_of_events:
            self.workers.cancel_group(self, "events")
            self.events.begin(tab_named(key))
            self._read(new=False)
        self._retitle()
        shown.focus()
        shown.redraw()

    @on(TabTitle.Chosen)
    def _title_chosen(self, event: TabTitle.Chosen) -> None:
        event.stop()
        again = event.key == self.shown and self._is_of_events and tab_named(event.key) in (MORE, *FAMILIES)
        self.action_tab(MORE.key) if again else self.show_tab(event.key)

    # What a person does

    def action_tab(self, key: str) -> None:
        """Choose a tab; More again, the next family of events that the session has."""
        self.show_tab(at_more(self._totals, self.shown) if key == MORE.key else key)

    def action_step(self, step: int) -> None:
        """The next or previous tab."""
        keys = [*(key for key, _ in CHOICES), *(tab.key for tab in families_in(self._totals, self.shown))]
        self.show_tab(beside(keys, self.shown, step))

    @on(PastEvents.Opened, "#past-events")
    def _event_opened(self, event: PastEvents.Opened) -> None:
        event.stop()
        selected = self.events.selected
        if selected is None:
            return
        facts = row_facts(selected.row, self.session.streamer)
        del facts["event"]["message id"]  # the original message has it
        self.app.push_screen(EventDetails(facts, lambda: self._backend.stored_event(selected.id)))

    @on(BoardView.Asked)
    def _person_opened(self, event: BoardView.Asked) -> None:
        event.stop()
        line = event.line
        if event.what == "details" and line is not None:
            self.app.push_screen(PastPerson(self._scores, self.session.id, line.user_id, line.name))

    def action_ask(self, what: str) -> None:
        """Resume, export or delete it."""
        self._actions.do(what, self.session)

    def _changed(self, key: str) -> None:
        if self.is_attached:
            self._work(self._look_again, "facts")

    async def _look_again(self) -> None:
        """After a command: the session may be gone, or go on."""
        try:
            self.session = await self._backend.history.session(self.session.id)
        except TuiLiveError:
            self.action_back()
            return
        await self._read_facts()

    def action_back(self) -> None:
        """Back; what is being read is no longer wanted."""
        for group in ("facts", "board", "events"):
            self.workers.cancel_group(self, group)
        if self.is_current:
            self.dismiss(None)
