"""The leaderboard says what adding up everything by hand says."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.scores import NOW_MS, batch, chat, events, follow, gift, join, like, person, share
from tui_live.core.events import ChatData, Event, GiftData, LikeData, Person
from tui_live.core.leaderboard import Leaderboard
from tui_live.core.scoring import Rules
from tui_live.core.tally import MOST, Tally

DEFAULT = Rules.of(gift_factors=[(4, 5), (99, 10), (None, 30)])
#: Points for everything, in units that do not divide one another.
ODD = Rules.of(
    likes_per_point=(7, 13), comment=0.3, follow="2.5", share=Fraction(1, 11), gift_factors=[(4, 0.1), (None, 1)]
)
rule_sets = st.sampled_from([DEFAULT, ODD])


class Naive:
    """Fractions in a dictionary, in the order in which people came."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.now: dict[str, Fraction] = {}
        self.used: defaultdict[str, Fraction] = defaultdict(Fraction)
        self.followed: set[str] = set()
        self.names: dict[str, str] = {}
        self.paused = False

    def add(self, event: Event) -> None:
        user = event.user
        if user is None:
            return
        key = user.user_id
        self.names[key] = user.handle
        self.now.setdefault(key, Fraction(0))
        if not self.paused:
            self.now[key] += self._worth(event, key, user)
        if event.subtype == "follow":
            self.followed.add(key)

    def _worth(self, event: Event, key: str, user: Person) -> Fraction:
        rules, data = self.rules, event.data
        if isinstance(data, ChatData):
            units = rules.comment
        elif isinstance(data, LikeData):
            follows = user.follow_status > 0 or key in self.followed
            units = data.like_count * (rules.follower_like if follows else rules.other_like)
        elif isinstance(data, GiftData):
            units = data.count_delta * rules.gift(data.gift_value)
        elif event.subtype == "follow":
            units = 0 if key in self.followed else rules.follow
        else:
            units = rules.share if event.subtype == "share" else 0
        return Fraction(units, rules.scale)

    def reset(self, key: str) -> None:
        if key in self.now:
            self.used[key] += self.now[key]
            self.now[key] = Fraction(0)

    def order(self) -> list[str]:
        return sorted(self.now, key=lambda key: -self.now[key])  # sorted is stable: ties stay as they came


things = st.one_of(
    events(),
    events(),
    events(),
    events(),
    st.just("pause"),
    st.integers(1, 6).map(lambda number: ("reset", person(number).user_id)),
    st.just("look"),
)


@given(rule_sets, st.lists(things, max_size=60))
@settings(deadline=None)
def test_any_events_pauses_and_resets_rank_as_fractions_do(rules, happened) -> None:
    board, naive = Leaderboard(rules), Naive(rules)
    for thing in happened:
        if thing == "pause":
            board.paused = naive.paused = not naive.paused
        elif thing == "look":
            board.stretch(0, 3)
        elif isinstance(thing, tuple):
            board.reset(thing[1])
            naive.reset(thing[1])
        else:
            board.add(batch(thing))
            naive.add(thing)
    order = naive.order()
    lines = board.stretch(0, 100)
    assert [someone.person.user_id for someone in lines] == order
    assert [board.place(key) for key in order] == list(range(1, len(order) + 1))
    assert {key: Fraction(one.now.points, board.scale) for key, one in board.people.items()} == naive.now
    assert all(Fraction(one.used.points, board.scale) == naive.used[key] for key, one in board.people.items())
    assert board.scoring == sum(points > 0 for points in naive.now.values())
    assert {key: one.person.handle for key, one in board.people.items()} == naive.names
    assert {key for key, one in board.people.items() if one.followed} == naive.followed
    assert len(board) == len(naive.now)


@given(st.lists(st.lists(events(40), max_size=8), max_size=20))
@settings(deadline=None)
def test_looking_in_between_changes_nothing(batches) -> None:
    looked, unlooked = Leaderboard(DEFAULT), Leaderboard(DEFAULT)
    for some in batches:
        for board in (looked, unlooked):
            board.add(batch(*some))
        looked.stretch(0, 5)
    assert [(one.person, one.now) for one in looked.stretch(0, 99)] == [
        (one.person, one.now) for one in unlooked.stretch(0, 99)
    ]


def test_who_renames_is_one_row_and_two_of_the_same_nickname_are_two() -> None:
    board = Leaderboard(DEFAULT)
    before, after, namesake = person(1), person(1, 2), person(2)
    assert before.nickname == namesake.nickname
    board.add(batch(like(before, 15), like(namesake, 15), like(after, 15)))
    one, two = board.stretch(0, 9)
    assert (one.person, one.now.likes) == (after, 30)
    assert (two.person, two.now.likes) == (namesake, 15)
    assert len(board) == 2


def test_a_message_that_knows_no_handle_does_not_take_it_away() -> None:
    board = Leaderboard(DEFAULT)
    board.add(batch(chat(person(1)), chat(Person(person(1).user_id, ""))))
    assert board.stretch(0, 1)[0].person == person(1)


def test_only_the_first_follow_counts_and_likes_are_a_followers_from_then_on() -> None:
    board = Leaderboard(Rules.of(follow=7))
    ana = person(1)
    board.add(batch(like(ana, 15), follow(ana), like(ana, 10), follow(ana)))
    tally = board.people[ana.user_id].now
    assert (tally.follows, Fraction(tally.points, board.scale)) == (1, 1 + 7 + 1)
    assert board.people[ana.user_id].follower


def test_who_followed_in_a_pause_is_a_follower_afterwards_without_points_for_it() -> None:
    board = Leaderboard(Rules.of(follow=7))
    ana = person(1)
    board.paused = True
    board.add(batch(follow(ana), like(ana, 10), chat(ana), gift(ana, 5, 5)))
    board.paused = False
    assert not board.people[ana.user_id].now
    board.add(batch(like(ana, 10), follow(ana)))
    assert Fraction(board.people[ana.user_id].now.points, board.scale) == 1


def test_gifts_to_a_guest_are_not_the_hosts() -> None:
    board = Leaderboard(DEFAULT)
    board.add(batch(gift(person(1), 5, 3, guest=True)))
    assert not board.people[person(1).user_id].now


def test_hostile_numbers_neither_turn_negative_nor_burst_the_database() -> None:
    board = Leaderboard(ODD)
    ana = person(1)
    for _ in range(50):
        board.add(batch(gift(ana, 2**31 - 1, 2**31 - 1), like(ana, 2**31 - 1), share(ana)))
    assert max(board.people[ana.user_id].now.gift_points, board.people[ana.user_id].now.coins) == MOST
    board.refine(board.scale * 7)
    assert board.people[ana.user_id].now.gift_points == MOST
    bob = person(2)
    board.add(batch(gift(bob, -5, 3), like(bob, -9), gift(bob, 5, -1)))
    assert not board.people[bob.user_id].now


@given(st.lists(events(), max_size=30), st.lists(st.integers(1, 6), max_size=4), st.lists(events(), max_size=10))
@settings(deadline=None)
def test_giving_back_what_a_reset_moved_is_as_if_it_had_not_been(before, numbers, after) -> None:
    board, untouched = Leaderboard(ODD), Leaderboard(ODD)
    for each in (board, untouched):
        each.add(batch(*before))
    moved = [board.reset(person(number).user_id) for number in numbers]
    for each in (board, untouched):
        each.add(batch(*after))
    for tallies in moved:
        board.give_back(tallies)
    assert [(one.person, one.now, one.used) for one in board.stretch(0, 99)] == [
        (one.person, one.now, one.used) for one in untouched.stretch(0, 99)
    ]


decrees = st.one_of(
    events(), events(), st.sampled_from(("reset all", "give back", "catch up", "look")), st.integers(1, 6)
)


@given(st.lists(decrees, max_size=40), st.integers(0, 3))
@settings(deadline=None)
def test_what_is_done_to_everybody_is_as_if_it_had_been_done_to_each_at_once(happened, most) -> None:
    board, each = Leaderboard(ODD), Leaderboard(ODD)
    moved, moved_of_each = [], []
    for thing in happened:
        if thing == "reset all":
            moved.append(board.reset_all())
            moved_of_each.append({key: tally for who in list(each.people) for key, tally in each.reset(who).items()})
        elif thing == "give back":
            if moved:
                board.give_back_all(moved.pop())
                each.give_back(moved_of_each.pop())
        elif thing == "catch up":
            board.catch_up(most)
        elif thing == "look":
            assert board.blank == all(not one.now for one in each.people.values())
            board.catch_up(most)
            board.stretch(0, 2)
        elif isinstance(thing, int):
            assert board.reset(person(thing).user_id) == each.reset(person(thing).user_id)
        else:
            board.add(batch(thing))
            each.add(batch(thing))
    while board.catch_up(1):
        pass
    assert moved == moved_of_each
    assert [(one.person, one.now, one.used) for one in board.stretch(0, 99)] == [
        (one.person, one.now, one.used) for one in each.stretch(0, 99)
    ]
    assert [board.place(one.person.user_id) for one in board.stretch(0, 99)] == list(range(1, len(board) + 1))
    assert board.scoring == each.scoring


@given(st.lists(events(), max_size=30), st.integers(1, 60), st.lists(events(), max_size=10))
@settings(deadline=None)
def test_finer_units_change_no_score_and_no_order(before, scale, after) -> None:
    board, untouched = Leaderboard(ODD), Leaderboard(ODD)
    for each in (board, untouched):
        each.add(batch(*before))
        each.reset(person(2).user_id)
    board.refine(scale)
    for each in (board, untouched):
        each.add(batch(*after))

    def exact(each: Leaderboard) -> list[tuple[object, ...]]:
        return [
            (one.person, Fraction(one.now.points, each.scale), Fraction(one.used.points, each.scale), one.now.coins)
            for one in each.stretch(0, 99)
        ]

    assert exact(board) == exact(untouched)
    assert board.scale % scale == 0


@given(st.lists(events(), max_size=30), st.data())
@settings(deadline=None)
def test_whoever_watches_hears_of_everybody_whose_score_or_name_changes(happened, data) -> None:
    board = Leaderboard(ODD)
    watched = board.watch()
    for each in happened:
        before = {
            key: (one.person.handle, one.person.nickname, one.now.plus(Tally())) for key, one in board.people.items()
        }
        board.add(batch(each))
        changed = {
            key
            for key, one in board.people.items()
            if before.get(key) != (one.person.handle, one.person.nickname, one.now)
        }
        assert changed <= set(watched)
        assert all(board.people[key] is one for key, one in watched.items())
        if data.draw(st.booleans()):
            watched.clear()
    board.unwatch(watched)
    watched.clear()
    board.add(batch(chat(person(1))))
    assert not watched


def test_a_gap_that_an_erased_person_left_moves_nobody() -> None:
    board = Leaderboard(DEFAULT)
    board.add(batch(*(like(person(number), 15 * number) for number in range(1, 6))))
    again = Leaderboard(DEFAULT)
    kept = [one for one in board.people.values() if one.number not in (1, 4)]
    for someone in kept:
        again.restore([someone])
    again.restored()
    again.add(batch(like(person(9), 40)))
    assert [one.person.user_id for one in again.stretch(0, 9)] == [person(n).user_id for n in (4, 3, 9, 1)]
    assert len({one.number for one in again.people.values()}) == len(again) == 4


def test_times_are_the_first_and_the_last_and_joining_alone_makes_somebody_seen() -> None:
    board = Leaderboard(DEFAULT)
    ana = person(1)
    board.add(batch(join(ana, NOW_MS), chat(ana, NOW_MS + 9), join(ana, NOW_MS + 5)))
    someone = board.people[ana.user_id]
    assert (someone.first_ms, someone.last_ms) == (NOW_MS, NOW_MS + 9)
    assert board.scoring == 0
    assert board.place(ana.user_id) == 1
    assert board.place("nobody") == 0
