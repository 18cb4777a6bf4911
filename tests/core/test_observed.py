"""Observed time is the same however gaps are told, and thousands of them are told at once."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.story import START
from tui_live.core.engagement import Engagement
from tui_live.core.engagement.observed import Observed
from tui_live.core.shares import Shares

_gap = st.tuples(st.integers(-5, 60), st.integers(-3, 20)).map(lambda gap: (gap[0], sum(gap)))


@settings(deadline=None, max_examples=100)
@given(st.lists(_gap, max_size=12), st.integers(0, 12))
def test_gaps_are_the_same_one_by_one_and_at_once(gaps: list[tuple[int, int]], at: int) -> None:
    one_by_one, at_once = Observed(0), Observed(0)
    for gap in gaps:
        one_by_one.add_gap(*gap)
    at_once.add_gaps(gaps[:at])
    at_once.add_gaps(gaps[at:])
    lost = {ms for start, end in gaps for ms in range(start, end)}
    for observed in (one_by_one, at_once):
        assert [observed.covers(ms) for ms in range(-5, 90)] == [ms >= 0 and ms not in lost for ms in range(-5, 90)]
        assert observed.between(0, 90) == 90 - len([ms for ms in lost if ms >= 0])
    assert one_by_one.gaps == at_once.gaps
    assert at_once.add_gaps(gaps) is None


def test_what_is_new_is_told_by_where_it_begins() -> None:
    observed = Observed(100)
    assert observed.add_gaps([(0, 90), (300, 400), (200, 250)]) == 200
    assert observed.add_gaps([(300, 350), (500, 600)]) == 500
    assert observed.add_gaps([(150, 250), (600, 601)]) == 150
    assert observed.gaps == [(150, 250), (300, 400), (500, 601)]


def test_as_many_gaps_as_a_bad_connection_makes_in_months_take_no_time() -> None:
    # One by one, each sorted in again, these were many minutes.
    gaps = [(START + number * 60_000, START + number * 60_000 + 5_000) for number in range(50_000)]
    began = time.process_time()
    for counted in (Shares(START), Engagement(START)):
        counted.add_gaps(reversed(gaps))
        counted.add_gaps(gaps)
    for counted in (Shares(START), Engagement(START)):
        for gap in gaps:
            counted.add_gap(*gap)
    assert time.process_time() - began < 5
