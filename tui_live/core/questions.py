"""Comments chosen for the question overlay: one on screen, others waiting."""

from __future__ import annotations

from typing import NamedTuple

from msgspec import Struct, field

from tui_live.errors import BoardError

#: More than anybody shows in an evening.
MOST_WAITING = 200


class Question(Struct, frozen=True, gc=False):
    """A comment as the overlay shows it; TikTok's message id is its identity, ``time_ms`` (UTC) when it was written."""

    msg_id: int
    user_id: str
    username: str
    nickname: str
    avatar_url: str
    text: str
    time_ms: int = 0


class Place(NamedTuple):
    """Where a comment stood: ``queue`` counts from 0, and is ``None`` on screen. ``shown`` was on screen then."""

    queue: int | None
    shown: Question | None


class QuestionDesk(Struct):
    """What is on screen since ``shown_ms`` (UTC), and what waits, the next first."""

    shown: Question | None = None
    shown_ms: int = 0
    waiting: list[Question] = field(default_factory=list)

    def has(self, msg_id: int) -> bool:
        """Whether this comment is on screen or waits."""
        return self.find(msg_id) is not None

    def find(self, msg_id: int) -> Question | None:
        """The comment, on screen or waiting."""
        if self.shown is not None and self.shown.msg_id == msg_id:
            return self.shown
        return next((question for question in self.waiting if question.msg_id == msg_id), None)

    def ask(self, question: Question, now_ms: int) -> bool:
        """Let a comment wait, and show the first that waits when nothing is on screen; whether it is on screen.

        Raises :class:`BoardError` when it is there already, or when too many wait.
        """
        if self.has(question.msg_id):
            raise BoardError("This comment is chosen already", "the question queue shows it")
        if self.shown is not None and len(self.waiting) >= MOST_WAITING:
            raise BoardError(f"{MOST_WAITING} questions wait already", "take some out of the queue first")
        self.waiting.append(question)
        if self.shown is None:
            self._show(self.waiting.pop(0), now_ms)
        return self.shown is question

    def show(self, msg_id: int, now_ms: int) -> None:
        """Put a waiting comment on screen now, in place of what is there. Raises :class:`BoardError`."""
        question = self._waiting(msg_id)
        self.waiting.remove(question)
        self._show(question, now_ms)

    def show_again(self, question: Question, now_ms: int) -> None:
        """Put a comment on screen that was there before; what is there now waits first."""
        if self.shown is not None and self.shown.msg_id != question.msg_id:
            self.waiting.insert(0, self.shown)
        self._show(question, now_ms)

    def place(self, msg_id: int) -> Place | None:
        """Where a comment stands; ``None`` where it does not."""
        if self.shown is not None and self.shown.msg_id == msg_id:
            return Place(None, self.shown)
        found = (at for at, question in enumerate(self.waiting) if question.msg_id == msg_id)
        return next((Place(at, self.shown) for at in found), None)

    def put_back(self, question: Question, place: Place, now_ms: int) -> None:
        """Put a comment that was taken out, or put on screen, where it stood before."""
        if place.queue is None:
            self.take_back(question.msg_id)
            self.show_again(question, now_ms)
            return
        if self.shown is not None and self.shown.msg_id == question.msg_id:
            self.clear()
        replaced = place.shown
        self.take_back(question.msg_id)
        self.waiting.insert(place.queue, question)
        if replaced is not None and not self.has(replaced.msg_id):
            self.show_again(replaced, now_ms)

    def move(self, msg_id: int, step: int) -> None:
        """Move a waiting comment towards the front (-1) or the end (+1). Raises :class:`BoardError`."""
        question = self._waiting(msg_id)
        at = self.waiting.index(question)
        self.waiting.pop(at)
        self.waiting.insert(max(0, at + step), question)

    def take_back(self, msg_id: int) -> None:
        """Remove a comment wherever it stands."""
        if self.shown is not None and self.shown.msg_id == msg_id:
            self.clear()
        self.waiting = [question for question in self.waiting if question.msg_id != msg_id]

    def clear(self) -> Question | None:
        """Take the comment off the screen; those that wait go on waiting. Returns what was on screen."""
        shown, self.shown = self.shown, None
        self.shown_ms = 0
        return shown

    def advance(self, now_ms: int) -> Question | None:
        """The time of the comment on screen is over: the next one follows. Returns what was on screen."""
        shown = self.clear()
        if self.waiting:
            self._show(self.waiting.pop(0), now_ms)
        return shown

    def _show(self, question: Question, now_ms: int) -> None:
        self.shown, self.shown_ms = question, now_ms

    def _waiting(self, msg_id: int) -> Question:
        for question in self.waiting:
            if question.msg_id == msg_id:
                return question
        raise BoardError("This comment does not wait", "it was shown or taken back")
