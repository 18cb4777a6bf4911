"""The clip ledger, one row each, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.message import Message

from tui_live.core.clips import Clip
from tui_live.core.text import drawn
from tui_live.ui.clip_row import ClipColumns, ClipRow, draw_row, header, rows_of
from tui_live.ui.widgets.rows_view import RowsView, moving_keys
from tui_live.ui.widgets.whole_facts import WholeFacts

_READING = (("reading …", "row--reason"),)
_NONE = (
    ("No clips yet.", "row--number"),
    ("", "row--reason"),
    ("A clip is what OBS's replay buffer holds: the last half minute, saved under a", "row--reason"),
    ("name that says who asked for it, why and when. c saves one now; a trigger (t)", "row--reason"),
    ("saves one when somebody says a word, gives enough, or the chat runs wild.", "row--reason"),
    ("", "row--reason"),
    ("b connects OBS and says what it lacks. Escape goes back.", "row--reason"),
)
_NO_MATCH = (
    ("No clip matches.", "row--number"),
    ("", "row--reason"),
    ("All words must occur: file, trigger, name, message, stream, saved, failed, …", "row--reason"),
    ("Escape takes the filter back.", "row--reason"),
)


class ClipList(RowsView, can_focus=True):
    """A list of clips; the selection stays on its clip, and on the newest while nobody has moved it."""

    STAYS_FIRST = True
    HELP = (
        "Every clip that was asked for, the newest first: those that were saved, and those that were not, with the "
        "reason.\n\n"
        "● saved   ◐ under way   ▲ kept under OBS's own name   ✕ failed   □ deleted\n\n"
        "Failures that come together for the same reason are one row. Below, or beside it, everything about the "
        "selected one: who asked, and what was said in the half minute before. / filters by file, trigger, name, "
        "message, stream and state."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,o", "ask('play')", "play", id="clips.play", tooltip="Play it with this machine's player"),
        Binding("r,f2", "ask('rename')", "rename", id="clips.rename", tooltip="Give the file another name"),
        Binding("d", "ask('delete')", "delete", id="clips.delete", tooltip="Delete the file; asks"),
        Binding("y", "ask('path')", "copy path", id="clips.path", tooltip="Copy where the file is"),
        Binding("Y", "ask('address')", "address", id="clips.address", tooltip="Copy the page that plays it"),
        Binding("f", "ask('reveal')", "folder", id="clips.reveal", tooltip="Show the folder that it is in"),
        *moving_keys("clips", "clip"),
    ]

    class Asked(Message):
        """Do something with a clip: ``play``, ``rename``, ``delete``, ``path``, ``address`` or ``reveal``."""

        def __init__(self, what: str, row: ClipRow) -> None:
            super().__init__()
            self.what, self.row = what, row

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: list[ClipRow] = []
        self._columns = ClipColumns.for_width(0)
        self._started = self._filtered = False
        self._said = ""

    @property
    def selected(self) -> ClipRow | None:
        """The row under the selection."""
        return None if self.cursor is None else self._rows[self.cursor]

    def show(self, clips: Sequence[Clip], *, filtered: bool, said: str = "") -> None:
        """Show these; ``filtered``: there may be others. ``said``: why they cannot be read."""
        self._rows, self._filtered, self._started, self._said = rows_of(clips), filtered, True, said
        self.redraw()

    def row_count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def row_key(self, index: int) -> int:
        """The number of its oldest clip: a burst that grows stays the same row."""
        return self._rows[index].clips[-1].number

    def resized(self, width: int) -> None:
        """Other columns fit."""
        self._columns = ClipColumns.for_width(width)

    def header(self, width: int) -> list[Segment]:
        """Names of the columns."""
        return [Segment(header(self._columns), self.pen("row--header"))]

    def draw_row(self, index: int, width: int, selected: bool) -> list[Segment]:
        """One clip, or a burst of failures."""
        return draw_row(self._rows[index], self._columns, self.pen, "▸" if selected else " ")

    def empty_text(self) -> Sequence[tuple[str, str]]:
        """Where clips come from."""
        if not self._started:
            return _READING
        if self._said:
            return ((drawn(self._said), "row--reason"),)
        return _NO_MATCH if self._filtered else _NONE

    def open_row(self) -> None:
        """Enter or a second press."""
        self.action_ask("play")

    def action_ask(self, what: str) -> None:
        """Do something with the selected clip."""
        if self.selected is not None:
            # It stays selected: what is done next must not hit a clip that has just come.
            self._first = False
            self.post_message(self.Asked(what, self.selected))


class ClipFacts(WholeFacts):
    """Everything about the selected clip."""

    HELP = (
        "Everything about the selected clip: its file, everybody who asked for it with what they said, and the chat of "
        "the half minute before. Arrows scroll, y copies all of it, Tab goes back to the list."
    )
