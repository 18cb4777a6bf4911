"""The clip ledger: what was saved, what was not and why, and everything about the selected one."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical

from tui_live.core.clips import Clip, ClipState
from tui_live.errors import TuiLiveError
from tui_live.paths import styles_dir
from tui_live.ui.clip_actions import ClipActions
from tui_live.ui.clip_facts import fact_lines
from tui_live.ui.clip_row import ClipRow
from tui_live.ui.format import full
from tui_live.ui.obs_words import said
from tui_live.ui.screens.detailed import DetailedScreen
from tui_live.ui.widgets.clip_list import ClipFacts, ClipList
from tui_live.ui.widgets.key_bar import KeyBar
from tui_live.ui.widgets.pane_title import PaneTitle
from tui_live.ui.widgets.rows_view import RowsView

if TYPE_CHECKING:
    from textual.worker import WorkType

#: Seconds between two looks at whether the ledger has changed.
TICK = 0.5
_MOST = 1000
#: On the key bar behind what leads out of the list.
_LATER = frozenset({"clips.path", "clips.address", "clips.reveal"})


class Clips(DetailedScreen):
    """List and details; read again whenever the ledger has changed."""

    CSS_PATH = styles_dir() / "clips.tcss"
    AUTO_FOCUS = "#clip-list"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (150, "-wide")]  # noqa: RUF012 -- Textual's own form
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "filter", id="clips.filter", tooltip="Show only some clips"),
        Binding("tab,shift+tab", "other", "details", id="clips.other", tooltip="From list to details, and back"),
        Binding("escape,q", "back", "back", id="clips.back", tooltip="Take the filter back, or go back"),
    ]
    list: ClipList
    about: ClipFacts
    FILTER_HINT = "file, trigger, name, message, stream, saved, failed"
    HELP = "What was asked of OBS's replay buffer. Enter plays a clip, Tab goes to what is known of it."

    def __init__(self, actions: ClipActions) -> None:
        super().__init__()
        self._actions = actions
        self._backend = actions.backend
        self.title_line = PaneTitle("Clips")
        self.list = ClipList(id="clip-list")
        self.about_title = PaneTitle("Clip")
        self.about = ClipFacts(id="clip-facts")
        self._seen = -1
        self._whole: Clip | None = None

    def compose(self) -> ComposeResult:
        """List, details of the selected one, keys."""
        with Container(id="clip-panes"):
            with Vertical(id="clip-ledger"):
                yield self.title_line
                yield self.list
            with Vertical(id="clip-about"):
                yield self.about_title
                yield self.about
        yield KeyBar(id="keys", later=_LATER)

    def on_mount(self) -> None:
        """Look whether there is anything new as long as they are shown."""
        self.set_interval(TICK, self.tick)

    def tick(self) -> None:
        """Read them again where something has changed."""
        if self.is_current and self._backend.version != self._seen:
            self.look()

    async def read(self, patience: float) -> None:
        """Read the list and show it."""
        await asyncio.sleep(patience)
        seen = self._backend.version
        try:
            found = await self._backend.clips(self.filter, _MOST)
        except TuiLiveError as error:
            self.list.show((), filtered=False, said=str(error))
            self._seen = seen
            return
        self._seen = seen
        self.list.show(found, filtered=bool(self.filter.strip()))
        count = f"the newest {full(_MOST)}" if len(found) == _MOST else full(len(found))
        failed = sum(clip.state is ClipState.FAILED for clip in found)
        lost = f"{full(failed)} of {count} {'clip' if len(found) == 1 else 'clips'} failed" if failed else ""
        detail = "   ".join(part for part in (self.filter.strip(), lost) if part)
        self.title_line.show(detail, f"{count}   {said(self._backend.obs)}")
        self._show_selected()

    # Details

    @on(RowsView.Moved, "#clip-list")
    def _moved(self, event: RowsView.Moved) -> None:
        event.stop()
        self._show_selected()

    def _show_selected(self) -> None:
        row = self.list.selected
        if row is None:
            self.about.show(())
            self.about_title.show("", "")
            return
        known = self._whole
        self._tell_of(row, known if known is not None and known.number == row.clip.number else None)
        work = cast("WorkType[None]", partial(self._read, row))
        self.run_worker(work, name="clip", group="clip", exclusive=True, exit_on_error=False)

    async def _read(self, row: ClipRow) -> None:
        try:
            self._whole = await self._backend.clip(row.clip.number)
        except TuiLiveError:
            return  # it is gone since: the next look tells
        selected = self.list.selected
        if selected is not None and selected.clip.number == row.clip.number:
            self._tell_of(selected, self._whole)

    def _tell_of(self, row: ClipRow, whole: Clip | None) -> None:
        self.about.show(fact_lines(row, whole, self._backend.clip_address(row.clip.number)))
        self.about_title.show(row.clip.name or row.causes[0].trigger, row.clip.state.value)

    # What a person does

    @on(ClipList.Asked)
    def _asked(self, event: ClipList.Asked) -> None:
        event.stop()
        self._actions.do_to_clip(event.what, event.row)
