"""Whatever the operator does, and in whatever order: nothing is lost, and all of it can be taken back."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.core.scores import NOW_MS, batch, chat, events, gift, like, person
from tui_live.core.board import UNDOABLE, Action, Board, BoardState, Deed
from tui_live.core.events import Event
from tui_live.core.questions import Question, QuestionDesk
from tui_live.core.scoring import Rules
from tui_live.core.tally import TALLY_FIELDS, Participant, Tally
from tui_live.errors import BoardError

RULES = Rules.of(comment=1, follow=2, share=3, gift_factors=[(None, 5)])
users = st.integers(1, 5).map(lambda number: person(number).user_id)
comments = st.integers(1, 8)


def question(number: int) -> Question:
    """A comment of person ``number % 5 + 1``."""
    user = person(number % 5 + 1)
    return Question(number, user.user_id, user.handle, user.nickname, "", f"why {number}?", NOW_MS)


class Evening(RuleBasedStateMachine):
    """A board through an evening of events, deeds, restarts and undos."""

    def __init__(self) -> None:
        super().__init__()
        self.board = Board(RULES)
        self.now_ms = NOW_MS
        self.happened: list[Event | Action] = []
        self.earned: defaultdict[str, Tally] = defaultdict(Tally)
        self.moves: dict[int, dict[str, Tally]] = {}

    def _do(self, deed, *arguments) -> None:
        self.now_ms += 1000
        before = self._picture()
        try:
            action = deed(*arguments, self.now_ms)
        except BoardError as error:
            assert str(error)
            assert self._picture() == before
            return
        if action is not None:
            self.happened.append(action)
            assert self.board.actions[-1] is action
            if (moved := self.board.moved(action.number)) is not None:
                self.moves[action.number] = moved

    def _picture(self) -> tuple[object, ...]:
        people = [(key, one.now.plus(Tally()), one.used) for key, one in self.board.ranking.people.items()]
        return people, self.board.state(), list(self.board.actions)

    @rule(some=st.lists(events(5), max_size=5))
    def stream(self, some) -> None:
        people = self.board.ranking.people
        before = {key: one.now.plus(Tally()) for key, one in people.items()}
        for each in some:
            self.board.add(batch(each))
            self.happened.append(each)
        for key, one in people.items():
            self.earned[key] = self.earned[key].plus(one.now.plus(before.get(key, Tally()), -1))

    @rule(user=users)
    def reset(self, user) -> None:
        self._do(self.board.reset, user)

    @rule()
    def reset_all(self) -> None:
        self._do(self.board.reset_all)

    @rule()
    def pause(self) -> None:
        self._do(self.board.pause)

    @rule()
    def pick_winner(self) -> None:
        self._do(self.board.pick_winner)

    @rule(number=comments)
    def ask(self, number) -> None:
        self._do(self.board.ask, question(number))

    @rule(number=comments)
    def unuse(self, number) -> None:
        self._do(self.board.unuse, question(number))

    @rule(number=comments)
    def show(self, number) -> None:
        self._do(self.board.show, number)

    @rule(number=comments, step=st.sampled_from((-1, 1)))
    def move(self, number, step) -> None:
        self._do(self.board.move, number, step)

    @rule()
    def clear(self) -> None:
        self._do(self.board.clear)

    @rule(seconds=st.sampled_from((None, 2, 100)))
    def expire(self, seconds) -> None:
        self._do(self.board.expire, seconds)

    @rule()
    def undo(self) -> None:
        self._do(self.board.undo)

    @rule(number=comments, deed=st.sampled_from(("ask", "show", "unuse", "clear")), again=st.booleans())
    def change_ones_mind(self, number, deed, again) -> None:
        """What was done to the questions and undone at once, even after a restart, changes nothing."""
        before, done = self._desk(), len(self.board.actions)
        arguments = {"show": [number], "clear": []}.get(deed, [question(number)])
        waited_in_vain = deed == "ask" and self.board.desk.shown is None
        self._do(getattr(self.board, deed), *arguments)
        if len(self.board.actions) == done:
            return
        if again:
            self.restart()
        self._do(self.board.undo)
        if not waited_in_vain:
            assert self._desk() == before

    def _desk(self) -> tuple[object, ...]:
        return self.board.desk.shown, tuple(self.board.desk.waiting)

    @rule()
    def restart(self) -> None:
        before = self._picture()
        state = msgspec.json.decode(msgspec.json.encode(self.board.state()), type=BoardState)
        again = Board(RULES)
        again.resume(state, list(self.board.actions))
        for one in self.board.ranking.people.values():
            now, used = one.now.plus(Tally()), one.used.plus(Tally())
            again.ranking.restore(
                [Participant(one.person, one.number, one.first_ms, one.last_ms, now, used, one.followed)]
            )
        again.ranking.restored()
        for number, moved in self.moves.items():
            again.remember_moved(number, moved)
        self.board = again
        assert self._picture() == before

    @invariant()
    def nothing_is_lost(self) -> None:
        for key, one in self.board.ranking.people.items():
            assert one.now.plus(one.used) == self.earned[key]
            assert min(msgspec.structs.astuple(one.now) + msgspec.structs.astuple(one.used)) >= 0

    @invariant()
    def pause_and_winner_follow_from_what_was_done(self) -> None:
        stack: list[Action] = []
        for action in self.board.actions:
            if action.deed is Deed.UNDO:
                assert stack.pop().number == action.target
            elif action.deed in UNDOABLE:
                stack.append(action)
        last = next((one for one in reversed(stack) if one.deed in (Deed.PAUSE, Deed.RESUME, Deed.WINNER)), None)
        assert self.board.ranking.paused == (last is not None and last.deed is not Deed.RESUME)
        won = [one for one in stack if one.deed in (Deed.WINNER, Deed.RESUME)]
        winner = won[-1].user_id if won and won[-1].deed is Deed.WINNER else ""
        assert self.board.ranking.winner == winner

    @invariant()
    def no_question_is_there_twice(self) -> None:
        desk = self.board.desk
        ids = [one.msg_id for one in (desk.shown, *desk.waiting) if one is not None]
        assert len(ids) == len(set(ids))
        assert (desk.shown is None) == (desk.shown_ms == 0)

    def teardown(self) -> None:
        self._replayed()
        with pytest.raises(BoardError, match="nothing to undo"):
            while True:
                self.board.undo(self.now_ms)
                self.nothing_is_lost()
        ranking = self.board.ranking
        assert all(not one.used and one.now == self.earned[key] for key, one in ranking.people.items())
        assert (ranking.paused, ranking.winner) == (False, "")
        assert self.board.used() == {}
        assert (self.board.desk.shown, self.board.desk.waiting) == (None, [])

    def _replayed(self) -> None:
        """Events and actions in their order make the same board again."""
        again = Board(RULES)
        for thing in self.happened:
            if isinstance(thing, Action):
                again.apply(thing)
            else:
                again.add(batch(thing))
        assert again.state() == self.board.state()
        assert [(one.person, one.now, one.used, one.followed) for one in again.ranking.stretch(0, 99)] == [
            (one.person, one.now, one.used, one.followed) for one in self.board.ranking.stretch(0, 99)
        ]
        assert again.used() == self.board.used()


TestEvening = Evening.TestCase
TestEvening.settings = settings(max_examples=120, stateful_step_count=40, deadline=None)


def test_a_reset_takes_the_persons_question_off_and_its_undo_brings_it_back() -> None:
    board = Board(RULES)
    board.add(batch(chat(person(1)), chat(person(2))))
    board.ask(question(5), NOW_MS)
    board.reset(person(2).user_id, NOW_MS)
    assert board.desk.shown == question(5)
    board.reset(person(1).user_id, NOW_MS)
    assert board.desk.shown is None
    assert not board.ranking.people[person(1).user_id].now
    board.undo(NOW_MS + 7)
    assert (board.desk.shown, board.desk.shown_ms) == (question(5), NOW_MS + 7)
    board.reset_all(NOW_MS)
    assert board.desk.shown is None
    board.undo(NOW_MS)
    assert board.desk.shown == question(5)


def test_the_winner_is_the_first_and_scoring_stops_until_it_goes_on() -> None:
    board = Board(RULES)
    board.add(batch(chat(person(1)), gift(person(2), 9, 1)))
    assert board.pick_winner(NOW_MS).user_id == person(2).user_id
    with pytest.raises(BoardError, match="winner already"):
        board.pick_winner(NOW_MS)
    board.add(batch(gift(person(1), 9, 99)))
    assert board.ranking.place(person(1).user_id) == 2
    board.pause(NOW_MS)
    assert (board.ranking.paused, board.ranking.winner) == (False, "")
    board.add(batch(gift(person(1), 9, 99)))
    assert board.ranking.place(person(1).user_id) == 1
    board.undo(NOW_MS)
    assert (board.ranking.paused, board.ranking.winner) == (True, person(2).user_id)


def test_nobody_wins_and_nobody_is_reset_without_anything() -> None:
    board = Board(Rules.of())
    board.add(batch(chat(person(1))))
    with pytest.raises(BoardError, match="Nobody has points"):
        board.pick_winner(NOW_MS)
    with pytest.raises(BoardError, match="Nobody is selected"):
        board.reset("99", NOW_MS)
    board.reset(person(1).user_id, NOW_MS)
    with pytest.raises(BoardError, match="nothing to reset"):
        board.reset(person(1).user_id, NOW_MS)
    with pytest.raises(BoardError, match="Nobody has anything"):
        board.reset_all(NOW_MS)


def test_a_chosen_comment_is_used_until_it_is_said_not_to_be() -> None:
    board = Board(RULES)
    board.ask(question(1), NOW_MS)
    board.ask(question(2), NOW_MS)
    assert board.used() == {1: True, 2: True}
    board.unuse(question(2), NOW_MS)
    assert board.used() == {1: True, 2: False}
    assert not board.desk.has(2)
    board.undo(NOW_MS)
    board.undo(NOW_MS)
    assert board.used() == {1: True}


def test_what_show_now_replaced_comes_back_and_the_shown_one_returns_to_its_place() -> None:
    board = Board(RULES)
    for number in (1, 2, 3, 4):
        board.ask(question(number), NOW_MS)
    board.show(3, NOW_MS)
    assert board.desk.shown == question(3)
    board.undo(NOW_MS + 7)
    assert (board.desk.shown, board.desk.shown_ms) == (question(1), NOW_MS + 7)
    assert board.desk.waiting == [question(2), question(3), question(4)]


def test_a_comment_that_is_used_again_is_where_it_was() -> None:
    board = Board(RULES)
    for number in (1, 2, 3):
        board.ask(question(number), NOW_MS)
    board.unuse(question(2), NOW_MS)
    board.unuse(question(1), NOW_MS)
    assert (board.desk.shown, board.desk.waiting) == (None, [question(3)])
    board.undo(NOW_MS)
    board.undo(NOW_MS)
    assert (board.desk.shown, board.desk.waiting) == (question(1), [question(2), question(3)])


def test_a_comment_whose_time_was_over_stays_away_when_another_is_used_again() -> None:
    board = Board(RULES)
    for number in (1, 2, 3):
        board.ask(question(number), NOW_MS)
    board.unuse(question(3), NOW_MS)
    board.expire(1, NOW_MS + 5000)
    board.undo(NOW_MS)
    assert (board.desk.shown, board.desk.waiting) == (question(2), [question(3)])


def test_an_erased_persons_questions_leave_the_others_undoable() -> None:
    board = Board(RULES)
    for number in (1, 2, 3):
        board.ask(question(number), NOW_MS)
    board.show(3, NOW_MS)
    kept = [msgspec.structs.replace(one, question=None) if one.number == 1 else one for one in board.actions]
    again = Board(RULES)
    again.resume(board.state(), kept)
    again.undo(NOW_MS)
    there = [again.desk.shown, *again.desk.waiting]
    assert sorted(one.msg_id for one in there if one is not None) == [2, 3]


@given(st.lists(st.integers(0, 10**12), min_size=11, max_size=11), st.lists(events(), max_size=20), st.integers(2, 99))
def test_a_board_that_goes_on_under_other_rules_keeps_its_points(values, some, factor) -> None:
    board = Board(RULES)
    board.add(batch(*some, like(person(1), 3)))
    board.ranking.people[person(1).user_id].used = Tally(**dict(zip(TALLY_FIELDS, values, strict=True)))
    again = Board(Rules.of(likes_per_point=(factor, 17)))
    again.resume(board.state(), [])
    assert again.ranking.scale % board.ranking.scale == 0
    rules = again.ranking.rules
    assert Fraction(rules.follower_like, rules.scale) == Fraction(1, factor)
    assert again.state().scale == again.ranking.scale == rules.scale


def test_resuming_gives_the_desk_a_list_of_its_own() -> None:
    board = Board(RULES)
    for number in range(1, 4):
        board.ask(question(number), NOW_MS)
    state = board.state()
    again = Board(RULES)
    again.resume(state, [])
    again.desk.advance(NOW_MS)
    assert state.waiting == (question(2), question(3))
    assert isinstance(again.desk, QuestionDesk)
    assert again.desk.shown == question(2)
