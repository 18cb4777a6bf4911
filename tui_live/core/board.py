"""A session's leaderboard and questions, and everything the operator did to them.

Each thing that is done is an :class:`Action`: recorded at its place among the events, so that scores can be computed
again from events and actions alone, and most of it can be undone.
"""

from __future__ import annotations

import contextlib
from enum import StrEnum

from msgspec import Struct

from tui_live.core.events import Batch
from tui_live.core.leaderboard import Leaderboard
from tui_live.core.movement import Movement
from tui_live.core.questions import Place, Question, QuestionDesk
from tui_live.core.scoring import Rules
from tui_live.core.tally import Tally
from tui_live.errors import BoardError


class Deed(StrEnum):
    """What can be done to a board."""

    RESET = "reset"
    RESET_ALL = "reset_all"
    PAUSE = "pause"
    RESUME = "resume"
    WINNER = "winner"
    ASK = "ask"
    UNUSE = "unuse"
    SHOW = "show"
    MOVE = "move"
    CLEAR = "clear"
    EXPIRE = "expire"
    UNDO = "undo"


#: What ``undo`` takes back, the latest first.
UNDOABLE = frozenset(
    {
        *(Deed.RESET, Deed.RESET_ALL, Deed.PAUSE, Deed.RESUME, Deed.WINNER),
        *(Deed.ASK, Deed.UNUSE, Deed.SHOW, Deed.CLEAR),
    }
)
_RESETS = frozenset({Deed.RESET, Deed.RESET_ALL})
_CLEARING = _RESETS | {Deed.CLEAR}
#: What takes a comment from a place that its undo gives back.
_TAKING = frozenset({Deed.SHOW, Deed.UNUSE})
#: What pauses scoring or lets it go on; an evening may have thousands of questions beside them.
_STANDING = frozenset({Deed.PAUSE, Deed.RESUME, Deed.WINNER, Deed.UNDO})


class Action(Struct, frozen=True, gc=False):
    """One thing that was done. ``number`` counts from 1 within the session, ``time_ms`` is UTC milliseconds.

    ``user_id`` is whom it is about, ``question`` which comment (with a reset, the one that it took off the screen);
    ``target`` is the number of the action that an undo
    takes back, or the step of a move.
    """

    number: int
    deed: Deed
    time_ms: int
    user_id: str = ""
    target: int = 0
    question: Question | None = None


class BoardState(Struct, frozen=True):
    """What a session keeps of its board besides everybody's scores."""

    scale: int = 1
    paused: bool = False
    winner: str = ""
    shown: Question | None = None
    shown_ms: int = 0
    waiting: tuple[Question, ...] = ()


class Board:
    """Ranking, questions and the history of what was done to both; the same live, in a replay and in a rescore."""

    def __init__(self, rules: Rules) -> None:
        self.ranking = Leaderboard(rules)
        self.desk = QuestionDesk()
        self.movement = Movement()
        self.actions: list[Action] = []
        self._moved: dict[int, dict[str, Tally]] = {}
        self._places: dict[int, Place] = {}

    def add(self, batch: Batch) -> None:
        """Take in one batch."""
        self.ranking.add(batch)

    # What the operator does. Each returns the action, to be recorded; each raises BoardError when it makes no sense.

    def reset(self, user_id: str, now_ms: int) -> Action:
        """Put a person's present totals aside as used; their question leaves the screen."""
        someone = self.ranking.find(user_id)
        if someone is None:
            raise BoardError("Nobody is selected", "choose somebody on the leaderboard first")
        if not someone.now:
            raise BoardError(f"{someone.person.shown_name} has nothing to reset", "everything is used already")
        shown = self.desk.shown
        theirs = shown if shown is not None and shown.user_id == user_id else None
        return self._do(Deed.RESET, now_ms, user_id=user_id, question=theirs)

    def reset_all(self, now_ms: int) -> Action:
        """The same for everybody."""
        if self.ranking.blank:
            raise BoardError("Nobody has anything to reset", "the leaderboard is empty")
        return self._do(Deed.RESET_ALL, now_ms, question=self.desk.shown)

    def pause(self, now_ms: int) -> Action:
        """Stop scoring, or let it go on; with it a winner is a winner no longer."""
        return self._do(Deed.RESUME if self.ranking.paused else Deed.PAUSE, now_ms)

    def pick_winner(self, now_ms: int) -> Action:
        """Take whoever is first, and stop scoring."""
        self.ranking.catch_up()
        first = self.ranking.stretch(0, 1)
        if self.ranking.winner:
            raise BoardError("There is a winner already", "undo (u) or let scoring go on (p) first")
        if not first or not first[0].now.points:
            raise BoardError("Nobody has points yet", "a winner needs some")
        return self._do(Deed.WINNER, now_ms, user_id=first[0].person.user_id)

    def ask(self, question: Question, now_ms: int) -> Action:
        """Choose a comment for the overlay: it is used, and shown at once or when its turn comes."""
        return self._do(Deed.ASK, now_ms, question=question)

    def unuse(self, question: Question, now_ms: int) -> Action:
        """A comment is not used after all; it leaves screen and queue."""
        return self._do(Deed.UNUSE, now_ms, question=question)

    def show(self, msg_id: int, now_ms: int) -> Action:
        """Put a waiting comment on screen now."""
        return self._do(Deed.SHOW, now_ms, question=self._waiting(msg_id))

    def move(self, msg_id: int, step: int, now_ms: int) -> Action:
        """Move a waiting comment towards the front (-1) or the end (1)."""
        return self._do(Deed.MOVE, now_ms, question=self._waiting(msg_id), target=step)

    def clear(self, now_ms: int) -> Action:
        """Take the comment off the screen."""
        if self.desk.shown is None:
            raise BoardError("No comment is on screen", "choose one in the log (q)")
        return self._do(Deed.CLEAR, now_ms, question=self.desk.shown)

    def expire(self, seconds: float | None, now_ms: int) -> Action | None:
        """The comment on screen has been there for ``seconds``: the next one follows."""
        shown = self.desk.shown
        if seconds is None or shown is None or now_ms - self.desk.shown_ms < seconds * 1000:
            return None
        return self._do(Deed.EXPIRE, now_ms, question=shown)

    def undo(self, now_ms: int) -> Action:
        """Take back the latest thing that can be taken back."""
        return self._do(Deed.UNDO, now_ms, target=self.next_undo().number)

    def next_undo(self) -> Action:
        """What :meth:`undo` takes back. Raises :class:`BoardError` when there is nothing."""
        undone = self._undone()
        for action in reversed(self.actions):
            if action.deed in UNDOABLE and action.number not in undone:
                return action
        raise BoardError("There is nothing to undo", "resets, pauses, winners and chosen comments can be undone")

    # Moves of scores

    def moved(self, number: int) -> dict[str, Tally] | None:
        """What the reset with this number moved, where this run knows it; of everybody, whom it has reached."""
        return self._moved.get(number)

    def remember_moved(self, number: int, moved: dict[str, Tally]) -> None:
        """Tell what a reset of an earlier run moved."""
        self._moved[number] = moved

    def everybody(self, action: Action) -> bool:
        """Whether it moved scores of everybody: a reset of all, or its undo."""
        if action.deed is not Deed.UNDO:
            return action.deed is Deed.RESET_ALL
        undone = self._numbered(action.target)
        return undone is not None and undone.deed is Deed.RESET_ALL

    # State

    def state(self) -> BoardState:
        """What is to be kept besides the scores and the actions."""
        ranking, desk = self.ranking, self.desk
        return BoardState(
            *(ranking.scale, ranking.paused, ranking.winner),
            *(desk.shown, desk.shown_ms, tuple(desk.waiting)),
        )

    def resume(self, state: BoardState, actions: list[Action]) -> None:
        """Go on from what was kept; people come by :meth:`Leaderboard.restore`."""
        self.ranking.refine(state.scale)
        self.ranking.paused, self.ranking.winner = state.paused, state.winner
        self.desk = QuestionDesk(state.shown, state.shown_ms, list(state.waiting))
        self.actions = actions
        self._places = {}

    def used(self) -> dict[int, bool]:
        """Comments by TikTok's message id that were chosen (true), or said to be unused after all (false)."""
        undone = self._undone()
        marks: dict[int, bool] = {}
        for action in self.actions:
            if action.question is not None and action.number not in undone:
                if action.deed is Deed.ASK:
                    marks[action.question.msg_id] = True
                elif action.deed is Deed.UNUSE:
                    marks[action.question.msg_id] = False
        return marks

    def _undone(self) -> set[int]:
        return {action.target for action in self.actions if action.deed is Deed.UNDO}

    def _waiting(self, msg_id: int) -> Question:
        found = next((question for question in self.desk.waiting if question.msg_id == msg_id), None)
        if found is None:
            raise BoardError("This comment does not wait", "it was shown or taken back")
        return found

    # Doing

    def _do(
        self, deed: Deed, now_ms: int, *, user_id: str = "", target: int = 0, question: Question | None = None
    ) -> Action:
        action = Action(self.actions[-1].number + 1 if self.actions else 1, deed, now_ms, user_id, target, question)
        self.apply(action)
        return action

    def apply(self, action: Action) -> None:
        """Do what an action says; it joins the history. Raises :class:`BoardError` when the questions forbid it."""
        if action.deed is Deed.UNDO and action.target not in self._places:
            self._places.update(self._places_of(action.target))
        self._lay_out(self.desk, self._places, action)
        self.count(action)

    def count(self, action: Action) -> None:
        """Do to the scores what an action says; it joins the history, and questions stay as they are.

        This is how scores are counted again. Questions need not be: what an erased person asked is not there any more,
        and what was done after it would make no sense.
        """
        ranking = self.ranking
        if action.deed is Deed.RESET_ALL:
            self._moved[action.number] = ranking.reset_all()
        elif action.deed is Deed.RESET:
            self._moved[action.number] = ranking.reset(action.user_id)
        elif action.deed is Deed.UNDO:
            give_back = ranking.give_back_all if self.everybody(action) else ranking.give_back
            give_back(self._moved.pop(action.target, {}))
        self.actions.append(action)
        if action.deed in _STANDING:
            self._stand()

    def _lay_out(self, desk: QuestionDesk, places: dict[int, Place], action: Action) -> None:
        """Do to the questions what an action says; ``places`` learns where a comment is taken from."""
        question = action.question
        if question is not None and action.deed in _TAKING:
            place = desk.place(question.msg_id)
            if place is not None:
                # Undoing "unuse" puts nothing else on screen.
                places[action.number] = place if action.deed is Deed.SHOW else place._replace(shown=None)
        match action.deed:
            case Deed.RESET | Deed.RESET_ALL:
                everybody = action.deed is Deed.RESET_ALL
                if desk.shown is not None and (everybody or desk.shown.user_id == action.user_id):
                    desk.clear()
            case Deed.ASK if question is not None:
                desk.ask(question, action.time_ms)
            case Deed.UNUSE if question is not None:
                desk.take_back(question.msg_id)
            case Deed.SHOW if question is not None:
                desk.show(question.msg_id, action.time_ms)
            case Deed.MOVE if question is not None:
                desk.move(question.msg_id, action.target)
            case Deed.CLEAR:
                desk.clear()
            case Deed.EXPIRE:
                desk.advance(action.time_ms)
            case Deed.UNDO:
                self._take_back(desk, places, action)

    def _take_back(self, desk: QuestionDesk, places: dict[int, Place], undo: Action) -> None:
        action = self._numbered(undo.target)
        if action is None or action.question is None:
            return
        if action.deed is Deed.ASK:
            desk.take_back(action.question.msg_id)
        elif action.deed in _CLEARING:
            desk.show_again(action.question, undo.time_ms)
        elif undo.target in places:
            desk.put_back(action.question, places[undo.target], undo.time_ms)

    def _places_of(self, number: int) -> dict[int, Place]:
        """Where comments were taken from in an earlier run: what was done to the questions since, done again.

        What an erased person asked is missing, and what makes no sense without it is left out.
        """
        action = self._numbered(number)
        if action is None or action.deed not in _TAKING:
            return {}
        desk, places = QuestionDesk(), dict[int, Place]()
        for each in self.actions:
            with contextlib.suppress(BoardError):
                self._lay_out(desk, places, each)
        return places

    def _numbered(self, number: int) -> Action | None:
        return next((action for action in reversed(self.actions) if action.number == number), None)

    def _stand(self) -> None:
        """Whether scoring is paused and who has won follows from what was done and not undone."""
        undone = self._undone()
        paused, winner = False, ""
        for action in self.actions:
            if action.number in undone:
                continue
            if action.deed is Deed.PAUSE:
                paused = True
            elif action.deed is Deed.RESUME:
                paused, winner = False, ""
            elif action.deed is Deed.WINNER:
                paused, winner = True, action.user_id
        self.ranking.paused, self.ranking.winner = paused, winner
