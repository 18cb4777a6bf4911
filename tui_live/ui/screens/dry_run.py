"""A trigger rule on what was recorded: choose a session, and see what would have been saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import Any, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui_live.core.past import PastSession
from tui_live.core.text import drawn
from tui_live.errors import TuiLiveError
from tui_live.paths import styles_dir
from tui_live.ui.backend import Backend
from tui_live.ui.format import full, moment
from tui_live.ui.screens.event import EventDetails, row_facts
from tui_live.ui.tabs import TABS
from tui_live.ui.widgets.past_events import PastEvents
from tui_live.ui.widgets.rows_view import RowsView, moving_keys
from tui_live.ui.widgets.session_rows import SessionRows

_CHOOSE = "Enter tries it on the selected session   Esc back"
_RUNNING = "Esc stops"
_DONE = "Enter the event   y copy   Esc another session"
_MOST = 200


class SessionChoice(SessionRows, can_focus=True):
    """Sessions to choose from, the newest first."""

    HELP = "Recorded sessions, the newest first. Enter plays the rule against what was recorded in the selected one."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "try it there", id="dry_run.choose", tooltip="Try the rule on this session"),
        *moving_keys("dry_run", "session"),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._said = "reading …"

    def show(self, sessions: Sequence[PastSession], said: str = "No session was recorded yet.") -> None:
        """Show these, or why there are none."""
        self.sessions, self._said = sessions, said
        self.redraw()

    def empty_text(self) -> Sequence[tuple[str, str]]:
        """Why there is nothing to choose from."""
        return ((drawn(self._said), "row--reason"),)


class Matches(PastEvents):
    """What the rule would have matched, the oldest first."""

    HELP = "What the rule would have matched, cooldowns included, the oldest first. Enter shows an event in full."
    under_way = False

    def empty_text(self) -> Sequence[tuple[str, str]]:
        """None, or none yet."""
        return (("no match yet …" if self.under_way else "nothing would have been saved", "log--hint"),)


class DryRun(ModalScreen[None]):
    """First the sessions, then the matches of one."""

    CSS_PATH = [styles_dir() / "dialogs.tcss", styles_dir() / "clips.tcss"]  # noqa: RUF012 -- Textual's own form
    AUTO_FOCUS = "#dry-run-sessions"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "back", id="dry_run.back", tooltip="Stop, another session, or back to the rule"),
    ]
    HELP = "Nothing is saved here: the rule is only played against what was recorded, with its cooldowns."

    def __init__(self, backend: Backend, wanted: object, title: str) -> None:
        super().__init__()
        self._backend, self._wanted, self._title = backend, wanted, title
        self.sessions = SessionChoice(id="dry-run-sessions")
        self.matches = Matches(id="dry-run-matches")
        self._head = Static("", classes="dialog-title", markup=False)
        self._state = Static("", markup=False, classes="dry-run-state")
        self._hint = Static("", classes="dialog-hint", markup=False)
        self._streamer = ""

    def compose(self) -> ComposeResult:
        """Title, the sessions or the matches, how far it is, keys."""
        with Vertical(classes="dialog -dry-run"):
            yield self._head
            yield self.sessions
            yield self.matches
            yield self._state
            yield self._hint

    def on_mount(self) -> None:
        """Read the sessions."""
        self._choose()
        self.run_worker(self._read(), name="sessions", group="read", exit_on_error=False)

    async def _read(self) -> None:
        try:
            self.sessions.show(await self._backend.history.sessions("", _MOST))
        except TuiLiveError as error:
            self.sessions.show((), str(error))

    def _choose(self) -> None:
        self._head.update(Content(drawn(f"Try {self._title} on a recorded session")))
        self.sessions.display, self.matches.display = True, False
        self._state.update("")
        self._hint.update(_CHOOSE)
        self.sessions.focus()
        self.sessions.redraw()

    @on(RowsView.Opened, "#dry-run-sessions")
    def _chosen(self, event: RowsView.Opened) -> None:
        event.stop()
        session = self.sessions.selected
        if session is None:
            return
        self._streamer = session.streamer
        self._head.update(Content(drawn(f"{self._title} in @{session.streamer}, {moment(session.start_ms)[:16]}")))
        self.sessions.display, self.matches.display = False, True
        self.matches.begin(TABS[0])
        self.matches.under_way = True
        self.matches.focus()
        self._hint.update(_RUNNING)
        self.run_worker(self._run(session.id), name="dry run", group="run", exclusive=True, exit_on_error=False)

    async def _run(self, key: str) -> None:
        looked = count = 0
        end = "stopped after"
        try:
            async with aclosing(cast("Any", self._backend.clips.dry_run(self._wanted, key))) as slices:
                async for looked, count, new in slices:
                    self.matches.add(new, complete=True)
                    self._state.update(Content(f"{_counted(count)} so far, {self._looked(looked)} looked at …"))
            end = "of"
        except TuiLiveError as error:
            end = f"{error}: stopped after"
        finally:
            self.matches.under_way = False
            if self.is_attached:
                self.matches.redraw()
                self._state.update(Content(drawn(f"{_counted(count)}, {end} {self._looked(looked)}")))
                self._hint.update(_DONE)

    def _looked(self, count: int) -> str:
        """What the rule was tried on: gifts, shares or messages."""
        wanted = self._wanted if isinstance(self._wanted, Mapping) else {}
        rate = wanted.get("rate")
        kind = "gift" if "gift_coins" in wanted else rate.get("of") if isinstance(rate, Mapping) else ""
        name = kind if kind in ("gift", "share") else "message"
        return f"{full(count)} {name}" + ("" if count == 1 else "s")

    @on(RowsView.Opened, "#dry-run-matches")
    def _opened(self, event: RowsView.Opened) -> None:
        event.stop()
        selected = self.matches.selected
        if selected is not None:
            facts = row_facts(selected.row, self._streamer)
            self.app.push_screen(EventDetails(facts, lambda: self._backend.stored_event(selected.id)))

    def action_back(self) -> None:
        """One thing back: what is under way, then the matches, then this."""
        if self.matches.under_way:
            self.workers.cancel_group(self, "run")
        elif self.matches.display:
            self._choose()
        else:
            self.dismiss(None)


def _counted(count: int) -> str:
    return "1 match" if count == 1 else f"{full(count)} matches"
