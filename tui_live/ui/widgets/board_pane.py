"""The leaderboard with its title, how many score, and the selected person where there is room."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical

from tui_live.ui.scores_backend import ScoreBackend
from tui_live.ui.widgets.board_head import BoardHead, PersonBrief
from tui_live.ui.widgets.board_view import BoardView
from tui_live.ui.widgets.pane_title import PaneTitle

#: Seconds between two looks at the ranking.
TICK = 0.25
#: Below a dialog only every how-manyth look repaints: there Textual draws the whole screen for each.
_BEHIND_DIALOG = 4


class BoardPane(Vertical):
    """Follows the stream that is selected in the streams pane, or shows all together."""

    def __init__(self) -> None:
        super().__init__(id="board", classes="pane")
        self.title = PaneTitle("Leaderboard")
        self.head = BoardHead()
        self.list = BoardView(id="board-view")
        self.brief = PersonBrief()
        self._behind = 0

    def compose(self) -> ComposeResult:
        """Title and head above list, the selected person below."""
        yield self.title
        yield self.head
        yield self.list
        yield self.brief

    def on_mount(self) -> None:
        """Start looking."""
        self.set_interval(TICK, self._look)

    def attach(self, scores: ScoreBackend) -> None:
        """Show these leaderboards."""
        self.list.attach(scores)

    def follow(self, stream: str | None) -> None:
        """Another stream is selected."""
        self.show(stream, everybody=self.list.everybody)

    def toggle_everybody(self) -> None:
        """All streams together, or the selected one again."""
        self.show(self.list.stream, everybody=not self.list.everybody)

    def show(self, stream: str | None, *, everybody: bool) -> None:
        """Show the board of a stream, or that of all."""
        self.list.show_stream(stream, everybody=everybody)
        self.retitle()

    def _look(self) -> None:
        if self.app.screen is not self.screen:
            self._behind = (self._behind + 1) % _BEHIND_DIALOG
            if self._behind:
                return
        self.tick()

    def tick(self) -> None:
        """Look at the ranking; nothing is repainted that says the same as before."""
        self.list.tick()
        self.retitle()

    def retitle(self) -> None:
        """Say whose leaderboard it is and how it stands."""
        board, standings = self.list, self.list.standings
        whose = "all streams" if board.everybody else board.stream or ""
        self.title.show(whose, "‖ paused" if standings.paused else "")
        self.head.show(standings)
        if self.brief.is_on_screen:
            self.brief.show(board.selected)
