"""Comments for the overlay: the one on screen of each stream, then those that wait in their order."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual.binding import Binding, BindingType

from tui_live.core.questions import Question
from tui_live.core.text import drawn
from tui_live.ui.format import fit, span
from tui_live.ui.themes import stream_colour
from tui_live.ui.widgets.rows_view import RowsView, moving_keys

_EMPTY = (
    ("No comment is chosen yet.", "row--number"),
    ("", "row--reason"),
    ("Go to the log or its Chat tab, select a comment with the", "row--reason"),
    ("arrow keys and press q: the first one is shown at once,", "row--reason"),
    ("the others wait here. Q takes it off the screen.", "row--reason"),
)


class Entry(NamedTuple):
    """A chosen comment: 0 is on screen, for ``been`` seconds of ``seconds``; others count from the next one on."""

    stream: str
    question: Question
    number: int
    been: float = 0.0
    seconds: float | None = None


class QuestionList(RowsView, can_focus=True):
    """A row for each comment."""

    HELP = "Arrows move, Enter shows the marked comment now."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "show", id="question.show", tooltip="Put the selected comment on screen now"),
        *moving_keys("question", "comment"),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._entries: list[Entry] = []
        self._stream = 0

    def show(self, entries: Sequence[Entry], streams: Sequence[str]) -> None:
        """Show these comments, with their stream where it is one of several; the selection stays on its comment."""
        self._entries = list(entries)
        self._stream = min(12, max((cell_len(drawn(name)) for name in streams), default=0))
        self.redraw()

    @property
    def selected(self) -> Entry | None:
        """The comment under the selection."""
        return None if self.cursor is None else self._entries[self.cursor]

    def row_count(self) -> int:
        """How many comments there are."""
        return len(self._entries)

    def row_key(self, index: int) -> Hashable:
        """The comment's id in its stream."""
        entry = self._entries[index]
        return entry.stream, entry.question.msg_id

    def empty_text(self) -> Sequence[tuple[str, str]]:
        """How a comment comes here."""
        return _EMPTY

    def draw_row(self, index: int, width: int, selected: bool) -> list[Segment]:
        """One comment."""
        entry = self._entries[index]
        who = 12 if width < 90 else 20
        shown = not entry.number
        state = _state(entry) if shown else f"{entry.number:>3}."
        segments = [
            Segment("▸" if selected else " ", self.pen("row--number")),
            Segment(fit(state, 12) + " ", self.pen("state--live" if shown else "row--reason")),
        ]
        if self._stream:
            pen = self.pen(f"stream--{stream_colour(entry.stream)}")
            segments.append(Segment(fit(drawn(entry.stream), self._stream) + " ", pen))
        segments.append(Segment(fit(drawn(entry.question.nickname[: who * 4]), who) + " ", self.pen("log--nick")))
        left = max(0, width - sum(segment.cell_length for segment in segments))
        text = drawn(entry.question.text[: left * 4], rightmost=True)
        segments.append(Segment(fit(text, left), self.pen("log--text")))
        return segments


def _state(entry: Entry) -> str:
    """How long it has been on screen, or how long it will be."""
    if entry.seconds is None:
        return f"● {span(entry.been)}"
    return f"● {span(max(0.0, entry.seconds - entry.been))} left"
