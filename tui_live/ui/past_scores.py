"""The leaderboard of a past session for the widgets that show live ones: only to be looked at."""

from __future__ import annotations

from typing import ClassVar, cast

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from tui_live.core.account import Account
from tui_live.core.standings import Line, Standings
from tui_live.ui.board_actions import BoardActions
from tui_live.ui.history_backend import HistoryBackend
from tui_live.ui.scores_backend import ScoreBackend
from tui_live.ui.screens.person import PersonScreen
from tui_live.ui.widgets.board_view import BoardView
from tui_live.ui.widgets.rows_view import moving_keys


class PastScores:
    """What can be asked of a leaderboard; where there is a stream's name elsewhere, here is a session's key."""

    def __init__(self, history: HistoryBackend) -> None:
        self._history = history

    def standings(self, stream: str | None, start: int = 0, count: int = 50) -> Standings:
        """The places from ``start`` on."""
        return self._history.standings(stream or "", start, count)

    def line(self, stream: str | None, user_id: str) -> Line | None:
        """One person's line."""
        return self._history.line(stream or "", user_id)

    async def account(self, stream: str, user_id: str) -> Account:
        """Everything behind a person's score."""
        return await self._history.account(stream, user_id)

    def as_backend(self) -> ScoreBackend:
        """For widgets that do more elsewhere; those below never ask for it."""
        return cast("ScoreBackend", self)


class PastBoard(BoardView, inherit_bindings=False):
    """A leaderboard that nobody changes."""

    HELP = (
        "Who had the most points.\n\n♛ ✦ ✧ the first three   ✓ follows the host   - no points\n\n"
        "Nothing can be changed here: resume the session for that (r)."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "details", "details", id="past_board.open", tooltip="Why the selected person has their score"),
        Binding("y", "copy", "copy", id="past_board.copy", tooltip="Copy the selected person"),
        *moving_keys("past_board", "person"),
    ]
    reading = True

    def empty_text(self) -> list[tuple[str, str]]:
        """It is on its way, or nobody came."""
        return [("reading …" if self.reading else "nobody did anything in this session", "row--reason")]

    def action_copy(self) -> None:
        """Copy the selected person."""
        if self.selected is not None:
            self.app.copy_to_clipboard(self.copied_text())
            self.app.notify("copied", timeout=1.5, markup=False)


class PastPerson(PersonScreen, inherit_bindings=False):
    """Why somebody had their score, in a session of the past."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", "close", id="past_person.close", tooltip="Close"),
        Binding("left", "subject(-1)", "before", show=False, id="past_person.before", tooltip="The subject before"),
        Binding("right", "subject(1)", "next", show=False, id="past_person.next", tooltip="The next subject"),
        Binding("y", "copy", "copy", id="past_person.copy", tooltip="Copy the selected line"),
    ]
    HELP = (
        "Why somebody had their score: every event behind it, their comments, their gifts by kind, and the names they "
        "had. Left and right choose among these."
    )

    def __init__(self, scores: PastScores, key: str, user_id: str, name: str) -> None:
        # Its commands are never reached: no key leads to them.
        super().__init__(scores.as_backend(), cast("BoardActions", None), key, user_id, name)
        self._state = Static(Content("←→ subject  y copy  Esc close"), classes="dialog-hint", markup=False)
