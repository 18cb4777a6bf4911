"""What an operator does to leaderboards and questions: what is asked before, the command, what is said after."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any

from tui_live.core.log import HANDLE, MSG_ID, NICKNAME, TEXT, TIME, TYPE, USER_ID, Row
from tui_live.core.questions import Question
from tui_live.core.standings import Line
from tui_live.errors import BoardError, TuiLiveError
from tui_live.ui.format import full
from tui_live.ui.scores_backend import ScoreBackend
from tui_live.ui.screens.dialogs import Confirm

if TYPE_CHECKING:
    from tui_live.ui.app import TuiLiveApp

Command = Callable[[], Awaitable[str]]


def question_of(row: Row) -> Question:
    """A line of the log as a comment for the overlay. Raises :class:`BoardError` for a line that is none."""
    if row[TYPE] not in ("chat", "question"):
        raise BoardError("Only comments can be shown on the overlay", "select a line of the chat")
    return Question(row[MSG_ID], row[USER_ID], row[HANDLE], row[NICKNAME], "", row[TEXT], row[TIME])


class BoardActions:
    """Commands for one app and one engine; each runs in a worker, so that a slow disk leaves the keys alive."""

    def __init__(self, app: TuiLiveApp, scores: ScoreBackend) -> None:
        self._app = app
        self._scores = scores

    def do(self, what: str, stream: str | None, line: Line | None) -> None:
        """Do ``what`` (see :class:`BoardView.Asked`) to a stream's board."""
        scores = self._scores
        if what == "details":
            self._details(stream, line)
        elif stream is None:
            self._say_which()
        elif what == "reset":
            self.carry_out(stream, lambda: scores.reset(stream, line.user_id if line else ""), self._to_first(line))
        elif what == "reset_all":
            self._confirm_reset_all(stream)
        elif what == "pause":
            self.carry_out(stream, lambda: scores.pause(stream))
        elif what == "winner":
            self._confirm_winner(stream)
        elif what == "undo":
            self.undo(stream, self._app.main.board.list.undone)

    def ask(self, stream: str, row: Row) -> None:
        """Choose a line of the log for the overlay."""
        try:
            question = question_of(row)
        except TuiLiveError as error:
            self._refuse(error)
        else:
            self.carry_out(stream, lambda: self._scores.ask(stream, question))

    def clear(self, stream: str | None) -> None:
        """Take the question off a stream's screen, off all where there is none."""
        self.carry_out(stream or "", lambda: self._scores.clear(stream))

    def _details(self, stream: str | None, line: Line | None) -> None:
        if line is None:
            self._app.tell("nobody is here yet")
            return
        selected = self._app.main.board.list.stream
        names = [view.name for view in self._app.backend.streams()] if self._app.backend else []
        names.sort(key=lambda name: name != selected)
        if stream is None:
            stream = next((name for name in names if self._scores.line(name, line.user_id) is not None), None)
        if stream is not None:
            self.open_person(stream, line.user_id, line.name)

    def open_person(self, stream: str, user_id: str, name: str) -> None:
        """Show everything about somebody's score."""
        from tui_live.ui.screens.person import PersonScreen

        self._app.push_screen(PersonScreen(self._scores, self, stream, user_id, name))

    def person_of(self, stream: str, row: Row) -> Callable[[], None] | None:
        """What shows whoever did a line of the log; nothing where the leaderboard does not know them."""
        user_id, name = row[USER_ID], row[NICKNAME]
        if not user_id or self._scores.line(stream, user_id) is None:
            return None
        return lambda: self.open_person(stream, user_id, name)

    def _say_which(self) -> None:
        stream = self._app.main.board.list.stream
        if stream is None:
            self._app.tell("select a stream first", severity="warning")
        else:
            self._app.tell(f"this is done in one stream: press l for {stream}", severity="warning")

    def _confirm_reset_all(self, stream: str) -> None:
        scoring = self._scores.standings(stream, 0, 1).scoring
        if not scoring:
            self.carry_out(stream, lambda: self._scores.reset_all(stream), self._to_first())
            return
        who = "Whoever scores begins" if scoring == 1 else f"All {full(scoring)} who score begin"
        question = Confirm(f"Reset everybody in {stream}?", f"{who} again at zero. u undoes it.", "Reset all")

        def answered(sure: bool | None) -> None:
            if sure:
                first = self._scores.standings(stream, 0, 1).lines
                self.carry_out(stream, lambda: self._scores.reset_all(stream), self._to_first(*first))

        self._app.push_screen(question, answered)

    def _confirm_winner(self, stream: str) -> None:
        standings = self._scores.standings(stream, 0, 1)
        first = standings.lines[0] if standings.lines else None
        if first is None or not first.score or standings.winner is not None:
            # It cannot be done, and the command says why.
            self.carry_out(stream, lambda: self._scores.pick_winner(stream))
            return
        detail = f"{full(first.score)} points. Scoring stops. u undoes it."
        question = Confirm(f"Is {first.name} the winner of {stream}?", detail, "Winner")

        def answered(sure: bool | None) -> None:
            if not sure:
                return
            now = self._scores.standings(stream, 0, 1).lines
            if now and now[0].user_id != first.user_id:
                self._app.tell(f"{now[0].name} came first meanwhile", title=stream, severity="warning")
                self._confirm_winner(stream)
            else:
                self.carry_out(stream, lambda: self._scores.pick_winner(stream))

        self._app.push_screen(question, answered)

    def _to_first(self, was_reset: Line | None = None) -> Callable[[], None]:
        return lambda: self._app.main.board.list.select_first(was_reset)

    # Carrying out

    def carry_out(self, stream: str, command: Command, then: Callable[[], None] | None = None) -> None:
        """Run a command in a worker; what it says, or why it cannot be done, is told under the stream's name."""
        self._start(self._carry_out(stream, command, then), stream)

    def undo(self, stream: str, then: Callable[[], None] | None = None) -> None:
        """Take back what was done last in a stream."""
        self._app.main.deeds.undone(stream)
        self._start(self._carry_out(stream, lambda: self._scores.undo(stream), then, undoes=True), stream)

    def _start(self, work: Coroutine[Any, Any, None], stream: str) -> None:
        self._app.run_worker(work, name=f"scores of {stream}", exit_on_error=False)

    async def _carry_out(
        self, stream: str, command: Command, then: Callable[[], None] | None, *, undoes: bool = False
    ) -> None:
        try:
            said = await command()
        except TuiLiveError as error:
            self._refuse(error)
            return
        if not undoes:
            self._app.main.deeds.note(stream)
        self._app.main.acted_on = stream
        board = self._app.main.board
        board.list.expect_changes()
        if then is not None:
            then()
        board.tick()
        self._app.main.tick()
        if said:
            self._app.tell(said, title=stream)

    def _refuse(self, error: TuiLiveError) -> None:
        self._app.tell(error.remedy or error.title, title=error.title if error.remedy else "", severity="warning")
