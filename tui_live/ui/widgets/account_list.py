"""One subject of somebody's account as a list: the events behind the score, comments, gifts, names."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.binding import BindingType

from tui_live.core.account import Account, Comment
from tui_live.core.text import drawn
from tui_live.ui.account_rows import SUBJECTS, AccountRow
from tui_live.ui.format import fit
from tui_live.ui.widgets.rows_view import RowsView, moving_keys


class AccountList(RowsView, can_focus=True):
    """Rows of one subject at a time; the selection stays on its row when there are more."""

    HELP = "Left and right go from why to comments, gifts and names; arrows move."
    BINDINGS: ClassVar[list[BindingType]] = [*moving_keys("account", "line")]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._subject = SUBJECTS[0]
        self._account: Account | None = None
        self._rows: list[AccountRow] = []
        self._widths: tuple[int, ...] = ()

    def show(self, account: Account, number: int) -> None:
        """Show a subject, by its number, of an account."""
        other = SUBJECTS[number] is not self._subject
        self._subject, self._account = SUBJECTS[number], account
        self._rows = self._subject.rows(account)
        if other:
            self._cursor, self._top, self._key = 0, 0, None
        self.resized(self._width)
        self.restyled()
        self.redraw()

    @property
    def comment(self) -> Comment | None:
        """The comment under the selection."""
        return None if self.cursor is None else self._rows[self.cursor].comment

    def copied_text(self) -> str:
        """The selected row for the clipboard."""
        return "" if self.cursor is None else "  ".join(cell for cell in self._rows[self.cursor].cells if cell)

    # What the list asks for

    def row_count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def row_key(self, index: int) -> Hashable:
        """What the row is known by."""
        return self._rows[index].key

    def resized(self, width: int) -> None:
        """The column without a width takes what is left; in a narrow list others give."""
        columns = self._subject.columns
        widths = [column.width for column in columns]
        left = width - 1 - sum(widths) - len(columns)
        while left < 16 and max(widths) > 8:
            widths[widths.index(max(widths))] -= 1
            left += 1
        self._widths = tuple(cells or max(4, left) for cells in widths)

    def header(self, width: int) -> list[Segment]:
        """Names of the columns."""
        return [Segment(" " + self._line([column.title for column in self._subject.columns]), self.pen("row--header"))]

    def draw_row(self, index: int, width: int, selected: bool) -> list[Segment]:
        """One row."""
        row = self._rows[index]
        tone = self.pen("row--reason" if row.quiet else "row--number")
        return [
            Segment("▸" if selected else " ", self.pen("row--number")),
            Segment(self._line([drawn(cell) for cell in row.cells]), tone),
        ]

    def empty_text(self) -> Sequence[tuple[str, str]]:
        """That there is nothing, or that it is still being read."""
        return ((self._subject.empty if self._account is not None else "loading …", "row--reason"),)

    def _line(self, cells: Sequence[str]) -> str:
        fields = zip(cells, self._widths, self._subject.columns, strict=True)
        return " ".join(fit(cell, width, right=column.right) for cell, width, column in fields)
