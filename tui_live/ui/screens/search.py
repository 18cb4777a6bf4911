"""Full-text search over all sessions, while one types."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui_live.core.text import drawn
from tui_live.errors import TuiLiveError
from tui_live.paths import styles_dir
from tui_live.ui.backend import Backend
from tui_live.ui.format import full
from tui_live.ui.screens.event import EventDetails, hit_facts
from tui_live.ui.widgets.hit_list import HitList

if TYPE_CHECKING:
    from textual.worker import WorkType

#: Seconds after the last key press until the search begins.
_PATIENCE = 0.12
#: So many hits are read at once; older ones when they are scrolled to.
_PAGE = 200
#: Seconds that a search may take while one types: by then one has seen the newest, or needs another word.
_SECONDS = 1.0
_HINT = 'Words that must all occur; "quotes" for a phrase.'
_KEYS = "↑↓ choose  ⏎ open  F4 session  F1 help  Esc close"


class Search(ModalScreen[None]):
    """An input and what was found. Another key press cancels the search before."""

    CSS_PATH = styles_dir() / "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "close", id="search.close", tooltip="Stop searching and close"),
        Binding("f4", "session", "session", id="search.session", tooltip="Open the session of the marked hit"),
        Binding("up", "move(-1)", "up", show=False, id="search.up", tooltip="The newer hit"),
        Binding("down", "move(1)", "down", show=False, id="search.down", tooltip="The older hit"),
        Binding("pageup", "move(-10)", "page up", show=False, id="search.page_up", tooltip="Ten hits up"),
        Binding("pagedown", "move(10)", "page down", show=False, id="search.page_down", tooltip="Ten hits down"),
    ]
    HELP = (
        "Everything that was ever said in a stream: comments, questions, captions, polls, the newest first; older ones "
        "are read when one comes to the end of the list. All words must occur, in any order, beginnings are enough; "
        '"quotes" make a phrase. Enter opens the marked one, or the first that is found, F4 the session it belongs to.'
    )

    def __init__(self, backend: Backend) -> None:
        super().__init__()
        self._backend = backend
        self.input = Input(placeholder="search all sessions", id="search-input", compact=True)
        self.hits = HitList(id="search-hits")
        self._state = Static(_HINT, classes="dialog-hint", markup=False)
        #: What the list shows, or will when the search that runs finds something.
        self._text = ""
        self._under_way: object | None = None
        #: What is to be done with the first hit, once there is one.
        self._then = ""

    def compose(self) -> ComposeResult:
        """Title, input, hits, how it is going, and the keys."""
        with Vertical(classes="dialog -search"):
            yield Static(Content("Search all sessions"), classes="dialog-title", markup=False)
            yield self.input
            yield self.hits
            yield self._state
            yield Static(Content(_KEYS), classes="dialog-keys", markup=False)

    def say(self, text: str) -> None:
        """Tell how the search is going."""
        self._state.update(Content(drawn(text)))

    # Searching

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._then = ""
        self._begin(event.value, _PATIENCE)

    def _begin(self, text: str, patience: float) -> None:
        self._work(partial(self._search, text, patience))

    def _work(self, work: WorkType[None], group: str = "search") -> None:
        # A function, not its coroutine: a search that is cancelled before it began would leave one behind.
        self.run_worker(work, name=group, group=group, exclusive=True, exit_on_error=False)

    async def _search(self, text: str, patience: float) -> None:
        await asyncio.sleep(patience)
        self._text = text
        self.hits.begin(text)
        if not text.strip():
            self.say(_HINT)
            return
        await self._read(text, None if self._then else _SECONDS)

    async def _read(self, text: str, seconds: float | None) -> None:
        """The next page: the newest hits, or those before the oldest that is there."""
        running = self._under_way = object()
        before = self.hits.oldest
        found = 0
        late = False
        self.say("searching …" if before is None else "searching older ones …")
        try:
            async for hits in self._backend.search(text, _PAGE, seconds, before):
                self.hits.add(hits)
                found += len(hits)
                self.say(f"searching … {full(self.hits.row_count())} found")
                self._do_then()
        except TimeoutError:
            late = True
            self._out_of_time()
        except TuiLiveError as error:
            self._then = ""
            self.hits.settle(complete=True)
            self.say(str(error))
        else:
            self._then = ""
            self.hits.settle(complete=found < _PAGE)
            self._told()
        finally:
            if self._under_way is running:
                self._under_way = None
        if late and self._then:
            # Somebody waits for the first hit, however long that takes.
            await self._read(text, None)

    def _told(self) -> None:
        count = self.hits.row_count()
        end = "found, the newest first:" if self.hits.complete else "older ones follow at the end; the newest"
        self.say(f"{end} {full(count)}" if count else "nothing found")

    def _out_of_time(self) -> None:
        count = self.hits.row_count()
        if count:
            self.say(f"the newest {full(count)} found so far; give another word, or ↓ at the end for older ones")
        else:
            self.say("nothing found so far; give another word, or Enter to search on")

    @on(HitList.MoreAsked)
    def _more_asked(self, event: HitList.MoreAsked) -> None:
        event.stop()
        self._read_on()

    def _read_on(self) -> None:
        if self._under_way is None and not self.hits.complete and self.input.value == self._text:
            self._work(partial(self._read, self._text, None))

    # Opening

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._do("open")

    @on(HitList.Opened)
    def _clicked(self, event: HitList.Opened) -> None:
        event.stop()
        self._open()

    def action_session(self) -> None:
        """Open the session that the marked hit belongs to."""
        self._do("session")

    def _do(self, what: str) -> None:
        """Do it with the marked hit, or with the first one of what stands in the field, as soon as that is found."""
        text = self.input.value
        if text != self._text:
            self._then = what if text.strip() else ""
            self._begin(text, 0.0)
        elif self.hits.selected is not None:
            self._then = what
            self._do_then()
        elif self._under_way is not None:
            self._then = what
        elif text.strip() and not self.hits.complete:
            self._then = what
            self._read_on()

    def _do_then(self) -> None:
        what, self._then = self._then, ""
        if not self.is_current or self.hits.selected is None:
            return
        if what == "open":
            self._open()
        elif what == "session":
            self._open_session(self.hits.selected.session_id)

    def _open(self) -> None:
        hit = self.hits.selected
        if hit is not None:
            fetch, session = (
                partial(self._backend.stored_event, hit.event_id),
                partial(self._open_session, hit.session_id),
            )
            self.app.push_screen(EventDetails(hit_facts(hit), fetch, session=session))

    def _open_session(self, key: str) -> None:
        self._work(partial(self._read_session, key), "session")

    async def _read_session(self, key: str) -> None:
        from tui_live.ui.screens.sessions_opened import OpenedSession

        try:
            session = await self._backend.history.session(key)
        except TuiLiveError as error:
            self.app.notify(drawn(str(error)), severity="error", markup=False)
            return
        await self.app.push_screen(OpenedSession(self._backend, session))

    def action_move(self, rows: int) -> None:
        """Another hit; beyond the last, older ones."""
        before = self.hits.cursor
        self.hits.move(rows)
        if rows > 0 and before is not None and before == self.hits.cursor:
            self._read_on()

    def action_close(self) -> None:
        """Done; a search that runs is cancelled."""
        self.workers.cancel_group(self, "search")
        self.dismiss(None)
