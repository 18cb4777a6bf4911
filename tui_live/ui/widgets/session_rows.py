"""Sessions as rows, wherever there are several to look at or to choose from."""

from __future__ import annotations

import time
from collections.abc import Sequence

from rich.segment import Segment

from tui_live.core.past import PastSession
from tui_live.ui.session_row import SessionColumns, draw_row, header
from tui_live.ui.widgets.rows_view import RowsView


class SessionRows(RowsView):
    """Rows of sessions; the selection stays on its session. Who inherits fills ``sessions`` and redraws."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.sessions: Sequence[PastSession] = ()
        self._columns = SessionColumns.for_width(0)

    @property
    def selected(self) -> PastSession | None:
        """The session under the selection."""
        return None if self.cursor is None else self.sessions[self.cursor]

    def row_count(self) -> int:
        """How many sessions there are."""
        return len(self.sessions)

    def row_key(self, index: int) -> str:
        """A session's key."""
        return self.sessions[index].id

    def resized(self, width: int) -> None:
        """Other columns fit."""
        self._columns = SessionColumns.for_width(width)

    def header(self, width: int) -> list[Segment]:
        """Names of the columns."""
        return [Segment(header(self._columns), self.pen("row--header"))]

    def draw_row(self, index: int, width: int, selected: bool) -> list[Segment]:
        """One session."""
        now_ms = int(time.time() * 1000)
        return draw_row(self.sessions[index], self._columns, self.pen, "▸" if selected else " ", now_ms)
