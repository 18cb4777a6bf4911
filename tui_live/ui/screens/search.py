"""Full-text search over all sessions, while one types."""

from __future__ import annotations

import asyncio
from typing import ClassVar

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

#: Seconds after the last key press until the search begins.
_PATIENCE = 0.12
_MOST = 200
#: Seconds that a search may take: by then one has seen the newest, or needs another word.
_SECONDS = 1.0
_TIME_UP = "nothing found so far; give another word"
_HINT = 'Words that must all occur; "quotes" for a phrase. Enter opens, Escape closes.'


class Search(ModalScreen[None]):
    """An input and what was found. Another key press cancels the search before."""

    CSS_PATH = styles_dir() / "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "close", id="search.close", tooltip="Stop searching and close"),
        Binding("up", "move(-1)", "up", show=False, id="search.up", tooltip="The newer hit"),
        Binding("down", "move(1)", "down", show=False, id="search.down", tooltip="The older hit"),
        Binding("pageup", "move(-10)", "page up", show=False, id="search.page_up", tooltip="Ten hits up"),
        Binding("pagedown", "move(10)", "page down", show=False, id="search.page_down", tooltip="Ten hits down"),
    ]
    HELP = (
        "Everything that was ever said in a stream: comments, questions, captions, polls, the newest first. All words "
        'must occur, in any order, beginnings are enough; "quotes" make a phrase. Enter opens the marked one.'
    )

    def __init__(self, backend: Backend) -> None:
        super().__init__()
        self._backend = backend
        self.input = Input(placeholder="search all sessions", id="search-input", compact=True)
        self.hits = HitList(id="search-hits")
        self._state = Static(_HINT, classes="dialog-hint", markup=False)

    def compose(self) -> ComposeResult:
        """Title, input, hits, how it is going."""
        with Vertical(classes="dialog -search"):
            yield Static(Content("Search all sessions"), classes="dialog-title", markup=False)
            yield self.input
            yield self.hits
            yield self._state

    def say(self, text: str) -> None:
        """Tell how the search is going."""
        self._state.update(Content(drawn(text)))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.run_worker(self._search(event.value), name="search", group="search", exclusive=True, exit_on_error=False)

    async def _search(self, text: str) -> None:
        await asyncio.sleep(_PATIENCE)
        self.hits.begin(text)
        if not text.strip():
            self.say(_HINT)
            return
        self.say("searching …")
        count = 0
        try:
            async for found in self._backend.search(text, _MOST, _SECONDS):
                self.hits.add(found)
                count += len(found)
                self.say(f"searching … {full(count)} found")
        except TimeoutError:
            self.say(f"the newest {full(count)} found so far; give another word" if count else _TIME_UP)
            return
        except TuiLiveError as error:
            self.say(str(error))
            return
        end = "the newest" if count >= _MOST else "found, the newest first:"
        self.say(f"{end} {full(count)}" if count else "nothing found")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._open()

    @on(HitList.Opened)
    def _clicked(self, event: HitList.Opened) -> None:
        event.stop()
        self._open()

    def _open(self) -> None:
        hit = self.hits.selected
        if hit is not None:
            self.app.push_screen(EventDetails(hit_facts(hit), lambda: self._backend.stored_event(hit.event_id)))

    def action_move(self, rows: int) -> None:
        """Another hit."""
        self.hits.move(rows)

    def action_close(self) -> None:
        """Done; a search that runs is cancelled."""
        self.workers.cancel_group(self, "search")
        self.dismiss(None)
