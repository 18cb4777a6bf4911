"""Facts of a session, line by line; scrolls, and copies all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType

from tui_live.core.text import drawn
from tui_live.ui.format import fit
from tui_live.ui.session_facts import Fact
from tui_live.ui.widgets.rows_view import RowsView, moving_keys

NAME = 14


class FactList(RowsView, can_focus=True):
    """Names at the left, values behind them; there is no selection."""

    HELP = (
        "What the session adds up to and how far it can be trusted: every interval without a connection with its "
        "reason, what TikTok sent twice, what could not be read, how many of the likes came with a name, and "
        "everything that was done to its leaderboard."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "copy", id="facts.copy", tooltip="Copy all facts"),
        *moving_keys("facts", "line"),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._facts: Sequence[Fact] = ()

    def show(self, facts: Sequence[Fact]) -> None:
        """Show these."""
        self._facts = facts
        self.redraw()

    def row_count(self) -> int:
        """How many lines there are."""
        return len(self._facts)

    def draw_row(self, index: int, width: int, selected: bool) -> list[Segment]:
        """One fact."""
        fact = self._facts[index]
        name = Segment(" " + fit(fact.name, NAME), self.pen("row--reason"))
        left = max(0, width - 1 - NAME)
        return [name, Segment(fit(drawn(fact.value[: left * 4], rightmost=True), left), self.pen(fact.pen))]

    def empty_text(self) -> Sequence[tuple[str, str]]:
        """They are on their way."""
        return (("reading …", "row--reason"),)

    def selected_pen(self) -> str:
        """Lines are read, not chosen: keys scroll."""
        return ""

    def open_row(self) -> None:
        """A fact is all there is to it."""

    def action_move(self, rows: int) -> None:
        """Scroll."""
        self.wheel(rows)

    def action_page(self, pages: int) -> None:
        """Scroll by screens, one line of overlap."""
        self.wheel(pages * max(1, self._room() - 1))

    def action_move_first(self) -> None:
        """The beginning."""
        self.drag_to(0.0)

    def action_move_last(self) -> None:
        """The end."""
        self.drag_to(1.0)

    def action_copy(self) -> None:
        """Copy all of them."""
        lines = (f"{fact.name:<{NAME}}{fact.value}".rstrip() for fact in self._facts)
        self.app.copy_to_clipboard("\n".join(lines))
        self.app.notify("copied", timeout=1.5, markup=False)
