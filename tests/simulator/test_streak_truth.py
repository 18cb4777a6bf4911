"""Streak growth is counted once, whatever happens to the messages of a streak."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from tui_live.simulator import messages
from tui_live.simulator.catalogue import GIFTS
from tui_live.simulator.people import Person
from tui_live.simulator.truth import Ledger, Truth

ROSE, LION = GIFTS[0], GIFTS[-1]
PEOPLE = [Person(7_000_000_000_000_000_000 + i, f"p{i}", f"P{i}", "http://x", random.Random(i)) for i in range(3)]


@given(
    st.lists(
        st.tuples(st.sampled_from(PEOPLE), st.integers(1, 3), st.integers(1, 50), st.booleans(), st.integers(1, 3)),
        max_size=60,
    )
)
def test_a_streak_is_worth_its_highest_count(steps: list[tuple[Person, int, int, bool, int]]) -> None:
    ledger = Ledger(Truth("a", room_ids=["1"]))
    highest: dict[tuple[int, int], int] = {}
    for number, (person, group, count, end, times) in enumerate(steps):
        stamp = messages.Stamp(number + 1, 1, 0)
        message = messages.gift(stamp, person, ROSE, "http://x", group_id=group, repeat_count=count, repeat_end=end)
        for _ in range(times):
            ledger.deliver(message)
        key = (person.user_id, group)
        highest[key] = max(highest.get(key, 0), count)
    assert ledger.truth.coins == sum(highest.values()) * ROSE.coins == sum(ledger.truth.coins_by_user.values())
    assert ledger.truth.gift_units == sum(highest.values())
    assert ledger.truth.messages == len(steps)
    assert ledger.truth.repeated == sum(step[4] - 1 for step in steps)


def test_a_gift_that_cannot_streak_counts_each_time_and_a_guests_gift_is_not_the_hosts() -> None:
    ledger = Ledger(Truth("a", room_ids=["1"]))
    for number in range(3):
        ledger.deliver(
            messages.gift(
                messages.Stamp(number + 1, 1, 0),
                PEOPLE[0],
                LION,
                "http://x",
                group_id=number + 1,
                to_user=PEOPLE[1] if number else None,
                to_guest=bool(number),
            )
        )
    assert (ledger.truth.coins, ledger.truth.guest_coins) == (LION.coins, 2 * LION.coins)
    assert (ledger.truth.gift_units, ledger.truth.guest_gift_units) == (1, 2)


def test_points_are_the_specifications_table_and_a_followers_likes_are_worth_more() -> None:
    ledger = Ledger(Truth("a", room_ids=["1"]))
    one, other, _ = PEOPLE
    stamps = (messages.Stamp(number, 1, 0) for number in range(1, 99))
    for person in (one, other):
        person.follow_status = 0
        ledger.deliver(messages.like(next(stamps), person, 15, 15))
    ledger.deliver(messages.follow(next(stamps), one, 1))
    for person in (one, other):
        ledger.deliver(messages.like(next(stamps), person, 7, 30))
    other.follow_status = 2
    ledger.deliver(messages.like(next(stamps), other, 10, 40))
    points = {str(one.user_id): 30 + 21, str(other.user_id): 30 + 14 + 30}
    assert ledger.truth.thirtieths_by_user == points
    for number, gift in enumerate(GIFTS):
        factor = {1: 5, 5: 6, 20: 8, 30: 8, 100: 15, 699: 20}.get(gift.coins, 30)
        ledger.deliver(messages.gift(next(stamps), one, gift, "http://x", group_id=number, repeat_count=2))
        points[str(one.user_id)] += 30 * 2 * gift.coins * factor
        guest = messages.gift(
            *(next(stamps), one, gift, "http://x"), group_id=90 + number, repeat_count=2, to_user=other, to_guest=True
        )
        ledger.deliver(guest)
        assert ledger.truth.thirtieths_by_user == points
