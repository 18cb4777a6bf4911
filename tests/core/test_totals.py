"""What a session adds up to stays what a database and JSON hold, whatever was sent."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tui_live.core.events import Batch, Data, EnvelopeData, Event, GiftData, LikeData, RoomUpdateData, SocialData
from tui_live.core.totals import MOST, Totals

_numbers = st.integers(-(2**63), 2**63 - 1)


def batch(data: Data, room_id: str = "7", subtype: str = "") -> Batch:
    return Batch(room_id, 1, b"", (Event(data.event_type, subtype, None, "", 1, data, 1, 0),))


def gift(count: int, coins: int, guest_coins: int = 0) -> GiftData:
    return GiftData("Rose", "1", 1, 1, False, "0", 1, count, coins, "", "", guest_coins)


_data = st.one_of(
    st.builds(gift, _numbers, _numbers, _numbers),
    st.builds(LikeData, _numbers, _numbers),
    st.builds(RoomUpdateData, _numbers, _numbers),
    st.builds(EnvelopeData, _numbers, _numbers),
    st.builds(SocialData, st.just("shared"), _numbers, _numbers, st.just(""), _numbers),
)


@given(st.lists(st.tuples(_data, st.sampled_from("789")), max_size=12))
def test_every_sum_stays_between_nothing_and_the_most(sent: list[tuple[Data, str]]) -> None:
    totals = Totals()
    for data, room_id in sent:
        totals.add(batch(data, room_id))
    totals.add_gap(-5)
    sums = structs.asdict(totals)
    for numbers in (sums.pop("messages"), sums.pop("likes_by_room")):
        sums |= numbers
    assert all(0 <= number <= MOST for number in sums.values()), sums


def test_what_is_below_zero_takes_nothing_away() -> None:
    totals = Totals()
    for data in (gift(2, 10, 4), gift(-1, -5, -4), LikeData(15, 900), LikeData(-3, -9), RoomUpdateData(8, 9)):
        totals.add(batch(data))
    assert (totals.gifts, totals.coins, totals.guest_coins) == (2, 10, 4)
    assert (totals.likes, totals.room_likes, totals.peak_viewers) == (15, 900, 8)


def test_a_treasure_box_counts_when_it_is_shown_and_not_when_it_is_hidden_again() -> None:
    totals = Totals()
    totals.add(batch(EnvelopeData(500, 10)))
    totals.add(batch(EnvelopeData(500, 10), subtype="hidden"))
    totals.add(batch(EnvelopeData(20, 5), subtype="super_fan_box"))
    assert totals.envelope_coins == 520
    assert totals.messages == {"envelope": 3}


def test_totals_without_a_sum_that_is_kept_now_can_be_read() -> None:
    assert msgspec.json.decode(b'{"events":3,"messages":{"envelope":3}}', type=Totals).envelope_coins == 0


def test_a_copy_stays_as_it_is() -> None:
    totals = Totals()
    totals.add(batch(LikeData(1, 5)))
    copy = totals.copy()
    totals.add(batch(LikeData(1, 9)))
    assert (copy.likes_by_room, copy.messages) == ({"7": 5}, {"like": 1})
