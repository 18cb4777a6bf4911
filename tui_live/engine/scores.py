"""What the operator asks of a leaderboard and does to it, and the questions that go on the overlay.

Everything is done at once in memory, and recorded at its place among the events. The same in a replay, where nothing is
recorded.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

from tui_live.core.account import Account
from tui_live.core.board import Action, Board, Deed
from tui_live.core.everybody import Everybody
from tui_live.core.questions import Question
from tui_live.core.standings import Line, Standings, person_line, standings
from tui_live.core.tally import Tally
from tui_live.errors import BoardError

#: Whom something that was done to everybody reaches in a few milliseconds, and how long everything else has then.
_SOME, _BREATH_S = 1000, 0.002
_UNDONE = {
    Deed.RESET: "the reset of {name}",
    Deed.RESET_ALL: "the reset of everybody",
    Deed.PAUSE: "the pause",
    Deed.RESUME: "going on",
    Deed.WINNER: "the winner {name}",
    Deed.ASK: "the question of {name}",
    Deed.UNUSE: "that a comment of {name} is unused",
    Deed.SHOW: "showing the question of {name}",
    Deed.CLEAR: "clearing the question of {name}",
}


class Scores:
    """Boards by the stream's name. Commands return what was done, as a line; they raise :class:`BoardError`.

    ``record`` is told each action, ``moves`` finds what a reset of an earlier run moved, ``account`` a person's events.
    A comment stays on screen for ``question_seconds``, or until it is cleared.
    """

    def __init__(
        self,
        boards: Callable[[], Mapping[str, Board]],
        record: Callable[[str, Board, Action], None],
        moves: Callable[[str, int], Awaitable[dict[str, Tally]]],
        account: Callable[[str, str], Awaitable[Account]],
        question_seconds: float | None,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self.question_seconds = question_seconds
        self._boards = boards
        self._record = record
        self._moves = moves
        self._account = account
        self._now = now_ms
        self._everybody = Everybody()

    # Queries

    def standings(self, stream: str | None, start: int = 0, count: int = 50) -> Standings:
        """The places from ``start`` (0 is the first) on, of a stream or (``None``) of all together.

        A stream without a session yet has an empty ranking.
        """
        boards = self._boards()
        if stream is None:
            return self._everybody.standings({name: board.ranking for name, board in boards.items()}, start, count)
        board = boards.get(stream)
        return Standings() if board is None else standings(board, start, count)

    def line(self, stream: str | None, user_id: str) -> Line | None:
        """One person's line in a stream, or over all of them as at the last look at their standings."""
        if stream is None:
            return self._everybody.line(user_id)
        board = self._boards().get(stream)
        return None if board is None else person_line(board, user_id)

    def used(self, stream: str) -> Mapping[int, bool]:
        """Comments that were chosen (true) or said to be unused after all (false), by TikTok's message id."""
        board = self._boards().get(stream)
        return {} if board is None else board.used()

    async def account(self, stream: str, user_id: str) -> Account:
        """Everything behind a person's score in the stream's session, from the database."""
        self._board(stream)
        return await self._account(stream, user_id)

    # Commands

    async def reset(self, stream: str, user_id: str) -> str:
        """Put a person's totals aside as used; their question leaves the screen."""
        board = self._board(stream)
        self._do(stream, board, board.reset(user_id, self._now()))
        return f"{_name(board, user_id)} begins again at zero; undo with u"

    async def reset_all(self, stream: str) -> str:
        """The same for everybody in a stream."""
        board = self._board(stream)
        self._do(stream, board, board.reset_all(self._now()))
        return "everybody begins again at zero; undo with u"

    async def pause(self, stream: str) -> str:
        """Stop scoring, or let it go on."""
        board = self._board(stream)
        self._do(stream, board, board.pause(self._now()))
        return "scoring is paused" if board.ranking.paused else "scoring goes on"

    async def pick_winner(self, stream: str) -> str:
        """Whoever is first has won; scoring stops."""
        board = self._board(stream)
        self._do(stream, board, board.pick_winner(self._now()))
        return f"{_name(board, board.ranking.winner)} has won; scoring is paused"

    async def undo(self, stream: str) -> str:
        """Take back the latest thing that was done to a stream's board."""
        board = self._board(stream)
        action = board.next_undo()
        if action.deed in (Deed.RESET, Deed.RESET_ALL) and board.moved(action.number) is None:
            moved = await self._moves(stream, action.number)
            if self._boards().get(stream) is not board:
                raise BoardError(
                    f"@{stream} has another session meanwhile", "press u again to undo what was done in it"
                )
            board.remember_moved(action.number, moved)
            if board.next_undo() is not action:
                raise BoardError("Something else was done meanwhile", "press u again")
        self._do(stream, board, board.undo(self._now()))
        who = action.question.nickname if action.question else _name(board, action.user_id)
        return f"undone: {_UNDONE[action.deed].format(name=who or 'somebody')}"

    async def ask(self, stream: str, comment: Question) -> str:
        """Choose a comment for the overlay; who wrote it is completed from the leaderboard."""
        board = self._board(stream)
        if not comment.msg_id:
            raise BoardError("This comment came without an id", "TikTok sends few of these; choose another")
        self._do(stream, board, board.ask(_completed(comment, board), self._now()))
        shown = board.desk.shown
        if shown is not None and shown.msg_id == comment.msg_id:
            return "on screen now"
        return f"number {len(board.desk.waiting)} in the queue"

    async def show(self, stream: str, msg_id: int) -> str:
        """Put a waiting comment on screen now."""
        board = self._board(stream)
        self._do(stream, board, board.show(msg_id, self._now()))
        return "on screen now"

    async def move(self, stream: str, msg_id: int, step: int) -> str:
        """Move a waiting comment towards the front (-1) or the end (1)."""
        board = self._board(stream)
        self._do(stream, board, board.move(msg_id, step, self._now()))
        return ""

    async def unuse(self, stream: str, comment: Question) -> str:
        """A comment is not used after all; it leaves screen and queue."""
        board = self._board(stream)
        self._do(stream, board, board.unuse(_completed(comment, board), self._now()))
        return "unused again"

    async def clear(self, stream: str | None) -> str:
        """Take the comment off a stream's screen; without a stream, off every one."""
        boards = self._boards()
        names = [stream] if stream is not None else [name for name, board in boards.items() if board.desk.shown]
        if not names:
            raise BoardError("No comment is on screen", "choose one in the log (q)")
        for name in names:
            board = self._board(name)
            self._do(name, board, board.clear(self._now()))
        return "the question is off the screen"

    def expire(self) -> None:
        """Take comments whose time is over off the screen."""
        for name, board in self._boards().items():
            action = board.expire(self.question_seconds, self._now())
            if action is not None:
                self._record(name, board, action)

    # Inside

    def _board(self, stream: str) -> Board:
        board = self._boards().get(stream)
        if board is None:
            raise BoardError(f"{stream or 'No stream'} has no leaderboard yet", "it begins when the stream is live")
        return board

    def _do(self, stream: str, board: Board, action: Action) -> None:
        self._record(stream, board, action)
        self._catch_up(board)

    def _catch_up(self, board: Board) -> None:
        """Let what was done to everybody reach them some at a time, so that nothing else waits for it."""
        if board.ranking.catch_up(_SOME):
            asyncio.get_running_loop().call_later(_BREATH_S, self._catch_up, board)


def _name(board: Board, user_id: str) -> str:
    someone = board.ranking.find(user_id)
    return someone.person.shown_name if someone else user_id


def _completed(comment: Question, board: Board) -> Question:
    someone = board.ranking.find(comment.user_id)
    if someone is None:
        return comment
    person = someone.person
    return Question(
        comment.msg_id,
        comment.user_id,
        comment.username or person.handle,
        comment.nickname or person.shown_name,
        comment.avatar_url or person.avatar_url,
        comment.text,
        comment.time_ms,
    )
