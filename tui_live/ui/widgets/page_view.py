"""A page of lines that are figures, tables and plots: keys go from line to line, Enter leads on, y copies."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.message import Message

from tui_live.ui.analysis.page import Opens, Row
from tui_live.ui.widgets.rows_view import RowsView, moving_keys

#: Makes the lines for a width and a height.
Maker = Callable[[int, int], Sequence[Row]]


class Place(NamedTuple):
    """Where somebody was on a page: the selected line, by its key and its number, and the line at the top."""

    key: Hashable
    cursor: int
    top: int


class PageView(RowsView, can_focus=True):
    """Lines are made when they are first drawn, and again for another width or new figures."""

    HELP = (
        "Figures with their samples: a rate says over how many, a comparison against what. “Not known” is not zero.\n\n"
        "Enter on a figure leads to what it means, how it is computed and what it cannot tell (the last tab has all of "
        "them), on a person to why they have their score. ← and → or the digits choose a tab, a shows all sessions "
        "of the streamer together."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "look closer", id="page.open", tooltip="What the figure means; who the person is"),
        Binding("y", "copy", "copy", id="page.copy", tooltip="Copy the selected line"),
        *moving_keys("page", "line"),
    ]

    class Leads(Message):
        """Somebody wants to know more about a line."""

        def __init__(self, opens: Opens) -> None:
            super().__init__()
            self.opens = opens

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._maker: Maker | None = None
        self._rows: Sequence[Row] | None = None
        self._made_for = (0, 0)
        self._said: Sequence[tuple[str, str]] = ()

    # What others use

    def show(self, maker: Maker) -> None:
        """Show another page, or the same with new figures: the selection stays on its line."""
        self._maker, self._rows = maker, None
        self.redraw()

    def say(self, *lines: tuple[str, str]) -> None:
        """Say these (texts and pens) instead of a page."""
        self._maker, self._rows, self._said = None, (), lines
        self.redraw()

    def begin(self) -> None:
        """Back to the first line."""
        self._top = 0
        self.select(0)

    @property
    def place(self) -> Place:
        """Where one is, for :meth:`return_to`."""
        return Place(self._key, self._cursor, self._top)

    def return_to(self, place: Place) -> None:
        """Back to a place of this page, also where lines came or went meanwhile."""
        self._top = place.top
        if place.key is None or not self.select_key(place.key):
            self.select(place.cursor)

    def look_at(self, key: Hashable) -> None:
        """Put the selection on the line of that key, and the line at the top."""
        if self.select_key(key):
            self._look_from(self._cursor)

    # Lines

    def _lines(self) -> Sequence[Row]:
        size = (max(1, self.content_size.width - 1), self.content_size.height)
        if self._rows is None or (self._maker is not None and self._made_for != size):
            self._made_for = size
            self._rows = () if self._maker is None or size[1] == 0 else self._maker(*size)
        return self._rows

    def row_count(self) -> int:
        """How many lines there are."""
        return len(self._lines())

    def row_key(self, index: int) -> Hashable:
        """What a line is known by; others by their places."""
        key = self._lines()[index].key
        return index if key is None else key

    def draw_row(self, index: int, width: int, selected: bool) -> Iterable[Segment]:
        """One line."""
        return [Segment(piece.text, self.pen(piece.pen)) for piece in self._lines()[index].pieces]

    def ground_pen(self, index: int, selected: bool) -> str:
        """Lines that tell nothing by themselves are never lit."""
        return self.selected_pen() if selected and self._lines()[index].copied else ""

    def empty_text(self) -> Sequence[tuple[str, str]]:
        """What is said instead."""
        return self._said

    # Keys

    def move(self, rows: int) -> None:
        """To the next line that can be chosen; where there is none near, by a screen or to the end."""
        lines, at = self._lines(), self._cursor
        step = 1 if rows > 0 else -1
        for _ in range(max(1, self.content_size.height - 1)):
            if not 0 <= at + step < len(lines):
                break
            at += step
            if lines[at].copied and abs(at - self._cursor) >= abs(rows):
                break
        self.select(at)

    @property
    def opens(self) -> Opens | None:
        """What the selected line leads to."""
        lines = self._lines()
        return lines[self._cursor].opens if self._cursor < len(lines) else None

    def open_row(self) -> None:
        """Enter or a second press; where no line is selected yet, the first that can be is."""
        if self.opens is not None:
            self.post_message(self.Leads(self.opens))
        elif not self._selected:
            self.move(1)

    @property
    def _selected(self) -> bool:
        lines = self._lines()
        return self._cursor < len(lines) and bool(lines[self._cursor].copied)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A line that leads nowhere does not offer to look closer."""
        return not (action == "open" and self._selected and self.opens is None)

    def moved(self) -> None:
        """Another line may lead somewhere."""
        super().moved()
        self.refresh_bindings()

    def action_copy(self) -> None:
        """Copy the selected line."""
        lines = self._lines()
        copied = lines[self._cursor].copied if self._cursor < len(lines) else ""
        if copied:
            self.app.copy_to_clipboard(copied)
        said = "copied" if copied else "select a line first (arrow keys or mouse)"
        self.app.notify(said, timeout=1.5, markup=False)
