"""The queue of questions does what a list of cards on a desk does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_live.core.questions import MOST_WAITING, Question, QuestionDesk
from tui_live.errors import BoardError


def question(number: int) -> Question:
    return Question(number, f"u{number}", f"h{number}", f"N{number}", "", f"text {number}")


class Cards:
    """One on screen or ``None``, the others in their order."""

    def __init__(self) -> None:
        self.shown: int | None = None
        self.waiting: list[int] = []

    def ask(self, number: int, _: int) -> None:
        if number == self.shown or number in self.waiting:
            raise BoardError("", "")
        self.waiting.append(number)
        if self.shown is None:
            self.shown = self.waiting.pop(0)

    def show(self, number: int, _: int) -> None:
        self._must_wait(number)
        self.waiting.remove(number)
        self.shown = number

    def move(self, number: int, step: int) -> None:
        self._must_wait(number)
        at = self.waiting.index(number)
        to = at + step
        if 0 <= to < len(self.waiting):
            self.waiting[at], self.waiting[to] = self.waiting[to], self.waiting[at]

    def take_back(self, number: int, _: int) -> None:
        self.shown = None if self.shown == number else self.shown
        self.waiting = [each for each in self.waiting if each != number]

    def clear(self, *_: int) -> None:
        self.shown = None

    def advance(self, *_: int) -> None:
        self.shown = self.waiting.pop(0) if self.waiting else None

    def _must_wait(self, number: int) -> None:
        if number not in self.waiting:
            raise BoardError("", "")


deeds = st.tuples(
    st.sampled_from(("ask", "ask", "ask", "show", "move", "take_back", "clear", "advance")),
    st.integers(1, 6),
    st.sampled_from((-1, 1)),
)


@given(st.lists(deeds, max_size=40))
def test_any_deeds_leave_the_cards_where_they_belong(done) -> None:
    desk, cards = QuestionDesk(), Cards()
    for now_ms, (deed, number, step) in enumerate(done, 1):
        try:
            getattr(cards, deed)(number, step)
        except BoardError:
            failed = True
        else:
            failed = False
        arguments = {
            "ask": (question(number), now_ms),
            "show": (number, now_ms),
            "move": (number, step),
            "take_back": (number,),
            "clear": (),
            "advance": (now_ms,),
        }[deed]
        if failed:
            with pytest.raises(BoardError):
                getattr(desk, deed)(*arguments)
        else:
            getattr(desk, deed)(*arguments)
        assert (desk.shown.msg_id if desk.shown else None) == cards.shown
        assert [each.msg_id for each in desk.waiting] == cards.waiting
        assert {each for each in range(1, 7) if desk.has(each)} == {cards.shown, *cards.waiting} - {None}
        assert (desk.shown_ms > 0) == (desk.shown is not None)


def test_asking_says_whether_it_is_on_screen_and_since_when() -> None:
    desk = QuestionDesk()
    assert desk.ask(question(1), 5)
    assert not desk.ask(question(2), 6)
    assert desk.shown_ms == 5
    assert desk.advance(9) == question(1)
    assert (desk.shown, desk.shown_ms) == (question(2), 9)
    assert desk.clear() == question(2)
    assert desk.advance(10) is None


def test_what_came_back_pushes_what_is_there_to_the_front() -> None:
    desk = QuestionDesk()
    for number in (1, 2, 3):
        desk.ask(question(number), 1)
    desk.show_again(question(9), 7)
    assert (desk.shown, desk.shown_ms) == (question(9), 7)
    assert [each.msg_id for each in desk.waiting] == [1, 2, 3]


def test_whoever_waits_is_not_overtaken_when_the_screen_is_empty() -> None:
    desk = QuestionDesk()
    for number in (1, 2, 3):
        desk.ask(question(number), 1)
    desk.clear()
    assert not desk.ask(question(4), 2)
    assert (desk.shown, desk.shown_ms) == (question(2), 2)
    assert [each.msg_id for each in desk.waiting] == [3, 4]


def test_no_more_wait_than_fit() -> None:
    desk = QuestionDesk()
    for number in range(MOST_WAITING + 1):
        desk.ask(question(number), 1)
    with pytest.raises(BoardError, match="wait already"):
        desk.ask(question(999), 1)
    assert len(desk.waiting) == MOST_WAITING
